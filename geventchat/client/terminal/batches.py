"""Puts together what belongs together: batches, messages of several lines, answers.

A server wraps lines in batches (IRCv3 batch), one within the other; marks what answers a
command by its label (labeled-response); and sends one message in several lines (multiline).
Out come messages in their order, histories as one piece, and answers when they are complete.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from geventchat.client.terminal.wire import Message

MULTILINE, HISTORY, ANSWER = "draft/multiline", "chathistory", "labeled-response"
CONCAT = "draft/multiline-concat"
# What a server may leave open and how much may stand in it. 500 lines of 4 kB each is the
# most that geventchat sends as one history.
_OPEN_MAX = 64
_HELD_MAX_BYTES = 16 << 20


class BatchesOverflow(Exception):
    """A server that opens batches without end."""


@dataclass
class Batch:
    """A batch that is open: `opening` is the message that began it, `parent` what it stands in."""

    opening: Message
    kind: str
    parent: Batch | None
    messages: list[Message] = field(default_factory=list)
    size: int = 0

    @property
    def label(self) -> str:
        return self.opening.tags.get("label", "")


@dataclass(frozen=True)
class Now:
    """A message that counts as it comes."""

    message: Message


@dataclass(frozen=True)
class Answer:
    """The whole answer to what was sent with a label; of its messages each was a `Now` too,
    except those of a history."""

    label: str
    messages: tuple[Message, ...]


class Batches:
    """Takes each message as it comes."""

    def __init__(self) -> None:
        self._open: dict[str, Batch] = {}
        self._held = 0

    def take(self, message: Message) -> Iterator[Now | Answer]:
        """What this message completes. Raises BatchesOverflow."""
        if message.verb == "BATCH" and message.param(0)[:1] == "+":
            self._begin(message)
        elif message.verb == "BATCH":
            yield from self._end(message.param(0)[1:])
        elif (batch := self._open.get(message.tags.get("batch", ""))) is not None:
            yield from self._within(batch, message)
        else:
            yield Now(message)
            if label := message.tags.get("label"):
                yield Answer(label, () if message.verb == "ACK" else (message,))

    def _begin(self, message: Message) -> None:
        if len(self._open) >= _OPEN_MAX:
            raise BatchesOverflow(f"more than {_OPEN_MAX} batches at once")
        # What it stands in was there before it: so none can stand in itself, whatever a server
        # says. Nor has one no name: everything without a tag would belong to it.
        name, parent = message.param(0)[1:], self._open.get(message.tags.get("batch", ""))
        if name and name not in self._open:
            self._open[name] = Batch(message, message.param(1), parent)

    def _within(self, batch: Batch, message: Message) -> Iterator[Now | Answer]:
        batch.size += 100 + sum(map(len, message.params))
        self._held += 100 + sum(map(len, message.params))
        if self._held > _HELD_MAX_BYTES:
            raise BatchesOverflow(f"batches of more than {_HELD_MAX_BYTES >> 20} MiB")
        batch.messages.append(message)
        if not self._is_history(batch) and batch.kind != MULTILINE:
            yield Now(message)

    def _is_history(self, batch: Batch | None) -> bool:
        """Whether it, or what it stands in, is of the past."""
        while batch is not None:
            if batch.kind == HISTORY:
                return True
            batch = batch.parent
        return False

    def _is_open(self, batch: Batch) -> bool:
        return any(one is batch for one in self._open.values())

    def _end(self, name: str) -> Iterator[Now | Answer]:
        batch = self._open.pop(name, None)
        if batch is None:
            return
        self._held -= batch.size
        whole = [_joined(batch)] if batch.kind == MULTILINE else batch.messages
        parent = batch.parent
        if parent is not None and self._is_open(parent):
            if batch.kind == MULTILINE:
                yield from self._within(parent, whole[0])
            else:  # Each has been a `Now` already, where it is to be one.
                parent.messages += whole
                parent.size += batch.size
                self._held += batch.size
            return
        if batch.kind == MULTILINE:
            yield Now(whole[0])
        if batch.label:
            yield Answer(batch.label, tuple(whole))


def _joined(batch: Batch) -> Message:
    """A message of several lines as one, with line ends in its text."""
    text = ""
    for nth, part in enumerate(batch.messages):
        text += ("\n" if nth and CONCAT not in part.tags else "") + part.param(1)
    verb, source = "PRIVMSG", batch.opening.source
    if batch.messages:
        verb = batch.messages[0].verb
        source = source or batch.messages[0].source
    return Message(batch.opening.tags, source, verb, [batch.opening.param(2), text])
