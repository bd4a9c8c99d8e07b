"""MODE: what holds in a room and of oneself, asked for and changed; the lists."""

from __future__ import annotations

import pytest

from tests.harness import NOON, Harness, IrcClient

IRC, AL = ":irc.test", ":al!~al@192.0.2.7"


@pytest.fixture
def two() -> tuple[IrcClient, IrcClient]:
    harness = Harness(name="irc.test")
    al, bo = harness.irc("al"), harness.irc("bo")
    al.types("JOIN #a")
    return al, bo


def test_what_holds_in_a_room(two: tuple[IrcClient, IrcClient]) -> None:
    al, bo = two
    created = f"329 {{}} #a {NOON // 1000}"
    assert al.types("MODE #a") == [f"{IRC} 324 al #a +n", f"{IRC} {created.format('al')}"]
    al.types("MODE #a +mkl sesame 7")
    for asked in ("MODE #A", "MODE #a +", "MODE #a -"):
        assert al.types(asked)[0] == f"{IRC} 324 al #a +mnlk 7 *"
    # What is kept of a key does not tell it, to nobody.
    assert bo.types("MODE #a") == [f"{IRC} 324 bo #a +mnlk 7 *", f"{IRC} {created.format('bo')}"]
    al.types("MODE #a -k x", "MODE #a -l")
    assert bo.types("MODE #a")[0] == f"{IRC} 324 bo #a +mn"


def test_lists(two: tuple[IrcClient, IrcClient]) -> None:
    al, bo = two
    al.types("MODE #a +b eve", "MODE #a +e-b+I friend!*@* nobody guest", "MODE #a +b 10.0.0.0/8")
    at = NOON // 1000
    assert al.types("MODE #a b") == [
        f"{IRC} 367 al #a eve!*@* al {at}",
        f"{IRC} 367 al #a *!*@10.0.0.0/8 al {at}",
        f"{IRC} 368 al #a :End of channel ban list",
    ]
    assert al.types("MODE #a +e") == [
        f"{IRC} 348 al #a friend!*@* al {at}",
        f"{IRC} 349 al #a :End of channel exception list",
    ]
    assert al.types("MODE #a I") == [
        f"{IRC} 346 al #a guest!*@* al {at}",
        f"{IRC} 347 al #a :End of channel invite exception list",
    ]
    assert len(bo.types("MODE #a +b")) == 3
    assert bo.types("MODE #a I")[0].split(" ")[1] == "482"
    assert al.types("MODE #a -b EVE!*@*") == [f"{AL} MODE #a -b eve!*@*"]
    assert len(al.types("MODE #a b")) == 2


def test_a_full_list_is_told(two: tuple[IrcClient, IrcClient]) -> None:
    al, _ = two
    for start in range(0, 60, 20):
        al.types(f"MODE #a +{'b' * 20} " + " ".join(f"n{start + n}" for n in range(20)))
    assert len(al.types("MODE #a b")) == 61
    assert al.types("MODE #a +b onemore") == [f"{IRC} 478 al #a * :Channel list is full"]


def test_what_is_too_much_for_one_line_is_told(two: tuple[IrcClient, IrcClient]) -> None:
    al, _ = two
    nicks = " ".join(f"n{n}" for n in range(23))
    *changed, told = sorted(al.types(f"MODE #a +{'b' * 23} {nicks}"))
    text = "Left out, with all that follows: a MODE may have 20 changes"
    assert told == f"{IRC} 696 al #a b n20 :{text}"
    assert sum(line.count("!*@*") for line in changed) == 20
    assert len(al.types("MODE #a b")) == 21


def test_status_is_given_and_taken(two: tuple[IrcClient, IrcClient]) -> None:
    al, bo = two
    assert al.types("MODE #a +o nobody") == [f"{IRC} 401 al nobody :No such nick"]
    assert al.types("MODE #a +o bo") == [f"{IRC} 441 al bo #a :They aren't on that channel"]
    bo.types("JOIN #a")
    al.types("MODE #a +ov bo bo")
    bo.hears()
    assert bo.types("NAMES #a")[0] == f"{IRC} 353 bo = #a :@al @bo"
    assert bo.types("MODE #a -o al") == [f"{AL.replace('al', 'bo')} MODE #a -o al"]
    assert al.hears()[-1].endswith(" MODE #a -o al")
    assert al.types("MODE #a +o al")[0].split(" ")[1] == "482"


def test_ones_own(two: tuple[IrcClient, IrcClient]) -> None:
    al, _ = two
    assert al.types("MODE al") == [f"{IRC} 221 al +"]
    assert al.types("MODE al +iw-B") == [f"{AL} MODE al +iw"]
    assert al.types("MODE AL") == [f"{IRC} 221 al +iw"]
    assert al.types("MODE al -w+x") == [f"{IRC} 501 al :Unknown MODE flag", f"{AL} MODE al -w"]
    assert al.types("MODE nobody") == [f"{IRC} 401 al nobody :No such nick"]
