"""Every command: it answers, needs what it needs, and has its help."""

from __future__ import annotations

import pytest

from geventchat.dialects.irc.help import COMMANDS
from geventchat.dialects.irc.refusals import refusal_lines
from geventchat.errors import Reason, Refused
from tests.harness import Harness, IrcClient

FACTS = {"nick": "n", "mode": "z", "room": "#r", "limit": 3, "why": "w", "number": 1, "name": "x"}
FACTS |= {"min_chars": 8, "max_bytes": 512}


@pytest.fixture
def client() -> IrcClient:
    harness = Harness(name="irc.test", oper_name="root", oper_password="pw", admin_contact="me@x")
    client = harness.irc("al", "multi-prefix", "userhost-in-names", "setname")
    harness.irc("bo").types("JOIN #a")
    return client


@pytest.mark.parametrize("verb", sorted(COMMANDS))
def test_help(client: IrcClient, verb: str) -> None:
    assert [line.split(" ")[1] for line in client.types(f"HELP {verb}")] == ["704", "705", "706"]


@pytest.mark.parametrize("verb", [verb for verb, c in COMMANDS.items() if c.needs])
def test_what_is_missing_is_told(client: IrcClient, verb: str) -> None:
    client.types("OPER root pw", f"CAP REQ :{COMMANDS[verb].capability}")
    assert client.types(verb) == [f":irc.test 461 al {verb} :Not enough parameters"]


SILENT = (Reason.ALREADY_IN_ROOM, Reason.UNCHANGED, Reason.GONE, Reason.SESSION_GONE)


@pytest.mark.parametrize("reason", list(Reason))
def test_every_refusal_has_its_words(reason: Reason) -> None:
    for said in (True, False):
        lines = refusal_lines(Refused(reason, **FACTS), said)
        silent = reason in SILENT
        assert bool(lines) is not silent


@pytest.mark.parametrize("verb", [verb for verb, c in COMMANDS.items() if c.capability])
def test_what_wants_a_capability_is_unknown_without_it(client: IrcClient, verb: str) -> None:
    assert client.types(f"{verb} #a 1 2 3") == [f":irc.test 421 al {verb} :Unknown command"]


@pytest.mark.parametrize(
    ("line", "numerics"),
    [
        ("HELP", "704 705 705 705 705 705 705 706"),
        ("HELP nonsense", "524"),
        ("MOTD", "422"),
        ("MOTD other.server", "402"),
        ("LUSERS", "251 252 253 254 255 265 266"),
        ("VERSION", "351 005 005 005"),
        ("TIME", "391"),
        ("INFO", "371 371 371 374"),
        ("ADMIN", "256 257 259"),
        ("LINKS", "364 365"),
        ("STATS u", "242 219"),
        ("STATS o", "243 219"),
        ("WHO", "352 352 315"),
        ("WHO #a", "352 315"),
        ("WHO bo %tcuihsnfdlaor,7", "354 315"),
        ("WHO b?", "352 315"),
        ("WHOIS bo", "311 319 312 317 318"),
        ("WHOIS nobody", "401 318"),
        ("WHOWAS nobody", "406 369"),
        ("WHOWAS", "431"),
        ("USERHOST bo", "302"),
        ("ISON bo x", "303"),
        ("AWAY :x", "306"),
        ("AWAY", "305"),
        ("SETNAME :New", "SETNAME"),
        (f"SETNAME :{'x' * 151}", "FAIL"),
        ("KILL bo", "481"),
        ("REHASH", "481"),
        ("WALLOPS :x", "481"),
        ("MONITOR + bo,nobody", "730 731"),
        ("MONITOR L", "733"),
        ("CAP LIST", "CAP"),
        ("USER a 0 * :b", "462"),
        ("PONG", ""),
    ],
)
def test_answers(client: IrcClient, line: str, numerics: str) -> None:
    assert [told.split(" ")[1] for told in client.types(line)] == numerics.split()


def test_a_fail_is_for_those_who_know_it(client: IrcClient) -> None:
    al, cy = client, client.harness.irc("cy", "standard-replies")
    plain = client.harness.irc("di")
    long = f"TOPIC #t :{'x' * 321}"
    for one in (al, cy, plain):
        one.types("JOIN #t")
    for one in (al, cy, plain):
        one.hears()
    text = "Topic is longer than 320 bytes"
    assert cy.types(long) == [f":irc.test FAIL TOPIC TOPIC_TOO_LONG #t :{text}"]
    assert plain.types(long) == [f":irc.test NOTICE di :{text}"]
    name, longest = "Real name is empty or too long", f"SETNAME :{'x' * 151}"
    # The specification of setname names its own.
    assert al.types(longest) == [f":irc.test FAIL SETNAME INVALID_REALNAME :{name}"]
    assert plain.types(longest) == [f":irc.test NOTICE di :{name}"]
    # UTF8ONLY, of which everybody is told, names this one.
    assert plain.sends(b"AWAY \xaa\r\n")[0].startswith(":irc.test FAIL AWAY INVALID_UTF8")


def test_who_was_here(client: IrcClient) -> None:
    gone = client.harness.irc("cy")
    gone.leaves("bye")
    assert client.types("WHOWAS cy")[0] == ":irc.test 314 al cy ~cy 192.0.2.7 * :Cy Realname"


def test_a_bot_says_so(client: IrcClient) -> None:
    assert client.types("MODE al +B") == [":al!~al@192.0.2.7 MODE al +B"]
    assert any(" 335 " in line for line in client.types("WHOIS al"))
