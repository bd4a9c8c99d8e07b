"""Bytes to commands, events to bytes; no I/O.

A dialect is given received bytes and yields `Request`s for what only its host
can do (wait for the journal, read history, hang up); the answers are sent back
into it. It must not know sockets, greenlets or databases.
"""
