"""What programs say first, and what people do. Shared by all who attack the door."""

from __future__ import annotations

PROXY_2 = b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\x7f\0\0\x01\x7f\0\0\x01\x1f\x90\x1f\x91"
TLS_HELLO = bytes.fromhex("16030100c8010000c40303") + b"\n secret \r\n".join([b"x" * 20] * 4)

# Taken as IRC, whenever they come.
IRC = {
    "webirc": b"WEBIRC gatewaypw kiwi host.example 203.0.113.9\r\n",
    "pass": b"PASS hunter2\r\n",
    "pass of several words": b"PASS :hunter 2\r\n",
    "cap": b"CAP LS 302\r\n",
    "nick": b"NICK bob\r\n",
    "user": b"USER bob 0 * :Bob\r\n",
    "starttls": b"STARTTLS\r\n",
    "authenticate": b"AUTHENTICATE PLAIN\r\n",
    "protoctl": b"PROTOCTL NAMESX\r\n",
    "quit": b"QUIT :gone\r\n",
    "quit alone": b"QUIT\n",
    "ping": b"PING :irc.example\r\n",
    "tagged": b"@label=1 CAP LS 302\r\n",
    "with a source": b":bob NICK bob\r\n",
    "blank lines first": b"\r\n\nCAP LS\r\n",
}
# Hung up on, whenever they come.
WRONG_PLACE = {
    "tls": TLS_HELLO,
    "ssl 2": b"\x80\x2e\x01\0\x02\0\x15\0\0\0\x10\n",
    "ssh": b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n",
    "smtp": b"EHLO mail.example\r\n",
    "smtp of old": b"HELO mail.example\r\n",
    "auth": b"AUTH hunter2\r\n",
    "proxy 1": b"PROXY TCP4 203.0.113.9 192.0.2.1 50000 8080\r\n",
    "proxy unknown": b"PROXY UNKNOWN\r\n",
    "proxy 2": PROXY_2,
    "rtsp": b"DESCRIBE rtsp://cam.example/1 RTSP/1.0\r\n",
    "sip": b"OPTIONS sip:nm SIP/2.0\r\n",
    "sip answer": b"SIP/2.0 200 OK\r\n",
    "http 2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "http": b"GET /path?a=b HTTP/1.1\r\nHost: chat.example\r\n",
    "http post": b"POST / HTTP/1.0\r\n\r\nbuy things\r\n",
    "http of any method": b"PROPFIND /a b HTTP/1.1\r\n",
    "http in lower case": b"post /form HTTP/1.1\r\n",
    "http 0.9": b"GET /\r\n",
    "http answer": b"HTTP/1.1 200 OK\r\n",
    "ssdp": b"M-SEARCH * HTTP/1.1\r\n",
    "icecast": b"SOURCE /live ICE/1.0\r\n",
    "shoutcast": b"ICY 200 OK\r\n",
    "redis": b"*1\r\n$4\r\nPING\r\n",
    "printer": b"@PJL INFO STATUS\r\n",
    "printer with escape": b"\x1b%-12345X@PJL INFO STATUS\r\n",
    "postscript": b"%!PS-Adobe-3.0\r\n",
    "socks 5": b"\x05\x01\0\nhello\n",
    "rdp": b"\x03\0\0\x13\x0e\xe0\0\0Cookie: mstshash=hello\r\n",
    "dns": b"\0\x1e\0\x06\x01\0\0\x01\0\0\nversion\n",
    "x11": b"l\0\x0b\0\0\0\0\0\n",
}
# Said as they are by whoever was welcomed, and by `nc` with a pipe.
PEOPLE = {
    "hello": b"hello\n",
    "no line end but CR": b"hello\r\0",
    "ping": b"ping?\n",
    "ping alone": b"ping\n",
    "shouting": b"PING?\n",
    "the salt": b"Pass the salt\n",
    "the salt in lower case": b"pass the salt\n",
    "quit": b"quit\n",
    "quit and more": b"Quit talking\n",
    "nickname": b"nickname\n",
    "user": b"user interfaces are hard\n",
    "smile": b":) hello\n",
    "to somebody": b"@bob are you here\n",
    "about protocols": b"I like HTTP/2 and RTSP\n",
    "get": b"get out\n",
    "GET": b"GET OUT\n",
    "greek": "γειά\n".encode(),
    "latin": b"caf\xe9\n",
    "a command": b"/who\n",
    "keys": b"\x1b[Ahello\n",
}
# Said by whoever was welcomed, but taken for IRC before.
LATE_PEOPLE = {
    "my name": b"NICK is my name\n",
    "lower case": b"nick bob\n",
    "password in lower case": b"pass hunter2\n",
    "in hand": b"CAP IN HAND\n",
    "to quit": b"QUIT TALKING ABOUT IT\n",
}
