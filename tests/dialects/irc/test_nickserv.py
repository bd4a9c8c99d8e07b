"""NickServ: what it does, and that nobody else hears what it is told."""

from __future__ import annotations

import pytest

from geventchat.errors import CloseReason
from tests.dialects.irc.logins import logged_in, numerics, register
from tests.harness import HOST, Harness, IrcClient

START = ":NickServ!NickServ@irc.test NOTICE "
SECRET = "hunter2hunter2"


@pytest.fixture
def harness() -> Harness:
    harness = Harness(name="irc.test")
    register(harness, "Anna", password=SECRET)
    return harness


def told(lines: list[str]) -> list[str]:
    """What NickServ says, and the verbs of all else."""
    return [
        line.partition(" :")[2] if line.startswith(START) else line.split(" ")[1] for line in lines
    ]


@pytest.mark.parametrize(
    "how", ["PRIVMSG NickServ :", "PRIVMSG nickserv@irc.test :", "NS ", "NICKSERV :"]
)
def test_registering(harness: Harness, how: str) -> None:
    bob = harness.irc("bob")
    heard = bob.types(f"{how}REGISTER {SECRET} bob@example.org")
    assert heard[0] == f"{START}bob :Account created"
    assert told(heard)[1:] == ["bob is yours now. The next time: IDENTIFY password", "900"]
    assert bob.session.identity.account == "bob"
    assert told(bob.types(f"NS REGISTER {SECRET}")) == ["You are logged in as bob"]


@pytest.mark.parametrize("words", ["IDENTIFY Anna", "/login anna/desk", "id anna"])
def test_identifying(harness: Harness, words: str) -> None:
    client = harness.irc("guest")
    heard = told(client.types(f"PRIVMSG NickServ :{words} {SECRET}"))
    assert heard == ["You are logged in as Anna.", "900", "/nick Anna makes it your nick."]
    assert client.session.identity.account == "Anna"
    assert told(client.types("NS IDENTIFY anna")) == ["You are logged in as Anna."]


def test_a_nick_alone_is_identified_to(harness: Harness) -> None:
    """Whoever has the nick of an account without being logged in lost it a moment ago."""
    anna = logged_in(harness, "anna", password=SECRET)
    anna.types("NICK anna_", "NS LOGOUT")
    assert anna.session.identity.account == ""
    wrong = told(anna.types(f"NS IDENTIFY {SECRET}"))
    assert wrong == ["Account name or password is wrong."]


def test_wrong_passwords_end_the_connection(harness: Harness) -> None:
    client = harness.irc("guest")
    for _ in range(2):
        assert told(client.types("NS IDENTIFY Anna no")) == ["Account name or password is wrong."]
    client.types("NS IDENTIFY Anna no")
    assert client.end is not None and client.end.reason is CloseReason.WRONG_PASSWORD


def test_getting_ones_nick_back(harness: Harness) -> None:
    first = logged_in(harness, "anna", password=SECRET)
    second = harness.irc("anna_")
    heard = second.types(f"NS GHOST anna {SECRET}")
    assert f":anna_!~anna_@{HOST} NICK anna" in heard
    assert second.session is first.session


def test_logging_out(harness: Harness) -> None:
    anna = logged_in(harness, "anna", password=SECRET)
    refusal = "Your nick is Anna, which is for who is logged in: change it first."
    assert told(anna.types("NS LOGOUT")) == [refusal]
    anna.types("NICK bo")
    assert told(anna.types("NS LOGOUT")) == ["You are logged out of Anna.", "901"]
    assert told(anna.types("NS LOGOUT")) == ["You are not logged in."]


def test_another_password(harness: Harness) -> None:
    anna = logged_in(harness, "anna", password=SECRET)
    assert told(anna.types("NS SET PASSWORD wrong horse2battery")) == ["Wrong password."]
    changed = told(anna.types(f"NS SET PASSWORD {SECRET} horse2battery"))
    assert changed == ["Anna has another password now."]
    short = told(anna.types("NS SET PASSWORD horse2battery x"))
    assert short == ["That password is too short: it needs 8 characters"]
    assert told(anna.types("NS SET EMAIL x")) == ["SET PASSWORD old new"]
    other = harness.irc("other")
    assert told(other.types(f"NS IDENTIFY anna {SECRET}"))[0].startswith("Account name or")
    assert told(other.types("NS IDENTIFY anna horse2battery"))[0] == "You are logged in as Anna."


def test_help_for_words_it_does_not_know(harness: Harness) -> None:
    client = harness.irc("guest")
    heard = told(client.types("PRIVMSG NickServ :hello"))
    assert heard[0] == "That is no command of mine." and heard[1].startswith("REGISTER password")
    assert told(client.types("NS INFO anna")) == ["Anna is registered."]
    assert told(client.types("NS INFO")) == ["That name is not registered."]
    assert told(client.types("NS SET")) == ["SET PASSWORD old new"]
    assert told(client.types("NS REGISTER")) == ["REGISTER password"]
    assert len(told(client.types("NS HELP"))) == 6


FORMS = [
    "PRIVMSG NickServ :IDENTIFY anna {}",
    "PRIVMSG NickServ@irc.test :IDENTIFY anna {}",
    "PRIVMSG NickServ@elsewhere :IDENTIFY anna {}",
    "PRIVMSG NickServ,#a,bob :IDENTIFY anna {}",
    "PRIVMSG #a,NickServ :IDENTIFY anna {}",
    "PRIVMSG NickServ :{}",
    "PRIVMSG NickServ :\x01ACTION identify {}\x01",
    "PRIVMSG NickServ :\x01IDENTIFY {}\x01",
    "NOTICE NickServ :IDENTIFY anna {}",
    "NOTICE #a,nickserv :IDENTIFY anna {}",
    "@+x={0};label=1 TAGMSG NickServ,#nowhere",
    "@label=2 PRIVMSG NickServ :IDENTIFY anna {}",
    "NS IDENTIFY anna {}",
    "NICKSERV :IDENTIFY anna {}",
    "PRIVMSG #a :/msg NickServ IDENTIFY {}",
    "PRIVMSG #a : /login anna {}",
    "PRIVMSG #a :identify anna {}",
    "@label=3 PRIVMSG #a :/nickserv identify {}",
    "NOTICE #a :/msg nickserv identify {}",
    "PRIVMSG @#a :/quote nickserv identify {}",
    "PRIVMSG bob :identify {}",
    "PRIVMSG irc.test :identify {}",
]


@pytest.mark.parametrize("line", FORMS)
def test_what_it_is_told_reaches_nobody_else(harness: Harness, line: str) -> None:
    """Nor its author's own other windows, nor what is kept."""
    caps = "echo-message", "message-tags", "labeled-response", "batch", "draft/multiline"
    bob, client = harness.irc("bob", *caps), harness.irc("al", *caps)
    for one in (bob, client):
        one.types("JOIN #a")
    human = harness.human("carl")
    human.types("/join #a")
    bob.hears(), client.hears()
    applied = len(harness.applied)
    heard = client.types(line.format(SECRET))
    assert SECRET not in "\n".join(heard + bob.hears() + human.hears())
    kept = str(harness.applied[applied:]) + " ".join(harness.recorded)
    assert SECRET not in kept and "Told" not in kept and "Said" not in kept


def test_nor_does_a_message_of_several_lines(harness: Harness) -> None:
    caps = "echo-message", "batch", "draft/multiline", "labeled-response", "message-tags"
    client = harness.irc("al", *caps)
    client.hears()
    heard = client.types(
        "@label=7 BATCH +1 draft/multiline NickServ",
        f"@batch=1 PRIVMSG NickServ :IDENTIFY anna {SECRET}",
        f"@batch=1 PRIVMSG NickServ :{SECRET}",
        "BATCH -1",
    )
    assert client.session.identity.account == "Anna"
    assert SECRET not in "\n".join(heard)
    client.types("JOIN #a")
    refused = client.types(
        "BATCH +2 draft/multiline #a",
        "@batch=2 PRIVMSG #a :look:",
        f"@batch=2 PRIVMSG #a :/msg nickserv identify {SECRET}",
        "BATCH -2",
    )
    assert numerics(refused) == ["NOTICE"] and SECRET not in refused[0]


def test_it_is_nobody(harness: Harness) -> None:
    settings = Harness(name="irc.test", reserved_nicks="")
    client = IrcClient(settings)
    client.come_in()
    assert numerics(client.types("NICK nickserv")) == ["432"]
    al = harness.irc("al")
    assert numerics(al.types("WHOIS NickServ")) == ["401", "318"]
    assert numerics(al.types("WHO NickServ")) == ["315"]
    assert al.types("ISON NickServ") == [":irc.test 303 al :"]


def test_lines_to_who_is_not_on_wait_which_is_told(harness: Harness) -> None:
    bob = harness.irc("bob")
    reply = ":irc.test 301 bob Anna :Not on now; will see it at the next login"
    assert bob.types("PRIVMSG anna :lunch?") == [reply]
    assert bob.types("NOTICE anna :lunch?") == []
    assert numerics(bob.types("PRIVMSG nobody :lunch?")) == ["401"]
    anna = logged_in(harness, "anna_", account="anna", password=SECRET)
    assert bob.types("PRIVMSG anna :lunch?") == []
    assert anna.hears() == [f":bob!~bob@{HOST} PRIVMSG anna_ :lunch?"]
