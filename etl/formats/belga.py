"""Belga's archive (Belga 360): the JSON that its API answers a search with, or objects of it.

`newsObjects`, each with `headLine`, `topic` (slug), `keywords`, `authors`, `city`, `country`, `createDate` and
`validateDate` (milliseconds since 1970), and its texts in `newsComponents` by `assetType`: `Lead`, `Body`, others. A
text is in `varcharData`, a long one in `clobData`; each line is a paragraph, or it is markup. A lead is the deck, or
the text where there is no body; a partial one, where there are other texts. Pictures and the like are objects, too.
`nrNewsObjects` is what the search found, not what the file holds, so no total is known. The layout is that of one
public sample, in which `clobData` was empty. The JSON of Belga's press review (`uuid`, `title`, `lead`, `body`) is read
as `jsonl`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from itertools import count
from typing import Any, BinaryIO

import orjson

from etl.formats.agency.iptc import MEDIA, few_enough
from etl.formats.agency.json_documents import documents
from etl.formats.agency.message_text import Text, add_text, text_of_markup
from etl.formats.common.columns import storable
from etl.formats.common.json_text import MOST_LEVELS, beginning, loads
from etl.formats.common.pieces import Unreadable, guarded, without_empty_extra
from etl.formats.common.sgml import KEPT_BYTES
from etl.model import DumpError, Feed, Piece, RawRecord, Reject, Skip

LEAST_ACCOUNTED_SHARE = 0.3
"""Much of an object describes its components."""

LEAD, BODY = "Lead", "Body"
_HEAD_CHARACTERS = 20_000
_OBJECT = re.compile(r'"newsObjectId"\s{0,9}:')
_TOKEN = re.compile(rb'"((?:[^"\\]|\\.)*+)"(\s*+:)?|[\[\]{}]', re.DOTALL)
_MARKUP = re.compile(r"<(?:p|br|div)\b[^<>]{0,200}>", re.IGNORECASE)
_READ_NAMES = """
    newsObjectId headLine topic keywords authors city country createDate validateDate language source packages
    newsComponents
"""
_READ = frozenset(_READ_NAMES.split())


def recognise(head: bytes, name: str) -> float:
    """By `newsObjectId` and `newsComponents`, or `newsObjects` around them."""
    text = beginning(head)[:_HEAD_CHARACTERS]
    is_belga = (
        text.startswith(("{", "[")) and _OBJECT.search(text) and ('"newsComponents"' in text or '"newsObjects"' in text)
    )
    return 1.0 if is_belga else 0.0


def frames(head: bytes) -> bool:
    """Whether it begins with such an object: JSON, but no other one."""
    return recognise(head, "") > 0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """The objects that have a `newsObjectId`, but for pictures and the like: by the brackets and strings."""
    return sum(map(_count, documents(stream, feed)))


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """A record for each text, a Reject for one that is empty, a Skip for each picture and the like.

    Raises DumpError where it is not JSON, or holds no such object.
    """
    numbers = count(1)
    for line, data in enumerate(documents(stream, feed)):
        try:
            objects = _objects_of(data)
        except Unreadable as error:
            if line == 0:
                raise DumpError(str(error)) from None
            yield Reject(f"item {next(numbers)}", str(error), data[:KEPT_BYTES])
            continue
        for each in few_enough(objects):
            position = f"item {next(numbers)}"
            yield guarded(partial(_piece, each, position), position, partial(_raw, each))


def _objects_of(data: bytes) -> list[Any]:
    """The objects of a document. Raises Unreadable where it is none of Belga's."""
    try:
        found = loads(data)
    except orjson.JSONDecodeError as error:
        raise Unreadable(f"is not JSON: {error}; ask its sender for it again") from None
    objects = found.get("newsObjects", [found]) if isinstance(found, dict) else found or None
    if not isinstance(objects, list):
        raise Unreadable("holds no list of objects, in newsObjects or by itself; ask its sender for it again")
    return objects


def _raw(item: Any) -> bytes:
    return orjson.dumps(storable(item), default=str)


def _piece(item: Any, position: str) -> Piece:
    if not isinstance(item, dict):
        raise Unreadable("expected an object, found another value; ask its sender for it again")
    kind = _string(item.get("assetType")).lower()
    if kind in MEDIA:
        return Skip(position, "picture" if kind in ("image", "photo") else kind, _raw(item).decode())
    record = _article(item)
    if not record.get("body"):
        return Reject(position, "has no text in its newsComponents; ask its sender for its text", _raw(item))
    return {"position": position, **record}


def _article(item: dict[str, Any]) -> RawRecord:
    texts = _texts(item)
    lead, body = texts.pop(LEAD, ""), texts.pop(BODY, "")
    names = [_string(each.get("name")) for each in _objects(item.get("authors"))]
    record: RawRecord = {
        "native_id": _string(item.get("newsObjectId")),
        "headline": _string(item.get("headLine")),
        "deck": " ".join(_blocks(lead)) if body else "",
        "byline": "; ".join(filter(None, names)),
        "dateline": _string(item.get("city")),
        "published": _string(item.get("createDate")) or _string(item.get("validateDate")),
        "modified": _string(item.get("validateDate")),
        "language": _string(item.get("language")),
        "agency": _string(item.get("source")) or _string(item.get("credit")),
        "labels": _labels(item),
        "extra": {name: value for name, value in item.items() if name not in _READ} | {"components": texts},
    }
    record["is_partial"] = not body and bool(texts)
    add_text(record, Text(_blocks(body or lead), []))
    return without_empty_extra(record)


def _texts(item: dict[str, Any]) -> dict[str, str]:
    """The texts of the components, by kind; those of one kind one after another."""
    texts: dict[str, str] = {}
    for component in _objects(item.get("newsComponents")):
        kind = _string(component.get("assetType"))
        kind = kind.capitalize() if kind.capitalize() in (LEAD, BODY) else kind
        for proxy in _objects(component.get("proxies")):
            if said := _string(proxy.get("clobData")) or _string(proxy.get("varcharData")):
                texts[kind] = f"{texts[kind]}\n{said}" if kind in texts else said
    return texts


def _blocks(text: str) -> list[str]:
    """The paragraphs: each line, or those of markup."""
    if _MARKUP.search(text):
        return text_of_markup(text).blocks
    return [line.strip() for line in text.splitlines() if line.strip()]


def _labels(item: dict[str, Any]) -> list[list[str]]:
    words = item.get("keywords")
    labels = [["slugline", "", _string(item.get("topic"))]]
    labels += [["keyword", "", _string(word)] for word in (words if isinstance(words, list) else [words])]
    for each in _objects(item.get("packages")):
        labels.append(["package", f"{_string(each.get('newsService'))}/{_string(each.get('newsProduct'))}", ""])
    labels.append(["country", "", _string(item.get("country"))])
    return [label for label in labels if label[1] or label[2]]


def _string(value: Any) -> str:
    """A scalar as text; '' for anything else."""
    return str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _objects(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _count(data: bytes) -> int:
    """The articles of a document; 1 if it breaks off before the first."""
    total, name = 0, b""
    opened: list[dict[bytes, bytes]] = []
    for match in _TOKEN.finditer(data):
        if match[0] in (b"{", b"["):
            opened.append({})
            if len(opened) > MOST_LEVELS:
                return 1  # it is not read
        elif match[0] in (b"}", b"]"):
            closed = opened.pop() if opened else {}
            total += b"newsObjectId" in closed and closed.get(b"assetType", b"").lower().decode("latin-1") not in MEDIA
        elif opened and match[2]:
            name = match[1]
            opened[-1].setdefault(name, b"")
        elif opened:
            opened[-1][name] = match[1]
    return total or int(not data.count(b"newsObjectId"))
