"""Bytes to commands, events to lines; no I/O.

A dialect is given received bytes and yields requests for what only the outside
can do (wait for the journal, read history, hang up); `driver` carries them out
and sends the answers back in. It parses and words; what the chat allows, and in
which form, is the chat's. It must not know sockets, greenlets, databases or
another dialect.

`human/` and `irc/` are built alike:

    dialect    bytes in, lines out
    client     one client's state, and how to answer it
    table      a command as a value; help: all of them, and help on them
    encoder    events to lines
    refusals   why something is not done, in the dialect's words
    rooms, messages, people, history, modes, serverinfo    the commands, by theme

`echo` is the shortest dialect of all, and `lines` is what both read with.
"""
