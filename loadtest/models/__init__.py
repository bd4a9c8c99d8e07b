"""One short program per way of serving many clients, and of fetching many pages.

Each file is meant to be read on its own, as a good example of its kind. They share one
command line (`entry`) and nothing else, so that a difference in the table is a difference
of model. `scripts/compare` runs them side by side; `docs/models.md` explains them.

What this package must not know: geventchat. It is an independent witness.
"""
