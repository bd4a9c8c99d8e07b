"""Sockets: the only home of them.

`listener` accepts and admits, `connection` reads and is the one that writes,
`flusher` decides what everyone is sent. This package must not know the chat's
rules or any encoder format beyond the `Dialect` protocol.
"""
