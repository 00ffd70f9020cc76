"""The index of a digitised newspaper issue in METS: its files, its metadata, and where its articles stand.

Two ways lead from an article (a div of the logical map) to its text, and both are followed: areas within the div itself
(CCS docWorks' METAe profile, as in Luxembourg, Austria and Europeana), and links to areas of the physical map
(the British Library). An area names an ALTO file, and IDs in it from BEGIN to END.
"""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote

from lxml import etree

from etl.formats.common.markup import inline, local_name

Facts = dict[str, list[str]]
"""What a section of metadata (MODS or Dublin Core) states: title, host, name, date, language, place, topic ..."""

_HREF = "{http://www.w3.org/1999/xlink}href"
_PARTS_OF_NO_NAME = ("date", "termsofaddress")
_READ_AS_A_WHOLE = ("titleinfo", "name", "detail")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:/*", re.IGNORECASE)
_FACT_NAMES = {
    "creator": "name",
    "dateissued": "date",
    "date": "date",
    "issued": "date",
    "languageterm": "language",
    "language": "language",
    "placeterm": "place",
    "identifier": "identifier",
    "topic": "topic",
    "subject": "topic",
    "genre": "genre",
}


class Area(NamedTuple):
    """A stretch of text in a file. `kind`: the types of its divs, from the article down, in lower case."""

    file: str
    begin: str
    end: str | None
    kind: str


class Item(NamedTuple):
    """Something printed in the issue, with what is stated of it, and of the issue that holds it."""

    identity: str
    kind: str
    label: str
    own: Facts
    issue: Facts
    areas: list[Area]


class Index:
    """A METS document, taken apart."""

    def __init__(self, root: etree._Element) -> None:
        self._elements: dict[str, list[etree._Element]] = defaultdict(list)
        for element in root.iter(etree.Element):
            self._elements[local_name(element)].append(element)
        self._images = {file.get("ID", "") for file in self._elements["file"] if "image" in file.get("MIMETYPE", "")}
        self.files = {file.get("ID", ""): href for file in self._elements["file"] if (href := _href(file))}
        """File ID -> its path relative to the METS."""
        self.pages = dict(self._pages())
        """File ID of each page's text, in order -> the page's label."""
        self._links = self._find_links()
        self._divs = {div.get("ID", ""): div for div in self._elements["div"]}
        self._facts = {section.get("ID", ""): _facts(section) for section in self._elements["dmdsec"]}

    def items(self) -> Iterator[Item]:
        """What is printed in the issue, in order: articles and other items; nothing where the index has no articles."""
        named = {name for div in self._elements["div"] for name in div.get("DMDID", "").split()}
        loose = _merged(facts for name, facts in self._facts.items() if name not in named)
        for logical in self._elements["structmap"]:
            if _holds_articles(logical):
                for div in logical.iterchildren("{*}div"):
                    yield from self._below(div, loose)
                return

    def _below(self, div: etree._Element, above: Facts) -> Iterator[Item]:
        own = _merged(self._facts[name] for name in div.get("DMDID", "").split() if name in self._facts)
        holds_articles = _holds_articles(div)
        kind = _kind(div)
        if kind == "article" or not holds_articles:
            areas = list(self._areas(div, "", self._links))
            if areas or kind == "article":
                yield Item(div.get("ID", ""), kind, div.get("LABEL", ""), own, above, areas)
        if holds_articles:
            for child in div.iterchildren("{*}div"):
                yield from self._below(child, _merged((own, above)) if kind != "article" else above)

    def _areas(self, div: etree._Element, kind: str, links: dict[str, list[str]]) -> Iterator[Area]:
        """The areas of text in a div, and in the divs it is linked to; not those of an article within it."""
        for child in div:
            name = local_name(child)
            if name == "div" and _kind(child) != "article":
                yield from self._areas(child, f"{kind} {_kind(child)}", links)
            elif name == "fptr":
                for area in child.iter("{*}area"):
                    file, begin = area.get("FILEID", ""), area.get("BEGIN")
                    if begin and file not in self._images:
                        yield Area(file, begin, area.get("END"), kind.strip())
        for name in links.get(div.get("ID", ""), ()):
            if (target := self._divs.get(name)) is not None:
                yield from self._areas(target, f"{kind} {_kind(target)} {target.get('LABEL', '').lower()}", {})

    def _pages(self) -> Iterator[tuple[str, str]]:
        for page in self._elements["div"]:
            if _kind(page) == "page":
                for pointer in page.iter("{*}fptr", "{*}area"):
                    file = pointer.get("FILEID", "")
                    if file in self.files and file not in self._images:
                        yield file, page.get("ORDERLABEL") or page.get("ORDER") or ""

    def _find_links(self) -> dict[str, list[str]]:
        """The IDs that each ID is linked to, by groups of locators (the first one is the logical div) and by pairs."""
        links: dict[str, list[str]] = defaultdict(list)
        for group in self._elements["smlinkgrp"]:
            first, *rest = [locator.get(_HREF, "").lstrip("#") for locator in group.iter("{*}smLocatorLink")] or [""]
            links[first] += rest
        for link in self._elements["smlink"]:
            start, end = (link.get(_HREF.replace("href", way), "").lstrip("#") for way in ("from", "to"))
            links[start].append(end)
        return links


def _kind(div: etree._Element) -> str:
    return (div.get("TYPE") or "").lower()


def _holds_articles(element: etree._Element) -> bool:
    return any(_kind(div) == "article" for div in element.iterdescendants("{*}div"))


def _href(file: etree._Element) -> str | None:
    """A file's path below the METS. Of an address, or a path to elsewhere, only the name: it may lie beside it."""
    location = file.find("{*}FLocat")
    href = unquote(location.get(_HREF, "")).replace("\\", "/") if location is not None else ""
    scheme = _SCHEME.match(href)
    rest = href[scheme.end() :] if scheme else href
    path = posixpath.normpath(rest)
    is_elsewhere = path.startswith(("/", "..")) or (scheme and not rest.startswith("./"))
    return (posixpath.basename(path) if is_elsewhere else path) if rest else None


def _facts(section: etree._Element) -> Facts:
    found: Facts = defaultdict(list)
    for element in section.iter(etree.Element):
        name, text = local_name(element), inline(element)
        above = local_name(element.getparent())
        is_host = any(local_name(ancestor) == "relateditem" for ancestor in element.iterancestors())
        if name == "titleinfo":
            found["host" if is_host else "title"].append(_title(element))
        elif name == "title" and above != "titleinfo":
            found["title"].append(text)
        elif name == "number" and above == "detail" and text:
            found[element.getparent().get("type", "number")].append(text)
        elif name == "name" and not is_host:
            found["name"].append(_name(element))
        elif text and not is_host and not len(element) and above not in _READ_AS_A_WHOLE:
            found[_FACT_NAMES.get(name, name)].append(text)
    return {name: [value for value in values if value] for name, values in found.items()}


def _name(element: etree._Element) -> str:
    """A name in one piece: MODS may separate given and family name, in any order, and add dates and titles."""
    parts = [part for part in element.iterchildren("{*}namePart") if part.get("type") not in _PARTS_OF_NO_NAME]
    parts.sort(key=lambda part: part.get("type") == "family")
    return " ".join(filter(None, map(inline, parts)))


def _title(element: etree._Element) -> str:
    parts = [inline(child) for child in element if local_name(child) in ("nonsort", "title", "subtitle")]
    return " ".join(part for part in parts if part)


def _merged(several: Iterator[Facts] | tuple[Facts, ...]) -> Facts:
    """What several sections state, in their order."""
    merged: Facts = defaultdict(list)
    for facts in several:
        for name, values in facts.items():
            merged[name] += values
    return merged
