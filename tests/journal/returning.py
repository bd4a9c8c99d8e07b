"""Somebody who comes and goes on devices of theirs, driven by what a dialect asks."""

from __future__ import annotations

from typing import Any

from geventchat.chat.commands import SetNick
from geventchat.chat.commands_accounts import LogIn, Register
from geventchat.dialects import missed
from geventchat.dialects.absence import CountMissed, Dismiss, ReadMissed, Resume, Shown
from geventchat.dialects.base import HangUp
from geventchat.errors import CloseReason
from tests.harness import Harness, HumanClient


class Anna:
    """Anna on one of her devices, driven by requests."""

    def __init__(self, harness: Harness, device: str = "telnet", new: bool = False) -> None:
        self.harness = harness
        self.client: HumanClient = harness.human()
        if new:
            self.asks(SetNick("anna"), Register("c"))
            self.absence = self.performs(Resume("anna", device))
            self.performs(Dismiss(None))
        else:
            self.absence = self.performs(Resume("anna", device))
            self.asks(LogIn("anna", device), SetNick("anna"))

    def performs(self, request: Any) -> Any:
        assert self.client.outbox is not None
        number = self.client.outbox.number
        return missed.perform(self.harness.services, self.client.session, number, request)

    def asks(self, *commands: Any) -> None:
        for command in commands:
            self.harness.proposals.handle(self.client.session, command)
            self.harness.settle()
        self.client.hears()

    def goes(self, reason: CloseReason = CloseReason.RESET) -> None:
        self.client.driver.finish(HangUp(reason))

    @property
    def missed(self) -> tuple[dict[str, int], int]:
        rooms, private = self.performs(CountMissed())
        return dict(rooms), private

    def reads(self, limit: int = 100) -> list[str]:
        """What was missed, as it is shown."""
        reading = self.performs(ReadMissed(limit))
        self.performs(Shown(reading))
        return [entry.event.text for entry in reading.entries]
