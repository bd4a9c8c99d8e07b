"""What becomes of a terminal that agrees to prompt mode, refuses it or takes it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from geventchat.dialects.human.candidates import candidates
from geventchat.dialects.human.client import Client
from geventchat.dialects.human.encoder import Look
from geventchat.dialects.human.help import asks, secret_from
from geventchat.dialects.human.negotiation import OURS
from geventchat.dialects.human.prompt.prompt import Prompt
from geventchat.dialects.human.screen import TAKES, Plain, Screen
from geventchat.dialects.human.terminal import leave, refused
from geventchat.dialects.human.unread import Unread, label
from geventchat.dialects.human.window import WindowEncoder

_OFFER = "Your terminal can do more: /prompt on gives line editing, history and Tab."
_BEGUN = "Prompt mode is on: Up calls lines back, Tab completes. /prompt off ends it."
_TAKEN_BACK = "Prompt mode is off: your terminal echoes by itself again."


def heed(client: Client) -> None:
    """Go by what the terminal says of the options that prompt mode takes.

    Asked after each read from somebody who has arrived and whose terminal speaks telnet.
    """
    telnet, mode = client.telnet, client.mode
    if mode is Plain.OFFERED:  # Nearly always.
        return
    if mode is Plain.UNOFFERED:
        if telnet.negotiates:
            _offer(client)
        return
    agreed = all(telnet.holds(OURS, option) for option in TAKES)
    if mode is Plain.ASKED:
        if agreed:
            _begin(client)
        elif not any(telnet.awaits(OURS, option) for option in TAKES):
            refused(client)
    elif not agreed:
        leave(client)
        client.reply(_TAKEN_BACK)


def _offer(client: Client) -> None:
    client.mode = Plain.OFFERED
    if not client.look.screenreader:
        client.reply(_OFFER)


def _begin(client: Client) -> None:
    look = client.look

    def prompt(label: Callable[[], str]) -> Prompt:
        most, complete = client.config.line_max_bytes, partial(candidates, client)
        return Prompt(most, client.columns, label, complete, secret_from, asks)

    def encoder(unread: Unread, look: Look, here: bool) -> WindowEncoder:
        return WindowEncoder(look, here, client.me, lambda: client.columns, unread, client.wants)

    client.mode = Screen(client.telnet, look, partial(_label, client), encoder, prompt)
    # A screen reader reads colours aloud, as words.
    on = not look.screenreader
    client.restyle(replace(look, colour=look.colour or on, bell=look.bell or on))
    client.reply(_BEGUN)


def _label(client: Client, unread: Unread) -> str:
    """The room talked in, and how much is unread elsewhere."""
    here, rooms = client.here, client.state.rooms
    counts = unread.counts(None if here is None else here.key, client.me.rooms)
    named = [(rooms[key].name, count) for key, count in counts if key in rooms]
    return label("" if here is None else here.name, named, unread.private, client.columns)
