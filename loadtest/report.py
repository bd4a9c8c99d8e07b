"""The figures of a run, in words and as JSON."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import ceil
from typing import Any

from loadtest.errors import ErrorKind
from loadtest.findings import Finding, altered, as_fields, firsts, in_words
from loadtest.latency import Summary
from loadtest.master import Outcome
from loadtest.options import Mode, Options
from loadtest.proof import Verdict, examine

# From here on the answers wait for the generator, not the generator for the answers.
BUSY = 0.90


@dataclass(frozen=True)
class Report:
    """All that is known about one run."""

    options: Options
    entered: int
    sent: int
    verdict: Verdict
    errors: Counter[ErrorKind]
    latency: Summary
    elapsed_s: float
    cpu_shares: tuple[float, ...]
    delays_ms: dict[str, float]
    interrupted: bool

    @property
    def passed(self) -> bool:
        """Everything that was owed arrived, once and in order. A run that said nothing did not."""
        verdict = self.verdict
        wrong = verdict.lost + verdict.duplicated + verdict.reordered + self.errors.total()
        return not wrong and self.sent > 0

    @property
    def unsent(self) -> int:
        """Lines that fell due and were never said: nobody could keep the rate."""
        if self.options.rate is None or self.interrupted:
            return 0
        return max(0, ceil(self.options.rate * self.options.duration_s) - self.sent)

    @property
    def throughput(self) -> float:
        """Receipts a second: answers of an echo, deliveries of a chat."""
        return self.verdict.delivered / self.elapsed_s if self.elapsed_s else 0.0

    @property
    def lines_per_s(self) -> float:
        return self.sent / self.elapsed_s if self.elapsed_s else 0.0


def make_report(options: Options, outcome: Outcome) -> Report:
    """Compare what the witnesses saw, and count."""
    errors = sum((witness.errors for witness in outcome.witnesses), Counter[ErrorKind]())
    if options.mode is Mode.CHAT:
        verdict = examine(outcome.witnesses, options.clients)
    else:
        verdict = _examine_echo(outcome)
    if verdict.stray:
        errors[ErrorKind.STRAY] += verdict.stray
    return Report(
        options=options,
        entered=sum(witness.entered for witness in outcome.witnesses),
        sent=sum(witness.sent for witness in outcome.witnesses),
        verdict=verdict,
        errors=errors,
        latency=outcome.latencies.summary(),
        elapsed_s=outcome.elapsed_s,
        cpu_shares=tuple(outcome.cpu_shares),
        delays_ms=_delays_ms(outcome.delays_ns),
        interrupted=outcome.interrupted,
    )


def _examine_echo(outcome: Outcome) -> Verdict:
    """One line in flight: what has no answer is lost, and nothing can overtake."""
    sent = sum(witness.sent for witness in outcome.witnesses)
    answered = sum(witness.answered for witness in outcome.witnesses)
    wrong = sum(witness.errors[ErrorKind.MISMATCH] for witness in outcome.witnesses)
    found: list[Finding] = []
    for witness in outcome.witnesses:
        me, unanswered = witness.sender, witness.answered
        if witness.altered:
            found.append(altered(me, witness.altered, (me, unanswered - 1)))
        if witness.sent > unanswered:
            found.append(Finding("lost", me, unanswered, (me,)))
    return Verdict(delivered=answered - wrong, lost=sent - answered, first=firsts(found))


def _delays_ms(delays_ns: Sequence[int]) -> dict[str, float]:
    ordered = sorted(delays_ns) or [0]
    at = {"p50": 0.5, "p99": 0.99, "max": 1.0}
    last = len(ordered) - 1
    return {name: ordered[round(last * share)] / 1e6 for name, share in at.items()}


def _counts(verdict: Verdict) -> dict[str, int]:
    fields = asdict(verdict)
    del fields["first"]
    return fields


def as_json(report: Report) -> str:
    """One object; milliseconds, seconds and per second as the keys say."""
    options, latency = report.options, report.latency
    fields: dict[str, Any] = {
        "ok": report.passed,
        "interrupted": report.interrupted,
        "mode": options.mode,
        "clients": options.clients,
        "entered": report.entered,
        "rooms": options.rooms,
        "size": options.size,
        "processes": options.processes,
        "rate": options.rate if options.rate is not None else "max",
        "duration_s": options.duration_s,
        "elapsed_s": round(report.elapsed_s, 3),
        "sent": report.sent,
        "unsent": report.unsent,
        **_counts(report.verdict),
        "first": as_fields(report.verdict.first),
        "errors": report.errors.total(),
        "errors_by_kind": dict(sorted(report.errors.items())),
        "throughput": round(report.throughput, 1),
        "lines_per_s": round(report.lines_per_s, 1),
        **{f"{name}_ms": value for name, value in asdict(latency).items() if name != "count"},
        "cpu_share": [round(share, 3) for share in report.cpu_shares],
        **{f"scheduling_{name}_ms": round(ms, 3) for name, ms in report.delays_ms.items()},
    }
    return json.dumps(fields, indent=2)


def as_text(report: Report) -> str:
    """The report for the terminal."""
    verdict, latency, options = report.verdict, report.latency, report.options
    counts = {"sent": report.sent, **_counts(verdict), "errors": report.errors.total()}
    del counts["stray"]  # counted among the errors
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in sorted(report.errors.items()))
    from_when = "" if options.rate is None else ", from when a line was due"
    lines = [
        _headline(report),
        *(f"  {name:<11}{count:>14,}" for name, count in counts.items()),
        *([f"  {'':<11}{kinds}"] if kinds else []),
        *(f"  {in_words(finding)}" for finding in verdict.first),
        f"  throughput {report.throughput:>14,.0f} {_unit(options.mode)}/s "
        f"({report.lines_per_s:,.0f} lines/s sent)",
        f"  latency    p50 {latency.p50:.2f}  p90 {latency.p90:.2f}  p99 {latency.p99:.2f}  "
        f"p99.9 {latency.p99_9:.2f}  max {latency.max:.2f} ms{from_when}",
        f"  generator  CPU {', '.join(f'{share:.0%}' for share in report.cpu_shares) or '-'}, "
        "scheduling delay p50 {p50:.2f}  p99 {p99:.2f}  max {max:.2f} ms".format(
            **report.delays_ms
        ),
        *_remarks(report),
    ]
    return "\n".join(lines)


def _headline(report: Report) -> str:
    o = report.options
    rate = "as fast as it goes" if o.rate is None else f"{o.rate:,g} lines/s"
    rooms = f" in {o.rooms} rooms" if o.rooms > 1 else ""
    size = f", {o.size:,} bytes a line" if o.size else ""
    missing = f" ({report.entered:,} came in)" if report.entered != o.clients else ""
    return (
        f"{o.clients:,} clients{missing}, {o.mode}{rooms}{size}, {rate}, {report.elapsed_s:.1f} s"
    )


def _unit(mode: Mode) -> str:
    return "deliveries" if mode is Mode.CHAT else "round trips"


def _remarks(report: Report) -> list[str]:
    remarks = []
    if max(report.cpu_shares, default=0.0) > BUSY:
        more = report.options.processes + 1
        remarks.append(
            "The generator was the bottleneck: these latencies are its own. "
            f"Lower --rate, or use --processes {more}."
        )
    if report.unsent:
        why = "." if report.errors else ": --rate is more than can be done here."
        remarks.append(f"{report.unsent:,} lines fell due and were not sent{why}")
    if report.interrupted:
        remarks.append("Interrupted: this is the part until then.")
    if not report.sent:
        remarks.append("FAILED: no line was sent.")
    elif not report.passed:
        remarks.append("FAILED: see above.")
    elif report.options.mode is Mode.CHAT:
        skipped = " but for the gaps that were announced" if report.verdict.skipped else ""
        remarks.append(
            f"PASSED: every line reached every other member once, in one order{skipped}."
        )
    else:
        remarks.append("PASSED: every line was answered, byte for byte.")
    return remarks
