"""Puts databases under load and shows what they stand: kill -9, and how much a line costs."""

import argparse
import random
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType

from loadtest import amounts
from loadtest.attacks.client import Hung
from loadtest.compare.errors import Missing, RowFailed
from loadtest.storage import crash, faults, size, throughput
from loadtest.storage.errors import Stuck
from loadtest.storage.faults import FAULTS
from loadtest.storage.fill import fill
from loadtest.storage.folder import own_folder
from loadtest.storage.kinds import KINDS, place
from loadtest.storage.table import Table

MOST_KILLS = 10_000
MOST_SECONDS = 600
MOST_LINES = 100_000_000
DISK_MB = 192  # where it is to become full: room for a server, empty, and a little more
MEMORY_MB = 256  # of a database server that is measured


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what was asked for; 1 when a promise was broken or something failed."""
    given = _parser().parse_args(arguments)
    databases = given.database or list(KINDS)
    failed = False
    table = Table()
    try:
        for database in databases:
            with own_folder("storage") as directory:
                try:
                    failed |= given.program(database, directory, given, table)
                except (Missing, RowFailed, Stuck, Hung) as why:
                    _say(f"{database}: {why}{_last_words(directory)}")
                    failed = True
    finally:  # Whoever interrupts it wants to see what there is.
        print(table)
    return int(failed)


def _last_words(directory: Path) -> str:
    """What geventchat had to say in the end."""
    log = directory / "log"
    return "\n" + log.read_text(errors="replace")[-1000:] if log.exists() else ""


def _crash(database: str, directory: Path, given: argparse.Namespace, table: Table) -> bool:
    with place(database, directory) as where:
        crashes = crash.Crashes(where.url, directory, given.seed)
        for ledger in crashes.run(given.kills):
            _say(f"{database} {crashes.kills}/{given.kills}: {ledger.acknowledged} acknowledged")
    for example in ledger.examples:
        _say(f"  {example}")
    table.add(
        database,
        kills=crashes.kills,
        sent=ledger.sent,
        acknowledged=ledger.acknowledged,
        **{"shown to others": ledger.shown - ledger.acknowledged},
        refused=ledger.refused,
        unanswered=ledger.unanswered,
        **{"kept of those": ledger.unanswered_kept},
        kept=ledger.kept,
        findings=ledger.summary(),
    )
    return bool(ledger.findings)


def _lines(database: str, directory: Path, given: argparse.Namespace, table: Table) -> bool:
    with place(database, directory, MEMORY_MB) as where:
        for row in throughput.rows(where, directory, given.seconds):
            cells = row.cells()
            table.add(database, **cells)
            _say(f"{database}, {row.what}: {cells['acknowledged/s']}/s")
    return False


def _faults(database: str, directory: Path, given: argparse.Namespace, table: Table) -> bool:
    failed = False
    for name in given.only or FAULTS:
        fault = FAULTS[name]
        if database not in fault.kinds:
            continue
        with tempfile.TemporaryDirectory(dir=directory) as own:
            try:
                disk_mb = DISK_MB if fault.small_disk else 0
                with place(database, Path(own), disk_mb=disk_mb) as where:
                    outcome = faults.suffer(fault, where, directory)
                table.add(f"{database}: {name}", **outcome.cells())
                failed |= outcome.failed
                _say(f"{database}: {name}: {outcome.cells()}")
                for example in outcome.ledger.examples:
                    _say(f"  {example}")
            except (Missing, RowFailed, Stuck, Hung) as why:
                _say(f"{database}: {name}: {why}{_last_words(directory)}")
                table.add(f"{database}: {name}", findings=str(why))
                failed = True
    return failed


def _size(database: str, directory: Path, given: argparse.Namespace, table: Table) -> bool:
    with place(database, directory, MEMORY_MB) as where:
        if size.lines_of(where.url) < given.lines:  # A URL may be of one that was filled before.
            _say(f"{database}: filling")
            fill(where.url, directory, given.lines)
        _say(f"{database}: measuring")
        table.add(database, **size.cost(where.url, directory).cells())
    return False


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/storage", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="WHAT")
    killing = _command(commands, "crash", crash, _crash)
    killing.add_argument(
        "--kills", type=amounts.count(1, MOST_KILLS), default=100, help="of each database (100)"
    )
    killing.add_argument(
        "--seed", type=int, default=random.randrange(10**6), help="the same kills once more"
    )
    ordeal = _command(commands, "faults", faults, _faults)
    ordeal.add_argument(
        "--only", action="append", choices=FAULTS, help="may be given several times"
    )
    writing = _command(commands, "lines", throughput, _lines)
    writing.add_argument(
        "--seconds", type=amounts.seconds(MOST_SECONDS), default=5.0, help="of each measurement (5)"
    )
    long = _command(commands, "size", size, _size)
    lines = amounts.count(10_000, MOST_LINES)
    long.add_argument("--lines", type=lines, default=10_000_000, help="of history (10000000)")
    return parser


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    module: ModuleType,
    program: Callable[[str, Path, argparse.Namespace, Table], bool],
) -> argparse.ArgumentParser:
    about = module.__doc__ or ""
    made = commands.add_parser(name, help=about.splitlines()[0], description=about)
    made.set_defaults(program=program)
    kinds = f"{', '.join(KINDS)} (a server of its own), or a URL; may be given several times"
    made.add_argument("--database", action="append", metavar="KIND", help=kinds)
    return made


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
