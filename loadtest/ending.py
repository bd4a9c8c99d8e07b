"""How a program ends that has started others: told to, or by Ctrl-C, it ends them first."""

import signal
import sys
from collections.abc import Callable
from typing import NoReturn


def run(main: Callable[[], int]) -> NoReturn:
    """Run it, and exit. Both ends unwind the stack.

    So servers that it has started are ended, which lead a session of their own and would
    outlive it, and their folders are removed.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("interrupted")
