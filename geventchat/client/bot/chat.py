"""The connection of one bot: requests in order, acknowledgements, feeds."""

import asyncio
import re
import ssl as tls
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field

from geventchat.client.bot.errors import ChatError, Disconnected, Refused
from geventchat.client.bot.feed import Feed
from geventchat.client.bot.lines import EndOfHistory, Gap, Line, Parsed, Parser, Reply
from geventchat.client.bot.login import PASSWORD_WANTED, log_in

DEFAULT_PORT = 8080
CONNECT_SECONDS = 10.0
# Longer than any line a server sends (its own limit for what people type is 4,096 bytes).
LINE_BYTES = 64 * 1024
# Asked for and not yet answered. A bot that never awaits is told instead of swelling.
PENDING_REQUESTS = 1024
# The answer that ends every request. The server keeps a session's replies in order, and
# settles its lines before any other command, so nothing of the request comes after it.
FENCE, FENCED = "/ping", "pong"
# The key of the feeds of private lines: those have no room.
PRIVATE = ""
# The reply that is followed by what was said before, up to the end of history.
ENTERED = re.compile(r"You are in #\S+: ")
ADDRESS = re.compile(r"(?:\[(?P<six>[^]]+)\]|(?P<host>[^:]+))(?::(?P<port>\d{1,5}))?")


@dataclass
class Request:
    """A line for the server; `room` is where it is to be said, empty for a command."""

    line: str
    answered: asyncio.Future[list[str]]
    room: str = ""
    replies: list[str] = field(default_factory=list)

    def answer(self) -> None:
        if not self.answered.done():  # whoever asked may have given up
            self.answered.set_result(self.replies)

    def fail(self, why: ChatError) -> None:
        if not self.answered.done():
            self.answered.set_exception(why)


class Chat:
    """A bot in the chat. Made by `connect`."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, welcome: bytes = b""
    ) -> None:
        """`welcome` is what was read of the server's lines already."""
        self._reader = reader
        self._writer = writer
        self._parser = Parser()
        self._in_history = True
        self._requests: asyncio.Queue[Request] = asyncio.Queue(PENDING_REQUESTS)
        self._unanswered: deque[Request] = deque()
        self._feeds: dict[str, list[Feed]] = {}
        self._ended: ChatError | None = None
        self._last_words = ""
        self._take(self._parser.parse(welcome))
        self._tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._write())]

    def say(self, room: str, text: str) -> "asyncio.Future[None]":
        """Say a line in a room the bot is in.

        The future is done once the line is in the room (and saved, where the server saves);
        it fails with Refused, or with Disconnected when that is not known.
        """
        if not text or any(mark in text for mark in "\r\n\0"):
            raise ValueError("a line has one line of text")
        settled = asyncio.get_running_loop().create_future()
        line = f"/{text}" if text.startswith("/") else text

        def answered(future: "asyncio.Future[list[str]]") -> None:
            why = future.exception()  # asked for in any case: else asyncio says that nobody did
            if settled.done():
                return  # its awaiter was cancelled
            if why:
                settled.set_exception(why)
            elif replies := future.result():
                settled.set_exception(Refused(replies[0]))
            else:
                settled.set_result(None)

        self._ask(line, room).add_done_callback(answered)
        return settled

    async def greet(self, nick: str) -> None:
        """Take a nick; `connect` does this. The first bytes also tell the server what we are."""
        replies = await self._ask(f"/nick {nick}" if nick else "")
        if replies:
            raise Refused(replies[0])

    async def command(self, line: str) -> list[str]:
        """Send a slash command, such as `/names #lobby`; return the server's replies to it."""
        if not line.startswith("/") or any(mark in line for mark in "\r\n\0"):
            raise ValueError("a command is one line that begins with a slash")
        if len(line) > 2 and FENCE.startswith(line.split(" ")[0]):
            raise ValueError("every request is followed by a ping already")
        # Shielded, so that a caller who gives up does not let the next request overtake it.
        return await asyncio.shield(self._ask(line))

    async def join(self, room: str) -> None:
        """Enter a room, or do nothing when the bot is there. Refused when it may not."""
        replies = await self.command(f"/join {room}")
        if not any(one.startswith(("You are in ", "Talking in ")) for one in replies):
            raise Refused(replies[0] if replies else f"no answer to /join {room}")

    async def room(self, room: str) -> AsyncIterator[Line | Gap]:
        """Enter a room and listen: what is said from now on, and how much was skipped."""
        with self._listening(room.lower(), Feed(room)) as feed:
            await self.join(room)
            async for item in feed:
                yield item

    async def private(self) -> AsyncIterator[Line | Gap]:
        """What people say to the bot alone."""
        with self._listening(PRIVATE, Feed("")) as feed:
            async for item in feed:
                yield item

    @contextmanager
    def _listening(self, key: str, feed: Feed) -> Iterator[Feed]:
        feeds = self._feeds.setdefault(key, [])
        feeds.append(feed)
        if self._ended:
            feed.end(self._ended)
        try:
            yield feed
        finally:
            feeds.remove(feed)

    def _ask(self, line: str, room: str = "") -> "asyncio.Future[list[str]]":
        request = Request(line, asyncio.get_running_loop().create_future(), room)
        if self._ended:
            request.fail(self._ended)
        elif self._requests.full():
            request.fail(Refused(f"{PENDING_REQUESTS:,} lines wait already"))
        else:
            self._requests.put_nowait(request)
        return request.answered

    async def _write(self) -> None:
        """Send requests in order, each followed by the fence."""
        with suppress(OSError):  # the reader meets the same end, and tells of it
            while True:
                request = await self._requests.get()
                if request.room and not await self._go_to(request):
                    continue
                await self._send(request)
                if not request.room:
                    # A command may change the room, so what follows waits for its answer.
                    await asyncio.wait([request.answered])

    async def _send(self, request: Request) -> None:
        self._unanswered.append(request)
        fenced = f"{request.line}\r\n{FENCE}\r\n" if request.line else f"{FENCE}\r\n"
        self._writer.write(fenced.encode())
        await self._writer.drain()

    async def _go_to(self, request: Request) -> bool:
        """Make sure that the line goes to its own room and no other."""
        if self._parser.current.lower() == request.room.lower():
            return True
        switch = Request(f"/switch {request.room}", asyncio.get_running_loop().create_future())
        await self._send(switch)
        await asyncio.wait([switch.answered])
        if self._ended:
            request.fail(self._ended)
        elif self._parser.current.lower() == request.room.lower():
            return True
        else:
            request.fail(Refused("".join(switch.replies[:1]) or f"cannot talk in {request.room}"))
        return False

    async def _read(self) -> None:
        """Take what the server writes; MUST NOT wait for anything else, see Feed."""
        try:
            while raw := await self._reader.readuntil(b"\n"):
                self._take(self._parser.parse(raw))
        except asyncio.IncompleteReadError:
            self._end(Disconnected(self._last_words or "the server closed the connection"))
        except (OSError, asyncio.LimitOverrunError) as why:
            self._end(Disconnected(str(why)))

    def _take(self, parsed: Parsed) -> None:
        if isinstance(parsed, Reply):
            self._take_reply(parsed.text)
        elif isinstance(parsed, EndOfHistory):
            self._in_history = False
        elif isinstance(parsed, Line | Gap) and not self._in_history:
            for feed in self._feeds.get(parsed.room.lower(), []):
                feed.put(parsed)

    def _take_reply(self, text: str) -> None:
        if ENTERED.match(text):
            self._in_history = True
        if text == PASSWORD_WANTED:
            self._end(Refused(text))
        elif text != FENCED:
            self._last_words = text
            if self._unanswered:
                self._unanswered[0].replies.append(text)
        elif self._unanswered:
            self._unanswered.popleft().answer()

    def _end(self, why: ChatError) -> None:
        """Tell everyone who waits; idempotent."""
        self._ended = self._ended or why
        while self._unanswered:
            self._unanswered.popleft().fail(self._ended)
        while not self._requests.empty():
            self._requests.get_nowait().fail(self._ended)
        for feeds in self._feeds.values():
            for feed in feeds:
                feed.end(self._ended)

    async def close(self) -> None:
        """Leave. Feeds end, and requests without an answer fail with Disconnected."""
        for feeds in self._feeds.values():
            for feed in feeds:
                feed.end(None)
        with suppress(OSError):
            self._writer.write(b"/quit\r\n")
            self._writer.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._end(Disconnected("closed"))


@asynccontextmanager
async def connect(
    address: str,
    nick: str = "",
    *,
    password: str = "",
    ssl: tls.SSLContext | None = None,
    timeout_seconds: float = CONNECT_SECONDS,
) -> AsyncIterator[Chat]:
    """Enter the chat at `host:port` (8080 where no port is given), under a nick or as a guest.

    `password` is the server's, given if it asks for one. Raises Refused when it is wrong
    or the nick cannot be had, Disconnected when there is no server.
    """
    chat = await _opened(address, password, ssl, timeout_seconds)
    try:
        try:
            async with asyncio.timeout(timeout_seconds):
                await chat.greet(nick)
        except TimeoutError as why:
            raise Disconnected(f"{address} does not answer as a chat server does") from why
        yield chat
    finally:
        await chat.close()


async def _opened(
    address: str, password: str, ssl: tls.SSLContext | None, timeout_seconds: float
) -> Chat:
    """A chat past the password, if there is one."""
    host, port = _parts(address)
    if any(mark in password for mark in "\r\n\0"):
        raise ValueError("a password is one line")
    try:
        async with asyncio.timeout(timeout_seconds):
            opened = await asyncio.open_connection(host, port, ssl=ssl, limit=LINE_BYTES)
    except OSError as why:
        raise Disconnected(f"cannot connect to {address}: {why or 'timed out'}") from why
    try:
        async with asyncio.timeout(timeout_seconds):
            return Chat(*opened, await log_in(*opened, password) if password else b"")
    except BaseException as why:
        opened[1].close()
        if isinstance(why, TimeoutError):
            raise Disconnected(f"{address} does not answer as a chat server does") from why
        raise


def _parts(address: str) -> tuple[str, int]:
    found = ADDRESS.fullmatch(address)
    if not found:
        raise ValueError(f"{address!r} is not host:port")
    return found["six"] or found["host"], int(found["port"] or DEFAULT_PORT)
