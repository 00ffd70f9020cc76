"""Factiva XML: the answer of its article service (PPS 2.0, since about 2008), as archives pass it on.

`ppsarticleResultSet`, whose `count` states the articles that follow, holds a `ppsarticle` for each. Text stands in
`paragraph` elements of `leadParagraph` and `tailParagraphs`, or, where somebody filled the layout with texts of
their own, in the element itself: there lines are wrapped, and an indented or an empty line begins a paragraph.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from functools import partial
from typing import Any, BinaryIO

from lxml import etree

from etl.formats.common.markup import inline, local_name, parse_xml, read_whole
from etl.formats.common.pieces import guarded, unwrap_singles
from etl.formats.vendor import factiva
from etl.model import Declared, DumpError, Feed, Piece, Reject

NATIVE_ID_IS_GLOBAL = True

_MARK = re.compile(rb"<(?:\w+:)?ppsarticle[\s/>]")
_NUMBERED = re.compile(rb"<(?:\w+:)?accessionNo[\s>]")
_KNOWN = re.compile(rb"<(?:\w+:)?ppsarticle(?:ResultSet)?[\s/>]|global\.factiva\.com/pps")
_BREAK = re.compile(r"\n[ \t]+(?=\S)|\n\s*\n")
# Element -> code of the field that it fills.
_CODES = {
    "accessionno": "AN",
    "artwork": "ART",
    "baselanguage": "LA",
    "byline": "BY",
    "columnname": "CLM",
    "contact": "CT",
    "copyright": "CY",
    "credit": "CR",
    "edition": "ED",
    "headline": "HD",
    "leadparagraph": "LP",
    "pages": "PG",
    "publicationdate": "PD",
    "publicationtime": "ET",
    "publishername": "PUB",
    "sectionname": "SE",
    "sourcecode": "SC",
    "sourcename": "SN",
    "tailparagraphs": "TD",
    "volume": "VOL",
    "wordcount": "WC",
}
_TERMS = {
    "company": "company",
    "industry": "industry",
    "newssubject": "subject",
    "person": "person",
    "region": "geographic",
}
_TEXTS = ("HD", "LP", "TD", "ART", "CT")


def recognise(head: bytes, name: str) -> float:
    """By the element of the articles, or the name space of the answer."""
    return 1.0 if _KNOWN.search(head.replace(b"\0", b"")) else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """The tags that open an article; between two of them the accession numbers, if more."""
    before, *marked = _MARK.split(read_whole(stream).replace(b"\0", b""))  # UTF-16
    numbers = (sum(1 for _ in _NUMBERED.finditer(part)) for part in marked)
    return sum(1 for _ in _NUMBERED.finditer(before)) + sum(max(1, count) for count in numbers)


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """The total that each answer states, a record for each article, and a Reject for one that the service left out.

    Raises DumpError where it is not well-formed XML, or holds neither an article nor a statement that there is none.
    """
    root = parse_xml(read_whole(stream), feed.encoding)
    totals = [element.get("count", "") for element in root.iter() if local_name(element) == "ppsarticleresultset"]
    yield from (Declared(int(total)) for total in totals if total.isdecimal() and len(total) < 10)
    articles = [element for element in root.iter() if local_name(element) == "ppsarticle"]
    if not articles and not totals:
        raise DumpError(
            f"holds no <ppsarticle>; found <{local_name(root)}>; ask for the articles again, or name another format"
        )
    for number, element in enumerate(articles, 1):
        position = f"article {number}"
        yield guarded(partial(_piece, element, position), position, partial(etree.tostring, element))


def _piece(element: etree._Element, position: str) -> Piece:
    article = next((child for child in element if local_name(child) == "article"), None)
    if article is None:
        found = " ".join(f"{name}={value!r}" for child in element.iter() for name, value in child.items())
        reason = f"holds no <article>; found {f'{found} {inline(element)}'.strip()[:200]!r}; ask for the article again"
        return Reject(position, reason, etree.tostring(element))
    fields: dict[str, str] = {}
    labels: list[list[str]] = []
    extra: dict[str, Any] = {}
    for part in article:
        name = local_name(part)
        if name in _TERMS:
            labels.append([_TERMS[name], part.get("code", ""), inline(part)])
        elif name in _CODES:
            code = _CODES[name]
            text = _text(part, code)
            fields[code] = f"{fields[code]}\n\n{text}" if fields.get(code) else text
        else:
            extra.setdefault(name, []).append(_whole(part))
    record = factiva.record(position, fields, labels)
    others = unwrap_singles({name: values for name, values in extra.items() if any(values)})
    return record | ({"extra": record.get("extra", {}) | others} if others else {})


def _text(part: etree._Element, code: str) -> str:
    """The text of one field."""
    if code in ("PD", "ET"):
        # A dateTime is more precise than a date.
        return max((inline(time) for time in part), key=len, default=inline(part))
    if code == "PG":
        return ", ".join(filter(None, map(inline, part))) or inline(part)
    if code not in _TEXTS:
        return inline(part)
    paragraphs = [node for node in part if local_name(node) == "paragraph"]
    texts = map(_paragraph, paragraphs) if paragraphs else _unwrapped("".join(map(str, part.itertext())))
    return (" " if code == "HD" else "\n\n").join(filter(None, texts))


def _paragraph(node: etree._Element) -> str:
    """One paragraph; a table of fixed width keeps its lines."""
    if node.get("display", "").lower() != "fixed":
        return inline(node)
    return "\n".join(filter(None, (line.rstrip() for line in "".join(map(str, node.itertext())).splitlines())))


def _unwrapped(text: str) -> list[str]:
    """The paragraphs of wrapped lines."""
    unified = text.replace("\r", "").expandtabs().strip("\n").rstrip()
    return [" ".join(block.split()) for block in _BREAK.split(textwrap.dedent(unified))]


def _whole(part: etree._Element) -> Any:
    """Text and attributes of an element without a field of its own."""
    text = inline(part)
    attributes = {str(name): str(value) for name, value in part.items()}
    return {**attributes, "text": text} if attributes and text else attributes or text
