"""Integrum, the database of the Russian press: a report of articles as HTML.

In Integrum: select articles, export as HTML. After a list of the headlines, each article has a table of labels of two
letters (ИС source, РБ section, НР issue, ДТ day, АВ authors, ЗГ headline), the headline again, and the text with
wrapped lines, in which an indented or a blank line begins a paragraph; what the search marked is not. Kept: all
labels (an unknown one under its own name) and the text. The list states how many articles follow. Layout as in a
report of 2021; labels that it does not have were not seen. The export as a workbook is another format.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from lxml import etree

from etl.formats.agency.wire_text import unwrap
from etl.formats.common.encoding import unify_newlines
from etl.formats.common.markup import decode_page, inline, parse_html, read_whole
from etl.formats.common.pieces import Unreadable
from etl.formats.vendor.database_page import articles, lines, starts
from etl.model import Declared, Feed, Piece, Skip

FIELDS = {"ИС": "publication", "РБ": "section", "ДТ": "published", "АВ": "byline", "ЗГ": "headline"}
EXTRA = {"НР": "issue"}

_SOURCES = tuple("^ИС:".encode(codec) for codec in ("cp1251", "utf-8", "koi8-r", "utf-16-le"))
_LISTED = re.compile(rb"<title>Report \d\d\.\d\d\.\d{4}")
_START = re.compile(r"""<a\s+name="?\d{1,6}"?\s*>\s*</a>\s*<table\b""", re.IGNORECASE)
_TEXT = re.compile(rb"<pre[\s>]", re.IGNORECASE)
_ENTRY = re.compile(r"""<a\s+href="#\d{1,6}\"""", re.IGNORECASE)
_LABEL = re.compile(r"\^(\w{1,5}):\s?(.*)")


def recognise(head: bytes, name: str) -> float:
    """By the label of an article's source, or the title of a report whose list of headlines is long."""
    if any(source in head for source in _SOURCES):
        return 1.0
    return 0.8 if _LISTED.search(head) and b'<a href="#1">' in head else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """The labels of sources, or the elements of text, if more, in the bytes."""
    data = read_whole(stream)
    return max(len(_TEXT.findall(data.replace(b"\0", b""))), *(data.count(source) for source in _SOURCES))


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """The number of articles that the list states, the list as a Skip, a record for each article, and a Reject for one
    without labels or text.

    Raises DumpError where there is no article, or it is not text.
    """
    page, doubts = decode_page(read_whole(stream), feed.encoding)
    page = unify_newlines(page)
    places = starts(page, _START, 'holds no <a name="1"></a> and table of labels before each article')
    yield from doubts
    before = page[: places[0]]
    if listed := len(_ENTRY.findall(before)):
        yield Declared(listed)
        yield Skip("line 1", "list of headlines", inline(parse_html(before.encode("utf-8", "replace"), "utf-8")))
    yield from articles(page, places, _fields)


def _fields(root: etree._Element) -> dict[str, Any]:
    labels = _labels(lines(next(root.iter("td"), None)))
    text = next(root.iter("pre"), None)
    if not labels or text is None:
        raise Unreadable(
            f"found {'no labels' if not labels else 'labels'} and {'no text' if text is None else 'a text'}; expected "
            "labels such as ^ИС: and a text below them; export it from Integrum again, with its full text"
        )
    heading = inline(next(root.iter("h3"), None))
    record: dict[str, Any] = {field: labels.pop(label, "") for label, field in FIELDS.items()}
    record["headline"] = record["headline"] or heading
    record["byline"] = record["byline"].rstrip(", ")
    record["body"] = "\n\n".join(unwrap("".join(map(str, text.itertext()))))
    record["extra"] = {EXTRA.get(label, label): value for label, value in labels.items()}
    if heading != record["headline"]:
        record["extra"]["heading"] = heading
    return record


def _labels(found: list[str]) -> dict[str, str]:
    """The values of the labels; a line without a label goes on with the value above it."""
    labels: dict[str, str] = {}
    label = ""
    for line in found:
        match = _LABEL.fullmatch(line)
        if match:
            label = match[1]
        text = match[2] if match else line
        if label:
            labels[label] = f"{labels.get(label, '')} {text}".strip()
    return labels
