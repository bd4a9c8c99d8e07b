"""What a store keeps beside events, in memory: snapshots, credentials, marks and orders."""

from __future__ import annotations

import time
from collections.abc import Collection

from geventchat.journal.store import SNAPSHOTS_KEPT, Mark, Order, Snapshot


class MemoryBelongings:
    """The same questions as a database answers, and the same answers."""

    def __init__(self) -> None:
        super().__init__()
        self._snapshots: list[Snapshot] = []
        self._credentials: dict[str, tuple[str, int]] = {}
        self._marks: dict[str, dict[tuple[str, str], Mark]] = {}

    def snapshots(self) -> list[Snapshot]:
        """The snapshots, the latest first."""
        return self._snapshots[::-1]

    def save_snapshot(self, snapshot: Snapshot) -> None:
        """Keep a snapshot, and the one before it; earlier ones go."""
        others = [kept for kept in self._snapshots if kept.number != snapshot.number]
        self._snapshots = sorted([*others, snapshot])[-SNAPSHOTS_KEPT:]

    def put_credential(self, credential: str, hashed: str) -> None:
        """Keep the hash of a password under an id, in place of what is there."""
        self._credentials[credential] = hashed, time.time_ns() // 1_000_000

    def credential(self, credential: str) -> str | None:
        """The hash that is kept under an id."""
        found = self._credentials.get(credential)
        return found and found[0]

    def drop_credentials(self, credentials: Collection[str]) -> None:
        """Forget some hashes."""
        for credential in credentials:
            self._credentials.pop(credential, None)

    def credential_ids(self, before_ms: int) -> list[str]:
        """The ids that were put before a moment (milliseconds since 1970)."""
        return [name for name, (_, at) in self._credentials.items() if at < before_ms]

    def save_marks(self, marks: Collection[Mark]) -> None:
        """Keep marks, each in place of the one of the same account, device and target."""
        for mark in marks:
            self._marks.setdefault(mark.account, {})[mark.device, mark.target] = mark

    def marks(self, account: str) -> list[Mark]:
        """All marks of an account."""
        return sorted(self._marks.get(account, {}).values())

    def drop_marks(self, account: str, device: str | None = None) -> None:
        """Forget an account's marks: those of one device, or all."""
        kept = self._marks.pop(account, {})
        if device is not None:
            left = {key: mark for key, mark in kept.items() if mark.device != device}
            if left:
                self._marks[account] = left

    def orders(self, limit: int) -> list[Order]:
        """None: no other program can reach this memory."""
        return []

    def answer_order(self, number: int, answer: str) -> None:
        """Nobody gave one."""
