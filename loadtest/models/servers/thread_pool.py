"""A fixed number of threads. The client after the last free one waits without a word.

The bound protects the machine, and 32 silent clients take the whole server: a pool fits
short requests, not conversations.
"""

import socket
from concurrent.futures import ThreadPoolExecutor

from loadtest.models.entry import BACKLOG, CHUNK_BYTES, HOST, Served, served

THREADS = 32


def serve(model: Served) -> None:
    with (
        socket.create_server((HOST, model.port), backlog=BACKLOG) as listener,
        ThreadPoolExecutor(THREADS) as pool,
    ):
        while True:
            sock, _address = listener.accept()
            pool.submit(talk, sock, model)


def talk(sock: socket.socket, model: Served) -> None:
    with sock:
        try:
            while data := sock.recv(CHUNK_BYTES):
                sock.sendall(model.reply(data))
        except OSError:
            pass  # the client went away; nothing is owed to it


if __name__ == "__main__":
    serve(served())
