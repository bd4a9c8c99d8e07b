"""Private lines, as their author and whom they are for see them."""

from __future__ import annotations

from geventchat.chat import rights
from geventchat.chat.events import Entry, Form, Told
from geventchat.chat.sessions import AWAY
from geventchat.chat.text import clean_for_terminal
from geventchat.dialects.human.client import Client
from geventchat.dialects.human.encoder import lines_of, said
from geventchat.dialects.human.highlights import private, rung


def tells(client: Client, event: Told) -> list[str]:
    """What the author of a private line sees of it."""
    target = client.state.user(event.to)
    away = clean_for_terminal(target.away) if target is not None else ""
    told = [
        f"-> [PM to {event.nick}] "
        + (said(line, client.look) if line.form is Form.ACTION else clean_for_terminal(line.text))
        for line in lines_of(event)
    ]
    if target is None and event.account:
        told.append(f"-> (offline: {event.account} reads it at the next login)")
    return [*told, *([f"-> (away{'' if away == AWAY else f': {away}'})"] if away else [])]


def is_told(client: Client, entry: Entry, event: Told) -> list[str]:
    """What whoever it is for sees of it."""
    if rights.is_request(event):
        return []
    stamp, look, lines = client.encoder.stamp(entry.at), client.look, lines_of(event)
    if client.screen is not None:
        client.screen.unread.private += len(lines)
    if event.form is not Form.MESSAGE:  # A notice must not be taken for somebody talking.
        start = stamp + private(look, "[PM]")
        return [rung(look, f"{start} {said(line, look)}") for line in lines]
    start = stamp + private(look, f"[PM from {event.by.nick}]")
    return [rung(look, f"{start} {clean_for_terminal(line.text)}") for line in lines]
