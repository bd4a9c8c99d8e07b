"""A real server: an IRC client and a person at `nc` in one room, on one port."""

from __future__ import annotations

import re
import time
from pathlib import Path

from geventchat.config import Config
from tests.conftest import Serve
from tests.line_client import LineClient

# As users have it: with the tests' short silence, a program on a slow machine would be
# taken for a person first, and which of two ways is tested would be up to the machine.
SILENCE = ("--detection-silence-s", str(Config().detection_silence_s))


def program(port: int, nick: str, receive_buffer: int = 0) -> LineClient:
    """An IRC client that has registered."""
    client = LineClient(port, receive_buffer)
    client.send(f"NICK {nick}", f"USER {nick} 0 * :{nick}")
    client.expect(rf":\S+ 422 {nick} .*")
    return client


def test_one_room_for_telnet_and_irc(serve: Serve) -> None:
    server = serve(*SILENCE)
    person = server.line_client("tess")
    client = program(server.port, "ira")
    client.send("JOIN #lobby")
    client.expect(r":ira!~ira@\S+ JOIN #lobby")
    client.expect(r":\S+ 366 ira #lobby .*")
    person.expect(r"\*\*\* ira joined #lobby\..*")
    person.send("hello", "/me waves", "/topic tea", "/nick tom", "/msg ira psst")
    client.expect(r":tess!\S+ PRIVMSG #lobby :hello")
    client.expect(":tess!\\S+ PRIVMSG #lobby :\x01ACTION waves\x01")
    client.expect(r":tess!\S+ TOPIC #lobby :tea")
    client.expect(r":tess!\S+ NICK tom")
    client.expect(r":tom!\S+ PRIVMSG ira :psst")
    client.send("PRIVMSG #lobby :hi", "PRIVMSG #lobby :\x01ACTION bows\x01", "NICK iris")
    person.expect(r"\[..:..\] <ira> hi")
    person.expect(r".* \* ira bows")
    person.expect(r"\*\*\* ira is now known as iris\.")
    client.send("JOIN #dev")
    client.expect(r":\S+ 353 iris = #dev @iris")
    person.send("/join #dev")
    client.expect(r":tom!\S+ JOIN #dev")
    client.send("KICK #dev tom :enough")
    person.expect(r"-> You were kicked from #dev by iris: enough")
    client.send("QUIT :bye")
    client.expect(r"ERROR :.*")
    person.expect(r"\*\*\* iris left \(bye\)\.")
    person.close()
    client.close()


def test_a_silent_start_is_a_person_until_it_speaks_irc(serve: Serve) -> None:
    client = LineClient(serve().port)
    client.expect("-- no lines -- end of history --")
    client.send("CAP LS 302")
    client.expect(r":\S+ CAP \* LS :.*")
    client.send("NICK ira", "USER ira 0 * :Ira", "CAP END")
    client.expect(r":\S+ 001 ira .*")
    client.send("LUSERS")
    client.expect(r":\S+ 251 ira :There are 1 users .*")
    client.close()


def test_byte_by_byte(serve: Serve) -> None:
    client = LineClient(serve(*SILENCE).port)
    for byte in b"NICK ira\r\nUSER ira 0 * :Ira\r\n":
        client.send_raw(bytes([byte]))
        time.sleep(0.001)  # So that they are not one segment.
    client.expect(r":\S+ 001 ira .*")
    client.close()


def test_who_never_says_who_they_are_is_let_go(serve: Serve) -> None:
    server = serve("--registration-timeout-s", "0.2", *SILENCE)
    client = LineClient(server.port)
    client.send("NICK ira")
    client.expect(r"ERROR :Closing Link: \S+ \(registration timed out\)")
    assert client.rest() == []
    client.close()


def test_long_answers_end_nobody_who_reads_slowly(serve: Serve) -> None:
    server = serve(
        *("--database", "none", "--rooms-per-session", "3000", "--send-buffer-bytes", "4096")
    )
    slow, other = program(server.port, "ira", receive_buffer=4096), program(server.port, "bo")
    rooms = [f"#{'long' * 12}{n}" for n in range(2500)]
    for start in range(0, len(rooms), 8):
        other.send("JOIN " + ",".join(rooms[start : start + 8]))
    other.send("PING done")
    other.expect(r":\S+ PONG \S+ :done")
    for asked, row, end in (("LIST", 322, 323), ("NAMES", 353, 366)):
        begun = len(slow.heard)
        slow.send(asked)
        slow.expect(rf":\S+ {row} .*")  # It has begun, and far more waits than the kernel takes.
        other.send(*["PRIVMSG ira :psst"] * 50, "PING done")
        other.expect(r":\S+ PONG \S+ :done")
        slow.expect(rf":\S+ {end} .*")
        slow.send("PING done")
        slow.expect(r":\S+ PONG \S+ :done")
        heard = slow.heard[begun:]
        assert sum(f" {row} ira " in line for line in heard) >= len(rooms)
        assert sum(line.endswith(" PRIVMSG ira :psst") for line in heard) == 50
    slow.close()
    other.close()


def test_an_operator_ends_a_session_and_reads_the_settings_again(
    serve: Serve, tmp_path: Path
) -> None:
    path = tmp_path / "chat.toml"
    path.write_text('oper_name = "root"\noper_password = "pw"\n')
    server = serve("--config", str(path))
    oper, victim, other = (program(server.port, nick) for nick in ("op", "al", "bo"))
    for client in (victim, other):
        client.send("JOIN #a")
        client.expect(r":\S+ 366 .*")
    oper.send("OPER root pw", "KILL al :enough")
    victim.expect(r"ERROR :Closing Link: \S+ \(Killed by op \(enough\)\)")
    assert victim.rest() == []  # The server has closed the connection.
    other.expect(r":al!~al@\S+ QUIT :Killed by op \(enough\)")
    oper.send("KILL al :again")
    oper.expect(r":\S+ 401 op al .*")
    path.write_text('oper_name = "root"\noper_password = "pw"\nmotd = "new tea"\n')
    oper.send("REHASH", "MOTD")
    oper.expect(r":\S+ 382 op settings Rehashing")
    oper.expect(r":\S+ 372 op :- new tea")
    for client in (oper, victim, other):
        client.close()


def test_a_client_that_cannot_ask_reads_what_was_said_before_the_restart(serve: Serve) -> None:
    server = serve()
    client = program(server.port, "ira")
    client.send("JOIN #Dev", "PRIVMSG #Dev :one", "PRIVMSG #Dev :two", "PING done")
    client.expect(r":\S+ PONG \S+ :done")
    client.close()
    server.terminate()
    server = serve()
    # Nobody sees an address, and bans by what stands for it hold over a restart.
    assert not any("127.0.0.1" in line for line in client.heard)
    (cloak,) = {found[1] for line in client.heard if (found := re.search(r"!~ira@(\S+)", line))}
    late = LineClient(server.port)
    late.send("CAP REQ :server-time batch", "NICK bo", "USER bo 0 * :Bo", "CAP END", "JOIN #Dev")
    name = late.expect(r"(?:@\S+ )?:\S+ BATCH \+(\S+) chathistory #Dev")[1]
    for text in ("one", "two"):
        assert late.line().startswith(f"@batch={name};time=20")
        assert late.heard[-1].endswith(f" :ira!~ira@{cloak} PRIVMSG #Dev :{text}")
    assert late.line().endswith(f" BATCH -{name}")
    late.close()
