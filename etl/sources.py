"""sources.toml: the landing folder and its feeds, every value checked. A wrong stanza stops no feed but its own."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

from etl.model import RAW_FIELDS, Feed
from etl.settings import PROJECT, Settings, SettingsError, read_toml
from etl.text_codecs import text_codec
from etl.words import shown

AD_HOC = "ad_hoc"
"""The source of a dump that no stanza of sources.toml claims."""


@dataclass(frozen=True)
class WrongStanza:
    """A stanza that cannot be used."""

    problems: tuple[str, ...]
    paths: tuple[str, ...]
    """What it claims nevertheless, as far as that can be told: no feed after it may take its dumps."""


@dataclass(frozen=True)
class Sources:
    """sources.toml: the landing folder and the feeds whose paths are below it."""

    landing: Path
    feeds: dict[str, Feed]
    wrong: dict[str, WrongStanza] = field(default_factory=dict)
    """The stanzas that cannot be used, by the name of their feed."""
    claimants: tuple[Feed, ...] = ()
    """All feeds in the order in which they claim files, those of wrong stanzas with nothing but a path."""
    oddities: tuple[str, ...] = ()
    """What else is wrong with the file."""

    @property
    def problems(self) -> list[str]:
        """Everything that is wrong, a sentence each: the stanza, the key, what was found and what is expected."""
        return [*self.oddities, *self.problems_of_stanzas]

    @property
    def problems_of_stanzas(self) -> list[str]:
        """What is wrong with stanzas: this matters also where a dump is named by hand."""
        return [problem for stanza in self.wrong.values() for problem in stanza.problems]

    @property
    def names_today(self) -> dict[str, str]:
        """The name of each feed by every name that it had before."""
        return {former: feed.name for feed in self.feeds.values() for former in feed.former_names}

    def feed_of(self, source: str) -> Feed:
        """The feed of that name; the ad-hoc one where no stanza has it. Raises SettingsError if its stanza is wrong."""
        if source in self.wrong:
            raise SettingsError("; ".join(self.wrong[source].problems))
        return self.feeds.get(source, ad_hoc_feed())


@cache
def ad_hoc_feed() -> Feed:
    """The feed of a dump that was named by hand and that no stanza claims."""
    return Feed(name=AD_HOC)


def load_sources(settings: Settings) -> Sources:
    """Read and check sources.toml. What is wrong with a stanza is in `wrong`, and the other feeds can be used.

    Raises SettingsError where the file is missing, is not TOML, or has no landing folder that could be meant.
    """
    path = settings.sources
    try:
        document = read_toml(path)
    except FileNotFoundError:
        raise SettingsError(
            f"{path}: there is no such file; expected sources.toml: write it, or set BROADSHEET_SOURCES to its path"
        ) from None
    landing = document.get("landing", "landing")
    if not _is_text(landing):
        raise SettingsError(f"{path.name}: landing: {shown(landing)}; expected a folder, such as {shown('landing')}")
    stanzas = document.get("feed", {}) if isinstance(document.get("feed", {}), dict) else {}
    feeds: dict[str, Feed] = {}
    wrong: dict[str, WrongStanza] = {}
    claimants: list[Feed] = []
    for name, stanza in stanzas.items():
        if problems := tuple(f"{path.name}: [feed.{name}] {problem}" for problem in _problems(stanza)):
            wrong[name] = WrongStanza(problems, tuple(_paths(stanza)))
            claimants += [Feed(name, claimed) for claimed in wrong[name].paths]
        else:
            feeds[name] = _feed(name, stanza)
            claimants.append(feeds[name])
    for name, problem in _contested_names(feeds, set(stanzas)):
        wrong[name] = WrongStanza((f"{path.name}: [feed.{name}] {problem}",), (feeds.pop(name).path,))
    oddities = tuple(f"{path.name}: {oddity}" for oddity in _oddities(document))
    return Sources((settings.landing or path.parent / landing).resolve(), feeds, wrong, tuple(claimants), oddities)


def _contested_names(feeds: dict[str, Feed], names_today: set[str]) -> list[tuple[str, str]]:
    """Feeds with a former name that is not that of one feed which is no longer there, and what is wrong with it."""
    claimed: dict[str, str] = {}
    wrong: dict[str, str] = {}
    for feed in feeds.values():
        for name in feed.former_names:
            where = f"former_names: {shown(name)}"
            if name in names_today:
                wrong[feed.name] = f"{where} is the name of a feed today; remove that stanza, or this name"
            elif name == AD_HOC:
                wrong[feed.name] = f"{where} is what belongs to no feed; expected the former name of a feed"
            elif name in claimed:
                wrong[feed.name] = f"{where} is claimed by [feed.{claimed[name]}] too; leave it to one of them"
            claimed.setdefault(name, feed.name)
    return list(wrong.items())


def _oddities(document: dict[str, Any]) -> Iterator[str]:
    """What is wrong with the file beside its stanzas."""
    for key in sorted(document.keys() - {"landing", "feed"}):
        yield f"{key}: unknown key; expected only landing and stanzas [feed.NAME]"
    stanzas = document.get("feed", {})
    if not isinstance(stanzas, dict):
        yield f"feed: {shown(stanzas)}; expected stanzas [feed.NAME]"
    elif not stanzas:
        yield "no feed; expected at least one stanza [feed.NAME]: without one, nothing is ever taken"


def _feed(name: str, stanza: dict[str, Any]) -> Feed:
    """A feed as a stanza without problems states it."""
    columns = {
        raw: tuple(map(str, column)) if isinstance(column, list) else str(column)
        for raw, column in stanza.get("columns", {}).items()
    }
    id_column = str(stanza["id_column"]) if "id_column" in stanza else None
    lists: dict[str, Any] = {name: tuple(stanza.get(name, ())) for name in ("exclude", "former_names")}
    lists["optional"] = tuple(map(str, stanza.get("optional", ())))
    return Feed(**{**stanza, "name": name, "columns": columns, "id_column": id_column, **lists})


def _paths(stanza: Any) -> list[str]:
    path = stanza.get("path") if isinstance(stanza, dict) else None
    return [str(text) for text in (path if isinstance(path, list) else [path]) if _is_text(text)]


def _problems(stanza: Any) -> Iterator[str]:
    """What is wrong with a stanza: `key: what was found; expected what`."""
    if not isinstance(stanza, dict):
        yield f"is {shown(stanza)}; expected a stanza with at least a path"
        return
    if "path" not in stanza:
        yield f"path: missing; expected {KEYS['path'].expected}"
    for key, value in stanza.items():
        if key not in KEYS:
            yield f"{key}: unknown key; expected one of {', '.join(KEYS)}"
        elif not KEYS[key].is_valid(value):
            yield f"{key}: {shown(value)}; expected {KEYS[key].expected}"
    yield from _contradictions(stanza)


def _contradictions(stanza: dict[str, Any]) -> Iterator[str]:
    """Values that are wrong only together with another one."""
    columns, optional = stanza.get("columns", {}), stanza.get("optional", [])
    mapped = columns.values() if isinstance(columns, dict) else ()
    named = [each for value in mapped for each in (value if isinstance(value, list) else [value])]
    named.append(stanza.get("id_column"))
    if _is_list_of_columns(optional):
        for column in optional:
            if column not in named:
                yield f"optional: {shown(column)}; expected columns that `columns` or `id_column` names"
    delimiter = stanza.get("delimiter")
    if delimiter is not None and delimiter == stanza.get("quote"):
        yield f"quote: {shown(delimiter)}; expected another character than the delimiter"
    escape = stanza.get("escape")
    if escape is not None and escape in (delimiter, stanza.get("quote")):
        yield f"escape: {shown(escape)}; expected another character than the delimiter and the quote"
    if stanza.get("format") == "xml" and "record" not in stanza:
        yield f"record: missing; expected {KEYS['record'].expected}"


# What each value must be


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip()) and value.isprintable()


def _is_number_of_seconds(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < math.inf


def _is_character(value: Any) -> bool:
    return isinstance(value, str) and len(value) == 1 and value not in "\r\n\0"


def _is_column(value: Any) -> bool:
    """A name, or a number from 1 where there is no header."""
    return _is_text(value) or (isinstance(value, int) and not isinstance(value, bool) and value > 0)


def _is_list_of_columns(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_column, value))


def _is_list_of_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _are_columns(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() <= set(COLUMN_FIELDS)
        and all(_is_column(each) or (_is_list_of_columns(each) and each) for each in value.values())
    )


def _is_timezone(value: Any) -> bool:
    try:
        return _is_text(value) and bool(ZoneInfo(value))
    except (KeyError, ValueError, OSError):
        return False


def _is_encoding(value: Any) -> bool:
    return _is_text(value) and text_codec(value) is not None


def _is_path_pattern(value: Any) -> bool:
    try:
        return isinstance(value, str) and set(re.compile(value).groupindex) <= set(PATH_GROUPS)
    except (re.error, RecursionError, OverflowError):
        return False


def _is_language(value: Any) -> bool:
    return _is_text(value) and re.split("[-_]", value)[0].casefold() in _known_to_cldr("language")


def _is_country(value: Any) -> bool:
    return _is_text(value) and value.casefold() in _known_to_cldr("territory")


@cache
def _known_to_cldr(kind: Literal["language", "territory"]) -> set[str]:
    """Codes and English names of languages or territories."""
    from babel import Locale
    from babel.core import get_global

    locale = Locale("en")
    names = locale.languages if kind == "language" else locale.territories
    aliases = get_global("language_aliases" if kind == "language" else "territory_aliases")
    codes = [code for code in (*names, *aliases) if code.isalpha()]
    return {text.casefold() for text in (*codes, *names.values())}


@cache
def format_names() -> list[str]:
    """Every dump format: a format is a file of etl/formats/."""
    return sorted(file.stem for file in (PROJECT / "etl" / "formats").glob("[!_]*.py"))


COLUMN_FIELDS = tuple(name for name in RAW_FIELDS if name not in ("position", "extra"))
"""The fields of a raw record that a column can fill."""

PATH_GROUPS = ("publication", "section", "page", "edition", "year", "month", "day")


class Key(NamedTuple):
    """What a value must be: as words for a person, and as a check."""

    expected: str
    is_valid: Callable[[Any], bool]


KEYS = {
    "path": Key("a path or glob below the landing folder", _is_text),
    "format": Key(f"one of auto, {', '.join(format_names())}", lambda value: value in ("auto", *format_names())),
    "publication": Key("a name", _is_text),
    "country": Key("a country's code such as CH", _is_country),
    "language": Key("a language's code such as de", _is_language),
    "timezone": Key('an IANA time zone such as "Europe/Berlin"', _is_timezone),
    "date_order": Key('"dmy" or "mdy"', lambda value: value in ("dmy", "mdy")),
    "encoding": Key("an encoding such as cp1252", _is_encoding),
    "path_pattern": Key(
        f"a regular expression with no other named groups than {', '.join(f'(?P<{name}>)' for name in PATH_GROUPS)}",
        _is_path_pattern,
    ),
    "columns": Key(
        f"{{ field = column }}, or {{ field = [column, column] }}, with fields of {', '.join(COLUMN_FIELDS)}",
        _are_columns,
    ),
    "id_column": Key("the name of a column", _is_column),
    "optional": Key("a list of columns that a dump may lack", _is_list_of_columns),
    "delimiter": Key(
        "one character that is not a quote", lambda value: _is_character(value) and value not in ('"', "'")
    ),
    "quote": Key('one character, or "" where quotes are ordinary letters', lambda v: v == "" or _is_character(v)),
    "escape": Key(
        "one character that is not a quote, such as a backslash", lambda v: _is_character(v) and v not in ('"', "'")
    ),
    "has_header": Key("true or false", lambda value: isinstance(value, bool)),
    "is_partial": Key("true or false", lambda value: isinstance(value, bool)),
    "record": Key("the name of the XML element that is one article, such as ARTICLE", _is_text),
    "one_article": Key("true or false", lambda value: isinstance(value, bool)),
    "settle_seconds": Key("a number of seconds from 0", _is_number_of_seconds),
    "exclude": Key('a list of globs such as ["*.jpg"]', _is_list_of_texts),
    "former_names": Key('a list of names such as ["agency"]', _is_list_of_texts),
}
"""Every key of a stanza."""
