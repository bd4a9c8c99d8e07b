"""What `telnet` and `nc` speak: plain text, slash commands, telnet option bytes.

`telnet` takes out the option bytes, `keys` says what a person typed, `dialect`
holds the conversation, and the modules named after themes are the commands.
"""
