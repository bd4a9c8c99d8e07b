"""The attacker: one attack in a process of its own, so that its work is nobody else's.

It says "ready" when it is prepared, waits for a line, attacks, and tells as JSON what it has seen.

    python -m loadtest.attacks.assault NAME PORT SECONDS PEOPLE
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from loadtest.attacks.attack import ATTACKS, Scene, Seen
from loadtest.attacks.client import Hung
from loadtest.compare.errors import RowFailed

READY = "ready\n"
# The attacker gives way to those who measure; it is on their core.
NICER = 10
# Beyond its own time it may take so long to notice that the time is up.
GRACE_S = 90.0


@dataclass
class Attacker:
    """The running process."""

    process: "subprocess.Popen[str]"

    def go(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def over(self) -> bool:
        return self.process.poll() is not None

    def seen(self) -> Seen:
        """What it tells; RowFailed when it broke down. It must be over."""
        out = self.process.stdout.read() if self.process.stdout else ""
        if self.process.returncode or not out:
            raise RowFailed(f"the attacker failed: {out.strip()[-200:] or 'see above'}")
        return Seen(**json.loads(out))


@contextmanager
def attacking(name: str, scene: Scene, wait_s: float) -> Iterator[Attacker]:
    """Start it and wait until it is prepared; end it in any case."""
    program = [sys.executable, "-m", "loadtest.attacks.assault", name]
    arguments = [str(scene.port), str(scene.seconds), str(scene.people)]
    with program_ready([*program, *arguments], wait_s) as process:
        yield Attacker(process)


@contextmanager
def program_ready(command: list[str], wait_s: float) -> "Iterator[subprocess.Popen[str]]":
    """A program of ours that says when it is ready. RowFailed when it says something else."""
    import select

    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
    assert process.stdin is not None and process.stdout is not None
    try:
        said = ""
        if select.select([process.stdout], [], [], wait_s)[0]:
            said = process.stdout.readline()
        if said != READY:
            raise RowFailed(f"{command[2]}: {said.strip() or 'it is not ready in time'}")
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        try:
            process.stdin.close()
        except OSError:
            pass  # It ended before it had read everything.


def main(name: str, port: str, seconds: str, people: str) -> int:
    """Prepare, wait, attack, tell."""
    from loadtest.attacks import catalogue  # noqa: F401  # fills ATTACKS

    os.nice(NICER)
    assault = ATTACKS[name].program(Scene(int(port), float(seconds), int(people)))
    try:
        next(assault)
        print(READY, end="", flush=True)
        if not sys.stdin.readline():
            return 1
        next(assault)
    except StopIteration as end:
        print(json.dumps(asdict(end.value)))
        return 0
    except (Hung, OSError) as why:
        print(f"{type(why).__name__}: {why}")
        return 1
    raise AssertionError(f"{name} yields twice")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
