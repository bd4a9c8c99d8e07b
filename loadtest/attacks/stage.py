"""One attack from beginning to end: server, people, those who measure, attacker."""

import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

from loadtest.attacks.assault import GRACE_S, attacking, program_ready
from loadtest.attacks.attack import Attack, Scene
from loadtest.attacks.client import Hung
from loadtest.attacks.figures import MEMORY_RATIO, Figures, Usage
from loadtest.attacks.machine import Noise, probing
from loadtest.attacks.people import COME_IN_S
from loadtest.attacks.prepared import fill
from loadtest.attacks.server import SPARE_FILES, Ground, Server, settle
from loadtest.attacks.watcher import SESSIONS, watching
from loadtest.compare.cores import pinned
from loadtest.compare.errors import RowFailed

QUIET_S = 4.0
# After the attacker has gone, what it left in the server's queues may still be in the way.
ECHO_S = 1.5
# "Within some seconds": that long may memory and files take to come back.
BACK_S = 10.0
PREPARE_S = 180.0


@dataclass(frozen=True)
class Plan:
    """How much of it: smaller numbers are for tests of the programs themselves."""

    people: int = 300
    quiet_s: float = QUIET_S
    attack_s: float | None = None  # instead of the attack's own
    watchers: int = SESSIONS
    limited: bool = False  # all of them, not only those that are about limits


def measure(one: Attack, ground: Ground, plan: Plan) -> Figures:
    """Attack once. RowFailed when it could not be done at all."""
    if one.shape.lines:
        fill(ground, one.shape.lines)
    limited = plan.limited or one.shape.limited
    with ExitStack() as stack:
        server = stack.enter_context(ground.server(*one.shape.flags, limited=limited))
        stack.enter_context(pinned(ground.cores.load))
        try:
            return _attack(one, server, ground, plan, stack)
        except (Hung, OSError) as why:
            server.child.check_alive()
            raise RowFailed(str(why)) from why


def _attack(one: Attack, server: Server, ground: Ground, plan: Plan, stack: ExitStack) -> Figures:
    people = min(one.shape.people or plan.people, plan.people)
    crowd = [server.port, people, one.shape.shared_rooms, one.shape.own_rooms]
    program = [sys.executable, "-m", "loadtest.attacks.people", *map(str, crowd)]
    stack.enter_context(program_ready(program, COME_IN_S))
    watcher = stack.enter_context(watching(server.port, plan.watchers))
    probe = stack.enter_context(probing(server.pid, ground.cores.server))
    scene = Scene(server.port, plan.attack_s or one.shape.seconds, people)
    with attacking(one.name, scene, PREPARE_S) as attacker:
        time.sleep(0.5)  # What preparing left in the pipes is no figure of the quiet time.
        quiet = watcher.watch(_after(plan.quiet_s))
        before = _usage(server)
        attacker.go()
        start = time.monotonic()
        attacked = watcher.watch(_when_gone(attacker.over, scene.seconds + GRACE_S))
        if not attacker.over():
            raise RowFailed(f"the attacker did not stop in {scene.seconds + GRACE_S:.0f} s")
        end = time.monotonic()
        seen = attacker.seen()
    settle(server, MEMORY_RATIO * before.memory_bytes, before.files + SPARE_FILES, BACK_S)
    alive = server.alive()
    figures = Figures(quiet, attacked, before, _usage(server) if alive else before, seen)
    figures.alive, figures.tracebacks = alive, ground.tracebacks()
    _add_machine(figures, probe.noise(), start, end)
    return figures


def _add_machine(figures: Figures, noise: Noise, start: float, end: float) -> None:
    """What the probe saw of the attack, and what would have been measured without the machine."""
    figures.peak_bytes, figures.late_s = noise.peak(start, end), noise.latest(start, end)
    figures.own_quiet = noise.without(figures.quiet)
    figures.own_attacked = noise.without(figures.attacked)


def _usage(server: Server) -> Usage:
    return Usage(server.memory_bytes(), server.open_files())


def _after(seconds: float) -> Callable[[], bool]:
    end = time.monotonic() + seconds
    return lambda: time.monotonic() >= end


def _when_gone(over: Callable[[], bool], seconds: float) -> Callable[[], bool]:
    """Until the attacker is gone and its echo is over, and so long at most."""
    end = give_up = time.monotonic() + seconds
    looked = 0.0

    def is_over() -> bool:
        nonlocal end, looked
        now = time.monotonic()
        if now - looked > 0.1 and end == give_up:
            looked = now
            if over():
                end = now + ECHO_S
        return now >= end

    return is_over
