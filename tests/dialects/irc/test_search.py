"""SEARCH, and searching by the server's name."""

from __future__ import annotations

import pytest

from tests.harness import Harness, IrcClient

CAPS = "soju.im/search", "batch", "server-time", "message-tags", "echo-message"


@pytest.fixture
def al() -> IrcClient:
    """Somebody who has said some things in #a and #b, and one to himself."""
    harness = Harness(name="chat")
    al = harness.irc("al", *CAPS)
    al.types("JOIN #a", "JOIN #B", "PRIVMSG #a :red tea", "NOTICE #b :green tea")
    harness.clock += 1000
    al.types("PRIVMSG #a :no coffee", "PRIVMSG bo :tea for bo", "PRIVMSG al :tea for me")
    harness.irc("bo").types("JOIN #a", "PRIVMSG #a :black tea")
    al.hears()
    return al


def search(client: IrcClient, attributes: str) -> list[str]:
    """The lines that are found, without their tags and source."""
    first, *lines, last = client.types(f"SEARCH {attributes}")
    name = first.removeprefix("@time=2023-11-14T12:00:01.000Z ").split()[2][1:]
    assert first.endswith(f":chat BATCH +{name} soju.im/search")
    assert last.endswith(f":chat BATCH -{name}")
    assert all(f"batch={name};" in line and ";msgid=" in line for line in lines)
    return [line.split(" ", 2)[2] for line in lines]


def test_what_is_found_comes_in_the_order_in_which_it_was_said(al: IrcClient) -> None:
    assert search(al, "text=tea") == [
        "PRIVMSG #a :red tea",
        "NOTICE #B :green tea",
        "PRIVMSG al :tea for me",
        "PRIVMSG #a :black tea",
    ]
    assert search(al, "text=tea;limit=2")[0] == "PRIVMSG al :tea for me"
    assert search(al, ":in=#a;text=red tea") == ["PRIVMSG #a :red tea"]
    assert search(al, r"in=#A;text=\"red\stea\"") == ["PRIVMSG #a :red tea"]
    assert search(al, "from=BO") == ["PRIVMSG #a :black tea"]
    assert search(al, "in=al") == ["PRIVMSG al :tea for me"]
    assert search(al, "text=milk") == []


def test_moments(al: IrcClient) -> None:
    first, second = "2023-11-14T12:00:00.000Z", "2023-11-14T12:00:01.000Z"
    assert search(al, f"in=#a;before={first}") == ["PRIVMSG #a :red tea"]
    assert search(al, f"in=#a;after={second};text=coffee") == ["PRIVMSG #a :no coffee"]
    assert search(al, "in=#a;after=2023-11-14T12:00:01.001Z") == []


@pytest.mark.parametrize(
    ("attributes", "answer"),
    [
        ("limit=0;text=a", "limit :Not a limit"),
        ("limit=x;text=a", "limit :Not a limit"),
        ("text=", "text :It takes words"),
        ("foo=bar", "text :It takes words"),
        ("text=!!", "text :There is no word, number or symbol in that"),
        ("in=#none;text=a", "in :There is nothing for you to read"),
        ("in=!!;text=a", "in :Neither a channel nor a nick"),
        ("after=noon;text=a", "after :Not a timestamp"),
        ("before=;text=a", "before :Not a timestamp"),
    ],
)
def test_attributes_that_say_nothing(al: IrcClient, attributes: str, answer: str) -> None:
    (line,) = al.types("CAP REQ standard-replies", f"SEARCH {attributes}")[1:]
    assert line.endswith(f":chat FAIL SEARCH INVALID_PARAMS {answer}")


def test_a_store_that_fails(al: IrcClient) -> None:
    al.harness.store.read_error = "disk error"
    (line,) = al.types("CAP REQ standard-replies", "SEARCH text=tea")[1:]
    assert line.endswith("FAIL SEARCH INTERNAL_ERROR :The search could not be run: disk error")


def test_there_is_no_search_without_the_capability() -> None:
    (line,) = Harness().irc("al").types("SEARCH text=tea")
    assert " 421 " in line


def test_searching_by_the_servers_name(al: IrcClient) -> None:
    bo = al.harness.irc("cy")
    bo.types("JOIN #a")
    start = ":chat!server@chat NOTICE cy :"
    assert bo.types("PRIVMSG chat :search tea from:bo") == [
        f"{start}[2023-11-14 12:00] #a <bo> black tea",
        f"{start}-- 1 found, times in UTC --",
    ]
    assert bo.types("PRIVMSG chat :search tea in:#b") == [f"{start}You are not in #b. /join #b"]
    assert bo.types("PRIVMSG chat :search") == [
        f"{start}Usage: search WORDS [from:nick] [in:#room] [since:2d]"
    ]
