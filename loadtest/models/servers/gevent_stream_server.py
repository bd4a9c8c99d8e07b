"""gevent's StreamServer: a greenlet per client, written as if it were a thread."""

from gevent import socket
from gevent.server import StreamServer

from loadtest.models.entry import BACKLOG, CHUNK_BYTES, HOST, Served, served


def serve(model: Served) -> None:
    def client(sock: socket.socket, _address: object) -> None:
        try:
            while data := sock.recv(CHUNK_BYTES):
                sock.sendall(model.reply(data))
        except OSError:
            pass  # the client went away; nothing is owed to it

    StreamServer((HOST, model.port), client, backlog=BACKLOG).serve_forever()


if __name__ == "__main__":
    serve(served())
