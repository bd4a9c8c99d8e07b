"""PRIVMSG, NOTICE, TAGMSG, messages of several lines, and taking words back."""

from __future__ import annotations

import pytest

from tests.harness import Harness, IrcClient

TAGS = ("message-tags", "echo-message", "batch", "draft/multiline", "draft/message-redaction")


@pytest.fixture
def two() -> tuple[IrcClient, IrcClient]:
    harness = Harness(name="irc.test")
    al, bo = harness.irc("al", *TAGS), harness.irc("bo")
    al.types("JOIN #a")
    bo.types("JOIN #a")
    al.hears()
    return al, bo


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("PRIVMSG", ["411 bo :No recipient given (PRIVMSG)"]),
        ("PRIVMSG al", ["412 bo :No text to send"]),
        ("PRIVMSG al :\x02", ["412 bo :No text to send"]),
        ("NOTICE nobody :x", []),
        ("PRIVMSG nobody :x", ["401 bo nobody :No such nick"]),
        ("PRIVMSG a,b,c,d,e :x", [*["401 bo"] * 4, "407 bo e :Too many targets"]),
        ("TAGMSG al", ["421 bo TAGMSG :Unknown command"]),
        ("REDACT #a 1", ["421 bo REDACT :Unknown command"]),
        ("PRIVMSG #a :" + "x" * 497, ["417 bo :Input line was too long"]),
    ],
)
def test_answers(two: tuple[IrcClient, IrcClient], line: str, answer: list[str]) -> None:
    lines = two[1].types(line)
    assert len(lines) == len(answer)
    for told, wanted in zip(lines, answer, strict=True):
        assert told.startswith(f":irc.test {wanted}")


def test_tags_reach_who_knows_them(two: tuple[IrcClient, IrcClient]) -> None:
    al, bo = two
    (echo,) = al.types("@+a=b;c=d PRIVMSG #a :hi")
    assert echo.startswith("@msgid=") and echo.endswith(";+a=b :al!~al@192.0.2.7 PRIVMSG #a :hi")
    assert bo.hears() == [":al!~al@192.0.2.7 PRIVMSG #a :hi"]
    assert "TAGMSG #a" in al.types("@+a=b TAGMSG #a")[0]
    assert bo.hears() == []


def test_several_lines(two: tuple[IrcClient, IrcClient]) -> None:
    al, bo = two
    lines = al.types(
        "BATCH +1 draft/multiline #a",
        "@batch=1 PRIVMSG #a :one",
        "@batch=1;draft/multiline-concat PRIVMSG #a : and",
        "@batch=1 PRIVMSG #a :two",
        "BATCH -1",
    )
    assert [line.rpartition(" ")[2] for line in lines] == [
        "#a",
        ":one",
        "and",
        ":two",
        lines[-1][-3:],
    ]
    assert bo.hears() == [
        ":al!~al@192.0.2.7 PRIVMSG #a :one",
        ":al!~al@192.0.2.7 PRIVMSG #a : and",
        ":al!~al@192.0.2.7 PRIVMSG #a :two",
    ]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("@batch=2 PRIVMSG #a :x", "MULTILINE_INVALID"),
        ("@batch=1 PRIVMSG #b :x", "MULTILINE_INVALID_TARGET"),
        ("@batch=1;draft/multiline-concat PRIVMSG #a :x", "MULTILINE_INVALID"),
        ("@batch=1 JOIN #b", "MULTILINE_INVALID"),
        ("BATCH -2", "MULTILINE_INVALID"),
    ],
)
def test_lines_that_do_not_fit(two: tuple[IrcClient, IrcClient], line: str, code: str) -> None:
    al, _ = two
    al.types("BATCH +1 draft/multiline #a")
    assert al.types(line)[0].startswith(f":irc.test FAIL BATCH {code} ")


LABELS = (*TAGS, "labeled-response")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (["@batch=1 PRIVMSG #b :x"], "MULTILINE_INVALID_TARGET #a #b"),
        (["@batch=1;draft/multiline-concat PRIVMSG #a :x"], "MULTILINE_INVALID"),
        (["@batch=1 JOIN #b"], "MULTILINE_INVALID"),
        (["@label=own BATCH -2"], "MULTILINE_INVALID"),
        (["BATCH -1"], "MULTILINE_INVALID"),
        (["BATCH +2 draft/multiline #a"], "MULTILINE_INVALID"),
        (["@batch=1 PRIVMSG #a :x"] * 33, "MULTILINE_MAX_LINES 32"),
        (["@batch=1 PRIVMSG #a :" + "x" * 490] * 9, "MULTILINE_MAX_BYTES 4096"),
    ],
)
def test_what_fails_bears_the_label_of_what_began(
    two: tuple[IrcClient, IrcClient], typed: list[str], code: str
) -> None:
    cy = two[0].harness.irc("cy", *LABELS)
    cy.types("JOIN #a")
    assert cy.types(r"@label=a\sb\:c BATCH +1 draft/multiline #a") == []
    lines = [line for line in cy.types(*typed) if "FAIL" in line]
    assert lines[0].startswith(rf"@label=a\sb\:c :irc.test FAIL BATCH {code} ")
    # It is answered once; what is left of it is refused without.
    (line,) = cy.types("@batch=1 PRIVMSG #a :more")
    assert line.startswith(":irc.test FAIL BATCH MULTILINE_INVALID ")
    assert not any(" PRIVMSG " in line for line in two[1].hears())


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("@label=q BATCH -1", "FAIL BATCH MULTILINE_INVALID "),
        ("@label=q BATCH +1 nonsense #a", "FAIL BATCH MULTILINE_INVALID "),
        ("@label=q;batch=1 PRIVMSG #a :x", "FAIL BATCH MULTILINE_INVALID "),
        ("@label=q BATCH", "421 cy BATCH "),
    ],
)
def test_a_label_without_a_batch(two: tuple[IrcClient, IrcClient], typed: str, answer: str) -> None:
    cy = two[0].harness.irc("cy", *LABELS)
    (line,) = cy.types(typed)
    assert line.startswith(f"@label=q :irc.test {answer}")
    (line,) = cy.types(typed.replace("=q", "=" + "q" * 65))  # Too long to be one.
    assert line.startswith(f":irc.test {answer}")


def test_notices_to_a_person_do_not_look_like_talk(two: tuple[IrcClient, IrcClient]) -> None:
    person = two[0].harness.human("tess")
    two[1].types("NOTICE tess :one", "PRIVMSG tess :\x01ACTION waves\x01", "PRIVMSG tess :two")
    assert person.hears() == [
        "[12:00] [PM] -bo- one",
        "[12:00] [PM] * bo waves",
        "[12:00] [PM from bo] two",
    ]


def test_taking_words_back(two: tuple[IrcClient, IrcClient]) -> None:
    al, bo = two
    bo.types("PRIVMSG #a :oops")
    number = al.hears()[0].split(" ")[0].removeprefix("@msgid=")
    assert al.types(f"REDACT #a {number} :spam")[0].endswith(f"REDACT #a {number} :spam")
    harness = al.harness
    assert harness.store.event(int(number)) is None
    assert "oops" not in str(harness.audience.feeds["#a"].log.entries)
    assert al.types("REDACT #a 99999")[0].startswith(":irc.test FAIL REDACT UNKNOWN_MSGID #a 99999")
    assert al.types("REDACT #b 1")[0].startswith(":irc.test FAIL REDACT INVALID_TARGET #b")


def test_operators_of_a_room_can_be_spoken_to(two: tuple[IrcClient, IrcClient]) -> None:
    al, bo = two
    bo.types("PRIVMSG @#a :help")
    assert al.hears()[0].endswith("PRIVMSG @#a :help")
