"""The modes of rooms and people: what there is, what holds in a room, how it changes.

Letters and meanings are IRC's (Modern IRC, "Channel modes"); every dialect
changes the same ones.

    i  invited users only                   s  shown to its members only
    m  only voiced and operators may speak  t  only operators set the topic
    n  only members may speak               C  no CTCP but actions
    k  a key is needed to enter             l  so many may be in it
    b  masks that may not enter or speak, e masks that may all the same,
    I  masks that need no invitation
"""

from __future__ import annotations

from typing import NamedTuple

from geventchat.chat import keys, masks
from geventchat.chat.events import Change, Identity
from geventchat.chat.names import fold

FLAGS = "Cimnst"
LISTS = "beI"
# What keeps people out, or a room out of sight: what is said behind it stays there.
GUARDS = "iks"
STATUSES = "ov"  # From the highest to the lowest.
PREFIXES = {"o": "@", "v": "+"}
STATUS_OF = {prefix: letter for letter, prefix in PREFIXES.items()}
# What a new room has. Everybody may set the topic, as people at terminals
# expect; operators who mind set +t (Ergo and InspIRCd begin with it).
DEFAULT_FLAGS = "n"

# Modes people set on themselves: bot, invisible, oper, no CTCP, wallops.
USER_MODES = "BTiow"
KEY_MAX_CHARS = 23  # RFC 2812 section 2.3.1.
LIST_MAX_ENTRIES = 60  # Of b, e and I together (Ergo: 60).

_VERDICTS_MAX = 1024  # Of one room's lists; then they are looked up anew.
INVITED_MAX = 100  # Invitations of one room that nobody followed yet; the oldest lapses.


class MaskEntry(NamedTuple):
    """An entry of a list: the mask as it was set, by whom and when (milliseconds since 1970).

    `session` is whoever had the nick then that a ban is on: it holds for them under
    another name too.
    """

    mask: str
    by: str
    at: int
    session: int = 0

    def means(self, who: Identity) -> bool:
        """Whether it is somebody this entry is on; of a mute, too."""
        if self.session and self.session == who.session:
            return True
        return masks.matches_user(self.mask.removeprefix(masks.MUTE), who)


class RoomModes:
    """What holds in a room now. Changed by `apply` only.

    strict   whether anything has to be looked at before a member may speak
    key      what is kept of the key that opens it (`keys`), or nothing
    key_set  number of the event that set it, 0 without one
    invited  numbers of sessions that may come in once whatever else holds
    """

    __slots__ = ("_verdicts", "flags", "invited", "key", "key_set", "limit", "lists", "strict")

    def __init__(self, flags: str) -> None:
        self.flags = flags
        self.key = ""
        self.key_set = 0
        self.limit = 0
        self.lists: dict[str, dict[str, MaskEntry]] = {}
        self.invited: dict[int, None] = {}
        self.strict = False
        # What the lists say of people, until they change: asked once a line.
        self._verdicts: dict[tuple[str, bool, Identity], bool] = {}

    def change(self, change: Change, by: str, at: int, session: int = 0, number: int = 0) -> None:
        """Take over one change of flags, key (as it is kept), limit or a list.

        `session` is whom a ban on a nick means, `number` that of the event.
        """
        on, letter = change.mode[0] == "+", change.mode[1]
        if letter in FLAGS:
            flags = set(self.flags) | {letter} if on else set(self.flags) - {letter}
            self.flags = "".join(sorted(flags))
        elif letter == "k":
            self.key, self.key_set = (change.argument, number) if on else ("", 0)
        elif letter == "l":
            self.limit = int(change.argument) if on else 0
        elif on:
            entries = self.lists.setdefault(letter, {})
            entries[fold(change.argument)] = MaskEntry(change.argument, by, at, session)
        else:
            self.lists.get(letter, {}).pop(fold(change.argument), None)
        self.strict = bool({"m", "C"} & set(self.flags) or self.lists.get("b"))
        self._verdicts.clear()

    @property
    def guarded(self) -> bool:
        """Whether not everybody could be here: it takes a key, an invitation, or knowing of it."""
        return bool(self.key) or "i" in self.flags or "s" in self.flags

    def changes(self, change: Change) -> bool:
        """Whether a change (with the key itself, if it is one of that) would make a difference."""
        on, letter = change.mode[0] == "+", change.mode[1]
        if letter in FLAGS:
            return on != (letter in self.flags)
        if letter == "k":
            return not keys.fits(change.argument, self.key) if on else bool(self.key)
        if letter == "l":
            return (int(change.argument) if on else 0) != self.limit
        return on != (fold(change.argument) in self.lists.get(letter, {}))

    def entries(self) -> int:
        """How many masks stand in all lists."""
        return sum(map(len, self.lists.values()))

    def shown(self) -> tuple[str, list[str]]:
        """The modes as letters, and their arguments; a star for the key, which nobody knows."""
        letters = self.flags + ("l" if self.limit else "") + ("k" if self.key else "")
        return letters, [str(self.limit)] * bool(self.limit) + ["*"] * bool(self.key)

    def banned(self, who: Identity) -> bool:
        """Whether somebody may neither come in nor speak."""
        return self._listed("b", who, mute=False) and not self._listed("e", who, mute=False)

    def muted(self, who: Identity) -> bool:
        """Whether somebody may be here but not speak."""
        if not (self._listed("b", who, mute=False) or self._listed("b", who, mute=True)):
            return False
        return not (self._listed("e", who, mute=False) or self._listed("e", who, mute=True))

    def expected(self, who: Identity) -> bool:
        """Whether somebody needs no invitation."""
        return self._listed("I", who, mute=False)

    def _listed(self, letter: str, who: Identity, mute: bool) -> bool:
        if not self.lists.get(letter):
            return False
        asked = (letter, mute, who)
        verdict = self._verdicts.get(asked)
        if verdict is None:
            if len(self._verdicts) >= _VERDICTS_MAX:
                self._verdicts.clear()
            verdict = self._verdicts[asked] = self._look_up(letter, who, mute)
        return verdict

    def _look_up(self, letter: str, who: Identity, mute: bool) -> bool:
        return any(
            mask.startswith(masks.MUTE) == mute and listed.means(who)
            for mask, listed in self.lists[letter].items()
        )


def with_status(status: str, letter: str, on: bool) -> str:
    """A member's status (some of `ov`) after a change."""
    held = set(status) | {letter} if on else set(status) - {letter}
    return "".join(known for known in STATUSES if known in held)


def prefixes(status: str, every: bool) -> str:
    """A status as it stands before a nick: `@`, or `@+` when every one is wanted."""
    shown = "".join(PREFIXES[letter] for letter in status)
    return shown if every else shown[:1]
