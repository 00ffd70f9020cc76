"""APA DeFacto Campus, the database of the Austrian press: the page that it prints, one article below the other.

In DeFacto: select articles, print ("Ausdruck"), save the window as HTML. Each article has a head ("Der Pegelbote" Nr.
65 vom 02.03.2026, Seite: 13; Ressort: Ausland), its headline, perhaps a line above it (kept as kicker) and below it
(deck), and paragraphs; captions ("Bild: ...") stand at the end and are kept apart. Who wrote it is told where the
first paragraph is "Von" and names; a name alone is not marked, and stays in the text. DeFacto itself has lost
quotation marks ("?"). Layout as in a page of 2013; heads with a time, of radio and television, were not seen, only
described.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from lxml import etree

from etl.formats.common.markup import decode_page, inline, local_name, paragraphs, read_whole
from etl.formats.common.pieces import Unreadable
from etl.formats.vendor.database_page import articles, of_class, starts, without_captions
from etl.model import Feed, Piece

_TITLE = re.compile(rb"<title>DeFacto\b", re.IGNORECASE)
_ENTRY = re.compile(rb"""<div\s[^<>]{0,80}class="?eintrag\b[^<>]{0,80}>\s{0,99}<pre>""", re.IGNORECASE)
_START = re.compile(r"""<div\s[^<>]*class="?eintrag\b""", re.IGNORECASE)
_MARK = re.compile(
    rb"<pre[^<>]{0,80}>[^<]{0,400}?(?:\bvom\s{1,9}\d{1,2}\.\d{1,2}\.\d{4}|\bSeite:|^Ressort:)",
    re.IGNORECASE | re.MULTILINE,
)
_CLASS = re.compile(rb"""\sclass="?eintrag["\s>]""", re.IGNORECASE)
_HEAD = re.compile(
    r"\s*(?P<publication>.{1,200}?)(?:\s+(?P<issue>Nr\.\s?\S{1,30}))?"
    r"\s+vom\s+(?P<published>\d{1,2}\.\d{1,2}\.\d{4}(?:\s+\d{1,2}[.:]\d\d\b)?)(?:\s+Seite:?\s*(?P<page>\S.*))?\s*"
)
_NAME = r"(?:[^\W\d_a-zß-ÿ][\w.\-]{0,40} ){1,3}[^\W\d_a-zß-ÿ][\w\-]{1,40}"
_BYLINE = re.compile(rf"Von ({_NAME}(?:(?:, | und ){_NAME}){{0,3}})")
_CAPTION = re.compile(r"(?:Bild|Bilder|Foto|Fotos|Grafik|Karte|Tabelle)\s?:")


def recognise(head: bytes, name: str) -> float:
    """By the page's title, or the class of an article with its head."""
    text = head.replace(b"\0", b"")  # UTF-16
    return 1.0 if _TITLE.search(text) or _ENTRY.search(text) else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """The heads that state a day ("vom 02.03.2026"), a page or a section, in the bytes; or the classes of articles, if
    more."""
    data = read_whole(stream).replace(b"\0", b"")
    return max(len(_MARK.findall(data)), len(_CLASS.findall(data)))


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """A record for each article, a Reject for one whose head cannot be read.

    Raises DumpError where there is no article, or it is not text.
    """
    page, doubts = decode_page(read_whole(stream), feed.encoding)
    places = starts(page, _START, 'holds no <div class="eintrag">; expected one for each article')
    yield from doubts
    yield from articles(page, places, _fields)


def _fields(root: etree._Element) -> dict[str, Any]:
    entry = of_class(root, "div", "eintrag")
    head = entry.find("pre") if entry is not None else None
    if entry is None or head is None:
        raise Unreadable("breaks off before its head; print and save it in DeFacto again")
    record = _of_head("".join(map(str, head.itertext())).strip().splitlines())
    texts = _texts(entry, head)
    byline = _BYLINE.fullmatch(texts["body"][0]) if texts["body"] else None
    body, captions = without_captions(texts["body"][1:] if byline else texts["body"], _CAPTION)
    record["byline"] = byline[0] if byline else ""
    record["extra"] |= {"kicker": " ".join(texts["kicker"]), "captions": captions}
    return {**record, "headline": " ".join(texts["headline"]), "deck": " ".join(texts["deck"]), "body": body}


def _of_head(found: list[str]) -> dict[str, Any]:
    """Publication, issue, day and page of its first line; section and what else there is of the others."""
    match = _HEAD.fullmatch(found[0]) if found else None
    if match is None:
        raise Unreadable(
            f'found {" ".join(found)[:60]!r} above it; expected a publication and a day ("Der Pegelbote" vom '
            "02.03.2026); print and save it in DeFacto again"
        )
    record: dict[str, Any] = match.groupdict()
    record["publication"] = record["publication"].strip('"')
    extra = {"issue": record.pop("issue")}
    sections = [line for line in found[1:] if line.startswith("Ressort:")]
    extra["head"] = " ".join(" ".join(line.split()) for line in found[1:] if line not in sections)
    return {**record, "section": " ".join(line[8:].strip() for line in sections), "extra": extra}


def _texts(entry: etree._Element, head: etree._Element) -> dict[str, list[str]]:
    """What stands above the headline, the headline, what stands below it, and the paragraphs."""
    texts: dict[str, list[str]] = {"kicker": [], "headline": [], "deck": [], "body": []}
    kind = "kicker"
    for part in entry:
        name = local_name(part)
        if name == "h3" and kind == "kicker":
            texts["headline"].append(inline(part))
            kind = "deck"
        elif part is not head:
            kind = "body" if name == "p" else kind
            texts[kind].append(paragraphs(part))
        texts[kind].append(" ".join((part.tail or "").split()))
    return {name: list(filter(None, found)) for name, found in texts.items()}
