"""What a finished line is, and what is said of it: commands, pastes, lines cut by a telnet."""

from __future__ import annotations

import pytest

from geventchat.dialects.base import HangUp
from geventchat.dialects.human.blanks import PASTE_MS
from geventchat.dialects.human.keys import CUT_LINE, END_OF_FILE
from geventchat.dialects.human.speech import Kind, kind_of, slipped, words_of
from geventchat.errors import CloseReason
from tests.harness import Harness, HumanClient


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (b"", Kind.BLANK),
        (b" \t ", Kind.BLANK),
        (CUT_LINE, Kind.CUT),
        (END_OF_FILE, Kind.COMMAND),
        (b"/help", Kind.COMMAND),
        (b"/msg bob/carol hi", Kind.COMMAND),
        (b"/?", Kind.COMMAND),
        (b"/", Kind.COMMAND),
        ("/щзук пароль".encode(), Kind.COMMAND),
        (b"/path/to/file is a line", Kind.WORDS),
        (b"/join/", Kind.WORDS),
        (b"/* a comment */", Kind.WORDS),
        (b"/** a comment", Kind.WORDS),
        (b"/24 is the mask", Kind.WORDS),
        (b"//help", Kind.WORDS),
        (b"// a comment", Kind.WORDS),
        (b" words", Kind.WORDS),
        (b"!", Kind.WORDS),
    ],
)
def test_what_a_line_is(line: bytes, kind: Kind) -> None:
    assert kind_of(line) is kind


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"//help lists them", "/help lists them"),
        (b"// a comment", "// a comment"),
        (b"/// a comment", "/// a comment"),
        (b"/etc/passwd", "/etc/passwd"),
        (b"\tindented\tso", "    indented    so"),
        ("ü\tü".encode(), "ü   ü"),
    ],
)
def test_what_is_said_of_it(line: bytes, said: str) -> None:
    assert words_of(line) == said


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        (b"/ msg bob psst", "msg"),
        (b"/  MSG bob psst", "msg"),
        (b"/ oper root secret", "oper"),
        (b"/ opre root secret", "opre"),
        (b" /opre root secret", "opre"),
        (b" /msg bob psst", ""),
        (b"/ whatever that is", ""),
        (b"/ " + b"x" * 4000, ""),
        (b"/ \xff\xfe", ""),
    ],
)
def test_a_slip_of_the_space_bar(line: bytes, meant: str) -> None:
    assert slipped(line) == meant


def test_a_slip_is_told_and_not_said(alice: HumanClient, bob: HumanClient) -> None:
    assert alice.types("/ msg bob psst") == [
        "-> No space after the slash: /msg. Your line was not sent."
    ]
    assert alice.types("/ hello", " /hello", "/ 2 of 3") == []
    assert bob.hears() == [
        "[12:00] <alice> / hello",
        "[12:00] <alice>  /hello",
        "[12:00] <alice> / 2 of 3",
    ]


PASTE = b"""\
def main():
\tif x:
\t\treturn 1

    \t
/path/to/file is a line
/* a comment */
// another
"""
SEEN = [
    "def main():",
    "    if x:",
    "        return 1",
    "",
    "",
    "/path/to/file is a line",
    "/* a comment */",
    "// another",
]


@pytest.mark.parametrize(
    "paste", [PASTE, PASTE.replace(b"\n", b"\r\0"), b"\x1b[200~" + PASTE + b"\x1b[201~\n"]
)
def test_a_paste_arrives_as_it_was(alice: HumanClient, bob: HumanClient, paste: bytes) -> None:
    for pieces in ([paste], [paste[i : i + 1] for i in range(len(paste))]):
        assert [alice.answer_to(piece) for piece in pieces] == [b""] * len(pieces)
        assert bob.hears() == [f"[12:00] <alice> {line}" for line in SEEN]
        alice.harness.clock += PASTE_MS + 1
    told = alice.types("/history 8")[:-1]
    assert [line.partition("<alice> ")[2] for line in told][-8:] == SEEN


def test_a_paste_as_irc_has_it(harness: Harness, alice: HumanClient) -> None:
    """No line is empty there, and none bears a tab; a batch can hold a blank line."""
    plain, batched = harness.irc("plain"), harness.irc("batched", "batch", "draft/multiline")
    for client in (plain, batched):
        client.types("JOIN #lobby")
    alice.sends(b"\tone\n\ntwo\n")
    said = [line.partition("PRIVMSG #lobby :")[2] for line in plain.hears() if "PRIVMSG" in line]
    assert said == ["    one", "two"]
    told = batched.hears()
    assert [line.partition("PRIVMSG #lobby :")[2] for line in told if "PRIVMSG" in line] == [
        "    one",
        "",
        "two",
    ]
    assert sum("BATCH" in line for line in told) == 2


def test_enter_alone_says_nothing(harness: Harness, alice: HumanClient, bob: HumanClient) -> None:
    assert alice.types("", "", " ") == []
    harness.clock += PASTE_MS + 1
    assert alice.types("hello", "") == []
    assert alice.types("/ping") == ["-> pong"]
    assert alice.types("again") == []
    assert bob.hears() == ["[12:00] <alice> hello", "[12:00] <alice> again"]


def test_blank_lines_in_a_row_are_few(alice: HumanClient, bob: HumanClient) -> None:
    alice.sends(b"a\n" + b"\n" * 5000 + b"b\n")
    assert bob.hears() == ["[12:00] <alice> a", *["[12:00] <alice> "] * 2, "[12:00] <alice> b"]


def test_tabs_count_as_what_they_become(alice: HumanClient, bob: HumanClient) -> None:
    assert alice.types("\t" * 1023 + "abcd") == []
    assert alice.types("\t" * 1024 + "x") == ["-> Line too long: 4,097 of 4,096 bytes, not sent."]
    assert bob.hears() == ["[12:00] <alice> " + " " * 4092 + "abcd"]


CUT = "-> Your telnet cut that line at a byte it took for a key; please say it again."
BREAK, DO_MARK, WILL_MARK = b"\xff\xf3", b"\xff\xfd\x06", b"\xff\xfb\x06"


def test_a_line_that_a_telnet_cut_is_told_to_its_author(
    alice: HumanClient, bob: HumanClient
) -> None:
    """As Debian's sends 한 unless it is in binary; it is asked for that, and asked again."""
    line = "CJK 你 한국\n".encode()
    sent = line.replace("한".encode(), b"\xed\x95" + BREAK + DO_MARK)
    for pieces in ([sent], [sent[i : i + 1] for i in range(len(sent))]):
        told = b"".join(alice.answer_to(piece) for piece in pieces)
        assert told.replace(WILL_MARK, b"").decode() == f"{CUT}\r\n"
    assert alice.sends(b"after\n") == []
    assert bob.hears() == ["[12:00] <alice> after"]


def test_a_terminal_that_was_not_asked_is_when_it_cuts_a_line() -> None:
    alice = Harness(telnet_binary=False).human("alice")
    for asked in (b"\xff\xfd\x00", b""):
        told = alice.answer_to(b"\xed\x95" + BREAK + b"rest\n")
        assert told == asked + CUT.encode() + b"\r\n"


def test_a_key_that_interrupts_drops_the_line_quietly(alice: HumanClient, bob: HumanClient) -> None:
    assert alice.answer_to(b"half\xff\xf4" + DO_MARK) == WILL_MARK
    assert alice.answer_to(BREAK + DO_MARK + b"whole\n") == WILL_MARK
    assert bob.hears() == ["[12:00] <alice> whole"]


def test_a_megabyte_pasted_in_brackets_harms_nobody(alice: HumanClient, bob: HumanClient) -> None:
    lines = [f"{n}: {'x' * 90}" for n in range(10_000)]
    paste = b"\x1b[200~" + "\n".join(lines).encode() + b"\x1b[201~\n"
    assert len(paste) > 900_000
    heard: list[str] = []
    for start in range(0, len(paste), 16_384):
        assert alice.answer_to(paste[start : start + 16_384]) == b""
        heard += bob.hears()
    assert heard == [f"[12:00] <alice> {line}" for line in lines]
    assert bob.types("/ping") == ["-> pong"]


def test_a_megabyte_without_a_line_end_ends_it(alice: HumanClient, bob: HumanClient) -> None:
    for _ in range(64):
        alice.does(b"\x1b[200~" + b"x" * 16_378)
    assert alice.end == HangUp(CloseReason.LINE_TOO_LONG)
    assert bob.hears() == []


@pytest.mark.parametrize(
    ("told", "width"),
    [(b"\0\0\0\0", 80), (b"\xff\xff" * 4, 500), (b"\0\1\0\1", 20), (b"\0\0\0\x18", 80)],
)
def test_a_terminal_that_lies_about_its_size(alice: HumanClient, told: bytes, width: int) -> None:
    alice.does(b"\xff\xfb\x1f\xff\xfa\x1f" + told + b"\xff\xf0")
    alice.receives()
    assert f"width {width}," in alice.types("/set")[0]


@pytest.mark.parametrize(
    "line",
    [
        *("oper root sesame", "OPER root sesame", "\\oper root sesame", "> /oper root sesame"),
        *("/oper/root/sesame", "\xa0/oper root sesame"),
    ],
)
def test_a_password_is_not_said_for_want_of_a_slash(
    alice: HumanClient, bob: HumanClient, line: str
) -> None:
    told = "-> That looks like /oper with a password. Your line was not sent."
    assert alice.types(line) == [told]
    assert alice.types("oper is down again, everybody", "open the door") == []
    assert [each.split("> ")[1] for each in bob.hears()] == [
        "oper is down again, everybody",
        "open the door",
    ]


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("login anna secret", "login"),
        ("//login secret", "login"),
        ("register hunter22", "register"),
        ("nickserv identify secret", "login"),
        (" /msg nickserv identify secret", "login"),
        ("/me identify anna secret", "login"),
        ("/msg bob identify secret", "login"),
        ("/r nickserv identify secret", "login"),
    ],
)
def test_a_password_for_another_command_is_not_said(
    alice: HumanClient, bob: HumanClient, line: str, command: str
) -> None:
    bob.types("/msg alice psst")
    alice.hears()
    told = f"-> That looks like /{command} with a password. Your line was not sent."
    assert alice.types(line) == [told]
    assert bob.hears() == []
    assert [entry for entry in alice.harness.applied if "secret" in str(entry)] == []


def test_services_there_are_none_of_are_told_nothing(alice: HumanClient) -> None:
    there = "There is no NickServ here: /register PASSWORD, /login NICK PASSWORD."
    assert alice.types("/msg NickServ identify secret") == [f"-> {there}"]
