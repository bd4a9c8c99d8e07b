"""Never block the loop: a heart that should beat every 10 ms, and what stops it.

Every row does one thing while the heart beats, and tells how often it beat meanwhile and
the longest it stood still. What the heart misses, every other client would miss, too.
"""

import argparse
import asyncio
import os
import sqlite3
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from functools import partial
from itertools import pairwise
from pathlib import Path

import gevent
from gevent.threadpool import ThreadPool

BEAT_SECONDS = 0.01
WAIT_SECONDS = 0.2
FILE_BYTES = 32 * 1024 * 1024


class Heart:
    """Keeps when it beat, and from when to when it was watched."""

    def __init__(self) -> None:
        self.beats: list[float] = []
        self.watched = self.left = 0.0

    def beat(self) -> None:
        self.beats.append(time.monotonic())

    def told(self) -> str:
        """How often it beat while it was watched, and its longest pause then."""
        meanwhile = sum(self.watched <= beat < self.left for beat in self.beats)
        pauses = [after - before for before, after in pairwise(self.beats) if after > self.watched]
        return f"{meanwhile:3d} beats, the longest pause {max(pauses) * 1000:6.1f} ms"


def write_file(folder: Path) -> None:
    """A file that has to be on the disk before anybody is told that it was saved."""
    with (folder / "file").open("wb") as file:
        file.write(bytes(FILE_BYTES))
        file.flush()
        os.fsync(file.fileno())


def write_database(folder: Path) -> None:
    """A row, while somebody else keeps the database locked for a fifth of a second."""
    path = folder / "rows.db"
    locked = threading.Event()

    def keep_locked() -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("CREATE TABLE IF NOT EXISTS rows (text)")
            other.execute("BEGIN IMMEDIATE")
            locked.set()
            time.sleep(WAIT_SECONDS)
            other.execute("COMMIT")

    threading.Thread(target=keep_locked).start()
    locked.wait()
    with closing(sqlite3.connect(path, timeout=60)) as database, database:
        database.execute("INSERT INTO rows VALUES ('hello')")


Blocking = Callable[[], None]


async def async_heart(work: Callable[[], Awaitable[object]]) -> Heart:
    heart = Heart()

    async def beating() -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            heart.beat()

    task = asyncio.create_task(beating())
    await asyncio.sleep(2.5 * BEAT_SECONDS)
    heart.watched = time.monotonic()
    await work()
    heart.left = time.monotonic()
    await asyncio.sleep(2.5 * BEAT_SECONDS)  # The beat that comes late shows the pause.
    task.cancel()
    return heart


def gevent_heart(work: Callable[[], object]) -> Heart:
    heart = Heart()

    def beating() -> None:
        while True:
            gevent.sleep(BEAT_SECONDS)
            heart.beat()

    task = gevent.spawn(beating)
    gevent.sleep(2.5 * BEAT_SECONDS)
    heart.watched = time.monotonic()
    work()
    heart.left = time.monotonic()
    gevent.sleep(2.5 * BEAT_SECONDS)
    task.kill()
    return heart


async def in_the_loop(work: Blocking) -> None:
    work()


async def in_a_thread(work: Blocking) -> None:
    # The loop's own pool; `asyncio.to_thread(work)` is the same in fewer words.
    await asyncio.get_running_loop().run_in_executor(None, work)


def told_by_asyncio(folder: Path) -> None:
    sleep = partial(time.sleep, WAIT_SECONDS)
    file, database = partial(write_file, folder), partial(write_database, folder)
    for name, work in (
        ("asyncio.sleep", partial(asyncio.sleep, WAIT_SECONDS)),
        ("time.sleep in a coroutine", partial(in_the_loop, sleep)),
        ("time.sleep in a thread", partial(in_a_thread, sleep)),
        ("a file in a coroutine", partial(in_the_loop, file)),
        ("a file in a thread", partial(in_a_thread, file)),
        ("a database in a coroutine", partial(in_the_loop, database)),
        ("a database in a thread", partial(in_a_thread, database)),
    ):
        print(f"asyncio  {name:28}{asyncio.run(async_heart(work)).told()}")


def told_by_gevent(folder: Path) -> None:
    # Files and SQLite block under gevent, patched or not: a pool of threads is for them.
    pool = ThreadPool(2)
    sleep = partial(time.sleep, WAIT_SECONDS)
    file, database = partial(write_file, folder), partial(write_database, folder)
    for name, work in (
        ("gevent.sleep", partial(gevent.sleep, WAIT_SECONDS)),
        ("time.sleep, not patched", sleep),
        ("a file in a greenlet", file),
        ("a file in a thread", partial(pool.apply, file)),
        ("a database in a greenlet", database),
        ("a database in a thread", partial(pool.apply, database)),
    ):
        print(f"gevent   {name:28}{gevent_heart(work).told()}")
    pool.kill()


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()
    with tempfile.TemporaryDirectory() as directory:
        told_by_asyncio(Path(directory))
        told_by_gevent(Path(directory))
