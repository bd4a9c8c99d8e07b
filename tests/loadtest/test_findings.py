"""Naming the line to look for."""

from loadtest.findings import Finding, altered, as_fields, firsts, in_words


def test_the_first_of_each_kind_with_everybody_it_concerns() -> None:
    found = [
        Finding("duplicated", 2, 0, (9,)),
        Finding("lost", 3, 7, (1,)),
        Finding("lost", 2, 4, (5,)),
        Finding("lost", 1, 7, (1,)),
        Finding("lost", 2, 4, (4,)),
    ]
    assert firsts(found) == (Finding("lost", 2, 4, (5, 4)), found[0])
    assert firsts([]) == ()


def test_in_words() -> None:
    told = in_words(Finding("lost", 2, 4, (30, 5, 4)))
    assert told == 'first lost: "Thread-2 say hello 4" never came to Thread-4, Thread-5, Thread-30'
    assert in_words(Finding("lost", 2, 4, tuple(range(1, 500)))).endswith("Thread-3 and 496 more")
    for kind in ("duplicated", "reordered", "stray"):
        told = in_words(Finding(kind, 2, 4, (5,)))
        assert told.startswith(f'first {kind}: "Thread-2 say hello 4" ') and "Thread-5" in told


def test_a_line_that_was_altered() -> None:
    found = altered(5, b"[12:01] <guest2> Thread-2 sad hello 4 k3f9x2+10 ..\r")
    assert (found.sender, found.number, found.clients) == (2, 4, (5,))
    assert "Thread-5 read '[12:01] <guest2> Thread-2 sad" in in_words(found)
    assert altered(5, b"...", said=(5, 9)) == Finding("mismatch", 5, 9, (5,), "...")


def test_nothing_a_server_sent_reaches_the_terminal_as_it_is() -> None:
    told = in_words(altered(5, b"\x1b[2J\xff\x9b" + b"x" * 10_000))
    assert told.isprintable() and len(told) < 200


def test_as_fields() -> None:
    found = (Finding("lost", 2, 4, (30, 5)), altered(5, b"junk"))
    assert as_fields(found) == {
        "lost": {"sender": 2, "number": 4, "clients": [5, 30]},
        "mismatch": {"sender": None, "number": None, "clients": [5], "read": "junk"},
    }
