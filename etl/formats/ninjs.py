"""ninjs, the JSON of the IPTC (1.0 to 3.x): one item a document, a list of items, items in lines, or a page of an API.

Sent by dpa, TT, NTB, AP, Business Wire, BBC, Superdesk. 1.x: `byline`, `headline`, `body_html`, `subject`; 2.x: `by`,
and lists: `headlines`, `bodies`, `subjects`; 3.x the same with capitals within names (`versionCreated`). Bodies are
renderings of the one text, perhaps with a summary among them. `uri` (or `guid`) identifies the item over all its
versions. dpa's digital wires have other names (`article_html`, `urn`, `version_created`). Pictures and the like are
items, too; those in `associations` belong to their article. In a package without a text of its own, the texts in
`associations` are articles. AP's content feed has no texts: it links to
files of NITF, which hold them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any, BinaryIO

import orjson

from etl.formats.agency.iptc import MEDIA, SUBJECT_CODES, few_enough, label_of_uri, scheme_of
from etl.formats.agency.json_documents import documents
from etl.formats.agency.message_text import Text, add_text, text_of_markup, text_of_plain
from etl.formats.agency.ninjs import MAY_BE_TEXT, begins_with_item, count_articles, is_ninjs, items_of, with_our_names
from etl.formats.agency.nitf import text_of_nitf
from etl.formats.common.columns import storable
from etl.formats.common.json_left_over import beside
from etl.formats.common.json_text import beginning, loads
from etl.formats.common.markup import parse_xml
from etl.formats.common.pieces import Unreadable, guarded, without_empty_extra
from etl.model import DumpError, Feed, Piece, RawRecord, Reject, Skip

LEAST_ACCOUNTED_SHARE = 0.3
"""Much of an item describes its renditions and subjects."""

NATIVE_ID_IS_GLOBAL = True

_USED_NAMES = """
    uri guid version headline byline by language versioncreated firstcreated contentcreated pubstatus
    dateline embargoed bodies associations slugline keywords subject subjects genre genres source
"""
_USED = frozenset(_USED_NAMES.split())
_TICKET = re.compile(r"\?(?:qt|et)=.*")
"""What AP adds to the address of an item for each subscriber and download."""
_ABOUT = ("subject", "subjects", "genre", "genres")
_SUMMARIES = re.compile(r"summary|abstract|teaser|caption|descr|intro|headline|brief|short", re.IGNORECASE)
"""Roles of a body that is not the text."""
_WRITERS = re.compile(r"(?:writer|author|reporter|byline)", re.IGNORECASE)
_LINKED = frozenset(("nitf", "anpa"))
"""Renditions of AP that are the text, in a file of its own."""
_BEST_FIRST = ("html", "nitf", "plain")
"""Kinds of a body."""


def recognise(head: bytes, name: str) -> float:
    """By the names of fields at the top of its first object."""
    text = beginning(head)
    return 1.0 if text[:1] in ("{", "[") and begins_with_item(text) else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """The items whose type is text, or may be and that hold one: by the brackets, and the strings between them."""
    return sum(map(count_articles, documents(stream, feed)))


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """A record for each text, a Reject for one that is empty or a line that is not JSON, a Skip for each other item.

    A cancellation is a record, with or without text. Raises DumpError where it is not JSON at all.
    """
    for number, data in enumerate(documents(stream, feed), 1):
        yield from _pieces(data, number)


def _pieces(data: bytes, number: int) -> Iterator[Piece]:
    try:
        found = loads(data)
    except (orjson.JSONDecodeError, Unreadable) as error:
        reason = f"is not JSON: {error}" if isinstance(error, orjson.JSONDecodeError) else str(error)
        reason += "; ask its sender for it again"
        if number == 1:
            raise DumpError(reason) from None
        yield Reject(f"item {number}", reason, data[:1_000_000])
        return
    items = list(few_enough(items_of(found)))
    yield from beside(found, items)
    for place, item in enumerate(items, number):
        position = f"item {place}"
        if not isinstance(item, dict):
            yield Reject(position, "expected an object, found another value", _raw(item))
        else:
            yield from _pieces_of(with_our_names({name.lower(): value for name, value in item.items()}), position)


def _pieces_of(item: dict[str, Any], position: str) -> Iterator[Piece]:
    """The item; of a package without a text of its own, the texts that belong to it."""
    kind = str(item.get("type") or "").lower()
    is_package = kind in MAY_BE_TEXT and not any(_bodies(item))
    if is_package:
        for number, each in enumerate(_objects(item.get("associations")), 1):
            if any(_bodies(each)) and str(each.get("type") or "").lower() not in MEDIA:
                yield _own(each, f"{position}, association {number}")
    if is_package or kind in MEDIA:
        called = "picture" if kind in ("image", "photo") else "package" if kind == "composite" else kind
        yield Skip(position, called, _raw(item).decode())
    else:
        yield _own(item, position)


def _own(item: dict[str, Any], position: str) -> Piece:
    return guarded(partial(_piece, item, position), position, partial(_raw, item))


def _raw(item: Any) -> bytes:
    """An item for quarantine; its numbers beyond 64 bits as text."""
    return orjson.dumps(storable(item), default=str)


def _piece(item: dict[str, Any], position: str) -> Piece:
    record = _article(item)
    if not record.get("body") and record.get("status") not in ("canceled", "cancelled"):
        reason = "has no text in its bodies; ask its sender for items with their text"
        if linked := _LINKED & set(item.get("renditions") or ()):
            reason = f"has only a link to its text ({min(linked)}); load that file too, or in place of this one"
        if not is_ninjs(item):
            names = ", ".join(sorted(item)[:9])
            expected = "expected fields such as uri, versioncreated and body_html"
            reason = f"is not an item of ninjs: {expected}, found {names}"
        return Reject(position, reason, _raw(item))
    return {"position": position, **record}


def _article(item: dict[str, Any]) -> RawRecord:
    headlines = _by_role(item, "headlines")
    headline = _string(item.get("headline")) or next(iter(headlines), "") or _string(item.get("title"))
    described = min((name for name in item if name.startswith("description_")), key=_is_other_description, default="")
    deck = next(filter(None, [_string(item.get(described)), *_by_role(item, "descriptions")]), "")
    deck = " ".join(text_of_markup(deck).blocks) if "<" in deck else deck
    first, created, version = (_string(item.get(name)) for name in ("firstcreated", "contentcreated", "versioncreated"))
    used = {*_USED, described, *(name for name in item if name.startswith("body_"))}
    used |= {name for name in ("headlines", "descriptions") if len(item.get(name) or ()) < 2}
    record: RawRecord = {
        "native_id": _TICKET.sub("", _string(item.get("guid")) or _string(item.get("uri"))),
        "native_version": _string(item.get("version")),
        "headline": headline,
        "deck": deck,
        "byline": _byline(item),
        "dateline": _string(item.get("dateline")),
        "published": first or created or version,
        "modified": version,
        "language": _string(item.get("language")),
        "labels": _labels(item),
        "agency": _agency(item),
        "status": _string(item.get("pubstatus")),
        "embargo_until": _string(item.get("embargoed")),
        "extra": {name: value for name, value in item.items() if name not in used} | _beside(item),
    }
    add_text(record, _text(item, headline))
    return without_empty_extra(record)


def _is_other_description(name: str) -> tuple[bool, str]:
    return name not in ("description_text", "description_html"), name


def _beside(item: dict[str, Any]) -> dict[str, Any]:
    """What accompanies the article: pictures and the like, without their sizes and addresses, and summaries."""
    associations = [
        {name: value for name, value in each.items() if name != "renditions"}
        for each in _objects(item.get("associations"))
    ]
    return {
        "associations": associations,
        "bodies": [each for each in _objects(item.get("bodies")) if _is_summary(each)],
    }


def _is_summary(body: dict[str, Any]) -> bool:
    return bool(_SUMMARIES.search(_string(body.get("role"))))


def _string(value: Any) -> str:
    """A scalar as text; '' for anything else."""
    return str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """The objects in a list, or in an object of objects; a string becomes an object with that name."""
    values: Iterable[Any] = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for found in values:
        if isinstance(found, dict):
            yield {str(name).lower(): said for name, said in found.items()}
        elif isinstance(found, str):
            yield {"name": found}


def _by_role(item: dict[str, Any], name: str) -> list[str]:
    """The values in a list of objects with roles, the main one first."""
    said = [(_string(each.get("role")), _string(each.get("value"))) for each in _objects(item.get(name))]
    return [value for role, value in sorted(said, key=lambda one: one[0] not in ("main", "")) if value]


def _byline(item: dict[str, Any]) -> str:
    """The byline as printed, else the people who wrote it."""
    for name in ("byline", "by", "bylines"):
        printed = _string(item.get(name)) or "; ".join(filter(None, map(_named, _objects(item.get(name)))))
        if printed:
            return printed
    people = [*_objects(item.get("authors")), *_objects(item.get("creators"))]
    writers = [each for each in people if _WRITERS.search(_string(each.get("role")) or "author")]
    return "; ".join(filter(None, map(_named, writers)))


def _named(each: dict[str, Any]) -> str:
    return _string(each.get("name")) or _string(each.get("by"))


def _agency(item: dict[str, Any]) -> str:
    sources = [_string(each.get("name")) for each in _objects(item.get("infosources"))]
    named = _string(item.get("source")) or _string(item.get("creditline"))
    return named or next(filter(None, sources), "") or _string(item.get("copyrightholder"))


def _labels(item: dict[str, Any]) -> list[list[str]]:
    labels = [_label(each, name.rstrip("s")) for name in _ABOUT for each in _objects(item.get(name))]
    labels += [["keyword", "", _string(each.get("name"))] for each in _objects(item.get("keywords"))]
    labels.append(["slugline", "", _string(item.get("slugline"))])
    return [label for label in labels if label[1] or label[2]]


def _label(each: dict[str, Any], kind: str) -> list[str]:
    name, uri = _string(each.get("name")), _string(each.get("uri"))
    code = _string(each.get("code")) or _string(each.get("literal"))
    if each.get("scheme") and code:
        return [scheme_of(_string(each["scheme"]).rstrip("/").rpartition("/")[2]), code, name]
    if code:
        before, colon, after = code.rpartition(":")
        return [before, after, name] if colon else [_kind_of(code, kind), code, name]
    return label_of_uri(uri, name) if uri else [_string(each.get("rel")) or kind, "", name]


def _kind_of(code: str, kind: str) -> str:
    return SUBJECT_CODES if len(code) == 8 and code.isdecimal() else kind


def _bodies(item: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Kind and value of each rendering of the text: `html`, `nitf`, `plain` or another."""
    for name in ("body_html", "body_xhtml", "body_text"):
        if value := _string(item.get(name)):
            yield ("plain" if name == "body_text" else "html"), value
    for name, value in item.items():
        if name.startswith("body_") and name not in ("body_html", "body_xhtml", "body_text") and _string(value):
            yield ("html" if "html" in name else "plain"), _string(value)
    for each in sorted(_objects(item.get("bodies")), key=_is_summary):
        if value := _string(each.get("value")):
            label = f"{_string(each.get('contenttype'))} {_string(each.get('role'))}".lower()
            yield next((kind for kind in _BEST_FIRST if kind in label), label), value


def _text(item: dict[str, Any], headline: str) -> Text:
    """The best rendering that holds a text."""
    bodies = sorted(_bodies(item), key=lambda body: (*_BEST_FIRST, body[0]).index(body[0]))
    for kind, value in bodies:
        if kind == "nitf":
            text = text_of_nitf(parse_xml(value.encode()), headline)
        else:
            text = text_of_markup(value, headline) if kind == "html" else text_of_plain(value, headline)
        if text.blocks:
            return text
    return Text([], [])
