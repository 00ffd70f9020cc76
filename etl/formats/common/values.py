"""The values of columns as those of a raw record: text, paragraphs, labels, flags; and what stands for nothing."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import orjson

from etl.formats.common.html_text import line_of_html, text_of_html
from etl.formats.common.pieces import Unreadable
from etl.formats.common.usual_names import INNER, fold

Convert = Callable[[Any], Any]

LONGEST_NOTHING = 9
_NOTHING = frozenset(
    ("", "-", "--", "—", "nan", "nat", "none", "null", "nil", "n/a", "#n/a", "<na>", "\\n", "[]", "{}", "undefined")
)
"""What pandas, Spark, MySQL, JavaScript and people write for nothing, in lower case."""
_LONGEST_LITERAL = 1 << 20
_MOST_BRACKETS = 200
_INTEGERS_TO = 2**63
"""JSON is read by programs that know no larger numbers."""
_YES, _NO = ("true", "1", "yes"), ("false", "0", "no")
_KINDS = {bool: "true or false", int: "a number", float: "a number", dict: "an object", list: "a list of other things"}
"""What a person calls the types of JSON."""
_PARTS = ("summary", "title", "headline", "headlines", "paragraphs", "sections", "blocks")
"""The keys of objects that are parts of a body (Fundus, editors of blocks), in the order in which they are read."""
_WAYS = ("text", "content", "rendered", "value", "html", "plain", "data", "#text", "$t")
"""The keys of objects that say the same in several ways: one of them is read."""
_NO_TEXT = re.compile("image|picture|photo|video|audio|embed|gallery|iframe|advert|promo", re.IGNORECASE)
_HOST = re.compile(r"(?:https?://)?(?:www\.)?([\w-]+(?:\.[\w-]+)+)(?::\d+)?/?")
_ITEM = r"""'(?:[^'\\]|\\.)*+'|"(?:[^"\\]|\\.)*+"|None|nan|NaN|null"""
_LIST = re.compile(rf"\[\s*(?:(?:{_ITEM})[\s,]*)*+\]", re.DOTALL)
_ITEMS = re.compile(_ITEM, re.DOTALL)
_CUT = re.compile(
    r"\s*(?:…|\.{3})?\s*\[\+?[\d,. ]+ (?:chars?|characters|words|more words)\]\s*$"  # NewsAPI, GNews
    r"|\s*(?:\[(?:…|\.{3}|&hellip;|&#8230;|&#x2026;)\])\s*$"  # excerpts of WordPress
    r"|\s*(?:…|\.{3}|&hellip;|&#8230;|\[…\]|\[\.{3}\])\s*"
    r"(?:\(?(?:read (?:more|on|the (?:full|whole|rest))|continue reading"
    r"|weiterlesen|mehr lesen|lire la suite|lire plus|leer más|seguir leyendo|leggi (?:tutto|di più)|continua a leggere"
    r"|lees (?:meer|verder)|ler mais|leia mais|läs mer|les mer|læs mere|czytaj dalej|читать далее)\b[^\n]{0,100})$"
    r"|^\s*ONLY AVAILABLE IN [A-Z ,]{3,60} PLANS?\s*$",  # newsdata.io
    re.IGNORECASE,
)


def is_nothing(value: Any) -> bool:
    """Whether a value stands for nothing: null, no text, or what a tool writes for them."""
    if isinstance(value, str):
        return value.isspace() or (
            len(value) <= LONGEST_NOTHING and (value.strip().casefold() in _NOTHING or value.strip() == "NA")
        )
    if isinstance(value, float):
        return not math.isfinite(value)
    return value is None or (isinstance(value, dict | list | tuple) and not value)


def storable(value: Any) -> Any:
    """`value` as JSON can hold it: times in ISO form, bytes, decimals, numbers beyond 64 bits and the like as text."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int):
        return value if -_INTEGERS_TO <= value < _INTEGERS_TO else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): storable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [storable(item) for item in value]
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def is_nested(value: Any) -> bool:
    """Whether a value is an object, or a list with an object or a list in it: a field cannot hold all of that."""
    return isinstance(value, dict) or (
        isinstance(value, list | tuple) and any(isinstance(item, dict | list | tuple) for item in value)
    )


def plain(value: Any) -> Any:
    """A value of MongoDB without its type (`{"$oid": "57e2"}`), and the value that a text writes down as Python or
    JSON do (`['A', 'B']`, `{'name': 'A'}`); others as they are."""
    while isinstance(value, dict) and len(value) == 1 and next(iter(value))[:1] == "$":
        (kind, inner), *_ = value.items()
        value = _date(inner) if kind == "$date" else inner
    if isinstance(value, str) and (value[:1], value.rstrip()[-1:]) in (("[", "]"), ("{", "}")):
        return _literal(value)
    return value


def _date(value: Any) -> Any:
    """A time of MongoDB in ISO form: a number of milliseconds, or a text already."""
    value = plain(value)
    try:
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(value))).isoformat()
    except (TypeError, ValueError, OverflowError):
        return value


def _literal(text: str) -> Any:
    """The list or object that a text spells out; the text where it spells none, or one too large to be one."""
    if len(text) > _LONGEST_LITERAL:
        return text
    if _LIST.fullmatch(text.strip()):  # also NumPy's, without commas
        items = _ITEMS.findall(text)
        return [_unquoted(item) for item in items if item[0] in "'\""]
    if text[1:].lstrip()[:1] not in ("'", '"', "{") or sum(map(text.count, "[{(")) > _MOST_BRACKETS:
        return text
    for read in (orjson.loads, ast.literal_eval):
        try:
            value = read(text.strip())
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            continue
        is_list = isinstance(value, list) and all(isinstance(item, str | dict) or item is None for item in value)
        return value if is_list or isinstance(value, dict) else text
    return text


def _unquoted(item: str) -> str:
    if item[0] == '"':
        try:
            return str(orjson.loads(item))
        except orjson.JSONDecodeError:
            pass
    try:
        return str(ast.literal_eval(item)).encode("utf-8", "replace").decode()
    except (ValueError, SyntaxError):
        return item[1:-1]


def inner_of(field: str, value: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """What an object says of a field, and the rest of it; None where it says nothing."""
    if field == "body" and (parts := list(_parts(value))):
        return parts, {key: item for key, item in value.items() if key not in _PARTS + _WAYS}
    if field == "publication":
        keys: tuple[str, ...] = ("name", "title", "site_name", *INNER, "site", "domain", "hostname", "uri", "url")
    elif field == "url":
        keys = ("url", "href", "@id", "canonical", *INNER)
    elif field == "labels":
        keys = ("value", "webTitle", *INNER, "term")
    else:
        keys = (*INNER, "code") if field in ("language", "country") else INNER
    for key in keys:
        if not is_nothing(inner := plain(value.get(key))):
            return inner, {other: item for other, item in value.items() if other != key}
    if field == "byline" and (names := _names(value)):
        return names, value
    return None, value


def _names(person: dict[str, Any]) -> str:
    """The name of a person whose first and last name are apart."""
    folded = {fold(key): item for key, item in person.items() if isinstance(item, str)}
    first = folded.get("firstname") or folded.get("givenname") or ""
    last = folded.get("lastname") or folded.get("familyname") or folded.get("surname") or ""
    return f"{first} {last}".strip()


def _parts(value: Any) -> Iterator[str]:
    """The texts in an object or a list of parts of a body, in order."""
    if isinstance(value, str):
        if not is_nothing(value):
            yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _parts(item)
    elif isinstance(value, dict) and not _NO_TEXT.search(str(value.get("type", ""))):
        for key in _PARTS:
            yield from _parts(value.get(key))
        for key in _WAYS:
            if parts := list(_parts(value.get(key))):
                yield from parts
                return


def text(value: Any, field: str = "") -> str | None:
    """A scalar as text, a list of them joined by "; ", the name of an object; None for anything else."""
    value = plain(value)
    if isinstance(value, str):
        return None if is_nothing(value) else value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return text(inner_of(field, value)[0], field)
    if isinstance(value, list | tuple):
        return "; ".join(part for item in value if (part := text(item, field))) or None
    found = storable(value)
    return None if found is None else str(found)


def publication(value: Any) -> str | None:
    """The first name, and of an address its host."""
    value = plain(value)
    if isinstance(value, list | tuple):
        return next((name for item in value if (name := publication(item))), None)
    name = text(value, "publication")
    return (host_of(name) or name) if name and "://" in name else name


def is_host(name: str) -> bool:
    """Whether what is called a publication is a domain or an address."""
    return "." in name and (_HOST.fullmatch(name) is not None or "://" in name)


def host_of(address: str) -> str | None:
    """The host of an address, without `www.`."""
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.") or None
    except ValueError:
        return None


def is_page(value: Any) -> bool:
    """Whether a value is the address of a page, other than a home page."""
    if not isinstance(value, str) or not value.startswith(("http://", "https://")) or " " in value:
        return False
    return len(value.split("/", 3)) == 4 and len(value.split("/", 3)[3]) > 1


def body(value: Any) -> str | None:
    """Paragraphs: a text, HTML, or a list of them. Raises Unreadable where it is anything else."""
    if isinstance(value, str) and value[:1] not in ("[", "{"):
        found: Any = value
    else:
        found = plain(value)
        if isinstance(found, dict):
            found = inner_of("body", found)[0] or found
    if isinstance(found, list | tuple) and (parts := list(_parts(found))):
        found = "\n\n".join(parts)
    if is_nothing(found):
        return None
    if not isinstance(found, str):
        if isinstance(found, list | tuple) and all(isinstance(item, str | None) for item in found):
            return None
        kind = _KINDS.get(type(found), type(found).__name__)
        raise Unreadable(f"the body is {kind}; expected text or a list of paragraphs")
    return (text_of_html(found) or None) if "<" in found else found


def has_usual_end(text: str) -> bool:
    """Whether a text ends as sentences do: then nothing marks that it was cut."""
    return text[-1] in '!?"”’»。' or (text[-1] == "." and text[-2:] != "..")


def without_cut(text: str) -> tuple[str, bool]:
    """A body without the mark of a service that cuts it (`… [+2219 chars]`, `[...]`), and whether it had one."""
    mark = _CUT.search(text, max(len(text) - 160, 0))
    return (text[: mark.start()].rstrip(), True) if mark else (text, False)


def line(value: Any) -> str | None:
    """A headline or deck: text without markup."""
    found = text(value)
    return (line_of_html(found) or None) if found and "<" in found else found


def byline(value: Any) -> str | None:
    """Names. A number is the id of a person, which is none."""
    found = None if isinstance(value, int | float) else text(value, "byline")
    return None if found and found.isdecimal() else found


def url(value: Any) -> str | None:
    """An address."""
    return text(value, "url")


def country(value: Any) -> str | None:
    """A code or name: `NA` is Namibia."""
    return "NA" if value == "NA" else text(value, "country")


def utc(value: Any) -> str | None:
    """A time that is in UTC though it does not say so; WordPress has zeros for none."""
    found = text(value)
    if found is None or found.startswith("0000"):
        return None
    return f"{found}Z" if re.fullmatch(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?", found) else found


def labels(value: Any) -> list[list[str]] | None:
    """Names of topics. Numbers are ids that say nothing, and Guardian's contributors are people."""
    value = plain(value)
    if isinstance(value, bool | int | float):
        return None
    names = re.split("[;,]", value) if isinstance(value, str) else value
    if not isinstance(names, list | tuple):
        names = [names]
    return [["tag", "", name] for item in names if (name := _topic(item))] or None


def _topic(item: Any) -> str | None:
    if isinstance(item, int | float) or (isinstance(item, dict) and item.get("type") == "contributor"):
        return None
    name = item if item.__class__ is str else text(item, "labels") or ""
    name = name.strip()
    return None if len(name) <= LONGEST_NOTHING and is_nothing(name) else name


def flag(value: Any) -> bool | None:
    """Yes or no."""
    word = str(value).strip().casefold()
    return True if word in _YES else False if word in _NO else None


CONVERTS: dict[str, Convert] = {
    "body": body,
    "headline": line,
    "deck": line,
    "byline": byline,
    "publication": publication,
    "url": url,
    "country": country,
    "labels": labels,
    "is_partial": flag,
}
"""How a value becomes that of a field; others are text."""
CONVERTS_OF_COLUMNS: dict[str, Convert] = dict.fromkeys(
    ("dategmt", "modifiedgmt", "postdategmt", "postmodifiedgmt"), utc
)
"""By the folded name of the column instead."""
