"""The programs for Redis and MySQL, against real servers in a directory of their own."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from loadtest.compare.child import free_port, running
from loadtest.compare.cores import pick
from loadtest.compare.targets import model
from loadtest.storage.kinds import started as started_database
from tests.databases import Databases
from tests.loadtest.models.programs import run
from tests.loadtest.models.test_servers import started

pytest.importorskip("redis")
pytest.importorskip("pymysql")


def needed(program: str) -> str:
    found = shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/local/sbin")
    if not found:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{program} is not installed")
    return str(found)


@pytest.fixture(scope="module")
def redis_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    home, port = tmp_path_factory.mktemp("redis"), free_port()
    flags = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", str(home)]
    with running([needed("redis-server"), *flags], port, pick(), home, home / "log"):
        yield port


@pytest.fixture(scope="module")
def mysql_ports(databases: Databases) -> Iterator[tuple[int, int]]:
    one = databases.server("mariadb")
    with started_database("mariadb") as two:
        yield one.port, two.port


def test_a_hash_is_written_and_read(redis_port: int) -> None:
    ended = run("databases.redis_hash", f"redis://127.0.0.1:{redis_port}/0")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == "lesson:ann is {'name': 'Ann', 'lines': '42'}\n"


def test_two_databases_are_visited_at_the_same_time(redis_port: int) -> None:
    urls = [f"redis://127.0.0.1:{redis_port}/{number}" for number in (0, 1)]
    ended = run("databases.redis_pair", *urls)
    assert (ended.code, ended.err) == (0, "")
    assert ended.lines[:2] == [f"writing to {url}" for url in urls]
    assert ended.lines[4:] == [f"{url} had {{'where': '{url}', 'lines': '1'}}" for url in urls]


@pytest.mark.parametrize("program", ["redis_hash", "redis_pair"])
def test_no_redis_is_said(program: str) -> None:
    ended = run(f"databases.{program}", f"redis://127.0.0.1:{free_port()}/0")
    assert ended.code == 1
    assert "onnect" in ended.err and "Traceback" not in ended.err


def asked(url: str, method: str = "GET") -> tuple[int, dict]:
    try:
        with urlopen(Request(url, method=method), timeout=10) as answer:
            return answer.status, json.loads(answer.read())
    except HTTPError as why:
        with why:
            return why.code, json.loads(why.read())


def test_a_web_server_lends_connections_of_its_pool(redis_port: int, tmp_path: Path) -> None:
    pytest.importorskip("fastapi")
    flags = ("--redis", f"redis://127.0.0.1:{redis_port}/2")
    with started(model("routes", "databases.redis_fastapi", *flags), tmp_path) as child:
        url = f"http://127.0.0.1:{child.port}"
        assert asked(f"{url}/") == (200, {"hello": "world"})
        assert asked(f"{url}/slow?seconds=0.01") == (200, {"waited": 0.01})
        assert asked(f"{url}/people/ann")[0] == 404
        ann = {"name": "ann", "city": "Köln"}
        assert asked(f"{url}/people/ann?city=K%C3%B6ln", "PUT") == (200, ann)
        assert asked(f"{url}/people/ann") == (200, ann)


def test_a_web_server_without_its_database_says_so(tmp_path: Path) -> None:
    pytest.importorskip("fastapi")
    flags = ("--redis", f"redis://127.0.0.1:{free_port()}/0")
    with started(model("routes", "databases.redis_fastapi", *flags), tmp_path) as child:
        url = f"http://127.0.0.1:{child.port}"
        assert asked(f"{url}/people/ann")[0] == 503
        assert asked(f"{url}/")[0] == 200


def test_one_question_goes_to_two_servers(mysql_ports: tuple[int, int]) -> None:
    servers = [f"127.0.0.1:{port}" for port in mysql_ports]
    sql = "SELECT %s, @@port"
    ended = run("databases.mysql_select", *servers, "--sql", sql, "--value", "Ann's; 100 %")
    assert (ended.code, ended.err) == (0, "")
    assert ended.lines == [f'127.0.0.1:{port}: [("Ann\'s; 100 %", {port})]' for port in mysql_ports]
    assert "hello" in run("databases.mysql_select", servers[0]).out


def test_a_wrong_question_and_no_mysql_are_said(mysql_ports: tuple[int, int]) -> None:
    there, nowhere = f"127.0.0.1:{mysql_ports[0]}", f"127.0.0.1:{free_port()}"
    for arguments, words in (
        ((there, "--sql", "SELEKT 1"), "SQL syntax"),
        ((there, "--sql", "SELECT %s", "--value", "a", "--value", "b"), "arguments"),
        ((nowhere,), "connect"),
        (("127.0.0.1:port",), "port"),
    ):
        ended = run("databases.mysql_select", *arguments)
        assert ended.code == 1
        assert words in ended.err and "Traceback" not in ended.err
