"""What the header of a TEI document states of the text: of its source first, for that is what was published.

Elements as the TEI guidelines (P5) describe `teiHeader`, and as trafilatura writes it. The day of the edition in TEI is
never that of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from lxml import etree

from etl.formats.common.markup import inline, local_name
from etl.formats.newspaper import tei_dates
from etl.formats.newspaper.tei_text import settled

XML = "{http://www.w3.org/XML/1998/namespace}"
_HOST = re.compile(r"\s\((?:[\w-]+\.)+\w{2,}\)$")
_EMPTY_BRACKETS = re.compile(r"\s*[(\[]\W*[)\]]")
_LISTED = ("categories", "tags")
_NO_NAMES: frozenset[str] = frozenset()


def within(element: etree._Element | None, *path: str) -> list[etree._Element]:
    """The elements of that name, within those of the name before it, and so on."""
    found = [element] if element is not None else []
    for name in path:
        below = (one for above in found for one in above.iterdescendants(etree.Element))
        found = [one for one in below if local_name(one) == name]
    return found


def facts_of(document: etree._Element) -> dict[str, Any]:
    """The fields that a header states; its title and author are those of the whole document."""
    header = next((settled(part) for part in document if local_name(part) == "teiheader"), None)
    source = next(iter(within(header, "sourcedesc")), None)
    titles = [*within(source, "title"), *within(header, "titlestmt", "title")]
    is_trafilatura = any(part.get("ident") == "Trafilatura" for part in within(header, "application"))
    publisher = _first(within(source, "publicationstmt", "publisher")) if is_trafilatura else ""
    filed = [part for part in within(header, "publicationstmt") if source is None or source not in part.iterancestors()]
    stated = [*within(source, "date"), *within(source, "origdate"), *within(header, "creation", "date")]
    dates = tei_dates.publication_dates(stated)
    published = tei_dates.first_day(dates)
    notes = {part.get("type") or "note": inline(part, _NO_NAMES) for part in within(header, "notesstmt", "note")}
    return {
        "native_id": document.get(f"{XML}id"),
        "url": _address(source, header),
        "publication": _first(part for part in titles if part.get("level") == "j") or _HOST.sub("", publisher),
        "headline": _first(part for part in titles if part.get("level") not in ("j", "m", "s")),
        "byline": "; ".join(_authors(header)),
        "published": published,
        "language": _language(document, header),
        "labels": _labels(header),
        "extra": {
            "abstract": _first(within(header, "abstract")),
            "edition_date": tei_dates.first_day(date for part in filed for date in within(part, "date")),
            "licence": _first(within(header, "licence")) or _first(within(header, "availability")),
            "document": _first(number for part in filed[:1] for number in within(part, "idno")),
            **tei_dates.other_days(stated, published),
            **tei_dates.span(dates),
            **notes,
        },
    }


def _first(found: Iterable[etree._Element]) -> str:
    return next(filter(None, (inline(part, _NO_NAMES) for part in found)), "")


def _authors(header: etree._Element | None) -> list[str]:
    """Those of the title without their dates, each once: a header states them again for its source."""
    found = [_name(part) for part in within(header, "filedesc", "author")]
    return list(dict.fromkeys(filter(None, found)))


def _name(author: etree._Element) -> str:
    """The name of an author, without days of birth and death and the marks around them."""
    if not within(author, "date"):
        return inline(author, _NO_NAMES)
    return _EMPTY_BRACKETS.sub("", inline(author, ("date",))).strip(" ,;:\u2013-")


def _address(source: etree._Element | None, header: etree._Element | None) -> str:
    targets = [part.get("target") or "" for name in ("ptr", "ref") for part in within(source, name)]
    numbers = [part for part in within(header, "idno") if (part.get("type") or "").lower() in ("url", "uri")]
    return next((one for one in [*targets, *map(inline, numbers)] if one.startswith(("http://", "https://"))), "")


def _language(document: etree._Element, header: etree._Element | None) -> str:
    stated = [part.get(f"{XML}lang") for part in (*within(document, "text")[:1], document)]
    used = [part.get("ident") for part in within(header, "langusage", "language")]
    return next((one for one in (*stated, *(used if len(used) == 1 else ())) if one), "")


def _labels(header: etree._Element | None) -> list[list[str]]:
    labels = []
    for keywords in within(header, "textclass", "keywords"):
        for term in within(keywords, "term"):
            scheme, text = term.get("type") or keywords.get("scheme") or "keyword", inline(term, _NO_NAMES)
            labels += [[scheme, "", one.strip()] for one in (text.split(",") if scheme in _LISTED else [text])]
    labels += [["category", part.get("target") or "", ""] for part in within(header, "textclass", "catref")]
    labels += [[part.get("scheme") or "class", inline(part, _NO_NAMES), ""] for part in within(header, "classcode")]
    return [label for label in labels if label[1] or label[2]]
