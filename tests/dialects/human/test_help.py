"""Every slash command, as a conversation between alice (who types) and bob (who reads)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from geventchat import __version__
from geventchat.dialects.human.help import COMMANDS, find
from geventchat.dialects.human.table import GROUPS, OPERATORS, Command
from geventchat.errors import CloseReason
from tests.harness import Harness, HumanClient

MINUTE = 60_000
HOUR = 60 * MINUTE


def test_msg_and_reply(alice: HumanClient, bob: HumanClient) -> None:
    assert bob.types("/reply hi") == ["-> Nobody has written to you yet. /msg NICK TEXT"]
    assert alice.types("/msg BOB psst \x9b[2J") == ["-> [PM to bob] psst [2J"]
    assert bob.hears() == ["[12:00] [PM from alice] psst [2J"]
    assert bob.types("/r back to you") == ["-> [PM to alice] back to you"]
    assert alice.hears() == ["[12:00] [PM from bob] back to you"]
    assert alice.types("/tell bob", "/query") == 2 * ["-> Usage: /msg NICK TEXT"]
    assert alice.types("/msg carol hi") == ["-> carol is not here."]
    bob.types("/away lunch")
    assert alice.types("/msg bob hungry?")[-2:] == ["-> [PM to bob] hungry?", "-> (away: lunch)"]


def test_a_private_line_that_came_to_nothing_was_not_sent(
    alice: HumanClient, bob: HumanClient
) -> None:
    alice.harness.store.write_error = "disk full"
    assert alice.types("/msg bob psst") == ["-> Not saved: disk full. Your line was not sent."]
    assert bob.hears() == []


def test_what_is_not_saved_has_not_happened(alice: HumanClient, bob: HumanClient) -> None:
    alice.types("/join #dev")
    alice.harness.store.write_error = "disk full"
    nothing = "-> Not saved: disk full. Nothing changed."
    commands = ("/nick al", "/join #tea", "/topic tea", "/away lunch", "/part")
    assert [alice.types(command) for command in commands] == [[nothing]] * 5
    assert alice.types("hello") == ["-> Not saved: disk full. Your line was not sent."]
    alice.harness.store.write_error = ""
    assert alice.types("hello", "/names") == ["-> 1 in #dev: @alice"]
    assert bob.hears() == []
    assert [line for line in alice.types("/history") if "alice" in line] == [
        "[2023-11-14 12:00] <alice> hello"
    ]


def test_me(alice: HumanClient, bob: HumanClient) -> None:
    assert alice.types("/me waves") == ["[12:00] * alice waves"]
    assert bob.hears() == ["[12:00] * alice waves"]
    assert alice.types("/me") == ["-> Usage: /me ACTION"]


def test_quit(alice: HumanClient, bob: HumanClient) -> None:
    alice.harness.clock += 12 * MINUTE
    assert alice.types("hi", "ho", "/bye all", "not heard") == ["-> Bye. Online 12m, 2 lines."]
    assert alice.end is not None
    assert (alice.end.reason, alice.end.message) == (CloseReason.QUIT, "all")
    assert bob.hears() == ["[12:12] <alice> hi", "[12:12] <alice> ho"]


@pytest.mark.parametrize("keys", [b"\x04", b"\xff\xec", b"/exit\n", b"/qui\x7f\x7fuit\n"])
def test_ways_to_quit(alice: HumanClient, keys: bytes) -> None:
    assert alice.sends(keys) == ["-> Bye. Online 0s, 0 lines."]
    assert alice.end is not None


def test_the_server_answers_for_itself() -> None:
    harness = Harness(motd="Be nice.\nStay.", rules="No spam.\nNo shouting.")
    alice = HumanClient(harness)
    assert alice.come_in()[2:] == ["Be nice.", "Stay.", "-- no lines -- end of history --"]
    harness.clock += 3 * HOUR
    assert alice.types("/motd") == ["-> Be nice.", "-> Stay."]
    assert alice.types("/rules") == ["-> No spam.", "-> No shouting."]
    assert alice.types("/version") == [f"-> geventchat {__version__}"]
    assert alice.types("/uptime") == ["-> Up for 3h."]
    assert alice.types("/time") == ["-> Tuesday 2023-11-14 15:00:00 UTC"]
    assert alice.types("/ping") == ["-> pong"]


def test_the_server_answers_when_it_was_told_nothing(alice: HumanClient) -> None:
    assert alice.types("/motd") == ["-> There is no message of the day."]
    assert alice.types("/rules") == ["-> There are no rules here but good manners."]


SCREEN_ROWS, SCREEN_COLUMNS = 23, 80  # Of 24, less the line that asked.


def fits(screen: list[str]) -> bool:
    return len(screen) <= SCREEN_ROWS and max(map(len, screen)) <= SCREEN_COLUMNS


def test_help_names_every_command_on_one_screen(alice: HumanClient) -> None:
    screen = alice.types("/help")
    assert fits(screen)
    named = " ".join(screen).replace(",", "").split()
    for command in COMMANDS:
        assert command.group in OPERATORS or f"/{command.name}" in named
    assert "-> Room operators: /op, /kick, /ban and more (/help operators)" in screen
    for asked in ("/?", "/h", "/commands", "/HELP", "/he"):
        assert alice.types(asked) == screen


def test_the_page_on_terminals_shows_help_as_it_is(alice: HumanClient) -> None:
    page = Path(__file__).parents[3] / "docs" / "terminal.md"
    assert "\n".join(alice.types("/help")) in page.read_text()


@pytest.mark.parametrize("group", [g for g in GROUPS if any(c.group == g for c in COMMANDS)])
def test_help_on_a_group_tells_of_all_its_commands_on_one_screen(
    alice: HumanClient, group: str
) -> None:
    screen = alice.types(f"/help {group}")
    assert fits(screen)
    assert screen[0] == f"-> {group}:"
    told = [line.removeprefix("->   ") for line in screen[1:-1]]
    some = [command for command in COMMANDS if command.group == group]
    assert [line[: len(c.usage)] for line, c in zip(told, some, strict=True)] == [
        command.usage for command in some
    ]
    assert all(line.endswith(c.help) for line, c in zip(told, some, strict=True))


def test_a_group_and_a_command_of_one_name(alice: HumanClient) -> None:
    assert alice.types("/help rooms")[0] == "-> Rooms:"
    assert alice.types("/help /rooms")[0] == "-> /rooms: list the rooms"
    assert alice.types("/help operators")[0] == "-> Room operators:"


@pytest.mark.parametrize("word", COMMANDS, ids=lambda word: word.name)
def test_help_on_a_command_shows_how_it_is_typed(alice: HumanClient, word: Command) -> None:
    screen = alice.types(f"/help /{word.name}")
    assert fits(screen)
    assert screen[0] == f"-> {word.usage}: {word.help}"
    examples = [line for line in screen if line.startswith("-> For example: ")]
    assert len(examples) == (" " in word.usage)
    for line in examples:
        assert re.search(r"[A-Z]{2}|[][]|#room", line) is None, "no word for what to type"
        assert find(line.split()[3].lstrip("/")) is word


def test_help_on_what_there_is_not(alice: HumanClient) -> None:
    assert alice.types("/help msg") == [
        "-> /msg NICK TEXT: write to one person",
        "-> For example: /msg bob hello there",
        "-> Also: /tell, /query, /pm",
    ]
    assert alice.types("/help xyzzy") == ["-> There is no command xyzzy. /help lists them."]
    assert alice.types("/help jion") == [
        "-> There is no command jion. Did you mean /join? /help lists them."
    ]
    assert alice.types("/help n") == ["-> n could be /nick, /names."]


@pytest.mark.parametrize("word", ["help", "?", "HELP", " help ", "help!"])
def test_a_newcomer_who_says_help_is_helped(
    alice: HumanClient, bob: HumanClient, word: str
) -> None:
    assert alice.types(word) == alice.types("/help")
    assert alice.types("hello", "help") == []
    assert bob.hears() == ["[12:00] <alice> hello", "[12:00] <alice> help"]


def test_help_comes_before_the_history_of_its_letter(alice: HumanClient) -> None:
    assert alice.types("/hi") == ["-- no lines --"]


@pytest.mark.parametrize("word", COMMANDS, ids=lambda word: word.name)
def test_words_are_found_by_name_alias_and_in_any_case(word: Command) -> None:
    assert all(find(name) is word for name in (word.name, word.name.upper(), *word.aliases))
    assert word.usage.startswith(f"/{word.name}")


@pytest.mark.parametrize("word", [w for w in COMMANDS if w.needs], ids=lambda word: word.name)
def test_words_that_need_more_say_so(alice: HumanClient, word: Command) -> None:
    assert alice.types(f"/{word.name}") == [f"-> Usage: {word.usage}"]


def test_names_are_not_given_twice() -> None:
    names = [name for word in COMMANDS for name in (word.name, *word.aliases)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("/n", "-> /n could be /nick, /names."),
        ("/nik alice", "-> There is no command /nik. Did you mean /nick? /help lists them."),
        ("/hlep", "-> There is no command /hlep. Did you mean /help?"),
        ("/dm bob hi", "-> There is no command /dm. Did you mean /msg? /help lists them."),
        ("/foo", "-> There is no command /foo. /help lists them."),
        ("/xyzzy", "-> There is no command /xyzzy. /help lists them."),
        ("/", "-> There is no command /. /help lists them."),
        ("/ help", "-> No space after the slash: /help. Your line was not sent."),
        ("/" + "x" * 100, f"-> There is no command /{'x' * 40}. /help lists them."),
    ],
)
def test_what_is_no_command_never_reaches_the_room(
    alice: HumanClient, bob: HumanClient, typed: str, answer: str
) -> None:
    assert alice.types(typed) == [answer]
    assert bob.hears() == []


def test_an_unambiguous_beginning_is_enough(alice: HumanClient) -> None:
    assert alice.types("/vers") == [f"-> geventchat {__version__}"]


def test_two_slashes_say_one(alice: HumanClient, bob: HumanClient) -> None:
    assert alice.types("//etc/passwd") == []
    assert bob.hears() == ["[12:00] <alice> /etc/passwd"]


def test_the_beginning_of_an_alias_is_enough() -> None:
    assert find("exi") is find("quit")
