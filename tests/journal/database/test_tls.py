"""TLS without a socket of `ssl`: what goes in comes out on the other side."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator

import pytest

from geventchat.journal.database.tls import TlsSocket, Wrapping
from tests.client.terminal.between import CERTIFICATE
from tests.line_client import HANG_S

# More than one record has, and more than the kernel takes at once.
MUCH = bytes(range(256)) * 4096


@pytest.fixture
def ours() -> Iterator[socket.socket]:
    """One end of a connection; at the other, what was sent is sent back, and then it ends."""
    end, theirs = socket.socketpair()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)

    def echo() -> None:
        with context.wrap_socket(theirs, server_side=True, do_handshake_on_connect=False) as sock:
            try:
                sock.do_handshake()
                left = len(MUCH)
                while left and (data := sock.recv(65_536)):
                    left -= len(data)
                    sock.sendall(data)
                sock.unwrap()
            except OSError:
                pass  # Our end was closed: it had seen enough.

    end.settimeout(HANG_S)
    thread = threading.Thread(target=echo)
    thread.start()
    yield end
    end.close()
    thread.join(HANG_S)


def test_what_is_sent_comes_back(ours: socket.socket) -> None:
    context = ssl.create_default_context(cafile=CERTIFICATE)
    sock = Wrapping(context).wrap_socket(ours, "localhost")
    sock.settimeout(HANG_S)
    back = bytearray()
    file = sock.makefile("rb")
    for start in range(0, len(MUCH), 32_768):
        sock.sendall(MUCH[start : start + 32_768])
        back += file.read(32_768)
    assert back == MUCH
    assert file.read(1) == b""
    sock.close()


def test_a_certificate_that_does_not_hold(ours: socket.socket) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        TlsSocket(ours, ssl.create_default_context(), "localhost")
