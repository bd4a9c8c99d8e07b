import signal
import sys

from loadtest.attacks.cli import main

if __name__ == "__main__":
    # Both ends unwind the stack, which ends the server under attack and all programs too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("interrupted")
