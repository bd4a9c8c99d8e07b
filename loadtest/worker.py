"""One process of the generator: a thread for every client, and a main thread that counts them."""

import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from enum import IntEnum
from multiprocessing.connection import Connection

from loadtest.chat_client import ChatClient
from loadtest.client import Client
from loadtest.echo_client import EchoClient
from loadtest.errors import ClientFailure, ErrorKind
from loadtest.human_lines import KnownLines
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
from loadtest.options import Mode
from loadtest.pace import Pace
from loadtest.payload import Payload
from loadtest.probe import Probe
from loadtest.witness import Witness

# The default of 8 MiB is address space for each of 500 threads that need a few frames.
STACK_BYTES = 256 * 1024
# Threads give up the interpreter lock at every read. Asking for it every 5 ms (the default) as
# well makes 500 waiting threads wake up only to wait again.
SWITCH_INTERVAL_S = 0.05
# How many connect at once: well inside any server's listen backlog.
DOORS = 64
DOORS_OPEN_S = 30.0
TICK_S = 0.05
REPORT_EVERY_S = 0.25
# After the last line was said, silence for this long means that nothing more will come.
QUIET_S = 3.0


class Stage(IntEnum):
    """Where a client's thread is."""

    ENTERING = 0
    READY = 1
    LINGERING = 2
    GONE = 3


class Worker:
    """The clients of one process."""

    def __init__(self, plan: WorkerPlan, master: "Connection[FromWorker, ToWorker]") -> None:
        self._plan = plan
        self._master = master
        options = plan.options
        payload = Payload(plan.tag, options.clients, options.size or 0)
        known = KnownLines(payload)
        self._clients: list[Client] = []
        for sender in plan.senders:
            witness = Witness(sender, room=(sender - 1) % options.rooms)
            self._clients.append(
                ChatClient(options, witness, payload, known, plan.zero_ns)
                if options.mode is Mode.CHAT
                else EchoClient(options, witness)
            )
        self._stages = dict.fromkeys(plan.senders, Stage.ENTERING)
        self._doors = threading.Semaphore(DOORS)
        self._pace: Pace | None = None
        self._go, self._over, self._home = (threading.Event() for _ in range(3))

    def run(self) -> None:
        """From the first connection to the report."""
        deadline_s = time.monotonic() + DOORS_OPEN_S
        for client in self._clients:
            name = f"Thread-{client.witness.sender}"
            threading.Thread(
                target=self._live, args=(client, deadline_s), name=name, daemon=True
            ).start()
        self._watch(Stage.READY)
        self._master.send(Ready(sum(client.witness.entered for client in self._clients)))
        order = self._master.recv()
        self._pace = order.pace if isinstance(order, Go) else None
        probe = Probe()
        probe.start()
        self._go.set()
        self._watch(Stage.LINGERING)
        cpu_share = probe.stop()
        self._drain()
        self._master.send(self._report(cpu_share, probe))

    def _live(self, client: Client, deadline_s: float) -> None:
        """A client's thread."""
        witness = client.witness
        try:
            self._let_in(client, deadline_s)
            self._move(client, Stage.READY)
            self._go.wait()
            if self._pace is not None:
                client.talk(self._pace, self._over)
                self._move(client, Stage.LINGERING)
                client.linger(self._home)
            client.leave()
        except ClientFailure as failure:
            client.failed()
            witness.errors[failure.kind] += 1
            witness.cut_short = True
        except BaseException:
            witness.errors[ErrorKind.CRASHED] += 1
            witness.cut_short = True
            raise
        finally:
            client.drop()
            self._move(client, Stage.GONE)

    def _let_in(self, client: Client, deadline_s: float) -> None:
        if not self._doors.acquire(timeout=max(0.0, deadline_s - time.monotonic())):
            raise ClientFailure(ErrorKind.TIMEOUT)
        try:
            client.enter()
            client.witness.entered = True
        finally:
            self._doors.release()

    def _move(self, client: Client, stage: Stage) -> None:
        self._stages[client.witness.sender] = stage

    def _watch(self, stage: Stage, give_up: Callable[[], bool] = lambda: False) -> None:
        """Until all clients have reached the stage, report progress and listen for Stop."""
        next_report_s = time.monotonic()
        while min(self._stages.values()) < stage and not give_up():
            if self._master.poll(TICK_S) and isinstance(self._master.recv(), Stop):
                self._over.set()
            if time.monotonic() >= next_report_s:
                next_report_s += REPORT_EVERY_S
                self._master.send(self._progress())

    def _progress(self) -> Progress:
        sent = sum(client.witness.sent for client in self._clients)
        return Progress(sent, sum(client.heard for client in self._clients))

    def _drain(self) -> None:
        """Say how much was said, hear how much is owed, and wait for it while it keeps coming."""
        spoken: Counter[int] = Counter()
        for client in self._clients:
            witness = client.witness
            spoken[witness.room] += witness.sent - witness.refused
        self._master.send(Spoken(dict(spoken)))
        while isinstance(order := self._master.recv(), Stop):
            self._over.set()
        if isinstance(order, Owed):
            for client in self._clients:
                own = client.witness.sent - client.witness.refused
                client.owed = order.lines[client.witness.room] - own
        self._watch(Stage.GONE, self._patience())
        self._home.set()
        # Each thread looks up within a nap; after that it only closes.
        self._watch(Stage.GONE, _after(QUIET_S))

    def _patience(self) -> Callable[[], bool]:
        """True once nothing has come for a while, or the drain has had its time."""
        bound, quiet, heard = _after(self._plan.options.drain_s), _after(QUIET_S), -1

        def exhausted() -> bool:
            nonlocal quiet, heard
            if (now_heard := self._progress().heard) != heard:
                quiet, heard = _after(QUIET_S), now_heard
            return bound() or quiet()

        return exhausted

    def _report(self, cpu_share: float, probe: Probe) -> WorkerReport:
        latencies = Latencies()
        for client in self._clients:
            latencies.record(client.latencies_us())
        return WorkerReport(
            witnesses=[client.witness for client in self._clients],
            latencies=latencies.encode(),
            cpu_share=cpu_share,
            delays_ns=probe.delays_ns,
            last_heard_ns=max(client.last_heard_ns for client in self._clients),
        )


def _after(seconds: float) -> Callable[[], bool]:
    deadline_s = time.monotonic() + seconds
    return lambda: time.monotonic() >= deadline_s


def run_worker(plan: WorkerPlan, master: "Connection[FromWorker, ToWorker]") -> None:
    """The main function of a worker process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; the master says Stop
    threading.stack_size(STACK_BYTES)
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    try:
        Worker(plan, master).run()
    except (EOFError, BrokenPipeError):
        return  # the master is gone: nobody is left to report to
