"""A program whose terminal only prints, line below line."""

from __future__ import annotations

import codecs
import re

from tests.terminal import Terminal


class Teletype(Terminal):
    """Whatever was shown stays where it is, in `shown`."""

    def __init__(self, *command: str) -> None:
        self.shown = ""
        # A letter may come in two pieces.
        self._decode = codecs.getincrementaldecoder("utf-8")("backslashreplace").decode
        self._seen = 0
        super().__init__(command, TERM="vt100")

    def _show(self, more: bytes) -> None:
        self.shown += self._decode(more)

    @property
    def _visible(self) -> str:
        return self.shown

    def expect(self, pattern: str) -> None:
        """Wait until it shows a line like this, below what was expected before."""
        whole = re.compile(rf"^{pattern}\r*$", re.MULTILINE)
        self._seen = self._until(lambda: whole.search(self.shown, self._seen), pattern).end()

    def rest(self) -> str:
        """All it shows from here to its end."""
        self.ends()
        return self.shown[self._seen :]
