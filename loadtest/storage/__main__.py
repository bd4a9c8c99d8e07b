import signal
import sys

from loadtest.storage.cli import main

if __name__ == "__main__":
    # Both ends unwind the stack, which ends the servers and removes their folders.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("interrupted")
