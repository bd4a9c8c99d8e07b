from loadtest.pace import NS, Pace


def test_clients_take_turns_evenly() -> None:
    pace = Pace(clients=4, rate=2.0, start_ns=1000, end_ns=10 * NS)
    dues = [pace.due_ns(sender, number) for number in (0, 1) for sender in (1, 2, 3, 4)]
    assert dues == [1000 + turn * NS // 2 for turn in range(8)]


def test_without_a_rate_a_line_is_due_at_once_but_not_before_the_start() -> None:
    future = 1 << 62
    assert Pace(4, None, start_ns=future, end_ns=future + 1).due_ns(1, 0) == future
    assert Pace(4, None, start_ns=5, end_ns=9).due_ns(1, 1000) > 5


def test_late_lines_have_a_second_of_overtime() -> None:
    assert Pace(4, 2.0, start_ns=0, end_ns=7 * NS).last_ns == 8 * NS
    assert Pace(4, None, start_ns=0, end_ns=7 * NS).last_ns == 7 * NS
