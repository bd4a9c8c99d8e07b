"""Runs a program of the models as a beginner would, and tells what it printed."""

import subprocess
import sys
from dataclasses import dataclass

from loadtest.compare.targets import REPOSITORY


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


def run(module: str, *arguments: str, typed: str = "", env: dict[str, str] | None = None) -> Ended:
    """`python -m loadtest.models.MODULE ARGUMENTS`, with what is typed on its keyboard."""
    ended = subprocess.run(
        [sys.executable, "-m", f"loadtest.models.{module}", *arguments],
        cwd=REPOSITORY,
        input=typed,
        capture_output=True,
        check=False,
        timeout=60,
        text=True,
        env=env,
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)
