"""The two naive chat servers pass lines on to the others, and only to them."""

import socket
from pathlib import Path

import pytest

from loadtest.compare.child import Child
from loadtest.compare.peers import everyone
from loadtest.compare.rooms import NAIVE
from loadtest.compare.targets import Target
from tests.loadtest.models.test_servers import installed, started

NAIVES = [one for one in installed(everyone()) if one.room is NAIVE]


def member(child: Child):
    with socket.create_connection(child.address, timeout=10) as sock:
        stream = sock.makefile("rwb", buffering=0)  # keeps the connection until it is closed
    assert stream.readline() == b"joined\n"
    return stream


@pytest.mark.parametrize("model", NAIVES, ids=lambda model: model.name)
def test_lines_reach_the_others_in_order(model: Target, tmp_path: Path) -> None:
    with started(model, tmp_path) as child:
        ann, bob, eve = member(child), member(child), member(child)
        ann.write(b"one\nt")
        ann.write(b"wo\n")
        assert [bob.readline(), bob.readline()] == [b"one\n", b"two\n"]
        assert [eve.readline(), eve.readline()] == [b"one\n", b"two\n"]
        eve.close()
        bob.write(b"to ann\n")
        assert ann.readline() == b"to ann\n"  # and not her own lines
        for stream in (ann, bob):
            stream.close()
