"""Where the settings come from, how they are written down, and where they are at run time.

Command line over environment (`GEVENTCHAT_*`) over TOML file over default. Whoever needs
a setting asks `Settings` when it needs it, so that it holds from the next time on; whoever
must keep a copy is told of new ones.
"""

from __future__ import annotations

import difflib
import logging
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

from geventchat.config import RESTART_SETTINGS, Config
from geventchat.errors import ConfigError

log = logging.getLogger(__name__)

ENVIRONMENT_PREFIX = "GEVENTCHAT_"
_BOOLS = {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}
_WANTED = {str: "a string", int: "a whole number", float: "a number", bool: "true or false"}


def settings() -> Iterator[tuple[str, type, Any, str]]:
    """Yield (name, type, default, reason) of every setting, in the order of `Config`."""
    kinds = {"str": str, "int": int, "float": float, "bool": bool}
    for spec in fields(Config):
        yield spec.name, kinds[str(spec.type)], spec.default, spec.metadata["why"]


class Settings:
    """The settings of a running server; called, it gives them as they are now.

    changed  called with the new settings after each `reload`
    """

    def __init__(self, config: Config, reread: Callable[[], Config] | None = None) -> None:
        """`reread` reads them again, from where they came."""
        self.now = config
        self.changed: list[Callable[[Config], None]] = []
        self._reread = reread

    def __call__(self) -> Config:
        return self.now

    def reload(self) -> str:
        """Read the settings again; bad ones change nothing. Tell what came of it, in a line."""
        told = self._reload()
        log.log(logging.ERROR if told.startswith("not") else logging.INFO, "%s", told)
        return told

    def _reload(self) -> str:
        if self._reread is None:
            return "not reloaded: the settings came from no file"
        try:
            new = self._reread()
        except ConfigError as error:
            return f"not reloaded: {error}"
        old = asdict(self.now)
        changed = [name for name, value in asdict(new).items() if value != old[name]]
        fixed = [name for name in changed if name in RESTART_SETTINGS]
        self.now = replace(new, **{name: old[name] for name in fixed})
        for tell in self.changed:
            tell(self.now)
        told = f"reloaded: {len(changed) - len(fixed)} settings changed"
        return f"{told}, {len(fixed)} need a restart ({', '.join(fixed)})" if fixed else told


def load(
    flags: Mapping[str, Any], environment: Mapping[str, str], path: str | None = None
) -> Config:
    """Build the configuration from its four sources. Raises `ConfigError`."""
    chosen: dict[str, Any] = {}
    if path is not None:
        chosen.update(_checked(_read_file(path), where=path))
    chosen.update(_checked(_from_environment(environment), where="environment"))
    chosen.update(_checked(dict(flags), where="command line"))
    return Config(**chosen)


def dump(config: Config) -> str:
    """Render a configuration as TOML that `load` reads back to the same value."""
    lines = []
    for name, _, _, why in settings():
        value = asdict(config)[name]
        shown = _toml_string(value) if isinstance(value, str) else str(value).lower()
        lines.append(f"# {why}\n{name} = {shown}\n")
    return "\n".join(lines)


def _toml_string(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _read_file(path: str) -> dict[str, Any]:
    try:
        return tomllib.loads(Path(path).read_bytes().decode())
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8 at byte {error.start}") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from error
    except (ValueError, RecursionError) as error:  # tomllib lets these two through
        raise ConfigError(f"{path}: not valid TOML: a value is too long or too deep") from error


def _from_environment(environment: Mapping[str, str]) -> dict[str, str]:
    prefix = ENVIRONMENT_PREFIX
    return {
        name.removeprefix(prefix).lower(): value
        for name, value in environment.items()
        # GEVENTCHAT_CONFIG names the file itself; the command line reads it.
        if name.startswith(prefix) and name != prefix + "CONFIG"
    }


def _checked(values: dict[str, Any], where: str) -> dict[str, Any]:
    known = {name: kind for name, kind, _, _ in settings()}
    for key in values:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise ConfigError(f"{where}: unknown setting {key!r}{hint}")
    return {key: _converted(key, value, known[key], where) for key, value in values.items()}


def _converted(key: str, value: Any, kind: type, where: str) -> Any:
    """Read text as the setting's type; a TOML value must have that type already."""
    wanted = _WANTED[kind]
    if kind is bool and isinstance(value, str):
        value = _BOOLS.get(value.lower(), value)
    elif isinstance(value, str) and kind is not str:
        try:
            return kind(value)
        except ValueError:
            raise ConfigError(f"{where}: {key}: {value!r} is not {wanted}") from None
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is not kind:
        raise ConfigError(f"{where}: {key}: {value!r} is not {wanted}")
    return value
