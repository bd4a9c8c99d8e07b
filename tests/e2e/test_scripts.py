"""What `scripts/_venv` shows while it installs, with a pip that only talks."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TALKS = """\
echo 'Obtaining file:///tree'
echo '  Installing build dependencies: started'
echo "  Installing build dependencies: finished with status 'done'"
echo 'Requirement already satisfied: click in ./lib'
echo 'Collecting gevent<27,>=25 (from geventchat==0.1.0)'
echo '  Using cached gevent-26.whl'
echo 'Processing /wheels/greenlet-3-py3.whl (from gevent)'
echo 'Installing collected packages: greenlet, gevent, geventchat'
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A checkout with an environment whose python runs `TALKS` instead of pip."""
    (tmp_path / "scripts").mkdir()
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    shutil.copy(ROOT / "scripts" / "_venv", tmp_path / "scripts")
    for name in ("setup.cfg", "constraints.txt"):
        (tmp_path / name).touch()
    pip(tmp_path, TALKS)
    return tmp_path


def pip(tree: Path, does: str) -> None:
    """Have the tree's pip do that."""
    python = tree / ".venv" / "bin" / "python"
    python.write_text(f"#!/bin/sh\n{does}")
    python.chmod(0o755)


def ensure(tree: Path) -> tuple[int, str]:
    """Make sure of the environment with an extra; the exit code and what was shown."""
    program = f"unset VENV_NAME VENV_PYTHON; . {tree}/scripts/_venv; ensure_venv load; echo ready"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout


def test_each_package_is_told_as_it_comes(tree: Path) -> None:
    assert ensure(tree) == (
        0,
        "installing geventchat with its load extra into .venv:\n"
        "  what is needed to build it\n"
        "  gevent\n"
        "  greenlet 3\n"
        "  … putting 3 packages in place\n"
        "ready\n",
    )


def test_one_package_is_one(tree: Path) -> None:
    pip(tree, "echo 'Installing collected packages: geventchat'\n")
    assert "  … putting 1 package in place\n" in ensure(tree)[1]


def test_nothing_is_told_when_nothing_is_to_be_done(tree: Path) -> None:
    ensure(tree)
    assert ensure(tree) == (0, "ready\n")


def test_what_went_wrong_is_shown_whole_and_tried_again(tree: Path) -> None:
    pip(tree, "echo 'Collecting gevent'; echo 'ERROR: no route' >&2; exit 1\n")
    code, shown = ensure(tree)
    assert code == 1 and "ready" not in shown
    assert shown.endswith("  gevent\nCollecting gevent\nERROR: no route\n")
    pip(tree, TALKS)
    assert ensure(tree)[0] == 0
