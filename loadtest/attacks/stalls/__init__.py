"""Attacks that make the server work: each wants everybody else to wait, or its memory to grow."""
