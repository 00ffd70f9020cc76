"""The values of columns: what stands for nothing, what is wrapped in types, objects or text, what JSON can hold."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from etl.formats.common.usual_names import INNER, fold

LONGEST_NOTHING = 9
_NOTHING = frozenset(
    ("", "-", "--", "—", "nan", "nat", "none", "null", "nil", "n/a", "#n/a", "<na>", "\\n", "[]", "{}", "undefined")
)
"""What pandas, Spark, MySQL, JavaScript and people write for nothing, in lower case."""
_CONTAINERS = frozenset((dict, list, tuple))
_BRACKETS = {"[": "]", "{": "}"}
_LONGEST_LITERAL, _LONGEST_NESTED = 1 << 20, 1 << 17
"""Characters: what is nested takes hundreds of bytes for each while it is parsed."""
_MOST_BRACKETS = 200
_INTEGERS_TO = 2**63
"""JSON is read by programs that know no larger numbers."""
_PARTS = ("summary", "title", "headline", "headlines", "paragraphs", "sections", "blocks")
"""The keys of objects that are parts of a body (Fundus, editors of blocks), in the order in which they are read."""
_WAYS = ("text", "content", "rendered", "value", "html", "plain", "data", "items", "nodes", "#text", "$t", "@value")
"""The keys of objects that say the same in several ways: one of them is read."""
_WRAPPERS = ("data", "attributes", "fields")
"""What the value of a relation is in, as Strapi and Contentful have it."""
_NO_TEXT = re.compile(
    "image|picture|photo|video|audio|embed|gallery|iframe|advert|promo|^(?:title|byline|kicker|date|dateline|author_info)$",
    re.IGNORECASE,
)
"""Kinds of parts of an article that are not its text, or facts that have fields of their own."""
_LEAST_OF_PARTS = 100
"""Characters of a text in parts; lists of names have fewer."""
_LOCALE = re.compile("[a-z]{2}(?:[-_][A-Z]{2})?")
"""The key of a text in one language, as Contentful has it."""
_ITEM = r"""'(?:[^'\\]|\\.)*+'|"(?:[^"\\]|\\.)*+"|None|nan|NaN|null"""
_LIST = re.compile(rf"\[\s*(?:(?:{_ITEM})[\s,]*)*+\]", re.DOTALL)
_ITEMS = re.compile(_ITEM, re.DOTALL)

_ARRAY = re.compile(r"\{(?:(?:\"(?:[^\"\\]|\\.)*+\"|[^{}\",\\]++)(?:,(?!\})|(?=\})))*+\}", re.DOTALL)
_ARRAY_ITEMS = re.compile(r"\"(?:[^\"\\]|\\.)*+\"|[^,\"]++", re.DOTALL)


def is_nothing(value: Any) -> bool:
    """Whether a value stands for nothing: null, no text, or what a tool writes for them."""
    if isinstance(value, str):
        return value.isspace() or (
            len(value) <= LONGEST_NOTHING and (value.strip().casefold() in _NOTHING or value.strip() == "NA")
        )
    if isinstance(value, float):
        return not math.isfinite(value)
    return value is None or (value.__class__ in _CONTAINERS and not value)


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


def spelt(value: Any) -> Any:
    """A value with bytes in it as text, where they are UTF-8: some programs do not say that they are."""
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return value
    if isinstance(value, list):
        return [spelt(each) for each in value]
    return {name: spelt(held) for name, held in value.items()} if isinstance(value, dict) else value


def is_nested(value: Any) -> bool:
    """Whether a value is an object, or a list with an object or a list in it: a field cannot hold all of that."""
    return isinstance(value, dict) or (isinstance(value, list | tuple) and not _CONTAINERS.isdisjoint(map(type, value)))


def plain(value: Any) -> Any:
    """A value of MongoDB without its type (`{"$oid": "57e2"}`), and the value that a text writes down as Python or
    JSON do (`['A', 'B']`, `{'name': 'A'}`); others as they are."""
    while isinstance(value, dict) and len(value) == 1 and next(iter(value))[:1] == "$":
        (kind, inner), *_ = value.items()
        value = _date(inner) if kind == "$date" else inner
    if isinstance(value, str) and (closing := _BRACKETS.get(value[:1])) and value.rstrip().endswith(closing):
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
    if (
        len(text) > _LONGEST_NESTED
        or text[1:].lstrip()[:1] not in ("'", '"', "{")
        or sum(map(text.count, "[{(")) > _MOST_BRACKETS
    ):
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


def array_of(written: str) -> Any:
    """The list that PostgreSQL writes as `{Ann,"Bo Berg"}`; any other text as it is."""
    if not _ARRAY.fullmatch(written):
        return written
    items = (item for item in _ARRAY_ITEMS.findall(written[1:-1]) if item != "NULL")
    return [re.sub(r"\\(.)", r"\1", item[1:-1]) if item[0] == '"' else item.strip() for item in items]


def inner_of(field: str, value: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """What an object says of a field, and the rest of it; None where it says nothing."""
    if field == "body" and (parts := list(parts_of(value))):
        return parts, {key: item for key, item in value.items() if key not in _PARTS + _WAYS}
    if field == "publication":
        keys: tuple[str, ...] = ("name", "title", "site_name", *INNER, "site", "domain", "hostname", "uri", "url")
    elif field == "url":
        keys = ("url", "href", "@id", "canonical", *INNER)
    elif field == "labels":
        keys = ("value", "webTitle", *INNER, "term", *_WRAPPERS)
    elif field in ("published", "modified"):
        keys = ("date", *INNER)
    elif field == "byline":
        keys = (*INNER, "node", "by", "byline", "display_name", "full_name", *_WRAPPERS)
    else:
        keys = (*INNER, "code", *_WRAPPERS) if field in ("language", "country") else (*INNER, *_WRAPPERS)
    if field == "byline" and (names := _names(value)) and not any(map(value.get, ("name", "text", "value"))):
        return names, value
    for key in keys:
        if not is_nothing(inner := plain(value.get(key))):
            return inner, {other: item for other, item in value.items() if other != key}
    if field in ("headline", "deck", "body") and len(value) == 1 and _LOCALE.fullmatch(next(iter(value))):
        return next(iter(value.values())), {}
    return None, value


def _names(person: dict[str, Any]) -> str:
    """The name of a person whose first and last name are apart."""
    folded = {fold(key): item for key, item in person.items() if isinstance(item, str)}
    first = next(filter(None, map(folded.get, ("firstname", "givenname", "first", "given", "vorname"))), "")
    last = next(filter(None, map(folded.get, ("lastname", "familyname", "surname", "last", "family", "nachname"))), "")
    return f"{first} {last}".strip()


def _spans(value: Any) -> str:
    """The text of a paragraph whose pieces are apart, as Portable Text and editors of rich text have it."""
    if not isinstance(value, list) or not all(isinstance(each, dict) and "children" not in each for each in value):
        return ""
    return "".join(each["text"] for each in value if isinstance(each.get("text"), str)).strip()


def in_language(value: dict[str, Any], language: str | None) -> tuple[Any, dict[str, Any]] | None:
    """Of the same text in several languages that of one, else the first, and the others; None where it is not such."""
    if len(value) < 2 or not all(_LOCALE.fullmatch(key) for key in value):
        return None
    filled = [key for key in value if not is_nothing(value[key])]
    asked = (language or "").casefold()[:2]
    key = next((key for key in filled if key[:2] == asked), filled[0] if filled else None)
    return None if key is None else (value[key], {other: held for other, held in value.items() if other != key})


def parts_of_body(value: Any) -> list[str]:
    """The paragraphs or sections of a text, each perhaps with a heading; none where a list is of anything else."""
    if not isinstance(value, list):
        return []
    parts: list[str] = []
    for each in value:
        if isinstance(each, dict) and (texts := list(parts_of(each))):
            heading = each.get("title") or each.get("headline") or each.get("heading")
            parts += [heading] if isinstance(heading, str) and heading not in texts else []
            parts += texts
        elif isinstance(each, str):
            parts += parts_of(each)
    return parts if sum(map(len, parts)) >= _LEAST_OF_PARTS and any(" " in part[:99] for part in parts) else []


def says_text(part: Any) -> bool:
    """Whether a part of a body is text alone: there is nothing else in it to be kept."""
    return not isinstance(part, dict) or any(True for _ in parts_of(part))


def parts_of(value: Any) -> Iterator[str]:
    """The texts in an object or a list of parts of a body, in order."""
    if isinstance(value, str):
        if not is_nothing(value):
            yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from parts_of(item)
    elif isinstance(value, dict) and not _NO_TEXT.search(str(value.get("type") or value.get("_type") or "")):
        if any(key in value for key in ("sections", "paragraphs", "blocks")):
            for key in _PARTS:
                yield from parts_of(value.get(key))
        if spans := _spans(value.get("children")):
            yield spans
            return
        for key in (*_WAYS, "children"):
            if parts := list(parts_of(value.get(key))):
                yield from parts
                return
