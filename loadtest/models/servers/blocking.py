"""One client at a time. While the first one stays, all others wait in the kernel's queue."""

import socket

from loadtest.models.entry import BACKLOG, CHUNK_BYTES, HOST, Served, served


def serve(model: Served) -> None:
    with socket.create_server((HOST, model.port), backlog=BACKLOG) as listener:
        while True:
            sock, _address = listener.accept()
            with sock:
                talk(sock, model)


def talk(sock: socket.socket, model: Served) -> None:
    try:
        while data := sock.recv(CHUNK_BYTES):
            sock.sendall(model.reply(data))
    except OSError:
        pass  # the client went away; the next one is waiting


if __name__ == "__main__":
    serve(served())
