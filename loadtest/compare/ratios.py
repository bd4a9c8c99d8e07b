"""The three figures this project holds itself to, each against its yardstick."""

from collections.abc import Callable

from loadtest.compare import idle, peers, request_response
from loadtest.compare.child import Child
from loadtest.compare.report import Section
from loadtest.compare.rooms import HUMAN_IN_PROMPT_MODE, HUMAN_SILENT
from loadtest.compare.rounds import Measured, Plan, Row, run
from loadtest.compare.targets import Target, geventchat, model

CONNECTIONS = 500
SILENT_MEMBERS = 9_000
IN_PROMPT_MODE = 2_000
KIB = 1024

ECHO = "echoes/s, 500 connections, 64 bytes"
ROOM = peers.deliveries(100)
MEMORY = "bytes a chat connection that says nothing"


def echo(plan: Plan, seconds: float) -> Section:
    targets = [
        geventchat("geventchat", "echo"),
        model("uvloop streams", "servers.uvloop_streams", "--echo", modules=("uvloop",)),
        model("uvloop Protocol", "servers.uvloop_protocol", "--echo", modules=("uvloop",)),
        model("gevent StreamServer", "servers.gevent_stream_server", "--echo", modules=("gevent",)),
    ]

    def measure(child: Child, _target: Target) -> Measured:
        exchange = request_response.echo(upper=False)
        yield ECHO, request_response.measure(child, CONNECTIONS, seconds, exchange)

    rows = run(targets, plan, measure, reference=targets[1].name)
    return Section([ECHO], rows, rows[1].name, _at_least(1.3, rows, ECHO))


def room(plan: Plan, seconds: float) -> Section:
    targets = [
        geventchat("geventchat, every line committed", "chat", durable=True),
        peers.redis(),
        geventchat("geventchat, memory only", "chat"),
    ]

    def measure(child: Child, target: Target) -> Measured:
        return peers.fan_out(child, target, CONNECTIONS, [100], seconds)

    rows = run(targets, plan, measure, reference=targets[1].name)
    return Section([ROOM], rows, rows[1].name, _at_least(1.5, rows, ROOM))


def memory(plan: Plan, _seconds: float) -> Section:
    # A server of its own for each: what one has used is not given back at once.
    silent = geventchat(f"silent, of {SILENT_MEMBERS:,}", "chat")
    prompt = geventchat(f"in prompt mode, of {IN_PROMPT_MODE:,}", "chat")

    def measure(child: Child, target: Target) -> Measured:
        way, count = HUMAN_SILENT, SILENT_MEMBERS
        if target is prompt:
            way, count = HUMAN_IN_PROMPT_MODE, IN_PROMPT_MODE
        yield MEMORY, idle.bytes_per_connection(child, way, count)

    once = Plan(1, plan.cores, plan.port)
    rows = run([silent, prompt], once, measure, reference="")
    return Section([MEMORY], rows, "", f"{_at_most(10, rows[0])}\n{_at_most(14, rows[1])}")


PARTS: dict[str, Callable[[Plan, float], Section]] = {"echo": echo, "room": room, "memory": memory}


def _at_least(bound: float, rows: list[Row], column: str) -> str:
    ratio = rows[0].ratio(column)
    if ratio is None:
        return f"{column}: not measured"
    word = "met" if ratio.median >= bound else "MISSED"
    times = f"{ratio.median:.2f} ({ratio.low:.2f} to {ratio.high:.2f}) times {rows[1].name}"
    return f"{column}: {times}; at least {bound:g}: {word}"


def _at_most(bound: float, row: Row) -> str:
    found = row.summary(MEMORY)
    if found is None:
        return f"{row.name}: not measured"
    word = "met" if found.median <= bound * KIB else "MISSED"
    return f"{row.name}: {found.median / KIB:.2f} KiB; at most {bound:g}: {word}"
