"""The master process: starts the workers, keeps them in step, and gathers what they saw."""

import multiprocessing
import signal
import time
from array import array
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import TypeVar

from loadtest.errors import ErrorKind
from loadtest.latency import Latencies
from loadtest.messages import (
    FromWorker,
    Go,
    Owed,
    Progress,
    Ready,
    Spoken,
    Stop,
    ToWorker,
    WorkerPlan,
    WorkerReport,
)
from loadtest.options import Options
from loadtest.pace import NS, Pace
from loadtest.payload import new_tag
from loadtest.progress import ProgressLine
from loadtest.witness import Witness
from loadtest.worker import DOORS_OPEN_S, run_worker

# Between the word to go and the first line: all workers have it by then.
HEAD_START_NS = NS // 10
# How much longer than planned a worker may take before it counts as crashed.
GRACE_S = 60.0
TICK_S = 0.25

Awaited = TypeVar("Awaited", Ready, Spoken, WorkerReport)


@dataclass
class Outcome:
    """What all workers saw."""

    witnesses: list[Witness] = field(default_factory=list)
    latencies: Latencies = field(default_factory=Latencies)
    cpu_shares: list[float] = field(default_factory=list)
    delays_ns: "array[int]" = field(default_factory=lambda: array("q"))
    elapsed_s: float = 0.0  # from the first line due to the last receipt
    interrupted: bool = False


@dataclass
class _Link:
    """One worker, as the master sees it."""

    plan: WorkerPlan
    process: BaseProcess
    pipe: "Connection[ToWorker, FromWorker]"
    progress: Progress = field(default_factory=lambda: Progress(0, 0))
    alive: bool = True


class Master:
    """Runs the workers of one run."""

    def __init__(self, options: Options, line: ProgressLine) -> None:
        self._options = options
        self._line = line
        self._links: list[_Link] = []
        self._interrupts = 0
        self._stopped = False
        self._start_ns = time.monotonic_ns()

    def run(self) -> Outcome:
        """From starting the processes to their reports. A second Ctrl-C raises."""
        options = self._options
        try:
            with _sigint(signal.SIG_IGN):  # the workers inherit this: only the master hears Ctrl-C
                self._start_workers()
            with _sigint(self._interrupt):
                self._line.phase("connecting")
                self._gather(Ready, DOORS_OPEN_S + GRACE_S)
                self._go()
                spoken = self._gather(Spoken, options.duration_s + GRACE_S)
                fell_silent_ns = time.monotonic_ns()
                self._line.phase("draining")
                self._tell(Owed(_added(spoken)))
                reports = self._gather(WorkerReport, options.drain_s + GRACE_S)
        finally:
            self._end()
        return self._outcome(reports, fell_silent_ns)

    def _start_workers(self) -> None:
        options, spawn = self._options, multiprocessing.get_context("spawn")
        tag, zero_ns = new_tag().encode(), time.monotonic_ns()
        bounds = [options.clients * n // options.processes for n in range(options.processes + 1)]
        for first, end in pairwise(bounds):
            plan = WorkerPlan(options, tag, zero_ns, range(first + 1, end + 1))
            ours, theirs = spawn.Pipe()
            process = spawn.Process(target=run_worker, args=(plan, theirs), daemon=True)
            process.start()
            theirs.close()  # or its end would never be noticed
            self._links.append(_Link(plan, process, ours))

    def _go(self) -> None:
        self._start_ns = time.monotonic_ns() + HEAD_START_NS
        end_ns = self._start_ns + int(self._options.duration_s * NS)
        pace = Pace(self._options.clients, self._options.rate, self._start_ns, end_ns)
        self._line.phase("talking")
        self._tell(Stop() if self._stopped else Go(pace))

    def _interrupt(self, *_: object) -> None:
        self._interrupts += 1
        if self._interrupts > 1:
            raise KeyboardInterrupt

    def _tell(self, message: ToWorker) -> None:
        for link in self._links:
            if link.alive:
                try:
                    link.pipe.send(message)
                except OSError:
                    link.alive = False

    def _gather(self, awaited: type[Awaited], patience_s: float) -> list[Awaited]:
        """One such message from every worker that lives long enough to send it."""
        deadline_s = time.monotonic() + patience_s
        due = {link.pipe: link for link in self._links if link.alive}
        messages: list[Awaited] = []
        while due and time.monotonic() < deadline_s:
            if self._interrupts and not self._stopped:
                self._stopped = True
                self._tell(Stop())
            for pipe in wait(list(due), TICK_S):
                link = next(link for link in due.values() if link.pipe is pipe)
                message = self._receive(link)
                if isinstance(message, awaited):
                    messages.append(message)
                if message is None or isinstance(message, awaited):
                    del due[link.pipe]
            self._show()
        for link in due.values():
            link.alive = False
        return messages

    def _receive(self, link: _Link) -> FromWorker | None:
        try:
            message = link.pipe.recv()
        except (EOFError, OSError):
            link.alive = False
            return None
        if isinstance(message, Progress):
            link.progress = message
        return message

    def _show(self) -> None:
        sent = sum(link.progress.sent for link in self._links)
        heard = sum(link.progress.heard for link in self._links)
        self._line.update((time.monotonic_ns() - self._start_ns) / NS, sent, heard)

    def _end(self) -> None:
        for link in self._links:
            link.pipe.close()
            link.process.join(1.0)
            if link.process.is_alive():
                link.process.kill()
                link.process.join()

    def _outcome(self, reports: list[WorkerReport], fell_silent_ns: int) -> Outcome:
        end_ns = self._start_ns + int(self._options.duration_s * NS)
        outcome = Outcome(interrupted=self._stopped)
        last_ns = min(end_ns, fell_silent_ns)
        for report in reports:
            outcome.witnesses += report.witnesses
            outcome.latencies.add(report.latencies)
            outcome.cpu_shares.append(report.cpu_share)
            outcome.delays_ns.extend(report.delays_ns)
            last_ns = max(last_ns, report.last_heard_ns)
        outcome.elapsed_s = max(0, last_ns - self._start_ns) / NS
        for link in self._links:
            if link.plan.senders[0] not in {witness.sender for witness in outcome.witnesses}:
                outcome.witnesses += _stand_ins(link.plan, outcome.witnesses)
        return outcome


def _added(spoken: list[Spoken]) -> Counter[int]:
    """Lines by room. Counter's `+` leaves out rooms where nobody said any; they are owed 0."""
    lines = Counter[int]()
    for one in spoken:
        lines.update(one.lines)
    return lines


def _stand_ins(plan: WorkerPlan, others: list[Witness]) -> list[Witness]:
    """For a worker that crashed: as much of its clients as the others know of them."""
    clients, said = plan.options.clients, Counter[int]()
    for witness in others:
        for line in witness.received:
            number, sender = divmod(line, clients)
            said[sender + 1] = max(said[sender + 1], number + 1)
    found = [
        Witness(
            sender, (sender - 1) % plan.options.rooms, said[sender], entered=True, cut_short=True
        )
        for sender in plan.senders
    ]
    found[0].errors[ErrorKind.CRASHED] += 1
    return found


@contextmanager
def _sigint(handler: Callable[..., None] | signal.Handlers) -> Iterator[None]:
    """Handle Ctrl-C in this way for a while; SIGTERM too, if the handler is a function."""
    numbers = (signal.SIGINT, signal.SIGTERM) if callable(handler) else (signal.SIGINT,)
    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, its_handler in before.items():
            signal.signal(number, its_handler)
