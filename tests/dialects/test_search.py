"""What people may ask to find, in words."""

from __future__ import annotations

import pytest

from geventchat.chat.history import HistoryRange
from geventchat.dialects.search import Asked, asked

NOW = 1_000_000_000


def ask(text: str) -> Asked:
    return asked(text, NOW, 3, 20)


def test_words_and_where() -> None:
    found = ask('Deploy from:Bob "at noon" in:#Dev since:2h')
    assert found.query.phrases == (("deploy",), ("at", "noon"))
    assert (found.query.author, found.query.room, found.name) == ("bob", "#dev", "#Dev")
    assert found.query.within == HistoryRange(after_at=NOW - 7_200_001)
    assert (found.query.limit, found.trouble) == (20, "")
    assert ask("x IN:Bob").query.peer == "bob"


def test_what_is_quoted_is_sought_as_it_is() -> None:
    assert ask('"from:bob"').query.phrases == (("from", "bob"),)
    assert ask('"from:bob').query.author == ""
    assert ask("notfrom:bob").query.author == ""


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("", "it takes words"),
        ('""', "it takes words"),
        ("in:#dev", "it takes words"),
        ("!!!", "there is no word, number or symbol in that"),
        ("from:bob !!!", "there is no word, number or symbol in that"),
        ("a b c d", "that is too long: search for 3 words at most"),
        ("a" + ".a" * 2000, "that is too long: search for 3 words at most"),
        ("日本語版", "that is too long: search for 3 words at most"),
        ("x from:", "from: names nothing"),
        ("x since:2w", "since: takes a span of time, as 30m, 2h or 5d"),
        ("x since:20", "since: takes a span of time, as 30m, 2h or 5d"),
    ],
)
def test_what_cannot_be_searched(text: str, trouble: str) -> None:
    assert ask(text).trouble == trouble


def test_a_talk_is_named_as_for_its_history() -> None:
    assert ask("x in:@Bob").query.peer == ask("x in:bob").query.peer == "bob"


def test_an_author_may_be_sought_without_words() -> None:
    assert ask("from:bob").trouble == ""
