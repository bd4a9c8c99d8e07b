"""What other programs send first, and at which paces."""

import ssl
from dataclasses import dataclass

TLS_HELLOS = 12
WHOLE, HALVES, BYTES, LATE = "at once", "in halves", "byte by byte", "after a silence"
HALF_LATER_S = 5.5
BYTE_LATER_S = 0.04
LATE_S = 1.2

TEXTS = {
    "SSH": b"SSH-2.0-OpenSSH_9.6\r\n",
    "SMTP": b"EHLO mail.example\r\nMAIL FROM:<a@b.example>\r\n",
    "HELO": b"HELO mail.example\r\n",
    "WEBIRC": b"WEBIRC gatewaypw kiwi host.example 203.0.113.9\r\n",
    "PASS": b"PASS hunter2\r\n",
    "PASS and more": b"PASS hunter2\r\nNICK web\r\nUSER w 0 * :w\r\n",
    "CAP": b"CAP LS 302\r\nPASS :hunter3\r\n",
    "STARTTLS": b"STARTTLS\r\n",
    "AUTHENTICATE": b"AUTHENTICATE PLAIN\r\n",
    "tagged CAP": b"@label=1 CAP LS 302\r\n",
    "prefixed NICK": b":me NICK web\r\n",
    "PROXY": b"PROXY TCP4 203.0.113.9 198.51.100.1 5000 443\r\n",
    "PROXY 2": b"\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x0c\x7f\x00\x00\x01\x7f\x00\x00\x01\x00P\x00P",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x12\x04\x00\n",
    "HTTP GET": b"GET /index.html HTTP/1.1\r\nHost: chat.example\r\n\r\n",
    "HTTP POST": b"POST / HTTP/1.1\r\nContent-Length: 19\r\n\r\nthe body as a line\n",
    "HTTP CONNECT": b"CONNECT example.com:443 HTTP/1.1\r\n\r\n",
    "RTSP": b"OPTIONS rtsp://a.example/b RTSP/1.0\r\nCSeq: 1\r\n\r\n",
    "SIP": b"OPTIONS sip:nm SIP/2.0\r\nVia: SIP/2.0/TCP nm;branch=foo\r\n\r\n",
    "M-SEARCH": b"M-SEARCH * HTTP/1.1\r\nHost: 239.255.255.250\r\n\r\n",
    "SMB": b"\x00\x00\x00\xa4\xff\x53\x4d\x42\x72\x00\x00\x00\x00\x08\x01\x40\n\x02NT LM\n",
    "RDP": b"\x03\x00\x00\x13\x0e\xe0\x00\x00\x00\x00\x00\x01\x00\x08\x00\x0b\x00\x0a\x00",
    "SOCKS": b"\x05\x01\x00\n\x04\x01\x00P\x7f\x00\x00\x01\x00\n",
}


@dataclass(frozen=True)
class Caller:
    """A connection: what it sends, and when (seconds from the start)."""

    name: str
    steps: tuple[tuple[float, bytes], ...]


def callers() -> list[Caller]:
    """Every program at every pace."""
    programs = dict(TEXTS)
    programs |= {f"TLS {number}": client_hello() for number in range(TLS_HELLOS)}
    return [
        Caller(f"{name}, {pace}", steps)
        for name, data in programs.items()
        for pace, steps in _paces(data).items()
    ]


def _paces(data: bytes) -> dict[str, tuple[tuple[float, bytes], ...]]:
    middle = min(8, len(data) // 2)
    letters = tuple((n * BYTE_LATER_S, data[n : n + 1]) for n in range(min(60, len(data))))
    rest = ((60 * BYTE_LATER_S, data[60:]),) if len(data) > 60 else ()
    return {
        WHOLE: ((0.0, data),),
        HALVES: ((0.0, data[:middle]), (HALF_LATER_S, data[middle:])),
        BYTES: letters + rest,
        LATE: ((LATE_S, data),),
    }


def client_hello() -> bytes:
    """The first bytes of a TLS client, random as they are; with a line end among them."""
    context = ssl.create_default_context()
    while True:
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = context.wrap_bio(incoming, outgoing, server_hostname="chat.example")
        try:
            tls.do_handshake()
        except ssl.SSLWantReadError:
            hello = outgoing.read()
            if b"\n" in hello:
                return hello
