"""What both sides of a conversation share: who talks, where, and how to answer."""

from __future__ import annotations

from collections.abc import Callable

from geventchat.chat import commands as chat
from geventchat.chat.events import Event, Form
from geventchat.chat.names import fold
from geventchat.chat.presence import Membership, Session
from geventchat.chat.proposals import Proposals
from geventchat.chat.text import clean_for_terminal
from geventchat.dialects.base import Settle, Steps, Warm
from geventchat.dialects.human.encoder import Look, plain_look
from geventchat.dialects.human.refusals import refusal_line
from geventchat.errors import Refused


class Client:
    """One person's talk with the server.

    `now` gives milliseconds since 1970; `via` is how others see the connection.

    current   key of the room chosen to talk in; see `here`
    more      where /more goes on: room key, oldest number shown, how many lines
    """

    __slots__ = (
        "columns",
        "config",
        "current",
        "lines_said",
        "look",
        "more",
        "now",
        "proposals",
        "session",
        "state",
        "via",
    )

    def __init__(self, proposals: Proposals, now: Callable[[], int], via: str = "telnet") -> None:
        self.proposals = proposals
        self.state = proposals.state
        self.config = proposals.state.config
        self.now = now
        self.via = via
        self.session: Session | None = None
        self.current = ""
        self.look = plain_look(self.config.join_lines_max_members)
        self.columns = 80
        self.lines_said = 0
        self.more: tuple[str, int, int] | None = None

    @property
    def me(self) -> Session:
        """The session, once it has arrived."""
        assert self.session is not None
        return self.session

    @property
    def here(self) -> Membership | None:
        """Where bare text goes: the chosen room or, when that is left, the one joined last."""
        memberships = self.me.memberships
        return memberships.get(self.current) or next(reversed(memberships.values()), None)

    def join(self, room: str, key: str = "") -> Steps:
        """Enter a room and talk there; its welcome comes in its place among the room's lines."""
        yield Warm(fold(room))
        self.ask(chat.Join(room, key))
        yield Settle()
        self.state.warmed.pop(fold(room), None)  # Left behind when the join was refused.
        if fold(room) in self.me.memberships:
            self.switch(fold(room))

    def switch(self, key: str) -> None:
        """ChatHandler in another room from now on."""
        for membership in self.me.memberships.values():
            self.me.close_span(membership)
            membership.encoder = None
        self.current = key

    def restyle(self, look: Look) -> None:
        """Show lines in another way from now on."""
        self.look = look
        self.switch(self.current)

    def say(self, text: str, form: Form = Form.MESSAGE) -> None:
        """Put a line into the current room."""
        membership = self.here
        if membership is None:
            self.reply("You are in no room: /join #room first. Your line was not sent.")
            return
        try:
            self.proposals.say(self.me, membership.room.name, text, form)
        except Refused as refusal:
            self.me.queue(self.refused(None, refusal))
        else:
            self.lines_said += 1

    def ask(self, command: chat.Command) -> bool:
        """Propose a command; tell the person when it is refused at once."""
        try:
            self.proposals.handle(self.me, command)
        except Refused as refusal:
            self.me.queue(self.refused(None, refusal))
            return False
        return True

    def refused(self, event: Event | None, refusal: Refused) -> bytes:
        """Tell that a command or a draft came to nothing."""
        return f"{refusal_line(refusal, event, self.now())}\r\n".encode()

    def killed(self, reason: str) -> bytes:
        """Tell that an operator ends this session."""
        return f"-> You are put out: {clean_for_terminal(reason)}\r\n".encode()

    def reply(self, *lines: str) -> None:
        """Write lines that only this person sees."""
        self.write(*(f"-> {clean_for_terminal(line)}" for line in lines))

    def write(self, *lines: str) -> None:
        """Write lines as they are."""
        self.me.queue("".join(f"{line}\r\n" for line in lines).encode())
