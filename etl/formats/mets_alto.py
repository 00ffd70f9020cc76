"""Digitised newspapers: an issue's index in METS, and beside it a page of OCR in ALTO for each printed page.

Layout: as libraries have it from CCS docWorks and its kin since about 2005: a METS file a day, which lists the articles
of the issue and their areas on its pages, and one ALTO file a page, named in the METS by its path. An article may span
pages. OCR stays as it is, with its noise and long s.

A METS that lists only pages (Library of Congress, NDNP) has no articles, and is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain, takewhile
from typing import BinaryIO

from lxml import etree

from etl import words
from etl.formats import Part
from etl.formats.common.markup import local_name, parse_xml, read_whole
from etl.formats.common.pieces import guarded, without_empty_extra
from etl.formats.newspaper.mets import Area, Index, Item
from etl.formats.newspaper.pages import Pages
from etl.model import Doubt, DumpError, Feed, Piece, RawRecord, Reject, Skip

LIMIT_BYTES = 6 << 20

_METS = re.compile(rb"<(?:[\w.-]+:)?mets[\s>][^<>]{0,4000}loc\.gov/METS", re.IGNORECASE)
_ALTO = re.compile(rb"<(?:[\w.-]+:)?alto[\s>]")
_ARTICLE = re.compile(rb"<(?:[\w.-]+:)?div\s[^<>]*\bTYPE\s*=\s*[\"']article[\"']", re.IGNORECASE)
_HEADINGS = ("headline", "heading", "title")
_PICTURES = ("illustration", "image", "picture", "photo")
_NO_ARTICLES = re.compile(
    r"ad|ads|.*(?:advert|illustr|image|picture|photo|graphic|figure|table|chart|map|caption|title|head|imprint|index"
    r"|content|page|running|number|weather|notice|obituar|birth|marriage|death|letter|poem|puzzle|comic|cartoon|list"
    r"|supplement|cover|blank|text|block|line|paragraph|body|column|section|author|other|misc|unknown|announce).*|"
)
"""Types of items that are skipped: none of them is an article, or its digitiser did not take it for one."""
LONGEST_HEADING = 200
_WRITERS = ("author", "byline")
_READ = {"title", "host", "name", "date", "edition", "language", "topic", "genre"}


def recognise(head: bytes, name: str) -> float:
    """By the root element: METS, or ALTO, which is a page of an issue."""
    return 0.9 if _METS.search(head[:8192]) or _ALTO.search(head[:8192]) else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """The number of divs of the type `article`."""
    return sum(1 for _ in _ARTICLE.finditer(read_whole(stream, LIMIT_BYTES)))


def parts(stream: BinaryIO) -> list[str] | None:
    """The paths, relative to a METS, of the files that it is read with; None for a page, which is one of them.

    Raises DumpError where it is not well-formed.
    """
    root = _root(stream)
    return None if root is None else sorted(set(Index(root).files.values()))


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """An issue without its pages: a Reject for each article. Raises DumpError for a page alone."""
    return read_with(stream, feed, lambda name: None)


def read_with(stream: BinaryIO, feed: Feed, part: Part) -> Iterator[Piece]:
    """A record for each article of the issue; `part` opens the file at a path, or gives None where it is missing.

    An article that lacks a page is partial, and one that lacks all pages is rejected; a Doubt says how many lack one.
    Skipped are advertisements and the like, which the index lists as such, and blocks of text that belong to nothing in
    it. Raises DumpError where it is a page, lists no articles, or is not well-formed.
    """
    root = _root(stream)
    if root is None:
        raise DumpError("is a page of OCR without the METS of its issue, which lists its articles; put that beside it")
    index = Index(root)
    pages = Pages(index, part)
    items = list(index.items())
    if not any(item.kind == "article" for item in items):
        raise DumpError(
            "lists the issue's pages but no articles (no div has TYPE ARTICLE), so it is unknown where one ends; "
            "ask for METS with article segmentation"
        )
    headings: dict[etree._Element | None, str] = {None: ""}
    lacking: list[list[str]] = []
    for number, item in enumerate(items, 1):
        texts, missing = pages.texts(item)
        position = item.identity or f"item {number}"
        if item.kind in _HEADINGS:
            heading = " ".join(" ".join(text for _, text in texts).split())
            headings.setdefault(item.section.div, heading if len(heading) <= LONGEST_HEADING else "")
        if item.kind == "article":
            section = item.section.title or headings.get(item.section.div, "")
            lacking += [missing] if missing else []
            make = partial(_article, position, item, index, texts, missing, section)
            yield guarded(make, position, partial(_as_bytes, texts))
        else:
            # The words of an unknown type stay unaccounted for: they may be an article's.
            known = "\n\n".join(text for _, text in texts) if _NO_ARTICLES.fullmatch(item.kind) else ""
            yield Skip(position, item.kind or "item of no kind", known)
    for place in pages.left_over():
        yield Skip(place, "text block outside of articles")
    if lacking:
        reasons = words.first_few(list(dict.fromkeys(chain(*lacking))), 2, between="; ")
        yield Doubt(f"the text of {words.counted(len(lacking), 'article')} of the issue is not whole: {reasons}")


def _root(stream: BinaryIO) -> etree._Element | None:
    """The root element of a METS; None for a page."""
    head = stream.read(8192)
    if not _METS.search(head):
        return None
    root = parse_xml(head + read_whole(stream, LIMIT_BYTES))
    if local_name(root) != "mets":
        raise DumpError(f"is not METS: expected <mets>, found <{local_name(root)}>; ask for the issue's METS")
    return root


def _article(
    position: str, item: Item, index: Index, texts: list[tuple[Area, str]], missing: list[str], section: str
) -> Piece:
    if not texts:
        reason = f"none of it can be read: {'; '.join(missing)}" if missing else "the index names no text for it"
        return Reject(position, f"{reason}; ask for the issue again with all of its pages")
    written = [text for area, text in texts if _is(area, _WRITERS)]
    seen = [(area, text) for area, text in texts if _is(area, _PICTURES)]
    main = [pair for pair in texts if pair not in seen and not _is(pair[0], _WRITERS)]
    if not main:
        main, seen = seen, []
    headings = [text for area, text in takewhile(lambda pair: _is(pair[0], _HEADINGS), main)]
    headline = next(iter(item.own.get("title", [])), "") or " ".join(headings) or item.label
    body = [text for _, text in main[len(headings) :]]
    extra = {
        "missing": missing,
        "signed": written if item.own.get("name") else [],
        "illustrations": [text for _, text in seen],
        **{name: values for name, values in item.own.items() if name not in _READ},
        "issue": {name: values for name, values in item.issue.items() if name not in _READ},
    }
    record: RawRecord = {
        "position": position,
        "native_id": item.identity,
        "publication": _first(item.issue, "title", "host") or _first(item.own, "host"),
        "headline": headline,
        "deck": "\n".join(text for text in headings if _folded(text) not in _folded(headline)),
        "byline": "; ".join(item.own.get("name") or written),
        "body": "\n\n".join(body),
        "published": _first(item.issue, "date") or _first(item.own, "date"),
        "section": section,
        "page": ", ".join(dict.fromkeys(filter(None, (index.pages.get(area.file) for area, _ in texts)))),
        "edition": _first(item.issue, "edition"),
        "language": _first(item.own, "language") or _first(item.issue, "language"),
        "labels": [[name, "", label] for name in ("topic", "genre") for label in item.own.get(name, [])],
        "is_partial": bool(missing) or not body,
        "extra": extra,
    }
    return without_empty_extra(record)


def _as_bytes(texts: list[tuple[Area, str]]) -> bytes:
    return "\n\n".join(text for _, text in texts).encode()


def _is(area: Area, kinds: Iterable[str]) -> bool:
    return any(kind in area.kind for kind in kinds)


def _first(facts: dict[str, list[str]], *names: str) -> str | None:
    return next((value for name in names for value in facts.get(name, [])), None)


def _folded(text: str) -> str:
    return "".join(text.split()).casefold()
