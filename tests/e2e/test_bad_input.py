"""Bad input and bad luck: a clear line to whoever can act on it, the others undisturbed."""

from __future__ import annotations

import random
import re
import resource
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Serve
from tests.e2e.test_crash import kept_in
from tests.line_client import LineClient
from tests.net.first_lines import WRONG_PLACE
from tests.running import Running, geventchat

IAC, DO, WILL, SB, AYT = b"\xff", b"\xfd", b"\xfb", b"\xfa", b"\xf6"


@pytest.fixture
def witness(server: Running) -> Iterator[LineClient]:
    """Somebody in the room, to whom nothing of it must happen."""
    line_client = server.line_client("witness")
    line_client.ask()
    yield line_client
    assert line_client.ask("/names")[-1].startswith("-> ")
    assert "Traceback" not in server.errors


def pour(line_client: LineClient, data: bytes, times: int = 1) -> threading.Thread:
    """Send from a thread, as far as the server takes it."""

    def send() -> None:
        try:
            for _ in range(times):
                line_client.send_raw(data)
        except OSError:
            pass  # The server has closed, as it should.

    thread = threading.Thread(target=send)
    thread.start()
    return thread


def test_64_mib_without_a_newline(server: Running, witness: LineClient) -> None:
    caller = server.line_client("endless")
    pouring = pour(caller, b"x" * (1 << 20), 64)
    assert caller.rest() == ["-> Line too long and without an end. Closing."]
    caller.close()
    pouring.join()
    witness.expect(r"\*\*\* endless left \(line without an end\)\.")
    memory = Path(f"/proc/{server.process.pid}/statm")
    if memory.exists():
        assert int(memory.read_text().split()[1]) * resource.getpagesize() < 256 << 20


def test_1_mb_of_lines_too_long(server: Running, witness: LineClient) -> None:
    caller = server.line_client()
    caller.ask(*["x" * 5000] * 200)
    refused = [line for line in caller.heard if line.startswith("-> Line too long: 5,000 of 4,096")]
    assert len(refused) == 200
    assert [line for line in witness.ask() if "xxx" in line] == []


def test_garbage(server: Running, witness: LineClient) -> None:
    dice = random.Random(7)
    for _ in range(20):
        caller = server.line_client()
        garbage = bytes(dice.randrange(256) for _ in range(4000)).replace(b"\x04", b"")
        pouring = pour(caller, garbage + b"\n")
        pouring.join()
        caller.finish_sending()
        caller.sock.settimeout(30)
        while caller.sock.recv(65536):
            pass
        caller.close()
    for line in witness.ask():
        assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", line), line


@pytest.mark.parametrize(
    "raw", [b"\xff\xfe", b"caf\xe9", b"\xc3\x28", b"\xed\xa0\x80", b"\xf8\x88"]
)
def test_invalid_utf8_is_read_as_what_old_terminals_send(
    server: Running, witness: LineClient, raw: bytes
) -> None:
    caller = server.line_client("old")
    caller.send_raw(b"it is " + raw.replace(IAC, IAC + IAC) + b"\r\n")
    caller.ask()
    expected = raw.decode("cp1252").replace("\xad", "")  # A soft hyphen is not to be seen.
    (line,) = [line for line in witness.ask() if "it is" in line]
    assert line.endswith(f"<old> it is {expected}")


def test_a_storm_of_telnet_requests(server: Running, witness: LineClient) -> None:
    caller = server.line_client("stormy")
    witness.ask()
    storm = b"".join(IAC + verb + bytes([option]) for verb in (DO, WILL) for option in range(250))
    pouring = pour(caller, (storm + IAC + AYT) * 20, 50)
    pinging = threading.Thread(target=lambda: (pouring.join(), caller.send_raw(b"\r\n/ping\r\n")))
    pinging.start()
    answers = b""
    while b"-> pong" not in answers[-4096:]:
        piece = caller.sock.recv(65536)
        assert piece, answers[-200:]
        answers += piece
    pinging.join()
    # If each were answered, the answers would be longer than the questions.
    assert len(answers) < len(storm) * 20 * 50
    assert witness.ask() == []


def test_a_subnegotiation_that_never_ends(server: Running, witness: LineClient) -> None:
    caller = server.line_client("sub")
    pour(caller, IAC + SB + b"\x1f" + b"x" * (1 << 20)).join()
    caller.send_raw(IAC + b"\xf0")
    assert caller.ask("still here") == []
    witness.expect(r".*<sub> still here")


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"hello",
        b"hello\r\n",
        b"hello\r\n" * 500,
        b"/join #dev\r\n",
        b"/quit\r\n",
        b"/history 500\r\n" * 50,
        b"\xff\xfa\x1f",
    ],
)
def test_resets_at_every_point(server: Running, witness: LineClient, said: bytes) -> None:
    for welcomed in (False, True):
        for _ in range(5):
            caller = server.line_client() if welcomed else server.caller()
            caller.send_raw(said)
            caller.reset()
    witness.send("/away", "/back")
    witness.expect(r"\*\*\* witness is back\.")


def test_a_page_that_posts_into_the_room(server: Running, witness: LineClient) -> None:
    caller = server.caller()
    caller.send_raw(b"POST / HTTP/1.1\r\nHost: chat\r\n\r\nbuy things\r\n")
    caller.rest()
    assert [line for line in witness.ask() if "Services" in line or "buy" in line] == []


@pytest.mark.parametrize("late", [False, True])
def test_programs_in_the_wrong_place(server: Running, witness: LineClient, late: bool) -> None:
    callers = []
    for data in (*WRONG_PLACE.values(), b"WEBIRC secret gateway host 203.0.113.9\r\n"):
        caller = server.line_client() if late else server.caller()
        caller.send_raw(data)
        callers.append(caller)
    *wrong, webirc = callers
    for caller in wrong:
        # What a browser or a scanner is told is the welcome, if it was slow, and no more.
        assert [line for line in caller.rest() if line.startswith("-> ")] == []
    webirc.send("NICK bob", "USER bob 0 * :Bob", "QUIT")
    webirc.expect(r":\S+ 001 bob .*")
    assert [line for line in witness.ask() if "<" in line] == []


FULL_DISK = """
from pathlib import Path
from geventchat.__main__ import main
from sqlalchemy import Engine, event

@event.listens_for(Engine, "begin")
def limit(connection):
    pages = 1 if Path({flag!r}).exists() else 1 << 30
    connection.connection.execute(f"PRAGMA max_page_count = {{pages}}")

main()
"""
NOT_SENT = "-> Not saved: disk full. Your line was not sent."


@pytest.fixture
def flag(tmp_path: Path) -> Path:
    """While this file exists, SQLite gets not one page more."""
    return tmp_path / "full"


@pytest.fixture
def filling(serve: Serve, flag: Path) -> Running:
    return serve(command=("-c", FULL_DISK.format(flag=str(flag))))


def test_a_full_disk(serve: Serve, filling: Running, flag: Path, tmp_path: Path) -> None:
    alice, bob = filling.line_client("alice"), filling.line_client("bob")
    alice.ask("before")
    flag.touch()
    refused, sent = [], ["before"]
    for number in range(20):
        line = f"{number} " + "x" * 3000
        (refused if alice.ask(line)[-1:] == [NOT_SENT] else sent).append(line)
    assert len(refused) > 10
    assert alice.ask("/topic " + "y" * 300, *["z" * 4000] * 5)[-1] == NOT_SENT
    flag.unlink()
    assert alice.ask("after") == []
    sent.append("after")
    said = [line.partition("<alice> ")[2] for line in bob.ask() if "<alice>" in line]
    assert said == sent
    filling.disconnect()
    assert filling.terminate() == 0
    assert "Traceback" not in filling.errors
    assert kept_in(f"sqlite:///{tmp_path}/chat.db") == sent
    assert any("after" in line for line in serve().line_client().heard)


def test_who_comes_to_a_full_disk_is_told_and_may_come_back(filling: Running, flag: Path) -> None:
    alice = filling.line_client("alice")
    flag.touch()
    assert any(alice.ask("x" * 4000)[-1:] == [NOT_SENT] for _ in range(100))
    for _ in range(100):
        told = "\n".join(filling.caller().rest_or_welcome())
        if "Welcome" not in told:  # There was room for their arrivals on the last page.
            break
    assert "-> You cannot come in now; try again later." in told
    flag.unlink()
    filling.line_client("bob").ask("/ping")
    assert "Traceback" not in filling.errors


def test_a_file_that_may_not_grow(serve: Serve, tmp_path: Path) -> None:
    """A quota: writes fail with an I/O error, half done."""
    server = serve()
    alice = server.line_client("alice")
    alice.ask("before")
    limits = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
    size = (tmp_path / "chat.db-wal").stat().st_size
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (size + 5000, limits[1]))
    answers = [alice.ask(f"lost {n} " + "x" * 3000) for n in range(10)]
    assert answers[-1] == ["-> Not saved: disk error. Your line was not sent."]
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, limits)
    assert alice.ask("after") == []
    server.kill()
    assert serve().line_client().ask("/ping")[-1:] == []
    kept = [text.split(" x")[0] for text in kept_in(f"sqlite:///{tmp_path}/chat.db")]
    sent = [f"lost {n}" for n, answer in enumerate(answers) if answer == []]
    assert kept == ["before", *sent, "after"]


def test_two_servers_on_one_database(serve: Serve, tmp_path: Path) -> None:
    first = serve()
    database = f"sqlite:///{tmp_path}/chat.db"
    second = geventchat("serve", "--port", "0", "--database", database)
    assert second.returncode == 1
    assert second.stdout == ""
    assert second.stderr == (
        f"geventchat: database {tmp_path}/chat.db is in use by process {first.process.pid}\n"
    )
    first.line_client("alice").ask("still here")


def test_a_database_another_program_holds(serve: Serve, tmp_path: Path) -> None:
    """Lines wait for the lock; nobody is thrown out, and nothing is lost."""
    server = serve()
    alice = server.line_client("alice")
    other = sqlite3.connect(tmp_path / "chat.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    alice.send("waits", "/ping")
    bob = server.caller()
    other.execute("COMMIT")
    other.close()
    alice.expect("-> pong")
    bob.come_in()
    assert kept_in(f"sqlite:///{tmp_path}/chat.db") == ["waits"]
