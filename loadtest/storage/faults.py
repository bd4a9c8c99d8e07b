"""What becomes of a talk while the database is gone, stands still, is full or may not be written.

Eight talk, one asks for the time. After a while something happens to the database, and later it
is put right, without a word to geventchat. Whoever talks must be told what is refused, whoever does
not must notice nothing, and then it must go on by itself, with nothing lost that was acknowledged.
"""

import random
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from loadtest.storage import kept
from loadtest.storage.database_server import connected
from loadtest.storage.errors import Stuck
from loadtest.storage.kinds import Place
from loadtest.storage.ledger import Ledger
from loadtest.storage.pinger import Pinger, pinging
from loadtest.storage.serving import serving
from loadtest.storage.talkers import Talker, talk

TALKERS = 8
ROOMS = ("#one", "#two")
AT_ONCE = 3
PAUSE_S = 0.02
QUIET_S = 2.0
RECOVERY_S = 60.0
# Who does not talk waits no longer than this for an answer.
STALL_S = 0.05
# More than this is not tried to fill a disk with.
BALLAST_BYTES = 1 << 30

Broken = Callable[[Place], AbstractContextManager[None]]


@dataclass(frozen=True)
class Fault:
    """Something that happens to a database: within `broken` it is so, behind it all is well."""

    name: str
    kinds: tuple[str, ...]
    broken: Broken
    seconds: float = 10.0
    small_disk: bool = False


@contextmanager
def _killed(where: Place) -> Iterator[None]:
    assert where.server
    where.server.kill()
    yield
    where.server.start()


@contextmanager
def _paused(where: Place) -> Iterator[None]:
    assert where.server
    where.server.pause()
    yield
    where.server.resume()


@contextmanager
def _locked_file(where: Place) -> Iterator[None]:
    other = sqlite3.connect(where.url.removeprefix("sqlite:///"), isolation_level=None, timeout=60)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.close()


@contextmanager
def _locked_table(where: Place) -> Iterator[None]:
    with connected(where.url) as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("BEGIN")
            connection.exec_driver_sql("LOCK TABLE events IN EXCLUSIVE MODE")
        else:
            connection.exec_driver_sql("LOCK TABLES events READ")
        yield


@contextmanager
def _full(where: Place) -> Iterator[None]:
    ballast = where.directory / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while file.tell() < BALLAST_BYTES:
                file.write(bytes(4096))
        except OSError:
            pass  # That is the idea.
    yield
    ballast.unlink()


@contextmanager
def _read_only(where: Place) -> Iterator[None]:
    assert where.server
    if where.server.name == "postgresql":
        reload = "SELECT pg_reload_conf()"
        where.server.run("", "ALTER SYSTEM SET default_transaction_read_only = on", reload)
        yield
        # Nobody may change it now, but who says otherwise for the one session.
        with connected(where.server.url("")) as connection:
            connection.exec_driver_sql("SET default_transaction_read_only = off")
            connection.exec_driver_sql("ALTER SYSTEM RESET default_transaction_read_only")
            connection.exec_driver_sql(reload)
    else:
        where.server.run("", "SET GLOBAL read_only = 1")
        yield
        where.server.run("", "SET GLOBAL read_only = 0")


SERVERS = ("postgresql", "mariadb")
FAULTS = {
    fault.name: fault
    for fault in (
        Fault("killed", SERVERS, _killed, 3.0),
        Fault("stands still", SERVERS, _paused),
        Fault("locked", ("sqlite",), _locked_file),
        Fault("table locked", SERVERS, _locked_table),
        Fault("disk full", ("sqlite", *SERVERS), _full, 5.0, small_disk=True),
        Fault("read-only", SERVERS, _read_only, 5.0),
    )
}


@dataclass
class Outcome:
    """What was seen. Times in seconds."""

    ledger: Ledger
    worst_stall: float
    longest_wait: float  # of whoever said something, for an answer
    recovered_after: float  # until everybody's lines were acknowledged again
    refused_meanwhile: int
    words: str  # with which the last was refused

    def cells(self) -> dict[str, object]:
        """What it says in a table."""
        return {
            "acknowledged": self.ledger.acknowledged,
            "refused meanwhile": self.refused_meanwhile,
            "longest wait s": f"{self.longest_wait:.1f}",
            "worst stall ms": f"{self.worst_stall * 1000:.0f}",
            "goes on after s": f"{self.recovered_after:.2f}",
            "findings": self.ledger.summary(),
            "in which words": self.words,
        }

    @property
    def failed(self) -> bool:
        return bool(self.ledger.findings) or self.worst_stall > STALL_S


def suffer(fault: Fault, where: Place, directory: Path) -> Outcome:
    """Have it happen once. Raises Stuck when the talk does not go on by itself."""
    with serving(where.url, directory) as child, pinging(child) as pinger:
        talkers = [
            Talker(child.port, f"talker{n}", ROOMS[n % len(ROOMS)], AT_ONCE, PAUSE_S)
            for n in range(TALKERS)
        ]
        try:
            return _Ordeal(fault, where, talkers, pinger).run()
        finally:
            for one in talkers:
                one.close()


@dataclass
class _Ordeal:
    fault: Fault
    where: Place
    talkers: Sequence[Talker]
    pinger: Pinger

    def run(self) -> Outcome:
        began = time.monotonic()
        self._talk_for(QUIET_S)
        refused = self._refused()
        with self.fault.broken(self.where):
            self._talk_for(self.fault.seconds)
        right = time.monotonic()
        refused = self._refused() - refused
        answered = [len(one.transcript.acknowledged) for one in self.talkers]
        self._talk_until(lambda: self._all_answered(answered), RECOVERY_S)
        recovered = time.monotonic() - right
        self._talk_for(QUIET_S)
        for one in self.talkers:
            one.pause_s = RECOVERY_S * 10
        self._talk_until(lambda: all(one.ready for one in self.talkers), RECOVERY_S)
        ledger = Ledger()
        ledger.find("hung up", (one.transcript.nick for one in self.talkers if one.gone))
        stalls = [took for at, took in self.pinger.trips() if at > began]
        ledger.check([one.transcript for one in self.talkers], kept.lines(self.where.url))
        words = [one.last_words for one in self.talkers if one.last_words]
        return Outcome(
            ledger,
            max(stalls, default=float("inf")),
            max(one.longest_wait for one in self.talkers),
            recovered,
            refused,
            words[-1].split(" ", 3)[-1].removeprefix(":") if words else "",
        )

    def _refused(self) -> int:
        return sum(len(one.transcript.refused) for one in self.talkers)

    def _all_answered(self, before: list[int]) -> bool:
        now = [len(one.transcript.acknowledged) for one in self.talkers]
        return all(a > b for a, b in zip(now, before, strict=True))

    def _talk_for(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        self._talk_until(lambda: time.monotonic() > end, seconds + RECOVERY_S)

    def _talk_until(self, over: Callable[[], bool], patience: float) -> None:
        talk(self.talkers, over, random.Random(1), patience=patience)
        if all(one.gone for one in self.talkers):
            raise Stuck("the server has ended")
