"""The command that lets the server echo what is typed, or no longer."""

from __future__ import annotations

from dataclasses import replace

from geventchat.dialects.human.client import Client
from geventchat.dialects.human.negotiation import OURS, THEIRS
from geventchat.dialects.human.screen import TAKES, Plain
from geventchat.dialects.human.table import READING, Table
from geventchat.dialects.human.telnet import OPT_BINARY, OPT_ECHO, OPT_NAWS, Telnet

NEEDS_TELNET = "Your terminal does not let the server echo (nc, a pipe): /prompt needs telnet."

COMMANDS = Table()


@COMMANDS.add("/prompt [on or off]", "line editing, history and Tab", READING, typed="/prompt on")
def _prompt(client: Client, rest: str) -> None:
    wanted = rest.lower()
    if wanted == "on":
        _ask(client)
    elif wanted == "off":
        if client.screen is None:
            _withdraw(client)
        else:
            leave(client)
        client.reply("Prompt mode is off. /prompt on brings it back.")
    elif wanted:
        client.reply("Usage: /prompt [on or off]")
    elif client.screen is not None:
        client.reply("Prompt mode is on. /prompt off ends it.")
    elif client.mode is Plain.ASKED:
        client.reply("Your terminal has not yet answered whether the server may echo.")
    else:
        client.reply("Prompt mode is off. /prompt on gives line editing, history and Tab.")


def _ask(client: Client) -> None:
    """Ask the terminal; `agreement` goes on when it answers."""
    if client.screen is not None:
        client.reply("Prompt mode is on already.")
        return
    telnet = client.telnet
    if _answers_nothing(telnet):
        client.reply(NEEDS_TELNET)
        return
    for option in TAKES:
        telnet.want(OURS, option)
    telnet.want(THEIRS, OPT_NAWS)
    client.mode = Plain.ASKED
    # `nc` shows the bytes; what is written next stands in their place.
    client.outbox.put(telnet.taken() + (b"" if telnet.spoken else b"\r"))


def _answers_nothing(telnet: Telnet) -> bool:
    """Whether it was asked something before, and has not answered: it is no telnet."""
    return not telnet.spoken and telnet.awaits(THEIRS, OPT_BINARY)


def hide(client: Client) -> bool:
    """Have the terminal show nothing of what is typed (RFC 857); False if it cannot be had to."""
    telnet = client.telnet
    if _answers_nothing(telnet):
        return False
    telnet.want(OURS, OPT_ECHO)
    if telnet.reply:
        client.outbox.put(telnet.taken() + (b"" if telnet.spoken else b"\r"))
    return True


def show(client: Client) -> None:
    """Have the terminal show again what is typed."""
    client.telnet.want(OURS, OPT_ECHO, False)
    client.outbox.put(client.telnet.taken())


def unanswered(client: Client) -> None:
    """Nothing has answered that speaks telnet, and a line has come."""
    _withdraw(client)
    client.reply(NEEDS_TELNET)


def refused(client: Client) -> None:
    """The terminal does not let the server echo."""
    _withdraw(client)
    client.outbox.put(client.telnet.taken())
    client.reply(NEEDS_TELNET)


def _withdraw(client: Client) -> None:
    """Ask for nothing any more; an answer that comes late is answered by telnet's rules."""
    if client.mode is Plain.ASKED:
        for option in TAKES:
            client.telnet.want(OURS, option, False)
    client.mode = Plain.OFFERED


def leave(client: Client) -> None:
    """Give up the row; lines look as before."""
    screen = client.screen
    assert screen is not None
    client.mode = Plain.OFFERED
    client.outbox.put_first(screen.close())
    look, before = client.look, screen.before
    colour, bell = look.colour and before.colour, look.bell and before.bell
    client.restyle(replace(look, colour=colour, bell=bell))
