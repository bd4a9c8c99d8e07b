"""What a store keeps beside events, the same in every store."""

from __future__ import annotations

from geventchat.journal.store import Mark, Snapshot, Store


def test_the_two_latest_snapshots_are_kept(store: Store) -> None:
    assert store.snapshots() == []
    for number in (1, 5, 9):
        store.save_snapshot(Snapshot(number, b"state %d" % number))
    assert store.snapshots() == [Snapshot(9, b"state 9"), Snapshot(5, b"state 5")]
    store.save_snapshot(Snapshot(9, b"anew" * 100_000))
    assert store.snapshots() == [Snapshot(9, b"anew" * 100_000), Snapshot(5, b"state 5")]


def test_hashes_of_passwords_by_their_ids(store: Store) -> None:
    store.put_credential("a1", "$argon2id$one")
    store.put_credential("b2", "$argon2id$two")
    assert store.credential("a1") == "$argon2id$one"
    assert store.credential("A1") is None
    store.put_credential("a1", "$argon2id$anew")
    assert store.credential("a1") == "$argon2id$anew"
    assert sorted(store.credential_ids(1 << 60)) == ["a1", "b2"]
    assert store.credential_ids(1_000_000) == []
    store.drop_credentials(["a1", "c3"])
    store.drop_credentials([])
    assert store.credential("a1") is None
    assert store.credential("b2") == "$argon2id$two"


def test_marks_of_devices(store: Store) -> None:
    one, two = Mark("al", "irc", "#a", 5, 50), Mark("al", "phone", "#a", 6, 60)
    three, other = Mark("al", "irc", "bo", 7, 70), Mark("bo", "irc", "#a", 8, 80)
    store.save_marks([])
    store.save_marks([one, two, other])
    store.save_marks([three, one._replace(number=9), one._replace(number=10, at=100)])
    assert store.marks("al") == sorted([one._replace(number=10, at=100), two, three])
    assert store.marks("bo") == [other]
    store.drop_marks("al", "irc")
    assert store.marks("al") == [two]
    store.drop_marks("al")
    assert store.marks("al") == []
    assert store.marks("bo") == [other]


def test_nobody_orders_anything(store: Store) -> None:
    assert store.orders(9) == []
    store.answer_order(1, "done")
