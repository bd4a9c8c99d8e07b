"""/set: how lines look, what is kept with an account, and what one tells of oneself."""

from __future__ import annotations

import pytest

from geventchat.chat.commands_accounts import SetMetadata
from geventchat.delivery.audience import Audience
from geventchat.errors import Refused
from tests.dialects.human.prompter import Prompter
from tests.harness import Harness, HumanClient


def test_settings_are_shown(alice: HumanClient) -> None:
    assert alice.types("/set") == [
        "-> time on, tz server, colour off, bell off, width 80, screenreader off"
    ]


@pytest.mark.parametrize(
    ("setting", "answer", "line"),
    [
        ("time off", "-> time is off now.", "<bob> hi"),
        ("TIME Off", "-> time is off now.", "<bob> hi"),
        ("tz Europe/Vienna", "-> tz is Europe/Vienna now.", "[13:00] <bob> hi"),
        ("tz -03:30", "-> tz is -03:30 now.", "[08:30] <bob> hi"),
        ("tz server", "-> tz is server now.", "[12:00] <bob> hi"),
        ("colour on", "-> colour is on now.", "\x1b[2m[12:00] \x1b[0m<\x1b[1mbob\x1b[0m> hi"),
        ("color on", "-> colour is on now.", "\x1b[2m[12:00] \x1b[0m<\x1b[1mbob\x1b[0m> hi"),
        ("screenreader on", "-> screenreader is on now.", "[12:00] bob: hi"),
        ("bell on", "-> bell is on now.", "[12:00] <bob> hi"),
    ],
)
def test_set(alice: HumanClient, bob: HumanClient, setting: str, answer: str, line: str) -> None:
    assert alice.types(f"/set {setting}") == [answer]
    bob.types("hi")
    assert alice.hears() == [line]


def test_the_bell_rings_for_private_lines(alice: HumanClient, bob: HumanClient) -> None:
    alice.types("/set bell on")
    bob.types("/msg alice psst")
    assert alice.hears() == ["[12:00] [PM from bob] psst\a"]


@pytest.mark.parametrize(
    ("setting", "answer"),
    [
        ("time", "-> time: say on or off"),
        ("bell maybe", "-> bell: say on or off"),
        ("tz Nowhere/Else", "-> tz: a zone such as Europe/Vienna, +02:00, or server"),
        ("tz", "-> tz: a zone such as Europe/Vienna, +02:00, or server"),
        ("tz ../../etc/passwd", "-> tz: a zone such as Europe/Vienna, +02:00, or server"),
        ("tz /etc/passwd", "-> tz: a zone such as Europe/Vienna, +02:00, or server"),
        ("tz +25:00", "-> tz: a zone such as Europe/Vienna, +02:00, or server"),
        ("width 19", "-> width: a number of columns from 20 to 500"),
        ("width 501", "-> width: a number of columns from 20 to 500"),
        ("width ٨٠", "-> width: a number of columns from 20 to 500"),
        (
            "shoes red",
            "-> There is no setting shoes: time, tz, colour, bell, width, screenreader,"
            " pronouns, display-name, homepage, status.",
        ),
    ],
)
def test_what_cannot_be_set(alice: HumanClient, setting: str, answer: str) -> None:
    before = alice.types("/set")
    assert alice.types(f"/set {setting}") == [answer]
    assert alice.types("/set") == before


def test_tables_keep_to_the_width(alice: HumanClient) -> None:
    alice.types("/away " + "z" * 60)
    assert max(map(len, alice.types("/who"))) <= 80
    alice.types("/set width 40")
    assert max(map(len, alice.types("/who"))) <= 40
    alice.types("/set width 80", "/set time on")
    alice.answer_to(b"\xff\xfa\x1f\x00\x32\x00\x18\xff\xf0")
    assert max(map(len, alice.types("/who"))) <= 50


PASSWORD = "correct horse"
ZONE = "Europe/Vienna"


def test_what_is_set_is_kept_with_the_account(harness: Harness, alice: HumanClient) -> None:
    alice.types("/set bell on", f"/register {PASSWORD}", f"/set tz {ZONE}", "/set COLOR ON")
    alice.types("/set width 60", "/set screenreader on", "/set time OFF", "/set colour off")
    alice.leaves()
    other = harness.human()
    told = [
        f"-> time off, tz {ZONE}, colour off, bell off, width 60, screenreader on",
        "-> time on, tz server, colour off, bell off, width 80, screenreader off",
    ]
    assert other.types("/set") == told[1:]
    other.types(f"/login alice {PASSWORD}")
    assert other.types("/set") == told[:1]
    device = harness.human()
    device.types(f"/login alice {PASSWORD}")
    assert device.types("/set") == told[:1]
    assert harness.human("carl").types("/set") == told[1:]


def test_the_width_of_a_terminal_that_tells_it_is_its_own(harness: Harness) -> None:
    alice = harness.human("alice")
    alice.types(f"/register {PASSWORD}", "/set width 40", "/set colour off", "/set bell off")
    alice.leaves()
    terminal = Prompter(harness, "guesty", columns=70)
    terminal.types(f"/login alice {PASSWORD}", "/set")
    assert terminal.client.dialect.client.columns == 70
    assert not terminal.client.dialect.client.look.colour


def test_what_is_kept_and_means_nothing_any_more_is_left_out(
    harness: Harness, alice: HumanClient
) -> None:
    alice.types(f"/register {PASSWORD}")
    alice.harness.state.accounts["alice"].metadata[".settings"] = (
        "tz=Middle/Earth shoes=red bell=on width=2 = x"
    )
    alice.leaves()
    other = harness.human()
    other.types(f"/login alice {PASSWORD}")
    assert other.types("/set") == [
        "-> time on, tz server, colour off, bell on, width 80, screenreader off"
    ]


def test_how_one_sees_things_is_nobody_elses_business(
    harness: Harness, alice: HumanClient, bob: HumanClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    irc = harness.irc("ingrid", "draft/metadata-2", "account-notify", "extended-monitor")
    irc.types("JOIN #lobby", "MONITOR + alice")
    alice.types(f"/register {PASSWORD}")
    for reader in (bob, irc):
        reader.hears()
    # Not even those are asked who would show nothing of it.
    monkeypatch.delattr(Audience, "to_rooms")
    monkeypatch.delattr(Audience, "to_watchers")
    alice.types(f"/set tz {ZONE}")
    assert bob.hears() == irc.hears() == []
    assert "settings" not in f"{bob.types('/whois alice')}{irc.types('WHOIS alice')}"
    assert harness.state.metadata_of(alice.session) == {}
    with pytest.raises(Refused):
        harness.proposals.draft(alice.session, SetMetadata("alice", ".settings", "x"))


def test_what_one_tells_of_oneself(harness: Harness, alice: HumanClient, bob: HumanClient) -> None:
    assert alice.types("/set pronouns she/her") == ["-> pronouns: she/her"]
    alice.types("/set Homepage https://alice.example.org/\x1b[2J")
    assert bob.types("/whois alice")[-2:] == [
        "-> alice has pronouns: she/her",
        "-> alice has homepage: https://alice.example.org/",
    ]
    assert alice.types("/set")[1:] == [
        "-> pronouns: she/her",
        "-> homepage: https://alice.example.org/",
    ]
    assert alice.types("/set pronouns off") == ["-> pronouns: nothing is told of it now."]
    assert alice.types("/set status " + "x" * 301) == [
        "-> status cannot be set: longer than 300 bytes."
    ]
    harness.store.write_error = "disk full"
    assert alice.types("/set status well") == ["-> Not saved: disk full. Nothing changed."]
    assert "pronouns" not in f"{bob.types('/whois alice')}"


def test_what_one_tells_stays_with_the_account(harness: Harness, bob: HumanClient) -> None:
    dora = harness.human("dora")
    dora.types(f"/register {PASSWORD}", "/set pronouns they/them")
    assert bob.types("/whois dora")[-2:] == [
        "-> dora is registered",
        "-> dora has pronouns: they/them",
    ]
    dora.types("/nick dodo")
    assert bob.types("/whois dodo")[-2] == "-> dodo is logged in as dora"
    dora.leaves()
    assert bob.types("/whois DORA")[-2:] == [
        "-> dora is registered. /msg dora TEXT is read at the next login.",
        "-> dora is not here. /seen dora tells when they were.",
    ]
    again = harness.human()
    again.types(f"/login dora {PASSWORD}")
    assert bob.types("/whois dora")[-1] == "-> dora has pronouns: they/them"
