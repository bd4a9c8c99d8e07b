"""A long history without having said it: rows written into the database that the server made.

The server makes the tables and says one line; that row, copied with other numbers, is the history.
So nothing here knows the tables but their key `number`, the time `at` and the `text`.
"""

import shutil
import sqlite3
import time
from pathlib import Path

from loadtest.attacks.client import Person
from loadtest.attacks.server import Ground

ROOM = "#past"
# A line each 200 ms: a million are two days and a bit.
APART_MS = 200


def fill(ground: Ground, lines: int) -> None:
    """Give `#past` so many lines; the database of that source is made once and then copied."""
    if ground.database != "sqlite":
        raise ValueError("only a database can be prepared")
    made = ground.cache / f"{lines}.db" if ground.cache else None
    if made is None or not made.exists():
        _say_one(ground)
        _multiply(ground.file, lines)
        if made:
            shutil.copyfile(ground.file, made)
    else:
        shutil.copyfile(made, ground.file)
        ground.file.chmod(0o600)


def _say_one(ground: Ground) -> None:
    with ground.server() as server, Person(server.port, "alice") as alice:
        alice.ask(f"/join {ROOM}", "a line of long ago", "/part")


def _multiply(file: Path, lines: int) -> None:
    with sqlite3.connect(file) as database:
        database.execute("PRAGMA synchronous = OFF")
        names = [row[1] for row in database.execute("PRAGMA table_info(events)")]
        last = database.execute("SELECT max(number) FROM events").fetchone()[0]
        began = int(time.time() * 1000) - APART_MS * lines
        # The earlier events are older than all of these, as their numbers say.
        database.execute("UPDATE events SET at = at - ?", (APART_MS * lines + 60_000,))
        new = {"number": f"{last} + n", "at": f"{began} + {APART_MS} * n", "text": "'line ' || n"}
        columns = ", ".join(new.get(name, f'said."{name}"') for name in names)
        database.execute(
            "WITH RECURSIVE counted(n) AS"
            f" (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < {lines:d})"
            f" INSERT INTO events SELECT {columns} FROM counted,"
            " (SELECT * FROM events WHERE kind = 'said' LIMIT 1) AS said"
        )
    database.close()
    with sqlite3.connect(file) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
