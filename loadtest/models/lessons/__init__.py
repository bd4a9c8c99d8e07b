"""Short programs that each show one thing: run one, read it, change it, run it again.

`docs/models/tutorials.md` says which of them goes with what you have read. Every one tells
what it does with `--help`, ends by itself in seconds, and leaves nothing behind.
"""
