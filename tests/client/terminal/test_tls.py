"""Encryption: what must hold of a certificate, and what is not TLS at all."""

from __future__ import annotations

import socket
import ssl
from pathlib import Path

import pytest

from geventchat.client.terminal.errors import NotEncrypted, Untrusted, UsageError
from geventchat.client.terminal.tls import context_of, encrypted
from tests.client.terminal.between import CERTIFICATE, Between, Listener, says


def shake(port: int, context: ssl.SSLContext, host: str = "localhost") -> str | None:
    """Connect and shake hands; the version of TLS that both agreed on."""
    sock = socket.create_connection(("127.0.0.1", port), 10)
    with encrypted(sock, context, host) as inside:
        return inside.version()


def test_a_certificate_one_was_told_to_trust() -> None:
    with Listener(says(b"")) as server, Between(server.port, tls=True) as between:
        assert shake(between.port, context_of(cafile=CERTIFICATE)) == "TLSv1.3"
        assert shake(between.port, context_of(verify=False)) == "TLSv1.3"


def test_certificates_that_do_not_hold() -> None:
    with Listener(says(b"")) as server, Between(server.port, tls=True) as between:
        with pytest.raises(Untrusted, match=r"does not hold: self.signed certificate .--cafile"):
            shake(between.port, context_of())
        with pytest.raises(Untrusted, match=r"does not hold: .*other\.example"):
            shake(between.port, context_of(cafile=CERTIFICATE), "other.example")


def test_who_speaks_tls_and_does_not_agree_is_not_asked_in_clear() -> None:
    context = context_of()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with (
        Listener(says(b"")) as server,
        Between(server.port, tls=True, oldest="1.3") as between,
        pytest.raises(Untrusted, match=r"TLS with localhost failed: .*ALERT"),
    ):
        shake(between.port, context)


@pytest.mark.parametrize(
    ("said", "then"),
    [
        (b"", "closes"),
        (b"Welcome to geventchat.\r\n", "waits"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "closes"),
        (b"SSH-2.0-x\r\n", "waits"),
        (b"", "echoes"),
    ],
)
def test_what_does_not_speak_tls(said: bytes, then: str) -> None:
    with (
        Listener(says(said, then)) as server,
        pytest.raises(NotEncrypted, match="speak TLS"),
    ):
        shake(server.port, context_of())


def test_silence_is_not_tls_either() -> None:
    with Listener(says(b"")) as server:
        sock = socket.create_connection(("127.0.0.1", server.port), 0.1)
        with pytest.raises(NotEncrypted):
            encrypted(sock, context_of(), "localhost")


def test_files_that_hold_no_certificates(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"--cafile nowhere\.pem: No such file"):
        context_of(cafile="nowhere.pem")
    path = tmp_path / "x.pem"
    path.write_text("hello")
    with pytest.raises(UsageError, match="no certificates in it"):
        context_of(cafile=str(path))
