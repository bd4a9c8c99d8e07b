"""The shape of the house: tests mirror the package, and nothing grows too long."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import geventchat

PACKAGE = Path(geventchat.__file__).parent
TESTS = Path(__file__).parent
MODULES = sorted(
    path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py") if path.name != "__init__.py"
)
MODULE_LINES, FUNCTION_LINES = 300, 40

# Module -> where it is tested instead, and why.
ELSEWHERE = {
    "__main__.py": "e2e/test_entry_point.py",  # Patches on import: only in its own process.
    "app.py": "e2e/test_drain.py",  # Puts the others together: tested as a running server.
    "errors.py": "dialects/human/test_refusals.py",  # Names only; each has its line there.
    "chat/commands.py": "chat/test_proposals.py",  # Plain values.
    "chat/events.py": "journal/test_rows.py",  # Plain values.
    "dialects/base.py": "net/test_handler.py",  # Protocols and plain values.
    "dialects/human/client.py": "dialects/human/test_dialect.py",  # Its base class.
    "dialects/human/table.py": "dialects/human/test_help.py",  # A plain value.
    "dialects/human/rooms.py": "dialects/human/test_help.py",  # Words of the one table.
    "dialects/human/people.py": "dialects/human/test_help.py",  # Words of the one table.
    "dialects/human/history.py": "dialects/human/test_history.py",  # Words of the one table.
    "dialects/human/modes.py": "dialects/human/test_modes.py",  # Words of the one table.
    "chat/history.py": "journal/test_past.py",  # Plain values.
    "chat/apply_sessions.py": "chat/test_state.py",  # The state's hands.
    "chat/apply_rooms.py": "chat/test_modes.py",  # The state's hands.
    "dialects/irc/client.py": "dialects/irc/test_dialect.py",  # Its base class.
    "dialects/irc/table.py": "dialects/irc/test_help.py",  # A plain value.
    "dialects/irc/rooms.py": "dialects/irc/test_rooms.py",  # Commands of the one table.
    "dialects/irc/modes.py": "dialects/irc/test_rooms.py",  # Commands of the one table.
    "dialects/irc/messages.py": "dialects/irc/test_messages.py",  # Commands of the one table.
    "dialects/irc/multiline.py": "dialects/irc/test_messages.py",  # Commands of the one table.
    "dialects/irc/monitor.py": "dialects/irc/test_help.py",  # Commands of the one table.
    "dialects/irc/oper.py": "dialects/irc/test_help.py",  # Commands of the one table.
    "dialects/irc/people.py": "dialects/irc/test_help.py",  # Commands of the one table.
    "dialects/irc/serverinfo.py": "dialects/irc/test_help.py",  # Commands of the one table.
    "dialects/irc/who.py": "dialects/irc/test_help.py",  # Commands of the one table.
    "dialects/irc/isupport.py": "dialects/irc/test_registration.py",  # Told to newcomers.
    "dialects/irc/numerics.py": "dialects/irc/test_help.py",  # Names only.
    "dialects/irc/refusals.py": "dialects/irc/test_help.py",  # One line for each reason.
    "dialects/irc/history.py": "dialects/irc/test_history.py",  # CHATHISTORY and MARKREAD.
    "client/bot/errors.py": "client/bot/test_chat.py",  # Names only.
    "client/bot/feed.py": "client/bot/test_chat.py",  # Seen through what a bot is given.
    "journal/schema.py": "journal/test_sql.py",  # SQL text.
    "net/pool.py": "net/test_listener.py",  # Seen through who is let in.
    "net/service.py": "net/test_handler.py",  # The other end of a conversation.
}


def names(paths: list[Path]) -> list[str]:
    return [path.as_posix() for path in paths]


@pytest.mark.parametrize("module", MODULES, ids=names(MODULES))
def test_every_module_has_its_tests(module: Path) -> None:
    mirror = module.with_name(f"test_{module.name}").as_posix()
    assert (TESTS / ELSEWHERE.get(module.as_posix(), mirror)).is_file()


def test_no_exception_outlives_its_module() -> None:
    assert set(ELSEWHERE) <= set(names(MODULES))


SOURCES = sorted([*PACKAGE.rglob("*.py"), *TESTS.rglob("*.py")])


@pytest.mark.parametrize(
    "path", SOURCES, ids=[p.relative_to(PACKAGE.parent).as_posix() for p in SOURCES]
)
def test_nothing_is_too_long(path: Path) -> None:
    source = path.read_text()
    assert len(source.splitlines()) <= MODULE_LINES
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            assert node.end_lineno is not None
            length = node.end_lineno - node.lineno + 1
            assert length <= FUNCTION_LINES, f"{node.name}: {length} lines"


def test_the_core_knows_no_greenlets_sockets_or_databases() -> None:
    forbidden = {"gevent", "greenlet", "socket", "sqlalchemy", "sqlite3", "threading", "time"}
    for package in ("chat", "dialects"):
        for path in (PACKAGE / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Import):
                    imported = {alias.name.partition(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom):
                    imported = {(node.module or "").partition(".")[0]}
                else:
                    continue
                assert not imported & forbidden, path
