"""Settings, frozen: folders and limits from the environment, feeds from sources.toml."""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from etl.model import RAW_FIELDS, Feed

PROJECT = Path(__file__).resolve().parent.parent
SQL = PROJECT / "sql"

UTC = ZoneInfo("UTC")

AD_HOC = "ad_hoc"
"""The source of a dump that no stanza of sources.toml claims."""


class SettingsError(Exception):
    """A setting or stanza is wrong. The message names it, what was found and what was expected."""


class AuthorEmails(StrEnum):
    """What happens to authors' e-mail addresses in everything that is loaded and published."""

    keep = "keep"
    hash = "hash"
    drop = "drop"


@dataclass(frozen=True)
class Settings:
    """Folders and limits. Every field can be set as BROADSHEET_<FIELD>."""

    home: Path = PROJECT / "var"
    sources: Path = PROJECT / "sources.toml"
    timezone: ZoneInfo = UTC
    memory_limit: str = "700MB"
    threads: int = 2
    lock_timeout_seconds: float = 3600.0
    keep_published: int = 3
    keep_published_days: int = 3
    """Of so many days on which something was published, the last copy is kept too."""
    keep_work_days: int = 14
    front_page: bool = True
    author_emails: AuthorEmails = AuthorEmails.keep
    batch_bytes: int = 256 * 1024**2
    batch_files: int = 20_000
    chunk_articles: int = 8_192
    max_article_bytes: int = 32 * 1024**2
    max_unpack_ratio: float = 100.0

    @property
    def work(self) -> Path:
        return self.home / "work"

    @property
    def spill(self) -> Path:
        """Where DuckDB puts what does not fit in memory."""
        return self.work / "spill"

    @property
    def quarantine(self) -> Path:
        return self.home / "quarantine"

    @property
    def warehouse(self) -> Path:
        return self.home / "warehouse" / "broadsheet.duckdb"

    @property
    def published(self) -> Path:
        return self.home / "published"


def load_settings(environment: dict[str, str] | None = None) -> Settings:
    """Returns the settings that the environment (os.environ by default) specifies, with defaults for the rest.

    Raises SettingsError when a value is not of its field's type.
    """
    environment = dict(os.environ) if environment is None else environment
    chosen: dict[str, Any] = {}
    for setting in fields(Settings):
        name = f"BROADSHEET_{setting.name.upper()}"
        if text := environment.get(name):
            chosen[setting.name] = _typed(name, text, type(setting.default))
    return Settings(**chosen)


READ_ELSEWHERE = {
    "BROADSHEET_LANDING",
    "BROADSHEET_SCHEDULE",
    "BROADSHEET_DEADLINE_HOURS",
    "BROADSHEET_MAINTENANCE_SCHEDULE",
}
"""Variables that are not fields of Settings: the landing folder, and what the DAG files read."""


def known_variables() -> set[str]:
    """Every environment variable that Broadsheet reads."""
    return READ_ELSEWHERE | {f"BROADSHEET_{setting.name.upper()}" for setting in fields(Settings)}


def _typed(name: str, text: str, kind: type) -> Any:
    if kind is Path:
        return Path(text).expanduser().absolute()
    if kind is bool:
        return _yes(name, text)
    if issubclass(kind, StrEnum) and text not in list(kind):
        raise SettingsError(f"{name} is {text!r}; expected one of {', '.join(kind)}")
    try:
        return kind(text)
    except (ValueError, ZoneInfoNotFoundError):
        raise SettingsError(f"{name} is {text!r}; expected {_EXPECTED[kind]}") from None


_EXPECTED = {
    int: "a whole number such as 4",
    float: "a number such as 1.5",
    ZoneInfo: "an IANA time zone such as Europe/Berlin",
}
"""What is expected of a value, by the type of its field."""


def _yes(name: str, text: str) -> bool:
    if text.lower() not in ("yes", "no"):
        raise SettingsError(f"{name} is {text!r}; expected yes or no")
    return text.lower() == "yes"


@dataclass(frozen=True)
class Sources:
    """sources.toml: the landing folder and the feeds whose paths are below it."""

    landing: Path
    feeds: dict[str, Feed]


def load_sources(path: Path) -> Sources:
    """Read and check sources.toml.

    Raises SettingsError naming the stanza, the key, what was found and what is expected.
    """
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise SettingsError(
            f"{path}: there is no such file; expected sources.toml: write it, or set BROADSHEET_SOURCES to its path"
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: is not valid TOML in UTF-8: {error}; correct the file") from None
    stanzas = document.get("feed", {})
    feeds = {name: _feed(f"{path.name}: [feed.{name}]", name, stanza) for name, stanza in stanzas.items()}
    landing = Path(os.environ.get("BROADSHEET_LANDING") or path.parent / document.get("landing", "landing"))
    return Sources(landing.resolve(), feeds)


def ad_hoc_feed() -> Feed:
    """The feed of a dump that was named by hand and that no stanza claims."""
    return Feed(name=AD_HOC)


def _feed(where: str, name: str, stanza: dict[str, Any]) -> Feed:
    known = {f.name: f for f in fields(Feed) if f.name != "name"}
    for key in stanza:
        if key not in known:
            raise SettingsError(f"{where} {key}: unknown key; expected one of {', '.join(known)}")
    if not stanza.get("path"):
        found = repr(stanza["path"]) if "path" in stanza else "missing"
        raise SettingsError(f"{where} path: {found}; expected a path or glob below the landing folder")
    columns = {raw: str(column) for raw, column in stanza.get("columns", {}).items()}
    for raw in columns:
        if raw not in RAW_FIELDS:
            raise SettingsError(f"{where} columns.{raw}: unknown field; expected one of {', '.join(RAW_FIELDS)}")
    if (order := stanza.get("date_order")) not in (None, "dmy", "mdy"):
        raise SettingsError(f"{where} date_order: {order!r}; expected 'dmy' or 'mdy'")
    _check_timezone(where, stanza.get("timezone", "UTC"))
    _check_pattern(where, stanza.get("path_pattern"))
    return Feed(**{**stanza, "name": name, "columns": columns})


def _check_timezone(where: str, name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise SettingsError(
            f"{where} timezone: {name!r} is not an IANA time zone; expected one such as 'Europe/Berlin'"
        ) from None


PATH_GROUPS = ("publication", "section", "page", "edition", "year", "month", "day")


def _check_pattern(where: str, pattern: str | None) -> None:
    if pattern is None:
        return
    try:
        groups = re.compile(pattern).groupindex
    except re.error as error:
        raise SettingsError(
            f"{where} path_pattern: {pattern!r} is not a regular expression ({error}); expected one with named groups "
            "such as (?P<year>...)"
        ) from None
    if unknown := set(groups) - set(PATH_GROUPS):
        raise SettingsError(
            f"{where} path_pattern: {pattern!r} has the unknown groups {sorted(unknown)}; "
            f"expected only {', '.join(PATH_GROUPS)}"
        )
