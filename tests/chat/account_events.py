"""Events that concern accounts, for tests that try every kind."""

from __future__ import annotations

from hypothesis import strategies as st

from geventchat.chat import events_accounts as accounts
from geventchat.chat.events import SERVER, Event, Identity

NAMES = st.sampled_from(["alice", "Alice", "bob"])


def of_kinds(
    who: st.SearchStrategy[Identity],
    sessions: st.SearchStrategy[int],
    rooms: st.SearchStrategy[str],
) -> dict[type[Event], st.SearchStrategy[Event]]:
    """How to make each of these kinds: by some of `who`, about some of `sessions` and `rooms`."""
    anybody = who | st.just(SERVER)
    words = st.sampled_from(["", "x"])
    return {
        accounts.Registered: st.builds(accounts.Registered, who, NAMES, st.just("c1")),
        accounts.LoggedIn: st.builds(accounts.LoggedIn, who, NAMES, st.just("phone")),
        accounts.LoggedOut: st.builds(accounts.LoggedOut, who),
        accounts.PasswordSet: st.builds(accounts.PasswordSet, anybody, NAMES, st.just("c2")),
        accounts.AccountSet: st.builds(
            accounts.AccountSet,
            anybody,
            NAMES,
            st.sampled_from([*accounts.FLAGS, "unheard-of"]),
            st.booleans(),
        ),
        accounts.MetadataSet: st.builds(
            accounts.MetadataSet,
            who,
            st.just("") | rooms,
            st.integers(0, 4),
            st.just("pronouns"),
            words,
        ),
        accounts.Attached: st.builds(
            accounts.Attached, who, sessions, st.just("irc"), st.just("phone")
        ),
        accounts.Deleted: st.builds(accounts.Deleted, anybody, NAMES),
        accounts.Granted: st.builds(
            accounts.Granted, anybody, rooms, NAMES, st.sampled_from(["owner", "o", "v", ""])
        ),
        accounts.Dropped: st.builds(accounts.Dropped, anybody, rooms),
    }
