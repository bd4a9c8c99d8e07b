"""Making an account: REGISTER and VERIFY; logging in with PASS."""

from __future__ import annotations

import pytest

from geventchat.errors import CloseReason
from tests.dialects.irc.logins import PASSWORD, logged_in, numerics, register
from tests.harness import HOST, Harness, IrcClient


def newcomer(harness: Harness, *lines: str) -> IrcClient:
    client = IrcClient(harness)
    client.come_in()
    client.types(*lines)
    return client


def test_before_coming_in() -> None:
    harness = Harness(name="irc.test")
    client = newcomer(harness, "CAP LS 302", "NICK anna")
    assert client.types(f"REGISTER * * :{PASSWORD}") == [
        ":irc.test REGISTER SUCCESS anna :Account created",
        f":irc.test 900 anna anna!*@{HOST} anna :You are now logged in as anna",
    ]
    assert numerics(client.types("USER anna 0 * :Anna", "CAP END"))[0] == "001"
    assert client.session.identity.account == "anna"
    assert harness.recorded == [f"{HOST}: registered anna"]


@pytest.mark.parametrize("name", ["*", "anna", "ANNA"])
def test_after_coming_in(name: str) -> None:
    harness = Harness(name="irc.test")
    anna = harness.irc("anna", "account-notify")
    heard = anna.types(f"REGISTER {name} anna@example.org :{PASSWORD}")
    assert heard == [
        f":anna!~anna@{HOST} ACCOUNT anna",
        ":irc.test REGISTER SUCCESS anna :Account created",
        f":irc.test 900 anna anna!~anna@{HOST} anna :You are now logged in as anna",
    ]
    assert "example.org" not in str(harness.applied)
    assert PASSWORD not in str(harness.applied)


@pytest.mark.parametrize(
    ("lines", "answer"),
    [
        (["REGISTER * * :pw"], "FAIL REGISTER NEED_NICK * :Send NICK first"),
        (["REGISTER * *"], "461 * REGISTER :Not enough parameters"),
        (
            ["NICK bob", "REGISTER cara * :correct horse"],
            "FAIL REGISTER ACCOUNT_NAME_MUST_BE_NICK cara :An account bears your nickname",
        ),
        (
            ["NICK bob", "REGISTER * * :short"],
            "FAIL REGISTER WEAK_PASSWORD bob :Passwords need 8 characters",
        ),
        (
            ["NICK bob", "REGISTER * * :tab\tin the password"],
            "FAIL REGISTER UNACCEPTABLE_PASSWORD bob :Passwords have only what can be typed",
        ),
        (
            ["NICK on", "REGISTER * * :correct horse"],
            "FAIL REGISTER USERNAME_EXISTS on :Somebody else has that nickname now",
        ),
        (
            ["CAP LS", "NICK anna", "REGISTER * * :correct horse"],
            "FAIL REGISTER ACCOUNT_EXISTS anna :That account exists already",
        ),
        (
            ["NICK bob", "REGISTER * * :correct horse", "REGISTER * * :correct horse"],
            "FAIL REGISTER ALREADY_AUTHENTICATED bob :You are logged in already",
        ),
        (["VERIFY anna 123"], "FAIL VERIFY INVALID_CODE anna :No account waits for a code"),
        (["VERIFY anna"], "461 * VERIFY :Not enough parameters"),
    ],
)
def test_what_fails(lines: list[str], answer: str) -> None:
    harness = Harness(name="irc.test")
    harness.irc("on")
    register(harness, "anna")
    client = newcomer(harness, *lines[:-1])
    assert client.types(lines[-1]) == [f":irc.test {answer}"]


def test_verifying_is_for_nobody_who_is_logged_in() -> None:
    client = newcomer(Harness(name="irc.test"), "NICK bob", "REGISTER * * :correct horse")
    assert client.types("VERIFY bob 1") == [
        ":irc.test FAIL VERIFY ALREADY_AUTHENTICATED bob :You are logged in already"
    ]


@pytest.mark.parametrize("settings", [{"registration_before_connect": False}, {"password": "x"}])
def test_where_it_is_too_early(settings: dict[str, object]) -> None:
    harness = Harness(name="irc.test", **settings)
    client = newcomer(harness, "PASS x", "NICK bob")
    assert client.types(f"REGISTER * * :{PASSWORD}") == [
        ":irc.test FAIL REGISTER COMPLETE_CONNECTION_REQUIRED * :Come in first"
    ]
    client.types("USER bob 0 * :Bob")
    assert numerics(client.types(f"REGISTER * * :{PASSWORD}")) == ["REGISTER", "900"]


def test_where_nobody_can() -> None:
    harness = Harness(name="irc.test", registration="closed")
    assert harness.irc("bob").types(f"REGISTER * * :{PASSWORD}") == [
        ":irc.test FAIL REGISTER TEMPORARILY_UNAVAILABLE bob :Nobody can register here now"
    ]
    assert harness.state.accounts == {}


def test_one_address_registers_so_many() -> None:
    harness = Harness(name="irc.test", registrations_per_address=2)
    register(harness, "anna", "bob")
    late = newcomer(harness, "NICK cara")
    why = "Too many from your address; try again later"
    assert late.types(f"REGISTER * * :{PASSWORD}") == [
        f":irc.test FAIL REGISTER TEMPORARILY_UNAVAILABLE cara :{why}"
    ]
    harness.clock += 601_000
    assert numerics(late.types(f"REGISTER * * :{PASSWORD}")) == ["REGISTER", "900"]


def test_what_cannot_be_saved_is_told() -> None:
    harness = Harness(name="irc.test")
    client = newcomer(harness, "NICK bob")
    harness.store.write_error = "disk full"
    (line,) = client.types(f"REGISTER * * :{PASSWORD}")
    assert "disk full" in line and "SUCCESS" not in line
    harness.store.write_error = ""
    assert numerics(client.types(f"REGISTER * * :{PASSWORD}")) == ["REGISTER", "900"]


def test_a_flood_registers_once() -> None:
    """What is refused at once costs no hash, and nobody but the client waits for it."""
    harness = Harness(name="irc.test")
    client = newcomer(harness, "NICK bob")
    heard = client.types(*[f"REGISTER * * :{PASSWORD}"] * 5000)
    assert numerics(heard) == ["REGISTER", "900"] + ["FAIL"] * 4999
    assert len(harness.recorded) == 1


def test_logging_in_with_pass() -> None:
    harness = Harness(name="irc.test")
    register(harness, "anna")
    client = newcomer(harness, f"PASS :anna/desk:{PASSWORD}", "NICK anna")
    heard = client.types("USER anna 0 * :Anna")
    assert numerics(heard)[:2] == ["900", "001"]
    assert list((client.session.devices or {}).values()) == ["desk"]


def test_a_wrong_one_ends_the_connection() -> None:
    harness = Harness(name="irc.test")
    register(harness, "anna")
    client = newcomer(harness, "PASS anna:wrong", "NICK anna")
    assert client.types("USER anna 0 * :Anna") == [
        ":irc.test 464 anna :Account name or password is wrong"
    ]
    assert client.end is not None and client.end.reason is CloseReason.WRONG_PASSWORD


def test_beside_the_servers_own_password() -> None:
    harness = Harness(name="irc.test", password="with:colon")
    harness.irc("op")
    client = newcomer(harness, "PASS with:colon", "NICK bob")
    assert numerics(client.types("USER bob 0 * :Bob"))[0] == "001"
    client.types(f"REGISTER * * :{PASSWORD}", "QUIT")
    assert client.end is not None
    client.driver.finish(client.end)
    both = newcomer(harness, f"PASS :bob:{PASSWORD}", "PASS with:colon", "NICK bob")
    assert numerics(both.types("USER bob 0 * :Bob"))[:2] == ["900", "001"]
    lacking = newcomer(harness, f"PASS :bob:{PASSWORD}", "NICK bobby")
    assert numerics(lacking.types("USER bob 0 * :Bob")) == ["464"]


def test_a_nick_that_is_registered_and_on_is_told_how_to_have() -> None:
    harness = Harness(name="irc.test")
    register(harness, "anna")
    logged_in(harness, "anna")
    text = "Nickname is registered: log in with SASL, or PASS nick:password"
    client = newcomer(harness)
    assert client.types("NICK ANNA") == [f":irc.test 433 * anna :{text}"]
    assert numerics(client.types(f"REGISTER * * :{PASSWORD}")) == ["FAIL"]


def test_the_servers_password_is_asked_for_once() -> None:
    harness = Harness(name="irc.test", password="secret")
    on = newcomer(harness, "PASS secret", "NICK on", "USER on 0 * :On")
    assert on.dialect.session is not None
    client = newcomer(harness, "CAP LS 302", "PASS secret", "NICK on", "USER x 0 * :X")
    assert numerics(client.types("CAP END")) == ["433"]
    assert numerics(client.types("NICK off"))[0] == "001"
