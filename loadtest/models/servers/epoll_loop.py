"""As the `poll` loop, but the kernel keeps the list and returns only who is ready.

The cost follows the busy clients, not the connected ones. This is what gevent, asyncio and
Redis stand on.
"""

import select
import socket

from loadtest.models.entry import BACKLOG, CHUNK_BYTES, HOST, Served, served


def serve(model: Served) -> None:
    with (
        socket.create_server((HOST, model.port), backlog=BACKLOG) as listener,
        select.epoll() as epoll,
    ):
        listener.setblocking(False)
        epoll.register(listener, select.EPOLLIN)
        clients: dict[int, socket.socket] = {}
        unsent: dict[int, bytes] = {}
        while True:
            for fd, _event in epoll.poll():
                if fd == listener.fileno():
                    sock, _address = listener.accept()
                    sock.setblocking(False)
                    clients[sock.fileno()] = sock
                    epoll.register(sock, select.EPOLLIN)
                elif fd in unsent:
                    if not (rest := send(clients[fd], unsent.pop(fd))):
                        epoll.modify(fd, select.EPOLLIN)
                    else:
                        unsent[fd] = rest
                elif not (data := answer(clients[fd], model)):
                    epoll.unregister(fd)
                    clients.pop(fd).close()
                elif rest := send(clients[fd], data):
                    # Whoever does not read its answers is not read from either.
                    unsent[fd] = rest
                    epoll.modify(fd, select.EPOLLOUT)


def answer(sock: socket.socket, model: Served) -> bytes:
    """The reply to what came, or nothing when the client is gone."""
    try:
        return model.reply(sock.recv(CHUNK_BYTES))
    except OSError:
        return b""


def send(sock: socket.socket, data: bytes) -> bytes:
    """Send what the kernel takes and return the rest."""
    try:
        return data[sock.send(data) :]
    except BlockingIOError:
        return data
    except OSError:
        return b""  # the next read says so too, and that is where it is closed


if __name__ == "__main__":
    serve(served())
