"""MODE, of rooms and of oneself."""

from __future__ import annotations

from geventchat.chat import commands as chat
from geventchat.chat import masks, modes
from geventchat.chat.events import Change
from geventchat.chat.names import fold
from geventchat.chat.presence import Room
from geventchat.dialects.base import Settle, Steps
from geventchat.dialects.irc import numerics as n
from geventchat.dialects.irc.client import Client
from geventchat.dialects.irc.isupport import CHANGES_MAX, MASK_MAX_BYTES
from geventchat.dialects.irc.syntax import Message
from geventchat.dialects.irc.table import Command

_LISTS = {
    "b": (n.BANLIST, n.ENDOFBANLIST, "ban"),
    "e": (n.EXCEPTLIST, n.ENDOFEXCEPTLIST, "exception"),
    "I": (n.INVEXLIST, n.ENDOFINVEXLIST, "invite exception"),
}


def _mode(client: Client, message: Message) -> Steps:
    target, *rest = message.params
    if target[:1] != "#":
        yield from _own(client, target, rest)
        return
    room = client.state.room(target)
    if room is None or not room.members:
        client.reply(n.NOSUCHCHANNEL, target, "No such channel")
    elif not rest or not rest[0].strip("+-"):
        _tell(client, room)
    else:
        yield from _change(client, room, rest[0], rest[1:])


def _tell(client: Client, room: Room) -> None:
    letters, arguments = room.modes.shown()
    if room.modes.key and room.key not in client.me.memberships:
        arguments[-1] = "*"
    client.reply(n.CHANNELMODEIS, room.name, f"+{letters}", *arguments)
    client.reply(n.CREATIONTIME, room.name, str(room.created_at // 1000))


def _change(client: Client, room: Room, letters: str, arguments: list[str]) -> Steps:
    wanted, lists = _parsed(letters, arguments)
    for letter in lists:
        _tell_list(client, room, letter)
    if not wanted:
        return
    own = client.me.memberships.get(room.key)
    if "o" not in client.me.modes:
        if own is None:
            client.reply(n.NOTONCHANNEL, room.name, "You're not on that channel")
            return
        if "o" not in own.status:
            client.reply(n.CHANOPRIVSNEEDED, room.name, "You're not a channel operator")
            return
    changes = [_checked(client, room, mode, argument) for mode, argument in wanted]
    effective = tuple(change for change in changes if change is not None)
    if effective:
        client.ask(chat.SetModes(room.name, effective))
        yield Settle()


def _parsed(letters: str, arguments: list[str]) -> tuple[list[tuple[str, str | None]], list[str]]:
    """The changes that are asked for with their arguments, and the lists that are."""
    sign, rest = "+", iter(arguments)
    wanted: list[tuple[str, str | None]] = []
    lists: dict[str, None] = {}
    for letter in letters:
        if letter in "+-":
            sign = letter
            continue
        takes = letter in modes.LISTS + modes.STATUSES + "k" or (letter == "l" and sign == "+")
        argument = next(rest, None) if takes else ""
        if letter in modes.LISTS and argument is None:
            lists[letter] = None
        elif len(wanted) < CHANGES_MAX:
            wanted.append((sign + letter, argument))
    return wanted, list(lists)


def _checked(client: Client, room: Room, mode: str, argument: str | None) -> Change | None:
    """The change as it can be proposed, or None when it is nothing or wrong, which is told."""
    letter = mode[1]
    if letter in modes.STATUSES:
        return _status(client, room, mode, argument)
    if letter in modes.LISTS:
        change = _mask(client, room, mode, argument or "")
    elif letter == "k":
        change = _key(client, room, mode, argument)
    elif letter == "l":
        change = _limit(client, room, mode, argument)
    elif letter in modes.FLAGS:
        change = Change(mode)
    else:
        client.reply(n.UNKNOWNMODE, letter, "is not a known mode")
        return None
    return change if change is not None and room.modes.changes(change) else None


def _status(client: Client, room: Room, mode: str, nick: str | None) -> Change | None:
    if not nick:
        client.needs("MODE")
        return None
    target = client.state.session_of(nick)
    if target is None:
        client.reply(n.NOSUCHNICK, nick, "No such nick")
        return None
    member = room.members.get(target.identity.session)
    if member is None:
        client.reply(n.USERNOTINCHANNEL, target.nick, room.name, "They aren't on that channel")
        return None
    if (mode[1] in member.status) == (mode[0] == "+"):
        return None
    return Change(mode, target.nick, target.identity.session)


def _mask(client: Client, room: Room, mode: str, mask: str) -> Change | None:
    if not mask or len(mask.encode()) > MASK_MAX_BYTES or mask[0] == ":" or " " in mask:
        client.reply(n.INVALIDMODEPARAM, room.name, mode[1], "*", "Not a mask")
        return None
    entries = room.modes.lists.get(mode[1], {})
    if mode[0] == "-" and fold(mask) in entries:
        return Change(mode, entries[fold(mask)].mask)
    mask = masks.normalize(mask)
    return Change(mode, entries[fold(mask)].mask if fold(mask) in entries else mask)


def _key(client: Client, room: Room, mode: str, key: str | None) -> Change | None:
    if mode == "-k":
        return Change(mode, room.modes.key)
    if key is None:
        client.needs("MODE")
        return None
    good = 0 < len(key) <= modes.KEY_MAX_CHARS and all("!" <= c <= "~" and c != "," for c in key)
    if not good or key[0] == ":":
        client.reply(n.INVALIDMODEPARAM, room.name, "k", "*", "Not a key")
        return None
    return Change(mode, key)


def _limit(client: Client, room: Room, mode: str, number: str | None) -> Change | None:
    if mode == "-l":
        return Change(mode)
    if number is None:
        client.needs("MODE")
        return None
    if not (number.isascii() and number.isdigit() and int(number[:9]) > 0 and len(number) < 10):
        client.reply(n.INVALIDMODEPARAM, room.name, "l", number or "*", "Not a number of members")
        return None
    return Change(mode, str(int(number)))


def _tell_list(client: Client, room: Room, letter: str) -> None:
    entry_numeric, end_numeric, name = _LISTS[letter]
    own = client.me.memberships.get(room.key)
    # Who is excepted, and so might be imitated, concerns operators only.
    if letter != "b" and "o" not in client.me.modes + (own.status if own else ""):
        client.reply(n.CHANOPRIVSNEEDED, room.name, "You're not a channel operator")
        return
    for listed in room.modes.lists.get(letter, {}).values():
        client.reply(entry_numeric, room.name, listed.mask, listed.by, str(listed.at // 1000))
    client.reply(end_numeric, room.name, f"End of channel {name} list")


def _own(client: Client, target: str, rest: list[str]) -> Steps:
    """One's own modes; nobody sees those of others."""
    if fold(target) != fold(client.nick):
        if target and client.state.session_of(target) is None:
            client.reply(n.NOSUCHNICK, target, "No such nick")
        else:
            client.reply(n.USERSDONTMATCH, "Can't change mode for other users")
        return
    if not rest:
        client.reply(n.UMODEIS, f"+{client.me.modes}")
        return
    sign, changes, unknown = "+", {}, False
    for letter in rest[0]:
        if letter in "+-":
            sign = letter
        elif letter not in modes.USER_MODES:
            unknown = True
        elif sign + letter != "+o":  # Only OPER makes an operator.
            changes[letter] = sign
    if unknown:
        client.reply(n.UMODEUNKNOWNFLAG, "Unknown MODE flag")
    written = ""
    for letter, sign in sorted(changes.items(), key=lambda item: item[1]):
        if (letter in client.me.modes) != (sign == "+"):
            written += letter if sign in written else sign + letter
    if written:
        client.ask(chat.SetUserModes(written))
        yield Settle()


COMMANDS = {"MODE": Command(_mode, "MODE #room|nick [changes [arguments]]: modes", needs=1)}
