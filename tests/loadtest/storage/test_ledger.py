"""What the ledger finds, each broken promise by itself."""

from __future__ import annotations

import pytest

from loadtest.storage.kept import Kept
from loadtest.storage.ledger import Ledger
from loadtest.storage.talkers import Shown, Transcript

TEXTS = ["a-0", "a-1", "b-0", "b-1"]
KEPT = [Kept(10, "#r", "a", "a-0"), Kept(11, "#r", "b", "b-0"), Kept(14, "#r", "a", "a-1")]
SHOWN = [Shown(line.number, line.room, line.text) for line in KEPT]


def ann(**more: list[str]) -> Transcript:
    fair: dict[str, list[str]] = {"sent": ["a-0", "a-1"], "acknowledged": ["a-0", "a-1"]}
    return Transcript("a", **{**fair, **more}, shown=list(SHOWN))


def bob(*shown: Shown) -> Transcript:
    """His second line was refused."""
    return Transcript("b", ["b-0", "b-1"], ["b-0"], ["b-1"], shown=list(shown or SHOWN))


def found(transcripts: list[Transcript], kept: list[Kept]) -> dict[str, int]:
    ledger = Ledger()
    ledger.check(transcripts, kept)
    assert bool(ledger.examples) == bool(ledger.findings)
    return dict(ledger.findings)


def test_where_all_is_well_nothing_is_found() -> None:
    ledger = Ledger()
    ledger.check([ann(), bob()], KEPT)
    assert not ledger.findings
    assert (ledger.sent, ledger.acknowledged, ledger.refused, ledger.kept) == (4, 3, 1, 3)
    assert (ledger.unanswered, ledger.shown) == (0, 6)


def test_what_had_no_answer_may_be_kept_or_not() -> None:
    ledger = Ledger()
    ledger.check(
        [ann(sent=["a-0", "a-1", "a-2", "a-3"]), bob()], [*KEPT, Kept(15, "#r", "a", "a-2")]
    )
    assert not ledger.findings
    assert (ledger.unanswered, ledger.unanswered_kept) == (2, 1)


@pytest.mark.parametrize(
    ("kept", "findings"),
    [
        (KEPT[:2], {"lost": 3}),  # One acknowledgement, and two who were shown it.
        ([*KEPT, Kept(15, "#r", "b", "b-0")], {"twice": 1, "order": 1}),
        ([*KEPT, Kept(15, "#r", "b", "b-1")], {"refused": 1}),
        ([*KEPT, Kept(15, "#r", "c", "c-0")], {"strange": 1}),
        ([Kept(9, "#r", "a", "a-1"), *KEPT[:2]], {"lost": 2, "order": 1}),
        ([*KEPT[:1], KEPT[1]._replace(text="b-x"), *KEPT[2:]], {"strange": 1, "lost": 3}),
        ([*KEPT[:1], KEPT[1]._replace(room="#s"), *KEPT[2:]], {"lost": 2}),
    ],
)
def test_what_is_kept_otherwise(kept: list[Kept], findings: dict[str, int]) -> None:
    assert found([ann(), bob()], kept) == findings


@pytest.mark.parametrize(
    ("shown", "findings"),
    [
        (SHOWN[:1], {}),  # Who leaves early, or comes late,
        (SHOWN[2:], {}),  # is owed no more.
        ([SHOWN[0], SHOWN[2]], {"skipped": 1}),
        ([SHOWN[1], SHOWN[0], SHOWN[2]], {"order": 1}),
        ([SHOWN[0], SHOWN[1], SHOWN[1], SHOWN[2]], {"order": 1}),
    ],
)
def test_what_is_shown_otherwise(shown: list[Shown], findings: dict[str, int]) -> None:
    assert found([ann(), bob(*shown)], KEPT) == findings


def test_what_is_refused_without_a_word() -> None:
    transcript = ann(sent=["a-0", "a-1", "a-2"], refused=["a-2"], silently=["a-2"])
    assert found([transcript, bob()], KEPT) == {"silent": 1}
