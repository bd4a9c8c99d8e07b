"""Servers that send back, in upper case, whatever bytes they get.

Run one as `python -m loadtest.models.servers.epoll_loop 9000` and talk to it with
`nc 127.0.0.1 9000`. `--echo` leaves the case alone.
"""
