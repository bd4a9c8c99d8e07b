"""/grant, /revoke, /ranks and /drop, and what whoever makes a room as an account is told."""

from __future__ import annotations

import pytest

from tests.harness import Harness, HumanClient

PASSWORD = "correct horse"


def registered(harness: Harness, nick: str) -> HumanClient:
    client = harness.human(nick)
    assert client.types(f"/register {PASSWORD}")[0].startswith(f"-> {nick} is now yours.")
    return client


@pytest.fixture
def anna(harness: Harness) -> HumanClient:
    """Who owns #dev, and is in it."""
    anna = registered(harness, "anna")
    assert anna.types("/join #dev") == [
        "-> You are in #dev: no topic (1 here: anna)",
        "-> #dev is yours: it stays when it is empty.",
        "-- no lines -- end of history --",
    ]
    return anna


@pytest.fixture
def bert(anna: HumanClient, harness: Harness) -> HumanClient:
    bert = registered(harness, "bert")
    anna.hears()
    return bert


def test_a_room_of_ones_own_is_marked_and_kept(anna: HumanClient) -> None:
    carl = anna.harness.human("carl")
    carl.types("/join #dev")
    assert "yours" not in f"{carl.hears()}{carl.types('/rooms')}"
    carl.types("/part", "/join #guests", "/part")
    anna.types("/switch #lobby", "/part #dev")
    anna.harness.clock += 1
    assert anna.types("/rooms") == ["-> > #lobby     2", "->   #dev       0    (yours)"]
    assert carl.types("/rooms") == ["-> > #lobby     2"]
    assert anna.types("/join #dev")[:2] == [
        "-> You are in #dev: no topic (1 here: anna)",
        "-- no lines -- end of history --",
    ]
    assert anna.types("/names") == ["-> 1 in #dev: @anna"]


def test_ranks(anna: HumanClient, bert: HumanClient) -> None:
    assert anna.types("/ranks") == ["-> #dev belongs to anna."]
    assert anna.types("/grant BERT operator") == [
        "*** anna made bert an operator of #dev for good."
    ]
    assert anna.types("/grant bert op") == ["-> bert is an operator of #dev for good already."]
    assert bert.types("/join #dev", "/names")[-1] == "-> 2 in #dev: @anna, @bert"
    carl = registered(anna.harness, "carl")
    anna.types("/grant carl VOICE #dev")
    assert carl.types("/ranks #dev") == [
        "-> #dev belongs to anna.",
        "-> bert is an operator of #dev for good.",
        "-> carl has a voice in #dev for good.",
    ]
    anna.hears()
    assert anna.types("/revoke bert") == [
        "*** anna took away the rank of bert in #dev.",
    ]
    assert anna.types("/revoke bert") == ["-> bert has no rank in #dev for good."]
    assert bert.types("/grant bert op")[-1:] == ["-> Only the owner of #dev may do that."]


def test_who_is_there_reads_one_row_of_a_rank_and_irc_clients_its_mode(
    anna: HumanClient, bert: HumanClient
) -> None:
    bert.types("/join #dev")
    carl = anna.harness.irc("carl", "message-tags")
    carl.types("JOIN #dev")
    anna.hears()
    number = anna.harness.next_number
    assert anna.types("/grant bert voice") == ["*** anna gave bert a voice in #dev for good."]
    assert anna.types("/grant bert op") == ["*** anna made bert an operator of #dev for good."]
    assert anna.types("/revoke bert") == ["*** anna took away the rank of bert in #dev."]
    start = ":anna!~telnet@192.0.2.7 MODE #dev"
    assert carl.hears() == [
        f"@msgid={number} {start} +v bert",
        f"@msgid={number + 1} {start} -v+o bert bert",
        f"@msgid={number + 2} {start} -o bert",
    ]


def test_who_may_speak_by_a_rank_is_told(anna: HumanClient, bert: HumanClient) -> None:
    bert.types("/join #dev")
    anna.types("/mute bert")
    bert.hears()
    anna.types("/grant bert voice")
    assert bert.hears()[-1] == "-> You may speak in #dev again."
    anna.types("/revoke bert")
    assert bert.hears()[-1] == "-> You are muted in #dev: others do not hear you."


def test_a_room_is_given_away(anna: HumanClient, bert: HumanClient) -> None:
    told = ["*** anna gave #dev to bert."]
    assert anna.types("/grant bert owner") == told
    assert bert.types("/ranks dev") == [
        "-> #dev belongs to bert.",
        "-> anna is an operator of #dev for good.",
    ]
    assert anna.types("/revoke bert") == ["-> Only the owner of #dev may do that."]
    assert bert.types("/revoke bert #dev") == ["-> bert is the owner of #dev."]
    anna.types("/part #dev")
    assert bert.types("/grant anna voice #dev") == ["-> anna has that rank now."]
    assert bert.types("/revoke anna #dev") == ["-> anna has no rank there now."]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("/grant bert", "Usage: /grant NICK owner, operator or voice [#room]"),
        ("/grant bert king", "Usage: /grant NICK owner, operator or voice [#room]"),
        ("/grant zoe voice", "Nobody has registered zoe."),
        (
            "/grant bert voice #tea",
            "There is no room #tea. /rooms lists them, /join #tea makes it.",
        ),
        ("/ranks #tea", "There is no room #tea. /rooms lists them, /join #tea makes it."),
        ("/ranks #lobby", "#lobby belongs to nobody: it forgets its ranks when it is empty."),
        ("/drop #lobby", "#lobby belongs to nobody: it forgets its ranks when it is empty."),
        ("/drop #tea", "There is no room #tea. /rooms lists them, /join #tea makes it."),
    ],
)
def test_what_cannot_be(anna: HumanClient, bert: HumanClient, typed: str, told: str) -> None:
    assert anna.types(typed) == [f"-> {told}"]


def test_nobody_learns_of_a_room_that_is_out_of_sight(anna: HumanClient, bert: HumanClient) -> None:
    anna.harness.state.rooms["#dev"].modes.flags += "s"
    for typed in ("/ranks #dev", "/drop #dev", "/grant bert voice #dev"):
        assert bert.types(typed) == [
            "-> There is no room #dev. /rooms lists them, /join #dev makes it."
        ]
    assert anna.types("/ranks #dev") == ["-> #dev belongs to anna."]


ASKED = [
    "-> Ranks, bans, locks and topic of #dev would go with its last member.",
    "-> To give it up, type #dev once more; Enter alone keeps it.",
]


@pytest.mark.parametrize("answer", ["", "no", "#tea", "yes", "/ping"])
def test_a_room_is_kept(anna: HumanClient, bert: HumanClient, answer: str) -> None:
    bert.types("/join #dev")
    assert bert.types("/drop #dev") == ["-> Only the owner of #dev may do that."]
    anna.hears()
    assert anna.types("/drop dev") == ASKED
    assert anna.types(answer) == ["-> #dev is kept."]
    assert bert.hears() == []
    assert anna.harness.state.rooms["#dev"].owner == "anna"


@pytest.mark.parametrize("answer", ["#dev", " dev ", "#DEV", "/drop #dev"])
def test_a_room_is_given_up(anna: HumanClient, bert: HumanClient, answer: str) -> None:
    assert anna.types("/drop #dev", answer) == [
        *ASKED,
        "*** anna gave up #dev: it ends when the last one leaves.",
    ]
    assert anna.types("/ranks")[0].startswith("-> #dev belongs to nobody")


def test_a_room_is_given_up_from_outside(anna: HumanClient) -> None:
    anna.types("/part #dev")
    assert anna.types("/drop #dev", "#dev") == [*ASKED, "-> #dev is nobody's now."]
    assert anna.types("/rooms") == ["-> > #lobby     1"]


def test_what_is_not_saved_is_told_once(anna: HumanClient, bert: HumanClient) -> None:
    anna.types("/part #dev")
    anna.harness.store.write_error = "disk full"
    nothing = "-> Not saved: disk full. Nothing changed."
    assert anna.types("/grant bert op #dev") == [nothing]
    assert anna.types("/drop #dev", "#dev") == [*ASKED, nothing]
