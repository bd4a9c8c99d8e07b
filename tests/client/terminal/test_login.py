"""Logging in while coming in: what is sent, and what is made of the answers."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from geventchat.client.terminal.errors import NotLetIn, UsageError
from geventchat.client.terminal.login import Login, WrongLogin, password_in
from geventchat.client.terminal.registration import NEEDED, Registration
from geventchat.client.terminal.wire import parse

ANNA = Login("anna", "correct horse")
OFFERED = ":srv CAP * LS :sasl=PLAIN " + " ".join(NEEDED)


def talk(registration: Registration, *lines: str) -> list[str]:
    registration.out.clear()
    for line in lines:
        registration.take(parse(line), line)
    return registration.out


def test_logging_in_comes_before_the_welcome() -> None:
    registration = Registration("anna", login=ANNA)
    assert "sasl" in talk(registration, OFFERED)[0].split()
    assert talk(registration, ":srv CAP * ACK :sasl batch") == ["AUTHENTICATE PLAIN"]
    (answer,) = talk(registration, "AUTHENTICATE +")
    word, _, told = answer.partition(" ")
    assert (word, base64.b64decode(told)) == ("AUTHENTICATE", b"anna\0anna\0correct horse")
    welcome = ":srv 900 * anna!u@h anna :You are now logged in as anna"
    assert talk(registration, welcome, ":srv 903 * :SASL authentication successful") == ["CAP END"]
    talk(registration, ":srv 001 anna :Welcome")
    assert registration.is_done


@pytest.mark.parametrize("verb", ["902", "904", "905", "906"])
def test_a_login_that_is_refused(verb: str) -> None:
    registration = Registration("anna", login=ANNA)
    talk(registration, OFFERED, ":srv CAP * ACK :sasl")
    with pytest.raises(WrongLogin, match="cannot log in as anna: No") as caught:
        talk(registration, f":srv {verb} * :No")
    assert isinstance(caught.value, NotLetIn)
    assert "horse" not in f"{caught.value}{ANNA}"


def test_a_server_without_accounts() -> None:
    with pytest.raises(NotLetIn, match="do without --login"):
        talk(Registration("anna", login=ANNA), OFFERED.replace("sasl=PLAIN ", ""))


def test_who_does_not_log_in_asks_for_nothing() -> None:
    registration = Registration("anna")
    assert "sasl" not in talk(registration, OFFERED)[0]
    assert talk(registration, ":srv CAP * ACK :batch") == ["CAP END"]


@pytest.mark.parametrize("length", [1, 286, 287, 288, 289, 2000])
def test_a_long_password_goes_in_pieces(length: int) -> None:
    pieces = [line.removeprefix("AUTHENTICATE ") for line in Login("anna", "x" * length).answers()]
    assert all(len(piece) == 400 for piece in pieces[:-1])
    assert len(pieces[-1]) < 400
    told = "".join(pieces).removesuffix("+") if pieces[-1] == "+" else "".join(pieces)
    assert base64.b64decode(told) == b"anna\0anna\0" + b"x" * length


def test_a_password_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("correct horse \nmore\n")
    assert password_in(str(file)) == "correct horse "
    for nothing in (b"", b"\nx\n", b"\xff\n"):
        file.write_bytes(nothing)
        with pytest.raises(UsageError):
            password_in(str(file))
    with pytest.raises(UsageError, match="cannot read"):
        password_in(str(tmp_path / "nowhere"))
