"""Ban masks that are dear to match, in a room of the attacker's own."""

from loadtest.attacks.attack import Assault, Scene, Seen, Stages, attack
from loadtest.attacks.client import Client, IrcClient, Person, pour

MASKS = 60
NASTY = "*aaaaaaaaaaaaaa??????????????{:02}*c"
# A nick is at most 30 characters; a mask matches nick!user@host.
VICTIM = "a" * 30
BURST_LINES = 128


def _nasty(port: int) -> IrcClient:
    """Who opens the room and forbids it to all whom those masks match: nobody."""
    client = IrcClient(port, "mallory")
    client.ask("JOIN #masks")
    for number in range(0, MASKS, 4):
        masks = " ".join(NASTY.format(n) for n in range(number, number + 4))
        client.ask(f"MODE #masks +bbbb {masks}")
    return client


def _speak(scene: Scene, client: Client, line: bytes) -> Seen:
    burst = line * BURST_LINES
    taken = pour([client], lambda: burst, scene.seconds, 16 << 20)
    return Seen(f"{taken // len(line):,} lines")


def _speaker(by_person: bool) -> Stages:
    def program(scene: Scene) -> Assault:
        with _nasty(scene.port) as operator:
            speaker: Client
            if by_person:
                speaker = Person(scene.port, VICTIM)
                speaker.ask("/join #masks")
            else:
                speaker = IrcClient(scene.port, VICTIM)
                speaker.ask("JOIN #masks")
            with speaker:
                yield
                line = b"x\n" if by_person else b"PRIVMSG #masks :x\r\n"
                seen = _speak(scene, speaker, line)
        assert not operator.closed
        return seen

    return program


WANTS = "have 60 dear masks matched for every line"
attack("masks", WANTS)(_speaker(by_person=True))
attack("masks-irc", WANTS)(_speaker(by_person=False))


@attack("masks-nick", "have 60 dear masks matched again by changing its name each time")
def renaming(scene: Scene) -> Assault:
    """A verdict that is kept must be found anew for each new name."""
    number = 0

    def burst() -> bytes:
        nonlocal number
        number += 1
        return b"".join(
            b"/nick %s%02d\n/names #masks\nx\n" % (b"a" * 28, (number + n) % 100) for n in range(40)
        )

    with _nasty(scene.port), Person(scene.port, VICTIM) as speaker:
        speaker.ask("/join #masks")
        yield
        pour([speaker], burst, scene.seconds, 16 << 20)
        return Seen(f"{number * 40:,} new names")
