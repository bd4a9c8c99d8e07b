"""Refusals as numerics and standard replies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from geventchat.dialects.irc import numerics as n
from geventchat.errors import Reason, Refused

_Params = Callable[[dict[str, Any]], tuple[str, ...]]


def _about(name: str, text: str) -> _Params:
    return lambda facts: (str(facts[name]), text)


_NUMERICS: dict[Reason, tuple[str, _Params]] = {
    Reason.BAD_NICK: (n.ERRONEUSNICKNAME, lambda f: (f["nick"] or "*", "Erroneous nickname")),
    Reason.NAME_RESERVED: (n.ERRONEUSNICKNAME, _about("nick", "Nickname is reserved")),
    Reason.NICK_REGISTERED: (
        n.NICKNAMEINUSE,
        _about("nick", "Nickname is registered: log in with SASL, or PASS nick:password"),
    ),
    Reason.NICK_IN_USE: (n.NICKNAMEINUSE, _about("nick", "Nickname is already in use")),
    Reason.NAME_KEPT: (
        n.BANNICKCHANGE,
        lambda f: (f["nick"], f["room"], "Cannot change nickname while you may not speak there"),
    ),
    Reason.BAD_ROOM_NAME: (n.NOSUCHCHANNEL, _about("room", "Not a channel name")),
    Reason.NO_SUCH_ROOM: (n.NOSUCHCHANNEL, _about("room", "No such channel")),
    Reason.NO_SUCH_NICK: (n.NOSUCHNICK, _about("nick", "No such nick")),
    Reason.NOT_IN_ROOM: (n.NOTONCHANNEL, _about("room", "You're not on that channel")),
    Reason.TOO_MANY_ROOMS: (n.TOOMANYCHANNELS, _about("room", "You have joined too many channels")),
    Reason.NO_MORE_ROOMS: (  # RFC 2812: a channel that cannot be had for now.
        n.UNAVAILRESOURCE,
        _about("room", "Cannot make channel: the server has as many as it may have"),
    ),
    Reason.NOT_IN_THAT_ROOM: (
        n.USERNOTINCHANNEL,
        lambda f: (f["nick"], f["room"], "They aren't on that channel"),
    ),
    Reason.ALREADY_IN_THAT_ROOM: (
        n.USERONCHANNEL,
        lambda f: (f["nick"], f["room"], "is already on channel"),
    ),
    Reason.NOT_OPERATOR: (n.CHANOPRIVSNEEDED, _about("room", "You're not a channel operator")),
    Reason.BANNED: (n.BANNEDFROMCHAN, _about("room", "Cannot join channel (+b)")),
    Reason.INVITE_ONLY: (n.INVITEONLYCHAN, _about("room", "Cannot join channel (+i)")),
    Reason.BAD_KEY: (n.BADCHANNELKEY, _about("room", "Cannot join channel (+k)")),
    Reason.ROOM_FULL: (n.CHANNELISFULL, _about("room", "Cannot join channel (+l)")),
    Reason.MAY_NOT_SPEAK: (
        n.CANNOTSENDTOCHAN,
        lambda f: (f["room"], f"Cannot send to channel: {f['why']}"),
    ),
    Reason.TAKES_NO_CTCP: (n.CANNOTSENDTOUSER, _about("nick", "They take no CTCP")),
    Reason.LIST_FULL: (n.BANLISTFULL, lambda f: (f["room"], "*", "Channel list is full")),
    Reason.UNKNOWN_MODE: (n.UNKNOWNMODE, _about("mode", "is not a known mode")),
    Reason.BAD_MASK: (
        n.INVALIDMODEPARAM,
        lambda f: (f["room"], f["mode"], "*", "Not a mask"),
    ),
    Reason.BAD_KEY_FORM: (n.INVALIDMODEPARAM, lambda f: (f["room"], "k", "*", "Not a key")),
    Reason.BAD_LIMIT: (
        n.INVALIDMODEPARAM,
        lambda f: (f["room"], "l", f["number"] or "*", "Not a number of members"),
    ),
    Reason.NOT_PRIVILEGED: (n.NOPRIVILEGES, lambda f: ("You're not an IRC operator",)),
    Reason.NOTHING_TO_SAY: (n.NOTEXTTOSEND, lambda f: ("No text to send",)),
}


# What no numeric was ever made for: a code, its context, and words.
_ABOUT_ACCOUNTS: dict[Reason, Callable[[str], tuple[str, str, str]]] = {
    Reason.TOO_OFTEN: lambda name: ("TOO_OFTEN", name, "Too often; try again later"),
    Reason.REGISTRATION_CLOSED: lambda name: ("REGISTRATION_CLOSED", name, "Nobody can register"),
    Reason.ACCOUNT_EXISTS: lambda name: ("ACCOUNT_EXISTS", name, "That account exists already"),
    Reason.NO_SUCH_ACCOUNT: lambda name: ("NO_SUCH_ACCOUNT", name, "No such account"),
    Reason.LOGGED_IN: lambda name: ("ALREADY_LOGGED_IN", name, "You are logged in already"),
    Reason.NOT_LOGGED_IN: lambda name: ("NOT_LOGGED_IN", name, "You are not logged in"),
    Reason.NOT_OWNED: lambda name: ("NOT_OWNED", name, "That channel belongs to no account"),
    Reason.NOT_OWNER: lambda name: ("NOT_OWNER", name, "Only the channel's owner may do that"),
    Reason.OWNS_TOO_MANY: lambda name: ("OWNS_TOO_MANY", name, "They own too many channels"),
    Reason.ROOM_OWNER: lambda name: ("ROOM_OWNER", name, "They own that channel"),
}


# Joining twice is no error (Modern IRC, JOIN), nor is a mode set twice (MODE);
# whoever is gone hears nothing.
_SILENT = frozenset({Reason.ALREADY_IN_ROOM, Reason.UNCHANGED, Reason.GONE, Reason.SESSION_GONE})


# IRCv3 draft/account-registration: codes and texts for passwords that cannot be.
_PASSWORDS = {
    Reason.PASSWORD_TOO_SHORT: ("WEAK_PASSWORD", "Passwords need {min_chars} characters"),
    Reason.PASSWORD_TOO_LONG: (
        "UNACCEPTABLE_PASSWORD",
        "Password is longer than {max_bytes} bytes",
    ),
    Reason.BAD_PASSWORD: ("UNACCEPTABLE_PASSWORD", "Password has control characters in it"),
}


# Commands whose specification names their FAILs, and its capability.
_SPECIFIED = {
    "BATCH": "draft/multiline",
    "CHATHISTORY": "draft/chathistory",
    "MARKREAD": "draft/read-marker",
    "METADATA": "draft/metadata-3",
    "REDACT": "draft/message-redaction",
    "SETNAME": "setname",
}


def expects_fail(caps: frozenset[str], command: str, code: str) -> bool:
    """Whether a client with these capabilities knows such a FAIL (IRCv3 standard-replies).

    That capability allows any; UTF8ONLY, of which everybody is told, names its own.
    """
    specified = _SPECIFIED.get(command)
    return "standard-replies" in caps or specified in caps or code == "INVALID_UTF8"


def refusal_lines(refusal: Refused, said: bool) -> list[tuple[str, tuple[str, ...]]]:
    """What tells a refusal: a verb and its parameters, without the client's nick.

    `said` says that a line in a room was refused, for which there is another word.
    """
    reason, facts = refusal.reason, refusal.facts
    if said and reason in (Reason.NOT_IN_ROOM, Reason.NO_SUCH_ROOM):
        if reason is Reason.NO_SUCH_ROOM:
            return [(n.NOSUCHCHANNEL, (facts["room"], "No such channel"))]
        return [(n.CANNOTSENDTOCHAN, (facts["room"], "Cannot send to channel"))]
    if reason in _SILENT:
        return []
    if reason in _NUMERICS:
        numeric, params = _NUMERICS[reason]
        return [(numeric, params(facts))]
    if reason is Reason.TOPIC_TOO_LONG:
        text = f"Topic is longer than {facts['limit']} bytes"
        return [("FAIL", ("TOPIC", "TOPIC_TOO_LONG", facts["room"], text))]
    if reason is Reason.BAD_REALNAME:
        return [("FAIL", ("SETNAME", "INVALID_REALNAME", "Real name is empty or too long"))]
    if reason is Reason.TOO_MANY_DEVICES:
        text = f"{facts['nick']} is on from {facts['limit']} devices, which is the limit"
        return [("FAIL", ("*", "TOO_MANY_DEVICES", facts["nick"], text))]
    if reason is Reason.OTHER_DEVICES:
        text = f"You are on as {facts['nick']} from other devices too: connect anew"
        return [("FAIL", ("*", "OTHER_DEVICES", facts["nick"], text))]
    if reason is Reason.MAY_NOT_REDACT:
        context = (facts["room"], str(facts["number"]), "You may not delete this message")
        return [("FAIL", ("REDACT", "REDACT_FORBIDDEN", *context))]
    if reason in _ABOUT_ACCOUNTS:
        about = str(facts.get("account") or facts.get("room") or "*")
        return [("FAIL", ("*", *_ABOUT_ACCOUNTS[reason](about)))]
    if reason is Reason.BAD_METADATA:
        return [("FAIL", ("METADATA", "INVALID_VALUE", facts["name"], facts["why"]))]
    if reason in _PASSWORDS:
        code, text = _PASSWORDS[reason]
        return [("FAIL", ("REGISTER", code, "*", text.format_map(facts)))]
    why = facts.get("why", reason.value)
    return [("FAIL", ("*", "NOT_SAVED", f"Not saved: {why}"))]
