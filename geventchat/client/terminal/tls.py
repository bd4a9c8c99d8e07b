"""Encryption: when it is tried, what must be true of it, and what is not a reason to do without."""

from __future__ import annotations

import socket
import ssl
from enum import Enum

from geventchat.client.terminal.errors import (
    NotEncrypted,
    Unreachable,
    Untrusted,
    UsageError,
)


class Tls(Enum):
    """When to encrypt. AUTO tries it first, and does without where the server has none."""

    AUTO = "auto"
    ON = "on"
    OFF = "off"


# Who sends an alert speaks TLS, and does not want to with us; other answers are not of TLS.
_ALERT = "ALERT"


def context_of(verify: bool = True, cafile: str = "") -> ssl.SSLContext:
    """What to ask of a server's certificate. Raises UsageError for a file that will not do."""
    try:
        context = ssl.create_default_context(cafile=cafile or None)
    except (OSError, ssl.SSLError) as error:
        reason = error.strerror if type(error) is not ssl.SSLError else "no certificates in it"
        raise UsageError(f"--cafile {cafile}: {reason or error}") from None
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def encrypted(sock: socket.socket, context: ssl.SSLContext, host: str) -> ssl.SSLSocket:
    """Shake hands, within the socket's timeout.

    Raises Untrusted for a certificate that does not hold, NotEncrypted when the other end
    does not speak TLS. The socket is closed then.
    """
    try:
        return context.wrap_socket(sock, server_hostname=host)
    except ssl.SSLCertVerificationError as error:
        sock.close()
        raise Untrusted(
            f"the certificate of {host} does not hold: {error.verify_message}"
            " (--cafile FILE to trust another authority, --no-verify to trust anybody)"
        ) from None
    except ssl.SSLError as error:
        sock.close()
        if _ALERT in (error.reason or ""):
            raise Untrusted(f"TLS with {host} failed: {error.reason}") from None
        raise NotEncrypted(f"{host} does not speak TLS") from None
    except OSError as error:
        # Hung up on, reset, or silence: a server that does not know what a TLS hello is.
        sock.close()
        raise NotEncrypted(f"{host} does not speak TLS ({error.strerror or error})") from None
    except ValueError as error:  # A host that can be in no certificate.
        sock.close()
        raise Unreachable(f"{host}: {error}") from None
