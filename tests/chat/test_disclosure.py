"""Lines that tell a password to a room or to somebody, and lines that only look a little so."""

from __future__ import annotations

import pytest

from geventchat.chat.disclosure import discloses


@pytest.mark.parametrize(
    ("line", "command", "given"),
    [
        ("login anna secret", "login", "anna secret"),
        (" LOGIN anna secret ", "login", "anna secret "),
        ("login hunter22", "login", "hunter22"),
        ("//login anna", "login", "anna"),
        ("//login correct horse battery staple", "login", "correct horse battery staple"),
        ("/ login anna correct horse battery", "login", "anna correct horse battery"),
        ("> /login anna secret", "login", "anna secret"),
        ("/logon anna secret", "login", "anna secret"),
        ("identify anna secret", "login", "anna secret"),
        ("identify hunter22", "login", "hunter22"),
        ("/identify secret", "login", "secret"),
        ("/msg nickserv identify secret", "login", "secret"),
        ("/msg NickServ@services.example.org IDENTIFY secret", "login", "secret"),
        ("msg nickserv: identify anna secret", "login", "anna secret"),
        ("nickserv identify secret", "login", "secret"),
        ("nickserv: register secret anna@example.org", "register", "secret anna@example.org"),
        ("/ns id secret", "login", "secret"),
        ("/quote nickserv ghost anna secret", "login", "anna secret"),
        ("nickserv set password other", "passwd", "password other"),
        ("register hunter22", "register", "hunter22"),
        ("//register secret", "register", "secret"),
        ("passwd old new", "passwd", "old new"),
        ("password: hunter22", "passwd", "hunter22"),
        ("oper root sesame", "oper", "root sesame"),
        ("/oper/root/sesame", "oper", "root/sesame"),
        ("\xa0/oper root sesame", "oper", "root sesame"),
        ("//owner 1f3a-77", "owner", "1f3a-77"),
        ("login änne schlüssel", "login", "änne schlüssel"),
    ],
)
def test_a_password_is_found(line: str, command: str, given: str) -> None:
    found = discloses(line)
    assert found is not None
    assert (found.command, line[found.start :]) == (command, given)


@pytest.mark.parametrize(
    "line",
    [
        *("hello", "", " ", "/", "//", "login", "login ", "register now!", "login failed"),
        *("I cannot login as anna", "type /login anna PASSWORD to come in"),
        *("login works again for everybody", "register for the class on Monday"),
        *("password is wrong", "passwords are boring", "identifying marks 12", "loginpage a b"),
        *("// register the handler", "// login happens here", "/* login a b */", "/// oper a b"),
        *("oper is down again, everybody", "//oper is for the operators", "owner of this one?"),
        *("set password hunter22", "id 12345", "auth works now", "nickserv is a service"),
        *("ns lookup failed for a1b2c3", "msg me later", "login " + "very " * 100),
    ],
)
def test_what_is_said_of_logging_in_may_be_said(line: str) -> None:
    assert discloses(line) is None


def test_to_one_person_a_single_word_behind_identify_is_a_password() -> None:
    assert discloses("identify secret") is None
    assert discloses("identify secret", private=True) is not None
    assert discloses("identify the bird", private=True) is not None
    assert discloses("who can identify it?", private=True) is None


def test_a_long_line_takes_no_longer_than_its_length() -> None:
    """Quantifiers that try again would take minutes over these."""
    for line in ("/" * 4096, " " * 4096 + "x", "login " + "a " * 2000, "msg " * 1000, "!" * 4096):
        assert discloses(line) is None
