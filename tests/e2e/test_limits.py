"""Bounds, as a user meets them: a clear line, and room for the others."""

from __future__ import annotations

import re
import resource
import subprocess
import sys
import time

from tests.conftest import Serve
from tests.line_client import HANG_S
from tests.running import environment


def test_a_full_server_says_so(serve: Serve) -> None:
    server = serve("--max-connections", "3")
    inside = [server.line_client(nick) for nick in ("ann", "bob", "cy")]
    for _ in range(3):
        assert server.caller().rest() == ["-> server full: 3 connections. Try later."]
    assert "-> 3 users online." in inside[0].ask("/who")
    inside[1].send("/quit")
    inside[1].expect("-> Bye.*")
    inside[1].close()
    for _ in range(1000):
        came = server.caller().line()
        if "server full" not in came:  # It was, until the server noticed that somebody went.
            break
    assert came.startswith("Welcome to geventchat.")


def test_a_full_server_gives_the_place_of_the_silent_to_newcomers(serve: Serve) -> None:
    server = serve("--max-connections", "3", "--silent-grace-s", "0.1", "--announce-after-s", "0")
    alice = server.line_client("alice")
    silent = [server.line_client() for _ in range(2)]
    time.sleep(0.11)
    newcomer = server.caller()
    assert newcomer.line().startswith("Welcome to geventchat.")
    newcomer.come_in("carol")
    assert silent[0].rest()[-1].startswith("-> The server is full and you have not said anything")
    alice.send("still here")
    newcomer.expect(r".*<alice> still here")


def test_an_address_has_its_share(serve: Serve) -> None:
    flags = ("--connections-per-address", "3", "--connects-per-address", "5")
    server = serve("--limit-loopback", "true", *flags)
    for _ in range(2):
        server.line_client()
    server.line_client("alice")
    told = ["-> Too many connections from your address: the limit is 3 at once. Try later."]
    assert server.caller().rest() == told
    server.disconnect()
    assert server.terminate() == 0
    assert "not let in: too many connections from its address" in server.errors
    unlimited = serve(*flags)
    for _ in range(7):
        unlimited.line_client()


def test_whoever_floods_and_goes_leaves_nothing_to_be_done(serve: Serve) -> None:
    server = serve("--limit-loopback", "true", "--messages-per-s", "20")
    flooder, bob = server.line_client(), server.line_client("bob")
    flooder.send_raw(b"".join(b"%d\n" % n for n in range(5000)))
    flooder.expect("-> Slow down: .*")
    for n in range(13):
        bob.expect(rf".* <guest1> {n}")
    flooder.reset()
    bob.expect(r"\*\*\* guest1 left .*")
    said = [line for line in bob.heard if "<guest1>" in line]
    assert len(said) < 100
    assert [line for line in bob.ask("one", "two", "three") if "guest1" in line] == []


def test_a_reset_or_the_end_of_the_server_waits_for_no_flooder(serve: Serve) -> None:
    server = serve("--limit-loopback", "true", "--messages-per-s", "0.01")
    flooder = server.line_client()
    flooder.send(*map(str, range(12)))
    flooder.expect("-> Slow down: .*")
    assert server.terminate() == 0
    assert flooder.rest()[-1] == "-> The server is shutting down. Come back soon."


def test_more_connections_than_descriptors_are_refused_at_the_start() -> None:
    flags = ("--port", "0", "--database", "none", "--max-connections", "500")
    done = subprocess.run(
        [sys.executable, "-m", "geventchat", "serve", *flags],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (200, 200)),
        env=environment(),
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=False,
    )
    assert (done.returncode, done.stderr) == (
        1,
        "geventchat: max_connections: 500 need a limit of 532 descriptors, and it is 200;"
        " raise it (ulimit -n)\n",
    )


def test_a_line_too_long_is_refused_and_twice_as_long_closes(serve: Serve) -> None:
    server = serve("--line-max-bytes", "64")
    alice, bob = server.line_client("alice"), server.line_client("bob")
    alice.ask()
    assert alice.ask("x" * 64) == []
    assert alice.ask("y" * 65) == ["-> Line too long: 65 of 64 bytes, not sent."]
    assert [line.partition("> ")[2] for line in bob.ask()] == ["x" * 64]
    alice.send("last", "z" * 129, "never")
    assert alice.rest() == ["-> Line too long and without an end. Closing."]
    bob.expect(r".* <alice> last")
    bob.expect(r"\*\*\* alice left \(line without an end\)\.")
    assert [line for line in bob.heard if "zzz" in line or "never" in line] == []


def test_rooms_have_bounds(serve: Serve) -> None:
    server = serve("--rooms-max", "2", "--rooms-per-session", "2")
    alice, bob = server.line_client("alice"), server.line_client("bob")
    alice.ask("/join #a")
    told = "-> You are in too many rooms: the limit is 2. /part one first."
    assert alice.ask("/join #b") == [told]
    bob.ask("/join #b", "/part #lobby")
    told = "-> #c cannot be made: the server has all the rooms it may have, 2. /rooms lists them."
    assert bob.ask("/join #c") == [told]
    assert "-> Talking in #b." in bob.ask("/join #b")


def test_more_topics_than_rooms_after_a_restart(serve: Serve) -> None:
    server = serve()
    alice = server.line_client("alice")
    for name in "abcd":
        alice.ask(f"/join #{name}", f"/topic of {name}", f"line in {name}")
    server.disconnect()
    assert server.terminate() == 0
    server = serve("--rooms-max", "2")
    listed = server.caller().ask("/rooms")
    assert len([line for line in listed if re.fullmatch(r"->   #(.) +0  of \1", line)]) == 2


def test_names_have_bounds(serve: Serve) -> None:
    server = serve("--nick-max-chars", "12", "--topic-max-bytes", "5", "--room-name-max-bytes", "9")
    alice = server.line_client("a" * 12)
    assert alice.ask("/nick " + "a" * 13) == [
        "-> aaaaaaaaaaaaa cannot be a name: it has 13 characters, and 12 are the most."
    ]
    assert alice.ask("/topic 123456") == ["-> That topic is too long: the limit is 5 bytes."]
    assert alice.ask("/join #12345678")[-1] == "-- no lines -- end of history --"
    assert alice.ask("/join #123456789")[0].startswith(
        "-> #123456789 cannot be a room: # and a name without spaces or commas, up to 9 bytes,"
    )


def test_joins_and_leaves_of_large_rooms_are_not_told(serve: Serve) -> None:
    server = serve("--join-lines-max-members", "2")
    alice, bob = server.line_client("alice"), server.line_client("bob")
    alice.ask()
    carol = server.line_client("carol")
    assert alice.ask() == []
    carol.ask("/part")
    assert alice.ask() == ["*** carol left #lobby."]
    assert "-> 2 in #lobby: alice, bob" in bob.ask("/names")


def test_history_on_joining_has_its_bound(serve: Serve) -> None:
    server = serve("--history-on-join-lines", "2", "--history-max-lines", "3")
    alice = server.line_client("alice")
    alice.ask("1", "2", "3", "4")
    assert [line.partition("> ")[2] for line in server.line_client().heard[2:-1]] == ["3", "4"]
    assert alice.ask("/history 100")[-1] == "-- 3 lines, /more for earlier --"


def test_a_burst_goes_through_in_order(serve: Serve) -> None:
    server = serve("--burst-max-lines", "2", "--batch-max-events", "3", "--read-max-bytes", "512")
    alice, bob = server.line_client("alice"), server.line_client("bob")
    alice.ask(*[str(n) for n in range(500)])
    said = [line.partition("> ")[2] for line in bob.ask() if "<alice>" in line]
    assert said == [str(n) for n in range(500)]


def test_logging_in_a_connection_costs_no_place(serve: Serve) -> None:
    """Whatever asks for the current thread links a cleanup to the connection's greenlet."""
    server = serve("--log-level", "debug", "--max-connections", "3")
    for _ in range(12):
        caller = server.line_client()
        assert caller.ask("/uptime")
        server.disconnect()
        time.sleep(0.05)
    assert "server full" not in server.errors
