"""JOIN to INVITE, and MODE: commands as lines, answers as lines."""

from __future__ import annotations

import pytest

from tests.dialects.irc.logins import logged_in, register
from tests.harness import Harness, IrcClient


@pytest.fixture
def two() -> tuple[IrcClient, IrcClient]:
    harness = Harness(name="irc.test")
    al, bo = harness.irc("al"), harness.irc("bo")
    al.types("JOIN #a")
    bo.types("JOIN #a")
    al.hears()
    return al, bo


AL, BO = ":al!~al@192.0.2.7", ":bo!~bo@192.0.2.7"


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("JOIN bad", ["403 bo bad :Not a channel name"]),
        ("JOIN #a", []),
        ("PART #nope", ["403 bo #nope :No such channel"]),
        ("TOPIC #a", ["331 bo #a :No topic is set"]),
        ("NAMES #a", ["353 bo = #a :@al bo", "366 bo #a :End of /NAMES list"]),
        ("KICK #a al", ["482 bo #a :You're not a channel operator"]),
        ("KICK #a,#b,#c al,x", ["461 bo KICK :Not enough parameters"]),
        ("INVITE nobody #a", ["401 bo nobody :No such nick"]),
        ("INVITE al #a", ["443 bo al #a :is already on channel"]),
        ("INVITE", ["337 bo :End of /INVITE list"]),
        ("MODE #nope", ["403 bo #nope :No such channel"]),
        ("MODE #a +b", ["368 bo #a :End of channel ban list"]),
        ("MODE #a +e", ["482 bo #a :You're not a channel operator"]),
        ("MODE al +i", ["502 bo :Can't change mode for other users"]),
        ("MODE bo +i", [f"{BO} MODE bo +i"]),
        ("MODE bo +o", []),
    ],
)
def test_answers(two: tuple[IrcClient, IrcClient], line: str, answer: list[str]) -> None:
    _, bo = two
    assert bo.types(line) == [a if a[0] == ":" else f":irc.test {a}" for a in answer]


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("MODE #a +m-n", [f"{AL} MODE #a +m-n"]),
        ("MODE #a +v bo", [f"{AL} MODE #a +v bo"]),
        ("MODE #a +k :a b", [":irc.test 696 al #a k * :Not a key"]),
        ("MODE #a +l 0", [":irc.test 696 al #a l 0 :Not a number of members"]),
        ("MODE #a +o", [":irc.test 461 al MODE :Not enough parameters"]),
        ("MODE #a +z", [":irc.test 472 al z :is not a known mode"]),
        ("MODE #a +o nobody", [":irc.test 401 al nobody :No such nick"]),
        ("MODE #a +n", []),
        ("MODE #a +b bob", [f"{AL} MODE #a +b bob!*@*"]),
        ("TOPIC #a :tea", [f"{AL} TOPIC #a :tea"]),
        ("KICK #a bo", [f"{AL} KICK #a bo :al"]),
    ],
)
def test_an_operator(two: tuple[IrcClient, IrcClient], line: str, answer: list[str]) -> None:
    al, bo = two
    assert al.types(line) == answer
    assert bo.hears() == [line for line in answer if line.startswith(AL)]


def test_a_list_of_rooms(two: tuple[IrcClient, IrcClient]) -> None:
    al, bo = two
    al.types("JOIN #secret", "MODE #secret +s", "TOPIC #a :tea")
    bo.hears()
    listed = [line.split(" ", 3)[3] for line in bo.types("LIST") if " 322 " in line]
    assert listed == ["#a 2 tea"]
    assert len([line for line in al.types("LIST") if " 322 " in line]) == 2
    for words, found in (("#a", 1), ("!#*", 0), (">1", 1), ("<2", 0), ("C<1", 1), ("T>1", 0)):
        assert len([li for li in bo.types(f"LIST {words}") if " 322 " in li]) == found


def test_joining_tells_what_is_there(two: tuple[IrcClient, IrcClient]) -> None:
    al, bo = two
    al.types("TOPIC #a :tea")
    bo.types("PART #a")
    verbs = [line.split(" ")[1] for line in bo.types("JOIN #a")]
    assert verbs == ["JOIN", "332", "333", "353", "366"]
    assert bo.types("JOIN 0") == [f"{BO} PART #a"]


def test_a_key_opens_its_room_and_no_other(two: tuple[IrcClient, IrcClient]) -> None:
    al, bo = two
    al.types("JOIN #k,#l", "MODE #k +k sesame", "MODE #l +k tahini")
    assert bo.types("JOIN #k") == [":irc.test 475 bo #k :Cannot join channel (+k)"]
    assert bo.types("JOIN #k tahini")[0].split(" ")[1] == "475"
    assert bo.types("JOIN #k sesame")[0] == f"{BO} JOIN #k"
    bo.types("PART #k")
    joined = [line for line in bo.types("JOIN #k,#l sesame,tahini") if " JOIN " in line]
    assert joined == [f"{BO} JOIN #k", f"{BO} JOIN #l"]
    bo.types("PART #k,#l")
    lines = bo.types("JOIN #l,#k sesame,tahini")
    assert [line.split(" ")[1] for line in lines] == ["475", "475"]
    assert bo.types("JOIN #k,#new sesame")[-1].split(" ")[1] == "366"


def test_the_names_of_a_large_room_take_several_lines(two: tuple[IrcClient, IrcClient]) -> None:
    al, _ = two
    nicks = [f"{'member' * 4}{n:02}" for n in range(60)]
    for nick in nicks:
        al.harness.irc(nick).types("JOIN #a")
    al.hears()
    *lines, end = al.types("NAMES #a")
    assert end == ":irc.test 366 al #a :End of /NAMES list"
    starts = {line.partition(" :")[0] for line in lines}
    assert starts == {":irc.test 353 al = #a"}
    assert " ".join(line.partition(" :")[2] for line in lines).split() == ["@al", "bo", *nicks]
    assert len(lines) == 4 and all(400 < len(line) <= 510 for line in lines[:-1])


def test_a_room_without_operators_stays_without(two: tuple[IrcClient, IrcClient]) -> None:
    al, bo = two
    al.types("PART #a")
    bo.hears()
    assert bo.types("NAMES #a")[0] == ":irc.test 353 bo = #a bo"
    al.types("JOIN #a")
    assert al.types("MODE #a +m")[0].split(" ")[1] == "482"


def test_a_server_full_of_rooms_says_so_and_not_that_one_is_in_too_many() -> None:
    harness = Harness(rooms_max=1, name="irc.test")
    register(harness, "own")
    owner, al, anna = logged_in(harness, "own"), harness.irc("al"), harness.human("anna")
    owner.types("JOIN #own", "PART #own")
    why = "Cannot make channel: the server has as many as it may have"
    assert al.types("JOIN #b") == [f":irc.test 437 al #b :{why}"]
    told = "-> #b cannot be made: the server has all the rooms it may have, 1. /rooms lists them."
    assert anna.types("/join #b") == [told]
