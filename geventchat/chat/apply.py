"""The one table of event kinds, and `apply`: what the state becomes by an event.

Whatever has to know every kind (the journal's names, the rights, the effects)
takes it from `KINDS`. So a new kind of event is a class in `events`, a row here
with its check and its effect, and a line in each dialect's encoder.

MUST: `apply` is deterministic. What it decides depends on the state and the
entry alone: the same entries in the same order give the same state, on every
worker and after a restart.
MUST: an event that is refused has changed nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from geventchat.chat import apply_accounts as accounts
from geventchat.chat import apply_rooms as rooms
from geventchat.chat import apply_sessions as sessions
from geventchat.chat import events, events_accounts, rights, rights_accounts
from geventchat.chat.events import Entry, Event
from geventchat.chat.outlet import Outlet
from geventchat.chat.state import ChatState


class Kind(NamedTuple):
    """What there is to know of a kind of event.

    `Any` is the event's own class, which the table's key names.

    name    what the journal calls it; never changed once events are stored under it
    check   raises `Refused` unless such an event may happen now
    effect  changes the state and tells the outlet
    text    the field that is its main text, or nothing
    replay  whether it is told to whoever wants to see a room's events beside its lines
    changes  whether the state after a restart may depend on it: all but words
    """

    name: str
    check: Callable[[ChatState, Any], object]
    effect: Callable[[ChatState, Entry, Any, Outlet], None]
    text: str = ""
    replay: bool = False
    changes: bool = True


_words = partial(Kind, changes=False)

KINDS: dict[type[Event], Kind] = {
    events.Restarted: Kind("restarted", rights.always, sessions.restarted),
    events.Arrived: Kind("arrived", rights.may_arrive, sessions.arrived, "via"),
    events_accounts.Attached: Kind("attached", rights_accounts.may_attach, sessions.attached),
    events.Left: Kind("left", rights.may_leave, sessions.left, "reason", replay=True),
    events.Renamed: Kind("renamed", rights.may_rename, sessions.renamed, "nick", replay=True),
    events.WentAway: Kind("away", rights.is_here, sessions.went_away, "reason"),
    events.RealNameSet: Kind(
        "realname", rights.may_set_realname, sessions.real_name_set, "realname"
    ),
    events.UserModesSet: Kind("usermodes", rights.is_here, sessions.user_modes_set, "changes"),
    events.Joined: Kind("joined", rights.may_join, rooms.joined, replay=True),
    events.Appeared: Kind("appeared", rights.may_appear, rooms.appeared, replay=True),
    events.Parted: Kind("parted", rights.may_part, rooms.parted, "reason", replay=True),
    events.Kicked: Kind("kicked", rights.may_kick, rooms.kicked, "reason", replay=True),
    events.Invited: Kind("invited", rights.may_invite, rooms.invited, "nick"),
    events.ModesSet: Kind("modes", rights.may_set_modes, rooms.modes_set, replay=True),
    events.TopicSet: Kind("topic", rights.may_set_topic, rooms.topic_set, "topic", replay=True),
    # Whoever may say what a room is about may say what is to be found again.
    events.Pinned: _words("pinned", rights.may_set_topic, rooms.shown, "text", replay=True),
    events.Said: _words("said", rights.may_say, rooms.said, "text"),
    events.Told: _words("told", rights.may_tell, sessions.told, "text"),
    events.SaidToStatus: _words("saidtosome", rights.may_speak, rooms.said_to_status, "text"),
    events.Tagged: _words("signalled", rights.may_speak, rooms.shown, "tags", replay=True),
    events.TaggedTo: _words("signalledto", rights.may_tell, sessions.to_both, "tags"),
    events.Redacted: _words("redacted", rights.may_redact, rooms.redacted, "reason"),
    events.RedactedTo: _words("redactedto", rights.may_tell, sessions.to_both, "reason"),
    events.Announced: _words("announced", rights.may_announce, sessions.announced, "text"),
    events_accounts.Registered: Kind(
        "registered", rights_accounts.may_register, accounts.registered
    ),
    events_accounts.LoggedIn: Kind("loggedin", rights_accounts.may_log_in, accounts.logged_in),
    events_accounts.LoggedOut: Kind("loggedout", rights_accounts.may_log_out, accounts.logged_out),
    events_accounts.PasswordSet: Kind(
        "password", rights_accounts.may_change_account, accounts.password_set
    ),
    events_accounts.AccountSet: Kind(
        "account", rights_accounts.may_set_account, accounts.account_set
    ),
    events_accounts.MetadataSet: Kind(
        "metadata", rights_accounts.may_set_metadata, accounts.metadata_set
    ),
    events_accounts.Deleted: Kind("deleted", rights_accounts.may_change_account, accounts.deleted),
    events_accounts.Granted: Kind("granted", rights_accounts.may_grant, accounts.granted),
    events_accounts.Dropped: Kind("dropped", rights_accounts.may_drop, accounts.dropped),
}


def check(state: ChatState, event: Event) -> None:
    """Raise `Refused` unless the event may happen in this state."""
    KINDS[event.__class__].check(state, event)


def applier(state: ChatState, outlet: Outlet) -> Callable[[Entry], None]:
    """What applies entries to this state and tells this outlet; see `apply`."""
    kinds = KINDS

    def apply_entry(entry: Entry) -> None:
        event = entry.event
        _, check_of, effect, _, _, _ = kinds[event.__class__]
        check_of(state, event)
        effect(state, entry, event, outlet)

    return apply_entry


def apply(state: ChatState, entry: Entry, outlet: Outlet) -> None:
    """Change the state by one committed event, or raise `Refused` and change nothing."""
    applier(state, outlet)(entry)
