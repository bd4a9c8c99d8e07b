"""Sockets: the only home of them.

    listener    accepts and admits
    admission   counts by address, and says from where nobody more may come
    descriptors how many connections there may be
    pool        the greenlets, lean enough for tens of thousands
    detection   what is spoken, from the first bytes
    connection  one socket: reads, and is the one that writes
    closing     hangs up so that the last words arrive
    handler     one chat connection, from its first byte to its last
    service     what happens on a connection; how all of them ended
    flusher     sends everyone what is new to them

This package must not know the chat's rules or any wire format; it knows
dialects by their protocol and delivery by its outboxes.
"""
