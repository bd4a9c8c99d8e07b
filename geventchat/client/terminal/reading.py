"""Commands for what was said: in the server's history, and what was seen here."""

from __future__ import annotations

from geventchat.client.terminal import answers
from geventchat.client.terminal.desk import Desk, Refusal, Table
from geventchat.client.terminal.events import Event, Past, Told
from geventchat.client.terminal.happenings import line_of
from geventchat.client.terminal.state import fold
from geventchat.client.terminal.wire import Message

COMMANDS = Table()
_HISTORY_LINES, _HISTORY_MAX, _HITS_MAX = 20, 500, 20


@COMMANDS.add("/history [N] [#room]", "the last lines of a room")
def _history(desk: Desk, rest: str) -> None:
    words = rest.split()
    names = [word for word in words if word[:1] == "#"]
    numbers = [word for word in words if word.isascii() and word.isdigit() and len(word) < 6]
    if len(names) + len(numbers) != len(words) or len(words) > 2:
        raise Refusal("Usage: /history [N] [#room]")
    name = names[0] if names else desk.here
    lines = max(1, min(int(numbers[0]) if numbers else _HISTORY_LINES, _HISTORY_MAX))

    def tell(messages: list[Message]) -> list[Event]:
        if told := answers.refusals(messages):
            return told
        found = [line_of(desk.state, m) for m in messages if m.verb in ("PRIVMSG", "NOTICE")]
        shown = tuple(line for line in found if line is not None)
        return [Past(shown, _lines(len(shown)))]

    desk.line.ask(tell, "CHATHISTORY", "LATEST", name, "*", str(lines))


@COMMANDS.add("/search WORDS", "search what was seen here")
def _search(desk: Desk, rest: str) -> None:
    words = fold(rest).split()
    hits = [
        line
        for line, _ in desk.state.seen
        if all(word in fold(f"{line.nick} {line.text}") for word in words)
    ]
    shown = tuple(hits[-_HITS_MAX:])
    of = f"{len(shown)} of " if len(shown) < len(hits) else ""
    desk.show(Past(shown, f"{of}{_lines(len(hits))} with {rest}"))


@COMMANDS.add("/missed", "lines missed while away")
def _missed(desk: Desk, rest: str) -> None:
    missed = tuple(line for line, was_missed in desk.state.seen if was_missed)
    desk.show(Past(missed[-_HISTORY_MAX:], f"{_lines(len(missed))} came while you were away"))


def _lines(number: int) -> str:
    return f"{number:,} {'line' if number == 1 else 'lines'}" if number else "no lines"


@COMMANDS.add("/away [REASON]", "be away")
def _away(desk: Desk, rest: str) -> None:
    reason = rest or "away"

    def tell(messages: list[Message]) -> list[Event]:
        if told := answers.refusals(messages):
            return told
        desk.state.go_away(reason)
        return [Told(f"You are away: {reason}. /back when you are back, /missed for what came.")]

    desk.line.ask(tell, "AWAY", reason)


@COMMANDS.add("/back", "be back")
def _back(desk: Desk, rest: str) -> None:
    if not desk.state.away:
        raise Refusal("You are not away.")

    def tell(messages: list[Message]) -> list[Event]:
        if told := answers.refusals(messages):
            return told
        desk.state.away = ""
        return [Told("You are back. /missed shows what came.")]

    desk.line.ask(tell, "AWAY")
