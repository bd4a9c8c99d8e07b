"""Keeping order in a room."""

from __future__ import annotations

from tests.client.terminal.talker import in_room
from tests.harness import Harness


def test_ranks_and_bans(harness: Harness) -> None:
    op, bob = in_room(harness, "op"), in_room(harness, "bob")
    op.hears()
    for typed, shown in (
        ("/voice bob", "*** op gave bob a voice."),
        ("/op bob", "*** op made bob an operator."),
        ("/deop bob", "*** op took bob off the operators."),
        ("/ban bob", "*** op banned bob."),
        ("/kick bob", "*** bob was kicked by op."),
        ("/unban bob", "*** op unbanned bob."),
        ("/invite bob", "-> bob is invited to #dev."),
    ):
        assert shown in op.types(typed)
    assert "-> op invites you to #dev. /join #dev" in bob.hears()


def test_only_operators(harness: Harness) -> None:
    in_room(harness, "op")
    alice = in_room(harness)
    no = "-> Only operators of #dev may do that. /names shows them with an @."
    for typed in ("/op alice", "/kick op", "/ban op", "/invite op"):
        assert alice.types(typed)[0] in (no, "-> op is in #dev already.")
    assert alice.types("/oper root") == ["-> Usage: /oper NAME PASSWORD"]


def test_becoming_an_operator_of_the_server() -> None:
    harness = Harness(oper_name="root", oper_password="let me in")
    alice = in_room(harness)
    assert alice.types("/oper root wrong") == ["-> Wrong name or password."]
    assert alice.types("/oper root let me in") == ["-> You are an operator of the server now."]
    bob, carol = in_room(harness, "bob"), harness.human("carol")
    bob.talk.ask(lambda _: [], "MODE", "bob", "+w")
    bob.hears()
    alice.types("/wall tea at four")
    assert "-> [alice to everybody] tea at four" in bob.hears()
    assert "tea at four" in "".join(carol.hears())
    assert alice.types("/reload")[-1] == "-> *** reloaded: 0 settings changed"
    assert "-> The session of carol is ended." in alice.types("/kill carol enough")
    assert alice.types("/kill nosuch") == ["-> nosuch is not here."]
    assert bob.types("/kill alice")[-1] == "-> Only operators of the server may do that."
