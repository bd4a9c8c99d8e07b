"""The load generator: native threads that are a chat server's clients, and witnesses.

    python -m loadtest --clients 500 --duration 10 --mode chat

It knows the server only by what goes over the wire. It MUST NOT import the server's package (a
shared bug would then prove itself right) and MUST NOT patch the standard library: its clients
are operating system threads with blocking sockets, which share nothing with the server's loop.

A run, step by step and module by module:

    cli, options            what is asked for
    preflight               is a server there, of the right mode, and are there descriptors
    master, messages        starts a worker in each process, tells all when to go and to stop
    worker                  one process: its threads, its progress, its drain
    blocking_socket, pace   one client's connection; when each line is due
    payload                 the line that carries its sender, number and time
    human_lines             what the server's lines mean
    client, echo_client, chat_client    one thread's work
    witness                 what one client sent and heard
    proof, order, gaps      from all witnesses: lost, skipped, duplicated, reordered
    latency, probe          how long it took, and how far the generator itself can be believed
    report, progress, plot  the figures: in words, JSON, a bar and a picture

`locustfile` stands apart: locust loads it by its path.
"""
