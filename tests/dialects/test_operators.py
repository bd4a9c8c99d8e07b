"""The server's operators: who becomes one and what they may, at a terminal and by IRC."""

from __future__ import annotations

import pytest

from geventchat.chat.events import SERVER, Restarted
from geventchat.dialects.base import HangUp
from geventchat.errors import CloseReason
from geventchat.journal.drafts import NOBODY
from tests.harness import HOST, Harness, HumanClient

NAME, PASSWORD = "root", "grün 1"


@pytest.fixture
def harness() -> Harness:
    return Harness(oper_name=NAME, oper_password=PASSWORD)


class Asker:
    """Somebody who may become an operator of the server, whatever their client."""

    def __init__(self, harness: Harness, kind: str, nick: str = "boss") -> None:
        self.kind = kind
        self.client: HumanClient = getattr(harness, kind)(nick)

    def claims(self, name: str, password: str) -> list[str]:
        if self.kind == "irc":
            return self.client.types(f"OPER {name} :{password}")
        return self.client.types(f"/oper {name} {password}")

    def room(self, verb: str, nick: str) -> list[str]:
        """Kick, ban, mute or op somebody in the lobby."""
        irc = {
            "kick": f"KICK #lobby {nick}",
            "ban": f"MODE #lobby +b {nick}",
            "mute": f"MODE #lobby +b m:{nick}",
            "op": f"MODE #lobby +o {nick}",
            "moderate": "MODE #lobby +m",
            "locktopic": "MODE #lobby +t",
        }
        return self.client.types(irc[verb] if self.kind == "irc" else f"/{verb} {nick}".strip())

    @property
    def is_operator(self) -> bool:
        return "o" in self.client.session.modes


@pytest.fixture(params=["human", "irc"])
def boss(request: pytest.FixtureRequest, harness: Harness) -> Asker:
    boss = Asker(harness, request.param)
    if boss.kind == "irc":
        boss.client.types("JOIN #lobby")
    return boss


def test_both_parts_make_one(boss: Asker, harness: Harness) -> None:
    boss.claims("boss", PASSWORD)
    boss.claims(NAME, "no")
    assert not boss.is_operator
    boss.claims(NAME, PASSWORD)
    assert boss.is_operator
    boss.claims(NAME, PASSWORD)  # Once more changes nothing, and is no failure.
    assert boss.is_operator
    assert boss.client.end is None
    assert harness.recorded == [
        *[f"{HOST}: boss gave a wrong password for OPER"] * 2,
        *[f"{HOST}: boss became an operator of the server"] * 2,
    ]


def test_three_wrong_ones_end_the_connection(boss: Asker) -> None:
    for n in range(3):
        assert boss.client.end is None
        boss.claims(NAME, f"guess{n}")
    assert boss.client.end == HangUp(CloseReason.WRONG_PASSWORD)
    boss.claims(NAME, PASSWORD)
    assert not boss.is_operator


def test_a_right_one_begins_the_count_anew(boss: Asker) -> None:
    for _ in range(2):
        boss.claims(NAME, "no")
        boss.claims(NAME, "no")
        boss.claims(NAME, PASSWORD)
    assert boss.client.end is None


def test_from_an_address_of_many_wrong_ones_none_counts(boss: Asker, harness: Harness) -> None:
    harness.blocked.add(HOST)
    boss.claims(NAME, PASSWORD)
    assert not boss.is_operator
    assert boss.client.end == HangUp(CloseReason.WRONG_PASSWORD)


def test_becoming_one_that_was_not_saved_is_told(boss: Asker, harness: Harness) -> None:
    harness.store.write_error = "disk full"
    told = boss.claims(NAME, PASSWORD)
    assert len(told) == 1
    assert "disk full" in told[0]
    assert not boss.is_operator
    assert harness.recorded == []


@pytest.mark.parametrize("settings", [{}, {"oper_name": NAME}, {"oper_password": PASSWORD}])
@pytest.mark.parametrize("kind", ["human", "irc"])
def test_where_one_part_is_not_set_nobody_is_one_and_the_answer_is_the_same(
    kind: str, settings: dict[str, str], harness: Harness
) -> None:
    asker, other = Asker(Harness(**settings), kind), Asker(harness, kind)
    assert asker.claims(NAME, PASSWORD) == other.claims(NAME, "no")
    name = settings.get("oper_name", "")
    asker.claims(name, settings.get("oper_password", ""))
    assert not asker.is_operator


def test_the_password_is_nowhere(boss: Asker, harness: Harness) -> None:
    """Not in the room, in an answer, in the log, in the journal: right, wrong or mistyped."""
    alice = harness.human("alice")
    heard = [*boss.claims(NAME, PASSWORD), *boss.claims(NAME, "sesame 2"), *boss.claims(NAME, "")]
    slips = ["/opre {}", "/ope {}", "/op {}", "/oper {}x y", "/operr {}", " /oper {}", "  /opre {}"]
    if boss.kind == "irc":
        slips = ["OPRE {}", "/OPER {}", "OPER {} x", "oper :{}"]
    for slip in slips:
        heard += boss.client.types(slip.format(f"{NAME} {PASSWORD}"))
    told = [*heard, *alice.hears(), *harness.recorded, *map(repr, harness.applied)]
    assert [line for line in told if "grün" in line or "sesame" in line] == []


@pytest.fixture
def oper(boss: Asker) -> Asker:
    boss.claims(NAME, PASSWORD)
    return boss


def test_in_the_lobby_nobody_else_keeps_order(boss: Asker, harness: Harness) -> None:
    alice, bob = harness.human("alice"), harness.human("bob")
    for verb in ("kick", "ban", "mute", "op"):
        boss.room(verb, "bob")
        assert alice.types(f"/{verb} bob")[0].startswith("-> Only operators of #lobby or of")
    assert "#lobby" in bob.session.rooms
    assert not harness.state.rooms["#lobby"].modes.lists


def test_what_the_servers_operators_do_in_the_lobby(oper: Asker, harness: Harness) -> None:
    people = bob, carol, dave = [harness.human(nick) for nick in ("bob", "carol", "dave")]
    oper.room("mute", "bob")
    assert bob.types("hi")[-1].startswith("-> You may not speak in #lobby")
    oper.room("kick", "carol")
    assert "#lobby" not in carol.session.rooms
    oper.room("ban", "carol")
    assert carol.types("/join #lobby")[-1] == "-> You are banned from #lobby."
    oper.room("locktopic", "")
    assert dave.types("/topic mine")[-1].startswith("-> Only operators of #lobby")
    oper.room("moderate", "")
    assert dave.types("hi")[-1].startswith("-> You may not speak in #lobby")
    oper.room("op", "dave")
    for person in people:
        person.hears()
    assert dave.types("/kick bob", "/unmoderate", "/op bob")[:2] == [
        "*** bob was kicked by dave.",
        "*** dave let everybody speak.",
    ]


def test_who_is_none_any_more_rules_nowhere(harness: Harness) -> None:
    bob, oper = harness.human("bob"), Asker(harness, "irc")
    oper.claims(NAME, PASSWORD)
    oper.room("mute", "bob")
    oper.client.types("MODE boss -o")
    for verb in ("kick", "ban", "op"):
        oper.room(verb, "bob")
    assert "#lobby" in bob.session.rooms
    assert list(harness.state.rooms["#lobby"].modes.lists["b"]) == ["m:bob!*@*"]


def test_a_stop_of_being_one_holds_for_what_comes_with_it(harness: Harness) -> None:
    """In one packet, and so perhaps in one commit."""
    bob, oper = harness.human("bob"), Asker(harness, "irc")
    oper.client.types("JOIN #lobby")
    oper.claims(NAME, PASSWORD)
    oper.client.types("MODE boss -o", "KICK #lobby bob", "MODE #lobby +o boss", "WALLOPS :x")
    assert "#lobby" in bob.session.rooms
    assert "482" in {line.split(" ")[1] for line in oper.client.types("KICK #lobby bob")}


@pytest.mark.parametrize("mask", [HOST, "boss", "*"])
def test_no_ban_in_the_lobby_is_on_who_keeps_order_there(
    oper: Asker, harness: Harness, mask: str
) -> None:
    bob = harness.human("bob")
    oper.room("op", "bob")
    bob.hears()
    assert bob.types(f"/ban {mask}", "/lock", "/moderate")[1].endswith("stayed.")
    assert "#lobby" in oper.client.session.rooms
    line, say = ("PART #lobby", "PRIVMSG #lobby :hi")
    if oper.kind == "human":
        line, say = ("/part #lobby", "hi")
    bob.hears()
    oper.client.types(say)
    assert bob.hears() == ["[12:00] <boss> hi"]
    oper.client.types("NICK chief" if oper.kind == "irc" else "/nick chief")
    assert bob.hears() == ["*** boss is now known as chief."]
    oper.client.types(line, line.replace("PART", "JOIN").replace("part", "join"))
    assert "#lobby" in oper.client.session.rooms
    oper.client.types(say)
    assert bob.hears()[-1] == "[12:00] <chief> hi"


def test_another_room_keeps_even_them_out(oper: Asker, harness: Harness) -> None:
    alice = harness.human("alice")
    alice.types("/join #club", "/lock")
    oper.client.types("JOIN #club" if oper.kind == "irc" else "/join #club")
    assert "#club" not in oper.client.session.rooms


def test_it_ends_with_the_connection(oper: Asker, harness: Harness) -> None:
    oper.client.leaves()
    again = Asker(harness, oper.kind)
    assert not again.is_operator


def test_a_restart_leaves_no_operators_and_no_bans(oper: Asker, harness: Harness) -> None:
    bob = harness.human("bob")
    oper.room("op", "bob")
    oper.room("mute", "eve")
    harness.journal.propose(NOBODY, Restarted(SERVER))
    harness.settle()
    for nick in ("boss", "bob"):
        again = Asker(harness, "human", nick)
        assert again.room("mute", "bob")[0].startswith("-> Only operators of #lobby or of")
    assert not harness.state.rooms["#lobby"].modes.lists
    assert bob.session not in harness.state.sessions.values()
