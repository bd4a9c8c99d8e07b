"""The composition root: builds the parts, starts them, drains and stops them.

The only module that knows all the others.
"""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Callable
from itertools import count

import gevent
from gevent.event import Event as Bell

from geventchat import log as logs
from geventchat.assembly import Chat
from geventchat.config import Config
from geventchat.dialects.echo import ANSWERS
from geventchat.journal.memory import MemoryStore
from geventchat.journal.store import Store
from geventchat.memory import Trimming, spare_collections, trimmer
from geventchat.net.admission import Admission
from geventchat.net.descriptors import capacity
from geventchat.net.listener import Listener, bind, nobody_leaves
from geventchat.net.service import Connections, EchoService
from geventchat.settings import Settings

log = logging.getLogger(__name__)

_TRIM_TURNS = 5
_CONNECTION_BYTES = 10 * 1024
_WATCH_S = 1.0
# As sysexits.h has it: an internal software error.
CRASH_EXIT_CODE = 70


class Server:
    """A running geventchat."""

    def __init__(self, config: Config, reread: Callable[[], Config] | None = None) -> None:
        """Bind and open everything; nothing is accepted yet. Raises `StartError`.

        `reread` reads the settings again, from where they came.
        """
        self.settings = Settings(config, reread)
        self.settings.changed.append(lambda config: logs.set_level(config.log_level))
        self.capacity = capacity(config.max_connections)
        self.connections = Connections(self.settings)
        self.admission = Admission(self.settings)
        self._stopping = Bell()
        sock = bind(config)
        make_place = nobody_leaves
        self.chat: Chat | None = None
        self.database = "none"
        if config.mode == "chat":
            store = open_store(config)
            self.database = store.name
            self.chat = Chat(self.settings, store, self.connections, self.admission)
            handler, make_place = self.chat.service.handle, self.chat.service.make_place
        else:
            handler = EchoService(self.connections, ANSWERS[config.mode]).handle
        self._listener = Listener(
            sock, handler, self.settings, self.capacity, self.admission, make_place
        )

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens: host and port."""
        host, port = self._listener.address[:2]
        return host, port

    def run(self) -> None:
        """Serve until `stop` is called (or SIGTERM or SIGINT comes), then drain."""
        if self.chat is not None:
            self.chat.start(self._crash)
        self._listener.start()
        spare_collections()
        watch = gevent.spawn(self._watch)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        # In a greenlet of its own, since it logs. Closing the terminal sends it too.
        reloads = gevent.signal_handler(signal.SIGHUP, self.settings.reload)
        self._announce()
        self._stopping.wait()
        watch.kill()
        reloads.cancel()
        self._drain()

    def stop(self) -> None:
        """Begin to stop; `run` returns when all is done."""
        self._stopping.set()

    def _crash(self) -> None:
        """End at once: without its journal the server must not show another line."""
        log.critical("the journal failed; what was shown is saved")
        gevent.sleep(0.1)  # for the log's thread
        os._exit(CRASH_EXIT_CODE)

    def _on_signal(self, number: int, frame: object) -> None:
        if self._stopping.is_set():
            os._exit(128 + number)  # Asked twice: they mean now. What was shown is saved.
        self._stopping.set()

    def _announce(self) -> None:
        host, port = self.address
        shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
        logs.say(
            f"geventchat is listening on {host} port {port} ({self.settings.now.mode})",
            f"  telnet {shown} {port}",
            f"  nc {shown} {port}",
            f"database: {self.database}",
            f"connections: up to {self.capacity:,}",
            *(self.chat.invite_owner() if self.chat is not None else ()),
            f"process: {os.getpid()}",
        )

    def _watch(self) -> None:
        trim, trimming = trimmer(), Trimming()
        for nth in count():
            gevent.sleep(_WATCH_S)
            self.connections.close_stalled(gevent.get_hub().loop.now())
            self.admission.sweep()
            if self.chat is not None:
                self.chat.tick()
            if nth % _TRIM_TURNS == 0 and trim is not None and trimming.look(self._held()):
                gevent.get_hub().threadpool.spawn(trim)

    def _held(self) -> int:
        """About how many bytes rooms' logs and connections take."""
        logs = 0 if self.chat is None else self.chat.audience.logs_bytes
        return logs + _CONNECTION_BYTES * len(self.connections.open)

    def _drain(self) -> None:
        """Stop accepting, tell everyone, finish commits; within the grace time."""
        log.info("draining %d connections", len(self.connections.open))
        pool = self._listener.pool
        self._listener.close()
        self.connections.drain()
        # A quarter of the time is the journal's, whose disk may be slow too.
        timeout_s = self.settings.now.drain_timeout_s
        end = time.monotonic() + timeout_s
        pool.join(timeout=timeout_s * 0.75)
        if self.chat is not None:
            self.chat.stop(end - time.monotonic())
        logs.say("stopped")


def open_store(config: Config) -> Store:
    """The store the configuration names. Raises `StartError`."""
    if config.database == "none":
        return MemoryStore(config.memory_journal_events, config.memory_journal_bytes)
    from geventchat.journal.database.choice import open_database  # SQLAlchemy takes 0.2 s

    return open_database(config.database)


def serve(config: Config, reread: Callable[[], Config] | None = None) -> None:
    """Run a server in this process until it is told to stop."""
    logs.set_up(config.log_level)
    Server(config, reread).run()
