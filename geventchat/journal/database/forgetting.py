"""What is to be forgotten goes in pieces, since everybody waits for the transaction.

A private line may be read by the two between whom it was said: an account's as
long as it likes, a session's without one while it is here. When such a session
goes, its rows in `talks` go, and the lines that nobody else has a row for. So what
is left to do stands in the database, and a start goes on with it.

The newest event keeps its row, emptied, so that no later event gets its number.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, insert, null, select, update

from geventchat.chat.apply import KINDS
from geventchat.chat.history import WORDS, guest_end
from geventchat.journal.database import queries
from geventchat.journal.database.places import Places
from geventchat.journal.database.schema import ASIDE, erasing, events, marks, talks
from geventchat.journal.rows import account_of
from geventchat.journal.store import Corrections

ROWS_A_TRANSACTION = 1000
# All owners without an account: no account's name begins with "~", and nothing follows it in
# the order of bytes but "\x7f" and what is not ASCII.
_GUESTS = (talks.c.owner >= "~") & (talks.c.owner < "\x7f")
_NAMES = frozenset(KINDS[kind].name for kind in WORDS)
_EMPTY = {"void": 1, "text": null(), "detail": null()}
_NAMELESS = {**_EMPTY, "nick": "", "user": "", "host": ""}


def correct(connection: Connection, corrections: Corrections) -> None:
    """Truncate, void and redact."""
    if corrections.truncate_after is not None:
        later = events.c.number > corrections.truncate_after
        # By numbers: their indexes know no order everywhere (see `schema`).
        _unlist(connection, connection.execute(select(events.c.number).where(later)).scalars())
        connection.execute(delete(events).where(later))
    for number in corrections.void:
        connection.execute(update(events).where(events.c.number == number).values(void=1))
    if corrections.redact:
        _set(connection, corrections.redact, _EMPTY)
    _unlist(connection, (*corrections.void, *corrections.redact))
    for author, since, until in dict.fromkeys(corrections.authors):
        this = (erasing.c.account == author) & (erasing.c.until == until)
        connection.execute(delete(erasing).where(this))
        row = {"account": author, "until": until, "number": since}
        connection.execute(insert(erasing), [row])
        connection.execute(delete(marks).where(marks.c.account == author))


class Forgetting:
    """Which sessions take part in private talk, and what is to be forgotten.

    What a transaction has done counts when it is `committed`.
    """

    def __init__(self) -> None:
        self._here: set[str] = set()
        self._ended: deque[str] = deque()
        self._authors = True  # Until a look tells otherwise.
        self._next: tuple[deque[str], bool] = self._ended, True
        # What is left before that number, but for these rooms, changes the state.
        self._words_from, self._words_but = 0, frozenset[str]()

    def corrected(self, corrections: Corrections) -> None:
        """These sessions are gone, and these authors want their words erased."""
        for session in corrections.ended:
            owner = guest_end(session)
            if owner in self._here:
                self._here.discard(owner)
                self._ended.append(owner)
        self._authors |= bool(corrections.authors)

    @property
    def unfinished(self) -> bool:
        """Whether there may be something left to forget."""
        return bool(self._ended or self._authors)

    def step(self, connection: Connection) -> bool:
        """Forget some of it; whether anything was erased."""
        self._next = self._ended, self._authors
        if not (self._ended or self._authors):
            return False
        ended, left = self._ended.copy(), ROWS_A_TRANSACTION
        erased = False
        while ended and left > 0:
            count = forget_talks(connection, talks.c.owner == ended[0], left)
            erased |= count > 0
            if count < left:
                ended.popleft()
            left -= count + 1
        authors = self._authors and left > 0 and _erase_author(connection)
        erased |= authors
        self._next = ended, authors if left > 0 else self._authors
        return erased

    def committed(self, places: Places) -> None:
        """The transaction that `step` was part of is on disk, with the rows of these places."""
        self._ended, self._authors = self._next
        for row in places.get(talks, ()):
            if row["owner"][0] == "~":
                self._here.add(row["owner"])

    def begin_again(self) -> None:
        """What `forget_words` did last was not committed: look from the first event on."""
        self._words_from = 0

    def forget_words(
        self,
        connection: Connection,
        before: int,
        room: str | None,
        limit: int,
        but: Collection[str] = (),
    ) -> int:
        """Delete words from before an event number, of a room or of all but some, the newest event
        always excepted; how many."""
        numbers: list[int] = []
        before = min(before, connection.execute(select(func.max(events.c.number))).scalar() or 0)
        if room:
            for kind in WORDS:
                query = queries.old_words(kind, room, before, limit - len(numbers))
                numbers += connection.execute(query).scalars()
        else:
            if self._words_but != frozenset(but):
                self._words_from, self._words_but = 0, frozenset(but)
            wanted = select(events.c.number).where(
                events.c.number >= self._words_from,
                events.c.number < before,
                events.c.kind.in_(_NAMES),
                events.c.room.is_(None) | events.c.room.not_in(but),
            )
            ordered = wanted.order_by(events.c.number).limit(limit)
            numbers += connection.execute(ordered).scalars()
        _delete(connection, numbers)
        if not room and numbers:
            self._words_from = numbers[-1]
        return len(numbers)


def forget_guests(connection: Connection) -> None:
    """At a start: nobody without an account is here any more."""
    while forget_talks(connection, _GUESTS, ROWS_A_TRANSACTION):
        pass


def forget_talks(connection: Connection, whose: ColumnElement[bool], limit: int) -> int:
    """Take some talks from their owners, and delete what then nobody can read; how many."""
    order = talks.c.owner, talks.c.peer, talks.c.kind, talks.c.number
    wanted = select(talks.c.owner, talks.c.number).where(whose).order_by(*order).limit(limit)
    found = connection.execute(wanted).all()
    if found:
        numbers = {number for _, number in found}
        connection.execute(delete(talks).where(whose, talks.c.number.in_(numbers)))
        left = select(talks.c.number).where(talks.c.number.in_(numbers)).distinct()
        _delete(connection, numbers.difference(connection.execute(left).scalars()))
    return len(found)


def _erase_author(connection: Connection) -> bool:
    """Erase some words of the first account that waits for it; whether one does."""
    first = select(erasing).order_by(erasing.c.account, erasing.c.until).limit(1)
    waiting = connection.execute(first).first()
    if waiting is None:
        return False
    author, until, after = waiting
    row = events.c.number, events.c.kind, events.c.detail
    # A walk through all there is: the one question that no index answers, asked once in the
    # life of an account, and paid for by it in small steps.
    within = (events.c.number > after) & (events.c.number < until)
    later = select(*row).where(within).order_by(events.c.number)
    rows = connection.execute(later.limit(ROWS_A_TRANSACTION)).all()
    theirs = [n for n, kind, detail in rows if kind in _NAMES and account_of(detail) == author]
    _set(connection, theirs, _EMPTY)
    _unlist(connection, theirs)
    this = (erasing.c.account == author) & (erasing.c.until == until)
    if len(rows) < ROWS_A_TRANSACTION:
        connection.execute(delete(erasing).where(this))
    else:
        connection.execute(update(erasing).where(this).values(number=rows[-1].number))
    return True


def _delete(connection: Connection, numbers: Collection[int]) -> None:
    """Delete events, but for the newest of all, which is emptied."""
    if numbers:
        newest = connection.execute(select(func.max(events.c.number))).scalar()
        gone = [number for number in numbers if number != newest]
        connection.execute(delete(events).where(events.c.number.in_(gone)))
        if len(gone) < len(numbers):
            _set(connection, [newest], _NAMELESS)
        _unlist(connection, numbers)


def _set(connection: Connection, numbers: Collection[Any], values: dict[str, Any]) -> None:
    if numbers:
        these = update(events).where(events.c.number.in_(numbers))
        connection.execute(these.values(**values))


def _unlist(connection: Connection, numbers: Iterable[int]) -> None:
    """Have no table lead to these events."""
    these = [*numbers]
    if these:
        for table in ASIDE:
            connection.execute(delete(table).where(table.c.number.in_(these)))
