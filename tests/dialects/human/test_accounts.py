"""/register, /login, /logout and /passwd: what each prints, and what others see of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from geventchat.dialects.base import HangUp
from geventchat.dialects.human.help import COMMANDS
from geventchat.errors import CloseReason, StoreError
from tests.harness import HOST, Harness, HumanClient

RIGHT, OTHER = "correct horse", "battery staple"
CHANGED = "-> Nothing has changed."
SEEN = " Your screen will show it."  # Where no telnet has answered.
NEW = f"-> New password for berta? Enter alone gives up.{SEEN}"
AGAIN = f"-> The same again?{SEEN}"


@pytest.fixture
def anna(harness: Harness) -> HumanClient:
    """Somebody who has registered and left."""
    anna = harness.human("Anna")
    assert anna.types(f"/register {RIGHT}") == [
        "-> Anna is now yours. From elsewhere, or another day: /login Anna"
    ]
    anna.leaves()
    return anna


def test_a_name_that_is_registered_is_nobody_elses(anna: HumanClient, bob: HumanClient) -> None:
    assert bob.types("/nick anna") == ["-> Anna is registered: /login Anna PASSWORD"]
    assert bob.types("/login anna wrong") == ["-> Wrong name or password."]
    assert bob.types("/login nobody wrong") == ["-> Wrong name or password."]
    assert anna.harness.recorded == [
        f"{HOST}: registered Anna",
        f"{HOST}: wrong password for Anna",
        f"{HOST}: wrong password for an account that does not exist",
    ]


def test_who_logs_in_has_the_name_and_keeps_their_rooms(
    harness: Harness, anna: HumanClient, bob: HumanClient
) -> None:
    guest = harness.human()
    guest.types("/join #dev")
    bob.hears()
    assert guest.types(f"/login anna {RIGHT}") == [
        "*** guest4 is now known as Anna.",
        "-> You are logged in as Anna.",
    ]
    assert bob.hears() == ["*** guest4 is now known as Anna."]
    assert list(guest.session.rooms) == ["#lobby", "#dev"]
    assert guest.types("/login anna x", "/register x") == 2 * [
        "-> You are logged in as Anna already. /logout first."
    ]


def test_who_logs_in_first_of_all_is_never_seen_as_a_guest(
    harness: Harness, anna: HumanClient, bob: HumanClient
) -> None:
    irc = harness.irc("ingrid", "account-notify", "extended-join")
    irc.types("JOIN #lobby")
    bob.hears()
    newcomer = HumanClient(harness)
    newcomer.come_in()
    newcomer.types(f"/login anna {RIGHT}")
    assert bob.hears() == ["*** Anna joined #lobby. (4 here)"]
    assert irc.hears() == [":Anna!~telnet@192.0.2.7 JOIN #lobby Anna :Anna"]


def test_logging_out_is_being_a_guest(harness: Harness, anna: HumanClient) -> None:
    guest = harness.human()
    guest.types(f"/login anna {RIGHT}")
    assert guest.types("/logout") == [
        "*** Anna is now known as guest3.",
        "-> You are logged out. You are guest3; /login Anna comes back.",
    ]
    assert guest.session.identity.account == ""
    assert guest.types("/logout", "/passwd a b") == 2 * [
        "-> You are not logged in. /login NICK PASSWORD"
    ]
    guest.types(f"/login anna {RIGHT}", "/nick anja")
    assert guest.types("/logout") == [
        "-> You are logged out. You are anja; /login Anna comes back."
    ]


def test_guests_and_others_who_cannot_register(harness: Harness, anna: HumanClient) -> None:
    guest = harness.human()
    told = ["-> guest2 is a guest's name. Choose your own first: /nick NAME"]
    assert guest.types("/register") == guest.types(f"/register {RIGHT}") == told
    assert guest.types("/login") == ["-> Usage: /login NICK [PASSWORD]"]
    assert guest.types("/nick berta", "/register short")[1:] == [
        "-> That password is too short: it needs 8 characters."
    ]
    harness.store.write_error = "disk full"
    assert guest.types(f"/register {RIGHT}") == ["-> Not saved: disk full. Nothing changed."]
    harness.store.write_error = ""
    assert guest.types(f"/register {RIGHT}")[0].startswith("-> berta is now yours.")
    assert sorted(harness.state.accounts) == ["anna", "berta"]


def test_passwords_that_are_asked_for(harness: Harness) -> None:
    berta = harness.human("berta")
    assert berta.types("/register") == [NEW]
    assert berta.types("short") == [AGAIN]
    assert berta.types("short") == ["-> That password is too short: it needs 8 characters.", NEW]
    assert berta.types(RIGHT, OTHER) == [AGAIN, "-> Those two differ.", NEW]
    assert berta.types("") == [CHANGED]
    assert harness.state.accounts == {}
    assert berta.types("/register", f" {RIGHT} ", f" {RIGHT} ")[2:] == [
        "-> berta is now yours. From elsewhere, or another day: /login berta"
    ]
    berta.types("/logout")
    asked = f"-> Password of berta? Enter alone gives up.{SEEN}"
    assert berta.types("/login berta", RIGHT) == [asked, "-> Wrong name or password.", asked]
    assert berta.types("") == [CHANGED]
    assert berta.types("/login berta", f" {RIGHT} ")[-1] == "-> You are logged in as berta."


def test_another_password(harness: Harness, anna: HumanClient) -> None:
    one = harness.human()
    one.types(f"/login anna {RIGHT}")
    assert one.types("/passwd", "no", RIGHT, OTHER, OTHER) == [
        f"-> Old password of Anna? Enter alone gives up.{SEEN}",
        "-> Wrong name or password.",
        f"-> Old password of Anna? Enter alone gives up.{SEEN}",
        f"-> New password for Anna? Enter alone gives up.{SEEN}",
        AGAIN,
        "-> Anna has a new password.",
    ]
    one.types("/logout")
    assert one.types(f"/login anna {RIGHT}") == ["-> Wrong name or password."]
    assert one.types(f"/login anna {OTHER}")[-1] == "-> You are logged in as Anna."
    assert one.types("/passwd one", "/passwd one two three") == 2 * [
        "-> Usage: /passwd alone asks for both; /passwd OLD NEW if neither has a space."
    ]
    assert one.types("/passwd old password1") == ["-> Wrong name or password."]
    assert harness.state.accounts["anna"].credential


def test_where_no_password_counts_any_more(harness: Harness, anna: HumanClient) -> None:
    for _ in range(harness.config.password_failures_per_address):
        harness.human().types("/login anna wrong")
    guest = harness.human()
    told = "-> Too many wrong passwords: none counts from here for now. Try later."
    assert guest.types(f"/login anna {RIGHT}") == [told]
    assert guest.types("/login anna", RIGHT)[1:] == [told]
    assert guest.types("/ping") == ["-> pong"]


def test_wrong_ones_end_it_in_the_end(harness: Harness, anna: HumanClient) -> None:
    guest = harness.human()
    told = guest.types("/login anna", "1", "2", "3", "not heard")
    assert told.count("-> Wrong name or password.") == harness.config.password_tries - 1 == 2
    assert guest.end == HangUp(CloseReason.WRONG_PASSWORD)


def test_what_cannot_be_checked_or_kept_is_told(
    harness: Harness, anna: HumanClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    guest = harness.human("carl")
    harness.store.read_error = harness.store.write_error = "disk error"

    def fail(*args: str) -> None:
        raise StoreError("disk error")

    for name in ("credential", "put_credential"):
        monkeypatch.setattr(harness.store, name, fail)
    assert guest.types(f"/login anna {RIGHT}") == ["-> That did not work: disk error."]
    assert guest.types(f"/register {RIGHT}") == [
        "-> That did not work: disk error. Nothing has changed."
    ]


def test_a_password_is_nowhere(harness: Harness, bob: HumanClient) -> None:
    """Not in an event, the log, the store, what others or oneself are shown."""
    berta = harness.human("berta")
    bob.hears()
    shown = berta.types("/register", RIGHT, RIGHT, "/passwd", RIGHT, OTHER, OTHER, "/logout")
    shown += berta.types("/login berta", OTHER, "/history", f"/login berta {OTHER}")
    everything = f"{shown}{bob.hears()}{harness.applied}{harness.recorded}{vars(harness.store)}"
    assert RIGHT not in everything
    assert OTHER not in everything


def test_a_password_of_any_letters_and_of_any_size(harness: Harness) -> None:
    berta = harness.human("berta")
    assert berta.types("/register " + "x" * 600) == [
        "-> That password is too long: the limit is 512 bytes."
    ]
    assert berta.types("/register " + "x" * 5000) == [
        "-> Line too long: 5,010 of 4,096 bytes, not sent."
    ]
    assert berta.types("/register", "x" * 5000)[1:] == [
        "-> Line too long: 5,000 of 4,096 bytes, not sent.",
        NEW,
    ]
    word = "schlüssel 키 🔑"
    assert berta.types(word, word)[-1].startswith("-> berta is now yours.")
    berta.types("/logout")
    assert berta.types(f"/login berta {word}")[-1] == "-> You are logged in as berta."


def test_a_megabyte_of_password_ends_it(harness: Harness) -> None:
    berta = harness.human("berta")
    berta.types("/register")
    for _ in range(64):
        berta.does(b"x" * 16_384)
    assert berta.end == HangUp(CloseReason.LINE_TOO_LONG)
    assert harness.state.accounts == {}


def test_who_is_on_already_is_on_twice(
    harness: Harness, anna: HumanClient, bob: HumanClient
) -> None:
    first, second = harness.human(), harness.human()
    first.types(f"/login anna {RIGHT}")
    second.types("/join #dev")
    bob.hears()
    told = second.types(f"/login anna {RIGHT}")
    assert told[:2] == [
        "-> You are here as Anna, also on telnet; rooms: #lobby",
        "-> Talking in #lobby.",
    ]
    assert "-> You are in #dev: no topic (1 here: Anna)" in told
    assert bob.hears() == ["*** guest5 left."]
    assert second.session is first.session
    assert second.types("/switch") == ["-> Talking in #dev.", "-> You are in #lobby too."]
    first.hears()
    second.types("/switch #lobby", "hello")
    assert first.hears() == bob.hears() == ["[12:00] <Anna> hello"]
    assert first.types("/logout") == [
        "-> You are on as Anna from elsewhere too: /quit leaves from here alone."
    ]


def test_a_line_for_somebody_who_is_not_on_is_kept(anna: HumanClient, bob: HumanClient) -> None:
    assert bob.types("/msg anna psst") == [
        "-> [PM to Anna] psst",
        "-> (offline: Anna reads it at the next login)",
    ]
    assert bob.types("/msg berta psst") == ["-> berta is not here."]


def test_the_page_on_accounts_shows_what_is_printed(harness: Harness) -> None:
    page = (Path(__file__).parents[3] / "docs" / "accounts.md").read_text()

    def shown(client: HumanClient, *lines: str) -> str:
        """A screen of a terminal that hides passwords."""
        told = []
        for line in lines:
            told += [*([] if line == RIGHT else [line]), *client.types(line)]
        return "\n".join(line.removesuffix(SEEN) for line in told)

    anna = harness.human()
    assert f"\n{shown(anna, '/nick anna', '/register', RIGHT, RIGHT, '/join #dev')}\n" in page
    anna.leaves()
    bert = harness.human("bert")
    assert f"\n{shown(bert, '/nick anna', '/msg anna the build is green')}\n" in page
    again = shown(harness.human(), "/login anna", RIGHT)
    assert "\n" + "\n".join(again.split("\n")[:4]) + "\n" in page
    named = set(re.findall(r"`/([a-z]+)", page))
    assert named <= {command.name for command in COMMANDS}
