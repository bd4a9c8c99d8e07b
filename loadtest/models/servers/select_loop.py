"""One thread that asks `select` which sockets have something, over and over.

Works everywhere. The whole list goes to the kernel and back each time, and no descriptor
above 1023 fits in it.
"""

import select
import socket

from loadtest.models.entry import BACKLOG, CHUNK_BYTES, HOST, Served, served


def serve(model: Served) -> None:
    with socket.create_server((HOST, model.port), backlog=BACKLOG) as listener:
        listener.setblocking(False)
        reading = {listener}
        unsent: dict[socket.socket, bytes] = {}
        while True:
            # Whoever leaves us no room to write is not read from: its answers would pile up.
            readable, writable, _ = select.select(reading - unsent.keys(), unsent, [])
            for sock in readable:
                if sock is listener:
                    reading.add(accept(listener))
                elif data := receive(sock):
                    send(sock, model.reply(data), unsent)
                else:
                    reading.discard(sock)
                    sock.close()
            for sock in writable:
                send(sock, unsent.pop(sock), unsent)


def accept(listener: socket.socket) -> socket.socket:
    sock, _address = listener.accept()
    sock.setblocking(False)
    return sock


def receive(sock: socket.socket) -> bytes:
    """What came, or nothing when the client is gone."""
    try:
        return sock.recv(CHUNK_BYTES)
    except OSError:
        return b""


def send(sock: socket.socket, data: bytes, unsent: dict[socket.socket, bytes]) -> None:
    """Send what the kernel takes; keep the rest until it takes more."""
    try:
        sent = sock.send(data)
    except BlockingIOError:
        sent = 0
    except OSError:
        return  # the next read says so too, and that is where it is closed
    if sent < len(data):
        unsent[sock] = data[sent:]


if __name__ == "__main__":
    serve(served())
