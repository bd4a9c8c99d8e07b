"""How often a password for an account may be tried, by whom.

MUST: whoever has 1,000 addresses guesses no faster than one who has ten.
MUST: no stranger keeps an owner out.
MUST: nothing told or done differs between an account there is and one there is not.

A limit for each address alone fails the first, one for each account alone the second. So
an account has a budget of wrong passwords that all strange addresses share, and a budget
of their own for each of the addresses from which it was logged in to before. A thousand
strangers use up one budget between them (20 an hour: a guess each three minutes, in the
long run); then no password counts that comes from a strange address, and the owner comes
in from home, from the office and from the train of last week as ever. Only from an
address that is as new as the strangers' the owner must wait, or log in from another first.

Beside that, an address has its budget of wrong passwords for all accounts (`Admission`), so
that nobody tries one password at every account; and of hashes, right or wrong, since each
costs the server 30 ms: who logs in over and over with the right one keeps others waiting.

An address is one customer's block, as in `admission`; in the same way are tries counted,
in 8 bytes each and never put out by others, so that a flood of wrong passwords for other
accounts makes nobody's forgotten. An hour of hashing without a pause fills half the places
there are. Where there is none left for an account, strangers wait and its own addresses
do not.

Which addresses are an account's own is kept in memory, the latest 16 of each account, and
of 100,000 accounts; a start forgets them, and the first login from each makes it known again.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Callable

from geventchat.config import Config
from geventchat.net.admission import Admission, Count, Places, origin_of

_BUCKETS_BITS = 14
# Where a place has what is counted: of passwords hashed there, and accounts registered.
_COUNT, _REGISTERED = Count.PASSWORD_FAILURES, Count.CONNECTS
_OWN_ADDRESSES = 16
_ACCOUNTS = 100_000


class Attempts:
    """Counts what was tried, and says whose password is looked at for now.

    Accounts are given by their keys, whether there are such or not; addresses as in
    `Admission`, which has the clock and exempts this machine's own (`limit_loopback`).
    `config` gives the settings as they are now; `key` is for the hash. A limit of 0 is none.
    """

    def __init__(
        self,
        config: Callable[[], Config],
        admission: Admission,
        key: bytes | None = None,
    ) -> None:
        self._config = config
        self._admission = admission
        key = key or os.urandom(16)
        self._failures = Places(_BUCKETS_BITS, key)
        self._hashes = Places(_BUCKETS_BITS, key)
        # The latest last: accounts by their last login, and the addresses of each.
        self._own: OrderedDict[str, tuple[bytes, ...]] = OrderedDict()

    def may_hash(self, address: str) -> bool:
        """Whether that address has not had more hashed for it than one may."""
        most = self._config().password_hashes_per_address
        if not most or not self._admission.limited(address):
            return True
        block = origin_of(address).counted
        return (self._hashes.counted(block, _COUNT, *self._hashing) or 0) < most

    def may_register(self, address: str) -> bool:
        """Whether not more accounts were registered from that address than may be."""
        most = self._config().registrations_per_address
        if not most or not self._admission.limited(address):
            return True
        block = origin_of(address).counted
        return (self._hashes.counted(block, _REGISTERED, *self._hashing) or 0) < most

    def registered(self, account: str, address: str) -> None:
        """An account was registered from there, where its owner is."""
        if self._admission.limited(address):
            self._hashes.add(origin_of(address).counted, _REGISTERED, *self._hashing)
        self.succeeded(account, address)

    def may_try(self, account: str, address: str) -> bool:
        """Whether a password for that account is looked at now if it comes from there."""
        if not self._admission.limited(address):
            return True
        if self._admission.blocked(address) or not self.may_hash(address):
            return False
        most = self._config().login_failures_per_account
        if not most:
            return True
        block = self._block(account, address)
        counted = self._failures.counted(block, _COUNT, *self._trying)
        return self.is_own(account, address) if counted is None else counted < most

    def is_own(self, account: str, address: str) -> bool:
        """Whether that account was logged in to from there before."""
        return origin_of(address).counted in self._own.get(account, ())

    def hashed(self, address: str) -> None:
        """A password from there was hashed."""
        if self._admission.limited(address):
            self._hashes.add(origin_of(address).counted, _COUNT, *self._hashing)

    def failed(self, account: str, address: str) -> None:
        """A wrong password for that account came from there."""
        self._admission.failed(address)
        if self._admission.limited(address):
            self._failures.add(self._block(account, address), _COUNT, *self._trying)

    def succeeded(self, account: str, address: str) -> None:
        """Who is there is that account's owner. Wrong passwords before stay counted."""
        block = origin_of(address).counted
        others = [own for own in self._own.pop(account, ()) if own != block]
        self._own[account] = (*others[1 - _OWN_ADDRESSES :], block)
        if len(self._own) > _ACCOUNTS:
            self._own.popitem(last=False)

    def sweep(self) -> None:
        """Give back memory of what is over. To be called about once a second."""
        self._failures.sweep(*self._trying)
        self._hashes.sweep(*self._hashing)

    def _block(self, account: str, address: str) -> bytes:
        """What counts an account's wrong passwords from there; no name is another's block."""
        own = origin_of(address).counted if self.is_own(account, address) else b""
        return len(own).to_bytes(2, "big") + own + account.encode(errors="surrogatepass")

    @property
    def _trying(self) -> tuple[int, int]:
        return self._admission.ticks(self._config().login_window_s)

    @property
    def _hashing(self) -> tuple[int, int]:
        return self._admission.ticks(self._config().address_window_s)
