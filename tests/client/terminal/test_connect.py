"""The command: options, exit codes, one line for every mistake."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from geventchat.client.terminal import errors
from geventchat.client.terminal.connect import INTERRUPTED
from geventchat.client.terminal.registration import NEEDED
from tests.client.terminal.between import CERTIFICATE, Between, Listener, says
from tests.client.terminal.programs import piped
from tests.client.terminal.window import Window
from tests.conftest import Serve
from tests.running import ROOT, Running, environment


def failing(*arguments: str, text: str = "hello\n", **more: str) -> tuple[int, str]:
    """The exit code and the one line of a run that fails."""
    done = piped(*arguments, text=text, **more)
    assert (done.stdout, done.stderr.count("\n")) == ("", 1), done
    return done.returncode, done.stderr.strip().removeprefix("geventchat: ")


def test_a_line_through_a_pipe(server: Running) -> None:
    bob = server.line_client("bob")
    bob.ask("/join #ci")
    done = piped(f"127.0.0.1:{server.port}", "--room", "#ci", "--nick", "ci", text="build ok\n")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    bob.expect(r"\[..:..\] <ci> build ok")


def test_printing_what_is_said(server: Running) -> None:
    server.line_client("bob").ask("/join #ci", "before")
    done = piped(f":{server.port}", "--room", "ci", "--nick", "ci", "--print", text="a\nb\n")
    said = [line.partition("] ")[2] for line in done.stdout.splitlines()]
    assert (done.returncode, said) == (0, ["<ci> a", "<ci> b"])


def test_exit_codes() -> None:
    codes = {
        errors.NotTaken: 1,
        errors.UsageError: 2,
        errors.Unreachable: 3,
        errors.Untrusted: 3,
        errors.NotLetIn: 3,
        errors.ConnectionLost: 4,
    }
    assert {kind: kind.exit_code for kind in codes} == codes


def names_us_oddly(sock: socket.socket) -> None:
    """A server that calls everybody by a name that clears the screen, and hangs up."""
    caps = " ".join(NEEDED)
    greeting = [f"CAP * LS :{caps}", f"CAP * ACK :{caps}", "001 a\x1b[2J :Hi", "422 a :No"]
    sock.sendall("".join(f":s {one}\r\n" for one in (*greeting, "PONG s welcomed")).encode())
    heard = b""
    while b"JOIN" not in heard and (data := sock.recv(65536)):
        heard += data
    sock.shutdown(socket.SHUT_WR)
    while sock.recv(65536):
        pass


def test_what_a_server_calls_us_is_no_command_to_the_terminal() -> None:
    with Listener(names_us_oddly) as server:
        done = piped(f":{server.port}", "--nick", "ci", "--tls", "off", text="hello\n")
    assert "ci cannot be had; speaking as a[2J" in done.stderr
    assert "\x1b" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "says_why"),
    [
        (("a:b",), "'a:b' is not HOST:PORT"),
        (("--room", " "), "--room takes one room"),
        (("--room", "#a,#b"), "--room takes one room"),
        (("--nick", "two words"), "'two words' cannot be a nick"),
        (("--nick", "a\nQUIT"), "are one line each"),
        (("--cafile", "nowhere.pem"), "--cafile nowhere.pem: No such file"),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...], says_why: str) -> None:
    code, line = failing(*arguments)
    assert code == 2
    assert says_why in line


def test_the_page_tells_of_every_option_and_exit_code() -> None:
    page = (ROOT / "docs" / "connect.md").read_text()
    options = set(re.findall(r"--[a-z-]+", piped("--help").stdout)) - {"--help"}
    assert options == set(re.findall(r"--[a-z][a-z-]+", page))
    told = set(re.findall(r"^\| (\d+) \|", page, re.MULTILINE))
    assert told == {"0", "1", "2", "3", "4", str(INTERRUPTED)}


def test_no_server_and_no_chat_server() -> None:
    with Listener(says(b"HTTP/1.1 400 Bad Request\r\n\r\n", "closes")) as web:
        code, line = failing(f":{web.port}")
        assert (code, "it says 'HTTP/1.1 400 Bad Request'" in line) == (3, True)
    code, line = failing(f":{web.port}")
    assert (code, line) == (3, f"cannot connect to 127.0.0.1:{web.port}: nobody listens there")


@pytest.mark.parametrize("said", [b"\x1b[2J\x07\x9b31m\r\n", b"ERROR :\x1b[2J\xc2\x9bm\r\n"])
def test_no_server_writes_to_the_terminal_as_it_likes(said: bytes) -> None:
    with Listener(says(said)) as server:
        code, line = failing(f":{server.port}", "--tls", "off")
    assert code == 3
    assert line.isprintable()


def test_refusals(server: Running) -> None:
    where = f":{server.port}"
    code, line = failing(where, "--nick", "9lives")
    assert (code, line) == (1, "the nick 9lives cannot be had: Erroneous nickname")
    server.line_client("op").ask("/join #quiet", "/moderate")
    code, line = failing(where, "--nick", "ci", "--room", "#quiet")
    assert code == 1
    assert line == "line 1 was not sent: Cannot send to channel: it is moderated"


def test_the_password_comes_from_the_environment(serve: Serve) -> None:
    server = serve("--password", "sesame")
    where = f":{server.port}"
    assert failing(where) == (
        3,
        "the server wants a password: GEVENTCHAT_PASSWORD or --password",
    )
    assert failing(where, "--password", "simsim") == (3, "that is not the server's password")
    assert piped(where, text="hi\n", GEVENTCHAT_PASSWORD="sesame").returncode == 0
    with Window(where, "--nick", "alice") as window:
        window.expect(rf"Password of 127\.0\.0\.1{where}:")
        window.types("sesame")
        window.expect(r"-> You are in #lobby .*")
        window.expect_prompt("#lobby>")
        window.presses("\x03")
        assert window.ends() == 0
        assert b"sesame" not in window.sent


def test_encryption(server: Running) -> None:
    with Between(server.port, tls=True) as between:
        where = f"localhost:{between.port}"
        code, line = failing(where)
        assert code == 3
        assert line.startswith("the certificate of localhost does not hold: ")
        assert piped(where, "--cafile", CERTIFICATE, text="hi\n").returncode == 0
        assert piped(where, "--no-verify", "--tls", "on", text="hi\n").returncode == 0
    code, line = failing(f":{server.port}", "--tls", "on")
    assert (code, "does not speak TLS (--tls off to do without" in line) == (3, True)


WITHOUT_PROMPT_TOOLKIT = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "prompt_toolkit":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Missing())
sys.stdin.isatty = sys.stdout.isatty = lambda: IS_TERMINAL
from geventchat.__main__ import main
main()
"""


@pytest.mark.parametrize("is_terminal", [True, False])
def test_only_a_terminal_needs_prompt_toolkit(server: Running, is_terminal: bool) -> None:
    code = WITHOUT_PROMPT_TOOLKIT.replace("IS_TERMINAL", str(is_terminal))
    done = subprocess.run(
        [sys.executable, "-c", code, "connect", f":{server.port}", "--nick", "ci"],
        input="hello\n",
        capture_output=True,
        text=True,
        env=environment(),
        timeout=30,
        check=False,
    )
    if is_terminal:
        assert done.returncode == 2
        assert done.stderr == (
            "geventchat: talking at a terminal needs prompt_toolkit:"
            f" {sys.executable} -m pip install prompt_toolkit (a pipe does without)\n"
        )
    else:
        assert (done.returncode, done.stderr) == (0, "")


def test_whoever_reads_what_is_printed_may_have_enough(server: Running) -> None:
    done = subprocess.run(
        f"seq 1000 | {sys.executable} -m geventchat connect :{server.port} --print | head -n 1",
        shell=True,
        capture_output=True,
        text=True,
        env=environment(),
        timeout=60,
        check=False,
    )
    assert done.stdout.endswith("> 1\n")
    assert done.stderr == ""


def test_interrupted_in_a_pipe(server: Running) -> None:
    bob = server.line_client("bob")
    process = subprocess.Popen(
        [sys.executable, "-m", "geventchat", "connect", f":{server.port}", "--nick", "ci"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    assert process.stdin is not None and process.stderr is not None
    process.stdin.write(b"one\n")
    process.stdin.flush()
    bob.expect(r".*<ci> one")
    process.send_signal(2)
    assert process.wait(30) == 130
    assert process.stderr.read() == b""
    process.stdin.close()
    process.stderr.close()


def test_as_an_account(server: Running, tmp_path: Path) -> None:
    where, word = f"127.0.0.1:{server.port}", "correct horse"
    bob = server.line_client("bob")
    bob.ask(f"/register {word}", "/join #ci", "/msg bob x")
    login = ("--login", "bob", "--room", "#ci")
    done = piped(where, *login, text="build ok\n", GEVENTCHAT_LOGIN_PASSWORD=word)
    assert (done.returncode, done.stderr) == (0, "")
    bob.expect(r"\[..:..\] <bob> build ok")
    file = tmp_path / "secret"
    file.write_text(f"{word}\n")
    assert piped(where, *login, "--login-file", str(file), text="again\n").returncode == 0
    bob.expect(r"\[..:..\] <bob> again")
    for code, why, more in (
        (2, "--login wants a password", {}),
        (3, "cannot log in as bob: ", {"GEVENTCHAT_LOGIN_PASSWORD": "wrong horse"}),
    ):
        told = failing(where, *login, **more)
        assert (told[0], told[1].startswith(why)) == (code, True), told
