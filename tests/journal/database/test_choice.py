"""Which database a URL names, and what is said of one that names none."""

from __future__ import annotations

import pytest

from geventchat.errors import StartError
from geventchat.journal.database import remote
from geventchat.journal.database.choice import backend_of

SECRET = "s3cret"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        (f"postgresql://al:{SECRET}@db.test/chat", "postgresql://db.test/chat"),
        (f"postgresql+psycopg://al:{SECRET}@db.test:99/chat", "postgresql://db.test:99/chat"),
        (f"mysql+pymysql://al:{SECRET}@db.test/chat?password={SECRET}", "mysql://db.test/chat"),
        ("mariadb://127.0.0.1/chat", "mysql://127.0.0.1/chat"),
        ("postgresql:///chat", "postgresql://localhost/chat"),
    ],
)
def test_its_name_holds_no_password(url: str, name: str) -> None:
    assert backend_of(url).name == name


@pytest.mark.parametrize(
    ("url", "says"),
    [
        (f"nonsense {SECRET}", "that is not a database URL; use sqlite:///FILE, "),
        (f"oracle://al:{SECRET}@db/chat", "oracle is not supported; use "),
        (f"postgresql+asyncpg://al:{SECRET}@db/chat", "postgresql is not spoken through asyncpg"),
        (f"mysql://al:{SECRET}@db", "a MySQL URL names a database, as in mysql+pymysql://user:"),
        ("postgresql://db/", "a PostgreSQL URL names a database, as in postgresql+psycopg://user"),
        ("sqlite://", "an SQLite URL names a file; for memory only use 'none'"),
        ("sqlite:///:memory:", "an SQLite URL names a file; for memory only use 'none'"),
    ],
)
def test_what_names_no_database_of_ours(url: str, says: str) -> None:
    with pytest.raises(StartError) as caught:
        backend_of(url)
    assert str(caught.value).startswith(f"database: {says}")
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "extra"), [("postgresql://db/chat", "postgresql"), ("mysql://db/chat", "mysql")]
)
def test_a_driver_that_is_missing(url: str, extra: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "find_spec", lambda name: None)
    with pytest.raises(StartError, match=rf"pip install 'geventchat\[{extra}\]'"):
        backend_of(url)
