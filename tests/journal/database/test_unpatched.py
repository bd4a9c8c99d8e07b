"""In a patched process: a slow statement holds up nobody, and starts no loop in its thread."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.running import ROOT

SLOW = """
from gevent import monkey
monkey.patch_all()
import sys, gevent
from gevent._hub_local import get_hub_if_exists
from geventchat.journal.database.choice import open_database
from geventchat.journal.thread import StoreThread
from tests.journal.entries import said

thread, ticks = StoreThread(True), 0
store = thread.call(open_database, sys.argv[1])

def sleep():
    with store._engine.connect() as connection:
        connection.exec_driver_sql(sys.argv[2])

def tick():
    global ticks
    while True:
        ticks += 1
        gevent.sleep(0.001)

ticking = gevent.spawn(tick)
thread.call(sleep)
ticking.kill()
thread.call(store.append, [said(1)])
found = thread.call(store.reader.lines, "#a", 9, 9)
print(ticks, thread.call(get_hub_if_exists), len(found))
thread.call(store.close)
"""
SLEEP = {"postgresql": "SELECT pg_sleep(1)", "mariadb": "SELECT SLEEP(1)"}


@pytest.mark.parametrize(("database", "sleep"), SLEEP.items(), indirect=["database"], ids=[*SLEEP])
def test_the_hub_goes_on_while_a_statement_takes_its_time(database: str, sleep: str) -> None:
    command = [sys.executable, "-c", SLOW, database, sleep]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.stderr == ""
    ticks, hub, found = done.stdout.split()
    # Of the thousand that fit in: a hub that is held has one.
    assert int(ticks) > 20
    assert (hub, found) == ("None", "1")
