"""What a setting is declared as, and whether a value may stand in it."""

from __future__ import annotations

import unicodedata
from dataclasses import Field, field
from typing import Any

from geventchat.errors import ConfigError


def setting(
    default: Any,
    why: str,
    low: float | None = None,
    high: float | None = None,
    *,
    live: bool = True,
) -> Any:
    """Declare a field: its default, what it is for and its bounds, inclusive.

    Those of text count its bytes. What is not `live` a running server cannot change: it is
    bound, opened or handed out already.
    """
    return field(default=default, metadata={"why": why, "low": low, "high": high, "live": live})


def check_choice(name: str, value: str, choices: tuple[str, ...]) -> None:
    """Raise `ConfigError` unless the value is one of those."""
    if value not in choices:
        raise ConfigError(f"{name}: {value!r} is not one of {', '.join(choices)}")


def check(spec: Field[Any], value: Any) -> None:
    """Raise `ConfigError` unless the value is one that the field may have."""
    low, high = spec.metadata["low"], spec.metadata["high"]
    if low is not None:
        size, unit = (len(value.encode()), " bytes") if isinstance(value, str) else (value, "")
        if not low <= size <= high:
            raise ConfigError(f"{spec.name}: {size}{unit} is not between {low:,} and {high:,}")
        if unit and "\n" in value:
            raise ConfigError(f"{spec.name}: must be one line")
    if isinstance(value, str) and any(map(_invisible, value)):
        raise ConfigError(f"{spec.name}: control and invisible characters are not allowed")


def _invisible(char: str) -> bool:
    # Joiners (Cf too) are part of emoji and of several scripts.
    category = unicodedata.category(char)
    return category in ("Cc", "Cf", "Cs", "Zl", "Zp") and char not in "\n\u200c\u200d"
