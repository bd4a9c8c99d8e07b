"""`python -m loadtest`."""

import sys

if __name__ == "__main__":  # a worker process imports this module again, and needs none of it
    from loadtest.cli import main

    sys.exit(main())
