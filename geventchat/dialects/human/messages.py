"""Commands that say something: private lines and what one does."""

from __future__ import annotations

from geventchat.chat import commands
from geventchat.chat.disclosure import SERVICES
from geventchat.chat.events import Form
from geventchat.chat.names import fold
from geventchat.dialects.human.client import Client
from geventchat.dialects.human.refusals import withheld
from geventchat.dialects.human.table import TALKING, Table

COMMANDS = Table()


@COMMANDS.add("/msg NICK TEXT", "write to one person", TALKING, "tell", "query", "pm")
def _msg(client: Client, rest: str) -> None:
    nick, _, text = rest.partition(" ")
    if not text.strip():
        client.reply("Usage: /msg NICK TEXT")
    elif fold(nick) in SERVICES and client.state.session_of(nick) is None:
        client.reply(f"There is no {nick} here: /register PASSWORD, /login NICK PASSWORD.")
    else:
        _tell(client, nick, text)


def _tell(client: Client, nick: str, text: str) -> None:
    if told := withheld(text, private=True):
        client.reply(told)
    else:
        client.ask(commands.Tell(nick, text))


@COMMANDS.add("/reply TEXT", "answer whoever wrote to you last", TALKING, "r")
def _reply(client: Client, text: str) -> None:
    number, nick = client.me.reply_to
    # Not to whoever has the name now.
    target = client.state.user(number)
    if target is not None:
        _tell(client, target.nick, text)
    elif nick:
        client.reply(f"{nick} has left. Your line was not sent.")
    else:
        client.reply("Nobody has written to you yet. /msg NICK TEXT")


@COMMANDS.add("/me ACTION", "say what you do", TALKING)
def _me(client: Client, text: str) -> None:
    if told := withheld(text):
        client.reply(told)
    else:
        client.say(text, Form.ACTION)
