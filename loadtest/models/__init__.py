"""One short program per way of serving many clients, and of fetching many pages.

Each file is meant to be read on its own, as a good example of its kind. The servers share
one command line (`entry`) and next to nothing else, so that a difference in the table is a
difference of model. `scripts/compare` runs them side by side; `lessons` and `databases` show
one thing each, by themselves. `docs/models.md` explains them all.

What this package must not know: geventchat. It is an independent witness.
"""
