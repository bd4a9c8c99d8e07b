"""The other programs: every one at every pace, and nothing of it lost on the way."""

from loadtest.attacks.claims.first_bytes import TEXTS, TLS_HELLOS, callers, client_hello


def test_every_program_calls_at_four_paces_with_all_its_bytes() -> None:
    those = callers()
    assert len(those) == 4 * (len(TEXTS) + TLS_HELLOS)
    assert len({caller.name for caller in those}) == len(those)
    for caller in those:
        data = b"".join(part for _, part in caller.steps)
        name = caller.name.rpartition(", ")[0]
        assert data == TEXTS.get(name, data)
        assert [at for at, _ in caller.steps] == sorted(at for at, _ in caller.steps)


def test_a_hello_is_one_and_has_a_line_end() -> None:
    hello = client_hello()
    assert hello[:2] == b"\x16\x03"
    assert b"\n" in hello
    assert hello != client_hello()
