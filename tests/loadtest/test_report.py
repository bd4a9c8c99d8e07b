import json
from array import array
from collections import Counter

import pytest

from loadtest.errors import ErrorKind
from loadtest.master import Outcome
from loadtest.options import Mode, Options
from loadtest.report import Report, as_json, as_text, make_report
from loadtest.witness import Witness

REQUIRED = "sent delivered skipped lost duplicated reordered errors p50_ms p99_ms throughput"


def outcome(**changes: object) -> Outcome:
    ana = Witness(1, sent=2, received=array("I", [1, 3]), entered=True)
    bob = Witness(2, sent=2, received=array("I", [0, 2]), entered=True)
    found = Outcome([ana, bob], cpu_shares=[0.25], elapsed_s=2.0)
    found.latencies.record([1500, 2500, 1500, 1500])
    for name, value in changes.items():
        setattr(found, name, value)
    return found


def reported(rate: float | None = 2.0, **changes: object) -> Report:
    options = Options(clients=2, duration_s=2.0, rate=rate, size=64)
    return make_report(options, outcome(**changes))


def test_json_has_the_figures() -> None:
    figures = json.loads(as_json(reported()))
    assert set(REQUIRED.split()) <= set(figures)
    assert (figures["sent"], figures["delivered"], figures["errors"]) == (4, 4, 0)
    assert figures["throughput"] == 2.0
    assert figures["p50_ms"] == pytest.approx(1.5, rel=1e-2)
    assert (figures["ok"], figures["mode"], figures["unsent"]) == (True, "chat", 0)


def test_words_have_them_too() -> None:
    text = as_text(reported())
    for name in REQUIRED.split()[:7]:
        assert f"\n  {name} " in text
    assert "p99.9" in text
    assert text.endswith("PASSED: every line reached every other member once, in one order.")


def test_errors_are_named() -> None:
    bad = Witness(3, errors=Counter({ErrorKind.RESET: 2, ErrorKind.TIMEOUT: 1}))
    report = reported(witnesses=[*outcome().witnesses, bad])
    assert not report.passed
    assert "2 reset, 1 timeout" in as_text(report)
    assert json.loads(as_json(report))["errors_by_kind"] == {"reset": 2, "timeout": 1}


def test_a_run_that_said_nothing_proves_nothing() -> None:
    report = reported(witnesses=[])
    assert not report.passed
    assert "no line was sent" in as_text(report)


def test_the_first_wrong_line_is_named() -> None:
    ana, bob = outcome().witnesses
    bob.received = array("I", [2])
    report = reported(witnesses=[ana, bob])
    assert '\n  first lost: "Thread-1 say hello 0" never came to Thread-2\n' in as_text(report)
    figures = json.loads(as_json(report))
    assert figures["first"] == {"lost": {"sender": 1, "number": 0, "clients": [2]}}
    assert json.loads(as_json(reported()))["first"] == {}


def test_a_busy_generator_says_so() -> None:
    assert "use --processes 2" in as_text(reported(cpu_shares=[0.97]))
    assert "bottleneck" not in as_text(reported())


def test_lines_that_nobody_had_time_for_are_told() -> None:
    assert "6 lines fell due and were not sent" in as_text(reported(rate=5.0))
    assert reported(rate=None).unsent == 0


def test_an_echo_loses_what_is_not_answered() -> None:
    options = Options(mode=Mode.ECHO, clients=1)
    report = make_report(options, Outcome([Witness(1, sent=5, answered=4, entered=True)]))
    assert (report.verdict.delivered, report.verdict.lost, report.passed) == (4, 1, False)
    assert 'first lost: "Thread-1 say hello 4" never came to Thread-1' in as_text(report)
