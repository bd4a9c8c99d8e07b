"""Deleting one's account with all it has said, in every dialect alike."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from geventchat.chat.commands_accounts import DeleteAccount
from geventchat.dialects.accounts import Member
from geventchat.dialects.base import DropCredential, EraseShown, Record, Request, Settle


def forget(client: Member) -> Generator[Request, Any, bool]:
    """Delete the client's own account and erase its words; whether that came about.

    The event does it, and the store goes on with the erasing over restarts. What else is
    done here is done by itself too, later: the hash is dropped, rooms' logs come to an end.
    """
    account = client.state.account_of(client.me)
    if account is None:
        return False
    name, credential = account.name, account.credential
    client.ask(DeleteAccount(words=True))
    yield Settle()
    if client.state.accounts.get(account.key) is account:
        return False
    yield EraseShown(account.key)
    yield DropCredential(name, credential)
    yield Record(f"{client.address}: deleted {name}, with all it has said")
    return True
