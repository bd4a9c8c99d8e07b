"""One person at a terminal: who they are, where they talk, and how to answer them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from geventchat.chat import commands, events
from geventchat.chat.commands_accounts import LogIn
from geventchat.chat.names import fold
from geventchat.chat.proposals import Proposals
from geventchat.chat.rooms import Room
from geventchat.chat.search import SearchQuery
from geventchat.chat.sessions import Session
from geventchat.chat.state import ChatState
from geventchat.chat.text import clean_for_terminal
from geventchat.config import Config
from geventchat.delivery.outbox import Outbox
from geventchat.dialects.base import Enter, Settle, Steps
from geventchat.dialects.human.blanks import Blanks
from geventchat.dialects.human.encoder import HumanEncoder, Look, encoder_for, plain_look
from geventchat.dialects.human.highlights import PersonalEncoder
from geventchat.dialects.human.refusals import refusal_line
from geventchat.dialects.human.screen import Plain, Screen
from geventchat.dialects.human.telnet import Telnet
from geventchat.errors import Reason, Refused

# One for all who ignore nobody.
_NOBODY: Mapping[str, int] = MappingProxyType({})


class Client:
    """One person's side of a conversation with the server.

    `now` gives milliseconds since 1970.

    telnet     what is known of the terminal
    mode       the screen, while the server echoes what is typed; else how that stands
    outbox     where everything for this person goes
    session    who they are, once they have arrived
    current    key of the room chosen to talk in; see `here`
    before     keys of the rooms talked in before that one, the latest last
    ignoring   keys of the nicks of which nothing is to be seen, and the session's number
               where there was one: it stays ignored under another name
    quiet      whether join and leave lines are not to be seen
    more       where /more goes on: room key, oldest number shown, how many lines; or a search
    oper_failures  wrong passwords given since the last right one, for /oper or an account
    refusals   how many commands and drafts came to nothing
    turned_away  why the arrival or the joining of a room came to nothing, the last time
    blanks     blank lines, once some came
    returning  whether rooms are entered that one was in before, whose past is told otherwise
    announced  whether the others have been told that they are here, or are about to be
    """

    __slots__ = (
        "announced",
        "before",
        "blanks",
        "columns",
        "current",
        "ignoring",
        "lines_said",
        "look",
        "mode",
        "more",
        "now",
        "oper_failures",
        "outbox",
        "proposals",
        "quiet",
        "refusals",
        "returning",
        "session",
        "telnet",
        "turned_away",
    )

    def __init__(self, proposals: Proposals, now: Callable[[], int]) -> None:
        self.proposals, self.now = proposals, now
        self.telnet = Telnet()
        self.mode: Screen | Plain = Plain.UNOFFERED
        self.outbox: Outbox  # Comes with the open session, before anything is said.
        self.session: Session | None = None
        self.current = ""
        self.before: tuple[str, ...] = ()
        self.look = plain_look(self.config.join_lines_max_members)
        self.columns = 80
        self.lines_said = self.refusals = self.oper_failures = 0
        self.ignoring: Mapping[str, int] = _NOBODY
        self.quiet = False
        self.more: tuple[str, int, int] | SearchQuery | None = None
        self.turned_away: Reason | None = None
        self.announced = self.returning = False
        self.blanks: Blanks | None = None

    @property
    def state(self) -> ChatState:
        return self.proposals.state

    @property
    def config(self) -> Config:
        return self.proposals.config

    @property
    def address(self) -> str:
        return "" if self.outbox.sink is None else self.outbox.sink.address

    @property
    def login_failures(self) -> int:
        """One count for both: of the silent, every byte counts."""
        return self.oper_failures

    @login_failures.setter
    def login_failures(self, count: int) -> None:
        self.oper_failures = count

    @property
    def me(self) -> Session:
        """The session, which has arrived."""
        assert self.session is not None
        return self.session

    @property
    def encoder(self) -> HumanEncoder:
        """How lines look that are of no other room than the one talked in."""
        return self.encoder_as(True)

    def encoder_as(self, here: bool) -> HumanEncoder:
        """How lines look that are of the room talked in, or of another."""
        look = self.look
        if self.mode.__class__ is Screen:
            return self.mode.encoder(look, here)
        if (look.bell or look.colour) and self.session is not None:
            return PersonalEncoder(look, here, self.session)
        return encoder_for(look, here)

    @property
    def screen(self) -> Screen | None:
        """What the server keeps of the terminal's screen, in prompt mode."""
        return self.mode if isinstance(self.mode, Screen) else None

    @property
    def here(self) -> Room | None:
        """Where bare text goes: the chosen room, as long as one is in it.

        Whoever is put out of it talks nowhere until they choose another: what was
        meant for one room must not be said in the next. Whoever leaves it talks in
        the one they talked in before.
        """
        return self.proposals.state.rooms[self.current] if self.current in self.me.rooms else None

    @property
    def _before(self) -> str:
        """Key of the room talked in before this one, of those one is still in; empty if of none."""
        rooms = self.me.rooms
        for key in (*reversed(self.before), *reversed(rooms)):
            if key in rooms and key != self.current:
                return key
        return ""

    @property
    def nowhere(self) -> str:
        """Why there is no room to talk in, and what to do about it."""
        if not self._before:
            return "You are in no room: /join #room first."
        other = self.state.rooms[self._before].name
        return f"You are not talking in any room now: /switch {other} or /join #room."

    @property
    def where(self) -> str:
        """Where bare text goes, in words."""
        if not self.me.rooms:
            return "You are in no room now: /join #room."
        return f"Talking in {self.here.name}." if self.here else self.nowhere

    def here_or_told(self) -> Room | None:
        """As `here`; the person is told when there is no such room."""
        room = self.here
        if room is None:
            self.reply(self.nowhere)
        return room

    def announce(self) -> None:
        """Have the others told that this person is here, before the first they do.

        Not on arrival: who connects only to look what is there is nobody's business.
        """
        self.announced = True
        if not self.me.appeared:
            try:
                self.proposals.handle(self.me, commands.Appear(), self.outbox.number)
            except Refused:
                pass  # It is in no room any more.

    def join(self, room: str, key: str = "", quiet: bool = False) -> Steps:
        """Enter a room and talk there; its welcome comes in its place among the room's lines."""
        try:
            join = commands.Join(room, key, quiet, self.returning)
            draft = self.proposals.draft(self.me, join, self.outbox.number)
        except Refused as refusal:
            self.refuse(refusal)
            return
        if not (quiet or self.announced):
            self.announce()
        assert isinstance(draft, events.Joined)
        if (yield Enter(draft)):
            self.switch(fold(room))

    def leave(self, room: Room, reason: str) -> Steps:
        """Leave a room; talk in the one talked in before, if it was the one talked in."""
        current = self.current
        if current == room.key:
            # Already now, so that the farewell from the one tells of the other.
            self.current = self._before
        if self.ask(commands.Part(room.name, reason)):
            yield Settle()
        if room.key in self.me.rooms:  # It came to nothing.
            self.current = current
            self.outbox.restyle()

    def switch(self, key: str) -> None:
        """Talk in another room from now on."""
        rooms = self.me.rooms
        if self.current != key:
            before = [one for one in self.before if one not in (key, self.current)]
            self.before = tuple(one for one in (*before, self.current) if one in rooms)
        self.current = key
        self.outbox.restyle()

    def resize(self, columns: int) -> None:
        """Go by another width of the window from now on."""
        self.columns = columns
        if self.screen is not None:
            self.screen.prompt.resize(columns)

    def restyle(self, look: Look) -> None:
        """Show lines in another way from now on."""
        self.look = look
        self.outbox.restyle()

    def refilter(self) -> None:
        """What is not to be seen has changed."""
        self.outbox.filter(self.wants if self.ignoring or self.quiet else None)

    def wants(self, entry: events.Entry) -> bool:
        """Whether an entry is to be seen, as far as this person has said."""
        event = entry.event
        if isinstance(event, events.Announced):
            return True
        by = event.by
        number = self.state.number_of(by.session)
        if fold(by.nick) in self.ignoring or number in self.ignoring.values():
            return False
        return not (self.quiet and isinstance(event, events.Joined | events.Parted | events.Left))

    def say(self, text: str, form: events.Form = events.Form.MESSAGE) -> None:
        """Put a line into the current room."""
        room = self.here
        if room is None:
            self.reply(self.nowhere, "Your line was not sent.")
            return
        if not self.announced:
            self.announce()
        try:
            self.proposals.say(self.me, self.outbox.number, room.name, text, form)
        except Refused as refusal:
            self.refuse(refusal)
        else:
            self.lines_said += 1

    def ask(self, command: commands.Command) -> bool:
        """Propose a command; tell the person when it is refused at once."""
        try:
            draft = self.proposals.draft(self.me, command, self.outbox.number)
        except Refused as refusal:
            self.refuse(refusal)
            return False
        # Whoever takes a name first is announced by it, once they have it.
        if not (self.announced or isinstance(command, commands.SetNick | LogIn)):
            self.announce()
        self.proposals.propose(draft)
        return True

    def refuse(self, refusal: Refused, event: events.Event | None = None) -> None:
        """Tell that a command or a draft came to nothing."""
        if isinstance(event, events.Appeared):
            self.announced = False  # Tried again with whatever they do next.
            return
        self.refusals += 1
        if isinstance(event, events.Arrived | events.Joined) or self.session is None:
            self.turned_away = refusal.reason
        self.write(refusal_line(refusal, event, self.now()))

    def reply(self, *lines: str) -> None:
        """Write lines that only this person sees."""
        self.write(*(f"-> {clean_for_terminal(line)}" for line in lines))

    def write(self, *lines: str) -> None:
        """Write lines as they are."""
        self.outbox.answer(lines)
