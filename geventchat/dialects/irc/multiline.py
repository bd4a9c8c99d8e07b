"""Messages of several lines: the BATCH command (IRCv3 multiline)."""

from __future__ import annotations

from collections.abc import Callable

from geventchat.chat.events import Form
from geventchat.dialects.base import Settle, Steps
from geventchat.dialects.irc.client import Client
from geventchat.dialects.irc.encoder import CONCAT
from geventchat.dialects.irc.messages import client_tags, deliver
from geventchat.dialects.irc.syntax import Message
from geventchat.dialects.irc.unfinished import Multiline

TYPE = "draft/multiline"


def concerns(client: Client, message: Message) -> bool:
    """Whether a message begins, continues or ends a message of several lines."""
    return message.verb == "BATCH" or ("batch" in message.tags and client.has(TYPE))


def take(client: Client, message: Message, label: str) -> Steps:
    """Take one of its messages; the answer to all of it bears the label of the first."""
    if message.verb != "BATCH":
        _add(client, message, label)
        return
    yield Settle()
    if message.param(0)[:1] == "-":
        yield from _end(client, message, label)
    else:
        _begin(client, message, label)


def _begin(client: Client, message: Message, label: str) -> None:
    """`BATCH +name draft/multiline target`."""
    if not client.has(TYPE) or not message.params:
        _labelled(client, label, lambda: client.unknown("BATCH"))
        return
    name, *rest = message.params
    if name[:1] != "+" or not message.param(2) or rest[0] != TYPE or client.multiline is not None:
        _fail(client, label, "MULTILINE_INVALID", "This batch cannot begin")
        return
    client.multiline = Multiline(name[1:], rest[1], client_tags(client, message), label)


def _add(client: Client, message: Message, label: str) -> None:
    """A line of the batch that is being sent."""
    sent = client.multiline
    form = {"PRIVMSG": Form.MESSAGE, "NOTICE": Form.NOTICE}.get(message.verb)
    if sent is None or message.tags["batch"] != sent.name or form is None:
        _fail(client, label, "MULTILINE_INVALID", "Not a line of this batch")
        return
    target, text = [*message.params, "", ""][:2]
    if target != sent.target:
        names = sent.target, target
        _fail(client, label, "MULTILINE_INVALID_TARGET", *names, "The batch is for somebody else")
        return
    concat = CONCAT in message.tags
    if sent.form not in (None, form) or (concat and (not text or not sent.lines)):
        _fail(client, label, "MULTILINE_INVALID", "This line does not fit into the batch")
        return
    sent.form = form
    sent.size += len(text.encode()) + (not concat and bool(sent.lines))
    if concat:
        sent.joined.append(len(sent.lines))
    sent.lines.append(text)
    most, many = client.config.line_max_bytes, client.config.multiline_max_lines
    if sent.size > most:
        _fail(client, label, "MULTILINE_MAX_BYTES", str(most), "Too many bytes")
    elif len(sent.lines) > many:
        _fail(client, label, "MULTILINE_MAX_LINES", str(many), "Too many lines")


def _end(client: Client, message: Message, label: str) -> Steps:
    """`BATCH -name`: say it."""
    sent = client.multiline
    if sent is None or message.params[0][1:] != sent.name or sent.form is None:
        _fail(client, label, "MULTILINE_INVALID", "There is no such batch, or nothing in it")
        return
    client.multiline = None
    if sent.label:
        client.begin_answer(sent.label)
    text = "\n".join(sent.lines)
    yield from deliver(client, sent.target, text, sent.form, sent.tags, tuple(sent.joined))
    yield Settle()
    if sent.label:
        client.end_answer()


def _fail(client: Client, label: str, code: str, *context: str) -> None:
    """Give up the batch. Its remaining lines are refused too.

    What was to answer all of it is answered now; without a batch, the message itself.
    """
    sent, client.multiline = client.multiline, None
    answered = sent.label if sent is not None and sent.label else label
    _labelled(client, answered, lambda: client.fail("BATCH", code, *context))


def _labelled(client: Client, label: str, tell: Callable[[], None]) -> None:
    """Tell something as the answer to the command with a label, if it has one."""
    if label:
        client.begin_answer(label)
    tell()
    if label:
        client.end_answer()
