"""As the `select` loop, by descriptor number: `poll` has no upper limit.

The kernel still looks at every registered socket each time it is asked.
"""

import select
import socket

from loadtest.models.entry import BACKLOG, CHUNK_BYTES, HOST, Served, served


def serve(model: Served) -> None:
    with socket.create_server((HOST, model.port), backlog=BACKLOG) as listener:
        listener.setblocking(False)
        poll = select.poll()
        poll.register(listener, select.POLLIN)
        clients: dict[int, socket.socket] = {}
        unsent: dict[int, bytes] = {}
        while True:
            for fd, _event in poll.poll():
                if fd == listener.fileno():
                    sock, _address = listener.accept()
                    sock.setblocking(False)
                    clients[sock.fileno()] = sock
                    poll.register(sock, select.POLLIN)
                elif data := unsent.pop(fd, b"") or answer(clients[fd], model):
                    rest = send(clients[fd], data)
                    if rest:
                        unsent[fd] = rest
                    # Whoever does not read its answers is not read from either.
                    poll.modify(fd, select.POLLOUT if rest else select.POLLIN)
                else:
                    poll.unregister(fd)
                    clients.pop(fd).close()


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
