"""A history that nobody has said can be read back from the server, to its first line."""

from pathlib import Path

from loadtest.attacks.attack import Ground
from loadtest.attacks.client import CAPABILITIES, IrcClient, Person
from loadtest.attacks.prepared import ROOM, fill
from loadtest.compare.cores import pick
from loadtest.compare.targets import SOURCE

LINES = 3000


def test_the_server_reads_back_what_was_prepared(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    for number in range(2):  # The second time it is copied.
        directory = tmp_path / f"ground{number}"
        directory.mkdir()
        ground = Ground(SOURCE, directory, "sqlite", pick(), cache=cache)
        fill(ground, LINES)
        with ground.server() as server:
            with Person(server.port) as alice:
                read = alice.ask(f"/join {ROOM}", f"/history 2 {ROOM}")
            with IrcClient(server.port, "bob", capabilities=CAPABILITIES) as bob:
                ends = "timestamp=2000-01-01T00:00:00.000Z"
                oldest = bob.ask(f"JOIN {ROOM}", f"CHATHISTORY AFTER {ROOM} {ends} 2")
        assert [line.rpartition("> ")[2] for line in read[-3:-1]] == ["line 2999", "line 3000"]
        assert [line.rpartition(":")[2] for line in oldest if "PRIVMSG" in line] == [
            "a line of long ago",
            "line 1",
        ]
    assert list(cache.iterdir()) == [cache / f"{LINES}.db"]
