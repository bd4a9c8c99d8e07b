"""The settings of the server itself: where it listens, what it is called, who may come in.

The first part of `config.Config`, which says what holds for all of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from geventchat.bounds import setting


@dataclass(frozen=True, slots=True)
class ServerConfig:
    """Every setting that is not a bound on what clients may do."""

    host: str = setting(
        "127.0.0.1", "Address to listen on; 0.0.0.0 or :: for everyone.", live=False
    )
    port: int = setting(8080, "TCP port to listen on; 0 takes any free one.", 0, 65535, live=False)
    mode: str = setting("chat", "chat, or the raw byte echo, or the upper-casing echo.", live=False)
    database: str = setting(
        "sqlite:///geventchat.db",
        "Where the journal is kept: sqlite:///FILE, postgresql+psycopg://USER:PASSWORD@HOST/DB,"
        " mysql+pymysql://USER:PASSWORD@HOST/DB (MariaDB too); 'none' keeps it in memory only.",
        live=False,
    )
    name: str = setting("geventchat", "The server's name, as clients see it (a host: 63).", 1, 63)
    description: str = setting(
        "a chat room for everyone", "What the server is, in a line, for LINKS and INFO.", 0, 200
    )
    admin_contact: str = setting(
        "", "Who runs the server and how to reach them, for ADMIN.", 0, 200
    )
    password: str = setting(
        "", "Password of the server, asked of everyone before they come in; nothing for none."
    )
    password_tries: int = setting(
        3, "Wrong passwords, the server's or an operator's, before we hang up (OpenSSH: 6).", 1, 100
    )
    oper_name: str = setting(
        "", "Name for /oper and OPER; without one nobody can become an operator."
    )
    oper_password: str = setting("", "Password for /oper and OPER; it is needed with the name.")
    motd: str = setting("", "Message of the day, shown to everyone who connects.")
    rules: str = setting("", "What /rules answers.")
    lobby: str = setting("#lobby", "The room everyone starts in.", live=False)
    max_connections: int = setting(
        0, "Connections in all; 0 means 90 % of the descriptor limit.", 0, 1_000_000, live=False
    )
    listen_backlog: int = setting(
        2048, "Connections the kernel may queue for us (uvicorn: 2048).", 1, 65535, live=False
    )
