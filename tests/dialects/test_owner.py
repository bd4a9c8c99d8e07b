"""Who has the owner's token has their account rule the server, at a terminal and by IRC."""

from __future__ import annotations

import pytest

from geventchat.chat.events import SERVER
from geventchat.chat.events_accounts import AccountSet
from geventchat.dialects.base import HangUp
from geventchat.errors import CloseReason
from geventchat.journal.drafts import NOBODY
from tests.harness import HOST, Harness, HumanClient

PASSWORD = "correct horse"
# How the token may be given; the first word is the client's.
WAYS = ["human /owner {}", "irc OWNER {}", "irc OWNER :{}", "irc PRIVMSG geventchat :owner {}"]


class Claimant:
    """Somebody with an account, whatever their client."""

    def __init__(self, harness: Harness, way: str, nick: str = "boss", new: bool = True) -> None:
        self.kind, _, self.way = way.partition(" ")
        self.client: HumanClient = getattr(harness, self.kind)(nick)
        if new:
            register = "REGISTER * * :{}" if self.kind == "irc" else "/register {}"
            self.client.types(register.format(PASSWORD))
            assert nick in harness.state.accounts

    def gives(self, token: str) -> list[str]:
        return self.client.types(self.way.format(token))

    @property
    def is_operator(self) -> bool:
        return "o" in self.client.session.modes


@pytest.fixture
def harness() -> Harness:
    return Harness()


@pytest.fixture
def token(harness: Harness) -> str:
    return harness.services.owner_token.make()


@pytest.mark.parametrize("way", WAYS)
def test_the_token_makes_an_account_rule_for_good(way: str, harness: Harness, token: str) -> None:
    boss = Claimant(harness, way)
    told = "\n".join(boss.gives(token))
    assert boss.is_operator
    assert "IRC operator" in told if boss.kind == "irc" else "boss rules this server" in told
    assert harness.state.accounts["boss"].oper
    assert harness.recorded[-2:] == [
        f"{HOST}: boss used the owner's token: boss rules the server",
        f"{HOST}: boss became an operator of the server",
    ]


@pytest.mark.parametrize("way", WAYS)
def test_it_is_used_up(way: str, harness: Harness, token: str) -> None:
    boss, eve = Claimant(harness, way), Claimant(harness, way, "eve")
    boss.gives(token)
    eve.gives(token)
    assert not eve.is_operator
    assert not harness.state.accounts["eve"].oper


@pytest.mark.parametrize("way", WAYS)
def test_without_an_account_it_is_not_used(way: str, harness: Harness, token: str) -> None:
    guest, boss = Claimant(harness, way, "guest", new=False), Claimant(harness, way)
    told = "\n".join(guest.gives(token))
    assert "/register" in told or "log" in told.lower()
    assert not guest.is_operator
    boss.gives(token)
    assert boss.is_operator


@pytest.mark.parametrize("way", WAYS)
def test_wrong_ones_count_as_passwords_do(way: str, harness: Harness, token: str) -> None:
    eve = Claimant(harness, way, "eve")
    for n in range(3):
        assert eve.client.end is None
        eve.gives(f"guess{n}")
    assert eve.client.end == HangUp(CloseReason.WRONG_PASSWORD)
    assert harness.recorded[-3:] == [f"{HOST}: eve gave a wrong owner's token"] * 3


@pytest.mark.parametrize("way", WAYS)
def test_from_an_address_of_many_wrong_ones_it_is_not_used(
    way: str, harness: Harness, token: str
) -> None:
    eve, boss = Claimant(harness, way, "eve"), Claimant(harness, way)
    harness.blocked.add(HOST)
    eve.gives(token)
    assert not eve.is_operator
    harness.blocked.clear()
    boss.gives(token)
    assert boss.is_operator


@pytest.mark.parametrize("way", WAYS)
def test_what_was_not_saved_is_told_and_uses_nothing(
    way: str, harness: Harness, token: str
) -> None:
    boss = Claimant(harness, way)
    harness.store.write_error = "disk full"
    assert "disk full" in boss.gives(token)[-1]
    assert not boss.is_operator
    harness.store.write_error = ""
    boss.gives(token)
    assert boss.is_operator


@pytest.mark.parametrize("way", WAYS)
def test_the_token_is_nowhere(way: str, harness: Harness, token: str) -> None:
    boss, alice = Claimant(harness, way), harness.human("alice")
    heard = boss.gives(token)
    slips = ["/ownr {}", " /owner {}", "/ owner {}", "//owner {}", "/owner x {}"]
    for slip in ["/owner {}", *slips] if boss.kind == "irc" else slips:
        line = slip.format(token)
        heard += boss.client.types(f"PRIVMSG #lobby :{line}" if boss.kind == "irc" else line)
    told = [*heard, *alice.hears(), *harness.recorded, *map(repr, harness.applied)]
    assert [line for line in told if token in line] == []


@pytest.mark.parametrize("kind", ["human", "irc"])
def test_whose_account_rules_needs_no_other_password(kind: str, harness: Harness) -> None:
    boss = Claimant(harness, f"{kind} {'OPER x y' if kind == 'irc' else '/oper'}")
    boss.gives("")
    assert not boss.is_operator
    rule = AccountSet(SERVER, "boss", "oper", True)
    harness.journal.propose(NOBODY, rule)
    harness.settle()
    boss.gives("")
    assert boss.is_operator


@pytest.mark.parametrize("kind", ["human", "irc"])
def test_a_disabled_account_rules_nothing(kind: str, harness: Harness) -> None:
    boss = Claimant(harness, f"{kind} {'OPER x y' if kind == 'irc' else '/oper'}")
    for flag in ("oper", "disabled"):
        harness.journal.propose(NOBODY, AccountSet(SERVER, "boss", flag, True))
    harness.settle()
    boss.gives("")
    assert not boss.is_operator
