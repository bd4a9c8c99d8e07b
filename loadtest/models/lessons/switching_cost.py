"""What switching costs: two sums, one after the other, or switching after every step.

The same work each time: add up 0, 1, 2, … twice. What differs is who runs after a step.
The dear ways do fewer steps, so that all take about a second; the figure is the time of one.
"""

import argparse
import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median

import gevent
from greenlet import greenlet

Sums = tuple[int, int]


def one_after_the_other(steps: int) -> Sums:
    return plain_sum(steps), plain_sum(steps)


def plain_sum(steps: int) -> int:
    total = 0
    for number in range(steps):
        total += number
    return total


def two_threads(steps: int) -> Sums:
    """No switch is asked for: the interpreter makes one every 5 ms (`sys.setswitchinterval`)."""
    sums = [0, 0]

    def work(mine: int) -> None:
        sums[mine] = plain_sum(steps)

    threads = [threading.Thread(target=work, args=(mine,)) for mine in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sums[0], sums[1]


def generators(steps: int) -> Sums:
    """`next()` runs a generator up to its next `yield`: the oldest coroutine of Python."""

    def summing() -> Iterator[int]:
        total = 0
        for number in range(steps):
            total += number
            yield total

    one, other = summing(), summing()
    sums = (0, 0)
    for total in one:
        sums = total, next(other)
    return sums


def greenlets(steps: int) -> Sums:
    """Each switches to the other: no loop in between, and the whole call stack is kept."""
    sums = [0, 0]
    both: list[greenlet] = []

    def work(mine: int) -> None:
        for number in range(steps):
            sums[mine] += number
            both[1 - mine].switch()

    both += [greenlet(lambda: work(0)), greenlet(lambda: work(1))]
    both[0].switch()
    both[1].switch()  # It waits behind its last step.
    return sums[0], sums[1]


def gevent_sleep(steps: int) -> Sums:
    """As greenlets, but the hub in between also looks at the sockets and the clock."""

    def work() -> int:
        total = 0
        for number in range(steps):
            total += number
            gevent.sleep(0)
        return total

    tasks = [gevent.spawn(work), gevent.spawn(work)]
    return tasks[0].get(), tasks[1].get()


def asyncio_sleep(steps: int) -> Sums:
    async def work() -> int:
        total = 0
        for number in range(steps):
            total += number
            await asyncio.sleep(0)
        return total

    async def both() -> Sums:
        one, other = await asyncio.gather(work(), work())
        return one, other

    return asyncio.run(both())


def threads_in_turn(steps: int) -> Sums:
    """Two semaphores hand the turn over; each hand-over goes through the kernel."""
    turns = [threading.Semaphore(1), threading.Semaphore(0)]
    sums = [0, 0]

    def work(mine: int) -> None:
        for number in range(steps):
            turns[mine].acquire()
            sums[mine] += number
            turns[1 - mine].release()

    threads = [threading.Thread(target=work, args=(mine,)) for mine in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sums[0], sums[1]


@dataclass(frozen=True)
class Way:
    """One row. It does one step where the cheapest way does `share`."""

    name: str
    run: Callable[[int], Sums]
    share: int = 1


WAYS = [
    Way("one sum after the other", one_after_the_other),
    Way("two threads, not asked to switch", two_threads),
    Way("two generators, next()", generators),
    Way("two greenlets, switch()", greenlets, 2),
    Way("two gevent greenlets, sleep(0)", gevent_sleep, 20),
    Way("two asyncio tasks, sleep(0)", asyncio_sleep, 20),
    Way("two threads, taking turns", threads_in_turn, 50),
]


def nanoseconds_a_step(way: Way, steps: int) -> float:
    """One measurement; AssertionError if the sums are wrong."""
    steps = max(1, steps // way.share)
    start = time.perf_counter_ns()
    sums = way.run(steps)
    spent = time.perf_counter_ns() - start
    assert sums == (steps * (steps - 1) // 2,) * 2, f"{way.name}: {sums}"
    return spent / (2 * steps)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=5_000_000, help="of each of the two sums")
    parser.add_argument("--rounds", type=int, default=3, help="the median of so many is told")
    given = parser.parse_args()
    found: dict[str, list[float]] = {way.name: [] for way in WAYS}
    for _ in range(given.rounds):
        for way in WAYS:
            found[way.name].append(nanoseconds_a_step(way, given.steps))
    base = median(found[WAYS[0].name])
    print("| | ns a step | times the plain sum | a tutorial's 2 × 100,000,000 steps |")
    print("|---|---|---|---|")
    for name, spent in found.items():
        step = median(spent)
        print(f"| {name} | {step:,.0f} | {step / base:.1f} | {step * 0.2:,.0f} s |")
