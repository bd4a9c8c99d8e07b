"""Holds what clients were told against what is kept.

Findings, each of which breaks a promise:

    lost        acknowledged to its author, or shown to anybody, and not kept
    twice       kept more than once
    refused     kept although its author was told that it was refused
    silent      refused without a word of it to the author
    strange     kept although nobody said it, or otherwise than it was said
    order       shown to somebody in another order than it is kept in
    unread      kept, and not in the history that a newcomer reads
    skipped     kept between two lines that somebody was shown, and not shown to them
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from loadtest.storage.kept import Kept
from loadtest.storage.talkers import Transcript

# Enough to see what kind of mistake it is.
SHOWN_EXAMPLES = 5


@dataclass
class Ledger:
    """The sums of all that was checked, and what was found."""

    sent: int = 0
    acknowledged: int = 0
    shown: int = 0
    refused: int = 0
    unanswered: int = 0
    unanswered_kept: int = 0
    kept: int = 0
    findings: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    def check(self, transcripts: Sequence[Transcript], kept: Sequence[Kept]) -> None:
        """Check one run: everything that its clients said and saw, and all that is kept of it."""
        by_number = {line.number: line for line in kept}
        copies = Counter(line.text for line in kept)
        self.find("twice", (text for text, count in copies.items() if count > 1))
        said = {text for one in transcripts for text in one.sent}
        self.find("strange", (text for text in copies if text not in said))
        numbers_of_rooms: dict[str, list[int]] = {}
        for line in kept:
            numbers_of_rooms.setdefault(line.room, []).append(line.number)
        for one in transcripts:
            self._check_words(one, copies)
            self._check_order(one, kept)
            self._check_shown(one, by_number, numbers_of_rooms)
        self.kept += len(kept)

    def _check_words(self, one: Transcript, copies: Counter[str]) -> None:
        self.find("lost", (text for text in one.acknowledged if text not in copies))
        self.find("refused", (text for text in one.refused if text in copies))
        self.find("silent", one.silently)
        answered = {*one.refused, *one.acknowledged}
        unanswered = [text for text in one.sent if text not in answered]
        self.sent += len(one.sent)
        self.acknowledged += len(one.acknowledged)
        self.refused += len(one.refused)
        self.unanswered += len(unanswered)
        self.unanswered_kept += sum(text in copies for text in unanswered)

    def _check_order(self, one: Transcript, kept: Sequence[Kept]) -> None:
        """What one client said is kept in the order in which it was said."""
        places = {text: place for place, text in enumerate(one.sent)}
        own = [line.text for line in kept if line.text in places]
        self.find("order", (b for a, b in pairwise(own) if places[a] >= places[b]))

    def _check_shown(
        self, one: Transcript, by_number: dict[int, Kept], numbers_of_rooms: dict[str, list[int]]
    ) -> None:
        self.shown += len(one.shown)
        seen: dict[str, list[int]] = {}
        for line in one.shown:
            there = by_number.get(line.number)
            if there is None or there.text != line.text or there.room != line.room:
                self.find("lost", [f"{line.number} {line.text} ({there})"])
            seen.setdefault(line.room, []).append(line.number)
        for room, numbers in seen.items():
            self.find("order", (f"{room} {b} after {a}" for a, b in pairwise(numbers) if a >= b))
            due = (n for n in numbers_of_rooms.get(room, ()) if numbers[0] <= n <= numbers[-1])
            there_too = set(numbers)
            self.find("skipped", (by_number[n].text for n in due if n not in there_too))

    def find(self, what: str, examples: Iterable[str]) -> None:
        """Count findings of one kind."""
        found = list(examples)
        if found:
            self.findings[what] += len(found)
            room = SHOWN_EXAMPLES - len(self.examples)
            self.examples += [f"{what}: {one}" for one in found[: max(0, room)]]

    def summary(self) -> str:
        """The findings in a few words."""
        return ", ".join(f"{count} {what}" for what, count in self.findings.items()) or "none"
