import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtest.payload import TAG_LENGTH, Payload, longest_text, new_tag, padded

PAYLOAD = Payload(b"k3f9x2", clients=500, size=64)
TEXT = b"Thread-12 say hello 7 k3f9x2+1048576 " + b"." * 27


def test_a_line_says_who_what_and_when() -> None:
    assert PAYLOAD.text(12, 7, 1_048_576) == TEXT
    assert PAYLOAD.recognise(TEXT) == (7 * 500 + 11, 1_048_576)


@given(st.integers(1, 500), st.integers(0, 999_999), st.integers(0, 10**12 - 1))
def test_every_line_is_known_again(sender: int, number: int, due_us: int) -> None:
    text = PAYLOAD.text(sender, number, due_us)
    assert PAYLOAD.recognise(text) == (PAYLOAD.line_id(sender, number), due_us)
    assert len(text) == PAYLOAD.size >= longest_text(500)


@pytest.mark.parametrize("text", [b"hello", b"", TEXT.replace(b"k3f9x2", b"aaaaaa")])
def test_other_peoples_lines_are_not(text: bytes) -> None:
    assert PAYLOAD.recognise(text) is None


@pytest.mark.parametrize(
    "text",
    [TEXT[:-1], TEXT + b".", TEXT.replace(b"say", b"said"), TEXT.replace(b"12", b"012", 1),
     TEXT.replace(b"12", b"501", 1)],
)  # fmt: skip
def test_a_line_with_other_bytes_in_it_is_an_error(text: bytes) -> None:
    with pytest.raises(ValueError, match="Thread"):
        PAYLOAD.recognise(text)


@pytest.mark.parametrize("size", range(10))
def test_padding_ends_in_no_blank(size: int) -> None:
    text = padded(b"hello", size)
    assert len(text) == max(5, size)
    assert not text.endswith(b" ")


def test_tags_differ() -> None:
    assert len(new_tag()) == TAG_LENGTH
    assert len({new_tag() for _ in range(50)}) == 50
