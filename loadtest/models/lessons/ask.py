"""Asks for a line, sends it, shows the answer, until you press Ctrl-D.

For the servers of `loadtest.models.servers`, which answer each line with a line. A chat
server speaks without being asked: `geventchat connect` reads and writes at the same time.
"""

import argparse
import socket
import sys


def converse(host: str, port: int) -> None:
    with socket.create_connection((host, port), timeout=10) as sock, sock.makefile("rb") as answers:
        while True:
            try:
                line = input(">>: ")
            except EOFError:
                return
            sock.sendall(line.encode() + b"\n")
            # One send is not one receive: an answer ends with its line feed.
            answer = answers.readline()
            if not answer.endswith(b"\n"):
                sys.exit("the server closed the connection")
            print(answer.decode(errors="replace").rstrip("\n"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("--host", default="127.0.0.1")
    given = parser.parse_args()
    try:
        converse(given.host, given.port)
    except OSError as why:
        sys.exit(f"{given.host}:{given.port}: {why}")
    except KeyboardInterrupt:
        sys.exit(130)
