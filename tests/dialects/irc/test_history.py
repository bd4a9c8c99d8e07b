"""CHATHISTORY and MARKREAD."""

from __future__ import annotations

import pytest

from geventchat.dialects.irc.history import moment
from tests.harness import Harness, IrcClient

CAPS = ("batch", "draft/chathistory", "draft/read-marker")


@pytest.fixture
def client() -> IrcClient:
    client = Harness(name="irc.test").irc("al", *CAPS)
    client.types("JOIN #a")
    for number in range(6):
        client.harness.clock += 1000
        client.types(f"PRIVMSG #a :{number}")
    return client


def read(client: IrcClient, line: str) -> str:
    first, *lines, last = client.types(f"CHATHISTORY {line}")
    assert first.startswith(":irc.test BATCH +") and last.startswith(":irc.test BATCH -")
    return "".join(line.rpartition(" ")[2].lstrip(":") for line in lines)


def test_every_way_to_ask(client: IrcClient) -> None:
    first = client.harness.next_number - 6

    def ref(n: int) -> str:
        return f"msgid={first + n}"

    stamp = "timestamp=2023-11-14T12:00:03.000Z"  # When 2 was said.
    for line, found in (
        ("LATEST #a * 3", "345"),
        (f"LATEST #a {ref(3)} 9", "45"),
        (f"BEFORE #a {ref(3)} 2", "12"),
        (f"BEFORE #a {stamp} 9", "01"),
        (f"AFTER #a {ref(3)} 1", "4"),
        (f"AFTER #a {stamp} 2", "34"),
        (f"AROUND #a {ref(3)} 3", "234"),
        (f"AROUND #a {ref(3)} 1", "3"),
        (f"BETWEEN #a {ref(0)} {ref(5)} 2", "12"),
        (f"BETWEEN #a {ref(5)} {ref(0)} 2", "34"),
        (f"BETWEEN #a {stamp} {ref(5)} 9", "34"),
    ):
        assert read(client, line) == found, line


def test_private_talk_is_for_its_two(client: IrcClient) -> None:
    other, third = client.harness.irc("bo", *CAPS), client.harness.irc("cy", *CAPS)
    client.types("PRIVMSG bo :secret")
    other.hears()
    assert read(other, "LATEST al * 9") == "secret"
    assert read(client, "LATEST bo * 9") == "secret"
    assert read(third, "LATEST al * 9") == ""
    whole = "timestamp=2000-01-01T00:00:00.000Z timestamp=2100-01-01T00:00:00.000Z"
    lines = client.types(f"CHATHISTORY TARGETS {whole} 9")[1:-1]
    assert [line.split(" ")[4] for line in lines] == ["#a", "bo"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("LATEST #nope * 9", "INVALID_TARGET LATEST #nope"),
        ("NONSENSE #a * 9", "INVALID_PARAMS NONSENSE"),
        ("LATEST #a *", "NEED_MORE_PARAMS LATEST"),
        ("LATEST #a * x", "INVALID_PARAMS LATEST"),
        ("BEFORE #a foo=1 9", "INVALID_MSGREFTYPE BEFORE"),
        ("BEFORE #a timestamp=x 9", "INVALID_PARAMS BEFORE"),
        ("BEFORE #a msgid=x 9", "UNKNOWN_MSGID BEFORE"),
    ],
)
def test_what_cannot_be_read(client: IrcClient, line: str, code: str) -> None:
    assert client.types(f"CHATHISTORY {line}")[0].startswith(f":irc.test FAIL CHATHISTORY {code} ")


def test_a_closed_book(client: IrcClient) -> None:
    client.harness.store.read_error = "disk error"
    assert client.types("CHATHISTORY LATEST #a * 9") == [
        ":irc.test FAIL CHATHISTORY MESSAGE_ERROR LATEST #a :disk error"
    ]


def test_markers_move_forwards_only(client: IrcClient) -> None:
    new, old = "timestamp=2020-01-02T00:00:00.000Z", "timestamp=2020-01-01T00:00:00.000Z"
    assert client.types("MARKREAD #a") == [":irc.test MARKREAD #a *"]
    assert client.types(f"MARKREAD #a {new}") == [f":irc.test MARKREAD #a {new}"]
    assert client.types(f"MARKREAD #a {old}") == [f":irc.test MARKREAD #a {new}"]
    assert client.types("MARKREAD #a *")[0].startswith(":irc.test FAIL MARKREAD INVALID_PARAMS")
    assert client.types("MARKREAD")[0].startswith(":irc.test FAIL MARKREAD NEED_MORE_PARAMS")


def test_moments() -> None:
    assert moment("1970-01-01T00:00:01.500Z") == 1500
    for wrong in ("", "*", "1970-01-01", "1970-13-01T00:00:00Z"):
        with pytest.raises(ValueError):
            moment(wrong)
