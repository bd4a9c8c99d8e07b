"""Every command that the page on the tutorials prints runs as printed, ports apart."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from loadtest.compare.child import free_port, running
from loadtest.compare.cores import pick
from loadtest.compare.targets import FETCHERS, REPOSITORY, model, models, pages
from tests.loadtest.models.programs import run
from tests.loadtest.models.test_servers import answer, connected, started

PAGE = REPOSITORY / "docs" / "models" / "tutorials.md"
PYTHON = ".venv/bin/python -m "
SCRIPTS = {
    "scripts/serve": ("geventchat", "serve"),
    "scripts/load": ("loadtest",),
    "scripts/compare": ("loadtest.compare",),
}
NEEDS = {module: needs for _name, module, needs in FETCHERS} | {
    "late_patching": ("gevent",),
    "monkey_patching": ("gevent",),
    "save_pages": ("aiohttp", "tqdm"),
}


def rows() -> list[list[str]]:
    """The cells of every row below a heading: section, command, remark."""
    lines = PAGE.read_text().split("\n")
    cells = [line.strip("|").split(" | ") for line in lines if line.startswith("| ")]
    return [row for row in cells if row[0].strip() != "section"]


COMMANDS = sorted({row[1].strip().strip("`") for row in rows() if len(row) > 1})
PROGRAMS = [command.removeprefix(PYTHON) for command in COMMANDS if command.startswith(PYTHON)]


def of(*packages: str) -> list[str]:
    return [
        one for one in PROGRAMS if one.startswith(tuple(f"loadtest.models.{p}" for p in packages))
    ]


FETCHING = [one for one in PROGRAMS if "http://127.0.0.1:9001" in one]
SERVING = [one for one in PROGRAMS if one.endswith(" 9000") and "lessons.ask" not in one]
DATABASES = [one for one in of("databases") if one not in SERVING]
ALONE = [one for one in of("lessons") if one not in FETCHING + SERVING and "ask" not in one]


def split(program: str) -> tuple[str, list[str]]:
    """The module below `loadtest.models`, and the arguments."""
    module, *arguments = shlex.split(program)
    return module.removeprefix("loadtest.models."), arguments


def skip_without(module: str) -> None:
    name = module.rpartition(".")[2]
    lacking = [need for need in NEEDS.get(name, ()) if find_spec(need) is None]
    if lacking:
        pytest.skip(f"{', '.join(lacking)} not installed")


def test_each_row_has_a_section_a_command_and_a_remark() -> None:
    assert len(rows()) > 40
    for row in rows():
        assert len(row) == 3 and all(cell.strip() for cell in row), row
    assert {
        command for command in COMMANDS if not command.startswith((PYTHON, "scripts/"))
    } == set()


def test_no_command_is_left_untested() -> None:
    tested = {*FETCHING, *SERVING, *DATABASES, *ALONE, "loadtest.models.lessons.ask 9000"}
    assert set(PROGRAMS) == tested


def test_every_lesson_and_every_client_is_somewhere_on_the_page() -> None:
    told = {split(program)[0] for program in PROGRAMS}
    for package in ("lessons", "clients", "databases"):
        folder = REPOSITORY / "loadtest" / "models" / package
        names = {path.stem for path in folder.glob("*.py")} - {"__init__", "pages"}
        assert {f"{package}.{name}" for name in names} <= told


@pytest.mark.parametrize("command", [one for one in COMMANDS if one.startswith("scripts/")])
def test_scripts_take_what_is_printed(command: str) -> None:
    script, *arguments = shlex.split(command)
    assert os.access(REPOSITORY / script, os.X_OK)
    ended = subprocess.run(
        [sys.executable, "-m", *SCRIPTS[script], *arguments, "--help"],
        cwd=REPOSITORY,
        capture_output=True,
        check=False,
        timeout=30,
        text=True,
    )
    assert ended.returncode == 0, ended.stderr
    options = [word for word in arguments if word.startswith("--")]
    assert [option for option in options if option not in ended.stdout] == []


@pytest.fixture(scope="module")
def page_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    home, port = tmp_path_factory.mktemp("http"), free_port()
    command = [sys.executable, "-m", "loadtest.models.http.stdlib_server", str(port)]
    with running(command, port, pick(), REPOSITORY, home / "stderr"):
        yield port


@pytest.mark.parametrize("program", FETCHING)
def test_clients_fetch(program: str, page_port: int, tmp_path: Path) -> None:
    module, arguments = split(program)
    skip_without(module)
    placed = [
        word.replace("9001", str(page_port)).replace("saved-pages", str(tmp_path))
        for word in arguments
    ]
    ended = run(module, *placed)
    assert (ended.code, ended.err) == (0, "")
    assert re.search(r'"pages": 50\b|^50 pages saved', ended.out)


@pytest.mark.parametrize("program", SERVING)
def test_servers_serve(program: str, tmp_path: Path) -> None:
    module, _port = split(program)
    known = {" ".join(target.command(0, tmp_path)): target for target in [*models(), *pages()]}
    target = model(module, module)
    target = known.get(" ".join(target.command(0, tmp_path)), target)
    if any(find_spec(need) is None for need in target.modules):
        pytest.skip(f"{target.modules} not installed")
    with started(target, tmp_path) as child:
        if module.startswith("servers"):
            with connected(child) as sock:
                sock.sendall(b"hello\n")
                assert answer(sock, 6) == b"HELLO\n"


@pytest.mark.parametrize("program", ALONE)
def test_lessons_end_well(program: str) -> None:
    module, arguments = split(program)
    skip_without(module)
    ended = run(module, *arguments)
    assert ended.code == 0, ended.err
    assert ended.out


@pytest.mark.parametrize("program", [*DATABASES, "loadtest.models.lessons.ask 9000"])
def test_programs_that_need_a_server_tell_what_they_take(program: str) -> None:
    # With such a server they run in their own tests.
    module, _arguments = split(program)
    ended = run(module, "--help")
    assert ended.code == 0, ended.err
    assert ended.out.startswith("usage: ")


PAGES = [REPOSITORY / "docs" / "models.md", *sorted(PAGE.parent.glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_the_pages_link_to_and_name_is_there(page: Path) -> None:
    text = page.read_text()
    for target, heading in re.findall(r"\]\(([\w./-]*)#?([\w-]*)\)", text):
        file = (page.parent / target) if target else page
        assert file.exists(), target
        if heading:
            headings = re.findall(r"^#+ (.+)$", file.read_text(), re.MULTILINE)
            anchors = {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in headings}
            assert heading in anchors, f"{target}#{heading}"
    for module in re.findall(r"python -m ([\w.]+)", text):
        assert (REPOSITORY / f"{module.replace('.', '/')}.py").is_file(), module
