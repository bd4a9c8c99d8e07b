"""Databases under load: real servers of our own, what a crash leaves, what a line costs.

    database_server         a server that is started in a folder, paused, killed, started again
    postgresql, mariadb     what is particular to each
    kinds                   which databases there are, SQLite's file among them

It knows geventchat only by what goes over the wire, and by the table `events` that it keeps.
"""
