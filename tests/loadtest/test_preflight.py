import resource

import pytest

from loadtest.errors import UsageError
from loadtest.options import Mode, Options
from loadtest.preflight import check_descriptors, mode_of


@pytest.mark.parametrize(
    ("answer", "mode"),
    [
        (b"/ping\n", Mode.ECHO),
        (b"/PING\n", Mode.UPPER),
        (b"Welcome to FAKE. You are guest1 in #lobby (1 here).\r\n", Mode.CHAT),
        (b"\xff\xfd\x00\rWelcome to FAKE. You are guest1 in #lobby (1 here).\r\n", Mode.CHAT),
        (b":irc.example.net NOTICE * :*** Looking up your hostname\r\n", None),
        (b"HTTP/1.1 400 Bad Request\r\n", None),
        (b"", None),
    ],
)
def test_the_first_answer_tells_the_mode(answer: bytes, mode: Mode | None) -> None:
    assert mode_of(answer) is mode


def test_too_few_descriptors_are_told_beforehand(monkeypatch: pytest.MonkeyPatch) -> None:
    raised: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "setrlimit", lambda _, limits: raised.append(limits))
    monkeypatch.setattr(resource, "getrlimit", lambda _: (256, 400))
    check_descriptors(Options(clients=100))
    assert raised == []
    check_descriptors(Options(clients=300))
    assert raised == [(364, 400)]
    with pytest.raises(UsageError, match="ulimit -n 564"):
        check_descriptors(Options(clients=500))
    check_descriptors(Options(clients=500, processes=2))
