"""Before the first thread: can this run work at all?"""

import resource
import time

from loadtest.blocking_socket import BlockingSocket
from loadtest.errors import ClientFailure, ErrorKind, UsageError
from loadtest.human_lines import GREETING, shown
from loadtest.options import Mode, Options
from loadtest.pace import NS

PING = b"/ping\n"
ANSWER_S = 5.0
# What a process holds open besides its clients: libraries, pipes, standard streams.
OTHER_DESCRIPTORS = 64


def check_descriptors(options: Options) -> None:
    """Raise the limit of open files as far as it must and may be, or say what to do."""
    needed = -(-options.clients // options.processes) + OTHER_DESCRIPTORS
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= needed:
        return
    if hard != resource.RLIM_INFINITY and hard < needed:
        raise UsageError(
            f"{options.clients} clients in {options.processes} process(es) need {needed} open "
            f"files each, the limit is {hard}: raise it (ulimit -n {needed}) or use --processes"
        )
    resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))


def check_server(options: Options) -> None:
    """See that a server is there and serves the mode asked for, with one `/ping`."""
    answer = _first_line(options)
    found = mode_of(answer)
    if found is options.mode:
        return
    if found is None:
        said = answer[:60].decode(errors="replace").strip()
        raise UsageError(f"the server at {options.address} is no server of ours: it said {said!r}")
    raise UsageError(
        f"the server at {options.address} serves {found}, not {options.mode}: "
        f"use --mode {found}, or start one with scripts/serve --mode {options.mode}"
    )


def mode_of(answer: bytes) -> Mode | None:
    """The mode of a server that answers `/ping` in this way; None if no server of ours does."""
    if answer == PING:
        return Mode.ECHO
    if answer == PING.upper():
        return Mode.UPPER
    return Mode.CHAT if shown(answer.rstrip(b"\n")).startswith(GREETING) else None


def _first_line(options: Options) -> bytes:
    deadline_ns = time.monotonic_ns() + int(ANSWER_S * NS)
    answer = b""
    try:
        sock = BlockingSocket(options.host, options.port)
        try:
            sock.send(PING)
            while b"\n" not in answer and len(answer) < 4096:
                answer += sock.read_by(deadline_ns)
        finally:
            sock.close()
    except ClientFailure as failure:
        raise UsageError(_advice(failure.kind, options)) from failure
    line, newline, _ = answer.partition(b"\n")
    return line + newline


def _advice(kind: ErrorKind, options: Options) -> str:
    match kind:
        case ErrorKind.REFUSED:
            return (
                f"no server at {options.address}: "
                f"start one with scripts/serve --port {options.port}"
            )
        case ErrorKind.TIMEOUT:
            return f"the server at {options.address} does not answer"
        case ErrorKind.UNREACHABLE:
            return f"{options.address} cannot be reached: is --host right?"
        case _:
            return f"the server at {options.address} hung up before it said a word"
