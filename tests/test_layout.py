"""The shape of the house: tests mirror the package, and nothing grows too long."""

from __future__ import annotations

import ast
from itertools import combinations
from pathlib import Path

import geventchat

PACKAGE = Path(geventchat.__file__).parent
TESTS = Path(__file__).parent
ROOT = TESTS.parent
MODULES = sorted(
    path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py") if path.name != "__init__.py"
)
SOURCES = sorted([*PACKAGE.rglob("*.py"), *TESTS.rglob("*.py"), *(ROOT / "loadtest").rglob("*.py")])
MODULE_LINES, FUNCTION_LINES = 300, 40

# Module -> where it is tested instead, and why.
ELSEWHERE = {
    "__main__.py": "e2e/test_entry_point.py",  # Patches on import: only in its own process.
    "errors.py": "dialects/human/test_refusals.py",  # Names only; each has its line there.
    "bounds.py": "test_config.py",  # What the fields of the configuration are made with.
    "server_config.py": "test_config.py",  # The first part of one value.
    "login_config.py": "test_config.py",  # The second.
    "retention_config.py": "test_config.py",  # The third.
    "settings.py": "test_config.py",  # Where the values come from.
    "chat/apply.py": "chat/test_state.py",  # The state is what it makes.
    "assembly.py": "test_app.py",  # Seen through what is served.
    "dialects/absence.py": "journal/test_bookmarks.py",  # Questions and answers.
    "dialects/missed.py": "journal/test_bookmarks.py",  # How they are answered.
    "delivery/progress.py": "journal/test_bookmarks.py",  # What the marks are made of.
    "chat/apply_accounts.py": "chat/test_accounts.py",  # Rows of the one table.
    "chat/commands_accounts.py": "chat/test_canonical.py",  # What each proposes.
    "chat/events_accounts.py": "chat/test_accounts.py",  # Plain values.
    "chat/rights_accounts.py": "chat/test_accounts.py",  # Asked by what is applied.
    "chat/apply_rooms.py": "chat/test_modes.py",  # Rows of the one table.
    "chat/apply_sessions.py": "chat/test_state.py",  # Rows of the one table.
    "chat/commands.py": "chat/test_canonical.py",  # What each proposes.
    "chat/events.py": "journal/test_rows.py",  # Plain values.
    "chat/history.py": "journal/test_history.py",  # Plain values.
    "chat/outlet.py": "delivery/test_audience.py",  # A protocol; that is its one implementation.
    "chat/visibility.py": "chat/test_rights.py",  # Who may learn of what.
    "chat/sessions.py": "chat/test_state.py",  # Facts, changed by what is applied.
    "delivery/hearing.py": "delivery/test_audience.py",  # Its table.
    "delivery/items.py": "delivery/test_outbox.py",  # Plain values.
    "delivery/watching.py": "delivery/test_audience.py",  # One with who is sent what.
    "delivery/encoder.py": "delivery/test_outbox.py",  # Protocols.
    "dialects/human/forgetting.py": "dialects/test_forgetting.py",  # The words for it.
    "dialects/ending.py": "dialects/test_operators.py",  # One of the driver's requests.
    "dialects/past.py": "dialects/test_driver.py",  # Requests that it carries out.
    "dialects/ports.py": "dialects/test_driver.py",  # Protocols.
    "chat/search.py": "journal/test_searching.py",  # What is asked of whoever searches.
    "dialects/questions.py": "dialects/test_driver.py",  # Plain values.
    "dialects/base.py": "dialects/test_driver.py",  # Protocols and plain values.
    "journal/indexes.py": "journal/test_memory.py",  # What the store in memory is found by.
    "journal/database/fulltext.py": "journal/database/test_searcher.py",  # Asked of each kind.
    "journal/database/fulltext_mysql.py": "journal/database/test_searcher.py",  # The same.
    "journal/database/fulltext_postgresql.py": "journal/database/test_searcher.py",  # The same.
    "journal/database/fulltext_server.py": "journal/database/test_searcher.py",  # The same.
    "journal/database/fulltext_sqlite.py": "journal/database/test_searcher.py",  # The same.
    "journal/database/belongings.py": "journal/test_belongings.py",  # Asked of every store.
    "journal/database/schema.py": "journal/test_belongings.py",  # Seen through what is kept.
    "journal/gathering.py": "journal/test_journal.py",  # What one commit takes with it.
    "journal/database/backend.py": "journal/database/test_remote.py",  # What each kind must do.
    "journal/database/forgetting.py": "journal/test_past.py",  # The same is asked of every store.
    "journal/database/mysql.py": "journal/database/test_remote.py",  # One suite for both.
    "journal/database/places.py": "journal/test_past.py",  # Seen through what is found.
    "journal/database/postgresql.py": "journal/database/test_remote.py",  # One suite for both.
    "journal/database/store.py": "journal/test_store.py",  # The same is asked of every store.
    "journal/database/migrations/versions/accounts.py": "journal/database/test_upgrade.py",
    "dialects/human/client.py": "dialects/human/test_dialect.py",  # Seen through what it answers.
    "dialects/human/messages.py": "dialects/human/test_help.py",  # Commands of the one table.
    "dialects/human/serverinfo.py": "dialects/human/test_help.py",  # Commands of the one table.
    "dialects/human/welcome.py": "dialects/human/test_dialect.py",  # What it presents.
    "dialects/human/talks.py": "dialects/human/test_dialect.py",  # What it presents.
    "dialects/human/table.py": "dialects/human/test_help.py",  # A plain value.
    "dialects/irc/client.py": "dialects/irc/test_dialect.py",  # Seen through what it answers.
    "dialects/irc/multiline.py": "dialects/irc/test_messages.py",  # Commands of the one table.
    "dialects/irc/serverinfo.py": "dialects/irc/test_help.py",  # Commands of the one table.
    "dialects/irc/who.py": "dialects/irc/test_people.py",  # Who people are, asked otherwise.
    "dialects/irc/isupport.py": "dialects/irc/test_registration.py",  # Told to newcomers.
    "dialects/irc/numerics.py": "dialects/irc/test_help.py",  # Names only.
    "dialects/irc/refusals.py": "dialects/irc/test_help.py",  # One line for each reason.
    "dialects/irc/unfinished.py": "dialects/irc/test_registration.py",  # Plain values.
    "dialects/irc/profiles.py": "dialects/irc/test_metadata.py",  # What is read of it.
    "dialects/irc/pieces.py": "dialects/irc/test_encoder.py",  # Seen through what it cuts.
    "dialects/irc/table.py": "dialects/irc/test_help.py",  # A plain value.
    "client/bot/errors.py": "client/bot/test_chat.py",  # Names only.
    "client/bot/feed.py": "client/bot/test_chat.py",  # Seen through what a bot is given.
    "client/terminal/errors.py": "client/terminal/test_connect.py",  # Exit codes.
    "client/terminal/events.py": "client/terminal/test_words.py",  # Plain values.
    "client/terminal/desk.py": "client/terminal/test_commands.py",  # Seen through what is typed.
    "client/terminal/caller.py": "client/terminal/test_lifeline.py",  # Called again and again.
    "net/pool.py": "net/test_listener.py",  # Seen through who is let in.
}


# What only one of the dialects has.
ONLY_HUMAN = {
    "agreement",
    "bans",
    "blanks",
    "candidates",
    "days",
    "forgetting",
    "highlights",
    "keys",
    "missed",
    "moderation",
    "negotiation",
    "questions",
    "ranks",
    "screen",
    "settings",
    "slips",
    "speech",
    "talks",
    "telnet",
    "terminal",
    "unread",
    "welcome",
    "window",
}
ONLY_IRC = {
    "capabilities",
    "chanserv",
    "dated",
    "isupport",
    "markers",
    "metadata",
    "monitor",
    "multiline",
    "nickserv",
    "numerics",
    "pieces",
    "profiles",
    "sasl",
    "service",
    "syntax",
    "unfinished",
    "who",
}


def test_every_module_has_its_tests() -> None:
    mirrors = {
        module.as_posix(): module.with_name(f"test_{module.name}").as_posix() for module in MODULES
    }
    missing = [
        module
        for module, mirror in mirrors.items()
        if not (TESTS / ELSEWHERE.get(module, mirror)).is_file()
    ]
    assert missing == []


def test_no_exception_outlives_its_module_or_its_need() -> None:
    assert set(ELSEWHERE) <= {module.as_posix() for module in MODULES}
    needless = [
        module
        for module in ELSEWHERE
        if (TESTS / Path(module).with_name(f"test_{Path(module).name}")).is_file()
    ]
    assert needless == []


def test_nothing_is_too_long() -> None:
    offenders = []
    for path in SOURCES:
        source = path.read_text()
        name = path.relative_to(ROOT).as_posix()
        if len(source.splitlines()) > MODULE_LINES:
            offenders.append(name)
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno is not None
                if node.end_lineno - node.lineno + 1 > FUNCTION_LINES:
                    offenders.append(f"{name}: {node.name}")
    assert offenders == []


def test_the_dialects_are_built_alike() -> None:
    """The same part of a dialect bears the same name; what only one has is named here."""
    human, irc = (
        {path.stem for path in (PACKAGE / "dialects" / name).glob("*.py")}
        for name in ("human", "irc")
    )
    assert human - irc == ONLY_HUMAN
    assert irc - human == ONLY_IRC


def test_no_two_names_differ_by_one_letter() -> None:
    names = sorted({module.stem for module in MODULES})
    alike = [pair for pair in combinations(names, 2) if _one_letter_apart(*pair)]
    assert alike == []


def _one_letter_apart(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1:
        return False
    if len(long) == len(short):
        return sum(a != b for a, b in zip(one, other, strict=True)) == 1
    return any(long[:n] + long[n + 1 :] == short for n in range(len(long)))


def test_no_import_is_for_types_alone() -> None:
    """What is imported only while types are checked hides a circle."""
    assert [p.name for p in PACKAGE.rglob("*.py") if "TYPE_CHECKING" in p.read_text()] == []


def test_the_core_knows_no_greenlets_sockets_or_databases() -> None:
    forbidden = {"gevent", "greenlet", "socket", "sqlalchemy", "sqlite3", "threading", "time"}
    for package in ("chat", "delivery", "dialects"):
        for path in (PACKAGE / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Import):
                    imported = {alias.name.partition(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom):
                    imported = {(node.module or "").partition(".")[0]}
                else:
                    continue
                assert not imported & forbidden, path
