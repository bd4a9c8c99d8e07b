"""Commands for those who keep order, in a room or on the server."""

from __future__ import annotations

from geventchat.client.terminal import answers
from geventchat.client.terminal.desk import Desk, Refusal, Run, Table, as_room

COMMANDS = Table()


def _mode(change: str) -> Run:
    def run(desk: Desk, rest: str) -> None:
        desk.line.ask(answers.refusals, "MODE", desk.here, change, rest.split()[0])

    return run


for _usage, _purpose, _change in (
    ("/op NICK", "make a room operator", "+o"),
    ("/deop NICK", "end that", "-o"),
    ("/voice NICK", "let speak while moderated", "+v"),
    ("/ban WHO", "keep somebody out", "+b"),
    ("/unban WHO", "let them in again", "-b"),
):
    COMMANDS.add(_usage, _purpose)(_mode(_change))


@COMMANDS.add("/bans", "who is banned")
def _bans(desk: Desk, rest: str) -> None:
    desk.line.ask(answers.bans, "MODE", desk.here, "b")


@COMMANDS.add("/kick NICK [WHY]", "put somebody out")
def _kick(desk: Desk, rest: str) -> None:
    nick, _, why = rest.partition(" ")
    desk.line.ask(answers.refusals, "KICK", desk.here, nick, *([why] if why else []))


@COMMANDS.add("/invite NICK [#room]", "ask somebody in")
def _invite(desk: Desk, rest: str) -> None:
    nick, _, room = rest.partition(" ")
    room = as_room(room.strip()) if room.strip() else desk.here
    desk.line.ask(answers.done(f"{nick} is invited to {room}."), "INVITE", nick, room)


@COMMANDS.add("/oper NAME PASSWORD", "become a server operator")
def _oper(desk: Desk, rest: str) -> None:
    name, _, password = rest.partition(" ")
    if not password.strip():
        raise Refusal("Usage: /oper NAME PASSWORD")
    done = answers.done("You are an operator of the server now.")
    desk.line.ask(done, "OPER", name, password.strip())


@COMMANDS.add("/kill NICK [WHY]", "end somebody's session")
def _kill(desk: Desk, rest: str) -> None:
    nick, _, why = rest.partition(" ")
    done = answers.done(f"The session of {nick} is ended.")
    desk.line.ask(done, "KILL", nick, *([why] if why else []))


@COMMANDS.add("/wall TEXT", "tell everybody something")
def _wall(desk: Desk, rest: str) -> None:
    desk.line.ask(answers.refusals, "WALLOPS", rest)


@COMMANDS.add("/reload", "read the settings again")
def _reload(desk: Desk, rest: str) -> None:
    desk.line.ask(answers.refusals, "REHASH")
