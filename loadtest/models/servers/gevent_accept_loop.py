"""The gevent server by hand: patch, listen, accept in a loop, spawn a greenlet per client.

The same text without its first two statements, and with threads for `spawn`, is the thread
per connection. What `StreamServer` adds to this loop is told in
`docs/models/monkey-patching.md`.
"""

# ruff: noqa: E402  patching comes before every other import
from gevent import monkey

monkey.patch_all()

import socket

import gevent

from loadtest.models.entry import BACKLOG, CHUNK_BYTES, HOST, Served, served


def serve(model: Served) -> None:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # may start again at once
    listener.bind((HOST, model.port))
    listener.listen(BACKLOG)
    while True:
        sock, _address = listener.accept()  # looks blocking; here the others run
        gevent.spawn(talk, sock, model)


def talk(sock: socket.socket, model: Served) -> None:
    with sock:
        try:
            while data := sock.recv(CHUNK_BYTES):
                sock.sendall(model.reply(data))
        except OSError:
            pass  # the client went away; nothing is owed to it


if __name__ == "__main__":
    serve(served())
