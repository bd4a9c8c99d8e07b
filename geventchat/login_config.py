"""The settings of accounts' passwords: how long they are, how often they may be tried.

The second part of `config.Config`, which says what holds for all of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from geventchat.bounds import setting
from geventchat.server_config import ServerConfig

# What may be set at most: no password that an account ever had is longer.
LONGEST_PASSWORD_BYTES = 1024


@dataclass(frozen=True, slots=True)
class LoginConfig(ServerConfig):
    """Every setting that is about logging in to an account."""

    password_hashes_per_address: int = setting(
        100,
        "Accounts' passwords of one address looked at within address_window_s, right or wrong,"
        " 0 for any: each takes a processor 30 ms.",
        0,
        255,
    )
    login_failures_per_account: int = setting(
        20,
        "Wrong passwords for one account within login_window_s, 0 for any: from all addresses that"
        " it was not used from together, and from each of the others (NIST SP 800-63B: 100).",
        0,
        255,
    )
    login_window_s: float = setting(
        3600.0, "Seconds over which wrong passwords for an account are counted.", 1, 86400
    )
    passwords_waiting_max: int = setting(
        128,
        "Passwords that may wait to be hashed; each takes some 30 ms, one more is told to try"
        " again. The last quarter is for addresses that an account was used from.",
        4,
        10_000,
    )
    password_min_chars: int = setting(
        8, "Shortest password of an account (NIST SP 800-63B: 8).", 1, 64
    )
    password_max_bytes: int = setting(
        512,
        "Longest password of an account (NIST SP 800-63B: 64 at least).",
        64,
        LONGEST_PASSWORD_BYTES,
    )
    registration: str = setting(
        "open", "Whether people may register accounts themselves: open, or closed."
    )
    registration_before_connect: bool = setting(
        True, "Whether an IRC client may register an account before it has come in (Ergo: yes)."
    )
    registrations_per_address: int = setting(
        10, "Accounts registered from one address within address_window_s, 0 for any.", 0, 255
    )
    accounts_max: int = setting(
        50_000,
        "Accounts in all that people register by themselves; each takes 0.5 to 9 KiB of memory.",
        1,
        10_000_000,
    )
