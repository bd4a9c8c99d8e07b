"""Other people's servers as they come, and the two chat servers everybody writes first."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from loadtest.compare import idle, rooms
from loadtest.compare.child import Child
from loadtest.compare.fanout import Fanout, measure
from loadtest.compare.joining import enter
from loadtest.compare.rooms import HUMAN, HUMAN_SILENT, IRC, NAIVE, REDIS
from loadtest.compare.rounds import Measured
from loadtest.compare.targets import MAX_CLIENTS, Target, geventchat, model


def redis() -> Target:
    def command(port: int, directory: Path) -> list[str]:
        flags = f"--bind 127.0.0.1 --port {port} --maxclients {MAX_CLIENTS} --appendonly no"
        return ["redis-server", *flags.split(), "--save", "", "--dir", str(directory)]

    return Target(
        "Redis pub/sub",
        command,
        programs=("redis-server",),
        install="apt install redis-server",
        room=REDIS,
    )


# Everything that would keep one address from opening 500 connections and speaking freely
# is off, in both IRC servers: names and identities are not looked up, no fake lag.
NGIRCD = """
[Global]
Name = irc.example.net
Listen = 127.0.0.1
Ports = {port}
MotdPhrase = hello
[Limits]
MaxConnections = 0
MaxConnectionsIP = 0
MaxPenaltyTime = 0
[Options]
DNS = no
Ident = no
PAM = no
"""
INSPIRCD = """
<server name="irc.example.net" description="x" network="x">
<admin name="x" nick="x" email="x">
<bind address="127.0.0.1" port="{port}" type="clients">
<connect allow="*" timeout="60" pingfreq="600" threshold="1000000" commandrate="1000000"
 fakelag="no" hardsendq="67108864" softsendq="33554432" recvq="1048576" localmax="20000"
 globalmax="20000" maxconnwarn="no" resolvehostnames="no" useident="no" limit="20000">
<performance quietbursts="yes" softlimit="20000" somaxconn="2048">
<log method="file" type="*" level="default" target="stderr">
"""


def ngircd() -> Target:
    def command(port: int, directory: Path) -> list[str]:
        config = directory / "ngircd.conf"
        config.write_text(NGIRCD.format(port=port))
        return ["ngircd", "--nodaemon", "--config", str(config)]

    return Target(
        "ngIRCd", command, programs=("ngircd",), install="apt install ngircd", room=rooms.NGIRCD
    )


def inspircd() -> Target:
    def command(port: int, directory: Path) -> list[str]:
        config = directory / "inspircd.conf"
        config.write_text(INSPIRCD.format(port=port))
        flags = ["--nofork", "--nopid", "--nolog", "--runasroot"]
        return ["inspircd", "--config", str(config), *flags]

    return Target(
        "InspIRCd", command, programs=("inspircd",), install="apt install inspircd", room=IRC
    )


def everyone() -> list[Target]:
    """Every server in `peers`; ratios are relative to the first."""
    return [
        geventchat("geventchat, every line committed", "chat", durable=True),
        geventchat("geventchat, memory only", "chat"),
        redis(),
        inspircd(),
        ngircd(),
        naive("gevent, sendall to each member", "chats.gevent_sendall", "gevent"),
        naive("asyncio, a queue per member", "chats.asyncio_queues"),
    ]


def naive(name: str, module: str, *modules: str) -> Target:
    return replace(model(name, module, modules=modules), room=NAIVE)


# The lines in flight come from this many clients, lest a server be measured on one socket's
# pipeline alone.
SENDERS = 10
WINDOWS = (1, 10, 100)
BYTES = "bytes a silent member"
JOINS = "joins/s"


def deliveries(window: int) -> str:
    """The name of the column for that many lines in flight."""
    return f"deliveries/s, {window} in flight"


def fan_out(
    child: Child, target: Target, members: int, windows: Sequence[int], seconds: float
) -> Measured:
    """Fill the room once, then measure it with each number of lines in flight."""
    inside, senders = enter(child, target.room, members, SENDERS)
    load = Fanout(target.room, inside, senders)
    try:
        load.settle()
        for window in windows:
            yield deliveries(window), measure(child, load, window, seconds)
    finally:
        load.close()


def idle_members(child: Child, target: Target, connections: int) -> Measured:
    """What silent members cost, and how fast they join, on a server that has done no work yet."""
    room = HUMAN_SILENT if target.room is HUMAN else target.room
    yield BYTES, idle.bytes_per_connection(child, room, connections)
    yield JOINS, idle.joins_per_second(child, target.room, connections)
