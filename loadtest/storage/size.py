"""What a long history costs: to start with, to read a page of, to search, and in memory.

Each question is asked by one client while nobody else does anything, and takes as long as it takes
that client from its first byte to the answer's last.
"""

import random
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from loadtest.attacks.client import IrcClient, Person
from loadtest.compare.child import Child
from loadtest.storage import kept
from loadtest.storage.fill import FIRST, ROOMS, WORDS
from loadtest.storage.serving import serving

QUESTIONS = 100
STARTS = 3
PAGE = 50
# What people say who do not know a command.
UNKNOWN = re.compile(r"[Uu]nknown command|no such command|There is no")
# What ends a search that was cut short, and how long an index may take to be made.
UNFINISHED = "so far"
INDEXED_S = 3600
# How often the two words of a search are said, as places in the vocabulary: often and rarely.
COMMON, RARE = range(5, 200), range(200, 5000)


@dataclass
class Cost:
    """Times in seconds, memory in bytes; `search` is empty where there is none."""

    lines: int = 0
    start: list[float] = field(default_factory=list)
    page: list[float] = field(default_factory=list)
    terminal_page: list[float] = field(default_factory=list)
    indexed: float | None = None
    search: list[float] = field(default_factory=list)
    memory: int = 0

    def cells(self) -> dict[str, object]:
        """What it says in a table: of each question the middle and the slowest."""
        return {
            "lines": self.lines,
            "start s": f"{sorted(self.start)[len(self.start) // 2]:.2f}",
            f"CHATHISTORY of {PAGE} ms": _middle_and_worst(self.page),
            f"/history {PAGE} ms": _middle_and_worst(self.terminal_page),
            "index made in s": "" if self.indexed is None else round(self.indexed),
            "/search of two words ms": _middle_and_worst(self.search),
            "memory MiB": round(self.memory / 2**20),
        }


def _middle_and_worst(seconds: Sequence[float]) -> str:
    if not seconds:
        return "none"
    ordered = [one * 1000 for one in sorted(seconds)]
    return f"{ordered[len(ordered) // 2]:.1f} (at most {ordered[-1]:.1f})"


def lines_of(url: str) -> int:
    """How many lines a database keeps; 0 if it is not one of ours yet."""
    try:
        return kept.count(url)
    except SQLAlchemyError:
        return 0


def cost(url: str, directory: Path) -> Cost:
    """Measure a database that `fill` has filled."""
    found = Cost(kept.count(url))
    last = kept.last_number(url)
    for _ in range(STARTS):
        began = time.monotonic()
        with serving(url, directory):
            found.start.append(time.monotonic() - began)
    with serving(url, directory) as child:
        with Person(child.port, "early") as early:  # Before anything else: it takes its time.
            early.ask(*(f"/join {room}" for room in ROOMS[:10]))
            found.indexed = _wait_for_index(early)
        _read(child, last, found)
        _type(child, found)
        found.memory = peak_bytes(child)
    return found


def _read(child: Child, last: int, found: Cost) -> None:
    """Pages from anywhere in any room, as IRC clients ask for them."""
    dice = random.Random(1)
    capabilities = "draft/chathistory batch message-tags server-time"
    with IrcClient(child.port, "reader", capabilities=capabilities) as reader:
        reader.ask(*(f"JOIN {room}" for room in ROOMS))
        for _ in range(QUESTIONS):
            room, number = dice.choice(ROOMS), dice.randint(last // 2, last)

            def ask(room: str = room, number: int = number) -> None:
                reader.send(f"CHATHISTORY BEFORE {room} msgid={number} {PAGE}")
                answer = reader.until(r" BATCH -")
                assert len(answer) == PAGE + 2, answer[:3]

            found.page.append(_took(ask))


def _type(child: Child, found: Cost) -> None:
    """The last page of any room, and searches, as people type them."""
    dice = random.Random(2)
    with Person(child.port, "typist") as typist:
        typist.ask(*(f"/join {room}" for room in ROOMS[:10]))
        for n in range(QUESTIONS):
            typist.ask(f"/join {ROOMS[n % 10]}")
            found.terminal_page.append(_took(lambda: typist.ask(f"/history {PAGE}")))
        for _ in range(QUESTIONS if found.indexed is not None else 0):
            words = f"{WORDS[dice.choice(COMMON)]} {WORDS[dice.choice(RARE)]}"
            found.search.append(_took(lambda words=words: typist.ask(f"/search {words}")))  # type: ignore[misc]


def _wait_for_index(typist: Person) -> float | None:
    """Wait until a search for what was said first of all comes to an end; how long that was.

    None if there is no search, or no end.
    """
    began = time.monotonic()
    while True:
        answer = typist.ask(f'/search "{FIRST}"')
        if any(UNKNOWN.search(line) for line in answer[:1]):
            return None
        took = time.monotonic() - began
        if not any(UNFINISHED in line for line in answer):
            return took
        if took > INDEXED_S:
            return None
        time.sleep(1.0)


def _took(program: Callable[[], object]) -> float:
    began = time.monotonic()
    program()
    return time.monotonic() - began


def peak_bytes(child: Child) -> int:
    """The most resident memory that the server has had so far."""
    status = Path(f"/proc/{child.process.pid}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found
    return int(found[1]) * 1024
