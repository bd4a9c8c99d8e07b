"""The fan-out load holds a chat server to what it owes: each line, once, to each member."""

import sys
from pathlib import Path

import pytest

from loadtest.compare.child import free_port, running
from loadtest.compare.cores import pick
from loadtest.compare.errors import RowFailed
from loadtest.compare.fanout import Fanout, measure
from loadtest.compare.joining import enter, join
from loadtest.compare.rooms import MARKER, NAIVE, Step

# A chat server in one thread, right except for what `deliver` does to the nth line.
SERVER = """
import select, socket, sys
port, fault = int(sys.argv[1]), sys.argv[2]
listener = socket.create_server(("127.0.0.1", port), backlog=99)
poll, members, nth = select.epoll(), {}, 0
poll.register(listener)
while True:
    for fd, _ in poll.poll():
        if fd == listener.fileno():
            sock = listener.accept()[0]
            members[sock.fileno()] = sock
            poll.register(sock, select.EPOLLIN)
            sock.sendall(b"joined\\n" if fault != "deaf" else b"who are you\\n")
            continue
        try:
            data = members[fd].recv(65536)
        except ConnectionError:  # whoever asked whether we listen left without reading
            data = b""
        if not data:
            poll.unregister(fd)
            members.pop(fd).close()
        else:
            for line in data.splitlines(keepends=True):
                nth += 1
                copies = {"loses": nth != 5, "doubles": 1 + (nth == 5)}.get(fault, 1)
                if fault == "dies" and nth == 5:
                    sys.exit(9)
                for other, sock in members.items():
                    if other != fd:
                        sock.sendall(line * copies)
"""


def serving(fault: str, tmp_path: Path):
    port = free_port()
    command = [sys.executable, "-c", SERVER, str(port), fault]
    return running(command, port, pick(), tmp_path, tmp_path / "stderr")


def run(fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, float]:
    monkeypatch.setattr("loadtest.compare.fanout.STALL_SECONDS", 0.3)
    with serving(fault, tmp_path) as child:
        members, senders = enter(child, NAIVE, 5, 2)
        load = Fanout(NAIVE, members, senders)
        try:
            load.settle()
            figure = measure(child, load, 4, 0.1)
            return load.delivered - load.sent * 5, figure.value
        finally:
            load.close()


def test_a_faithful_server_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    surplus, rate = run("none", tmp_path, monkeypatch)
    assert surplus == 0
    assert rate > 0


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("loses", "deliveries came"),
        # Whichever is noticed first: too many in all, or twice at the witness.
        ("doubles", "deliveries came|exactly once"),
        ("dies", "closed|ended|lost"),
    ],
)
def test_a_faithless_server_fails(
    fault: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(RowFailed, match=words):
        run(fault, tmp_path, monkeypatch)


def test_members_that_are_never_let_in_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loadtest.compare.joining.JOIN_SECONDS", 0.2)
    with serving("deaf", tmp_path) as child, pytest.raises(RowFailed, match="only 0 of 3"):
        join(child, (Step("", b"joined\n"),), 3)


@pytest.mark.parametrize("number", [0, 7, 123_456, 99_999_999])
def test_lines_have_64_bytes_and_one_marker(number: int) -> None:
    line = NAIVE.line(number)
    assert len(line) == 64
    assert line.count(MARKER) == 1
    assert line.startswith(b"%d. the quick" % number)
