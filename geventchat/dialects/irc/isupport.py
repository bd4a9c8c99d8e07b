"""What RPL_ISUPPORT tells: exactly what this server does (Modern IRC, "RPL_ISUPPORT")."""

from __future__ import annotations

from geventchat.chat import masks, modes
from geventchat.chat.names import REALNAME_MAX_BYTES
from geventchat.config import Config
from geventchat.dialects.irc import numerics as n
from geventchat.dialects.irc.client import Client

# How many targets one command may name; without a number any.
TARGETS_MAX = 4
CHANGES_MAX = 20
USER_MAX_CHARS = 10
# A line of 15 parameters has the nick, these, and the words at its end.
TOKENS_PER_LINE = 13


def tokens(config: Config, server: str) -> list[str]:
    """The tokens in alphabetical order."""
    network = server
    targets = f"NOTICE:{TARGETS_MAX},PRIVMSG:{TARGETS_MAX},TAGMSG:{TARGETS_MAX}"
    return [
        f"ACCOUNTEXTBAN={masks.ACCOUNT[0]}",
        f"AWAYLEN={config.reason_max_bytes}",
        "BOT=B",
        "CASEMAPPING=ascii",
        f"CHANLIMIT=#:{config.rooms_per_session}",
        f"CHANMODES={modes.LISTS},k,l,{modes.FLAGS}",
        f"CHANNELLEN={config.room_name_max_bytes}",
        "CHANTYPES=#",
        f"CHATHISTORY={config.history_max_lines}",
        "ELIST=CMNTU",
        "EXCEPTS=e",
        f"EXTBAN=,{masks.EXTENDED}",
        "HOSTLEN=64",
        "INVEX=I",
        f"KEYLEN={modes.KEY_MAX_CHARS}",
        f"KICKLEN={config.reason_max_bytes}",
        f"MAXLIST={modes.LISTS}:{modes.LIST_MAX_ENTRIES}",
        f"MAXTARGETS={TARGETS_MAX}",
        f"MODES={CHANGES_MAX}",
        f"MONITOR={config.watching_max}",
        "MSGREFTYPES=msgid,timestamp",
        f"NAMELEN={REALNAME_MAX_BYTES}",
        f"NETWORK={network}",
        f"NICKLEN={config.nick_max_chars}",
        "PREFIX=(ov)@+",
        "SAFELIST",
        "STATUSMSG=@+",
        f"TARGMAX=INVITE:1,JOIN:,KICK:,KILL:1,LIST:,NAMES:,{targets},PART:,WHOIS:1,WHOWAS:1",
        f"TOPICLEN={config.topic_max_bytes}",
        f"USERLEN={USER_MAX_CHARS}",
        "UTF8ONLY",
        "WHOX",
    ]


def tell(client: Client) -> None:
    """Send all tokens, some a line."""
    known = tokens(client.config, client.server)
    for start in range(0, len(known), TOKENS_PER_LINE):
        some = known[start : start + TOKENS_PER_LINE]
        client.reply(n.ISUPPORT, *some, "are supported by this server")
