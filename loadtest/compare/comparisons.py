"""The comparisons by name: which rows, what is measured of each, in which columns."""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace

from loadtest.compare import computing, fetching, peers, ratios, request_response, targets
from loadtest.compare.child import Child
from loadtest.compare.report import Section
from loadtest.compare.rounds import Measured, Plan, run
from loadtest.compare.targets import Target

HTTP_SERVERS = {"aiohttp": 0, "fastapi": 1, "stdlib": 2}
ANSWERS = "answers/s"


def models(plan: Plan, given: argparse.Namespace) -> Iterator[Section]:
    """The upper-casing servers, then the HTTP servers, under one fleet of clients."""
    for name, servers, exchange in (
        ("echo", targets.servers(), request_response.echo(upper=True)),
        ("HTTP", targets.pages(), request_response.page()),
    ):
        column = f"{name} {ANSWERS}"

        def measure(
            child: Child,
            _target: Target,
            column: str = column,
            exchange: request_response.Exchange = exchange,
        ) -> Measured:
            rate = request_response.measure(child, given.connections, given.seconds, exchange)
            yield column, rate

        chosen = _chosen(servers, given.only)
        if chosen:
            rows = run(chosen, plan, measure, servers[0].name)
            yield Section([column], rows, servers[0].name)


def compute(plan: Plan, given: argparse.Namespace) -> Iterator[Section]:
    """One client has the server compute without end; how long the others wait meanwhile."""
    # geventchat has nothing to compute: what one client can ask of it is bounded.
    servers = targets.models("--computing")
    task = computing.Task(given.connections - 1, given.seconds, given.compute_ms, given.pause_ms)

    def measure(child: Child, _target: Target) -> Measured:
        return computing.measure(child, task)

    if chosen := _chosen(servers, given.only):
        on_all_cores = replace(plan, cores=plan.cores._replace(shared=True))
        yield Section(computing.COLUMNS, run(chosen, on_all_cores, measure, ""), "")


def fetch(plan: Plan, given: argparse.Namespace) -> Iterator[Section]:
    """The fetching clients, against each of the HTTP servers asked for."""
    task = fetching.Task(given.pages, given.at_once)
    for name in given.server or ["aiohttp"]:
        server = targets.pages()[HTTP_SERVERS[name]]
        clients = fetching.targets(server)
        column = f"pages/s from {server.name}"

        def measure(child: Child, target: Target, column: str = column) -> Measured:
            yield column, fetching.measure(child, target, task)

        if chosen := _chosen(clients, given.only):
            rows = run(chosen, plan, measure, clients[0].name)
            yield Section([column], rows, clients[0].name)


def peer_servers(plan: Plan, given: argparse.Namespace) -> Iterator[Section]:
    """Chat servers: silent members first, then a room with lines in flight."""
    servers = peers.everyone()

    def measure(child: Child, target: Target) -> Measured:
        yield from peers.idle_members(child, target, given.idle)
        yield from peers.fan_out(child, target, given.connections, peers.WINDOWS, given.seconds)

    columns = [peers.deliveries(window) for window in peers.WINDOWS] + [peers.BYTES, peers.JOINS]
    if chosen := _chosen(servers, given.only):
        rows = run(chosen, plan, measure, servers[0].name)
        yield Section(columns, rows, servers[0].name)


def promises(plan: Plan, given: argparse.Namespace) -> Iterator[Section]:
    """The three figures that this project holds itself to."""
    for name, part in ratios.PARTS.items():
        if not given.only or name in given.only:
            yield part(plan, given.seconds)


def names(what: str) -> list[str]:
    """What `--only` can choose of a comparison."""
    match what:
        case "models":
            rows = [*targets.servers(), *targets.pages()]
        case "computing":
            rows = targets.models("--computing")
        case "fetch":
            return [name for name, _, _ in targets.FETCHERS]
        case "peers":
            rows = peers.everyone()
        case _:
            return list(ratios.PARTS)
    return [target.name for target in rows]


def _chosen(candidates: Sequence[Target], only: Sequence[str]) -> list[Target]:
    return [one for one in candidates if not only or any(word in one.name for word in only)]
