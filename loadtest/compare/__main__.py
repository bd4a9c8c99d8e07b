import signal
import sys

from loadtest.compare.cli import main

if __name__ == "__main__":
    # Both ends unwind the stack, which ends the server under measurement too: it leads a
    # session of its own and would outlive us.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("interrupted")
