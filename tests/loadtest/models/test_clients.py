"""Every fetching client, against a local HTTP model: pages, a 404, a timeout, no server."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from loadtest.compare.child import free_port, running
from loadtest.compare.cores import pick
from loadtest.compare.targets import FETCHERS, REPOSITORY

INSTALLED = [module for _name, module, needs in FETCHERS if all(find_spec(need) for need in needs)]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home: Path = tmp_path_factory.mktemp("http")
    port = free_port()
    command = [sys.executable, "-m", "loadtest.models.http.stdlib_server", str(port)]
    with running(command, port, pick(), REPOSITORY, home / "stderr"):
        yield f"http://127.0.0.1:{port}"


def fetch(module: str, *arguments: str) -> tuple[int, dict, str]:
    ended = subprocess.run(
        [sys.executable, "-m", f"loadtest.models.clients.{module}", *arguments],
        cwd=REPOSITORY,
        capture_output=True,
        check=False,
        timeout=30,
        text=True,
    )
    return ended.returncode, json.loads(ended.stdout), ended.stderr


@pytest.mark.parametrize("module", INSTALLED)
def test_failing_pages_are_named_and_do_not_stop_the_others(module: str, base: str) -> None:
    names = ["one", "missing", "two", "slow", "three", "four"]
    code, told, said = fetch(module, base, *names, "--at-once", "3", "--timeout-seconds", "0.5")
    assert code == 1
    assert told["pages"] == 6
    assert set(told["failed"]) == {f"{base}/missing", f"{base}/slow"}
    assert "404" in told["failed"][f"{base}/missing"]
    assert "timed out" in told["failed"][f"{base}/slow"].lower()
    assert f"{base}/missing: " in said and f"{base}/slow: " in said


@pytest.mark.parametrize("module", INSTALLED)
def test_no_server_is_a_failure_of_each_page(module: str) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound and not listening: refused
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        code, told, _said = fetch(module, url, "a", "b")
    assert code == 1
    assert set(told["failed"]) == {f"{url}/a", f"{url}/b"}
    assert all("onnect" in why for why in told["failed"].values())


def test_all_pages_are_fetched_with_the_bound_on_how_many_at_once(base: str) -> None:
    code, told, said = fetch("select_loop", base, "--pages", "40", "--at-once", "4")
    assert (code, told["pages"], told["failed"], said) == (0, 40, {}, "")
