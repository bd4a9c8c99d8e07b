"""IRC: RFC 1459 and 2812 as the Modern IRC document tells them, plus IRCv3.

`syntax` reads and writes lines, `registration` and `capabilities` let a client
in, `isupport` and `numerics` are what it is told, `multiline`, `monitor`, `who`
and `oper` are themes that people at terminals have no words for.
"""
