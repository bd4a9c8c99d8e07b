"""The pages, the same from every server."""

MISSING = "missing"
SLOW = "slow"
SLOW_SECONDS = 2.0


def document(name: str) -> dict[str, object]:
    """What `/NAME` says."""
    return {"name": name, "length": len(name), "upper": name.upper()}
