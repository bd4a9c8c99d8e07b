"""Logging in by SASL PLAIN: before registration and after it."""

from __future__ import annotations

import base64

import pytest

from geventchat.chat.events import SERVER, Event, Identity
from geventchat.chat.events_accounts import AccountSet, Deleted, PasswordSet, Registered
from geventchat.errors import CloseReason
from tests.dialects.irc.logins import (
    PASSWORD,
    authenticate,
    leave,
    logged_in,
    numerics,
    plain,
    register,
)
from tests.harness import HOST, Harness, IrcClient


@pytest.fixture
def harness() -> Harness:
    harness = Harness(name="irc.test", password_min_chars=3)
    register(harness, "Anna")
    return harness


@pytest.fixture
def client(harness: Harness) -> IrcClient:
    """A client that negotiates and holds `sasl`."""
    client = IrcClient(harness)
    client.come_in()
    client.types("CAP LS 302", "CAP REQ :sasl")
    return client


def test_the_mechanisms_are_told(harness: Harness) -> None:
    client = IrcClient(harness)
    client.come_in()
    assert "sasl=PLAIN" in client.types("CAP LS 302")[0].split(" ")
    assert " sasl " in client.types("CAP LS")[0]
    assert client.types("AUTHENTICATE PLAIN") == [":irc.test 421 * AUTHENTICATE :Unknown command"]


def test_logging_in_before_registration(client: IrcClient) -> None:
    assert client.types("AUTHENTICATE plain") == [":irc.test AUTHENTICATE +"]
    assert client.types(f"AUTHENTICATE {plain('anna', acts_as='anna')}") == [
        f":irc.test 900 * *!*@{HOST} Anna :You are now logged in as Anna",
        ":irc.test 903 * :SASL authentication successful",
    ]
    heard = client.types("NICK anna", "USER anna 0 * :Anna", "CAP END")
    assert numerics(heard)[0] == "001"
    assert client.session.identity.account == "Anna"
    assert PASSWORD not in " ".join(client.harness.recorded)


@pytest.mark.parametrize("name", ["anna/phone", "anna@phone"])
def test_a_device_may_be_named(client: IrcClient, name: str) -> None:
    assert authenticate(client, name) == ["900", "903"]
    client.types("NICK anna", "USER anna 0 * :Anna", "CAP END")
    assert list((client.session.devices or {}).values()) == ["phone"]


@pytest.mark.parametrize(
    "message",
    [
        plain("anna", "wrong horse"),
        plain("bob"),
        plain(""),
        plain("anna", ""),
        plain("anna", acts_as="bob"),
        base64.b64encode(b"anna\0correct horse").decode(),
        base64.b64encode(b"\0anna\0correct horse\0").decode(),
        base64.b64encode(b"\0anna\0\xff").decode(),
        "not base64",
        "%%%%",
        "+",
    ],
)
def test_what_fails(client: IrcClient, message: str) -> None:
    client.types("AUTHENTICATE PLAIN")
    assert numerics(client.types(f"AUTHENTICATE {message}")) == ["904"]
    assert authenticate(client, "anna") == ["900", "903"]


def test_another_mechanism_fails_and_the_right_one_is_told(client: IrcClient) -> None:
    assert client.types("AUTHENTICATE SCRAM-SHA-256") == [
        ":irc.test 908 * PLAIN :are available SASL mechanisms",
        ":irc.test 904 * :SASL authentication failed",
    ]


@pytest.mark.parametrize("password", ["bar" * 100, "bar" * 97, "é" * 100])
def test_long_messages_come_in_chunks(harness: Harness, password: str) -> None:
    register(harness, "foo", password=password)
    client = IrcClient(harness, "sasl")
    client.come_in()
    client.types("CAP LS 302", "CAP REQ :sasl", "AUTHENTICATE PLAIN")
    message = plain("foo", password, acts_as="foo")
    chunks = [message[at : at + 400] for at in range(0, len(message), 400)]
    if len(chunks[-1]) == 400:
        chunks.append("+")
    heard = [client.types(f"AUTHENTICATE {chunk}") for chunk in chunks]
    assert not any(heard[:-1])
    assert numerics(heard[-1]) == ["900", "903"]


def test_too_long_a_message(client: IrcClient) -> None:
    client.types("AUTHENTICATE PLAIN")
    assert numerics(client.types(f"AUTHENTICATE {'A' * 401}")) == ["905"]
    client.types("AUTHENTICATE PLAIN")
    heard = [client.types(f"AUTHENTICATE {'A' * 400}") for _ in range(6)]
    assert [numerics(lines) for lines in heard] == [[]] * 5 + [["905"]]
    assert authenticate(client, "anna") == ["900", "903"]


def test_an_exchange_can_be_aborted(client: IrcClient) -> None:
    client.types("AUTHENTICATE PLAIN")
    assert numerics(client.types("AUTHENTICATE *")) == ["906"]
    client.types("AUTHENTICATE PLAIN", "AUTHENTICATE " + "A" * 400)
    client.types("NICK bob", "USER bob 0 * :Bob")
    heard = numerics(client.types("CAP END"))
    assert heard[:2] == ["906", "001"]
    client.types("AUTHENTICATE PLAIN")
    assert numerics(client.types("CAP REQ :-sasl")) == ["906", "CAP"]
    assert numerics(client.types("AUTHENTICATE +")) == ["421"]


def test_nick_and_user_may_come_first_although_the_nick_is_registered(client: IrcClient) -> None:
    assert client.types("NICK anna", "USER anna 0 * :Anna") == []
    assert authenticate(client, "anna") == ["900", "903"]
    assert numerics(client.types("CAP END"))[0] == "001"
    assert client.session.nick == "anna"


def test_who_has_not_logged_in_by_the_end_has_not_that_nick(client: IrcClient) -> None:
    client.types("NICK anna", "USER bob 0 * :Bob")
    text = "Nickname is registered: log in with SASL, or PASS nick:password"
    assert client.types("CAP END") == [f":irc.test 433 anna Anna :{text}"]
    assert authenticate(client, "anna") == ["900", "903"]
    assert numerics(client.types("NICK anna"))[0] == "001"


@pytest.mark.parametrize("nick", ["anna", "bob"])
@pytest.mark.parametrize("what", ["password", "disabled", "deleted", "another's"])
def test_a_login_lapses_with_its_password(
    harness: Harness, client: IrcClient, what: str, nick: str
) -> None:
    """However long a client takes to come in: the name may be somebody else's by then."""
    client.types(f"NICK {nick}", "USER x 0 * :X")
    assert authenticate(client, "anna") == ["900", "903"]
    events: dict[str, list[Event]] = {
        "password": [PasswordSet(SERVER, "Anna", "other")],
        "disabled": [AccountSet(SERVER, "Anna", "disabled", True)],
        "deleted": [Deleted(SERVER, "Anna")],
        "another's": [Deleted(SERVER, "Anna"), Registered(SERVER, "Anna", "other")],
    }
    for event in events[what]:
        harness.proposals.propose(event)
        harness.settle()
    heard = numerics(client.types("CAP END"))
    assert heard[0] == "901"
    assert ("433" in heard) is (nick == "anna" and what != "deleted")
    session = client.dialect.session
    assert session is None or not session.identity.account


def test_who_does_not_negotiate_is_told_at_once(harness: Harness) -> None:
    client = IrcClient(harness)
    client.come_in()
    assert numerics(client.types("NICK anna")) == ["433"]
    assert numerics(client.types("NICK bob", "USER bob 0 * :Bob"))[0] == "001"


def test_after_registration(harness: Harness) -> None:
    client = harness.irc("bob", "sasl", "account-notify")
    client.hears()
    assert authenticate(client, "anna") == ["ACCOUNT", "900", "903"]
    assert client.session.identity.account == "Anna"
    assert client.session.nick == "bob"


def test_logging_in_again(harness: Harness) -> None:
    register(harness, "cara")
    client = harness.irc("bob", "sasl")
    assert authenticate(client, "anna") == ["900", "903"]
    assert authenticate(client, "anna/x") == ["900", "903"]
    assert authenticate(client, "cara") == ["900", "903"]
    assert client.session.identity.account == "cara"
    anna = logged_in(harness, "anna")
    heard = anna.types("AUTHENTICATE PLAIN", f"AUTHENTICATE {plain('cara')}")
    assert heard[-1].endswith("You bear the name of the account Anna: change your nick first")
    assert anna.session.identity.account == "Anna"


def test_guessing_ends(harness: Harness, client: IrcClient) -> None:
    heard = [authenticate(client, "anna", f"guess {n}") for n in range(3)]
    assert heard == [["904"]] * 3
    assert client.end is not None and client.end.reason is CloseReason.WRONG_PASSWORD
    assert harness.recorded[-3:] == [f"{HOST}: wrong password for Anna"] * 3
    assert "guess" not in " ".join(harness.recorded)


def test_what_was_typed_as_a_name_is_not_logged(harness: Harness, client: IrcClient) -> None:
    authenticate(client, "hunter2", "x")
    assert harness.recorded[-1] == f"{HOST}: wrong password for an account that does not exist"


def test_a_store_that_fails_is_told(harness: Harness, client: IrcClient) -> None:
    harness.store.read_error = "disk on fire"
    client.types("AUTHENTICATE PLAIN")
    (line,) = client.types(f"AUTHENTICATE {plain('anna')}")
    assert line.endswith(
        "904 * :SASL authentication failed: Passwords cannot be looked at now: disk on fire"
    )
    harness.store.read_error = ""
    assert authenticate(client, "anna") == ["900", "903"]


def test_others_are_told_of_the_account(harness: Harness) -> None:
    watcher = harness.irc("al", "account-tag", "extended-join", "account-notify")
    watcher.types("JOIN #a")
    bob = logged_in(harness, "bob", account="anna")
    bob.types("JOIN #a", "PRIVMSG #a :hi")
    assert watcher.hears() == [
        f"@account=Anna :bob!~bob@{HOST} JOIN #a Anna :Bob",
        f"@account=Anna :bob!~bob@{HOST} PRIVMSG #a :hi",
    ]
    assert ":irc.test 330 al bob Anna :is logged in as" in watcher.types("WHOIS bob")
    assert watcher.types("WHO #a %na")[1:2] == [":irc.test 354 al bob Anna"]
    leave(bob)


def test_bans_by_account(harness: Harness) -> None:
    op = harness.irc("op")
    op.types("JOIN #a", "MODE #a +b a:anna")
    bob = logged_in(harness, "bob", account="anna")
    assert numerics(bob.types("JOIN #a")) == ["474"]
    op.types("MODE #a -b a:anna")
    assert numerics(bob.types("JOIN #a"))[0] == "JOIN"


def test_who_is_on_already_gets_one_more_device(harness: Harness) -> None:
    first = logged_in(harness, "anna", "echo-message")
    first.types("JOIN #a")
    bob = harness.irc("bob")
    second = IrcClient(harness, "sasl")
    second.come_in()
    second.types("CAP LS 302", "CAP REQ :sasl", "NICK anna", "USER x 0 * :X")
    assert authenticate(second, "anna/phone") == ["900", "903"]
    heard = second.types("CAP END")
    assert numerics(heard)[0] == "001" and any("JOIN #a" in line for line in heard)
    assert second.session is first.session
    assert sorted((first.session.devices or {}).values()) == ["irc", "phone"]
    bob.types("PRIVMSG anna :hi")
    for device in (first, second):
        assert device.hears() == [f":bob!~bob@{HOST} PRIVMSG anna :hi"]
    leave(second)
    assert first.session.devices is not None
    assert bob.types("PRIVMSG anna :still there?") == []
    assert first.hears() == [f":bob!~bob@{HOST} PRIVMSG anna :still there?"]


def test_two_devices_that_come_at_once(harness: Harness) -> None:
    """Both see that nobody is on; the second attaches without being told of a nick in use."""
    clients = []
    for name in ("anna/one", "anna/two"):
        client = IrcClient(harness, "sasl")
        client.come_in()
        client.types("CAP LS 302", "CAP REQ :sasl", "NICK anna", "USER x 0 * :X")
        authenticate(client, name)
        clients.append(client)
    one, two = clients
    late = two.dialect.client.registration
    harness.proposals.arrive(
        Identity(one.outbox.number, "anna", "~x", HOST, account="Anna"), "irc", "one"
    )
    assert late is not None
    heard = two.types("CAP END")
    assert numerics(heard)[0] == "001"
    assert two.session.number == one.outbox.number


def test_taking_ones_own_nick_later(harness: Harness) -> None:
    first = logged_in(harness, "anna")
    second = harness.irc("anna_", "sasl")
    assert authenticate(second, "anna/phone") == ["900", "903"]
    heard = second.types("NICK anna")
    assert f":anna_!~anna_@{HOST} NICK anna" in heard
    assert second.session is first.session
