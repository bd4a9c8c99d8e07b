from loadtest import ending
from loadtest.storage.cli import main

if __name__ == "__main__":
    ending.run(main)
