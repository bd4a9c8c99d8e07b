"""Clients that fetch many pages with a bounded number under way at once.

Each module has one `fetch`: it gets the addresses, how many may be under way, the time one
of them may take and a callback, and it calls back once for every address, in the order of
their ends. A page that fails is an outcome with a reason, never the end of the others.

Run one as `python -m loadtest.models.clients.gevent_pool http://127.0.0.1:9000`, with one
of `loadtest.models.http` behind that port.
"""
