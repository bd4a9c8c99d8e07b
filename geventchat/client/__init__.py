"""The other end of the connection: programs that speak to a chat server.

It knows the human dialect from outside, as anyone with `telnet` does, and must not import
the server's modules, nor gevent: bots run in programs that are not monkey-patched.
"""
