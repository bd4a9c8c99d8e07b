"""The database's files: who may read them, who holds them, whether they are still there.

SQLite opens its files once and writes to what it opened, whatever becomes of
the name. So a file that was removed or replaced under a running server takes
commits until the server ends, and then nobody finds them. `Files.check` asks
before each commit; it costs three looks at a directory, 5 µs.

MUST NOT: keep or close a descriptor of the database itself while SQLite has it
open; POSIX locks belong to the process, and closing any descriptor drops them.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO

from sqlalchemy import URL

from geventchat.errors import JournalTaken, StartError, StoreError

# What people say to each other is the server's own business, not that of everybody
# who has an account on the machine.
PRIVATE_MODE = 0o600
# The first bytes of every SQLite 3 file ("Database File Format", 1.3.1).
_LOCK = "-lock"
_MAGIC = b"SQLite format 3\0"
GONE = "the database's files were removed or replaced"


def path_of(url: URL) -> Path:
    """The file that a database URL names. Raises `StartError`."""
    if url.database in (None, "", ":memory:"):
        raise StartError("database: an SQLite URL names a file; for memory only use 'none'")
    # Resolved, so that a link to it finds the same lock.
    return Path(str(url.database)).resolve()


class Files:
    """The database, its log beside it, and the lock file against a second server."""

    def __init__(self, path: Path) -> None:
        """Hold the lock, and see to it that only this user reads the files."""
        self._path = path
        self._lock_path = path.with_name(path.name + _LOCK)
        self._names = str(path), f"{path}-wal", str(self._lock_path)
        locked_before = self._lock_path.exists()
        self._lock = self._locked()
        try:
            _refuse_another(path)
        except StartError:
            if not locked_before:  # Nothing of ours stays beside a file that is not.
                self._lock_path.unlink()
            self.close()
            raise
        self._lock_identity = _identity(self._lock.fileno())
        self._known: tuple[tuple[int, int], ...] = ()
        self._make_private()

    def opened(self) -> None:
        """Remember which files SQLite has opened."""
        self._known = self._found()

    def check(self) -> None:
        """Raise `StoreError` unless the names still lead to what SQLite writes to.

        Refusing loses least: SQLite still holds the files, so what they have can
        be copied from the process's descriptors, and when they are back at their
        place, all goes on. A lock file that somebody took for a stale one is made anew.
        """
        if self._found() != self._known:
            raise StoreError(GONE)
        if _identity(self._names[2]) != self._lock_identity:
            stale = self._lock
            try:
                self._lock = self._locked()
            except StartError as error:
                raise JournalTaken(str(error)) from error
            stale.close()
            self._lock_identity = _identity(self._lock.fileno())

    def close(self) -> None:
        """Let go of the lock."""
        self._lock.close()

    def _found(self) -> tuple[tuple[int, int], ...]:
        return _identity(self._names[0]), _identity(self._names[1])

    def _locked(self) -> IO[str]:
        """Hold the lock file beside the database; two servers would number events twice."""
        try:
            flags = os.O_RDWR | os.O_CREAT | os.O_APPEND
            file = os.fdopen(privately(str(self._lock_path), flags), "a+")
        except OSError as error:
            raise StartError(f"cannot use database {self._path}: {error.strerror}") from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            holder = file.read(20).strip() or "another process"
            file.close()
            raise StartError(f"database {self._path} is in use by process {holder}") from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        return file

    def _make_private(self) -> None:
        """Make the database before SQLite does, which gives its other files the same mode.

        What cannot be made or changed is left to SQLite, which says why.
        """
        try:
            os.close(privately(str(self._path), os.O_RDWR | os.O_CREAT))
        except OSError:
            return
        for name in ("", "-wal", "-shm", "-lock"):
            try:
                self._path.with_name(self._path.name + name).chmod(PRIVATE_MODE)
            except OSError:
                pass  # It is not there, or another user's who lets us write to it.


def is_held(path: Path) -> bool:
    """Whether a process holds the lock file beside a database."""
    try:
        with path.with_name(path.name + _LOCK).open("rb") as file:
            # A shared one, which keeps nobody out who looks as well, for a few microseconds.
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        pass  # There is none, or it cannot be read: opening the database tells.
    return False


def _refuse_another(path: Path) -> None:
    """Raise `StartError` for a file that begins as no SQLite database does.

    Its mode would be changed. What is not there, empty, no plain file or not to be read is
    left to SQLite, which says what of it.
    """
    try:
        start = b""
        if path.is_file():
            with path.open("rb") as file:
                start = file.read(len(_MAGIC))
    except OSError:
        return
    if start not in (b"", _MAGIC):
        raise StartError(f"cannot use database {path}: file is not a database")


def privately(path: str, flags: int) -> int:
    """Open a file that only its user may read, if it is made now; its descriptor."""
    return os.open(path, flags, PRIVATE_MODE)


def _identity(file: str | int) -> tuple[int, int]:
    """Which file it is; zeros when there is none."""
    try:
        found = os.stat(file)  # noqa: PTH116 (asked for each commit; a Path takes twice as long)
    except OSError:
        return 0, 0
    return found.st_dev, found.st_ino
