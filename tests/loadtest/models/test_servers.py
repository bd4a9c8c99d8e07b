"""Every model is a server of its own: started, spoken to by three clients, and stopped."""

import os
import signal
import socket
import subprocess
import time
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from loadtest.compare.child import Child, free_port, running
from loadtest.compare.cores import pick
from loadtest.compare.errors import Missing
from loadtest.compare.targets import Target, models, pages, servers


def installed(targets: list[Target]) -> list[Target]:
    def there(target: Target) -> bool:
        try:
            target.check_installed()
        except Missing:
            return False
        return True

    return [one for one in targets if there(one)]


MODELS = installed(servers())
ONE_AT_A_TIME = "one client at a time"


def started(model: Target, tmp_path: Path) -> AbstractContextManager[Child]:
    port = free_port()
    command = model.command(port, tmp_path)
    return running(command, port, pick(), model.home or tmp_path, tmp_path / "stderr")


def connected(child: Child) -> socket.socket:
    return socket.create_connection(child.address, timeout=10)


def answer(sock: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size and (more := sock.recv(size - len(data))):
        data += more
    return data


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_three_clients_get_their_own_bytes_in_upper_case_and_it_stops(
    model: Target, tmp_path: Path
) -> None:
    with started(model, tmp_path) as child:
        at_once = 1 if model.name == ONE_AT_A_TIME else 3
        for group in ([0, 1, 2][start : start + at_once] for start in range(0, 3, at_once)):
            clients = {number: connected(child) for number in group}
            for number, sock in clients.items():
                sock.sendall(b"hello from %d, " % number)
            for sock in clients.values():  # the rest byte by byte
                for byte in b"over and out\n":
                    sock.sendall(bytes([byte]))
            for number, sock in clients.items():
                expected = b"HELLO FROM %d, OVER AND OUT\n" % number
                assert answer(sock, len(expected)) == expected
                sock.close()
        child.process.send_signal(signal.SIGTERM)
        assert child.process.wait(5) in (0, -signal.SIGTERM, 128 + signal.SIGTERM)
        assert _left_behind(child.process.pid) == []


def _left_behind(session: int) -> list[str]:
    deadline = time.monotonic() + 3
    while time.monotonic() < deadline:
        listed = subprocess.run(
            ["ps", "-o", "stat=,args=", "-s", str(session)],
            capture_output=True,
            check=False,
            text=True,
        )
        # What has ended and only waits for its parent to look is not left behind.
        left = [line for line in listed.stdout.splitlines() if line[:1] != "Z"]
        if not left:
            break
        time.sleep(0.02)
    return left


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_a_client_that_vanishes_harms_nobody(model: Target, tmp_path: Path) -> None:
    with started(model, tmp_path) as child:
        rude = connected(child)
        rude.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        rude.sendall(b"x" * 1000)
        rude.close()  # a reset, with the answer still on its way
        with connected(child) as sock:
            sock.sendall(b"still there?")
            assert answer(sock, 12) == b"STILL THERE?"


def test_echo_leaves_the_case_alone(tmp_path: Path) -> None:
    (model,) = (one for one in servers("--echo") if one.name == "epoll")
    with started(model, tmp_path) as child, connected(child) as sock:
        sock.sendall(b"As It Is")
        assert answer(sock, 8) == b"As It Is"


@pytest.mark.parametrize("model", installed(models("--computing")), ids=lambda model: model.name)
def test_every_model_computes_when_told_to(model: Target, tmp_path: Path) -> None:
    with started(model, tmp_path) as child, connected(child) as sock:
        for asked in (b"compute 1\n", b"fox\n"):
            sock.sendall(asked)
            assert answer(sock, len(asked)) == asked.upper()


@pytest.mark.parametrize("model", installed(pages()), ids=lambda model: model.name)
def test_http_models_serve_the_same_document(model: Target, tmp_path: Path) -> None:
    with started(model, tmp_path) as child, connected(child) as sock:
        for _ in range(2):  # on a connection that stays open
            sock.sendall(b"GET /fox HTTP/1.1\r\nHost: localhost\r\n\r\n")
            data = b""
            while not data.endswith(b"}"):
                more = sock.recv(4096)
                assert more
                data += more
            assert data.startswith(b"HTTP/1.1 200 ")
            body = data.partition(b"\r\n\r\n")[2].replace(b" ", b"")
            assert body == b'{"name":"fox","length":3,"upper":"FOX"}'


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    (model,) = (one for one in servers() if one.name == "epoll")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = subprocess.run(
            model.command(port, tmp_path),
            cwd=model.home,
            capture_output=True,
            check=False,
            timeout=10,
            env={**os.environ},
        )
    assert ended.returncode == 1
    assert b"Address already in use" in ended.stderr
