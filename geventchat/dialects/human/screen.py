"""A terminal in prompt mode: its last row, what is unread, how lines look above it."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from geventchat.dialects.human.encoder import Look
from geventchat.dialects.human.negotiation import OURS
from geventchat.dialects.human.prompt.prompt import Prompt
from geventchat.dialects.human.telnet import OPT_ECHO, OPT_SGA, Telnet
from geventchat.dialects.human.unread import Unread
from geventchat.dialects.human.window import WindowEncoder

# What makes a terminal send each key and show nothing by itself (RFC 857, 858).
TAKES = (OPT_ECHO, OPT_SGA)


# Lines, until something else is told.
_ALL = 1 << 30


class Plain(Enum):
    """How it stands with a terminal that is not in prompt mode."""

    UNOFFERED = 0
    OFFERED = 1
    ASKED = 2


class Screen:
    """Implements `delivery.encoder.Screen` for a terminal that lets the server echo.

    asked    what stands before the text instead of the label, while an answer is waited for
    prompt   who reads the keys, made with what its label is to be asked of
    before   how lines looked before
    unread   what the label tells of
    """

    __slots__ = (
        "_encoder",
        "_encoders",
        "_label",
        "_painted",
        "_telnet",
        "asked",
        "before",
        "prompt",
        "unread",
    )

    def __init__(
        self,
        telnet: Telnet,
        before: Look,
        label: Callable[[Unread], str],
        encoder: Callable[[Unread, Look, bool], WindowEncoder],
        prompt: Callable[[Callable[[], str]], Prompt],
    ) -> None:
        """`encoder` makes one for a look, for the room talked in or for others."""
        self._telnet = telnet
        self._label = label
        self._encoder = encoder
        self._encoders: dict[bool, WindowEncoder] = {}
        self._painted = ""
        self.asked = ""
        self.before = before
        self.unread = Unread()
        self.prompt = prompt(self._paint_label)

    def encoder(self, look: Look, here: bool) -> WindowEncoder:
        """How lines look now: one object as long as nothing changes."""
        encoder = self._encoders.get(here)
        if encoder is None or encoder.look is not look:
            encoder = self._encoders[here] = self._encoder(self.unread, look, here)
        return encoder

    def above(self, lines: bytes) -> bytes:
        if lines:
            return self.prompt.above(lines)
        typed = self.prompt.typed()
        if not typed and self._labelled() != self._painted:
            return self.prompt.redraw()
        return typed

    def _paint_label(self) -> str:
        self._painted = self._labelled()
        return self._painted

    def _labelled(self) -> str:
        return self.asked or self._label(self.unread)

    def ask(self, label: str, hidden: bool = False) -> None:
        """Take the next line for an answer, behind that label; or (without one) as any other."""
        self.asked = label
        self.prompt.hidden = _ALL if hidden else 0

    def close(self) -> bytes:
        for option in TAKES:
            self._telnet.want(OURS, option, False)
        return self.prompt.close() + self._telnet.taken()
