"""What users and rooms tell of themselves: METADATA (IRCv3 draft/metadata-3).

A change is told to all who share a room with whom it is about, by one line for all who have
subscribed to the same names: subscriptions are part of an encoder, as capabilities are.
Who joins a room is told what stands there, or, where that may be much, to ask for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from geventchat.chat.commands_accounts import SetMetadata
from geventchat.dialects.base import ROWS_A_SLICE, Settle, Steps
from geventchat.dialects.irc import numerics as n
from geventchat.dialects.irc.capabilities import METADATA
from geventchat.dialects.irc.client import Client
from geventchat.dialects.irc.profiles import Target, held_of, known, line_of, target_of
from geventchat.dialects.irc.syntax import Message, in_batch
from geventchat.dialects.irc.table import Table
from geventchat.errors import Reason, Refused

_NAMES_A_LINE = 5  # Each may have 64 bytes.
_CODES = {"name": "INVALID_KEY", "value": "INVALID_VALUE", "count": "LIMIT_REACHED"}

COMMANDS = Table()


@COMMANDS.add(
    "METADATA target GET|LIST|SET|CLEAR|SUB|UNSUB|SUBS|SYNC ...: what is told of somebody",
    needs=2,
    anytime=True,
    capability=METADATA,
)
def _metadata(client: Client, message: Message) -> Steps:
    name, subcommand, *words = message.params
    verb = subcommand.upper()
    if verb not in _RUN:
        _fail(client, "INVALID_SUBCOMMAND", subcommand, "No such subcommand")
        return
    target = target_of(client, name)
    if target is None:
        _fail(client, "INVALID_TARGET", name, "There is nobody and nothing of that name")
    elif verb in ("GET", "SET", "SUB", "UNSUB") and not words:
        client.needs("METADATA")
    else:
        yield from _RUN[verb](client, target, words) or ()


def _fail(client: Client, code: str, *context: str) -> None:
    client.fail("METADATA", code, *context)


def _batch(client: Client, target: Target, names: Iterable[str]) -> None:
    lines = [line_of(client, target, name) for name in names]
    client.unit(client.batched("metadata", [target.name], lines))


def _get(client: Client, target: Target, words: list[str]) -> None:
    lines = []
    for word in words:
        if _is_name(client, word):
            lines.append(line_of(client, target, word.lower()))
        else:
            told = ("METADATA", "INVALID_KEY", word or "*", "Not a key")
            lines.append(client.composed("FAIL", *told))
    client.unit(client.batched("metadata", [target.name], lines))


def _is_name(client: Client, word: str) -> bool:
    try:
        client.proposals.canon.metadata(word, "")
    except Refused:
        return False
    return True


def _list(client: Client, target: Target, words: list[str]) -> None:
    _batch(client, target, list(held_of(client, target)))


def _set(client: Client, target: Target, words: list[str]) -> Steps:
    """`SET key [:value]`; without a value the key is taken away."""
    name, value = [*words, ""][:2]
    try:
        name, value = client.proposals.canon.metadata(name, value)
        if not value and name not in held_of(client, target):
            _fail(client, "KEY_NOT_SET", target.name, name, "is not set")
            return
        _propose(client, target, name, value)
    except Refused as refusal:
        _refuse(client, refusal, target, name)
        return
    yield Settle()
    if held_of(client, target).get(name, "") == value:  # Else it was not saved, which was told.
        client.unit([line_of(client, target, name)])


def _propose(client: Client, target: Target, name: str, value: str) -> None:
    """What somebody tells before they have come in is kept, and set when they do."""
    told = client.registration
    if told is None:
        client.propose(SetMetadata(target.name, name, value))
        return
    client.proposals.canon.metadata_fits(told.metadata, name, value)
    if value:
        told.metadata[name] = value
    else:
        told.metadata.pop(name, None)


def _refuse(client: Client, refusal: Refused, target: Target, name: str) -> None:
    if refusal.reason is Reason.BAD_METADATA:
        code = _CODES[refusal.facts["of"]]
        about = target.name if code == "LIMIT_REACHED" else name or "*"
        _fail(client, code, about, refusal.facts["why"])
    elif refusal.reason in (Reason.GONE, Reason.NO_SUCH_NICK, Reason.NO_SUCH_ROOM):
        _fail(client, "INVALID_TARGET", target.name, "There is nobody and nothing of that name")
    else:
        _fail(client, "KEY_NO_PERMISSION", target.name, name, "You may not change that")


def _clear(client: Client, target: Target, words: list[str]) -> Steps:
    names = list(held_of(client, target))
    for name in names:
        try:
            _propose(client, target, name, "")
        except Refused as refusal:
            _refuse(client, refusal, target, "*")
            return
    yield Settle()
    held = held_of(client, target)
    _batch(client, target, [name for name in names if name not in held])


def _sub(client: Client, target: Target, words: list[str]) -> None:
    most, held = client.config.metadata_subscriptions_max, client.subscriptions
    done: dict[str, None] = {}
    for word in words:
        name = word.lower()
        if not _is_name(client, name):
            _fail(client, "INVALID_KEY", word or "*", "Not a key")
        elif name not in held and len(held) >= most:
            _fail(client, "TOO_MANY_SUBS", name, f"{most} subscriptions are the most")
            break
        else:
            held[name] = done[name] = None
    client.hold(client.caps)
    _tell_names(client, n.METADATASUBOK, done)
    if client.session is not None and done:
        # What stands there by now is to be asked for, at once if one likes.
        rooms = [room.name for room in client.state.rooms_of(client.session)]
        for name in rooms or [target.name]:
            client.reply(n.METADATASYNCLATER, name, "0")


def _unsub(client: Client, target: Target, words: list[str]) -> None:
    done: dict[str, None] = {}
    for word in words:
        if _is_name(client, word):
            client.subscriptions.pop(word.lower(), None)
            done[word.lower()] = None
        else:
            _fail(client, "INVALID_KEY", word or "*", "Not a key")
    client.hold(client.caps)
    _tell_names(client, n.METADATAUNSUBOK, done)


def _subs(client: Client, target: Target, words: list[str]) -> None:
    _tell_names(client, n.METADATASUBS, client.subscriptions)


def _tell_names(client: Client, numeric: str, names: Iterable[str]) -> None:
    every = list(names)
    for start in range(0, len(every), _NAMES_A_LINE):
        client.reply(numeric, *every[start : start + _NAMES_A_LINE])


def _sync(client: Client, target: Target, words: list[str]) -> Steps:
    """All that one has subscribed to, of somebody, or of a room and those in it."""
    name, begin = client.batch_begin("metadata", [target.name])
    if client.has("batch"):
        client.unit([begin])
    for nth, line in enumerate(known(client, target), 1):
        client.unit(in_batch([line], name) if client.has("batch") else [line])
        if nth % ROWS_A_SLICE == 0:
            yield client.pause()
    if client.has("batch"):
        client.unit([client.batch_end(name)])


def tell_own(client: Client) -> None:
    """What is told of oneself, as who asks for the capability is told first."""
    if client.has(METADATA):
        _list(client, Target(client.nick, session=client.session), [])


def come_in(client: Client, early: Mapping[str, str]) -> Steps:
    """Set what was told before, and tell what holds now."""
    for name, value in early.items():
        client.ask(SetMetadata(client.me.nick, name, value))
    if early:
        yield Settle()
    tell_own(client)


_RUN: dict[str, Callable[[Client, Target, list[str]], Steps | None]] = {
    "GET": _get,
    "LIST": _list,
    "SET": _set,
    "CLEAR": _clear,
    "SUB": _sub,
    "UNSUB": _unsub,
    "SUBS": _subs,
    "SYNC": _sync,
}
