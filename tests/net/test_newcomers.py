"""Newcomers who are silent: when the others are told that they are here."""

from __future__ import annotations

import gevent

from tests.net.chat_server import PONG, WELCOMED, serving, until

SILENCE_S = 0.02


def test_only_who_stays_or_speaks_is_announced() -> None:
    with serving(detection_silence_s=SILENCE_S, announce_after_s=1.0) as server:
        witness = server.person()
        witness.sendall(b"/nick witness\r\n/ping\r\n")
        until(witness, PONG)
        scans = [server.call() for _ in range(5)]
        for scan in scans:
            until(scan, WELCOMED)
            scan.close()
        asks, telnet = server.call(), server.call()
        asks.sendall(b"/who\r\n")  # At once, so there is no first line to wait for.
        telnet.sendall(b"\xff\xfd\x03")
        until(asks, WELCOMED)
        until(telnet, WELCOMED)
        silent = server.person()
        heard = until(witness, b"joined #lobby. (4 here)\r\n")
        assert sorted(line.split()[1] for line in heard.splitlines()) == [
            *(b"guest7", b"guest8", b"guest9"),
        ]
        for client in (witness, asks, telnet, silent):
            client.close()


def test_who_cannot_be_announced_yet_is_announced_later() -> None:
    with serving(detection_silence_s=SILENCE_S, announce_after_s=0.1) as server:
        witness, silent = server.person(), server.call()
        witness.sendall(b"/nick witness\r\n/ping\r\n")
        until(witness, PONG)
        until(silent, WELCOMED)
        server.disk.write_error = "disk full"
        gevent.sleep(0.25)
        server.disk.write_error = ""
        assert until(witness, b"joined #lobby. (2 here)\r\n").count(b"joined") == 1
        witness.close()
        silent.close()
