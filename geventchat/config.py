"""Settings: one frozen value, without side effects; `settings` says where it comes from.

Every bound the server keeps is a field here: its name carries the unit, its
metadata the reason and what other servers chose.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields

from geventchat.bounds import check, check_choice, setting
from geventchat.errors import ConfigError
from geventchat.retention_config import RetentionConfig, days_of_rooms

_ROOM = re.compile(r"#[^\s,]+")
MODES = ("chat", "echo", "upper")


@dataclass(frozen=True, slots=True)
class Config(RetentionConfig):
    """Every setting of `geventchat serve`: those of the server itself, then its bounds."""

    silent_grace_s: float = setting(
        60.0,
        "Seconds after which whoever never said or set anything makes place on a full server.",
        0.1,
        86400,
    )
    connections_per_address: int = setting(
        16, "Connections at once of one address (IPv6: a /64), 0 for any (Ergo: 16).", 0, 1_000_000
    )
    connects_per_address: int = setting(
        32, "New connections of one address within address_window_s, 0 for any (Ergo).", 0, 255
    )
    password_failures_per_address: int = setting(
        10, "Wrong passwords of one address within address_window_s, 0 for any.", 0, 255
    )
    address_window_s: float = setting(
        600.0, "Seconds over which an address is counted (Ergo: 10 minutes).", 1, 86400
    )
    limit_loopback: bool = setting(
        False, "Whether the limits of addresses and of rates hold for this machine's own too."
    )
    cloak_hosts: bool = setting(
        True,
        "Whether others see a cloak in place of an address, which is its owner's and operators'.",
        live=False,
    )
    registration_burst: int = setting(
        30, "Lines at once from who has not come in; then messages_per_s.", 1, 10_000
    )
    message_burst: int = setting(10, "Lines of one session at once (Ergo: 5).", 1, 10_000)
    messages_per_s: float = setting(
        2.0, "Lines a second after that; the next is read later, none is lost.", 0.01, 10_000
    )
    joins_burst: int = setting(30, "Rooms one session joins at once.", 1, 10_000)
    joins_per_s: float = setting(2.0, "Rooms joined a second after that.", 0.001, 10_000)
    new_rooms_burst: int = setting(20, "Rooms one session makes at once.", 1, 10_000)
    new_rooms_per_s: float = setting(0.2, "Rooms made a second after that.", 0.001, 10_000)
    renames_burst: int = setting(5, "Changes of one session's nick or real name.", 1, 10_000)
    renames_per_s: float = setting(0.2, "Such changes a second after that.", 0.001, 10_000)
    aways_burst: int = setting(5, "Goings and comings of one who is away.", 1, 10_000)
    aways_per_s: float = setting(0.2, "Such a second after that.", 0.001, 10_000)
    invites_burst: int = setting(5, "Invitations of one session at once.", 1, 10_000)
    invites_per_s: float = setting(0.2, "Invitations a second after that.", 0.001, 10_000)
    searches_burst: int = setting(
        5, "Searches of one session at once; each takes a hundred times as long as a line.", 1, 1000
    )
    searches_per_s: float = setting(0.5, "Searches a second after that.", 0.001, 1000)
    search_timeout_s: float = setting(
        1.0, "Seconds after which a search shows what it has found; /more goes on.", 0.01, 60
    )
    search_max_words: int = setting(
        16, "Words one may search for at once; each is one more look into the index.", 1, 64
    )
    search_max_lines: int = setting(
        20, "Lines one /search shows, the latest first: what fits on a screen.", 1, 500
    )
    searches_max: int = setting(
        100,
        "Searches that may wait for their turn; one more is refused.",
        1,
        10_000,
        live=False,
    )
    line_max_bytes: int = setting(
        4096,
        "Longest line of a human; longer is refused, twice as long without an end closes.",
        64,
        65536,
    )
    read_max_bytes: int = setting(
        16384,
        "Most that is read from one socket before others get their turn.",
        512,
        1 << 20,
        live=False,
    )
    burst_max_lines: int = setting(
        128, "Most lines of one read proposed before they are settled; bounds the queue.", 1, 4096
    )
    send_buffer_bytes: int = setting(
        65536,
        "SO_SNDBUF; without it the kernel alone keeps 3.9 MB for a client that never reads.",
        4096,
        1 << 24,
    )
    backlog_events: int = setting(
        1024,
        "Unread events of a room's log before a slow reader skips some.",
        16,
        65536,
        live=False,
    )
    backlog_bytes: int = setting(
        1 << 20,
        "Memory of a room's log; with long lines it holds fewer events.",
        65536,
        1 << 30,
        live=False,
    )
    logs_max_bytes: int = setting(
        64 << 20,
        "Memory of all rooms' logs together; beyond it the heaviest gives up half.",
        1 << 20,
        1 << 40,
    )
    outbox_max_items: int = setting(
        1024, "Private lines a client leaves unread before more are skipped and told.", 16, 65536
    )
    stall_timeout_s: float = setting(
        30.0,
        "Seconds without progress before a client that reads nothing is closed.",
        1,
        3600,
    )
    keepalive_idle_s: int = setting(
        60, "Seconds of silence before the kernel probes a peer (Ergo pings at 90).", 1, 86400
    )
    keepalive_gone_s: int = setting(
        90, "Seconds of silence after which a half-open peer is gone (Ergo: 150).", 2, 86400
    )
    # The highest of these four fit into IRC's line of 512 bytes together, with the longest
    # name of a user and of this server: so whatever may be set can be shown whole.
    room_name_max_bytes: int = setting(64, "Longest room name (RFC 2812 1.3: 50).", 2, 64)
    nick_max_chars: int = setting(30, "Longest nick (Ergo: 32, InspIRCd: 30).", 12, 32)
    topic_max_bytes: int = setting(320, "Longest topic (InspIRCd: 307).", 1, 320)
    reason_max_bytes: int = setting(
        290, "Longest away, part, quit and kick reason (InspIRCd: 200 to 255).", 1, 290
    )
    reserved_nicks: str = setting(
        "server services admin administrator pm *serv",
        "Nicks nobody can take, with * and ?, beside the server's own name and guests' names:"
        " people send their passwords to a NickServ.",
    )
    rooms_max: int = setting(10_000, "Rooms in all; one more is refused.", 1, 1_000_000)
    rooms_per_account: int = setting(
        20, "Rooms one account may own; what it founds beyond is nobody's.", 0, 10_000
    )
    metadata_max_names: int = setting(
        20, "Things a user or a room may tell of itself (Ergo: 100).", 0, 1000
    )
    metadata_subscriptions_max: int = setting(
        50, "Names of these whose changes a client may hear of (Ergo: 100).", 1, 1000
    )
    metadata_burst: int = setting(20, "Changes of these by one session at once.", 1, 10_000)
    metadata_per_s: float = setting(0.5, "Such changes a second after that.", 0.001, 10_000)
    metadata_max_bytes: int = setting(300, "Longest of these (Ergo: 300).", 1, 300)
    rooms_per_session: int = setting(100, "Rooms one session may be in (Ergo: 100).", 1, 10_000)
    devices_per_account: int = setting(
        8, "Connections one account may be on from at once; one more is refused.", 1, 1000
    )
    join_lines_max_members: int = setting(
        50, "Join and leave lines are shown to humans in rooms up to this size.", 0, 1_000_000
    )
    history_on_join_lines: int = setting(20, "Lines of history shown on joining.", 0, 1024)
    irc_history_on_join_lines: int = setting(
        20, "The same for IRC clients that do not know CHATHISTORY.", 0, 1024
    )
    irc_on_connect: str = setting(
        "tell", "What an IRC client gets of the lobby: tell it its name, join it, or nothing."
    )
    history_max_lines: int = setting(500, "Most lines one /history prints.", 1, 10_000)
    watching_max: int = setting(100, "Nicks one session may MONITOR (Ergo: 100).", 1, 10_000)
    departed_max: int = setting(
        1000, "People who left that WHOWAS remembers, in all (Ergo: 100).", 1, 100_000, live=False
    )
    multiline_max_lines: int = setting(32, "Lines in one multiline message (Ergo: 100).", 1, 512)
    detection_silence_s: float = setting(
        0.3, "Silence after which a connection is a person, who gets the welcome.", 0.01, 10
    )
    registration_timeout_s: float = setting(
        60.0, "Seconds an IRC client may take to say who it is (Ergo: 60).", 0.1, 3600
    )
    telnet_binary: bool = setting(
        True,
        "Whether telnet is asked to pass on every byte (Debian's takes parts of Ü, 한 and emoji"
        " for keys): four bytes before the welcome, unseen on screens. Whoever speaks at once,"
        " as a pipe does, is not asked.",
    )
    announce_after_s: float = setting(
        3.0, "Silence of a newcomer after which the room is told; a word tells it at once.", 0, 3600
    )
    first_line_timeout_s: float = setting(
        5.0, "Seconds in which a first line begun must be complete (HAProxy: 5).", 0.1, 60
    )
    memory_journal_events: int = setting(
        100_000,
        "Events kept when the database is 'none'; the oldest go first.",
        1000,
        10_000_000,
        live=False,
    )
    memory_journal_bytes: int = setting(
        64 << 20,
        "Memory for these events, about; 100,000 short lines take 50 MB, of 4 kB each 440 MB.",
        1 << 20,
        1 << 40,
        live=False,
    )
    history_reads_max: int = setting(
        500,
        "Reads of history that may wait for their turn; each takes some 3 ms, one more is refused.",
        1,
        100_000,
        live=False,
    )
    batch_max_events: int = setting(
        500,
        "Events in one commit; 1,000 would hold the interpreter for 17 ms.",
        1,
        10_000,
        live=False,
    )
    snapshot_events: int = setting(
        20_000,
        "Comings, goings and other changes, after which the state is written down; a start"
        " after a crash replays as many, some 40,000 a second.",
        1,
        10_000_000,
    )
    drain_timeout_s: float = setting(
        30.0,
        "Seconds a stopping server may take for its clients (gunicorn: 30).",
        0,
        3600,
    )
    log_level: str = setting("info", "debug, info, warning or error; the log goes to stderr.")

    def __post_init__(self) -> None:
        for spec in fields(self):
            check(spec, getattr(self, spec.name))
        check_choice("mode", self.mode, MODES)
        days_of_rooms(self.retention_rooms)
        check_choice("irc_on_connect", self.irc_on_connect, ("tell", "join", "nothing"))
        check_choice("registration", self.registration, ("open", "closed"))
        check_choice("log_level", self.log_level, ("debug", "info", "warning", "error"))
        if (
            not _ROOM.fullmatch(self.lobby)
            or not self.lobby.isprintable()
            or len(self.lobby.encode()) > self.room_name_max_bytes
        ):
            raise ConfigError(f"lobby: {self.lobby!r} is not a room name such as '#lobby'")
        if self.keepalive_gone_s <= self.keepalive_idle_s:
            raise ConfigError("keepalive_gone_s must be more than keepalive_idle_s")

    @property
    def doubts(self) -> list[str]:
        """What may be so, but is hardly meant; nothing else would tell whoever set it."""
        if bool(self.oper_name) == bool(self.oper_password):
            return []
        there, missing = ("name", "password") if self.oper_name else ("password", "name")
        return [f"oper_{there} is set without oper_{missing}: nobody can become an operator"]


RESTART_SETTINGS = frozenset(spec.name for spec in fields(Config) if not spec.metadata["live"])
