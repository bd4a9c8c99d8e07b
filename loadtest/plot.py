"""The latency distribution as a picture."""

from pathlib import Path

from loadtest.latency import Latencies

# How many nines the axis can show: beyond the last receipt there is nothing to draw.
TICKS = {0.0: "0", 0.9: "90", 0.99: "99", 0.999: "99.9", 0.9999: "99.99", 0.99999: "99.999"}
STEPS_PER_DECADE = 40


def plot(latencies: Latencies, title: str, path: Path) -> None:
    """Latency over percentile, the axis stretched towards 100 % as HdrHistogram draws it.

    Raises OSError if the file cannot be written, ValueError for a format that is unknown.
    """
    import matplotlib  # here: it takes half a second, for those who want a picture

    matplotlib.use("Agg")
    from matplotlib import pyplot

    count = max(10, latencies.summary().count)
    odds = [1.0]  # one receipt in this many is slower
    while odds[-1] < count:
        odds.append(odds[-1] * 10 ** (1 / STEPS_PER_DECADE))
    milliseconds = [latencies.percentile_ms(100 * (1 - 1 / odd)) for odd in odds]

    figure, axes = pyplot.subplots(figsize=(9, 5), layout="constrained")
    axes.step(odds, milliseconds, where="post")
    axes.set_xscale("log")
    if max(milliseconds) > 20 * max(1e-3, min(milliseconds)):
        axes.set_yscale("log")
    ticks = {share: name for share, name in TICKS.items() if 1 / (1 - share) <= count}
    axes.set_xticks([1 / (1 - share) for share in ticks], list(ticks.values()), minor=False)
    axes.set_xticks([], minor=True)
    axes.set_xlabel("percentile")
    axes.set_ylabel("latency, ms")
    axes.set_title(title, fontsize="medium")
    axes.grid(alpha=0.3)
    figure.savefig(path, dpi=120)
    pyplot.close(figure)
