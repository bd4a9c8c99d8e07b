from loadtest import ending
from loadtest.compare.cli import main

if __name__ == "__main__":
    ending.run(main)
