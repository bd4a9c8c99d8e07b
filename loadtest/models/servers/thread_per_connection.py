"""A thread for every client: the blocking code unchanged, and the kernel takes turns.

Each thread costs a stack and a place in the scheduler, and Python lets one of them
compute at a time. Nothing here bounds their number: the next model does.
"""

import socket
import threading

from loadtest.models.entry import BACKLOG, CHUNK_BYTES, HOST, Served, served


def serve(model: Served) -> None:
    with socket.create_server((HOST, model.port), backlog=BACKLOG) as listener:
        while True:
            sock, _address = listener.accept()
            # Daemons, so that clients who stay do not keep the server from ending.
            threading.Thread(target=talk, args=(sock, model), daemon=True).start()


def talk(sock: socket.socket, model: Served) -> None:
    with sock:
        try:
            while data := sock.recv(CHUNK_BYTES):
                sock.sendall(model.reply(data))
        except OSError:
            pass  # the client went away; nothing is owed to it


if __name__ == "__main__":
    serve(served())
