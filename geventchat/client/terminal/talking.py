"""Commands for being somebody, in rooms, and saying things."""

from __future__ import annotations

from geventchat.client.terminal import answers
from geventchat.client.terminal.desk import Desk, Refusal, Table, as_room, split_room
from geventchat.client.terminal.events import Form
from geventchat.client.terminal.state import fold

COMMANDS = Table()


@COMMANDS.add("/nick NAME", "choose a name")
def _nick(desk: Desk, rest: str) -> None:
    desk.line.reclaim = ""
    desk.line.ask(answers.refusals, "NICK", rest.split()[0])


@COMMANDS.add("/join #room [KEY]", "enter a room", "j")
def _join(desk: Desk, rest: str) -> None:
    name, _, key = rest.partition(" ")
    name = as_room(name)
    if "," in name:
        raise Refusal("One room at a time, and no comma in its name.")
    room = desk.state.room(name)
    if room is not None and room.inside:
        _switch(desk, name)
        return
    desk.line.join(name, key.strip().split(" ")[0])
    desk.state.go_to(name)


@COMMANDS.add("/part [#room] [REASON]", "leave a room", "leave")
def _part(desk: Desk, rest: str) -> None:
    name, reason = split_room(desk, rest)
    desk.line.ask(answers.refusals, "PART", name, *([reason] if reason else []))


@COMMANDS.add("/switch #room", "talk in another room", "go")
def _switch(desk: Desk, rest: str) -> None:
    room = desk.state.room(as_room(rest))
    if room is None:
        raise Refusal(f"You are not in {as_room(rest)}. /join {as_room(rest)}")
    desk.state.go_to(room.name)
    desk.tell(f"Talking in {room.name}.")


@COMMANDS.add("/rooms", "all rooms", "list")
def _rooms(desk: Desk, rest: str) -> None:
    desk.line.ask(answers.rooms, "LIST")


@COMMANDS.add("/msg NICK TEXT", "write to one person", "tell", "query")
def _msg(desk: Desk, rest: str) -> None:
    nick, _, text = rest.partition(" ")
    if not text.strip():
        raise Refusal("Usage: /msg NICK TEXT")
    desk.say(nick, text.strip())


@COMMANDS.add("/reply TEXT", "answer whoever wrote last", "r")
def _reply(desk: Desk, rest: str) -> None:
    if not desk.state.last_from:
        raise Refusal("Nobody has written to you yet. /msg NICK TEXT")
    desk.say(desk.state.last_from, rest)


@COMMANDS.add("/me ACTION", "say what you do")
def _me(desk: Desk, rest: str) -> None:
    desk.say(desk.here, rest, Form.ACTION)


@COMMANDS.add("/names [#room]", "who is in a room")
def _names(desk: Desk, rest: str) -> None:
    desk.line.ask(answers.names, "NAMES", as_room(rest) if rest else desk.here)


@COMMANDS.add("/who", "everybody who is online")
def _who(desk: Desk, rest: str) -> None:
    desk.line.ask(answers.who, "WHO", rest.split()[0] if rest else "*")


@COMMANDS.add("/whois NICK", "what is known of somebody")
def _whois(desk: Desk, rest: str) -> None:
    desk.line.ask(answers.whois, "WHOIS", rest.split()[0])


@COMMANDS.add("/topic [TEXT]", "see or set the topic")
def _topic(desk: Desk, rest: str) -> None:
    name, text = split_room(desk, rest)
    if text:
        desk.line.ask(answers.refusals, "TOPIC", name, text)
    else:
        desk.line.ask(answers.topic, "TOPIC", name)


@COMMANDS.add("/ignore [NICK]", "ignore somebody, or stop")
def _ignore(desk: Desk, rest: str) -> None:
    ignored, key = desk.state.ignored, fold(rest)
    if not rest:
        desk.tell(f"You ignore {', '.join(sorted(ignored)) or 'nobody'}.")
    elif key in ignored:
        ignored.remove(key)
        desk.tell(f"You hear {rest} again.")
    else:
        ignored.add(key)
        desk.tell(f"You ignore {rest}. The same again to hear them.")


@COMMANDS.add("/quit [REASON]", "leave", "exit", "bye")
def _quit(desk: Desk, rest: str) -> None:
    desk.leave(rest)
