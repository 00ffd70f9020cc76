"""ProQuest XML: the documents of a data set of TDM Studio, one `RECORD` a file (Global_Schema_v5.1), zipped as a rule.

Layout: `GOID`, the number of the document; in `DFS/PubFrosting` the paper, for historical newspapers with its years
("Harbour Courier (1900-1999)"), which are cut off; in `Obj` title, date, contributors, place in the paper, subjects; in
`TextInfo/Text` the text, as a page (`HTMLContent`), or bare, as recognised from a scan.

Kept: what is named here, and every term with a value, by its kind. Lost: identifiers and
codes of the database. Not verified: written from programs that read such files; they may not leave TDM Studio as they
are, so no real one was at hand. A record without a text is its abstract, as a partial article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

from lxml import etree

from etl.formats.common.markup import inline, paragraphs, parse_html, parse_xml, read_whole
from etl.formats.common.pieces import guarded, without_empty_extra
from etl.model import DumpError, Feed, Piece, RawRecord

NATIVE_ID_IS_GLOBAL = True

LEAST_ACCOUNTED_SHARE = 0.45
"""Codes of the database, and names in several forms."""

_RECORD = re.compile(rb"<RECORD[\s>]")
_GOID = re.compile(rb"<GOID>")
_NO_DAY = re.compile(r"(?<=\d{4})(?:-00)?-00\Z|(?<=\d{4}-\d\d)-00\Z")
"""Of a date that is a month or a year."""
_YEARS = re.compile(r"\s*\(\d{4}\s?[-\u2013]\s?(?:\d{4}|[A-Z][\w ]{1,20})?\)\Z")
_NAMES = ("OriginalForm", "NormalizedDisplayForm", "PersonName", "CorpName")
_SCHEMES = {
    "GenSubjTerm": "subject",
    "CompanyTerm": "company",
    "Personal": "person",
    "Geographic": "geographic",
}
_EXTRA = {
    "publication_place": "DFS/PubFrosting/Qualifier",
    "source_type": "DFS/PubFrosting/SourceType",
    "publisher": "DFS/PubFrosting/publisher/PublisherName",
    "volume": "DFS/GroupFrosting/Volume",
    "issue": "DFS/GroupFrosting/Issue",
    "document_type": "Obj/ObjectTypes/mstar",
    "copyright": "Obj/CopyrightData",
    "end_date": "Obj/EndDate",
}


def recognise(head: bytes, name: str) -> float:
    """By the record and the number of its document."""
    data = head.replace(b"\0", b"")
    return 1.0 if _RECORD.search(data) and _GOID.search(data) else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """The numbers of documents; or the records, if they are more."""
    data = read_whole(stream).replace(b"\0", b"")  # UTF-16
    return max(len(_GOID.findall(data)), len(_RECORD.findall(data)))


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """A record for each document. Raises DumpError where it is not well-formed XML, or holds none."""
    root = parse_xml(read_whole(stream), feed.encoding)
    records = list(root.iter("RECORD"))
    if not records:
        raise DumpError(f"holds no <RECORD>; found <{root.tag}>; export the data set from TDM Studio again")
    for number, record in enumerate(records, 1):
        position = f"record {number}"
        yield guarded(partial(_piece, record, position), position, partial(etree.tostring, record))


def _piece(record: etree._Element, position: str) -> RawRecord:
    title = _text(record, "DFS/PubFrosting/Title")
    publication = _YEARS.sub("", title)
    text = record.find("TextInfo/Text")
    body = "" if text is None else _body(text)
    abstract = "\n\n".join(filter(None, map(_body, record.iterfind("Obj//AbsText"))))
    found: RawRecord = {
        "position": position,
        "native_id": _text(record, "GOID"),
        "publication": publication,
        "headline": _text(record, "Obj/TitleAtt/Title"),
        "byline": "; ".join(filter(None, map(_name, record.iterfind("Obj/Contributors/Contributor")))),
        "body": body or abstract,
        "is_partial": bool(abstract and not body),
        "published": _NO_DAY.sub("", _text(record, "Obj/NumericDate", "Obj/StartDate", "Obj/AlphaDate")),
        "section": _text(record, "Obj/PrintLocation/DocSection"),
        "page": _text(record, "Obj/PrintLocation/Pagination", "Obj/PrintLocation/StartPage"),
        "edition": _text(record, "Obj/PrintLocation/DocEdition"),
        "language": _text(record, "Obj/Language/RawLang"),
        "labels": [[_scheme(term), "", name] for term in record.iterfind("Obj/Terms/*") if (name := _term(term))],
        "extra": {
            "publication_title": title if title != publication else "",
            **{name: _text(record, path) for name, path in _EXTRA.items()},
            "column": _text(record, "Obj/PrintLocation/ColumnHead", "Obj/PrintLocation/ColumnHeader"),
            "word_count": "" if text is None else text.get("WordCount", ""),
            "abstract": abstract if body else "",
        },
    }
    return without_empty_extra(found)


def _text(record: etree._Element, *paths: str) -> str:
    """The text of the first of several elements that has one."""
    return next((text for path in paths if (text := inline(record.find(path)))), "")


def _name(contributor: etree._Element) -> str:
    """The name of an author as it was printed, if it is there; '' for another contributor."""
    if contributor.get("ContribRole", "Author") != "Author":
        return ""
    names = (inline(element) for kind in _NAMES for element in contributor.iter(kind))
    last = next((inline(element) for element in contributor.iter("LastName")), "")
    first = next((inline(element) for element in contributor.iter("FirstName")), "")
    return next(filter(None, names), f"{first} {last}".strip())


def _scheme(term: etree._Element) -> str:
    kind = term.get("TermType") or term.get("FlexTermName") or str(term.tag)
    return _SCHEMES.get(kind, kind.lower())


def _term(term: etree._Element) -> str:
    """The value of a term, without its codes."""
    values = (inline(element) for element in term if str(element.tag).endswith(("Value", "Name")))
    return next(filter(None, values), "" if len(term) else inline(term))


def _body(text: etree._Element) -> str:
    """The paragraphs of a text: of the page that it holds as text, of its own elements, or its lines."""
    own = "".join(map(str, text.itertext())) if not len(text) else ""
    if "<p" in own or "<html" in own or (text.get("HTMLContent") == "true" and own.strip()):
        return paragraphs(parse_html(own.encode("utf-8", "replace"), "utf-8"))
    return paragraphs(text) if len(text) else own.strip()
