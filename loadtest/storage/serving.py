"""geventchat on a database."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from loadtest.compare.child import Child, free_port, running
from loadtest.compare.cores import pick
from loadtest.compare.targets import SOURCE


@contextmanager
def serving(url: str, directory: Path, *flags: str) -> Iterator[Child]:
    """geventchat on that database, on whichever cores are free."""
    port = free_port()
    command = [sys.executable, "-m", "geventchat", "serve", "--port", str(port)]
    command += ["--database", url, *flags]
    cores = pick()._replace(shared=True)
    with running(command, port, cores, SOURCE, directory / "log") as child:
        yield child
