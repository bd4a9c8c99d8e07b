"""Batches within batches, messages of several lines, answers by label."""

from __future__ import annotations

import pytest

from geventchat.client.terminal.batches import Answer, Batches, BatchesOverflow, Now
from geventchat.client.terminal.wire import parse


def taken(*lines: str) -> list[str]:
    """What comes out, as short words: `verb last-param` now, and `label: ...` of answers."""
    batches = Batches()
    told = []
    for line in lines:
        for piece in batches.take(parse(line)):
            if isinstance(piece, Now):
                told.append(f"{piece.message.verb} {piece.message.param(-1)}")
            else:
                words = [f"{m.verb} {m.param(-1)}" for m in piece.messages]
                told.append(f"{piece.label}: {', '.join(words)}")
    return told


def test_an_answer_of_one_line_and_of_none() -> None:
    assert taken("@label=c1 :a PRIVMSG #d :hi") == ["PRIVMSG hi", "c1: PRIVMSG hi"]
    assert taken("@label=c2 :srv ACK") == ["ACK ", "c2: "]


def test_an_answer_of_several_lines_counts_as_it_comes() -> None:
    assert taken(
        "@label=c1 :srv BATCH +1 labeled-response",
        "@batch=1 :a JOIN #d",
        ":bob PRIVMSG #x :between",
        "@batch=1 :srv 366 a #d :End",
        ":srv BATCH -1",
    ) == ["JOIN #d", "PRIVMSG between", "366 End", "c1: JOIN #d, 366 End"]


def test_the_past_is_not_told_as_news() -> None:
    assert taken(
        "@label=c1 :srv BATCH +h chathistory #d",
        "@batch=h :a PRIVMSG #d :one",
        "@batch=h :a BATCH +m draft/multiline #d",
        "@batch=m :a PRIVMSG #d :two",
        "@batch=m;draft/multiline-concat :a PRIVMSG #d :and a half",
        "@batch=m :a PRIVMSG #d :three",
        ":a BATCH -m",
        ":srv BATCH -h",
    ) == ["c1: PRIVMSG one, PRIVMSG twoand a half\nthree"]


def test_a_history_within_an_answer() -> None:
    assert taken(
        "@label=c1 :srv BATCH +1 labeled-response",
        "@batch=1 :srv NOTICE a :wait",
        "@batch=1 :srv BATCH +h chathistory #d",
        "@batch=h :a PRIVMSG #d :old",
        ":srv BATCH -h",
        ":srv BATCH -1",
    ) == ["NOTICE wait", "c1: NOTICE wait, PRIVMSG old"]


def test_several_lines_are_one_message_with_its_tags() -> None:
    batches = Batches()
    pieces = [
        piece
        for line in (
            "@time=T;msgid=7;label=c9 :a!u@h BATCH +m draft/multiline #d",
            "@batch=m :a!u@h PRIVMSG #d :x",
            "@batch=m :a!u@h PRIVMSG #d :y",
            ":a!u@h BATCH -m",
        )
        for piece in batches.take(parse(line))
    ]
    assert isinstance(pieces[0], Now)
    message = pieces[0].message
    assert (message.tags["msgid"], message.nick, message.params) == ("7", "a", ["#d", "x\ny"])
    assert pieces[1] == Answer("c9", (message,))


def test_what_ends_without_having_begun() -> None:
    assert taken(":srv BATCH -nothing", "@batch=gone :a PRIVMSG #d :hi", "BATCH") == ["PRIVMSG hi"]


def test_a_server_cannot_open_batches_without_end() -> None:
    with pytest.raises(BatchesOverflow, match="64 batches"):
        taken(*(f":srv BATCH +{n} x" for n in range(65)))


def test_a_batch_cannot_stand_in_itself() -> None:
    hi = "@batch=a :x PRIVMSG #d :hi"
    assert taken("@batch=a :srv BATCH +a x", hi) == ["PRIVMSG hi"]
    assert taken("@batch=b :srv BATCH +a x", "@batch=a :srv BATCH +b x", hi) == ["PRIVMSG hi"]


def test_a_batch_without_a_name_holds_nothing() -> None:
    assert taken(":srv BATCH + chathistory #d", ":x PRIVMSG #d :hi") == ["PRIVMSG hi"]


def test_what_a_batch_within_another_brought_counts_until_both_have_ended() -> None:
    line = f"@batch=n :a PRIVMSG #d :{'x' * 60_000}"
    within = ("@batch=h :srv BATCH +n x", *([line] * 100), ":srv BATCH -n")
    with pytest.raises(BatchesOverflow, match="16 MiB"):
        taken(":srv BATCH +h labeled-response", *(within * 3))


def test_nor_put_without_end_into_one() -> None:
    line = f"@batch=h :a PRIVMSG #d :{'x' * 60_000}"
    with pytest.raises(BatchesOverflow, match="16 MiB"):
        taken(":srv BATCH +h chathistory #d", *([line] * 300))


def test_what_was_held_is_let_go_with_its_batch() -> None:
    line = f"@batch=h :a PRIVMSG #d :{'x' * 60_000}"
    history = ("@label=c1 :srv BATCH +h chathistory #d", *([line] * 200), ":srv BATCH -h")
    batches = Batches()
    pieces = [piece for one in history * 3 for piece in batches.take(parse(one))]
    assert [len(piece.messages) for piece in pieces if isinstance(piece, Answer)] == [200] * 3
