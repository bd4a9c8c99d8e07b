"""What breaks when patching comes late. `--in-time` does the same in the right order.

`from ssl import SSLContext` copies a name. Patching puts new objects under the names in the
modules `ssl` and `time`; a copy made before keeps the old one. urllib3, and so requests,
makes just this copy as it is imported.
"""

import sys

from gevent import monkey

if "--in-time" in sys.argv:
    monkey.patch_all()

import argparse
from ssl import PROTOCOL_TLS_CLIENT, SSLContext, TLSVersion
from time import sleep

import gevent

if "--in-time" not in sys.argv:
    monkey.patch_all()  # says so itself: MonkeyPatchWarning


def tls_context() -> str:
    """What every https client does first."""
    try:
        SSLContext(PROTOCOL_TLS_CLIENT).minimum_version = TLSVersion.TLSv1_2
    except RecursionError as why:
        return f"RecursionError: {why}"
    return "made"


def two_sleepers() -> str:
    """Two greenlets that sleep, and in which order they begin and end."""
    told: list[str] = []

    def sleeper(name: str) -> None:
        told.append(f"{name} begins")
        sleep(0.05)
        told.append(f"{name} ends")

    gevent.joinall([gevent.spawn(sleeper, name) for name in "ab"])
    return ", ".join(told)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--in-time", action="store_true", help="patch before the imports")
    parser.parse_args()
    print("sleep is from:", sleep.__module__)
    print("two sleepers:", two_sleepers())
    print("a TLS context:", tls_context())
