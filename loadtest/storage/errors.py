"""What can go wrong while a database is under load."""


class Stuck(Exception):
    """Something that must happen does not."""
