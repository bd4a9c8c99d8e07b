"""The command line: arguments in, exit code out.

0: everything that was owed arrived, once and in order. 1: it did not. 2: the run could not start.
130: interrupted, after a report of the part until then.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from loadtest.errors import UsageError
from loadtest.master import Master
from loadtest.options import CHAT_SIZE_BYTES, Mode, Options, check, default_rate
from loadtest.plot import plot
from loadtest.preflight import check_descriptors, check_server
from loadtest.progress import ProgressLine
from loadtest.report import as_json, as_text, make_report

OK, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130

ABOUT = """\
Load a chat or echo server with native threads, and prove what it delivers.

In chat mode every line carries its sender and number. After the run all members' sight of it is
compared: each line once, to every other member, in each sender's order, in one order for all.
A line inside a gap that the server announced is skipped, any other that is missing is lost."""

EXIT_CODES = """\
exit codes: 0 nothing lost, duplicated, reordered or failed; 1 something was; 2 the run could not
start; 130 interrupted. Memory: about 12 bytes for each receipt, until the report."""


def parse(argv: Sequence[str]) -> Options:
    """Checked options. Raises UsageError; argparse itself exits with 2."""
    given = vars(_parser().parse_args(argv))
    rate, mode = given.pop("rate"), Mode(given.pop("mode"))
    wanted = None if rate in ("max", "auto") else rate
    options = check(Options(**given, mode=mode, rate=wanted))
    if options.mode is Mode.CHAT and options.size is None:
        options = replace(options, size=CHAT_SIZE_BYTES)
    if rate == "auto":
        options = replace(options, rate=default_rate(options.mode, options.clients, options.rooms))
    return options


def _rate(text: str) -> float | str:
    if text in ("max", "auto"):
        return text
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"a number of lines a second, or max, not {text!r}"
        ) from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="load",
        description=ABOUT,
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    defaults = Options()
    _add_server(parser, defaults)
    _add_rooms(parser, defaults)
    _add_load(parser, defaults)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    parser.add_argument(
        "--plot", type=Path, metavar="FILE.png", help="draw the latency distribution"
    )
    return parser


def _add_server(parser: argparse.ArgumentParser, d: Options) -> None:
    add = parser.add_argument
    modes = [mode.value for mode in Mode]
    add("--host", default=d.host, help=f"default {d.host}")
    add("--port", type=int, default=d.port, help=f"default {d.port}")
    add("--mode", choices=modes, default=d.mode.value, help=f"default {d.mode}")


def _add_rooms(parser: argparse.ArgumentParser, d: Options) -> None:
    add = parser.add_argument
    add("--room", default=d.room, metavar="NAME", help=f"where they talk; default {d.room}")
    add(
        "--rooms",
        type=int,
        default=d.rooms,
        help=f"that share the clients, then {d.room}1, {d.room}2 …; default {d.rooms}",
    )


def _add_load(parser: argparse.ArgumentParser, d: Options) -> None:
    add = parser.add_argument
    add("--clients", type=int, default=d.clients, help=f"threads in all; default {d.clients}")
    add(
        "--duration",
        type=float,
        default=d.duration_s,
        dest="duration_s",
        metavar="SECONDS",
        help=f"how long the clients talk; default {d.duration_s:g}",
    )
    add(
        "--rate",
        type=_rate,
        default="auto",
        metavar="LINES",
        help="lines a second, of all clients together; or max: each client says its next line "
        "when its last is answered. Default: max for an echo; in chat as many as the generator "
        "hears with time to spare, which depends on clients and rooms",
    )
    add("--size", type=int, metavar="BYTES", help="of a line, all in; default in chat: 64")
    add(
        "--processes",
        type=int,
        default=d.processes,
        help=f"that share the clients; default {d.processes}",
    )
    add(
        "--drain",
        type=float,
        default=d.drain_s,
        dest="drain_s",
        metavar="SECONDS",
        help=f"how long to wait for late lines while any come; default {d.drain_s:g}",
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Run the whole thing."""
    try:
        options = parse(sys.argv[1:] if argv is None else argv)
        check_descriptors(options)
        check_server(options)
        return _run(options)
    except UsageError as error:
        print(f"load: {error}", file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        print("load: interrupted", file=sys.stderr)
        return INTERRUPTED


def _run(options: Options) -> int:
    with ProgressLine(options.duration_s) as line:
        outcome = Master(options, line).run()
        line.phase("checking")
        report = make_report(options, outcome)
    print(as_text(report))
    try:
        if options.json:
            options.json.write_text(as_json(report) + "\n", encoding="utf-8")
        if options.plot:
            plot(outcome.latencies, f"{options.mode}, {options.clients} clients", options.plot)
    except (OSError, ValueError) as error:
        raise UsageError(f"cannot write: {error}") from error
    if report.interrupted:
        return INTERRUPTED
    return OK if report.passed else FAILED
