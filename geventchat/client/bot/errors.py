"""What a bot can meet: one class per thing that it can do about it."""


class ChatError(Exception):
    """Any of these."""


class Refused(ChatError):
    """The server did not do it, and the text says why. The connection is as it was."""


class Disconnected(ChatError):
    """The connection ended. What was not acknowledged by then may or may not have been said."""
