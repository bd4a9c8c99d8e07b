"""The descriptors that thousands of sockets need."""

import resource


def raise_descriptor_limit() -> None:
    """Take all the descriptors the system allows; the servers inherit it."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
