"""Which drafts make up the next commit."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from geventchat.chat.events import Event, Joined, Renamed, Said
from geventchat.errors import Reason, Refused
from geventchat.journal.drafts import Draft, Drafts, Rules
from tests.journal.desk import person

ONE, TWO, THREE = (Said(person(n), "#a", f"line {n}") for n in (1, 2, 3))
JOIN, NAME = Joined(person(1), "#a"), Renamed(person(2), "zoe")


class Law:
    """Says what is impossible, and what stands in the way of the rest."""

    def __init__(self) -> None:
        self.impossible: set[Event] = set()
        self.asked: list[Event] = []
        self.obstacle: Event | None = None

    def check(self, event: Event) -> None:
        self.asked.append(event)
        if event in self.impossible:
            raise Refused(Reason.GONE)

    def together(self, drafts: Sequence[Event]) -> int:
        if self.obstacle in drafts:
            return drafts.index(self.obstacle) + 1
        return len(drafts)


@pytest.fixture
def law() -> Law:
    return Law()


@pytest.fixture
def drafts(law: Law) -> Drafts:
    return Drafts(Rules(law.check, law.together, lambda entry: None), 10)


def of(*events: Event) -> list[Draft]:
    return [(event.by.session, event) for event in events]


def test_what_was_proposed_since_the_last_change_is_taken_as_it_is(
    drafts: Drafts, law: Law
) -> None:
    law.impossible = {TWO}
    drafts.pending += of(ONE, TWO)
    assert drafts.take() == (of(ONE, TWO), {Said}, [])
    assert law.asked == []
    assert drafts.pending == []


def test_what_was_proposed_before_it_is_checked_again(drafts: Drafts, law: Law) -> None:
    law.impossible = {TWO, THREE}
    drafts.pending += of(ONE, TWO)
    drafts.outdate()
    drafts.pending += of(THREE)
    taken, _, refused = drafts.take()
    assert taken == of(ONE, THREE)
    assert [draft for draft, _ in refused] == of(TWO)
    assert law.asked == [ONE, TWO]
    drafts.pending += of(ONE)
    drafts.take()
    assert law.asked == [ONE, TWO]


def test_a_commit_has_its_bound_and_so_has_what_is_checked(drafts: Drafts, law: Law) -> None:
    drafts.pending += of(*[ONE] * 12)
    drafts.outdate()
    drafts.pending += of(*[TWO] * 12)
    assert [len(drafts.take().drafts) for _ in range(4)] == [10, 10, 4, 0]
    assert law.asked == [ONE] * 12


def test_what_may_become_impossible_waits_for_the_next(drafts: Drafts, law: Law) -> None:
    law.obstacle = NAME
    drafts.pending += of(ONE, NAME, TWO, JOIN)
    assert drafts.take() == (of(ONE, NAME), {Said, Renamed}, [])
    drafts.outdate()  # Since it was applied.
    drafts.pending += of(THREE)
    law.impossible = {TWO}
    taken, kinds, refused = drafts.take()
    assert taken == of(JOIN, THREE)
    assert kinds == {Joined, Said}
    assert [draft for draft, _ in refused] == of(TWO)


def test_what_waits_is_checked_even_if_the_first_could_not_be_saved(
    drafts: Drafts, law: Law
) -> None:
    law.obstacle = NAME
    drafts.pending += of(NAME, TWO)
    drafts.take()
    drafts.take()
    assert law.asked == [TWO]


def test_words_alone_are_not_looked_at(drafts: Drafts, law: Law) -> None:
    law.obstacle = ONE
    drafts.pending += of(ONE, TWO)
    assert drafts.take().drafts == of(ONE, TWO)
