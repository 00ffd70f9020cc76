"""What a stanza of sources.toml may say: its keys, what each must be, and what is wrong with one."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

from etl.declared import remote
from etl.model import RAW_FIELDS, Feed
from etl.settings import PROJECT
from etl.text_codecs import text_codec
from etl.words import one_of, shown


def problems_of(stanza: Any, feed: str) -> Iterator[str]:
    """What is wrong with the stanza of a feed: `key: what was found; expected what`."""
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
    if is_text(stanza.get("path")):
        yield from (f"path: {problem}" for problem in remote.problems(feed, stanza["path"]))
    yield from _contradictions(stanza)
    yield from _ignored(stanza)


def _contradictions(stanza: dict[str, Any]) -> Iterator[str]:
    """Values that are wrong only together with another one."""
    columns, optional = stanza.get("columns", {}), stanza.get("optional", [])
    mapped = columns.values() if isinstance(columns, dict) else ()
    named = [each for value in mapped for each in (value if isinstance(value, list) else [value])]
    named += [piece for each in named if isinstance(each, str) for piece in each.split(" + ")]
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


TAKEN_BY: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("columns", "optional"), ("avro", "csv", "excel", "html_table", "jsonl", "parquet", "sqlite", "xml")
    ),
    **dict.fromkeys(("delimiter", "quote", "escape", "has_header"), ("csv",)),
    "one_article": ("html", "plain_txt", "pressreader_txt", "warc"),
    "record": ("xml",),
    "table": ("sqlite",),
}
"""The formats that look at a key, where not all do."""


def _ignored(stanza: dict[str, Any]) -> Iterator[str]:
    """Keys at which the stanza's format does not look: what they ask for would not happen, without a word."""
    named = stanza.get("format", "auto")
    for key, value in stanza.items():
        is_default = value == getattr(Feed, key, None)
        if named in format_names() and named not in TAKEN_BY.get(key, (named,)) and not is_default:
            yield f"{key}: format {shown(named)} does not look at it; expected it with {one_of(TAKEN_BY[key])} only"


# What each value must be


def is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip()) and value.isprintable()


def _is_number_of_seconds(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < math.inf


def _is_character(value: Any) -> bool:
    return isinstance(value, str) and len(value) == 1 and value not in "\r\n\0"


def _is_column(value: Any) -> bool:
    """A name, or a number from 1 where there is no header."""
    return is_text(value) or (isinstance(value, int) and not isinstance(value, bool) and value > 0)


def _is_list_of_columns(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_column, value))


def is_list_of_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(is_text, value))


def _are_columns(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() <= set(COLUMN_FIELDS)
        and all(_is_column(each) or (_is_list_of_columns(each) and each) for each in value.values())
    )


def is_timezone(value: Any) -> bool:
    try:
        return is_text(value) and bool(ZoneInfo(value))
    except (KeyError, ValueError, OSError):
        return False


def _is_encoding(value: Any) -> bool:
    return is_text(value) and text_codec(value) is not None


def _is_path_pattern(value: Any) -> bool:
    try:
        return isinstance(value, str) and set(re.compile(value).groupindex) <= set(PATH_GROUPS)
    except (re.error, RecursionError, OverflowError):
        return False


def _is_language(value: Any) -> bool:
    return is_text(value) and re.split("[-_]", value)[0].casefold() in _known_to_cldr("language")


def is_country(value: Any) -> bool:
    return is_text(value) and value.casefold() in _known_to_cldr("territory")


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
    "path": Key("a path or glob below the landing folder, or an address such as sftp://host/folder/*.zip", is_text),
    "format": Key(f"one of auto, {', '.join(format_names())}", lambda value: value in ("auto", *format_names())),
    "publication": Key("a name", is_text),
    "country": Key("a country's code such as CH", is_country),
    "language": Key("a language's code such as de", _is_language),
    "timezone": Key('an IANA time zone such as "Europe/Berlin"', is_timezone),
    "date_order": Key('"dmy" or "mdy"', lambda value: value in ("dmy", "mdy")),
    "encoding": Key("an encoding such as cp1252", _is_encoding),
    "path_pattern": Key(
        f"a regular expression with no other named groups than {', '.join(f'(?P<{name}>)' for name in PATH_GROUPS)}",
        _is_path_pattern,
    ),
    "columns": Key(
        f'{{ field = column }}, {{ field = [column, column] }} or {{ field = "column + column" }}, with fields'
        f" of {', '.join(COLUMN_FIELDS)}",
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
    "record": Key("the name of the XML element that is one article, such as ARTICLE", is_text),
    "table": Key("the name of a table or view of a database", is_text),
    "one_article": Key("true or false", lambda value: isinstance(value, bool)),
    "settle_seconds": Key("a number of seconds from 0", _is_number_of_seconds),
    "exclude": Key('a list of globs such as ["*.jpg"]', is_list_of_texts),
    "former_names": Key('a list of names such as ["agency"]', is_list_of_texts),
}
"""Every key of a stanza."""
