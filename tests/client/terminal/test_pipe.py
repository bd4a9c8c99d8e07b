"""Standard input into a room of a real server."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

import pytest

from geventchat.client.terminal.address import Address
from geventchat.client.terminal.caller import Caller, Wish
from geventchat.client.terminal.errors import ConnectionLost, NotTaken, WrongPassword
from geventchat.client.terminal.link import Door
from geventchat.client.terminal.pipe import Input, run_pipe, shown_of
from geventchat.client.terminal.tls import Tls, context_of
from tests.client.terminal.between import Between
from tests.conftest import Serve
from tests.line_client import LineClient
from tests.running import Running


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"plain", "plain"),
        (b"  indented \t\r", "  indented"),
        (b"\x1b[31;1mred\x1b[0m \x1b]0;title\x07ok\x1b(B", "red ok(B"),
        (b"10%\r50%\r100% done", "100% done"),
        (b"a\tb", "a       b"),
        (b"caf\xe9 \xc3\xa9", "caf\ufffd é"),
        (b"nul\0 bell\x07 rtl\xe2\x80\xae", "nul bell rtl"),
        (b"\r", ""),
        (b" \x1b[0m ", ""),
    ],
)
def test_a_line_as_a_terminal_would_show_it(raw: bytes, shown: str) -> None:
    assert shown_of(raw) == shown


@pytest.fixture
def ends() -> Iterator[tuple[int, int]]:
    """Where to read what is written, and where to write it."""
    read, write = os.pipe()
    yield read, write
    for descriptor in (read, write):
        try:
            os.close(descriptor)
        except OSError:
            pass  # The test has closed it.


def test_lines_are_numbered_as_they_were_written(ends: tuple[int, int]) -> None:
    source = Input(ends[0])
    os.write(ends[1], b"one\n\n  \nfo")
    source.read()
    assert [source.next(), source.next()] == [(1, "one"), (0, "")]
    os.write(ends[1], b"ur")
    source.read()
    assert source.next() == (0, "")
    os.close(ends[1])
    source.read()
    assert source.is_at_end
    assert source.next() == (4, "four")


class Piped:
    """A run of the pipe: its exit code, and what it said."""

    def __init__(self, port: int, text: str, *rooms: str, nick: str = "ci", password: str = ""):
        self.complaints: list[str] = []
        self.printed: list[str] = []
        door = Door(Address("127.0.0.1", port), Tls.OFF, context_of(), bool(password))
        caller = Caller(door, Wish(nick, rooms, password))
        read, write = os.pipe()
        writer = threading.Thread(target=self._write, args=(write, text))
        writer.start()
        try:
            self.code = run_pipe(caller, read, self.complaints.append, self.printed.append)
        finally:
            os.close(read)
            writer.join()

    def _write(self, write: int, text: str) -> None:
        with os.fdopen(write, "wb", buffering=0) as file:
            try:
                file.write(text.encode())
            except BrokenPipeError:
                pass  # It has ended before it was through.


def history(line_client: LineClient, room: str) -> list[str]:
    """What was said there, without times."""
    line_client.ask(f"/join {room}")
    lines = line_client.ask("/history 500")
    return [line.partition("> ")[2] for line in lines if "<" in line]


def test_every_line_is_in_the_room_in_order(server: Running) -> None:
    text = "".join(f"line {n}\n" for n in range(200))
    done = Piped(server.port, f"{text}\n\nlast without an end", "#ci")
    assert (done.code, done.complaints) == (0, [])
    expected = [*(f"line {n}" for n in range(200)), "last without an end"]
    assert history(server.line_client(), "#ci") == expected
    assert [line.partition("> ")[2] for line in done.printed] == expected


def test_lines_of_any_length(server: Running) -> None:
    words = "wörter " * 500
    done = Piped(server.port, f"{words}\n{'x' * 9000}\n", "#long")
    assert done.code == 0
    said = history(server.line_client(), "#long")
    assert said[0] == words.rstrip()
    assert "".join(said[1:]) == "x" * 9000


def test_nothing_to_say_is_said_well(server: Running) -> None:
    done = Piped(server.port, "", "#ci")
    assert (done.code, done.complaints) == (0, [])


def test_without_a_room_it_is_the_lobby(server: Running) -> None:
    bob = server.line_client("bob")
    assert Piped(server.port, "hello lobby\n").code == 0
    bob.expect(r"\[\d\d:\d\d\] <ci> hello lobby")


def test_the_lobby_may_have_another_name(serve: Serve) -> None:
    for how in ("tell", "join"):
        server = serve("--lobby", "#home", "--database", "none", "--irc-on-connect", how)
        bob = server.line_client("bob")
        assert Piped(server.port, "hello\n").code == 0
        bob.expect(r"\[\d\d:\d\d\] <ci> hello")


def test_a_nick_in_use_is_told_and_another_taken(server: Running) -> None:
    bob = server.line_client("ci")
    done = Piped(server.port, "hi\n", "#lobby")
    assert (done.code, done.complaints) == (0, ["ci cannot be had; speaking as ci_"])
    bob.expect(r"\[\d\d:\d\d\] <ci_> hi")


def test_lines_that_are_refused_are_named(server: Running) -> None:
    op = server.line_client("op")
    op.ask("/join #quiet", "/moderate")
    done = Piped(server.port, "one\n\nthree\n", "#quiet")
    assert done.code == 1
    why = "was not sent: Cannot send to channel: it is moderated"
    assert done.complaints == [f"line 1 {why}", f"line 3 {why}"]


@pytest.mark.parametrize(
    ("guard", "why"),
    [("/ban ci", "You are banned from #club."), ("/lock sesame", "#club is locked: /join")],
)
def test_a_room_that_is_closed(server: Running, guard: str, why: str) -> None:
    op = server.line_client("op")
    op.ask("/join #club", guard)
    with pytest.raises(NotTaken, match=why):
        Piped(server.port, "hello\n", "#club")
    op.ask("/unlock", "/unban ci")


def test_a_room_with_its_key(server: Running) -> None:
    op = server.line_client("op")
    op.ask("/join #vault", "/lock sesame")
    assert Piped(server.port, "hello\n", "#vault sesame").code == 0
    assert any(line.endswith("<ci> hello") for line in op.ask("/history 1"))


def test_a_server_with_a_password(serve: Serve) -> None:
    server = serve("--password", "let me in")
    with pytest.raises(WrongPassword):
        Piped(server.port, "hi\n")
    with pytest.raises(WrongPassword):
        Piped(server.port, "hi\n", password="wrong")
    assert Piped(server.port, "hi\n", password="let me in").code == 0


@pytest.mark.parametrize("to_server", [400, 900, 3000])
def test_cut_on_the_way_there(server: Running, to_server: int) -> None:
    """What was confirmed is there; of what is there at most the window was not confirmed."""
    room = f"#there{to_server}"
    text = "".join(f"line {n}\n" for n in range(1, 301))
    with (
        Between(server.port, to_server=to_server) as between,
        pytest.raises(ConnectionLost) as caught,
    ):
        Piped(between.port, text, room)
    check_account(str(caught.value), history(server.line_client(), room))


@pytest.mark.parametrize("to_client", [5000, 8000, 15000])
def test_cut_on_the_way_back(server: Running, to_client: int) -> None:
    room = f"#back{to_client}"
    text = "".join(f"line {n}\n" for n in range(1, 301))
    with (
        Between(server.port, to_client=to_client) as between,
        pytest.raises(ConnectionLost) as caught,
    ):
        Piped(between.port, text, room)
    check_account(str(caught.value), history(server.line_client(), room))


def check_account(account: str, said: list[str]) -> None:
    """That it says no more of a line than what is true."""
    assert account.startswith("connection lost (")
    words = account.partition("): ")[2].split()
    sure = int(words[0])
    assert said[:sure] == [f"line {n}" for n in range(1, sure + 1)]
    assert said == [f"line {n}" for n in range(1, len(said) + 1)]
    if "first" in words:
        assert int(words[words.index("line") + 1]) == sure + 1


def test_who_is_put_out_of_the_room_waits_no_longer(server: Running, ends: tuple[int, int]) -> None:
    """The other end of the pipe is still open: more could come, and nobody would take it."""
    op = server.line_client("op")
    op.ask("/join #ci")
    door = Door(Address("127.0.0.1", server.port), Tls.OFF, context_of(), False)
    caller = Caller(door, Wish("ci", ("#ci",)))
    os.write(ends[1], b"one\n")

    def kick(line: str) -> None:
        if line.endswith("<ci> one"):
            op.ask("/kick ci enough")

    why = r"put out of #ci by op \(enough\): 1 of 1 lines read so far are confirmed"
    with pytest.raises(NotTaken, match=why):
        run_pipe(caller, ends[0], print, kick)
