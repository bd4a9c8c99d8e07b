"""Redis and MySQL beside the servers that use them: connect, write, read, close.

Each program needs such a server running, and says so when there is none. What they share
with `loadtest.models.servers` is the question: who waits while the database answers?
"""
