"""What the command line accepts, and what it says of what it does not."""

from pathlib import Path

import pytest

from loadtest.cli import main, parse
from loadtest.errors import UsageError
from loadtest.options import Mode, Options, default_rate


def test_without_arguments_it_is_a_chat_of_500() -> None:
    options = parse([])
    assert (options.mode, options.clients, options.duration_s) == (Mode.CHAT, 500, 10)
    assert (options.size, options.rooms, options.processes) == (64, 1, 1)
    assert options.rate == default_rate(Mode.CHAT, 500, 1)


def test_all_arguments(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    arguments = f"--clients 4 --duration 1.5 --mode chat --rate 7 --room #x --rooms 2 --size 100 --processes 2 --host ::1 --port 9 --json {file}"  # noqa: E501
    options = parse(arguments.split())
    assert options == Options(
        "::1", 9, Mode.CHAT, 4, 1.5, 7.0, "#x", 2, 100, 2, options.drain_s, file, None
    )
    assert options.address == "[::1]:9"
    assert [options.room_of(n) for n in range(2)] == ["#x1", "#x2"]
    assert Options().room_of(0) == "#load"


def test_an_echo_goes_as_fast_as_it_can() -> None:
    assert parse(["--mode", "echo"]).rate is None
    assert parse(["--mode", "chat", "--rate", "max"]).rate is None


def test_the_default_rate_falls_with_the_size_of_the_room() -> None:
    rates = [default_rate(Mode.CHAT, clients, 1) for clients in (2, 10, 100, 500, 5000)]
    assert all(rate is not None and rate > 0 for rate in rates)
    assert rates == sorted(rates, key=lambda rate: -(rate or 0))
    assert default_rate(Mode.CHAT, 500, 50) == default_rate(Mode.CHAT, 10, 1)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("--port 0", "--port is 1 to 65535, not 0"),
        ("--clients 0", "--clients is 1 to"),
        ("--clients -5", "--clients is 1 to"),
        ("--clients 1", "a room of one delivers nothing"),
        ("--clients 10 --rooms 6", "6 rooms need 12 clients"),
        ("--room lobby", "--room is a name such as #load, not 'lobby'"),
        ("--room #a,#b", "--room is a name such as #load"),
        (f"--room #{'x' * 58}", "--room is a name such as #load"),
        ("--rooms 0", "--rooms is 1 or more"),
        ("--mode echo --rooms 2", "--rooms is for --mode chat"),
        ("--duration 0", "--duration is more than 0"),
        ("--duration nan", "--duration is more than 0"),
        ("--rate 0", "--rate is a number above 0, or max"),
        ("--rate nan", "--rate is a number above 0, or max"),
        ("--processes 0", "--processes is 1 to 64"),
        ("--clients 2 --processes 3", "--processes is at most the number of clients"),
        ("--size 10", "--size is"),
        ("--drain 0", "--drain is more than 0"),
        ("--json /no/such/folder/file", "there is no folder /no/such/folder"),
    ],
)
def test_a_bad_value_is_named(
    arguments: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(UsageError, match=says.replace("(", r"\(")):
        parse(arguments.split())
    assert main(arguments.split()) == 2
    out, err = capsys.readouterr()
    assert (out, says in err, err.count("\n")) == ("", True, 1)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("--rate fast", "a number of lines a second, or max, not 'fast'"),
        ("--mode irc", "invalid choice: 'irc'"),
        ("--clients many", "invalid int value: 'many'"),
        ("--frobnicate", "unrecognized arguments: --frobnicate"),
    ],
)
def test_what_is_no_value_at_all(
    arguments: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        parse(arguments.split())
    assert left.value.code == 2
    assert says in capsys.readouterr().err
