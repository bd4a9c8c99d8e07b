"""Millions of lines that nobody had to say: rows written into the database that geventchat made.

The server makes the tables, the rooms and one line in each. Those rows, with other numbers, times,
nicks and words, are the history; so nothing here knows more of a row than those.
"""

import random
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, make_url

from loadtest.attacks.client import IrcClient
from loadtest.storage.database_server import connected
from loadtest.storage.serving import serving

ROOMS = tuple(f"#past{number}" for number in range(50))
NICKS = tuple(f"speaker{number}" for number in range(200))
# A vocabulary in which the n-th word is said 1/n as often as the first, as in any language.
WORDS = tuple(f"word{number}" for number in range(20_000))
WEIGHTS = tuple(accumulate(1 / (number + 1) for number in range(len(WORDS))))
WORDS_EACH = 7
FIRST = "a line of long ago"
# Two days for a million.
APART_MS = 200
AT_ONCE = 50_000
MYSQL = "mysql", "mariadb"
SEED = 10

Row = tuple[object, ...]


def fill(url: str, directory: Path, lines: int) -> None:
    """Have so many lines in those rooms."""
    with serving(url, directory) as child, IrcClient(child.port, "founder") as founder:
        for room in ROOMS:
            founder.ask(f"JOIN {room}", f"PRIVMSG {room} :{FIRST}")
    files = {"local_infile": True} if make_url(url).get_backend_name() in MYSQL else {}
    with connected(url, **files) as connection:
        said = "SELECT * FROM events WHERE kind = 'said' ORDER BY number LIMIT 1"
        template = dict(connection.exec_driver_sql(said).mappings().one())
        last = connection.exec_driver_sql("SELECT max(number) FROM events").scalar_one()
        # The earlier events are older than all of these, as their numbers say.
        connection.exec_driver_sql(f"UPDATE events SET at = at - {APART_MS * lines + 60_000}")
        BULK[connection.dialect.name](connection, _rows(template, last, lines))


def _rows(template: dict[str, object], last: int, lines: int) -> Iterator[Row]:
    """Rows like that one behind the last, the newest of them now."""
    dice = random.Random(SEED)
    places = {name: place for place, name in enumerate(template)}
    number, at, room, nick, text = (places[n] for n in ("number", "at", "room", "nick", "text"))
    row = list(template.values())
    began = int(time.time() * 1000) - APART_MS * lines
    for start in range(0, lines, AT_ONCE):
        count = min(AT_ONCE, lines - start)
        words = dice.choices(WORDS, cum_weights=WEIGHTS, k=count * WORDS_EACH)
        rooms, nicks = dice.choices(ROOMS, k=count), dice.choices(NICKS, k=count)
        for n in range(count):
            row[number] = last + 1 + start + n
            row[at] = began + APART_MS * (start + n)
            row[room] = rooms[n]
            row[nick] = nicks[n]
            row[text] = " ".join(words[n * WORDS_EACH : (n + 1) * WORDS_EACH])
            yield tuple(row)


def _sqlite(connection: Connection, rows: Iterator[Row]) -> None:
    path = connection.engine.url.database or ""
    with closing(sqlite3.connect(path)) as database:
        database.executescript("PRAGMA synchronous = OFF; PRAGMA cache_size = -200000")
        first = next(rows)
        insert = f"INSERT INTO events VALUES ({', '.join('?' * len(first))})"
        with database:
            database.execute(insert, first)
            database.executemany(insert, rows)
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _postgresql(connection: Connection, rows: Iterator[Row]) -> None:
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor:
        with cursor.copy("COPY events FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute("ANALYZE events")


def _mysql(connection: Connection, rows: Iterator[Row]) -> None:
    driver: Any = connection.connection.driver_connection
    with tempfile.NamedTemporaryFile("w") as file, driver.cursor() as cursor:
        while part := list(islice(rows, AT_ONCE)):
            file.seek(0)
            file.truncate()
            file.writelines("\t".join(map(_field, row)) + "\n" for row in part)
            file.flush()
            cursor.execute(
                f"LOAD DATA LOCAL INFILE '{file.name}' INTO TABLE events CHARACTER SET utf8mb4"
            )


def _field(value: object) -> str:
    return "\\N" if value is None else str(value).replace("\\", "\\\\").replace("\t", "\\t")


BULK = {"sqlite": _sqlite, "postgresql": _postgresql, **dict.fromkeys(MYSQL, _mysql)}
