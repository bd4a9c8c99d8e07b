import errno
import socket

import pytest

from loadtest.blocking_socket import NAP_NS, BlockingSocket, kind_of
from loadtest.errors import ClientFailure, ErrorKind


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ConnectionRefusedError(), ErrorKind.REFUSED),
        (ConnectionResetError(), ErrorKind.RESET),
        (BrokenPipeError(), ErrorKind.RESET),
        (TimeoutError(), ErrorKind.TIMEOUT),
        (BlockingIOError(errno.EAGAIN, "SO_SNDTIMEO ran out"), ErrorKind.TIMEOUT),
        (socket.gaierror(-2, "no such name"), ErrorKind.UNREACHABLE),
        (OSError(errno.EMFILE, "too many open files"), ErrorKind.UNREACHABLE),
    ],
)
def test_every_error_has_a_name(error: OSError, kind: ErrorKind) -> None:
    assert kind_of(error) is kind


def test_a_conversation() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        sock = BlockingSocket(*listener.getsockname())
        peer, _ = listener.accept()
        assert sock.read(1_000_000) == b""
        assert sock.read(NAP_NS) == b""
        sock.send(b"hello\n")
        assert peer.recv(100) == b"hello\n"
        peer.sendall(b"hi")
        assert sock.read(NAP_NS) == b"hi"
        with pytest.raises(ClientFailure, match="timeout"):
            sock.read_by(0)
        peer.close()
        with pytest.raises(ClientFailure, match="closed"):
            sock.read(NAP_NS)
        sock.close()
