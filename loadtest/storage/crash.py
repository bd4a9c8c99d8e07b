"""`kill -9` of the server under load, again and again, on one database."""

import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from loadtest.attacks.client import IrcClient
from loadtest.compare.child import Child
from loadtest.storage.kept import Kept, lines
from loadtest.storage.ledger import Ledger
from loadtest.storage.serving import serving
from loadtest.storage.talkers import Talker, hear_out, talk

ROOMS = ("#one", "#two")
# Its operator forbids and allows speaking all the time: so there are refusals, some of them of
# lines that were on their way.
STRICT = "#strict"
CHANGES = 0.1  # each time that somebody speaks
IN_EACH_ROOM = 4
# How long after a last packet from everybody it is killed, at most: what that takes to be kept.
LATEST_S = 0.03
# How many lines of each room are read back after each crash.
READ_BACK = 50


class Crashes:
    """One database, and what has been found in it so far."""

    def __init__(self, url: str, directory: Path, seed: int, most_lines: int = 1000) -> None:
        self.url = url
        self.directory = directory
        self.dice = random.Random(seed)
        self.most_lines = most_lines
        self.ledger = Ledger()
        self.kills = 0
        self._checked = 0  # the number of the last event of the rounds before

    def run(self, kills: int) -> Iterator[Ledger]:
        """Kill it so often; after each, the ledger."""
        for _ in range(kills):
            with serving(self.url, self.directory) as child:
                transcripts = self._until_killed(child)
            self.kills += 1
            # The database may still be busy with the last of what it was told. The next server
            # waits for that, so it comes first and the looking after.
            with serving(self.url, self.directory) as child:
                kept = lines(self.url, self._checked)
                self.ledger.check([one.transcript for one in transcripts], kept)
                self._check_history(child, kept)
            self._checked = kept[-1].number if kept else self._checked
            yield self.ledger

    def _until_killed(self, child: Child) -> Sequence[Talker]:
        rooms = [*ROOMS, STRICT] * IN_EACH_ROOM
        most = self.dice.choice([1, 5, 50])
        enough = self.dice.randint(1, self.most_lines)
        talkers = []
        try:
            for number, room in enumerate(rooms):
                nick = f"r{self.kills}n{number}"
                talkers.append(Talker(child.port, nick, room, most))
            operator = talkers[rooms.index(STRICT)]
            talk(
                talkers,
                lambda: sum(len(one.transcript.acknowledged) for one in talkers) >= enough,
                self.dice,
                lambda: self._forbid_or_allow(operator),
            )
            for one in talkers:  # So that it dies at work.
                if one.ready:
                    one.say(most)
            time.sleep(self.dice.uniform(0.0, LATEST_S))
            child.process.kill()
            hear_out(talkers)
        finally:
            for one in talkers:
                one.close()
        return talkers

    def _forbid_or_allow(self, operator: Talker) -> None:
        if self.dice.random() < CHANGES:
            operator.send(f"MODE {STRICT} {self.dice.choice(['+m', '-m'])}\r\n".encode())

    def _check_history(self, child: Child, kept: Sequence[Kept]) -> None:
        """Whoever comes now reads what is kept, no more and no less."""
        with IrcClient(
            child.port, "reader", capabilities="draft/chathistory batch message-tags"
        ) as reader:
            for room in (*ROOMS, STRICT):
                reader.ask(f"JOIN {room}")
                told = reader.ask(f"CHATHISTORY LATEST {room} * {READ_BACK}")
                read = [line.partition(f" PRIVMSG {room} :")[2] for line in told]
                texts = [text for text in read if text]
                due = [line.text for line in kept if line.room == room][-READ_BACK:]
                if texts[len(texts) - len(due) :] != due:
                    self.ledger.find("unread", [f"{room} {texts[-2:]} where {due[-2:]} is kept"])
