"""Messages of several lines: the BATCH command (IRCv3 multiline)."""

from __future__ import annotations

from geventchat.chat.events import Form
from geventchat.dialects.base import Settle, Steps
from geventchat.dialects.irc.client import Client
from geventchat.dialects.irc.encoder import CONCAT
from geventchat.dialects.irc.messages import client_tags, deliver
from geventchat.dialects.irc.syntax import Message

TYPE = "draft/multiline"


class Draft:
    """A message that is being sent, and the label its answer is to carry."""

    __slots__ = ("form", "joined", "label", "lines", "name", "size", "tags", "target")

    def __init__(self, name: str, target: str, tags: str, label: str) -> None:
        self.name = name
        self.target = target
        self.tags = tags
        self.label = label
        self.form: Form | None = None
        self.lines: list[str] = []
        self.joined: list[int] = []
        self.size = 0


def concerns(client: Client, message: Message) -> bool:
    """Whether a message begins, continues or ends a message of several lines."""
    return message.verb == "BATCH" or ("batch" in message.tags and client.has(TYPE))


def take(client: Client, message: Message, label: str) -> Steps:
    """Take one of its messages; the answer to all of it bears the label of the first."""
    if message.verb != "BATCH":
        _add(client, message)
        return
    yield Settle()
    if message.param(0)[:1] == "-":
        yield from _end(client, message)
    else:
        _begin(client, message, label)


def _begin(client: Client, message: Message, label: str) -> None:
    """`BATCH +name draft/multiline target`."""
    if not client.has(TYPE) or not message.params:
        client.unknown("BATCH")
        return
    name, *rest = message.params
    if name[:1] != "+" or len(rest) < 2 or rest[0] != TYPE or client.draft is not None:
        _fail(client, "MULTILINE_INVALID", "This batch cannot begin")
        return
    client.draft = Draft(name[1:], rest[1], client_tags(client, message), label)


def _add(client: Client, message: Message) -> None:
    """A line of the batch that is being sent."""
    draft = client.draft
    form = {"PRIVMSG": Form.MESSAGE, "NOTICE": Form.NOTICE}.get(message.verb)
    if draft is None or message.tags["batch"] != draft.name or form is None:
        _fail(client, "MULTILINE_INVALID", "Not a line of this batch")
        return
    target, text = [*message.params, "", ""][:2]
    if target != draft.target:
        names = f"{draft.target or '*'} {target or '*'}"
        _fail(client, "MULTILINE_INVALID_TARGET", names, "The batch is for somebody else")
        return
    concat = CONCAT in message.tags
    if draft.form not in (None, form) or (concat and (not text or not draft.lines)):
        _fail(client, "MULTILINE_INVALID", "This line does not fit into the batch")
        return
    draft.form = form
    draft.size += len(text.encode()) + (not concat and bool(draft.lines))
    if concat:
        draft.joined.append(len(draft.lines))
    draft.lines.append(text)
    config = client.config
    if draft.size > config.line_max_bytes:
        _fail(client, "MULTILINE_MAX_BYTES", str(config.line_max_bytes), "Too many bytes")
    elif len(draft.lines) > config.multiline_max_lines:
        _fail(client, "MULTILINE_MAX_LINES", str(config.multiline_max_lines), "Too many lines")


def _end(client: Client, message: Message) -> Steps:
    """`BATCH -name`: say it."""
    draft = client.draft
    if draft is None or message.params[0][1:] != draft.name or draft.form is None:
        _fail(client, "MULTILINE_INVALID", "There is no such batch, or nothing in it")
        return
    client.draft = None
    if draft.label:
        client.begin_answer(draft.label)
    text = "\n".join(draft.lines)
    deliver(client, draft.target, text, draft.form, draft.tags, tuple(draft.joined))
    yield Settle()
    if draft.label:
        client.end_answer()


def _fail(client: Client, code: str, *context: str) -> None:
    """Give up the batch. Its remaining lines are refused too."""
    client.draft = None
    client.fail("BATCH", code, *context)
