"""Marks: up to where each device of an account has been given its rooms and private lines.

What a device had is known second by second (`delivery.progress`) and written down
behind: a mark that is too old shows a line again, one that is
too new loses it. So a mark is never written before what it says is true.

One more row tells whether the device said goodbye (`_CUT`), and one of no device
how far the account has read (IRCv3 read-marker), which counts for all its devices.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import islice

import gevent
from gevent.event import Event as Bell

from geventchat.delivery.outbox import Outbox
from geventchat.delivery.progress import PRIVATE, Progress
from geventchat.delivery.subscription import Sink
from geventchat.dialects.absence import Absence
from geventchat.errors import StoreError
from geventchat.journal.store import Mark, Store
from geventchat.journal.thread import StoreThread
from geventchat.journal.trouble import Trouble

# The device of marks that were read, whatever the device.
_READ = ""
# The target that says how the device left: 1 if it was cut off, 0 if it said goodbye.
_CUT = "*"
# Devices of one account whose marks are kept; the one seen longest ago goes.
DEVICES_MAX = 16
# Connections looked at in one go; the others have their turn then.
_LOOKED_AT = 100
_SAVE_S = 1.0
# Marks written in one transaction, which commits wait for: some 20 ms.
_SAVED_AT_ONCE = 500
# All that was written counts as delivered to whoever says goodbye.
_ALL = 1 << 62

_Known = dict[tuple[str, str], Mark]


class Marks:
    """Follows the devices of accounts and keeps their marks.

    acknowledged  how many bytes a connection's peer has, and will have of what was
                  written; None where nobody knows
    """

    def __init__(
        self,
        store: Store,
        thread: StoreThread,
        followed: dict[int, Progress],
        acknowledged: Callable[[Sink], tuple[int, int] | None],
        clock: Callable[[], int],
    ) -> None:
        self._store = store
        self._thread = thread
        self._followed = followed
        self._acknowledged = acknowledged
        self._clock = clock
        # Of accounts that are on, or have something that is not saved yet.
        self._known: dict[str, _Known] = {}
        self._unsaved: dict[tuple[str, str, str], Mark] = {}
        self._trouble = Trouble("marks not saved", clock)
        self._gone = Bell()

    def resume(self, outbox: Outbox, account: str, device: str, since: int) -> Absence:
        """Follow a connection from now on, as that device of an account. Waits.

        `since` is when the account was made (milliseconds since 1970): marks from before are
        of somebody who bore that name. Raises `StoreError` if its marks cannot be read; then
        it is not followed, and its marks stay as they are.
        """
        # What was read bears the moment up to which, not when that was told.
        known = {
            (name, target): mark
            for (name, target), mark in self._load(account).items()
            if name == _READ or mark.at >= since
        }
        own = {target: mark.number for (name, target), mark in known.items() if name == device}
        if not any(target != _CUT for target in own):
            own |= _latest(known)
        others = (progress.account == account for progress in self._followed.values())
        # Two terminals are one device to us: the first has not been cut off by the second.
        cut = own.pop(_CUT, 0) == 1 and not any(others)
        marks = {target: number for target, number in own.items() if number}
        for target in marks.keys() | {PRIVATE}:
            read = known.get((_READ, target))
            marks[target] = max(marks.get(target, 0), 0 if read is None else read.number)
        progress = Progress(account, device, marks)
        self._followed[outbox.number] = progress
        self._note(progress, {_CUT: 1})
        self._forget_devices(account, self._known[account])
        moments = {target: mark.at for (name, target), mark in known.items() if name == _READ}
        return Absence(tuple(progress.absent), cut, moments)

    def end(self, outbox: Outbox, goodbye: bool) -> None:
        """A connection ends, or is nobody's any more. Does not wait."""
        progress = self._followed.get(outbox.number)
        if progress is not None:
            self._look(outbox, progress, all_there=goodbye)
            self._followed.pop(outbox.number, None)
            if goodbye:
                self._note(progress, {_CUT: 0})
            self._gone.set()

    def set_read(self, account: str, target: str, number: int, at: int) -> None:
        """An account has read a target up to event `number`, of that moment. Waits."""
        known = self._load(account)
        before = known.get((_READ, target))
        if before is None or before.at < at:
            self._put(Mark(account, _READ, target, number, at))
        for progress in self._followed.values():
            if progress.account == account and target in progress.held:
                progress.shown(target, number)

    def forget(self, account: str) -> None:
        """An account is gone: nothing more is noted of it, on whatever device. Waits.

        What cannot be taken out of the store now is older than whoever may have the name next.
        """
        for number, progress in list(self._followed.items()):
            if progress.account == account:
                del self._followed[number]
        self._known.pop(account, None)
        for key in [key for key in self._unsaved if key[0] == account]:
            del self._unsaved[key]
        try:
            self._thread.call(self._store.drop_marks, account)
        except StoreError as error:
            self._trouble.failed(str(error))

    def run(self, outboxes: Mapping[int, Outbox]) -> None:
        """Look at what was delivered, and write it down, again and again.

        At once for whoever goes: if the process dies next, they are not shown it again.
        """
        while True:
            self._gone.wait(_SAVE_S)
            self._gone.clear()
            self.look(outboxes)
            self.save()

    def look(self, outboxes: Mapping[int, Outbox]) -> None:
        """Note what every device has been given by now."""
        for nth, (number, progress) in enumerate(list(self._followed.items()), 1):
            outbox = outboxes.get(number)
            if outbox is not None:
                self._look(outbox, progress)
            if nth % _LOOKED_AT == 0:
                gevent.sleep(0)

    def save(self) -> None:
        """Write down what is new. Waits; what fails is tried again the next time."""
        marks = iter(list(self._unsaved.values()))
        while batch := list(islice(marks, _SAVED_AT_ONCE)):
            try:
                self._thread.call(self._store.save_marks, batch)
            except StoreError as error:
                self._trouble.failed(str(error))
                return
            self._trouble.over()
            for mark in batch:
                key = (mark.account, mark.device, mark.target)
                if self._unsaved.get(key) is mark:
                    del self._unsaved[key]
        self._let_go()

    def _look(self, outbox: Outbox, progress: Progress, all_there: bool = False) -> None:
        sink = outbox.sink
        if all_there:  # Whoever says goodbye has read what was written.
            self._note(progress, progress.look(outbox, lambda: (_ALL, _ALL)))
        elif sink is not None:
            self._note(progress, progress.look(outbox, lambda: self._acknowledged(sink)))

    def _note(self, progress: Progress, moved: Mapping[str, int]) -> None:
        account, device = progress.account, progress.device
        kept = self._known.get(account, {})
        for target, number in moved.items():
            before = kept.get((device, target))
            if number and before is not None and target != _CUT and number <= before.number:
                continue  # Another terminal of theirs has had more.
            self._put(Mark(account, device, target, number, self._clock()))
            if not number and target != _CUT:
                # Whoever leaves a room on one device has left it on those that are not on, too.
                for other, known in list(self._known.get(account, {})):
                    if known == target and other not in (device, _READ):
                        self._put(Mark(account, other, target, 0, self._clock()))

    def _put(self, mark: Mark) -> None:
        self._known.setdefault(mark.account, {})[mark.device, mark.target] = mark
        self._unsaved[mark.account, mark.device, mark.target] = mark

    def _load(self, account: str) -> _Known:
        known = self._known.get(account)
        if known is None:
            marks: list[Mark] = self._thread.call(self._store.marks, account)
            # Whoever else came meanwhile has put in what is newer.
            newer = self._known.get(account, {})
            known = {(mark.device, mark.target): mark for mark in marks} | newer
            self._known[account] = known
        return known

    def _forget_devices(self, account: str, known: _Known) -> None:
        """Keep the marks of the devices that are on, and of those seen last."""
        here = {one.device for one in self._followed.values() if one.account == account}
        seen: dict[str, int] = {}
        for (device, _), mark in known.items():
            if device != _READ:
                seen[device] = max(seen.get(device, 0), mark.at)
        others = sorted(seen.keys() - here, key=lambda name: seen[name])
        for device in others[: max(0, len(seen) - DEVICES_MAX)]:
            for key in [key for key in known if key[0] == device]:
                del known[key]
                self._unsaved.pop((account, *key), None)
            try:
                self._thread.call(self._store.drop_marks, account, device)
            except StoreError:
                return  # When they have been read again.

    def _let_go(self) -> None:
        """Keep in memory only what is of accounts that are on, or not saved."""
        wanted = {progress.account for progress in self._followed.values()}
        wanted |= {account for account, _, _ in self._unsaved}
        for account in self._known.keys() - wanted:
            del self._known[account]


def _latest(known: _Known) -> dict[str, int]:
    """For a device that is new: up to where the account's others have been given everything."""
    latest: dict[str, int] = {}
    for (device, target), mark in known.items():
        if device != _READ and target != _CUT:
            latest[target] = max(latest.get(target, 0), mark.number)
    return latest
