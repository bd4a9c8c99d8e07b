"""The journal in one SQLite file.

The SQL is written by hand, for SQLite alone: partial indexes, `json_extract`,
recursive queries. SQLAlchemy brings the engine, `begin()` and one class of
errors, no more; another database would be another package beside this one.
"""
