"""Settings: four sources, one frozen value, and a clear line for every mistake."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geventchat.config import Config
from geventchat.errors import ConfigError
from geventchat.retention_config import days_of_rooms
from geventchat.settings import dump, load, settings


def file_with(tmp_path: Path, text: str) -> str:
    path = tmp_path / "chat.toml"
    path.write_text(text)
    return str(path)


def mistake(**more: Any) -> str:
    with pytest.raises(ConfigError) as caught:
        load(more.get("flags", {}), more.get("environment", {}), more.get("path"))
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_flags_over_environment_over_file_over_default(tmp_path: Path) -> None:
    path = file_with(tmp_path, 'port = 1001\nhost = "file"\nname = "file"\n')
    environment = {"GEVENTCHAT_PORT": "1002", "GEVENTCHAT_HOST": "env", "PORT": "9", "HOME": "/"}
    found = load({"port": 1003}, environment, path)
    assert (found.port, found.host, found.name, found.lobby) == (1003, "env", "file", "#lobby")
    assert load({}, {}) == Config()


def test_the_environment_may_name_the_file() -> None:
    assert load({}, {"GEVENTCHAT_CONFIG": "read by the command line"}) == Config()


def test_a_configuration_is_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        Config().port = 1  # type: ignore[misc]


TEXT = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"], include_characters="\n"))


@given(
    TEXT,
    st.integers(0, 65535),
    st.floats(1, 3600, allow_nan=False),
    st.sampled_from(["chat", "echo", "upper"]),
)
def test_what_is_printed_reads_back_the_same(name: str, port: int, stall: float, mode: str) -> None:
    config = Config(rules=name, motd=name, port=port, stall_timeout_s=stall, mode=mode)
    text = dump(config)
    import tomllib

    assert Config(**tomllib.loads(text)) == config


def test_what_is_printed_says_why(tmp_path: Path) -> None:
    text = dump(Config())
    assert load({}, {}, file_with(tmp_path, text)) == Config()
    for name, _, _, why in settings():
        assert f"# {why}\n{name} = " in text


def test_every_bound_says_its_unit_and_its_reason() -> None:
    for spec in fields(Config):
        assert spec.metadata["why"].endswith(".")
        if spec.metadata["low"] is not None:
            size = len(spec.default) if isinstance(spec.default, str) else spec.default
            assert spec.metadata["low"] <= size <= spec.metadata["high"]


@pytest.mark.parametrize("spec", [s for s in fields(Config) if s.metadata["low"] is not None])
def test_bounds_hold(spec: Any) -> None:
    low, high = spec.metadata["low"], spec.metadata["high"]
    for size in (low - 1, high + 1):
        is_text = isinstance(spec.default, str)
        value = "ä" * (size // 2) + "x" * (size % 2) if is_text else type(spec.default)(size)
        if size >= 0 or not is_text:
            assert mistake(flags={spec.name: value}).startswith(f"{spec.name}: ")


def test_what_is_told_in_a_line_is_one_line() -> None:
    assert mistake(flags={"description": "one\ntwo"}) == "description: must be one line"
    assert Config(motd="one\ntwo").motd == "one\ntwo"


@pytest.mark.parametrize(
    ("key", "near"), [("prot", "port"), ("line_max_byte", "line_max_bytes"), ("mottd", "motd")]
)
def test_an_unknown_setting_names_the_nearest(tmp_path: Path, key: str, near: str) -> None:
    hint = f"unknown setting '{key}'; did you mean '{near}'?"
    path = file_with(tmp_path, f"{key} = 1\n")
    assert mistake(path=path) == f"{path}: {hint}"
    assert mistake(environment={f"GEVENTCHAT_{key.upper()}": "1"}) == f"environment: {hint}"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("port = ", "not valid TOML: "),
        ("[port\n", "not valid TOML: "),
        ("port = 1\nport = 2\n", "not valid TOML: "),
        ("port = " + "9" * 5000, "not valid TOML: "),
        ("port = " + "[" * 5000, "not valid TOML: "),
        ('port = "8080x"', "port: '8080x' is not a whole number"),
        ("port = 80.5", "port: 80.5 is not a whole number"),
        ("port = true", "port: True is not a whole number"),
        ("host = 5", "host: 5 is not a string"),
        ("stall_timeout_s = [1]", "stall_timeout_s: [1] is not a number"),
        ("limit_loopback = 1", "limit_loopback: 1 is not true or false"),
        ('limit_loopback = "maybe"', "limit_loopback: 'maybe' is not true or false"),
        ("[server]\nport = 1", "unknown setting 'server'"),
    ],
)
def test_broken_files(tmp_path: Path, text: str, says: str) -> None:
    path = file_with(tmp_path, text)
    assert mistake(path=path).startswith(f"{path}: {says}")


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "chat.toml"
    assert mistake(path=str(path)) == f"{path}: No such file or directory"
    assert mistake(path=str(tmp_path)) == f"{tmp_path}: Is a directory"
    path.write_bytes(b'name = "caf\xe9"\n')
    assert mistake(path=str(path)) == f"{path}: not UTF-8 at byte 11"


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("mode", "irc"),
        ("log_level", "loud"),
        ("irc_on_connect", "tel"),
        ("lobby", "lobby"),
        ("lobby", "#"),
        ("lobby", "#a b"),
        ("lobby", "#" + "x" * 64),
        ("name", "a\x1b[2J"),
        ("motd", "\x9b2J"),
        ("rules", "\u202e"),
        ("motd", "del\x7f"),
        ("keepalive_gone_s", 60),
        ("stall_timeout_s", float("nan")),
        ("drain_timeout_s", float("inf")),
    ],
)
def test_values_that_cannot_be(setting: str, value: object) -> None:
    assert setting in mistake(flags={setting: value})


@pytest.mark.parametrize("value", ["", "8080x", "٨x", "1e3", "0x50"])
def test_numbers_from_the_environment(value: str) -> None:
    says = mistake(environment={"GEVENTCHAT_PORT": value})
    assert says == f"environment: port: {value!r} is not a whole number"


@pytest.mark.parametrize(("text", "value"), [("true", True), ("No", False), ("1", True)])
def test_yes_and_no(tmp_path: Path, text: str, value: bool) -> None:
    assert load({}, {"GEVENTCHAT_LIMIT_LOOPBACK": text}).limit_loopback is value
    assert load({"limit_loopback": value}, {}).limit_loopback is value
    path = file_with(tmp_path, dump(Config(limit_loopback=value)))
    assert load({}, {}, path).limit_loopback is value


def test_a_guest_name_always_fits() -> None:
    """Everyone comes in as guest and a number; a bound below that would let nobody in."""
    low = next(spec.metadata["low"] for spec in fields(Config) if spec.name == "nick_max_chars")
    assert low >= len("guest1000000")


@pytest.mark.parametrize(
    "text", ["dev=3", "#dev", "#dev=", "#dev=x", "#dev=-1", "#dev=1.5", "#dev=\u0663", "# dev=3"]
)
def test_days_of_rooms_are_told_apart(text: str) -> None:
    assert "is not of the form #room=DAYS" in mistake(flags={"retention_rooms": text})


def test_days_of_rooms() -> None:
    assert days_of_rooms("#dev=3  #a=b=0") == {"#dev": 3, "#a=b": 0}
    assert "more than 36,500 days" in mistake(flags={"retention_rooms": "#dev=36501"})
