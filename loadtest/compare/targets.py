"""The servers that can be measured: what starts each, what it needs installed, and which there are.

The lists are in the order of the tables.
"""

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
class Target:
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


def model(name: str, module: str, *flags: str, modules: tuple[str, ...] = ()) -> Target:
    """One of the models of this repository."""

    def command(port: int, _directory: Path) -> list[str]:
        return [sys.executable, "-m", f"loadtest.models.{module}", str(port), *flags]

    return Target(name, command, modules=modules, install=PIP, home=REPOSITORY)


def geventchat(name: str, mode: str, *, durable: bool = False) -> Target:
    """The server this repository is about, in one process."""

    def command(port: int, directory: Path) -> list[str]:
        database = f"sqlite:///{directory / 'chat.db'}" if durable else "none"
        flags = f"--port {port} --mode {mode} --max-connections {MAX_CLIENTS}".split()
        return [sys.executable, "-m", "geventchat", "serve", *flags, "--database", database]

    return Target(name, command, modules=("gevent", "sqlalchemy"), install=PIP, home=SOURCE)


def servers(*flags: str) -> list[Target]:
    """The upper-casing servers; ratios are relative to the first."""
    mode = "echo" if "--echo" in flags else "upper"
    return [geventchat("geventchat", mode), *models(*flags)]


def models(*flags: str) -> list[Target]:
    """Those of them that are models, in the families of the page on models."""
    return [
        model("one client at a time", "servers.blocking", *flags),
        model("a thread per connection", "servers.thread_per_connection", *flags),
        model("ThreadPoolExecutor", "servers.thread_pool", *flags),
        model("ProcessPoolExecutor", "servers.process_pool", *flags),
        model("pre-forked processes", "servers.pre_forked", *flags),
        model("pre-forked asyncio", "servers.pre_forked_asyncio", *flags),
        model("select", "servers.select_loop", *flags),
        model("poll", "servers.poll_loop", *flags),
        model("epoll", "servers.epoll_loop", *flags),
        model(
            "greenlets on epoll, by hand",
            "servers.greenlet_switcher",
            *flags,
            modules=("greenlet",),
        ),
        model("gevent accept loop", "servers.gevent_accept_loop", *flags, modules=("gevent",)),
        model("gevent StreamServer", "servers.gevent_stream_server", *flags, modules=("gevent",)),
        model("asyncio streams", "servers.asyncio_streams", *flags),
        model("asyncio Protocol", "servers.asyncio_protocol", *flags),
        model("uvloop streams", "servers.uvloop_streams", *flags, modules=("uvloop",)),
        model("uvloop Protocol", "servers.uvloop_protocol", *flags, modules=("uvloop",)),
        model("Twisted", "servers.twisted_protocol", *flags, modules=("twisted",)),
    ]


def pages() -> list[Target]:
    """The HTTP servers."""
    return [
        model("aiohttp", "http.aiohttp_server", modules=("aiohttp",)),
        model("FastAPI on uvicorn", "http.fastapi_server", modules=("fastapi", "uvicorn")),
        model("standard library, threads", "http.stdlib_server"),
    ]


# The fetching clients: a name, its module, and what that needs.
FETCHERS = [
    ("gevent, Pool", "gevent_pool", ("gevent",)),
    ("gevent, Greenlet subclass", "greenlet_subclass", ("gevent",)),
    ("grequests", "grequests_imap", ("gevent", "grequests")),
    ("one after the other", "sequential", ("tqdm",)),
    ("a thread per page", "thread_per_page", ()),
    ("ThreadPoolExecutor", "thread_pool", ()),
    ("ProcessPoolExecutor", "process_pool", ()),
    ("requests in an executor", "requests_executor", ("requests",)),
    ("asyncio streams", "asyncio_streams", ()),
    ("aiohttp", "aiohttp_semaphore", ("aiohttp",)),
    ("select loop", "select_loop", ()),
    ("Twisted", "twisted_agent", ("twisted",)),
]
