"""The owner's token: right once, and known to nobody."""

from __future__ import annotations

from geventchat.chat.owner_token import OwnerToken


def test_it_is_right_once() -> None:
    owner = OwnerToken()
    token = owner.make()
    assert len(token) == 32  # 128 bits.
    assert not owner.take(token[:-1])
    assert owner.take(f" {token} ")
    assert not owner.take(token)


def test_where_there_is_none_nothing_is_right() -> None:
    owner = OwnerToken()
    assert not owner.take("")
    owner.put_back()
    assert not owner.take("")


def test_put_back_it_is_right_once_more() -> None:
    owner = OwnerToken()
    token = owner.make()
    assert owner.take(token)
    owner.put_back()
    owner.put_back()
    assert owner.take(token)
    assert not owner.take(token)


def test_another_takes_its_place() -> None:
    owner = OwnerToken()
    first, second = owner.make(), owner.make()
    assert first != second
    assert not owner.take(first)
    assert owner.take(second)


def test_what_is_kept_does_not_tell_it() -> None:
    owner = OwnerToken()
    token = owner.make()
    owner.take(token)
    assert token not in repr(vars(owner))


def test_what_no_encoding_knows_is_wrong() -> None:
    owner = OwnerToken()
    owner.make()
    assert not owner.take("\udce4")
