"""The system's limit of descriptors: some are kept back, and what cannot be is said at once."""

from __future__ import annotations

import resource

import pytest

from geventchat.errors import StartError
from geventchat.net.descriptors import RESERVED, capacity


@pytest.fixture
def limited(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A system whose limit cannot be raised."""

    def refused(which: int, limits: tuple[int, int]) -> None:
        raise ValueError("not allowed")

    monkeypatch.setattr(resource, "setrlimit", refused)
    return monkeypatch


def allow(patch: pytest.MonkeyPatch, soft: int) -> None:
    patch.setattr(resource, "getrlimit", lambda which: (soft, resource.RLIM_INFINITY))


@pytest.mark.parametrize(
    ("soft", "room"), [(1024, 921), (100, 100 - RESERVED), (33, 1), (65536, 58982)]
)
def test_some_are_kept_back(limited: pytest.MonkeyPatch, soft: int, room: int) -> None:
    allow(limited, soft)
    assert capacity(0) == room


def test_what_was_asked_for(limited: pytest.MonkeyPatch) -> None:
    allow(limited, 1024)
    assert capacity(50) == 50
    assert capacity(1024 - RESERVED) == 1024 - RESERVED
    with pytest.raises(StartError) as caught:
        capacity(1024 - RESERVED + 1)
    assert str(caught.value) == (
        "max_connections: 993 need a limit of 1,025 descriptors, and it is 1,024;"
        " raise it (ulimit -n)"
    )
    allow(limited, 32)
    with pytest.raises(StartError, match=r"^a limit of 32 descriptors is too low"):
        capacity(0)


def test_the_limit_is_raised_first(monkeypatch: pytest.MonkeyPatch) -> None:
    raised: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda which: (1024, 4096))
    monkeypatch.setattr(resource, "setrlimit", lambda which, limits: raised.append(limits))
    assert capacity(0) == 4096 * 9 // 10
    assert raised == [(4096, 4096)]
