"""What gevent does, in a page: blocking code in greenlets, one epoll underneath.

`recv` and `sendall` look like blocking calls. Where the kernel has nothing for them, they
switch to the hub, which switches back once epoll says that there is something.
"""

import select
import socket
from functools import partial

from greenlet import getcurrent, greenlet

from loadtest.models.entry import BACKLOG, CHUNK_BYTES, HOST, Served, served

epoll = select.epoll()
waiting: dict[int, greenlet] = {}
new: list[greenlet] = []


def wait(sock: socket.socket, event: int) -> None:
    """Sleep until the socket is ready; meanwhile the others run."""
    fd = sock.fileno()
    waiting[fd] = getcurrent()
    epoll.register(fd, event)
    hub.switch()
    epoll.unregister(fd)


def run_hub() -> None:
    while True:
        while new:
            new.pop().switch()
        for fd, _event in epoll.poll():
            waiting.pop(fd).switch()


hub = greenlet(run_hub)


def recv(sock: socket.socket) -> bytes:
    wait(sock, select.EPOLLIN)
    return sock.recv(CHUNK_BYTES)


def sendall(sock: socket.socket, data: bytes) -> None:
    while data:
        try:
            data = data[sock.send(data) :]
        except BlockingIOError:
            wait(sock, select.EPOLLOUT)


def client(sock: socket.socket, model: Served) -> None:
    with sock:
        try:
            while data := recv(sock):
                sendall(sock, model.reply(data))
        except OSError:
            pass  # the client went away; nothing is owed to it


def serve(model: Served) -> None:
    with socket.create_server((HOST, model.port), backlog=BACKLOG) as listener:
        while True:
            wait(listener, select.EPOLLIN)
            sock, _address = listener.accept()
            sock.setblocking(False)
            # The hub starts it: whoever switched to it from here would not be switched back to.
            new.append(greenlet(partial(client, sock, model), parent=hub))


if __name__ == "__main__":
    serve(served())
