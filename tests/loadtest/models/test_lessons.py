"""The lessons show what they say. Order and counts are judged here, never the clock."""

import socket
import threading
import time
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from loadtest.compare.child import Child, free_port
from loadtest.compare.targets import model
from loadtest.models.entry import computed
from loadtest.models.lessons.characters import named
from loadtest.models.lessons.switching_cost import WAYS, Way, nanoseconds_a_step
from loadtest.models.lessons.triggers import ask_three_times
from tests.loadtest.models.programs import run
from tests.loadtest.models.test_servers import answer, connected, started


def columns(line: str) -> list[str]:
    return [cell for cell in line.split("  ") if cell]


def test_patching_changes_what_the_page_says() -> None:
    ended = run("lessons.monkey_patching")
    assert ended.code == 0, ended.err
    told = {question: (before.strip(), after.strip()) for question, before, after in
            (columns(line) for line in ended.lines[1:])}  # fmt: skip
    assert told["time.sleep comes from"] == ("time", "gevent.hub")
    before, after = told["a greenlet's thread is called"]
    assert (before, after.partition("-")[0]) == ("MainThread", "Dummy")
    assert told["a greenlet's thread is a"] == ("_MainThread", "_DummyThread")
    assert told["a new Thread runs in"] == ("a thread of the kernel", "a greenlet")
    waits = told["a greenlet that waits in recv gets"]
    assert waits == ("nothing: the sender never ran", "hello")
    for question, at_once in (
        ("ten calls, one after the other", ("1", "1")),
        ("ten greenlets with gevent.sleep", ("10", "10")),
        ("ten greenlets with time.sleep", ("1", "10")),
    ):
        found = tuple(cell.split(", ")[1] for cell in told[question])
        assert found == tuple(f"{number} at once" for number in at_once), question


def test_patching_late_breaks_what_was_imported_before() -> None:
    late, in_time = run("lessons.late_patching"), run("lessons.late_patching", "--in-time")
    assert "MonkeyPatchWarning" in late.err
    assert in_time.err == ""
    assert late.lines[:2] == [
        "sleep is from: time",
        "two sleepers: a begins, a ends, b begins, b ends",
    ]
    assert late.lines[2].startswith("a TLS context: RecursionError")
    assert in_time.lines == [
        "sleep is from: gevent.hub",
        "two sleepers: a begins, b begins, a ends, b ends",
        "a TLS context: made",
    ]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_every_way_of_switching_comes_to_the_same_sums(way: Way) -> None:
    assert nanoseconds_a_step(way, 1000) > 0


def test_a_wrong_sum_is_no_measurement() -> None:
    with pytest.raises(AssertionError, match="lazy"):
        nanoseconds_a_step(Way("lazy", lambda _steps: (0, 0)), 1000)


def test_the_cost_of_switching_is_a_table_for_the_page() -> None:
    ended = run("lessons.switching_cost", "--steps", "1000", "--rounds", "1")
    assert ended.code == 0, ended.err
    assert [line.split(" | ")[0] for line in ended.lines[2:]] == [f"| {way.name}" for way in WAYS]
    assert ended.lines[2].split(" | ")[2] == "1.0"


@pytest.mark.parametrize("kind", ["select", "poll", "epoll"])
def test_a_level_is_told_each_time(kind: str) -> None:
    assert ask_three_times(kind) == [True, True, True]


def test_an_edge_is_told_once() -> None:
    assert ask_three_times("epoll, edge triggered") == [True, False, True]
    ended = run("lessons.triggers")
    assert ended.code == 0, ended.err
    assert ended.lines[5] == "after an edge, read until it would block: b'ten bytes.'"
    assert "select: ValueError" in ended.lines[6]
    assert ended.lines[7:] == [
        f"descriptor 1500, {kind}: names [1500]" for kind in ("poll", "epoll")
    ]


def test_two_greetings_take_turns() -> None:
    ended = run("lessons.greetings")
    assert ended.code == 0, ended.err
    assert ended.lines[:5] == [
        "MainThread: Hello, Ann!",
        "MainThread: Hello, Bob!",
        "MainThread: Hello again, Bob!",
        "MainThread: Hello again, Ann!",
        "all greeted: ['Ann', 'Bob']",
    ]
    assert ended.lines[-1] == "all greeted: ['Eve', 'Joe']"


def test_ninety_nine_lines_come_out_of_both_iterators() -> None:
    ended = run("lessons.async_iterator")
    assert ended.code == 0, ended.err
    assert [line.split(": ")[1] for line in ended.lines] == [
        "99 lines, from 'line 1' to 'line 99'"
    ] * 2


def test_the_heart_stops_only_for_what_blocks_the_loop() -> None:
    ended = run("lessons.heartbeat")
    assert ended.code == 0, ended.err
    assert len(ended.lines) == 13
    for line in ended.lines:
        name, beats = line[9:37].strip(), int(line[37:].split()[0])
        if name.endswith(("in a coroutine", "in a greenlet", "not patched")):
            assert beats == 0, line
        elif "a file" not in name:  # A fast disk takes it between two beats.
            assert beats > 0, line


def test_futures_are_finished_awaited_and_bridged() -> None:
    ended = run("lessons.futures")
    assert ended.code == 0, ended.err
    told = dict(line.split(": ", 1) for line in ended.lines if ": " in line)
    assert told["nobody finishes it"] == "TimeoutError, and it is cancelled: True"
    assert told["another task finishes it"] == "here it is"
    assert told["a Task is a Future"] == "True slept"
    assert told["it keeps an exception, too"] == "ValueError('no luck')"
    assert told["a callback of a pool"] == "1024"
    assert told["map keeps the order"] == "[1, 4, 9]"
    assert told["await of a pool's future"].startswith("TypeError")
    assert told["wrapped, it can be awaited"] == "1024"
    assert [told[f"in {where}"] for where in ("the loop's own pool", "a pool of threads")] + [
        told["in a pool of processes"]
    ] == ["1024"] * 3
    assert "work runs in pool_0" in ended.lines
    assert ended.lines[-1] == "finished by a thread"


def served(module: str, tmp_path: Path) -> AbstractContextManager[Child]:
    return started(model(module, module), tmp_path)


def test_pages_are_looked_up_fetched_and_saved(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    with served("http.stdlib_server", tmp_path) as child:
        url = f"http://127.0.0.1:{child.port}"
        ended = run("lessons.save_pages", url, str(folder), "fox", "hen", "--at-once", "1")
        refused = run("lessons.save_pages", url, str(folder), "missing")
    assert (ended.code, ended.out, ended.err) == (0, f"2 pages saved in {folder}\n", "")
    assert (folder / "fox.json").read_text().endswith('"upper": "FOX"}')
    assert refused.code == 1
    assert "404" in refused.err and "Traceback" not in refused.err


def test_characters_are_found_by_words_of_their_names(tmp_path: Path) -> None:
    assert "U+2603 ☃ SNOWMAN" in named("snowman")
    assert len(named("letter")) == 20
    assert named("") == named("nosuchcharacter") == []
    with served("lessons.characters", tmp_path) as child, connected(child) as sock:
        sock.sendall(b"BLACK SNOWMAN\n\xff\n")
        expected = "U+26C7 ⛇ BLACK SNOWMAN\nnothing found\n".encode()
        assert answer(sock, len(expected)) == expected


def test_the_interactive_client_shows_answers_until_the_end(tmp_path: Path) -> None:
    with served("servers.gevent_accept_loop", tmp_path) as child:
        ended = run("lessons.ask", str(child.port), typed="hello\nYou there, grün\n")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == ">>: HELLO\n>>: YOU THERE, GRüN\n>>: "


def test_the_interactive_client_says_what_is_wrong() -> None:
    refused = run("lessons.ask", str(free_port()))
    assert refused.code == 1
    assert "refused" in refused.err and "Traceback" not in refused.err
    assert run("lessons.ask", "nowhere").code == 2


def test_the_interactive_client_notices_that_the_server_left() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def leave() -> None:
            sock, _address = listener.accept()
            with sock:
                sock.recv(100)

        thread = threading.Thread(target=leave)
        thread.start()
        ended = run("lessons.ask", str(listener.getsockname()[1]), typed="hello\n")
        thread.join()
    assert (ended.code, ended.err) == (1, "the server closed the connection\n")


def test_what_is_computed_costs_time_of_this_thread() -> None:
    start = time.thread_time()
    assert computed(b"compute 30\n") == b"COMPUTE 30\n"
    assert time.thread_time() - start >= 0.03


@pytest.mark.parametrize(
    "asked", [b"compute", b"compute \n", b"compute -1\n", b"compute 9999999999\n", b"fox\n"]
)
def test_other_lines_are_only_put_in_upper_case(asked: bytes) -> None:
    assert computed(asked) == asked.upper()
