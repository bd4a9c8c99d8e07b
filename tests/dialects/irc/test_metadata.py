"""METADATA: what users and rooms tell of themselves, and who hears of it."""

from __future__ import annotations

from weakref import WeakValueDictionary

import pytest

from geventchat.dialects.irc import encoder
from tests.dialects.irc.logins import logged_in, numerics, register
from tests.harness import HOST, Harness, IrcClient

CAPS = ("draft/metadata-3", "batch")
FAIL = ":irc.test FAIL METADATA"


@pytest.fixture(autouse=True)
def _no_encoders_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """There are only so many for all clients, and those of other tests may still be about."""
    monkeypatch.setattr(encoder, "_encoders", WeakValueDictionary())


@pytest.fixture
def harness() -> Harness:
    return Harness(name="irc.test", metadata_max_names=3, metadata_subscriptions_max=3)


@pytest.fixture
def foo(harness: Harness) -> IrcClient:
    return client(harness, "foo")


@pytest.fixture
def bar(harness: Harness) -> IrcClient:
    return client(harness, "bar")


def client(harness: Harness, nick: str, *caps: str) -> IrcClient:
    one = harness.irc(nick, *CAPS, *caps)
    one.hears()
    return one


def in_batch(lines: list[str]) -> list[str]:
    """What stands in the one batch of metadata."""
    begin, *inner, end = lines
    name = begin.split(" ")[2].removeprefix("+")
    assert begin.split(" ")[3] == "metadata" and end.endswith(f"BATCH -{name}")
    assert all(line.startswith(f"@batch={name} ") for line in inner)
    return [line.partition(" ")[2] for line in inner]


def together(*clients: IrcClient) -> None:
    for one in clients:
        one.types("JOIN #a")
    for one in clients:
        one.hears()


def test_the_capability(harness: Harness) -> None:
    one = IrcClient(harness)
    one.come_in()
    value = "before-connect,max-subs=3,max-keys=3,max-value-bytes=300"
    assert f"draft/metadata-3={value}" in one.types("CAP LS 302")[0].split(" ")


@pytest.mark.parametrize("target", ["*", "foo", "FOO"])
def test_setting_and_getting(foo: IrcClient, target: str) -> None:
    told = ":irc.test 761 foo foo display-name * :Foo The First"
    assert foo.types(f"METADATA {target} SET Display-Name :Foo The First") == [told]
    assert in_batch(foo.types(f"METADATA {target} GET display-name")) == [told]
    gone = ":irc.test 766 foo foo display-name :is not set"
    assert foo.types(f"METADATA {target} SET display-name") == [gone]
    assert in_batch(foo.types(f"METADATA {target} GET display-name avatar $")) == [
        gone,
        ":irc.test 766 foo foo avatar :is not set",
        f"{FAIL} INVALID_KEY $ :Not a key",
    ]
    assert in_batch(foo.types(f"METADATA {target} LIST")) == []


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("METADATA nobody LIST", "INVALID_TARGET nobody"),
        ("METADATA #nowhere LIST", "INVALID_TARGET #nowhere"),
        ("METADATA * DESTROY", "INVALID_SUBCOMMAND DESTROY"),
        ("METADATA * SET $ :x", "INVALID_KEY $"),
        ("METADATA * SET url", "KEY_NOT_SET foo url"),
        ("METADATA * SET url :" + "é" * 151, "INVALID_VALUE url"),
        (f"METADATA * SET {'k' * 64} :" + "x" * 272, f"INVALID_VALUE {'k' * 64}"),
        ("METADATA * SET four :x", "LIMIT_REACHED foo"),
        ("METADATA bar SET url :x", "KEY_NO_PERMISSION bar url"),
        ("METADATA bar CLEAR", "KEY_NO_PERMISSION bar *"),
        ("METADATA #a SET url :x", "KEY_NO_PERMISSION #a url"),
        ("METADATA * SUB $", "INVALID_KEY $"),
        ("METADATA * UNSUB $", "INVALID_KEY $"),
    ],
)
def test_what_fails(foo: IrcClient, bar: IrcClient, line: str, answer: str) -> None:
    bar.types("METADATA * SET color :red", "JOIN #a")
    foo.types("JOIN #a", *(f"METADATA * SET {name} :x" for name in ("one", "two", "three")))
    (heard,) = foo.types(line)
    assert heard.partition(" :")[0] == f"{FAIL} {answer}"
    bar.hears()
    assert in_batch(bar.types("METADATA * LIST")) == [":irc.test 761 bar bar color * red"]


def test_missing_words(foo: IrcClient) -> None:
    for line in ("METADATA *", "METADATA * GET", "METADATA * SET", "METADATA * SUB"):
        assert numerics(foo.types(line)) == ["461"]


def test_a_room_is_its_operators_to_describe(foo: IrcClient, bar: IrcClient) -> None:
    together(foo, bar)
    assert foo.types("METADATA #a SET url :https://a.example") == [
        ":irc.test 761 foo #a url * https://a.example"
    ]
    foo.types("METADATA #a SET color :red")
    assert bar.hears() == []
    assert len(in_batch(bar.types("METADATA #a LIST"))) == 2
    cleared = in_batch(foo.types("METADATA #a CLEAR"))
    assert cleared == [f":irc.test 766 foo #a {name} :is not set" for name in ("url", "color")]


@pytest.mark.parametrize("mode", ["+i", "+s", "+k secret"])
def test_a_guarded_room_tells_nothing_to_who_is_outside(
    foo: IrcClient, bar: IrcClient, mode: str
) -> None:
    foo.types("JOIN #a", "METADATA #a SET url :hidden", f"MODE #a {mode}")
    bar.types("METADATA * SUB url")
    for how in ("GET url", "LIST", "SYNC"):
        (line,) = bar.types(f"METADATA #a {how}")
        assert line.startswith(f"{FAIL} INVALID_TARGET #a")


def test_subscriptions(foo: IrcClient) -> None:
    assert foo.types("METADATA * SUB Avatar url") == [
        ":irc.test 770 foo avatar url",
        ":irc.test 774 foo foo 0",
    ]
    assert foo.types("METADATA * SUB url one two three")[:2] == [
        f"{FAIL} TOO_MANY_SUBS two :3 subscriptions are the most",
        ":irc.test 770 foo url one",
    ]
    assert foo.types("METADATA * SUBS") == [":irc.test 772 foo avatar url one"]
    assert foo.types("METADATA * UNSUB url nothing") == [":irc.test 771 foo url nothing"]
    assert foo.types("METADATA * SUBS") == [":irc.test 772 foo avatar one"]


def test_changes_are_heard_by_who_has_subscribed(harness: Harness, foo: IrcClient) -> None:
    bar, deaf = client(harness, "bar", "server-time"), harness.irc("deaf")
    bar.types("METADATA * SUB url")
    foo.types("METADATA * SUB url")
    foo.types("METADATA * SET url :before")
    assert bar.hears() == []  # They share no room.
    together(foo, bar, deaf)
    time = "@time=2023-11-14T12:00:00.000Z "
    assert numerics(foo.types("METADATA * SET url :mine")) == ["761"]
    foo.types("METADATA * SET other :unwanted", "METADATA * SET url")
    assert bar.hears() == [f"{time}761 * foo url * :mine", f"{time}766 * foo url :is not set"]
    foo.types("METADATA #a SET url :ours")
    assert bar.hears() == [f"{time}761 * #a url * :ours"]
    assert deaf.hears() == []
    bar.types("METADATA * UNSUB url")
    foo.types("METADATA #a SET url :again")
    assert bar.hears() == []


def test_who_has_subscribed_to_the_same_shares_an_encoder(harness: Harness, foo: IrcClient) -> None:
    bar = client(harness, "bar")
    foo.types("METADATA * SUB url color")
    bar.types("METADATA * SUB color", "METADATA * SUB url")
    assert foo.dialect.encoder is bar.dialect.encoder
    bar.types("CAP REQ -draft/metadata-3")
    assert bar.dialect.encoder is not foo.dialect.encoder
    assert bar.dialect.encoder.names == frozenset()


def test_who_joins_is_told_what_stands_there(harness: Harness, foo: IrcClient) -> None:
    foo.types("JOIN #a", "METADATA #a SET url :room", "METADATA * SET url :user")
    bar = client(harness, "bar")
    bar.types("METADATA * SUB url", "METADATA * SET url :own")
    heard = bar.types("JOIN #a")
    end = numerics(heard).index("366")
    assert in_batch(heard[end + 1 :]) == [
        ":irc.test 761 bar #a url * room",
        ":irc.test 761 bar foo url * user",
    ]
    assert in_batch(bar.types("METADATA #a SYNC")) == in_batch(heard[end + 1 :])
    assert in_batch(bar.types("METADATA foo SYNC")) == [":irc.test 761 bar foo url * user"]


def test_where_it_may_be_much_it_is_to_be_asked_for() -> None:
    harness = Harness(name="irc.test", metadata_subscriptions_max=100)
    crowd = [harness.irc(f"u{number}", *CAPS) for number in range(5)]
    for number, one in enumerate(crowd):
        one.types("JOIN #a", f"METADATA * SET key0 :{number}")
    late = client(harness, "late")
    for start in range(0, 40, 4):
        late.types("METADATA * SUB " + " ".join(f"key{n}" for n in range(start, start + 4)))
    assert late.types("JOIN #a")[-1] == ":irc.test 774 late #a 2"
    assert len(in_batch(late.types("METADATA #a SYNC"))) == 5


def test_of_who_is_watched(harness: Harness, foo: IrcClient, bar: IrcClient) -> None:
    foo.types("METADATA * SET url :u")
    bar.types("METADATA * SUB url")
    line = ":irc.test 761 bar foo url * u"
    assert bar.types("MONITOR + foo") == [
        f":irc.test 730 bar foo!~foo@{HOST}",
        line,
    ]
    foo.types("METADATA * SET url :v")
    assert bar.hears() == ["761 * foo url * :v"]


def test_before_coming_in(harness: Harness) -> None:
    one = IrcClient(harness)
    one.come_in()
    one.types("CAP LS 302", "CAP REQ :draft/metadata-3 batch")
    assert one.types("METADATA * SET url :early") == [":irc.test 761 * * url * early"]
    assert in_batch(one.types("METADATA * GET url")) == [":irc.test 761 * * url * early"]
    assert one.types("METADATA * SUB url") == [":irc.test 770 * url"]
    one.types("METADATA * SET color :red", "METADATA * SET color")
    assert one.types("METADATA other LIST")[0].startswith(f"{FAIL} INVALID_TARGET other")
    heard = one.types("NICK foo", "USER foo 0 * :Foo", "CAP END")
    begin = next(nth for nth, line in enumerate(heard) if " metadata " in line)
    assert in_batch(heard[begin : begin + 3]) == [":irc.test 761 foo foo url * early"]


def test_who_asks_for_the_capability_later_is_told_its_own(harness: Harness) -> None:
    foo = harness.irc("foo", "batch")
    heard = foo.types("CAP REQ draft/metadata-3")
    assert numerics(heard)[0] == "CAP" and in_batch(heard[1:]) == []
    assert len(foo.types("CAP REQ draft/metadata-3")) == 1


def test_an_account_keeps_it(harness: Harness) -> None:
    register(harness, "anna")
    anna = logged_in(harness, "anna", *CAPS)
    anna.types("METADATA * SET pronouns :she/her", "METADATA * SET url :x")
    watcher = client(harness, "al")
    shown = ":irc.test 760 al anna pronouns * she/her"
    assert [line for line in watcher.types("WHOIS anna") if " 760 " in line] == [shown]
    assert "307" in numerics(watcher.types("WHOIS anna"))
    assert not [line for line in harness.irc("bo").types("WHOIS anna") if " 760 " in line]
    anna.leaves()
    again = logged_in(harness, "anna_", *CAPS, account="anna")
    assert len(in_batch(again.types("METADATA * LIST"))) == 2


def test_what_is_not_saved_is_not_said_to_be(harness: Harness, foo: IrcClient) -> None:
    harness.store.write_error = "disk full"
    (line,) = foo.types("METADATA * SET url :x")
    assert "disk full" in line
    harness.store.write_error = ""
    assert in_batch(foo.types("METADATA * LIST")) == []


def test_not_utf8(foo: IrcClient) -> None:
    (line,) = foo.sends(b"METADATA * SET display-name :\xc3\r\n")
    assert line == f"{FAIL} INVALID_UTF8 :Message is not valid UTF-8"


def test_there_are_only_so_many_encoders() -> None:
    """Who wants one set of names more hears of all: each encoder is one more writing of a line."""
    harness = Harness(name="irc.test", metadata_subscriptions_max=50)
    crowd = [client(harness, f"u{number}") for number in range(40)]
    for number, one in enumerate(crowd):
        one.types(f"METADATA * SUB key{number}", "JOIN #a")
    for one in crowd:
        one.hears()
    encoders = {one.dialect.encoder for one in crowd}
    everything = [one for one in crowd if "other" in one.dialect.encoder.names]
    assert len(encoders) == 33 and len(everything) == 8
    changed = ["key0", "key39", "other"]
    crowd[1].types(*(f"METADATA * SET {name} :x" for name in changed))
    for number, one in enumerate(crowd):
        if one is not crowd[1]:
            own = [name for name in changed if name == f"key{number}"]
            told = [line.split(" ")[3] for line in one.hears()]
            assert told == (changed if one in everything else own)
