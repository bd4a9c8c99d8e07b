"""MySQL or MariaDB: connect, cursor, select, close; several servers at the same time.

    python -m loadtest.models.databases.mysql_select 127.0.0.1:3306 127.0.0.1:3307 --user ann

PyMySQL is plain Python and blocks. Here each server is asked in a thread, and the loop goes
on; under gevent the same `ask` is called in greenlets, and patching makes its sockets switch.
"""

import argparse
import asyncio
import os
import sys
from contextlib import closing

import pymysql

TIMEOUT_SECONDS = 5
Row = tuple[object, ...]


def ask(server: str, user: str, sql: str, values: tuple[str, ...]) -> list[Row]:
    """One question to one server. Values go beside the SQL and never into its text."""
    host, _, port = server.partition(":")
    connection = pymysql.connect(
        host=host,
        port=int(port or 3306),
        user=user,
        password=os.environ.get("MYSQL_PWD", ""),  # not an argument: everybody sees those
        charset="utf8mb4",
        connect_timeout=TIMEOUT_SECONDS,
        read_timeout=TIMEOUT_SECONDS,
    )
    with closing(connection), connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


async def ask_all(
    servers: list[str], user: str, sql: str, values: tuple[str, ...]
) -> list[list[Row]]:
    return await asyncio.gather(
        *(asyncio.to_thread(ask, server, user, sql, values) for server in servers)
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("servers", nargs="*", default=["127.0.0.1:3306"], metavar="HOST:PORT")
    parser.add_argument("--user", default="root", help="the password is taken from MYSQL_PWD")
    parser.add_argument("--sql", default="SELECT %s, VERSION()", help="%%s is each value's place")
    parser.add_argument("--value", action="append", default=[])
    given = parser.parse_args()
    values = tuple(given.value) or ("hello",) * given.sql.count("%s")
    try:
        answers = asyncio.run(ask_all(given.servers, given.user, given.sql, values))
    except (pymysql.Error, ValueError) as why:
        sys.exit(f"{' '.join(given.servers)}: {why}")
    for server, rows in zip(given.servers, answers, strict=True):
        print(f"{server}: {rows}")
