"""Numbers on a command line, and between what they must be."""

import argparse
import math
from collections.abc import Callable


def count(least: int, most: int) -> Callable[[str], int]:
    """What argparse has a whole number read by."""

    def read(given: str) -> int:
        if not (given.isascii() and given.isdigit() and least <= int(given) <= most):
            raise argparse.ArgumentTypeError(f"{given!r} is not a number from {least} to {most}")
        return int(given)

    return read


def seconds(most: float) -> Callable[[str], float]:
    """What argparse has a time read by: more than none, which fractions may be."""

    def read(given: str) -> float:
        try:
            found = float(given)
        except ValueError:
            found = math.nan
        if not 0 < found <= most:
            raise argparse.ArgumentTypeError(f"{given!r} is not a number of seconds to {most}")
        return found

    return read
