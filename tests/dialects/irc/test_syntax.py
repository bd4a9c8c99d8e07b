"""Lines, whole and by the vectors of the field (ircdocs/parser-tests, CC0)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from geventchat.dialects.irc.syntax import (
    compose,
    escape,
    fitted,
    in_batch,
    number,
    packed,
    parse,
    parse_source,
    unescape,
    with_tag,
    written_tags,
)

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text())


@pytest.mark.parametrize(("line", "atoms"), VECTORS["split"])
def test_reading(line: str, atoms: dict[str, Any]) -> None:
    message = parse(line)
    assert message.tags == {name: value or "" for name, value in atoms.get("tags", {}).items()}
    assert message.source == atoms.get("source", "")
    assert message.verb == atoms["verb"]
    assert message.params == atoms.get("params", [])


@pytest.mark.parametrize(("atoms", "lines"), VECTORS["join"])
def test_writing(atoms: dict[str, Any], lines: list[str]) -> None:
    tags = written_tags(atoms.get("tags", {}))
    assert compose(atoms["verb"], atoms.get("params", []), atoms.get("source", ""), tags) in lines


@pytest.mark.parametrize(("source", "atoms"), VECTORS["source"])
def test_sources(source: str, atoms: dict[str, str]) -> None:
    assert {k: v for k, v in parse_source(source)._asdict().items() if v} == atoms


@given(st.text())
def test_a_value_survives_its_escaping(value: str) -> None:
    written = escape(value)
    assert not set(written) & set("; \r\n")
    assert unescape(written) == value


@given(st.text(st.characters(blacklist_characters="\r\n")))
def test_no_text_breaks_the_reader(line: str) -> None:
    message = parse(line)
    assert all(" " not in param for param in message.params[:-1])


def test_tags_are_added_to_what_is_written() -> None:
    assert with_tag("@a=1 :x Y", "label=q") == "@label=q;a=1 :x Y"
    assert with_tag(":x Y", "label=q") == "@label=q :x Y"
    lines = ["@a=1 :x Y", ":x Z", "@batch=n :x W"]
    assert in_batch(lines, "b") == ["@batch=b;a=1 :x Y", "@batch=b :x Z", "@batch=n :x W"]


@given(st.lists(st.text(st.characters(categories=["L"]), min_size=1, max_size=30)))
def test_words_are_packed_without_loss(words: list[str]) -> None:
    texts = list(packed(words, 40))
    assert " ".join(texts).split() == words
    assert all(len(text.encode()) <= 40 or " " not in text for text in texts)


PARAMS = st.lists(st.text(st.characters(exclude_characters="\r\n\0", exclude_categories=["Cs"])))


@given(PARAMS.map(lambda params: [param * 9 for param in params]), st.integers(0, 300))
def test_a_line_is_cut_in_its_longest_words_only(params: list[str], echoed: int) -> None:
    params = ["n" * 30, "e" * echoed, *params, "What is wrong is told whole"]
    assume(len(params) < 15)
    line = fitted("421", params, "server", 510)
    assert len(line.encode()) <= 510
    read = parse(line)
    assert (read.source, read.verb, len(read.params)) == ("server", "421", len(params))
    for shown, meant in zip(read.params, params, strict=True):
        whole = shown in (meant, "*")  # As `compose` writes what cannot stand in the middle.
        assert whole or (meant.startswith(shown) and len(meant.encode()) > 32)
    if len(compose("421", params, "server").encode()) <= 510:
        assert line == compose("421", params, "server")


@pytest.mark.parametrize(
    ("word", "meant"),
    [("0", 0), ("12", 12), ("123456789", 123456789), ("1234567890", None), ("", None), ("²", None)],
)
def test_numbers(word: str, meant: int | None) -> None:
    assert number(word) == meant
