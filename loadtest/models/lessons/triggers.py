"""Level and edge: what `select`, `poll` and `epoll` say of a socket with bytes left unread.

Level triggered: "there is something to read", said each time you ask. Edge triggered:
"something came", said once; what you leave unread then is yours to remember.
"""

import argparse
import os
import resource
import select
import socket

WORDS = b"ten bytes."


def ask_three_times(kind: str) -> list[bool]:
    """Is the socket named: after 10 bytes came, after 4 were read, after 2 more came?"""
    reader, writer = socket.socketpair()
    with reader, writer, select.epoll() as epoll:
        poll = select.poll()
        poll.register(reader, select.POLLIN)
        edge = select.EPOLLET if kind == "epoll, edge triggered" else 0
        epoll.register(reader, select.EPOLLIN | edge)

        def named() -> bool:
            if kind == "select":
                return bool(select.select([reader], [], [], 0)[0])
            return bool(poll.poll(0) if kind == "poll" else epoll.poll(0))

        writer.send(WORDS)
        answers = [named()]
        reader.recv(4)
        answers.append(named())
        writer.send(b"!!")
        return [*answers, named()]


def read_all(reader: socket.socket) -> bytes:
    """How to read after an edge: until the kernel says that there is no more."""
    data = b""
    while True:
        try:
            more = reader.recv(4)
        except BlockingIOError:
            return data
        if not more:
            return data
        data += more


def high_descriptor(kind: str) -> str:
    """What each says to a descriptor above 1,023."""
    reader, writer = socket.socketpair()
    with reader, writer:
        writer.send(WORDS)
        high = os.dup2(reader.fileno(), 1500)
        try:
            if kind == "select":
                return f"names {select.select([high], [], [], 0)[0]}"
            if kind == "poll":
                poll = select.poll()
                poll.register(high, select.POLLIN)
                return f"names {[fd for fd, _ in poll.poll(0)]}"
            with select.epoll() as epoll:
                epoll.register(high, select.EPOLLIN)
                return f"names {[fd for fd, _ in epoll.poll(0)]}"
        except ValueError as why:
            return f"ValueError: {why}"
        finally:
            os.close(high)


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    print(f"{'is the socket named …':24}10 bytes came   4 of them read   2 more came")
    for kind in ("select", "poll", "epoll", "epoll, edge triggered"):
        first, second, third = ("yes" if answer else "NO" for answer in ask_three_times(kind))
        print(f"{kind:24}{first:16}{second:17}{third}")
    reader, writer = socket.socketpair()
    with reader, writer:
        reader.setblocking(False)
        writer.send(WORDS)
        print(f"after an edge, read until it would block: {read_all(reader)!r}")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 2048)), hard))
    for kind in ("select", "poll", "epoll"):
        print(f"descriptor 1500, {kind}: {high_descriptor(kind)}")


if __name__ == "__main__":
    main()
