"""What `monkey.patch_all()` changes: everything is tried before it and again after it.

A program that means to be patched patches in its first two lines. This one waits with it,
to show both sides, and looks each name up when it is used (`time.sleep`, not `sleep`).
"""

import argparse
import socket
import threading
import time
from collections.abc import Callable

import gevent
from gevent import monkey

TASKS = 10
SECONDS = 0.1


def seen() -> dict[str, str]:
    """The state of the world: what the names mean, and what ten tasks do."""
    return {
        "time.sleep comes from": time.sleep.__module__,
        "socket.socket comes from": socket.socket.__module__,
        "a greenlet's thread is called": in_greenlet(lambda: threading.current_thread().name),
        "a greenlet's thread is a": in_greenlet(lambda: type(threading.current_thread()).__name__),
        "a new Thread runs in": where_a_thread_runs(),
        "a greenlet that waits in recv gets": what_recv_gets(),
        "ten calls, one after the other": timed(one_after_the_other, time.sleep),
        "ten greenlets with gevent.sleep": timed(as_greenlets, gevent.sleep),
        "ten greenlets with time.sleep": timed(as_greenlets, time.sleep),
    }


def in_greenlet(ask: Callable[[], str]) -> str:
    return str(gevent.spawn(ask).get())


def where_a_thread_runs() -> str:
    """gevent switches the greenlets of a thread of the kernel, and starts none."""
    main, found = gevent.get_hub().thread_ident, []
    thread = threading.Thread(target=lambda: found.append(gevent.get_hub().thread_ident))
    thread.start()
    thread.join()
    return "a greenlet" if found == [main] else "a thread of the kernel"


def what_recv_gets() -> str:
    """One greenlet waits for bytes that another one will send, if it gets its turn."""
    reader, writer = socket.socketpair()
    with reader, writer:
        reader.settimeout(1)
        waiting = gevent.spawn(recv, reader)
        gevent.spawn(writer.send, b"hello")
        return str(waiting.get())


def recv(sock: socket.socket) -> str:
    try:
        return sock.recv(100).decode()
    except TimeoutError:
        return "nothing: the sender never ran"


Tasks = Callable[[Callable[[], None]], None]


def one_after_the_other(task: Callable[[], None]) -> None:
    for _ in range(TASKS):
        task()


def as_greenlets(task: Callable[[], None]) -> None:
    gevent.joinall([gevent.spawn(task) for _ in range(TASKS)], raise_error=True)


def timed(run: Tasks, sleep: Callable[[float], None]) -> str:
    """How long ten tasks took, and the most of them that were under way at once."""
    under_way, most = 0, 0

    def task() -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        sleep(SECONDS)
        under_way -= 1

    start = time.monotonic()
    run(task)
    return f"{time.monotonic() - start:.1f} s, {most} at once"


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()
    before = seen()
    monkey.patch_all()
    after = seen()
    print(f"{'':36}{'before':32}after patch_all()")
    for question, answer in before.items():
        print(f"{question:36}{answer:32}{after[question]}")
