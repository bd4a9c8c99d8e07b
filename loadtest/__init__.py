"""Load, measurements and comparisons, from outside.

Nothing here imports geventchat: what it says of the server, it saw on a socket.
"""
