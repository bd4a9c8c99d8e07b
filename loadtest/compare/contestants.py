"""The servers that can be measured: what starts each, and what it needs installed."""

import importlib.util
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from loadtest.compare.errors import Missing
from loadtest.compare.rooms import HUMAN, Room

# More than any run here opens, below the usual limit of descriptors.
MAX_CLIENTS = 12_000

REPOSITORY = Path(__file__).resolve().parents[2]
# Another checkout can be measured, to compare a change with what was before it.
SOURCE = Path(os.environ.get("COMPARE_SOURCE", REPOSITORY)).resolve()
Command = Callable[[int, Path], list[str]]


@dataclass(frozen=True)
class Contestant:
    """One row. `command` gets a port and an empty directory that is removed afterwards.

    It runs in that directory, or in `home`; Python looks there for its packages first.
    """

    name: str
    command: Command
    modules: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    install: str = ""
    room: Room = HUMAN
    home: Path | None = None

    def check_installed(self) -> None:
        """Raise Missing, with what to install, when this machine cannot run it."""
        lacking = [name for name in self.modules if importlib.util.find_spec(name) is None]
        lacking += [name for name in self.programs if shutil.which(name) is None]
        if lacking:
            raise Missing(f"{', '.join(lacking)} not found; {self.install}")


PIP = "pip install 'geventchat[compare]'"


def model(name: str, module: str, *flags: str, modules: tuple[str, ...] = ()) -> Contestant:
    """One of the models of this repository."""

    def command(port: int, _directory: Path) -> list[str]:
        return [sys.executable, "-m", f"loadtest.models.{module}", str(port), *flags]

    return Contestant(name, command, modules=modules, install=PIP, home=REPOSITORY)


def geventchat(name: str, mode: str, *, durable: bool = False) -> Contestant:
    """The server this repository is about, in one process."""

    def command(port: int, directory: Path) -> list[str]:
        database = f"sqlite:///{directory / 'chat.db'}" if durable else "none"
        flags = f"--port {port} --mode {mode} --max-connections {MAX_CLIENTS}".split()
        return [sys.executable, "-m", "geventchat", "serve", *flags, "--database", database]

    return Contestant(name, command, modules=("gevent", "sqlalchemy"), install=PIP, home=SOURCE)
