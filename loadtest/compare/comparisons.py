"""The comparisons by name: which rows, what is measured of each, in which columns."""

import argparse
from collections.abc import Iterator, Sequence

from loadtest.compare import fetching, lineup, peers, ratios, request_response
from loadtest.compare.child import Child
from loadtest.compare.contestants import Contestant
from loadtest.compare.report import Section
from loadtest.compare.rounds import Measured, Plan, run

HTTP_SERVERS = {"aiohttp": 0, "fastapi": 1, "stdlib": 2}
ANSWERS = "answers/s"


def models(plan: Plan, given: argparse.Namespace) -> Iterator[Section]:
    """The upper-casing servers, then the HTTP servers, under one fleet of clients."""
    for name, contestants, exchange in (
        ("echo", lineup.servers(), request_response.echo(upper=True)),
        ("HTTP", lineup.pages(), request_response.page()),
    ):
        column = f"{name} {ANSWERS}"

        def measure(
            child: Child,
            _contestant: Contestant,
            column: str = column,
            exchange: request_response.Exchange = exchange,
        ) -> Measured:
            rate = request_response.measure(child, given.connections, given.seconds, exchange)
            yield column, rate

        chosen = _chosen(contestants, given.only)
        if chosen:
            rows = run(chosen, plan, measure, contestants[0].name)
            yield Section([column], rows, contestants[0].name)


def fetch(plan: Plan, given: argparse.Namespace) -> Iterator[Section]:
    """The fetching clients, against each of the HTTP servers asked for."""
    task = fetching.Task(given.pages, given.at_once)
    for name in given.server or ["aiohttp"]:
        server = lineup.pages()[HTTP_SERVERS[name]]
        contestants = fetching.contestants(server)
        column = f"pages/s from {server.name}"

        def measure(child: Child, contestant: Contestant, column: str = column) -> Measured:
            yield column, fetching.measure(child, contestant, task)

        if chosen := _chosen(contestants, given.only):
            rows = run(chosen, plan, measure, contestants[0].name)
            yield Section([column], rows, contestants[0].name)


def peer_servers(plan: Plan, given: argparse.Namespace) -> Iterator[Section]:
    """Chat servers: silent members first, then a room with lines in flight."""
    contestants = peers.everyone()

    def measure(child: Child, contestant: Contestant) -> Measured:
        yield from peers.idle_members(child, contestant, given.idle)
        yield from peers.fan_out(child, contestant, given.connections, peers.WINDOWS, given.seconds)

    columns = [peers.deliveries(window) for window in peers.WINDOWS] + [peers.BYTES, peers.JOINS]
    if chosen := _chosen(contestants, given.only):
        rows = run(chosen, plan, measure, contestants[0].name)
        yield Section(columns, rows, contestants[0].name)


def promises(plan: Plan, given: argparse.Namespace) -> Iterator[Section]:
    """The three figures that this project holds itself to."""
    for name, part in ratios.PARTS.items():
        if not given.only or name in given.only:
            yield part(plan, given.seconds)


def _chosen(contestants: Sequence[Contestant], only: Sequence[str]) -> list[Contestant]:
    return [one for one in contestants if not only or any(word in one.name for word in only)]
