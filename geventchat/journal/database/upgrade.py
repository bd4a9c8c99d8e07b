"""A database becomes one of this version when it is opened, or stays what it is.

The versions are Alembic's (`migrations`), kept in a table of our own name, since another
program may use Alembic too. Where a schema is changed by transactions, all is done in one. MySQL
and MariaDB commit after each statement there: what a start left unfinished that died in it
holds no events yet, and is made anew.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, inspect, text

from geventchat.errors import StartError
from geventchat.journal.database import legacy, migrations
from geventchat.journal.database.backend import Backend
from geventchat.journal.database.schema import INDEX_TABLES, MYSQL, metadata

# The version of a database that needs nothing done: that of the last module in `versions`.
VERSION = "7"
VERSION_TABLE = "geventchat_schema"


def upgrade(backend: Backend, engine: Engine) -> None:
    """Bring a database to this version. Raises `StartError`, and then has changed nothing."""
    with engine.connect() as connection:
        found = version_of(connection, backend.name)
        connection.rollback()
    if found == VERSION:
        return
    if found:
        backend.back_up(engine, found)
    with engine.begin() as connection:
        backend.begin(connection)
        if not found and connection.dialect.name in MYSQL:
            metadata.drop_all(connection)
        _migrate(connection)


def version_of(connection: Connection, name: str) -> str:
    """The version of a database; empty for one in which there is nothing yet.

    Raises `StartError` for what another or a later program has made.
    """
    found = set(inspect(connection).get_table_names())
    others = found - {*metadata.tables, *INDEX_TABLES, VERSION_TABLE}
    sqlite = connection.dialect.name == "sqlite"
    if VERSION_TABLE in found and not others:
        version = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()
    elif sqlite and not others and (number := legacy.version(connection)):
        version = str(number)
        if number > len(legacy.STEPS):
            raise _newer(name, version)
    elif found:
        some = ", ".join(sorted(others or found)[:3])
        raise StartError(f"database {name} is another program's: it has the table {some}")
    else:
        version = None
    if version is not None and not (version.isdecimal() and int(version) <= int(VERSION)):
        raise _newer(name, version)
    return version or ""


def _newer(name: str, version: str) -> StartError:
    return StartError(f"database {name} was made by a newer geventchat (schema {version})")


def _migrate(connection: Connection) -> None:
    """Run the migrations that are missing, in the transaction that is open."""
    # Half of the time that the store takes to import, and needed once a version.
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.set_main_option("path_separator", "os")
    script = ScriptDirectory.from_config(config)

    def steps(revision: Any, context: Any) -> Any:
        return script._upgrade_revs("head", revision)

    with EnvironmentContext(config, script, fn=steps) as environment:
        environment.configure(connection, version_table=VERSION_TABLE)
        environment.run_migrations()
