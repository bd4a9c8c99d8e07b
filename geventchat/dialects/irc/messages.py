"""What people say: PRIVMSG, NOTICE, TAGMSG, and REDACT."""

from __future__ import annotations

from geventchat.chat import commands as chat
from geventchat.chat.events import Entry, Form, Said, Tagged, TaggedTo, Told
from geventchat.chat.names import fold
from geventchat.dialects.base import ReadEvent, Settle, Steps
from geventchat.dialects.irc import numerics as n
from geventchat.dialects.irc.client import Client
from geventchat.dialects.irc.encoder import LINE_MAX_BYTES, source_of
from geventchat.dialects.irc.isupport import TARGETS_MAX
from geventchat.dialects.irc.syntax import Message, written_tags
from geventchat.dialects.irc.table import Command

_ACTION = "\x01ACTION "


def client_tags(client: Client, message: Message) -> str:
    """The tags that are for other clients, as written (IRCv3 message-tags, "client-only")."""
    if not message.tags or not client.has("message-tags"):
        return ""
    return written_tags({k: v for k, v in message.tags.items() if k[0] == "+" and len(k) > 1})


def _privmsg(client: Client, message: Message) -> None:
    _message(client, message, Form.MESSAGE)


def _notice(client: Client, message: Message) -> None:
    _message(client, message, Form.NOTICE)


def _message(client: Client, message: Message, form: Form) -> None:
    targets = _targets(client, message, form is Form.NOTICE)
    text = message.params[1] if len(message.params) > 1 else ""
    if not targets:
        return
    if not text:
        if form is not Form.NOTICE:
            client.reply(n.NOTEXTTOSEND, "No text to send")
        return
    overhead = f"{source_of(client.me.identity)}{message.verb} {max(targets, key=len)} :\r\n"
    if len(overhead.encode()) + len(text.encode()) > LINE_MAX_BYTES:
        client.reply(n.INPUTTOOLONG, "Input line was too long")
        return
    tags = client_tags(client, message)
    for target in targets:
        deliver(client, target, text, form, tags)


def _targets(client: Client, message: Message, quiet: bool) -> list[str]:
    targets = list(filter(None, message.params[0].split(","))) if message.params else []
    if not targets and not quiet:
        client.reply(n.NORECIPIENT, f"No recipient given ({message.verb})")
    for target in targets[TARGETS_MAX:]:
        if not quiet:
            client.reply(n.TOOMANYTARGETS, target, "Too many targets")
    return targets[:TARGETS_MAX]


def deliver(
    client: Client,
    target: str,
    text: str,
    form: Form,
    tags: str,
    joined: tuple[int, ...] = (),
) -> None:
    """Propose a line to a room, to those in it who stand high enough, or to somebody."""
    if form is Form.MESSAGE and text.startswith(_ACTION):
        text, form = text[len(_ACTION) :].removesuffix("\x01"), Form.ACTION
    if target[0] == "#":
        client.ask(chat.Say(_spelt(client, target), text, form, tags, joined))
    elif target[0] in "@+" and target[1:2] == "#":
        name = _spelt(client, target[1:])
        client.ask(chat.SayToStatus(name, target[0], text, form, tags))
    else:
        to = client.state.session_of(target)
        told = client.ask(chat.Tell(target, text, form, tags, joined))
        if told and to is not None and to.away and form is not Form.NOTICE:
            client.reply(n.AWAY, to.nick, to.away)


def _spelt(client: Client, name: str) -> str:
    """A room's name as it is known, or as it was sent."""
    room = client.state.room(name)
    return room.name if room else name


def _tagmsg(client: Client, message: Message) -> None:
    if not client.has("message-tags"):
        client.reply(n.UNKNOWNCOMMAND, "TAGMSG", "Unknown command")
        return
    tags = client_tags(client, message)
    for target in _targets(client, message, quiet=False):
        if not tags:
            continue  # A sign without a sign.
        if target[0] == "#":
            client.ask(chat.Tag(_spelt(client, target), tags))
        else:
            client.ask(chat.TagTo(target, tags))


def _redact(client: Client, message: Message) -> Steps:
    if not client.has("draft/message-redaction"):
        client.reply(n.UNKNOWNCOMMAND, "REDACT", "Unknown command")
        return
    target, name = message.params[:2]
    reason = message.params[2] if len(message.params) > 2 else ""
    room = client.state.room(target)
    peer = None if target[0] == "#" else client.state.session_of(target)
    inside = room is not None and room.key in client.me.memberships
    if not (inside or peer or (room is not None and "o" in client.me.modes)):
        client.fail("REDACT", "INVALID_TARGET", target, "You cannot delete messages there")
        return
    number = int(name) if name.isascii() and name.isdigit() and len(name) < 19 else 0
    found = yield ReadEvent(number)
    if not isinstance(found, Entry) or not _stands_in(found, client, target):
        client.fail("REDACT", "UNKNOWN_MSGID", target, name, "There is no such message")
        return
    number, by = found.number, found.event.by.session
    own = by == client.me.identity.session and number > client.me.arrived
    if room is not None:
        client.ask(chat.Redact(room.name, number, reason, own))
    elif own:
        client.ask(chat.RedactTo(target, number, reason))
    else:
        text = "You may not delete this message"
        client.fail("REDACT", "REDACT_FORBIDDEN", target, name, text)
    yield Settle()


def _stands_in(found: Entry, client: Client, target: str) -> bool:
    """Whether a message is one of that room, or of the talk with that person."""
    event = found.event
    if isinstance(event, Said | Tagged):
        return fold(event.room) == fold(target)
    if not isinstance(event, Told | TaggedTo) or found.number <= client.me.arrived:
        return False
    me = client.me.identity.session
    if event.by.session == me:
        return fold(event.nick) == fold(target)
    return event.to == me and fold(event.by.nick) == fold(target)


COMMANDS = {
    "PRIVMSG": Command(_privmsg, "PRIVMSG target[,target] :text: say something", flows=True),
    "NOTICE": Command(_notice, "NOTICE target[,target] :text: say without an answer", flows=True),
    "TAGMSG": Command(_tagmsg, "TAGMSG target: a sign without words, in tags", flows=True),
    "REDACT": Command(_redact, "REDACT target msgid [:reason]: take words back", needs=2),
}
