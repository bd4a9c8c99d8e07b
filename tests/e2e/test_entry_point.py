"""The entry point patches before anything else is imported, and costs little."""

from __future__ import annotations

import subprocess
import sys

from tests.running import environment


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
    )
    assert done.stderr == ""
    return done.stdout.strip()


def test_the_package_imports_nothing() -> None:
    code = """
import sys
before = set(sys.modules)
import geventchat
print(sorted(set(sys.modules) - before))
"""
    assert run(code) == "['geventchat']"


def test_patching_comes_first() -> None:
    code = """
import sys
class Watch:
    def find_spec(self, name, path=None, target=None):
        if name == "geventchat.cli":
            from gevent import monkey
            print(monkey.is_module_patched("socket"), monkey.is_module_patched("threading"))
sys.meta_path.insert(0, Watch())
import geventchat.__main__
"""
    assert run(code) == "True True"


def test_only_the_entry_point_patches() -> None:
    code = """
import geventchat.app, geventchat.journal.database.choice, geventchat.cli
from gevent import monkey
print(monkey.is_anything_patched() if hasattr(monkey, "is_anything_patched") else monkey.saved)
"""
    assert run(code) in ("False", "{}")


def test_a_short_command_does_not_import_the_database() -> None:
    code = """
import sys
sys.argv = ["geventchat", "serve", "--check-config"]
from geventchat.__main__ import main
main()
print([name for name in ("sqlalchemy", "geventchat.app") if name in sys.modules])
"""
    assert run(code).splitlines() == ["The configuration is good.", "[]"]


def test_connect_is_not_patched_and_knows_no_gevent() -> None:
    code = """
import sys
before = set(sys.modules)  # What counts the lines that are run may have come already.
sys.argv = ["geventchat", "connect", "not an address"]
from geventchat.__main__ import main
sys.stderr = sys.stdout
try:
    main()
except SystemExit as end:
    print(end.code)
new = set(sys.modules) - before
print([n for n in ("gevent", "greenlet", "sqlalchemy", "prompt_toolkit") if n in new])
"""
    told, exit_code, imported = run(code).splitlines()
    assert told == "geventchat: 'not an address' is not HOST:PORT, such as chat.example:8080"
    assert (exit_code, imported) == ("2", "[]")
