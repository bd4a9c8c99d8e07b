"""The index of a database with a server of its own: a table beside the others.

Neither GIN nor InnoDB's FULLTEXT knows an order: both gather all lines that match before the
latest can be told. So each term stands under the block of numbers its line is in, as if each
block had an index of its own; a search asks for some blocks, and its cost is bounded
by what is in those.

The table is made here and not by a migration: it is made from `events`, and can be dropped at
any time.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    Table,
    delete,
    insert,
    inspect,
    select,
    update,
)

from geventchat.journal.database.backend import Backend
from geventchat.journal.database.fulltext import VERSION, Bounds, FullText, Line, Wanted
from geventchat.journal.database.schema import INDEX_TABLES

LINES, BOUNDS = INDEX_TABLES
_metadata = MetaData()
_lines = Table(LINES, _metadata, Column("number", BigInteger))
_bounds = Table(
    BOUNDS,
    _metadata,
    Column("version", Integer),
    Column("low", BigInteger),
    Column("high", BigInteger),
)


class ServerFullText(FullText):
    """A full text index in tables of a server; a block has two to the power of `block_bits`."""

    block_bits = 16

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._writing = self._engine(backend)
        self._reading = self._engine(backend)

    @abstractmethod
    def _engine(self, backend: Backend) -> Engine:
        """A connection that writes the index, and nothing else."""

    @abstractmethod
    def _make(self, connection: Connection) -> None:
        """Make the tables."""

    @abstractmethod
    def _insert(self, connection: Connection, lines: list[tuple[int, list[str]]]) -> None:
        """Add lines with the terms of their blocks; those that are there already stay."""

    @abstractmethod
    def _find(
        self, connection: Connection, blocks: list[Wanted], after: int, before: int, limit: int
    ) -> Sequence[int]:
        """The latest lines that have the terms wanted of one of the blocks."""

    @abstractmethod
    def _term(self, block: str, term: str) -> str:
        """A term under a block, as the database takes it for one word."""

    def open(self) -> Bounds | None:
        """The bounds of what is in the tables."""
        with self._transaction(self._writing) as connection:
            if not inspect(connection).has_table(BOUNDS):
                return None
            columns = _bounds.c.version, _bounds.c.low, _bounds.c.high
            found = connection.execute(select(*columns)).all()
        if len(found) != 1 or found[0][0] != VERSION:
            return None
        self.bounds = Bounds(found[0][1], found[0][2])
        return self.bounds

    def make(self, at: int) -> None:
        """Make the tables anew."""
        self.bounds = Bounds(at, at)  # From now on nothing is to be found in the old ones.
        with self._transaction(self._writing) as connection:
            for table in (LINES, BOUNDS):
                connection.exec_driver_sql(f"DROP TABLE IF EXISTS {table}")
            self._make(connection)
            _bounds.create(connection)
            row = {"version": VERSION, "low": at, "high": at}
            connection.execute(insert(_bounds), [row])

    def add(self, lines: Sequence[Line], gone: Sequence[int], bounds: Bounds) -> None:
        """Add and remove lines in one transaction."""
        rows = [(number, self._terms(number, terms)) for number, terms in lines]
        with self._transaction(self._writing) as connection:
            if gone:
                connection.execute(delete(_lines).where(_lines.c.number.in_(gone)))
            if rows:
                self._insert(connection, rows)
            connection.execute(update(_bounds).values(bounds._asdict()))
        self.bounds = bounds

    def numbers(self, after: int, last: int) -> Iterable[int]:
        """Which lines are in the table."""
        number = _lines.c.number
        with self._transaction(self._writing) as connection:
            wanted = select(number).where(number > after, number <= last)
            return list(connection.execute(wanted).scalars())

    def find(self, wanted: Wanted, after: int, before: int, limit: int) -> list[int]:
        """The latest lines of some blocks that have the terms."""
        first, last = (number >> self.block_bits for number in (after + 1, before - 1))
        blocks = []
        for block in range(last, first - 1, -1):
            name = _name(block)
            every, places = ([self._term(name, t) for t in terms] for terms in wanted)
            blocks.append(Wanted(every, places))
        with self._transaction(self._reading) as connection:
            return list(self._find(connection, blocks, after, before, limit))

    def close(self) -> None:
        """Close the connections."""
        self._writing.dispose()
        self._reading.dispose()

    def _terms(self, number: int, terms: Collection[str]) -> list[str]:
        block = _name(number >> self.block_bits)
        return [self._term(block, term) for term in terms]

    @contextmanager
    def _transaction(self, engine: Engine) -> Iterator[Connection]:
        with self._backend.plainly(), engine.connect() as plain:
            connection = plain.execution_options(isolation_level="READ COMMITTED")
            with connection.begin():
                yield connection


def _name(block: int) -> str:
    """A block's name: of one length, so that no term is another's beginning."""
    return f"{block:06x}"
