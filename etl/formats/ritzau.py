"""Ritzau's news service (Denmark): XML, one `RBNews` a document, or many in the answer to a query of its queue.

`headline`, `subtitle`, `strapline` (kind and desk), `town`, `origin` (the agency between slashes, or who sent a press
release), `byLine`, `section`, `PublishDate` in Danish time without a zone, `version`, the text as markup in `content`,
`TilRedaktionen` for editors; `Annuleret` and `Korrektion` say that it was withdrawn or corrected. An item without its
`content` has the beginning of it in `ContentShort`: an excerpt. All other elements are kept by their names in small
letters. The layout is that of a few public samples; the JSON of the same service was not seen. Flashes have no
headline, and none is made of their text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

from lxml import etree

from etl.formats.agency.iptc import (
    MEDIA_TOPICS,
    SUBJECT_CODES,
    all_at,
    few_enough,
    opening,
    parse,
    rest,
    text_at,
    text_of,
)
from etl.formats.agency.message_text import add_text, text_of_plain
from etl.formats.common.markup import local_name
from etl.formats.common.pieces import guarded, without_empty_extra
from etl.formats.common.tag_scan import tokens
from etl.model import DumpError, Feed, Piece, RawRecord, Reject

NATIVE_ID_IS_GLOBAL = True

_ROOTS = re.compile(r"\w*RBNews|XMLNews\w{0,40}Response")
_READ_NAMES = """
    newsid publishdate strapline headline subtitle town origin section version content contentshort byline iptclist
    subjectkeyword tilredaktionen
"""
_READ = frozenset(_READ_NAMES.split())


def recognise(head: bytes, name: str) -> float:
    """By the first element, and an `RBNews` in it."""
    return 1.0 if b"RBNews" in head and _ROOTS.fullmatch(opening(head)[0]) else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """The tags of items or of their ids, whichever are more."""
    items = ids = 0
    for token in tokens(stream):
        items += token.name == "RBNews" and not token.closes
        ids += token.name == "NewsID" and not token.closes
    return max(items, ids)


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """A record for each item, a Reject for one without text; one that was withdrawn needs none.

    Raises DumpError where it is not well-formed XML, or holds no item.
    """
    root = parse(stream, feed)
    items = list(root.iter("{*}RBNews"))
    if not items:
        said = next(filter(None, map(text_of, root.iter("{*}errormsg"))), "")
        raise DumpError(
            f"holds no <RBNews> element{f', and says {said[:80]!r}' if said else ''}; ask for the news again"
        )
    for number, item in enumerate(few_enough(items), 1):
        position = f"item {number}"
        yield guarded(partial(_piece, item, position), position, partial(etree.tostring, item))


def _piece(item: etree._Element, position: str) -> Piece:
    raw = etree.tostring(item)
    for child in list(item):
        if any(name.endswith("}nil") and value == "true" for name, value in child.attrib.items()):
            item.remove(child)
    record = _article(item)
    if not record.get("body") and record.get("status") != "canceled":
        return Reject(position, "has no text in its content; ask its sender for the text", raw)
    return {"position": position, **record}


def _article(item: etree._Element) -> RawRecord:
    headline = text_at(item, "headline")
    content = _markup(item, "content")
    short = _markup(item, "ContentShort") if not content.strip() else ""
    record: RawRecord = {
        "native_id": text_at(item, "NewsID"),
        "native_version": text_at(item, "version"),
        "headline": headline,
        "deck": text_at(item, "subtitle"),
        "byline": text_at(item, "byLine"),
        "dateline": text_at(item, "town"),
        "published": text_at(item, "PublishDate"),
        "section": text_at(item, "section"),
        "agency": (text_at(item, "origin") or "").strip("/ "),
        "labels": _labels(item),
        "status": _status(item),
        "is_partial": bool(short),
        "extra": rest([item], _READ),
    }
    record["extra"]["notes_to_editors"] = "\n\n".join(text_of_plain(_markup(item, "TilRedaktionen")).blocks)
    add_text(record, text_of_plain(content or short, headline))
    return without_empty_extra(record)


def _markup(item: etree._Element, name: str) -> str:
    """What an element holds as a string of markup, or as markup."""
    found = next(all_at(item, name), None)
    if found is None:
        return ""
    return "".join((found.text or "", *(etree.tostring(child, encoding="unicode") for child in found)))


def _labels(item: etree._Element) -> list[list[str]]:
    labels = [["slugline", "", text_at(item, "strapline") or ""]]
    for code in map(text_of, all_at(item, "IPTCList/*")):
        labels.append([MEDIA_TOPICS if code.startswith("20") else SUBJECT_CODES, code, ""])
    labels += [["keyword", "", text_of(word)] for word in all_at(item, "SubjectKeyword/*")]
    return [label for label in labels if label[1] or label[2]]


def _status(item: etree._Element) -> str | None:
    said = {local_name(child) for child in item if text_of(child).lower() in ("true", "1")}
    return "canceled" if "annuleret" in said else "corrected" if "korrektion" in said else None
