"""Settings, frozen: from the environment, else from broadsheet.toml beside sources.toml, else the defaults."""

from __future__ import annotations

import math
import os
import re
import tomllib
from collections.abc import Callable
from dataclasses import Field, dataclass, field, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from etl import store
from etl.files import Mode

PROJECT = Path(__file__).resolve().parent.parent
SQL = PROJECT / "sql"

UTC = ZoneInfo("UTC")

FILE = "broadsheet.toml"
"""The settings file. It stands beside sources.toml, so only the environment can say where that is."""

PREFIX = "BROADSHEET_"


FOR_EVERYONE = Mode("0755")

DEFAULT_SCHEDULE = "0 2 * * *"
"""When Airflow's nights begin unless BROADSHEET_SCHEDULE says otherwise."""


class SettingsError(Exception):
    """A setting or stanza is wrong. The message names it, what was found and what was expected."""


class Publish(StrEnum):
    """What analysts get of a warehouse that is a lake: a snapshot of it, a plain file, or both."""

    snapshot = "snapshot"
    file = "file"
    both = "both"


class AuthorEmails(StrEnum):
    """What happens to authors' e-mail addresses in everything that is loaded and published."""

    keep = "keep"
    hash = "hash"
    drop = "drop"


@dataclass(frozen=True)
class Settings:
    """Folders and limits. Each is BROADSHEET_<NAME> in the environment, and <name> in broadsheet.toml."""

    home: Path = PROJECT / "var"
    warehouse: str = field(default="", repr=False)
    """Instead of a file below home, a lake: ducklake:postgres: and how to connect. May contain a password."""
    lake_data: str = ""
    """Where a lake keeps its rows: a folder that all machines share, or s3://bucket/folder."""
    publish: Publish = Publish.snapshot
    sources: Path = PROJECT / "sources.toml"
    landing: Path | None = None
    """Instead of the landing folder that sources.toml names."""
    work: str = ""
    """Instead of a folder below home, where runs keep their files: another one, or s3://bucket/folder."""
    quarantine: str = ""
    """Likewise, where what is rejected is kept."""
    published: str = ""
    """Where the note of what is published, the front page and plain copies are put for other machines: s3://..."""
    timezone: ZoneInfo = UTC
    schedule: str = ""
    """When the nights begin, as a cron expression; empty if nobody says. Airflow then uses DEFAULT_SCHEDULE."""
    maintenance_schedule: str = "30 4 * * 0"
    deadline_hours: float = 4.0
    """A night that has not ended this long after its time is late."""
    ping_url: str = field(default="", repr=False)
    """Called after each good night, by https or http. May contain a secret, so it is never shown."""
    memory_limit: str = "700MB"
    threads: int = 2
    lock_timeout_seconds: float = 3600.0
    keep_published: int = 3
    published_mode: Mode = FOR_EVERYONE
    keep_published_days: int = 3
    """Of so many days on which something was published, the last copy is kept too."""
    keep_work_days: int = 14
    front_page: bool = True
    author_emails: AuthorEmails = AuthorEmails.keep
    batch_bytes: int = 256 * 1024**2
    batch_files: int = 20_000
    workers: int = 0
    """How many processes read and clean dumps at once; 0: as many as cores and memory allow."""
    part_bytes: int = 256 * 1024**2
    """Of a dump, what one of them reads; also the text that one cleans."""
    chunk_articles: int = 8_192
    max_article_bytes: int = 32 * 1024**2
    max_unpack_ratio: float = 100.0
    max_read_memory_bytes: int = 1_500_000_000
    max_read_seconds_per_megabyte: float = 60.0
    max_spool_bytes: int = 8 * 1024**3

    @property
    def work_folder(self) -> Path:
        return store.path_of(self.work) if self.work else self.home / "work"

    @property
    def scratch(self) -> Path:
        """Where a process of this machine keeps what is gone with it."""
        return self.home / "work" if store.is_remote(self.work_folder) else self.work_folder

    @property
    def spill(self) -> Path:
        """Where DuckDB puts what does not fit in memory."""
        return self.scratch / "spill"

    @property
    def quarantine_folder(self) -> Path:
        return store.path_of(self.quarantine) if self.quarantine else self.home / "quarantine"

    @property
    def warehouse_file(self) -> Path:
        return self.home / "warehouse" / "broadsheet.duckdb"

    @property
    def published_folder(self) -> Path:
        return self.home / "published"

    @property
    def published_elsewhere(self) -> Path | None:
        """The folder in a bucket where other machines find what is published."""
        return store.path_of(self.published) if self.published else None

    @property
    def stat_cache(self) -> Path:
        return self.home / "stat_cache.json"


def load_settings(environment: dict[str, str] | None = None) -> Settings:
    """Returns the settings that the environment (os.environ by default) and the settings file state.

    Raises SettingsError for a value that is not of its field's type and range, and an unknown name in the file.
    """
    return Settings(**{name: _checked(stated) for name, stated in stated_settings(environment).items()})


def of_text(settings: Settings, **texts: str) -> Settings:
    """The settings with others of the same kind, as a command line states them; an empty text is the default.

    Raises SettingsError as load_settings does.
    """
    known = {setting.name: setting for setting in fields(Settings)}
    changes: dict[str, Any] = {
        name: _checked(Stated(known[name], f"--{name.replace('_', '-')}", text)) if text else known[name].default
        for name, text in texts.items()
    }
    return replace(settings, **changes)


class Stated(NamedTuple):
    """A value as it was stated, and where."""

    setting: Field[Any]
    place: str
    value: Any


def stated_settings(environment: dict[str, str] | None = None) -> dict[str, Stated]:
    """Returns what is stated of each setting and where; the environment wins. A setting not stated is left out.

    Raises SettingsError where the settings file cannot be read or has an unknown name.
    """
    environment = dict(os.environ) if environment is None else environment
    known = {setting.name: setting for setting in fields(Settings)}
    stated = {
        name: Stated(setting, variable_of(name), _from_text(text, type(setting.default)))
        for name, setting in known.items()
        if (text := environment.get(variable_of(name)))
    }
    sources = _checked(stated["sources"]) if "sources" in stated else Settings.sources
    in_file = _read(sources.with_name(FILE))
    if unknown := sorted(in_file.keys() - known.keys() | in_file.keys() & {"sources"}):
        names = ", ".join(name for name in known if name != "sources")
        raise SettingsError(f"{FILE}: unknown setting {', '.join(unknown)}; expected only {names}")
    return {name: Stated(known[name], f"{FILE}: {name}", value) for name, value in in_file.items()} | stated


def variable_of(name: str) -> str:
    """The environment variable that sets a setting."""
    return f"{PREFIX}{name.upper()}"


def known_variables() -> set[str]:
    """Every environment variable that Broadsheet reads."""
    return {variable_of(setting.name) for setting in fields(Settings)}


def read_toml(file: Path) -> dict[str, Any]:
    """The contents of a TOML file. Raises SettingsError where it cannot be read, FileNotFoundError where it is not."""
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        raise
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: is not valid TOML in UTF-8: {error}; correct the file") from None
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read: {error.strerror}; correct its permissions") from None


def _read(file: Path) -> dict[str, Any]:
    try:
        return {name: _below(file.parent, name, value) for name, value in read_toml(file).items()}
    except FileNotFoundError:
        return {}


def _below(folder: Path, name: str, value: Any) -> Any:
    """A path in the settings file is relative to the file."""
    is_path = name in ("home", "landing") and isinstance(value, str) and value
    return str(folder / store.path_of(value).expanduser()) if is_path else value


def _from_text(text: str, kind: type) -> Any:
    """A value of the environment as TOML would have it; the text itself where it is not of that kind."""
    try:
        if kind is bool:
            return {"yes": True, "no": False}[text.lower()]
        return kind(text) if kind in (int, float) else text
    except (ValueError, KeyError):
        return text


class Range(NamedTuple):
    """The smallest and the largest value that make sense."""

    least: int
    most: float


RANGES = {
    "threads": Range(1, 1024),
    "workers": Range(0, 1024),
    "part_bytes": Range(1 << 16, math.inf),
    "keep_published": Range(1, 10_000),
    "keep_work_days": Range(0, 36_500),
    "max_unpack_ratio": Range(1, math.inf),
    "deadline_hours": Range(0, 8_760),
}
"""Settings with another range than the others: whole numbers from 1, other numbers from 0."""

CRON = re.compile(r"@[a-z]+|\S+( +\S+){4}")
PLACE = (re.compile(r"s3://[^/\s]+(/\S*)?|/.*"), "an absolute path, or s3://bucket/folder")
PATTERNS = {
    "warehouse": (re.compile(r"ducklake:postgres:.*\S.*"), "ducklake:postgres: and how to connect to its catalogue"),
    "lake_data": PLACE,
    "work": PLACE,
    "quarantine": PLACE,
    "published": (re.compile(r"s3://[^/\s]+(/\S*)?"), "s3://bucket/folder"),
    "memory_limit": (
        re.compile(r"([1-9]\d+(\.\d+)? ?M|[1-9]\d*(\.\d+)? ?[GT])i?B", re.ASCII | re.IGNORECASE),
        "a size from 10MB, such as 700MB or 2GB",
    ),
    "ping_url": (re.compile(r"https?://\S+"), "an address such as https://hc.example/ping/..."),
    "schedule": (CRON, "five fields of cron, such as 0 2 * * *"),
    "maintenance_schedule": (CRON, "five fields of cron, such as 30 4 * * 0"),
}
"""What a text must look like, and how to say so."""


def _checked(stated: Stated) -> Any:
    """A stated value as the type of its field. Raises SettingsError if it is not of it, or out of its range."""
    setting, place, value = stated
    kind = Path if setting.default is None else type(setting.default)
    expected, convert = _expectation(setting.name, kind)
    try:
        return convert(value)
    except (ValueError, KeyError, OSError):
        found = "set to what is not one" if not setting.repr else repr(value)
        raise SettingsError(f"{place} is {found}; expected {expected}") from None


def _expectation(name: str, kind: type) -> tuple[str, Callable[[Any], Any]]:
    """What is expected of a value, in words; and what makes a value of it or raises ValueError, KeyError or OSError."""
    if kind is bool:
        return "yes or no (true or false in the file)", _only(bool)
    if kind in (int, float):
        least, most = RANGES.get(name, Range(1 if kind is int else 0, math.inf))
        words = f"a {'whole ' if kind is int else ''}number from {least:,}"
        words += f" to {most:,}" if most < math.inf else ""
        return words, lambda value: kind(_within(least, most, _only(int, kind)(value)))
    if issubclass(kind, StrEnum):
        return f"one of {', '.join(kind)}", kind
    if kind is Mode:
        return "the mode of a folder in octal digits, such as 0750", lambda value: Mode(_only(str)(value))
    if kind is ZoneInfo:
        return "an IANA time zone such as Europe/Berlin", lambda value: ZoneInfo(_only(str)(value))
    if issubclass(kind, Path):
        return "a path", lambda value: store.path_of(_text(value)).expanduser().absolute()
    pattern, words = PATTERNS[name]
    return words, lambda value: _matching(pattern, _only(str)(value))


def _only(*kinds: type) -> Callable[[Any], Any]:
    """A function that returns values of these very types and raises ValueError for others."""

    def checked(value: Any) -> Any:
        if type(value) not in kinds:
            raise ValueError
        return value

    return checked


def _within(least: float, most: float, value: float) -> float:
    if not least <= value <= most or value == math.inf:  # a NaN is not within anything
        raise ValueError
    return value


def _matching(pattern: re.Pattern[str], text: str) -> str:
    if not pattern.fullmatch(text):
        raise ValueError
    return text


def _text(value: Any) -> str:
    if type(value) is not str or not value.strip() or "\0" in value:
        raise ValueError
    return value
