"""Runs the fetching clients, each in a process of its own, against a local HTTP server."""

import json
import subprocess
import sys
from dataclasses import dataclass, replace

from loadtest.compare.child import HOST, Child
from loadtest.compare.errors import RowFailed
from loadtest.compare.figures import BUSY_SHARE, Figure
from loadtest.compare.targets import FETCHERS, Target

FETCH_SECONDS = 120.0


@dataclass(frozen=True)
class Task:
    """How many pages each client fetches, and how many may be under way."""

    pages: int
    at_once: int


def targets(server: Target) -> list[Target]:
    """A row for each client; what a row starts is the server that the client fetches from."""
    return [
        replace(server, name=name, modules=server.modules + modules)
        for name, _module, modules in FETCHERS
    ]


def measure(child: Child, target: Target, task: Task) -> Figure:
    """Pages per second as the client itself timed them, without its start."""
    module = next(module for name, module, _ in FETCHERS if name == target.name)
    command = [sys.executable, "-m", f"loadtest.models.clients.{module}"]
    command += ["--pages", str(task.pages), "--at-once", str(task.at_once)]
    before = child.cpu_seconds()
    try:
        ended = subprocess.run(
            [*command, f"http://{HOST}:{child.port}"],
            capture_output=True,
            cwd=target.home,
            timeout=FETCH_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as why:
        raise RowFailed(f"not done after {FETCH_SECONDS:.0f} s") from why
    child.check_alive()
    return _figure(ended, child.cpu_seconds() - before)


def _figure(ended: "subprocess.CompletedProcess[bytes]", server_seconds: float) -> Figure:
    try:
        told = json.loads(ended.stdout.split(b"\n")[-2])
    except (ValueError, IndexError):
        words = ended.stderr.decode(errors="replace").strip().split("\n")[-1]
        raise RowFailed(f"the client ended with code {ended.returncode}: {words[:200]}") from None
    if told["failed"]:
        url, why = next(iter(told["failed"].items()))
        raise RowFailed(f"{len(told['failed'])} pages failed, such as {url}: {why}")
    share = server_seconds / told["seconds"]
    note = f"server {share:.0%}" + ("; the server was the limit" if share > BUSY_SHARE else "")
    return Figure(told["pages"] / told["seconds"], server_share=share, note=note)
