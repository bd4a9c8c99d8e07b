"""The two chat servers that everybody writes first.

Both do members x lines work in the interpreter: a call, or a queue item and a task switch,
for each delivery. That is the figure to beat, and `docs/models.md` says how.
"""
