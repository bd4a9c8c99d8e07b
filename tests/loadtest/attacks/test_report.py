"""The tables, and what a row's verdict is."""

from loadtest.attacks.attack import Seen
from loadtest.attacks.catalogue import ATTACKS
from loadtest.attacks.report import CELL_CHARS, Row, in_short, listing, markdown
from loadtest.compare.cores import Cores
from tests.loadtest.attacks.test_figures import figures, phase

TWO = Cores(0, 1)


def row(name: str = "who", **what: object) -> Row:
    return Row(name, "make everybody wait", "this", "sqlite", **what)  # type: ignore[arg-type]


def test_a_row_of_figures_shows_them_all() -> None:
    table = markdown(
        [row(figures=figures(own_attacked=phase(4.0, line_ms=0.5)))], TWO, several=False
    )
    cells = table.splitlines()[4].strip("| ").split(" | ")
    assert cells == [
        "`who`",
        "2.7 / 4.9 (4.9)",
        "26 / 50 (4.0)",
        "1.0 (0.5)",
        "95 / 477 / 105",
        "300 / 304",
        "1,000 asked",
        "held",
    ]
    assert table.endswith("All 1 held.")


def test_what_is_missed_is_named_in_the_row_and_in_the_end() -> None:
    missed = row(figures=figures(attacked=phase(90.0)))
    table = markdown([missed, row("names", figures=figures())], TWO, several=False)
    assert "| **missed:** round trip |" in table
    assert table.endswith("1 of 2 held; missed: who (this).")


def test_claims_have_a_table_of_their_own() -> None:
    seen = row("kicked", seen=Seen("'[12:01] <bob> a|b'", got=True))
    table = markdown([row(figures=figures()), seen], TWO, several=False)
    assert (
        "| `kicked` | make everybody wait | '[12:01] <bob> a\\|b' | **missed:** it got it |"
        in table
    )
    assert table.count("\n| --- |") == 2


def test_a_claim_holds_unless_it_was_got_or_the_log_has_a_traceback() -> None:
    assert row(seen=Seen("nothing")).missed == []
    assert row(seen=Seen("nothing"), tracebacks=1).missed == ["a traceback in the log"]
    assert row(seen=Seen("all", got=True)).missed == ["it got it"]


def test_a_row_that_failed_is_missed_and_says_why() -> None:
    failed = row(failed="ended with code 70: no room")
    assert failed.missed == ["failed: ended with code 70: no room"]
    assert "no room" in markdown([failed], TWO, several=False)
    assert "no room" in in_short(failed)


def test_two_sources_are_told_apart_and_one_core_is_admitted() -> None:
    table = markdown([row(figures=figures())], Cores(0, 0), several=True)
    assert "| `who` (this) |" in table
    assert "THE SAME core" in table


def test_no_cell_is_an_essay() -> None:
    table = markdown([row(seen=Seen("x" * 999))], TWO, several=False)
    assert "x" * CELL_CHARS + "…" in table
    assert "x" * (CELL_CHARS + 1) not in table


def test_the_listing_says_what_each_wants() -> None:
    assert listing([ATTACKS["who"]]).split()[:3] == ["who", "make", "everybody"]
