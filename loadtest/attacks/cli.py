"""Attacks a server of ours, and shows what everybody else noticed of it."""

import argparse
import difflib
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from loadtest import amounts
from loadtest.attacks import report
from loadtest.attacks.attack import Attack, Claim
from loadtest.attacks.catalogue import ATTACKS, CLAIMS
from loadtest.attacks.client import Hung
from loadtest.attacks.report import Row
from loadtest.attacks.server import Ground
from loadtest.attacks.stage import Plan, measure
from loadtest.compare.cores import pick, pinned
from loadtest.compare.errors import RowFailed
from loadtest.compare.limits import raise_descriptor_limit
from loadtest.compare.targets import SOURCE

DATABASES = ("none", "sqlite")
MOST_PEOPLE = 5000
MOST_SECONDS = 300


@dataclass(frozen=True)
class Source:
    """A checkout whose server is attacked, and what it is called in the table."""

    name: str
    path: Path


def main(arguments: Sequence[str] | None = None) -> int:
    """Attack with what was asked for; 1 when a bar of our own source is missed."""
    given = _parser().parse_args(arguments)
    if given.list:
        print(report.listing([*ATTACKS.values(), *CLAIMS.values()]))
        return 0
    names = given.name or [*ATTACKS, *CLAIMS]
    sources = [Source("this", SOURCE)]
    if given.against:
        sources.append(Source("other", given.against))
    raise_descriptor_limit()
    plan = Plan(given.people, given.quiet, given.seconds, limited=given.limits)
    rows: list[Row] = []
    try:
        with tempfile.TemporaryDirectory(prefix="attack-") as directory:
            for row in _rows(names, sources, given.database, plan, Path(directory)):
                rows.append(row)
                _say(f"  {report.in_short(row)}")
    finally:  # Whoever interrupts it wants to see what there is.
        print(report.markdown(rows, pick(), several=len(sources) > 1))
    return int(any(row.missed for row in rows if row.source == "this"))


def _rows(
    names: list[str], sources: list[Source], database: str | None, plan: Plan, directory: Path
) -> Iterator[Row]:
    for number, name in enumerate(names):
        for source in sources:
            one = ATTACKS.get(name) or CLAIMS[name]
            _say(f"{number + 1}/{len(names)} {name} ({source.name})")
            yield _row(one, source, database, plan, directory)


def _row(
    one: Attack | Claim, source: Source, database: str | None, plan: Plan, directory: Path
) -> Row:
    fixed = one.shape.database if isinstance(one, Attack) else None
    kind = fixed or database or "sqlite"
    row = Row(one.name, one.wants, source.name, kind)
    cache = directory / source.name
    cache.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=directory) as own:
        ground = Ground(source.path, Path(own), kind, pick(), cache=cache)
        try:
            if isinstance(one, Attack):
                row.figures = measure(one, ground, plan)
            else:
                with pinned(ground.cores.load):
                    row.seen = one.program(ground)
                row.tracebacks = ground.tracebacks()
        except (RowFailed, Hung, OSError) as why:
            row.failed = f"{why}"
    return row


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/attack", description=__doc__)
    parser.add_argument("name", nargs="*", type=_name, metavar="NAME", help="nothing: all")
    parser.add_argument("--list", action="store_true", help="what there is, and what each wants")
    parser.add_argument("--database", choices=DATABASES, help="where an attack allows both")
    parser.add_argument(
        "--people", type=amounts.count(1, MOST_PEOPLE), default=300, help="who is there (300)"
    )
    parser.add_argument(
        "--against", type=_checkout, metavar="DIR", help="another checkout, by turns"
    )
    parser.add_argument(
        "--limits", action="store_true", help="keep the limits of rates and addresses here too"
    )
    parser.add_argument(
        "--quiet",
        type=amounts.seconds(MOST_SECONDS),
        default=4.0,
        help="seconds before each attack (4)",
    )
    parser.add_argument(
        "--seconds", type=amounts.seconds(MOST_SECONDS), help="of each attack, instead of its own"
    )
    return parser


def _name(given: str) -> str:
    known = [*ATTACKS, *CLAIMS]
    if given not in known:
        near = difflib.get_close_matches(given, known, n=1)
        hint = f"; did you mean {near[0]}?" if near else "; --list shows them"
        raise argparse.ArgumentTypeError(f"there is no attack {given!r}{hint}")
    return given


def _checkout(given: str) -> Path:
    if not (Path(given) / "geventchat").is_dir():
        raise argparse.ArgumentTypeError(f"{given}: there is no geventchat in it")
    return Path(given).resolve()


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
