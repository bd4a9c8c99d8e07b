"""The chat without sockets: everything real but the connections, and a clock that stands.

State, proposals, audience, journal, drivers and dialects are the server's own;
a `MemoryStore` that can be told to fail keeps the events.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from geventchat.chat.apply import apply, check
from geventchat.chat.cloaks import Cloaks
from geventchat.chat.commands import Quit
from geventchat.chat.conflicts import together
from geventchat.chat.events import SERVER, Entry, Event, Restarted
from geventchat.chat.proposals import Proposals
from geventchat.chat.sessions import Session
from geventchat.chat.state import ChatState
from geventchat.config import Config
from geventchat.delivery.audience import Audience
from geventchat.delivery.outbox import Outbox
from geventchat.dialects.base import Dialect, HangUp
from geventchat.dialects.driver import Driver
from geventchat.dialects.human.dialect import HumanDialect
from geventchat.dialects.irc.dialect import IrcDialect
from geventchat.dialects.ports import Services
from geventchat.errors import CloseReason, Refused
from geventchat.journal.bookmarks import Marks
from geventchat.journal.drafts import NOBODY, Rules
from geventchat.journal.history import History
from geventchat.journal.journal import Journal
from geventchat.journal.searching import Searches
from geventchat.journal.thread import StoreThread
from tests.failing_store import FailingStore
from tests.line_client import OPENING
from tests.quick_authentication import quick_authentication

NOON = 1_700_000_000_000 // 86_400_000 * 86_400_000 + 43_200_000  # 12:00 UTC of some day
HOST = "192.0.2.7"


class Harness:
    """A chat to play on."""

    def __init__(self, **settings: Any) -> None:
        # Addresses read better than what stands for them, and few tests are about that.
        self.config = Config(**{"cloak_hosts": False} | settings)
        self.address = HOST  # Of whoever comes next.
        self.clock = NOON
        self.state = ChatState(self.config.lobby, self.config.departed_max)
        self.audience = Audience(self.config)
        self.store = FailingStore(10_000)
        self.host = Cloaks(self.store.secret()).cloak if self.config.cloak_hosts else str
        thread = StoreThread(self.store.in_thread)
        self.journal = Journal(
            self.store,
            thread,
            Rules(partial(check, self.state), partial(together, self.state), self._apply),
            refused=self._refused,
            applied=lambda: None,
            clock=self.now,
            batch_max_events=self.config.batch_max_events,
        )
        self.proposals = Proposals(self.state, self.config, self.journal.propose)
        self.unacknowledged: set[Any] = set()  # Connections whose peers have vanished.
        self.marks = Marks(self.store, thread, self.audience.followed, self._acknowledged, self.now)
        self.services = self._services(thread)
        self.recorded: list[str] = []
        self.blocked: set[str] = set()
        self.reloaded = "reloaded: 0 settings changed"
        self.clients: list[HumanClient] = []
        self.applied: list[Entry] = []
        self.journal.start(self._crashed)
        self.journal.propose(NOBODY, Restarted(SERVER))
        self.settle()

    def _services(self, thread: StoreThread) -> Services:
        history = History(
            self.store,
            thread,
            lambda: self.journal.shown,
            lambda: self.journal.hidden,
            erasing=lambda: self.journal.erasing,
            searches=Searches(self.store, 100, lambda: self.config.search_timeout_s),
        )
        return Services(
            self.proposals,
            self.audience,
            self.journal,
            history,
            lambda: self.reloaded,
            lambda what, failed: self.recorded.append(what),
            lambda address, right: None if address in self.blocked else right,
            quick_authentication(self.state, self.store, lambda: self.config, self.now),
            self.marks,
        )

    def _acknowledged(self, line: Any) -> tuple[int, int]:
        """Everything that was sent has arrived, but over connections whose peers have vanished."""
        return 0 if line in self.unacknowledged else len(line.taken), len(line.taken)

    def now(self) -> int:
        return self.clock

    @property
    def next_number(self) -> int:
        return self.journal.shown + 1

    def settle(self) -> None:
        """Let what was proposed be saved and applied; authors are told what came to nothing."""
        self.journal.catch_up()

    def _apply(self, entry: Entry) -> None:
        apply(self.state, entry, self.audience)
        self.applied.append(entry)

    def _refused(self, number: int, event: Event, refusal: Refused) -> None:
        outbox = self.audience.outboxes.get(number)
        if outbox is not None:
            outbox.presenter.refused(event, refusal)

    def _crashed(self) -> None:
        raise AssertionError("the journal crashed")

    def human(self, nick: str = "", via: str = "telnet") -> HumanClient:
        """Somebody who has come in and read the welcome."""
        human = HumanClient(self, via)
        human.come_in()
        if nick:
            human.types(f"/nick {nick}")
        else:
            human.driver.announce()  # As after a silence.
        for other in (client for client in self.clients if client.outbox is not None):
            other.hears()
        return human

    def irc(self, nick: str, *caps: str) -> IrcClient:
        """An IRC client that has registered."""
        client = IrcClient(self, *caps)
        client.registers(nick)
        return client


class FakeLine:
    """A connection that takes everything at once and keeps it."""

    def __init__(self) -> None:
        self.outbox: Outbox | None = None
        self.taken = b""
        self.close_requested: CloseReason | None = None
        self.reads = True
        self.paused: list[float] = []

    def attach(self, outbox: Outbox | None) -> None:
        self.outbox = outbox

    def deliver(self) -> None:
        while self.outbox is not None and self.reads and (chunk := self.outbox.next_chunk()):
            self.taken += chunk

    def wait_drained(self) -> None:
        """A client that reads nothing is not waited for."""

    def pause(self, seconds: float) -> None:
        """Time passes; see `paused`."""
        self.paused.append(seconds)

    def go_on(self) -> CloseReason | None:
        return self.close_requested

    def send(self, data: bytes, /) -> int:
        self.taken += data
        return len(data)

    def failed(self, error: OSError, data: bytes) -> None:
        raise error

    def keep(self, data: bytes, sent: int) -> None:
        raise AssertionError("it takes everything")

    def request_close(self, reason: CloseReason) -> None:
        self.close_requested = reason

    def abort(self, reason: CloseReason) -> None:
        self.close_requested = reason


class HumanClient:
    """Somebody at a terminal: types bytes, hears lines."""

    def __init__(self, harness: Harness, via: str = "telnet", line: Any = None) -> None:
        self.harness = harness
        self.line = line or FakeLine()
        self.line.address = harness.address
        self.dialect: Any = self._dialect(via)
        self.driver = Driver(harness.services, self.line, self.dialect)
        self.end: HangUp | None = None
        harness.clients.append(self)

    def _dialect(self, via: str) -> Dialect:
        h = self.harness
        return HumanDialect(h.proposals, h.now, h.host(h.address), h.address, via)

    @property
    def session(self) -> Session:
        session: Session = self.dialect.session
        assert session is not None
        return session

    @property
    def outbox(self) -> Outbox | None:
        found: Outbox | None = self.line.outbox
        return found

    def come_in(self) -> list[str]:
        """Connect; the lines of the welcome."""
        self.end = self.end or self.driver.opened()
        return self.hears()

    def types(self, *lines: str) -> list[str]:
        """Type lines; what the screen shows then."""
        return self.sends("".join(f"{line}\r\n" for line in lines).encode())

    def sends(self, data: bytes) -> list[str]:
        """Send bytes in one piece; what the screen shows then."""
        self.does(data)
        return self.hears()

    def does(self, data: bytes) -> None:
        """Send bytes in one piece, and look at nothing yet."""
        if self.end is None:
            self.end = self.driver.received(data)

    def answer_to(self, data: bytes) -> bytes:
        """Send bytes in one piece; the bytes that come back."""
        self.does(data)
        return self.receives()

    def leaves(self, reason: str = "") -> None:
        """Be gone, as the handler does it when the connection has ended."""
        self.harness.proposals.handle(self.session, Quit(reason))
        self.harness.settle()

    def hears(self) -> list[str]:
        """The lines that have come since last asked."""
        *lines, rest = self.receives().removeprefix(OPENING).decode().split("\r\n")
        assert rest == "", f"an unfinished line: {rest!r}"
        return lines

    def receives(self) -> bytes:
        """The bytes that have come since last asked."""
        self.line.deliver()
        taken: bytes = self.line.taken
        self.line.taken = b""
        return taken


class IrcClient(HumanClient):
    """An IRC client: sends lines, gets lines."""

    def __init__(self, harness: Harness, *caps: str, line: Any = None) -> None:
        super().__init__(harness, line=line)
        self.caps = caps

    def _dialect(self, via: str) -> Dialect:
        h = self.harness
        return IrcDialect(h.proposals, h.audience, h.now, h.host(h.address), h.address)

    def registers(self, nick: str) -> list[str]:
        """Connect and register with the capabilities asked for; what is said to a newcomer."""
        self.come_in()
        if self.caps:
            self.types(f"CAP REQ :{' '.join(self.caps)}")
        return self.types(f"NICK {nick}", f"USER {nick} 0 * :{nick.title()} Realname", "CAP END")
