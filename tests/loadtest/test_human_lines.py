import pytest

from loadtest.errors import ErrorKind
from loadtest.human_lines import (
    NOTICE,
    KnownLines,
    LineSplitter,
    Meaning,
    Notice,
    read_notice,
)
from loadtest.payload import Payload

TAG = b"k3f9x2"
PAYLOAD = Payload(TAG, clients=20, size=64)
TEXT = PAYLOAD.text(12, 7, 99)
CONVERSATION = (
    b"\xff\xfd\x00\r"
    b"Welcome to FAKE. You are guest7 in #lobby (12 here). /nick NAME to choose a name.\r\n"
    b"[11:59] <guest3> Thread-3 say hello 1 zzzzzz+5\r\n"
    b"-- end of history --\r\n"
    b"[12:01] <guest3> " + TEXT + b"\r\n"
    b"[12:01] #dev <guest3> " + PAYLOAD.text(1, 0, 5) + b"\r\n"
    b"-- 1,234 lines skipped; /history 1234 --\r\n"
    b" * guest9 joined #lobby. (13 here)\r\n"
    b"-> pong\r\n"
)
MEANT = [
    Notice(Meaning.WELCOME, room=b"#lobby"),
    Notice(Meaning.OTHER),
    Notice(Meaning.OTHER),
    PAYLOAD.line_id(12, 7),
    PAYLOAD.line_id(1, 0),
    Notice(Meaning.GAP, count=1234),
    Notice(Meaning.OTHER),
    Notice(Meaning.PONG),
]


@pytest.mark.parametrize("step", [1, 2, 7, len(CONVERSATION)])
def test_a_conversation_whole_and_byte_by_byte(step: int) -> None:
    splitter, known = LineSplitter(), KnownLines(PAYLOAD)
    meant: list[Notice | int] = []
    for start in range(0, len(CONVERSATION), step):
        for line in splitter.feed(CONVERSATION[start : start + step]):
            line_id = known[line]
            meant.append(read_notice(line, TAG) if line_id == NOTICE else line_id)
    assert meant == MEANT
    assert known.due_us == {PAYLOAD.line_id(12, 7): 99, PAYLOAD.line_id(1, 0): 5}


def test_a_tail_waits_for_its_end() -> None:
    splitter = LineSplitter()
    assert splitter.feed(b"one\r\ntw") == [b"one\r"]
    assert splitter.feed(b"o\n") == [b"two"]


@pytest.mark.parametrize(
    ("line", "notice"),
    [
        (b"-- 37 lines skipped; /history 37 --", Notice(Meaning.GAP, 37)),
        (b"-- 1 line skipped; /history 1 --", Notice(Meaning.GAP, 1)),
        (b"-- 30 lines, /more for earlier --", Notice(Meaning.OTHER)),
        (b"-> You are in #load-1: no topic (5 here: a, b)", Notice(Meaning.IN_ROOM)),
        (b"-> You left #lobby. Talking in #load-1.", Notice(Meaning.LEFT)),
        (
            b"-> Slow down: line not sent, try again in 2 s.",
            Notice(Meaning.REFUSAL, kind=ErrorKind.SLOW_DOWN),
        ),
        (
            b"-> Line too long: 5,000 of 4,096 bytes, not sent.",
            Notice(Meaning.REFUSAL, kind=ErrorKind.TOO_LONG),
        ),
        (
            b"-> Not saved: disk full. Your line was not sent.",
            Notice(Meaning.REFUSAL, kind=ErrorKind.NOT_SAVED),
        ),
        (b"-> The server is full.", Notice(Meaning.FULL)),
        (b"Server full, try again later.", Notice(Meaning.FULL)),
        (b"Too many connections from your address.", Notice(Meaning.FULL)),
        (b"[12:01] <bob> the house is full", Notice(Meaning.OTHER)),
        (b"-> You are muted.", Notice(Meaning.REPLY)),
        (b"[12:01] <guest3> " + TEXT[:-3], Notice(Meaning.BROKEN)),
        (b"", Notice(Meaning.OTHER)),
    ],
)
def test_notices(line: bytes, notice: Notice) -> None:
    assert KnownLines(PAYLOAD)[line] == NOTICE
    assert read_notice(line, TAG) == read_notice(line + b"\r", TAG) == notice


def test_known_lines_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loadtest.human_lines.KNOWN_LINES", 10)
    known = KnownLines(PAYLOAD)
    for number in range(100):
        known[b"[12:01] <guest3> " + PAYLOAD.text(3, number, 0)]
        assert len(known) <= 10
