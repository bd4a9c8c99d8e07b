"""Folders that are removed behind us, or by the next of us if we are killed."""

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

# Locked by whoever uses the folder; the kernel unlocks it when they are gone, however they went.
OWNER = "owner"


@contextmanager
def own_folder(name: str) -> Iterator[Path]:
    """An empty folder, `geventchat-NAME-…`, where temporary ones are."""
    prefix = f"geventchat-{name}-"
    _remove_orphans(prefix)
    with tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as at:
        made = Path(at, f"new-{OWNER}")
        with made.open("w") as owner:
            fcntl.flock(owner, fcntl.LOCK_EX)
            made.rename(made.with_name(OWNER))  # Whoever finds it finds it locked.
            yield Path(at)


def _remove_orphans(prefix: str) -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        with suppress(OSError), (folder / OWNER).open() as owner:  # In use, or not ours.
            fcntl.flock(owner, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
