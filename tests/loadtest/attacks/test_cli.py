"""The command line, and one tiny run of it against a real server."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from loadtest.attacks import attack, cli
from loadtest.attacks.attack import Assault, Claim, Ground, Scene, Seen
from loadtest.attacks.catalogue import ATTACKS, CLAIMS
from loadtest.attacks.client import Client, Hung, Person
from loadtest.attacks.server import knows
from loadtest.attacks.stage import Plan, measure
from loadtest.compare.cores import pick
from loadtest.compare.errors import RowFailed
from loadtest.compare.targets import SOURCE

MORE_THAN_LET_IN = 20
TINY = Plan(people=3, quiet_s=0.2, attack_s=0.3, watchers=2)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["whoo"], "did you mean who?"),
        (["--people", "0"], "not a number from 1"),
        (["--people", "٣"], "not a number from 1"),
        (["--seconds", "nan"], "not a number of seconds"),
        (["--quiet", "-1"], "not a number of seconds"),
        (["--database", "mysql"], "invalid choice"),
        (["--against", "/"], "there is no geventchat in it"),
    ],
)
def test_bad_input_is_refused_with_a_reason(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == 2
    assert words in capsys.readouterr().err


def test_the_list_has_everything_and_every_attack_ends(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--list"]) == 0
    shown = capsys.readouterr().out
    assert all(f"{name} " in shown for name in [*ATTACKS, *CLAIMS])
    assert all(one.shape.seconds <= cli.MOST_SECONDS for one in ATTACKS.values())


def test_no_two_programs_have_one_name() -> None:
    with pytest.raises(ValueError, match="two programs are called who"):
        attack.attack("who", "be another")(unheard)


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    return Ground(SOURCE, tmp_path, "sqlite", pick())


def test_an_attack_is_measured_on_a_real_server(ground: Ground) -> None:
    """What it measured, not how fast: this machine may be busy."""
    figures = measure(ATTACKS["who"], ground, TINY)
    assert figures.quiet.trips and figures.quiet.lines
    assert figures.attacked.trips and figures.attacked.lines
    assert (figures.quiet.lost, figures.attacked.lost) == (0, 0)
    assert int(figures.seen.text.split()[0].replace(",", "")) > 0
    assert figures.alive
    assert figures.tracebacks == 0
    assert figures.before.memory_bytes > 1 << 20
    assert figures.before.files > 2 * TINY.watchers + TINY.people


def test_an_attack_that_gets_what_it_wants_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The exit code is the verdict: somebody who says more than one line is no attack."""

    def talk(ground: Ground) -> Seen:
        with ground.server() as server:
            return Seen(f"a server on port {server.port}", got=answers.pop())

    answers = [False, True]
    monkeypatch.setitem(CLAIMS, "kicked", Claim("kicked", "talk", talk))
    assert cli.main(["kicked", "--database", "none"]) == 1
    assert "**missed:** it got it" in capsys.readouterr().out
    assert cli.main(["kicked", "--database", "none"]) == 0
    assert "All 1 held." in capsys.readouterr().out


def test_both_sources_are_attacked_by_turns_and_only_ours_decides(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail_elsewhere(ground: Ground) -> Seen:
        seen.append(ground.source)
        if len(seen) % 2 == 0:
            raise Hung("the other one")
        return Seen("well")

    seen: list[Path] = []
    for name in ("kicked", "mute"):
        monkeypatch.setitem(CLAIMS, name, Claim(name, "talk", fail_elsewhere))
    assert cli.main(["kicked", "mute", "--against", str(SOURCE)]) == 0
    assert len(seen) == 4
    printed = capsys.readouterr().out
    assert printed.endswith("missed: kicked (other), mute (other).\n")
    assert "| `mute` (this) | talk | well | held |" in printed


def test_whoever_interrupts_sees_what_there_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(ground: Ground) -> Seen:
        raise KeyboardInterrupt

    monkeypatch.setitem(CLAIMS, "kicked", Claim("kicked", "talk", lambda ground: Seen("well")))
    monkeypatch.setitem(CLAIMS, "mute", Claim("mute", "talk", interrupt))
    with pytest.raises(KeyboardInterrupt):
        cli.main(["kicked", "mute"])
    assert "All 1 held." in capsys.readouterr().out


def test_a_server_that_does_not_start_is_a_row_that_failed(ground: Ground) -> None:
    ground.flags = ("--no-such-setting", "1")
    with pytest.raises(RowFailed, match="no-such-setting"):
        measure(ATTACKS["who"], ground, TINY)


def test_an_attacker_that_breaks_down_is_told(ground: Ground) -> None:
    with pytest.raises(RowFailed, match=r"loadtest\.attacks\.assault"):
        measure(attack.Attack("no-such-attack", "", attack.PLAIN, unheard), ground, TINY)


def unheard(scene: Scene) -> Assault:
    yield
    return Seen()


def test_settings_of_a_server_are_known(ground: Ground) -> None:
    assert knows(ground.source, "--rooms-max")
    assert not knows(ground.source, "--no-such-setting")


def test_a_server_keeps_its_database_over_a_kill(ground: Ground) -> None:
    for number in range(2):
        with ground.server() as server:
            with Person(server.port, "alice") as alice:
                assert ("kept" in "".join(alice.welcome)) is bool(number)
                alice.ask("kept")
            server.kill()
            assert not server.alive()
    assert len(ground.logs) == 2
    assert ground.tracebacks() == 0


@pytest.mark.parametrize("limited", [True, False])
def test_limits_hold_for_this_machine_only_if_asked(ground: Ground, limited: bool) -> None:
    """More come from one address than the server lets in from one."""
    with ground.server(limited=limited) as server, ExitStack() as stack:
        those = [stack.enter_context(Client(server.port)) for _ in range(MORE_THAN_LET_IN)]
        *_, heard = [one.during(0.02) for one in those]
        if not heard:  # Else the welcome came within this moment.
            those[-1].read(5)
        heard += those[-1].lines
        assert any("Welcome" in line for line in heard) is not limited
