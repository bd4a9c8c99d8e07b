"""What people say: PRIVMSG, NOTICE, TAGMSG, and REDACT."""

from __future__ import annotations

from geventchat.chat import commands
from geventchat.chat.events import Entry, Form, Pinned, Said, Tagged, TaggedTo, Told
from geventchat.chat.names import fold
from geventchat.dialects.base import Pause, Steps
from geventchat.dialects.irc import chanserv, nickserv, service
from geventchat.dialects.irc import numerics as n
from geventchat.dialects.irc.client import Client
from geventchat.dialects.irc.encoder import LINE_MAX_BYTES, source_of
from geventchat.dialects.irc.isupport import TARGETS_MAX
from geventchat.dialects.irc.syntax import MSGID_MAX_DIGITS, Message, number, written_tags
from geventchat.dialects.irc.table import Table
from geventchat.dialects.questions import ReadEvent

_ACTION = "\x01ACTION "

COMMANDS = Table()


def client_tags(client: Client, message: Message) -> str:
    """The tags that are for other clients, as written (IRCv3 message-tags, "client-only")."""
    if not message.tags or not client.has("message-tags"):
        return ""
    return written_tags({k: v for k, v in message.tags.items() if k[0] == "+" and len(k) > 1})


@COMMANDS.add("PRIVMSG target[,target] :text: say something", flows=True)
def _privmsg(client: Client, message: Message) -> Steps:
    yield from _message(client, message, Form.MESSAGE)


@COMMANDS.add("NOTICE target[,target] :text: say without an answer", flows=True)
def _notice(client: Client, message: Message) -> Steps:
    yield from _message(client, message, Form.NOTICE)


def _message(client: Client, message: Message, form: Form) -> Steps:
    targets, excess = _targets(client, message, form is Form.NOTICE)
    for_service = [target for target in targets if nickserv.is_meant(client, target)]
    if for_service:  # With a password in it, perhaps: then it is for nobody else.
        targets, excess = for_service[:1], [t for t in targets if t not in for_service] + excess
    text = message.param(1)
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
        yield from deliver(client, target, text, form, tags)
    if form is not Form.NOTICE:
        _refuse(client, excess)
    if len(targets) > 1:  # A line that is several must not be counted as one.
        yield Pause()


def _targets(client: Client, message: Message, quiet: bool) -> tuple[list[str], list[str]]:
    """Whom a message is for, and those who are too many."""
    targets = list(filter(None, message.params[0].split(","))) if message.params else []
    if not targets and not quiet:
        client.reply(n.NORECIPIENT, f"No recipient given ({message.verb})")
    return targets[:TARGETS_MAX], targets[TARGETS_MAX:]


def _refuse(client: Client, targets: list[str]) -> None:
    for target in targets:
        client.reply(n.TOOMANYTARGETS, target, "Too many targets")


def deliver(
    client: Client,
    target: str,
    text: str,
    form: Form,
    tags: str,
    joined: tuple[int, ...] = (),
) -> Steps:
    """Propose a line to a room, to those in it who stand high enough, or to somebody.

    The server answers those to its own name, and to NickServ's; a password is not sent.
    """
    if nickserv.is_meant(client, target):
        yield from nickserv.hear(client, text, form)
        return
    if nickserv.withholds(client, target, text):
        return
    if chanserv.is_meant(client, target):
        yield from chanserv.hear(client, text, form)
        return
    if form is Form.MESSAGE and text.startswith(_ACTION):
        text, form = text[len(_ACTION) :].removesuffix("\x01"), Form.ACTION
    if target[0] == "#":
        client.ask(commands.Say(target, text, form, tags, joined))
    elif target[0] in "@+" and target[1:2] == "#":
        client.ask(commands.SayToStatus(target[1:], target[0], text, form, tags))
    elif service.is_meant(client, target):
        yield from service.answer(client, text, form)
    else:
        told = client.ask(commands.Tell(target, text, form, tags, joined))
        if told and form is not Form.NOTICE:
            _tell_absence(client, target)


def _tell_absence(client: Client, target: str) -> None:
    """Why somebody who was written to may not answer: they are away, or not on at all."""
    to, nick, account = client.proposals.canon.recipient(target)
    session = client.state.user(to)
    if session is not None and session.away:
        client.reply(n.AWAY, session.nick, session.away)
    elif session is None and account:
        client.reply(n.AWAY, nick, "Not on now; will see it at the next login")


@COMMANDS.add(
    "TAGMSG target: tags alone, such as a reaction", flows=True, capability="message-tags"
)
def _tagmsg(client: Client, message: Message) -> None:
    tags = client_tags(client, message)
    targets, excess = _targets(client, message, quiet=False)
    for target in targets:
        if not tags:
            continue  # Nothing that is for others.
        if target[0] == "#":
            client.ask(commands.Tag(target, tags))
        elif not any(one.is_meant(client, target) for one in (service, nickserv, chanserv)):
            # Those see nobody typing.
            client.ask(commands.TagTo(target, tags))
    _refuse(client, excess)


@COMMANDS.add(
    "REDACT target msgid [:reason]: take words back",
    needs=2,
    capability="draft/message-redaction",
)
def _redact(client: Client, message: Message) -> Steps:
    target, name = message.params[:2]
    reason = message.param(2)
    room = client.state.room(target)
    peer = None if target[0] == "#" else client.state.session_of(target)
    inside = room is not None and room.key in client.me.rooms
    if not (inside or peer or (room is not None and "o" in client.me.modes)):
        client.fail("REDACT", "INVALID_TARGET", target, "You cannot delete messages there")
        return
    found = yield ReadEvent(number(name, MSGID_MAX_DIGITS) or 0)
    if not isinstance(found, Entry) or not _stands_in(found, client, target):
        client.fail("REDACT", "UNKNOWN_MSGID", target, name, "There is no such message")
        return
    own = client.me.is_author(found.event.by) and found.number > client.me.arrived
    if room is not None:
        client.ask(commands.Redact(room.name, found.number, reason, own))
    elif own:
        client.ask(commands.RedactTo(target, found.number, reason))
    else:
        text = "You may not delete this message"
        client.fail("REDACT", "REDACT_FORBIDDEN", target, name, text)


def _stands_in(found: Entry, client: Client, target: str) -> bool:
    """Whether a message is one of that room, or of the talk with that person."""
    event = found.event
    if isinstance(event, Said | Pinned | Tagged):
        return fold(event.room) == fold(target)
    if not isinstance(event, Told | TaggedTo) or found.number <= client.me.arrived:
        return False
    if client.me.is_author(event.by):
        return fold(event.nick) == fold(target)
    return event.to == client.me.number and fold(event.by.nick) == fold(target)
