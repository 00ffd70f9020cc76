"""ninjs, the JSON of the IPTC (1.0 to 3.x): one item a document, a list of items, items in lines, or a page of an API.

Sent by dpa, TT, NTB, AP, Business Wire, BBC, Superdesk. 1.x: `byline`, `headline`, `body_html`, `subject`; 2.x: `by`,
and lists: `headlines`, `bodies`, `subjects`; 3.x the same with capitals within names (`versionCreated`). Bodies are
renderings of the one text, perhaps with a summary among them. `uri` (or `guid`) identifies the item over all its
versions. dpa's digital wires have other names (`article_html`, `urn`, `version_created`). Pictures and the like are
items, too; those in `associations` belong to their article. A text in `associations` that has a headline is an article
of its own, one without is skipped; what has no type there is a text if its fields are those of an item, without
renditions or the MIME type of a picture. In a package without a text of its own, all texts there are articles. So it
goes on in the associations of associations. AP's content feed has no texts: it links to files of NITF, which hold them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Any, BinaryIO

import orjson

from etl.formats.agency.iptc import MEDIA, SUBJECT_CODES, few_enough, label_of_uri, scheme_of
from etl.formats.agency.json_documents import documents
from etl.formats.agency.message_text import add_text, text_of_markup
from etl.formats.agency.ninjs import (
    MAY_BE_TEXT,
    SHOWN,
    TEXTS,
    begins_with_item,
    count_articles,
    is_ninjs,
    items_of,
    with_our_names,
)
from etl.formats.agency.ninjs_text import (
    associated,
    best_text,
    bodies_of,
    by_role,
    headline_of,
    is_summary,
    objects,
    string,
)
from etl.formats.common.columns import storable
from etl.formats.common.json_left_over import beside
from etl.formats.common.json_text import beginning, loads
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
_WRITERS = re.compile(r"(?:writer|author|reporter|byline)", re.IGNORECASE)
_LINKED = frozenset(("nitf", "anpa"))
"""Renditions of AP that are the text, in a file of its own."""
_BODIES = ("body_", "bodies", "article_html")


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
    """The item, and the articles among what belongs to it."""
    kind = _kind(item)
    if kind not in MEDIA and (kind not in MAY_BE_TEXT or any(bodies_of(item))):
        yield _own(item, position)
        yield from _associated(item, position, is_in_article=True)
    else:
        yield from _associated(item, position, is_in_article=False)
        called = "picture" if kind in ("image", "photo") else "package" if kind == "composite" else kind
        yield Skip(position, called, _raw(item).decode())


def _associated(item: dict[str, Any], position: str, is_in_article: bool) -> Iterator[Piece]:
    """The articles among what belongs to an item, and to that: where none of those around is an article, all texts."""
    for number, each in enumerate(map(with_our_names, associated(item)), 1):
        place = f"{position}, association {number}"
        is_article = _is_article(each) or (_is_text(each) and not is_in_article)
        if is_article:
            yield _own(each, place)
        elif _kind(each) == "text" and _is_text(each):
            yield Skip(place, "text without a headline that belongs to an article", _raw(each).decode())
        yield from _associated(each, place, is_in_article or is_article)


def _is_article(held: dict[str, Any]) -> bool:
    """Whether what belongs to an article is one itself; without a type, if its names are those of an item."""
    kind = _kind(held)
    return _is_text(held) and bool(headline_of(held)) and (kind in TEXTS or (not kind and is_ninjs(held)))


def _is_text(held: dict[str, Any]) -> bool:
    kind = _kind(held)
    is_shown = "renditions" in held or string(held.get("mimetype")).lower().startswith(SHOWN)
    return any(bodies_of(held)) and kind not in MEDIA and not (is_shown and not kind)


def _kind(item: dict[str, Any]) -> str:
    kind = item.get("type")
    return kind.lower() if isinstance(kind, str) else ""


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
    headline = headline_of(item)
    described = min((name for name in item if name.startswith("description_")), key=_is_other_description, default="")
    deck = next(filter(None, [string(item.get(described)), *by_role(item, "descriptions")]), "")
    deck = " ".join(text_of_markup(deck).blocks) if "<" in deck else deck
    first, created, version = (string(item.get(name)) for name in ("firstcreated", "contentcreated", "versioncreated"))
    used = {*_USED, described, *(name for name in item if name.startswith("body_"))}
    used |= {name for name in ("headlines", "descriptions") if len(item.get(name) or ()) < 2}
    record: RawRecord = {
        "native_id": _TICKET.sub("", string(item.get("guid")) or string(item.get("uri"))),
        "native_version": string(item.get("version")),
        "headline": headline,
        "deck": deck,
        "byline": _byline(item),
        "dateline": string(item.get("dateline")),
        "published": first or created or version,
        "modified": version,
        "language": string(item.get("language")),
        "labels": _labels(item),
        "agency": _agency(item),
        "status": string(item.get("pubstatus")),
        "embargo_until": string(item.get("embargoed")),
        "extra": {name: value for name, value in item.items() if name not in used} | _beside(item),
    }
    add_text(record, best_text(item, headline))
    return without_empty_extra(record)


def _is_other_description(name: str) -> tuple[bool, str]:
    return name not in ("description_text", "description_html"), name


def _beside(item: dict[str, Any]) -> dict[str, Any]:
    """What accompanies the article, and summaries."""
    return {
        "associations": [_accompanying(each) for each in associated(item)],
        "bodies": [each for each in objects(item.get("bodies")) if is_summary(each)],
    }


def _accompanying(held: dict[str, Any]) -> dict[str, Any]:
    """A picture or the like without its sizes and addresses, another article without its text; so in depth."""
    is_article = _is_article(with_our_names(held))
    kept = {
        name: value
        for name, value in held.items()
        if name != "renditions" and not (is_article and name.startswith(_BODIES))
    }
    further = [_accompanying(each) for each in associated(held)]
    return {**kept, "associations": further} if further else kept


def _byline(item: dict[str, Any]) -> str:
    """The byline as printed, else the people who wrote it."""
    for name in ("byline", "by", "bylines"):
        printed = string(item.get(name)) or "; ".join(filter(None, map(_named, objects(item.get(name)))))
        if printed:
            return printed
    people = [*objects(item.get("authors")), *objects(item.get("creators"))]
    writers = [each for each in people if _WRITERS.search(string(each.get("role")) or "author")]
    return "; ".join(filter(None, map(_named, writers)))


def _named(each: dict[str, Any]) -> str:
    return string(each.get("name")) or string(each.get("by"))


def _agency(item: dict[str, Any]) -> str:
    sources = [string(each.get("name")) for each in objects(item.get("infosources"))]
    named = string(item.get("source")) or string(item.get("creditline"))
    return named or next(filter(None, sources), "") or string(item.get("copyrightholder"))


def _labels(item: dict[str, Any]) -> list[list[str]]:
    labels = [_label(each, name.rstrip("s")) for name in _ABOUT for each in objects(item.get(name))]
    labels += [["keyword", "", string(each.get("name"))] for each in objects(item.get("keywords"))]
    labels.append(["slugline", "", string(item.get("slugline"))])
    return [label for label in labels if label[1] or label[2]]


def _label(each: dict[str, Any], kind: str) -> list[str]:
    name, uri = string(each.get("name")), string(each.get("uri"))
    code = string(each.get("code")) or string(each.get("literal"))
    if each.get("scheme") and code:
        return [scheme_of(string(each["scheme"]).rstrip("/").rpartition("/")[2]), code, name]
    if code:
        before, colon, after = code.rpartition(":")
        return [before, after, name] if colon else [_kind_of(code, kind), code, name]
    return label_of_uri(uri, name) if uri else [string(each.get("rel")) or kind, "", name]


def _kind_of(code: str, kind: str) -> str:
    return SUBJECT_CODES if len(code) == 8 and code.isdecimal() else kind
