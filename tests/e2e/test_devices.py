"""A real server: one user at two IRC clients and a terminal, one of which dies."""

from __future__ import annotations

from tests.conftest import Serve
from tests.e2e.test_irc import SILENCE, program
from tests.line_client import LineClient

PASSWORD = "correct horse"


def test_one_user_on_three_devices(serve: Serve) -> None:
    server = serve(*SILENCE)
    desk, bob = program(server.port, "anna"), program(server.port, "bob")
    desk.send(f"REGISTER anna * :{PASSWORD}", "JOIN #dev")
    desk.expect(r":\S+ 366 anna #dev .*")
    phone = LineClient(server.port)
    phone.send(f"PASS :anna:{PASSWORD}", "NICK anna", "USER anna 0 * :Anna")
    phone.expect(r":anna!\S+ JOIN #dev")
    phone.expect(r":\S+ 366 anna #dev .*")
    nc = server.line_client("tess")
    nc.send(f"/login anna {PASSWORD}")
    nc.expect(r"-> You are here as anna, also on irc; rooms: #dev")
    bob.send("JOIN #dev", "PRIVMSG #dev :hello")
    for one in (desk, phone):
        one.expect(r":bob!\S+ PRIVMSG #dev :hello")
    nc.expect(r"\[..:..\] (#dev )?<bob> hello")
    nc.send("/switch #dev", "here")
    for one in (desk, phone, bob):
        one.expect(r":anna!\S+ PRIVMSG #dev :here")
    phone.send("PRIVMSG bob :psst")
    desk.expect(r":anna!\S+ PRIVMSG bob :psst")
    nc.expect(r"-> \[PM to bob\] psst")
    bob.expect(r":anna!\S+ PRIVMSG bob :psst")
    desk.close()
    bob.send("PRIVMSG anna :still there?")
    phone.expect(r":bob!\S+ PRIVMSG anna :still there\?")
    nc.expect(r".*\[PM from bob\] still there\?")
    phone.send("QUIT")
    phone.expect(r"ERROR :.*")
    phone.close()
    nc.send("/quit bye")
    bob.expect(r":anna!\S+ QUIT :.*")  # By whichever the server saw go last.
    for one in (nc, bob):
        one.close()
