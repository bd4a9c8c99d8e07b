"""Two people at terminals: alice, who came first, and bob."""

from __future__ import annotations

import pytest

from tests.harness import Harness, HumanClient


@pytest.fixture
def alice(harness: Harness) -> HumanClient:
    return harness.human("alice")


@pytest.fixture
def bob(alice: HumanClient, harness: Harness) -> HumanClient:
    return harness.human("bob")
