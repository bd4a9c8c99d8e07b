"""Who may know of rooms and people is one rule, in whatever way they are asked for."""

from __future__ import annotations

import pytest

from tests.harness import Harness, HumanClient, IrcClient


@pytest.fixture
def plot() -> tuple[HumanClient, IrcClient]:
    """A person and a program outside #plot, where invisible al is with its topic."""
    harness = Harness(name="irc.test")
    al = harness.irc("al")
    al.types("JOIN #plot", "TOPIC #plot :the coup is on friday", "MODE #plot +s", "MODE al +i")
    return harness.human("eve"), harness.irc("bo")


@pytest.mark.parametrize(
    "typed",
    ["/rooms", "/names #plot", "/who", "/whois al", "/seen al", "/kick al", "/invite eve #plot"],
)
def test_people_outside_learn_nothing(plot: tuple[HumanClient, IrcClient], typed: str) -> None:
    eve, _ = plot
    for line in eve.types(typed):
        assert "coup" not in line
        assert "#plot" not in line or "no room #plot" in line
        assert "1 in" not in line


@pytest.mark.parametrize(
    "typed",
    [
        *("LIST", "NAMES", "NAMES #plot", "WHO #plot", "WHO *", "WHOIS al", "TOPIC #plot"),
        *("MODE #plot", "MODE #plot b", "MODE #plot +m", "KICK #plot al", "INVITE bo #plot"),
        *("PART #plot", "TOPIC #plot :x"),
    ],
)
def test_programs_outside_learn_nothing(plot: tuple[HumanClient, IrcClient], typed: str) -> None:
    _, bo = plot
    heard = bo.types(typed)
    # The lobby and the people who are no secret are told of.
    others = [line for line in heard if line.split(" ")[1] in ("322", "352")]
    assert not any("#plot" in line or "~al" in line for line in others)
    numerics = {line.split(" ")[1] for line in heard if line not in others}
    assert numerics <= {"321", "323", "366", "315", "311", "312", "317", "318", "403", "353"}
    assert not any("coup" in line for line in bo.types(typed))
    missing = typed.replace("#plot", "#nope")
    if missing != typed:  # As if there were no such room.
        told = [line.replace("#nope", "#plot") for line in bo.types(missing)]
        assert told == bo.types(typed)


def test_an_invisible_person_is_found_by_those_who_share_a_room(
    plot: tuple[HumanClient, IrcClient],
) -> None:
    eve, _ = plot
    assert not any(" al " in line for line in eve.types("/who"))
    eve.types("/join #plot")
    assert any("-> al " in line and "#plot" in line for line in eve.types("/who"))
    assert any("#plot" in line for line in eve.types("/rooms"))


def test_operators_of_the_server_know() -> None:
    harness = Harness(name="irc.test", oper_name="root", oper_password="pw")
    al, op = harness.irc("al"), harness.irc("op")
    al.types("JOIN #plot", "MODE #plot +s", "MODE al +i")
    assert not any("#plot" in line for line in op.types("LIST"))
    op.types("OPER root pw")
    assert any("#plot" in line for line in op.types("LIST"))
    assert any("#plot" in line for line in op.types("WHOIS al"))
