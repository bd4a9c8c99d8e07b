"""What a database keeps: the one place that knows the table `events`."""

from typing import NamedTuple

from sqlalchemy import text

from loadtest.storage.database_server import connected


class Kept(NamedTuple):
    """A line of a room, as it is kept; `number` is what IRC clients are told as its msgid."""

    number: int
    room: str
    nick: str
    text: str


def lines(url: str, after: int = 0) -> list[Kept]:
    """Every line of every room behind that number, in order."""
    with connected(url) as connection:
        rows = connection.execute(
            text(
                "SELECT number, room, nick, text FROM events"
                " WHERE kind = 'said' AND void = 0 AND number > :after ORDER BY number"
            ),
            {"after": after},
        )
        return [Kept(*row) for row in rows]


def count(url: str) -> int:
    """How many lines are kept, of all rooms."""
    with connected(url) as connection:
        found = connection.exec_driver_sql(
            "SELECT count(*) FROM events WHERE kind = 'said' AND void = 0"
        )
        return int(found.scalar_one())


def last_number(url: str) -> int:
    """The number of the last event of any kind."""
    with connected(url) as connection:
        return int(connection.exec_driver_sql("SELECT max(number) FROM events").scalar_one())
