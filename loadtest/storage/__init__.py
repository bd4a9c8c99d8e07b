"""Databases under load: real servers of our own, what a crash leaves, what a line costs.

    cli, table              what is asked for, and the rows of the answer
    kinds                   which databases there are; a new and empty one
    folder                  where it all lies, and is removed behind us
    database_server         a server that is started in a folder, paused, killed, started again
    postgresql, mariadb     what is particular to each
    talkers                 clients that talk, and write down what becomes of each line
    writers, throughput     a hundred who write, and how many lines a second are acknowledged
    kept                    what the database keeps
    ledger                  the one held against the other
    serving                 geventchat on a database
    crash                   kill -9 of geventchat, again and again
    faults, pinger          what becomes of a talk while the database is gone, full or stands still
    fill, size              a history of millions of lines, and what it costs

It knows geventchat only by what goes over the wire, and by the table `events` that it keeps.
"""
