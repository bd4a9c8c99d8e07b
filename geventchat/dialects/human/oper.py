"""The server's operators at a terminal: /oper, /kill, /wall, /reload."""

from __future__ import annotations

from geventchat.chat import commands
from geventchat.dialects import operators
from geventchat.dialects.base import HangUp, Steps
from geventchat.dialects.human.client import Client
from geventchat.dialects.human.table import SERVER_OPERATORS, Run, Table
from geventchat.dialects.operators import ENDING, Claim
from geventchat.errors import CloseReason, Reason, Refused

_GRANTED = "You are an operator of the server now: you may keep order in every room."

COMMANDS = Table()


@COMMANDS.add(
    "/oper [NAME] [PASSWORD]",
    "become an operator of the server",
    SERVER_OPERATORS,
    typed="/oper root sesame",
    notes=(
        "They keep order in the lobby and every other room, as its operators do.",
        "Whose account is one types /oper alone.",
    ),
    secret=1,
)
def _oper(client: Client, rest: str) -> Steps:
    name, _, password = rest.partition(" ")
    if not name and not operators.rules(client):
        client.reply("Usage: /oper NAME PASSWORD")
        return
    outcome = yield from operators.claim(client, name, password.strip())
    yield from _told(client, outcome, "Wrong name or password.")


@COMMANDS.add(
    "/owner TOKEN",
    "have your account rule the server",
    SERVER_OPERATORS,
    notes=(
        "The token is shown where the server is started, as long as no account does.",
        "It is right once. From then on you become an operator by /oper alone.",
    ),
    secret=0,
)
def _owner(client: Client, token: str) -> Steps:
    outcome = yield from operators.claim_owner(client, token)
    if outcome is Claim.NOT_LOGGED_IN:
        client.reply("The token is for an account: /register or /login first.")
    if outcome is Claim.GRANTED:
        client.reply(f"{client.me.identity.account} rules this server from now on.")
    yield from _told(client, outcome, "That is not the token, or it was used.")


def _told(client: Client, outcome: Claim, wrong: str) -> Steps:
    if outcome is Claim.GRANTED:
        client.reply(_GRANTED)
    elif outcome is Claim.WRONG:
        client.reply(wrong)
    if outcome in ENDING:
        yield HangUp(CloseReason.WRONG_PASSWORD)


def _privileged(run: Run) -> Run:
    """A command for the server's operators alone."""

    def checked(client: Client, rest: str) -> Steps | None:
        if "o" in client.me.modes:
            return run(client, rest)
        client.refuse(Refused(Reason.NOT_PRIVILEGED))
        return None

    return checked


@COMMANDS.add("/kill NICK [WHY]", "end somebody's session", SERVER_OPERATORS)
@_privileged
def _kill(client: Client, rest: str) -> Steps:
    nick, _, why = rest.partition(" ")
    target = client.state.session_of(nick)
    if target is None:
        client.refuse(Refused(Reason.NO_SUCH_NICK, nick=nick))
        return
    name = target.nick
    yield from operators.end_session(client, target, why.strip())
    if client.state.sessions.get(target.number) is None:  # Else it was not saved, which was told.
        client.reply(f"{name} is gone.")


@COMMANDS.add("/wall TEXT", "tell everybody something", SERVER_OPERATORS)
@_privileged
def _wall(client: Client, text: str) -> None:
    client.ask(commands.Announce(text))


@COMMANDS.add("/reload", "read the settings again", SERVER_OPERATORS)
@_privileged
def _reload(client: Client, rest: str) -> Steps:
    client.reply((yield from operators.reload(client)))
