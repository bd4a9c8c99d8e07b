"""/forget me: one's account deleted, and erased what it has said. It asks twice."""

from __future__ import annotations

from geventchat.chat.names import fold
from geventchat.dialects import forgetting
from geventchat.dialects.base import AskLine, Steps
from geventchat.dialects.human.accounts import is_right
from geventchat.dialects.human.client import Client
from geventchat.dialects.human.table import ACCOUNTS, Table
from geventchat.errors import Reason, Refused

COMMANDS = Table()


@COMMANDS.add(
    "/forget me",
    "delete your account and all you have said",
    ACCOUNTS,
    typed="/forget me",
    notes=(
        "It asks for your password and for your name. Your name and your rooms",
        "are free then, and your words are erased everywhere, private ones too.",
        "It cannot be undone.",
    ),
    asks=1,
)
def _forget(client: Client, rest: str) -> Steps:
    name = client.me.identity.account
    if fold(rest.strip()) != "me":
        client.reply("Usage: /forget me")
        return
    if not name:
        client.refuse(Refused(Reason.NOT_LOGGED_IN))
        return
    if not (yield from is_right(client, name, "", "Password")):
        return
    client.reply("Your account, your rooms and every word you have said here would be gone.")
    answer: str = yield AskLine(
        f"To have it so, type {name} once more; Enter alone keeps it all.", "Forget", hidden=False
    )
    if fold(answer.strip()) != fold(name):
        client.reply("Nothing has changed.")
    elif (yield from forgetting.forget(client)):
        client.reply(f"{name} is forgotten. What you have said is being erased.")
