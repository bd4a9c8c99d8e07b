"""What `telnet` and `nc` speak: plain text, slash commands, telnet option bytes.

`telnet` strips the option bytes, `keys` tells what a person types, `render`
turns events into lines, `dialect` holds the conversation and `commands` are
the words it knows.
"""
