"""geventchat: one process, one port, every client its users already have.

This package's root knows nothing: it names the version and imports no module,
so that the entry point can monkey-patch before anything else is loaded.
"""

__version__ = "0.1.0"
