"""IRC: RFC 1459 and 2812 as the Modern IRC document tells them, plus IRCv3.

`message` reads and writes lines, `encoder` turns events into them, `client` holds
what both sides know of each other, `dialect` puts bytes in and takes bytes out,
and the modules named after themes are the commands. Sans-I/O, like all dialects.
"""
