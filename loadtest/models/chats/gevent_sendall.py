"""A greenlet per client; each line is sent to every other member, one `sendall` after another.

Two greenlets may meet in one member's `sendall`, so each member has a lock; and one member
who does not read stops the sender, and with it everybody the sender talks to.
"""

from gevent import socket
from gevent.lock import Semaphore
from gevent.server import StreamServer

from loadtest.models.entry import BACKLOG, HOST, Served, served

room: dict[socket.socket, Semaphore] = {}


def client(sock: socket.socket, _address: object) -> None:
    sock.sendall(b"joined\n")
    room[sock] = Semaphore(1)
    try:
        with sock.makefile("rb") as lines:
            for line in lines:
                tell_others(sock, line)
    except OSError:
        pass  # the client went away; nothing is owed to it
    finally:
        room.pop(sock, None)


def tell_others(author: socket.socket, line: bytes) -> None:
    for sock, lock in list(room.items()):
        if sock is not author:
            try:
                with lock:
                    sock.sendall(line)
            except OSError:
                room.pop(sock, None)  # its own greenlet notices too


def serve(model: Served) -> None:
    StreamServer((HOST, model.port), client, backlog=BACKLOG).serve_forever()


if __name__ == "__main__":
    serve(served())
