"""What can go wrong with one row. The other rows go on."""


class RowFailed(Exception):
    """The measurement of one server failed; the text is the row's reason."""


class Missing(Exception):
    """Something is not installed; the text says what to install."""
