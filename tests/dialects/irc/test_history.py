"""CHATHISTORY and MARKREAD."""

from __future__ import annotations

import pytest

from geventchat.dialects.irc.encoder import timestamp
from geventchat.dialects.irc.history import moment
from tests.harness import HOST, NOON, Harness, IrcClient

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


def targets(client: IrcClient, first: int, second: int, limit: int = 9) -> list[str]:
    """The targets between two moments in seconds of noon, and the time of each."""
    words = [f"timestamp={timestamp(NOON + 1000 * at)}" for at in (first, second)]
    lines = client.types(f"CHATHISTORY TARGETS {' '.join(words)} {limit}")[1:-1]
    return [" ".join(line.split(" ")[3:]) for line in lines]


def test_targets_are_those_whose_latest_line_lies_between(client: IrcClient) -> None:
    harness = client.harness  # The last line in #a was said at :06.
    bo = harness.irc("bo", *CAPS)
    for second, line in ((10, "bo :one"), (20, "#b :two"), (30, "bo :three")):
        client.types("JOIN #b")
        harness.clock = NOON + 1000 * second
        client.types(f"PRIVMSG {line}")
    bo.hears()
    said = (("#a", 6), ("#b", 20), ("bo", 30))
    every = [f"TARGETS {name} {timestamp(NOON + 1000 * second)}" for name, second in said]
    assert targets(client, 0, 60) == every
    assert targets(client, 0, 25) == every[:2]  # Not bo, with whom there is a later line.
    assert targets(client, 6, 20) == []  # The ends are left out.
    assert targets(client, 5, 21) == every[:2]
    assert targets(client, 21, 60) == every[2:]
    assert targets(client, 0, 60, limit=2) == every[:2]
    assert targets(client, 60, 0, limit=2) == every[1:]
    client.types("PRIVMSG #a :again")
    assert targets(client, 0, 25) == every[1:2]
    # A talk is its two people's alone, whoever asks.
    assert targets(bo, 0, 60) == [f"TARGETS al {timestamp(NOON + 30_000)}"]
    wrong = client.types("CHATHISTORY TARGETS msgid=1 msgid=9 9")
    assert wrong[0].startswith(":irc.test FAIL CHATHISTORY INVALID_MSGREFTYPE TARGETS")


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


def joins(client: IrcClient, room: str = "#A") -> list[str]:
    """What a client reads behind the names of a room it has just joined."""
    lines = client.types(f"JOIN {room}")
    (end,) = [nth for nth, line in enumerate(lines) if " 366 " in line]
    return lines[end + 1 :]


def test_who_cannot_ask_for_history_is_given_it_on_joining(client: IrcClient) -> None:
    harness = client.harness
    client.types("PRIVMSG #a :\x01VERSION\x01", "PRIVMSG #a :\x01ACTION waves\x01")
    first, *lines, last = joins(harness.irc("bo", "server-time", "batch"))
    assert first == ":irc.test BATCH +b1 chathistory #a" and last == ":irc.test BATCH -b1"
    said = [f"{n}" for n in range(6)] + ["\x01ACTION waves\x01"]
    stamps = [timestamp(NOON + 1000 * second) for second in (1, 2, 3, 4, 5, 6, 6)]
    assert lines == [
        f"@batch=b1;time={at} :al!~al@192.0.2.7 PRIVMSG #a :{text}"
        for at, text in zip(stamps, said, strict=True)
    ]
    # Without batches, the lines alone.
    assert joins(harness.irc("cy", "server-time"))[0] == lines[0].replace("batch=b1;", "")
    # In their place: what is said from now on comes behind them.
    client.types("PRIVMSG #a :live")
    assert harness.clients[-1].hears()[-1].endswith(" PRIVMSG #a :live")


def test_history_is_not_thrust_upon_who_can_ask(client: IrcClient) -> None:
    for caps in (["draft/chathistory"], ["server-time", "draft/chathistory"]):
        assert joins(client.harness.irc("bo", *caps)) == []
        client.harness.clients.pop().leaves()


def test_who_knows_no_times_reads_the_last_lines_as_dated_notices(client: IrcClient) -> None:
    client.types("PRIVMSG #a :\x01VERSION\x01", "PRIVMSG #a :\x01ACTION waves\x01")
    heading, *lines = joins(client.harness.irc("bo", "batch"))
    assert heading == ":irc.test NOTICE #a :Said here before you came, times in UTC:"
    said = [f"<al> {n}" for n in range(6)] + ["* al waves"]
    assert lines == [f":irc.test NOTICE #a :[2023-11-14 12:00] {text}" for text in said]


def test_who_knows_no_times_gets_no_heading_over_nothing() -> None:
    assert joins(Harness(name="irc.test").irc("bo")) == []
    harness = Harness(name="irc.test", irc_history_on_join_lines=0)
    harness.irc("al").types("JOIN #a", "PRIVMSG #a :x")
    assert joins(harness.irc("bo")) == []


@pytest.mark.parametrize("caps", [(), ("server-time",)])
def test_bots_are_not_told_what_was_said(client: IrcClient, caps: tuple[str, ...]) -> None:
    bot = client.harness.irc("bo", *caps)
    bot.types("MODE bo +B")
    assert joins(bot) == []


@pytest.mark.parametrize("caps", [(), ("server-time",)])
def test_what_was_said_behind_a_key_is_not_for_who_comes_later(
    client: IrcClient, caps: tuple[str, ...]
) -> None:
    client.types("MODE #a +k x", "PRIVMSG #a :secret", "MODE #a -k", "PRIVMSG #a :open")
    assert [line[-4:] for line in joins(client.harness.irc("bo", *caps))[not caps :]] == ["open"]


@pytest.mark.parametrize(("people", "programs"), [(0, 2), (4, 2), (2, 0)])
def test_how_much_history_is_a_setting(people: int, programs: int) -> None:
    harness = Harness(history_on_join_lines=people, irc_history_on_join_lines=programs)
    al = harness.irc("al")
    al.types("JOIN #a", *(f"PRIVMSG #a :{n}" for n in range(6)), "PART #a")
    harness.audience.feeds.clear()  # As after a restart: read back when somebody joins.
    lines = joins(harness.irc("bo", "server-time"))
    assert [line[-1] for line in lines] == ["4", "5"][:programs]
    shown = harness.human("tess").types("/join #a")
    assert sum("<al>" in line for line in shown) == people


def test_history_on_joining_with_a_label_is_a_batch_within_the_answer(client: IrcClient) -> None:
    bo = client.harness.irc("bo", "server-time", "batch", "labeled-response")
    lines = bo.types("@label=x JOIN #a")
    (begin,) = [line for line in lines if " chathistory " in line]
    assert begin == "@batch=b1 :irc.test BATCH +b2 chathistory #a"
    assert sum(line.startswith("@batch=b2;time=") for line in lines) == 6
    assert lines[-2:] == ["@batch=b1 :irc.test BATCH -b2", ":irc.test BATCH -b1"]


def test_departures_and_new_names_are_played_back_where_they_were_seen() -> None:
    harness = Harness()
    reader = harness.irc("al", "draft/chathistory", "draft/event-playback", "batch")
    bob, cara = harness.irc("bob"), harness.irc("cara")
    reader.types("JOIN #a")
    bob.types("JOIN #a")
    cara.types("JOIN #b", "NICK carla")
    bob.types("NICK bert", "PRIVMSG #a :hi", "QUIT :bye")
    assert bob.end is not None
    bob.driver.finish(bob.end)
    reader.hears()
    heard = reader.types("CHATHISTORY LATEST #a * 10")[1:-1]
    shown = [line.partition(" ")[2] for line in heard]
    assert shown == [
        f":al!~al@{HOST} JOIN #a",
        f":bob!~bob@{HOST} JOIN #a",
        f":bob!~bob@{HOST} NICK bert",
        f":bert!~bob@{HOST} PRIVMSG #a :hi",
        f":bert!~bob@{HOST} QUIT :Quit: bye",
    ]
    plain = harness.irc("dora", "draft/chathistory", "batch")
    plain.types("JOIN #a")
    lines = plain.types("CHATHISTORY LATEST #a * 10")[1:-1]
    assert [line.partition(" ")[2] for line in lines] == [f":bert!~bob@{HOST} PRIVMSG #a :hi"]
