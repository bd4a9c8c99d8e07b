"""/ban, /mute and what undoes them: who is out, who is silent, who stays, and what each reads."""

from __future__ import annotations

import pytest

from geventchat.chat.conflicts import CHANGES_MAX
from geventchat.chat.events import Change, Entry, Kicked, ModesSet
from tests.harness import Harness, HumanClient

NOWHERE = "-> You are not talking in any room now: /switch #lobby or /join #room."


@pytest.fixture
def harness() -> Harness:
    return Harness()


@pytest.fixture
def people(harness: Harness) -> tuple[HumanClient, HumanClient]:
    alice, bob = harness.human("alice"), harness.human("bob")
    alice.types("/join #dev")
    bob.types("/join #dev")
    alice.hears()
    return alice, bob


def names(room: str, harness: Harness) -> list[str]:
    return sorted(member.session.nick for member in harness.state.rooms[room].members.values())


def test_a_ban_puts_out_who_is_inside(people: tuple[HumanClient, HumanClient]) -> None:
    alice, bob = people
    assert alice.types("/ban BOB") == [
        "*** alice banned BOB.",
        "*** bob was kicked by alice: banned",
    ]
    assert bob.hears() == [
        "*** alice banned BOB.",
        "-> You were kicked from #dev by alice: banned",
        NOWHERE,
    ]
    assert bob.types("/join #dev") == ["-> You are banned from #dev."]


def test_whoever_is_out_is_let_in_again_by_what_the_list_calls_them(
    people: tuple[HumanClient, HumanClient],
) -> None:
    alice, bob = people
    alice.types("/ban *", "/ban 192.0.2.0/24", "/ban account:rob", "/mute bob", "/mute eve!*@x.y")
    assert alice.types("/bans") == [
        "-> Everybody is banned (by alice, 0s ago)",
        "-> Everybody from 192.0.2.0/24 is banned (by alice, 0s ago)",
        "-> account:rob is banned (by alice, 0s ago)",
        "-> bob is muted (by alice, 0s ago)",
        "-> eve!*@x.y is muted (by alice, 0s ago)",
    ]
    assert alice.types("/unban everybody") == ["*** alice unbanned everybody."]
    told = "everybody from 192.0.2.0/24"
    assert alice.types(f"/unban {told}") == [f"*** alice unbanned {told}."]
    assert alice.types("/unban account:rob") == ["*** alice unbanned account:rob."]
    assert alice.types("/unmute bob", "/unmute eve!*@x.y") == [
        "*** alice unmuted bob.",
        "*** alice unmuted eve!*@x.y.",
    ]
    assert alice.types("/bans") == ["-> Nobody is banned or muted in #dev."]
    bob.hears()
    assert bob.types("/join #dev")[0].startswith("-> You are in #dev")


def test_nobody_has_all_put_out_by_their_name(
    people: tuple[HumanClient, HumanClient], harness: Harness
) -> None:
    alice, _ = people
    harness.human("everybody").types("/join #dev")
    alice.hears()
    assert alice.types("/ban everybody")[-1] == "*** everybody was kicked by alice: banned"
    assert names("#dev", harness) == ["alice", "bob"]
    assert alice.types("/bans") == ["-> everybody!*@* is banned (by alice, 0s ago)"]
    assert alice.types("/unban everybody") == ["-> Everybody is not banned."]
    assert alice.types("/unban everybody!*@*")[0].startswith("*** alice unbanned")


def test_who_keeps_order_stays(people: tuple[HumanClient, HumanClient], harness: Harness) -> None:
    alice, _ = people
    carol = harness.human("carol")
    carol.types("/join #dev")
    alice.types("/op carol")
    assert alice.types("/ban 192.0.2.7") == [
        "*** alice banned everybody from 192.0.2.7.",
        "*** bob was kicked by alice: banned",
        "-> No ban puts out who keeps order here: alice, carol stayed.",
    ]
    assert names("#dev", harness) == ["alice", "carol"]
    assert alice.types("/ban alice")[-1] == (
        "-> No ban puts out who keeps order here: alice stayed."
    )


def test_an_exception_keeps_somebody_in(
    people: tuple[HumanClient, HumanClient], harness: Harness
) -> None:
    alice, _ = people
    irc = harness.irc("ingrid")
    irc.types("JOIN #dev")
    alice.types("/op ingrid", "/deop ingrid")
    for person in (alice, irc):
        person.hears()
    alice.types("/op ingrid")
    irc.types("MODE #dev +eI bob friend")
    assert alice.types("/deop ingrid", "/ban *")[-2:] == [
        "*** ingrid was kicked by alice: banned",
        "-> No ban puts out who keeps order here: alice stayed.",
    ]
    assert names("#dev", harness) == ["alice", "bob"]
    assert alice.types("/bans")[1:] == [
        "-> bob is exempt from bans (by ingrid, 0s ago)",
        "-> friend may come in uninvited (by ingrid, 0s ago)",
    ]
    assert people[1].types("/bans")[-1] == "-> Everybody is banned (by alice, 0s ago)"


def test_a_ban_that_holds_puts_out_who_is_still_inside(
    people: tuple[HumanClient, HumanClient], harness: Harness
) -> None:
    """As after IRC's MODE +b, or where the server stopped between the ban and the kick."""
    alice, bob = people
    irc = harness.irc("ingrid")
    irc.types("JOIN #dev")
    alice.types("/op ingrid")
    irc.types("MODE #dev +b bob!*@*")
    alice.hears()
    bob.hears()
    assert bob.types("hi")[0].startswith("-> You may not speak in #dev: you are banned")
    assert alice.types("/ban bob") == ["*** bob was kicked by alice: banned"]
    assert alice.types("/ban bob") == ["-> bob is banned already."]


def test_what_could_not_be_saved_is_told_and_done_again(
    people: tuple[HumanClient, HumanClient], harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice, bob = people
    saved = harness.store.append

    harness.store.write_error = "disk full"
    assert alice.types("/ban bob") == ["-> Not saved: disk full. Nothing changed."]
    harness.store.write_error = ""

    def after_the_ban(entries: list[Entry], *corrections: object) -> None:
        if any(isinstance(entry.event, Kicked) for entry in entries):
            harness.store.write_error = "disk full"
        saved(entries, *corrections)

    monkeypatch.setattr(harness.store, "append", after_the_ban)
    assert alice.types("/ban bob") == [
        "*** alice banned bob.",
        "-> Not saved: disk full. Nothing changed.",
        "-> The ban holds, but not everybody it is on is out: /ban them again.",
    ]
    assert names("#dev", harness) == ["alice", "bob"]
    monkeypatch.setattr(harness.store, "append", saved)
    harness.store.write_error = ""
    assert alice.types("/ban bob") == ["*** bob was kicked by alice: banned"]
    assert bob.hears()[-2] == "-> You were kicked from #dev by alice: banned"


def test_many_are_put_out_some_at_a_time(harness: Harness) -> None:
    alice = harness.human("alice")
    alice.types("/join #dev")
    crowd = [harness.human(f"p{n}") for n in range(2 * CHANGES_MAX + 5)]
    for one in crowd:
        one.types("/join #dev")
    sizes: list[int] = []
    append = harness.store.append

    def counted(entries: list[Entry], *corrections: object) -> None:
        sizes.append(sum(isinstance(entry.event, Kicked) for entry in entries))
        append(entries, *corrections)

    harness.store.append = counted
    alice.types("/ban p*")
    assert names("#dev", harness) == ["alice"]
    assert sum(sizes) == len(crowd)
    assert max(sizes) <= CHANGES_MAX
    assert crowd[-1].hears()[-2] == "-> You were kicked from #dev by alice: banned"


def test_putting_out_ends_when_the_ban_does(harness: Harness) -> None:
    """Somebody else lifts it while many are being put out."""
    alice, carol = harness.human("alice"), harness.human("carol")
    alice.types("/join #dev")
    carol.types("/join #dev")
    alice.types("/op carol")
    for n in range(3 * CHANGES_MAX):
        harness.human(f"p{n}").types("/join #dev")
    lift = ModesSet(carol.session.identity, "#dev", (Change("-b", "p*!*@*"),))
    append = harness.store.append
    lifted: list[object] = []

    def lifting(entries: list[Entry], *corrections: object) -> None:
        append(entries, *corrections)
        if not lifted and any(isinstance(entry.event, Kicked) for entry in entries):
            lifted.append(lift)
            harness.proposals.propose(lift)

    harness.store.append = lifting
    alice.types("/ban p*")
    assert lifted
    # What was asked for by then is done; two thirds at most.
    assert len(names("#dev", harness)) > CHANGES_MAX
    harness.settle()
    assert harness.state.rooms["#dev"].modes.lists["b"] == {}


def test_a_mute_is_told_to_who_it_is_on(people: tuple[HumanClient, HumanClient]) -> None:
    alice, bob = people
    assert alice.types("/mute bob") == ["*** alice muted bob."]
    assert bob.hears() == [
        "*** alice muted bob.",
        "-> You are muted in #dev: others do not hear you.",
    ]
    assert bob.types("hi")[0].startswith("-> You may not speak in #dev: you are banned or muted.")
    assert alice.types("/mute bob") == ["-> bob is muted already."]
    assert alice.types("/mute 192.0.2.7") == ["*** alice muted everybody from 192.0.2.7."]
    # He was muted before; and who keeps order is not.
    assert bob.hears() == ["*** alice muted everybody from 192.0.2.7."]
    alice.types("/unmute bob")
    assert bob.hears() == ["*** alice unmuted bob."]
    alice.types("/unmute 192.0.2.7")
    assert bob.hears()[1:] == ["-> You may speak in #dev again."]
    assert bob.types("hi") == []
    assert alice.hears()[-1] == "[12:00] <bob> hi"


def test_a_mute_that_changes_nothing_yet_says_so(people: tuple[HumanClient, HumanClient]) -> None:
    alice, bob = people
    alice.types("/voice bob")
    bob.hears()
    assert alice.types("/mute bob") == [
        "*** alice muted bob.",
        "-> bob has a voice and is heard all the same: /devoice NICK.",
    ]
    assert bob.hears() == ["*** alice muted bob."]
    assert alice.types("/mute alice")[-1] == "-> alice keeps order here and is heard all the same."
    told = "-> Nobody is called bbo now; it will hold for who is."
    assert alice.types("/mute bbo") == ["*** alice muted bbo.", told]
    assert alice.types("/ban bbo") == ["*** alice banned bbo.", told]
    assert alice.types("/unmute eve") == ["-> eve is not muted."]
    assert alice.types("/unban bob") == ["-> bob is not banned."]


@pytest.mark.parametrize("typed", ["/ban bob 2h", "/mute bob spam", "/ban bob and eve"])
def test_a_ban_for_a_time_does_not_become_one_for_ever(
    people: tuple[HumanClient, HumanClient], typed: str
) -> None:
    alice, _ = people
    refused = "-> Name one nick, address or network. Times and reasons are not kept yet."
    assert alice.types(typed) == [refused]
    assert alice.types("/bans") == ["-> Nobody is banned or muted in #dev."]


@pytest.mark.parametrize("typed", ["/ban alice", "/unban x", "/mute alice", "/unmute x"])
def test_who_may_not_is_told_so_whether_it_would_change_anything_or_not(
    people: tuple[HumanClient, HumanClient], typed: str
) -> None:
    alice, bob = people
    assert bob.types(typed)[0].startswith("-> Only operators of #dev or of the server")
    alice.types("/ban alice")
    bob.hears()
    assert bob.types(typed)[0].startswith("-> Only operators of #dev or of the server")
    assert names("#dev", alice.harness) == ["alice", "bob"]


def test_what_is_no_mask_is_refused(people: tuple[HumanClient, HumanClient]) -> None:
    alice, _ = people
    for typed in ("/ban :x", "/mute " + "x" * 200, "/unban :x"):
        assert alice.types(typed)[0].startswith("-> Not a valid mask")
