"""Puts databases under load and shows what they stand: kill -9, and how much a line costs."""

import argparse
import random
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from loadtest.compare.errors import Missing, RowFailed
from loadtest.storage import crash
from loadtest.storage.errors import Stuck
from loadtest.storage.kinds import KINDS, place
from loadtest.storage.table import Table

MOST_KILLS = 10_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what was asked for; 1 when a promise was broken or something failed."""
    given = _parser().parse_args(arguments)
    databases = given.database or list(KINDS)
    failed = False
    table = Table()
    try:
        for database in databases:
            with tempfile.TemporaryDirectory(prefix="geventchat-storage-") as directory:
                try:
                    failed |= given.program(database, Path(directory), given, table)
                except (Missing, RowFailed, Stuck) as why:
                    _say(f"{database}: {why}")
                    failed = True
    finally:  # Whoever interrupts it wants to see what there is.
        print(table)
    return int(failed)


def _crash(database: str, directory: Path, given: argparse.Namespace, table: Table) -> bool:
    with place(database, directory) as url:
        crashes = crash.Crashes(url, directory, given.seed)
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
        findings=", ".join(f"{n} {what}" for what, n in ledger.findings.items()) or "none",
    )
    return bool(ledger.findings)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/storage", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="WHAT")
    killing = commands.add_parser("crash", help=crash.__doc__, description=crash.__doc__)
    killing.set_defaults(program=_crash)
    killing.add_argument("--kills", type=_kills, default=100, help="of each database (100)")
    killing.add_argument(
        "--seed", type=int, default=random.randrange(10**6), help="the same kills once more"
    )
    for command in (killing,):
        kinds = f"{', '.join(KINDS)} (a server of its own), or a URL; may be given several times"
        command.add_argument("--database", action="append", metavar="KIND", help=kinds)
    return parser


def _kills(given: str) -> int:
    if not (given.isascii() and given.isdigit() and 1 <= int(given) <= MOST_KILLS):
        raise argparse.ArgumentTypeError(f"{given!r} is not a number from 1 to {MOST_KILLS}")
    return int(given)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
