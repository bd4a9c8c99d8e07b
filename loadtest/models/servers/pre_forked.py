"""Processes made beforehand, all accepting from one listening socket.

No interpreter lock between them and a crash takes one; each still serves one client at a
time, and they share no memory: a chat room would need another way to meet.
"""

import os
import signal
import socket
import sys
import traceback
from collections.abc import Callable

from loadtest.models.entry import BACKLOG, CHUNK_BYTES, HOST, Served, served

PROCESSES = 8


def serve(model: Served) -> None:
    with socket.create_server((HOST, model.port), backlog=BACKLOG) as listener:
        run_workers(PROCESSES, lambda: accept_for_ever(listener, model))


def run_workers(processes: int, work: Callable[[], None]) -> None:
    """Do the work, which never returns, in so many processes, until one ends or we are told to."""
    # The parent only waits; told to end, it ends its workers first. Until it has all of
    # them that must wait: the first ones serve already, and one just made is not known.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    workers = [start_worker(work) for _ in range(processes)]
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
        os.waitpid(-1, 0)
        sys.exit("a worker ended")
    finally:
        for pid in workers:
            end_worker(pid)


def start_worker(work: Callable[[], None]) -> int:
    if pid := os.fork():
        return pid
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    try:
        work()  # it ends by the parent's signal
    except Exception:
        traceback.print_exc()
    finally:
        os._exit(1)  # a worker never goes on with what its parent was doing


def accept_for_ever(listener: socket.socket, model: Served) -> None:
    while True:
        sock, _address = listener.accept()
        with sock:
            talk(sock, model)


def end_worker(pid: int) -> None:
    """End a worker and wait for it: else it stays in the list of processes."""
    try:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    except (ProcessLookupError, ChildProcessError):
        pass  # It was the one that ended by itself.


def talk(sock: socket.socket, model: Served) -> None:
    try:
        while data := sock.recv(CHUNK_BYTES):
            sock.sendall(model.reply(data))
    except OSError:
        pass  # the client went away; the next one is waiting


if __name__ == "__main__":
    serve(served())
