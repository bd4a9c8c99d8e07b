"""How each kind of chat server is joined and spoken to, in as few bytes as it allows."""

from dataclasses import dataclass, replace

# Counted in what members receive; it must stand in nothing else a server sends.
MARKER = b"%"


@dataclass(frozen=True)
class Step:
    """Send this (`{n}` is the client's number), then wait until that has come.

    Each character is a byte, so that telnet's can be sent.
    """

    send: str
    until: bytes


@dataclass(frozen=True)
class Room:
    """One server's way to enter the room as a member, or as one who only speaks."""

    member: tuple[Step, ...]
    sender: tuple[Step, ...]
    say: bytes
    end: bytes
    # How many clients are on their way in at once: enough to keep a server busy, few enough
    # for any listen queue but ngIRCd's.
    at_once: int = 100

    def line(self, number: int) -> bytes:
        """A line of 64 bytes, line feed included, that bears its number."""
        text = b"%d. the quick brown fox jumps over the lazy dog, and over" % number
        return self.say + text[:62].ljust(62, b".") + MARKER + self.end


# The first word makes the server greet at once, instead of waiting for a silent client.
HUMAN = Room(
    member=(Step("/ping\r\n", b"-> pong"),),
    sender=(Step("/ping\r\n", b"-> pong"),),
    say=b"",
    end=b"\r\n",
)
# What a member that never types sees before the room goes quiet. The server waits a while
# for the first word, so more of them wait together.
HUMAN_SILENT = replace(
    HUMAN, member=(Step("", b"-- end of history --\r\n"),), sender=(), at_once=1000
)
# The same at a telnet that lets the server echo, in prompt mode (RFC 854, 856, 857 and 858).
HUMAN_IN_PROMPT_MODE = replace(
    HUMAN_SILENT,
    member=(
        *HUMAN_SILENT.member,
        Step("\xff\xfb\x00/prompt on\r\n", b"\xff\xfb\x01"),
        Step("\xff\xfd\x01\xff\xfd\x03", b"Prompt mode is on"),
    ),
)
_IRC = (
    Step("NICK u{n}\r\nUSER u{n} 0 * :u\r\n", b" 001 "),
    Step("JOIN #lobby\r\n", b" 366 "),
)
IRC = Room(member=_IRC, sender=_IRC, say=b"PRIVMSG #lobby :", end=b"\r\n")
# Its listen queue holds ten; whoever finds it full tries again after a second.
NGIRCD = replace(IRC, at_once=8)
REDIS = Room(
    member=(Step("SUBSCRIBE #lobby\r\n", b"subscribe\r\n"),),
    sender=(Step("PING\r\n", b"+PONG\r\n"),),
    say=b"*3\r\n$7\r\nPUBLISH\r\n$6\r\n#lobby\r\n$63\r\n",
    end=b"\r\n",
)
NAIVE = Room(member=(Step("", b"joined\n"),), sender=(Step("", b"joined\n"),), say=b"", end=b"\n")
