"""Attacks on a server that this starts, and what everybody else noticed of them.

    scripts/attack [NAME…] [--people N] [--database none|sqlite] [--against DIR]

It knows the server only by what goes over the wire, by its log, and by what the kernel tells of
its process. Every attack is bounded in time and in bytes, goes to a server of its own on loopback,
and ends by itself.

    cli                     what is asked for, one row after the other
    attack, catalogue       what an attack and a claim are; which there are
    stalls/, claims/        the programs
    stage                   one attack: people, quiet, attack, after
    server                  the server: its ground, its memory, its files, its log
    people                  who is there and reads (a process)
    assault                 the attacker (a process)
    watcher                 who measures
    machine                 how late the machine itself is (a process)
    prepared                a long history, made without saying it
    client                  one connection
    figures, report         the bars, the verdicts, the tables
"""
