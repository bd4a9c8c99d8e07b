"""Measures servers side by side: one core serves, another makes the load."""

import argparse
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from loadtest import amounts
from loadtest.compare import plot, report
from loadtest.compare.comparisons import (
    HTTP_SERVERS,
    compute,
    fetch,
    models,
    names,
    peer_servers,
    promises,
)
from loadtest.compare.cores import pick
from loadtest.compare.errors import Missing
from loadtest.compare.limits import raise_descriptor_limit
from loadtest.compare.report import Section
from loadtest.compare.rounds import Plan, say
from loadtest.compare.targets import MAX_CLIENTS

MOST_SECONDS = 3600

Sections = Callable[[Plan, argparse.Namespace], Iterator[Section]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what was asked for; 1 when a row failed, 2 when it was asked wrongly."""
    parser = _parser()
    given = parser.parse_args(arguments)
    for path in (given.json, given.plot):
        if path and not path.resolve().parent.is_dir():
            parser.error(f"{path}: there is no such directory")
    try:
        if given.plot:
            plot.check_installed()
    except Missing as why:
        parser.error(str(why))
    plan = Plan(given.rounds, pick(), given.port)
    raise_descriptor_limit()
    if not plan.cores.apart:
        say("one core only: the load takes time away from the servers")
    as_text = report.markdown if given.markdown else report.text
    sections = []
    for section in given.sections(plan, given):
        sections.append(section)
        print(as_text(section), end="\n\n", flush=True)
    if not sections:
        parser.error(f"no row matches --only {' '.join(given.only)}")
    if given.json:
        report.write_json(given.json, given.what, plan.cores, sections)
    if given.plot:
        plot.draw(given.plot, sections)
    return int(any(section.failed for section in sections))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/compare", description=__doc__)
    commands = parser.add_subparsers(dest="what", required=True, metavar="WHAT")

    members = amounts.count(1, MAX_CLIENTS // 2)
    command = partial(_command, commands)
    fleet = command("models", models, 5)
    fleet.add_argument("--connections", type=members, default=500, help="clients at once (500)")
    work = command("computing", compute, 2)
    everybody = amounts.count(2, MAX_CLIENTS // 2)
    work.add_argument("--connections", type=everybody, default=500, help="clients at once (500)")
    each, pause = "of each request (100)", "before the next one (20)"
    work.add_argument("--compute-ms", type=amounts.count(1, 1000), default=100, help=each)
    work.add_argument("--pause-ms", type=amounts.count(0, 1000), default=20, help=pause)
    room = command("peers", peer_servers, 5)
    room.add_argument("--connections", type=members, default=500, help="members of the room (500)")
    silent = "silent members, for the memory (1000)"
    room.add_argument("--idle", type=members, default=1000, help=silent)
    pages = command("fetch", fetch, 5)
    pages.add_argument(
        "--pages", type=amounts.count(1, 1_000_000), default=1000, help="in all (1000)"
    )
    pages.add_argument("--at-once", type=amounts.count(1, 1000), default=50, help="under way (50)")
    server = f"of {', '.join(HTTP_SERVERS)} (aiohttp); may be given several times"
    pages.add_argument("--server", action="append", choices=HTTP_SERVERS, metavar="S", help=server)
    command("ratios", promises, 3)
    return parser


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    sections: Sections,
    seconds: float,
) -> argparse.ArgumentParser:
    only = "only what has that in its name; may be given several times"
    made = commands.add_parser(
        name,
        help=sections.__doc__,
        description=sections.__doc__,
        epilog=f"names for --only: {'; '.join(names(name))}",
    )
    made.set_defaults(sections=sections)
    made.add_argument(
        "--rounds", type=amounts.count(1, 100), default=3, metavar="N", help="each of all rows (3)"
    )
    made.add_argument(
        "--seconds",
        type=amounts.seconds(MOST_SECONDS),
        default=seconds,
        help=f"of each measurement ({seconds:g})",
    )
    made.add_argument(
        "--port",
        type=amounts.count(0, 65535),
        default=0,
        help="for the servers (0: any that is free)",
    )
    made.add_argument("--only", action="append", default=[], metavar="NAME", help=only)
    made.add_argument("--markdown", action="store_true", help="tables for a page")
    made.add_argument("--json", type=Path, metavar="FILE", help="every figure of every round")
    made.add_argument("--plot", type=_chart, metavar="FILE.png", help="bars with ranges")
    return made


def _chart(given: str) -> Path:
    path = Path(given)
    if path.suffix not in {".png", ".svg"}:
        raise argparse.ArgumentTypeError(f"{given!r} does not end in .png or .svg")
    return path
