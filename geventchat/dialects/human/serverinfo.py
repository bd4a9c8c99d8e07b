"""Commands about the server itself."""

from __future__ import annotations

from geventchat import __version__
from geventchat.dialects.human.client import Client
from geventchat.dialects.human.days import local
from geventchat.dialects.human.encoder import ago
from geventchat.dialects.human.table import SERVER, Table

COMMANDS = Table()


@COMMANDS.add("/motd", "the message of the day", SERVER)
def _motd(client: Client, rest: str) -> None:
    client.reply(*(client.config.motd.splitlines() or ["There is no message of the day."]))


@COMMANDS.add("/rules", "the house rules", SERVER)
def _rules(client: Client, rest: str) -> None:
    client.reply(
        *(client.config.rules.splitlines() or ["There are no rules here but good manners."])
    )


@COMMANDS.add("/version", "what runs here", SERVER)
def _version(client: Client, rest: str) -> None:
    client.reply(f"geventchat {__version__}")


@COMMANDS.add("/uptime", "how long it has run", SERVER)
def _uptime(client: Client, rest: str) -> None:
    client.reply(f"Up for {ago(client.now() - client.state.started_at)}.")


@COMMANDS.add("/time", "what time it is", SERVER)
def _time(client: Client, rest: str) -> None:
    client.reply(f"{local(client.now(), client.look.zone):%A %Y-%m-%d %H:%M:%S %Z}")


@COMMANDS.add("/ping", "whether it hears you", SERVER)
def _ping(client: Client, rest: str) -> None:
    client.reply("pong")
