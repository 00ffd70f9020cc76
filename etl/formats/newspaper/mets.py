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
from itertools import islice
from typing import NamedTuple
from urllib.parse import unquote

from lxml import etree

from etl.formats.common.markup import inline, local_name
from etl.model import DumpError

Facts = dict[str, list[str]]
"""What a section of metadata (MODS or Dublin Core) states: title, host, name, date, language, place, topic ..."""

_HREF = "{http://www.w3.org/1999/xlink}href"
MOST_AREAS = 300_000
"""Of text in an issue; links may lead to the same ones again and again."""
MOST_FACTS = 1_000
"""In a section of metadata, which every article of the issue may repeat."""
_OF_THE_ISSUE = frozenset(("newspaper", "periodical", "serial", "year", "volume", "month", "day", "issue", "content"))
"""Types of divs around all articles of an issue: what is stated of them is stated of the issue."""
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


class Section(NamedTuple):
    """A part of the issue: its div (None for the issue itself), and its title where the index states one."""

    div: etree._Element | None = None
    title: str = ""


class Item(NamedTuple):
    """Something printed in the issue, with what is stated of it, of the issue and of the section that hold it."""

    identity: str
    kind: str
    label: str
    own: Facts
    issue: Facts
    section: Section
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
        self._holders = self._find_holders()
        self._divs = {div.get("ID", ""): div for div in self._elements["div"]}
        self._facts = {section.get("ID", ""): _facts(section) for section in self._elements["dmdsec"]}

    def items(self) -> Iterator[Item]:
        """What is printed in the issue, in order: articles and other items; nothing where the index has no articles.

        Raises DumpError where it names more areas of text than an issue has.
        """
        named = {name for div in self._elements["div"] for name in div.get("DMDID", "").split()}
        loose = _merged(facts for name, facts in self._facts.items() if name not in named)
        for logical in self._elements["structmap"]:
            if logical in self._holders:
                count = 0
                for div in logical.iterchildren("{*}div"):
                    for item in self._below(div, loose, Section()):
                        count += len(item.areas)
                        yield item
                        if count > MOST_AREAS:
                            raise _too_many_areas()
                return

    def _below(self, div: etree._Element, above: Facts, section: Section) -> Iterator[Item]:
        named = dict.fromkeys(div.get("DMDID", "").split())
        own = _merged(self._facts[name] for name in named if name in self._facts)
        holds_articles = div in self._holders
        kind = _kind(div)
        if kind == "article" or not holds_articles:
            areas = list(islice(self._areas(div, "", self._links), MOST_AREAS + 1))
            if len(areas) > MOST_AREAS:
                raise _too_many_areas()
            if areas or kind == "article":
                yield Item(div.get("ID", ""), kind, div.get("LABEL", ""), own, above, section, areas)
        if holds_articles:
            if "section" in kind or (kind not in _OF_THE_ISSUE and kind != "article" and above.get("title")):
                title = next(iter(own.pop("title", [])), "") or div.get("LABEL", "")
                section = Section(div, title or section.title)
            for child in div.iterchildren("{*}div"):
                yield from self._below(child, _merged((own, above)) if kind != "article" else above, section)

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
        for name in dict.fromkeys(links.get(div.get("ID", ""), ())):
            if (target := self._divs.get(name)) is not None:
                yield from self._areas(target, f"{kind} {_kind(target)} {target.get('LABEL', '').lower()}", {})

    def _pages(self) -> Iterator[tuple[str, str]]:
        for page in self._elements["div"]:
            if _kind(page) == "page":
                for pointer in page.iter("{*}fptr", "{*}area"):
                    file = pointer.get("FILEID", "")
                    if file in self.files and file not in self._images:
                        yield file, page.get("ORDERLABEL") or page.get("ORDER") or ""

    def _find_holders(self) -> set[etree._Element]:
        """The elements around articles."""
        holders: set[etree._Element] = set()
        for div in self._elements["div"]:
            if _kind(div) == "article":
                for above in div.iterancestors():
                    if above in holders:
                        break
                    holders.add(above)
        return holders

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


def _too_many_areas() -> DumpError:
    return DumpError(f"names more than {MOST_AREAS:,} areas of text, which no issue has; ask for its METS again")


def _kind(div: etree._Element) -> str:
    return (div.get("TYPE") or "").lower()


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
    hosts = 0
    for event, element in etree.iterwalk(section, events=("start", "end")):
        name = local_name(element)
        hosts += (name == "relateditem") * (1 if event == "start" else -1)
        if event == "end":
            continue
        above = local_name(element.getparent())
        if name == "titleinfo":
            found["host" if hosts else "title"].append(_title(element))
        elif name == "title" and above != "titleinfo":
            found["title"].append(inline(element))
        elif name == "number" and above == "detail" and (text := inline(element)):
            found[element.getparent().get("type", "number")].append(text)
        elif name == "name" and not hosts:
            found["name"].append(_name(element))
        elif not hosts and not len(element) and above not in _READ_AS_A_WHOLE and (text := inline(element)):
            found[_FACT_NAMES.get(name, name)].append(text)
    if sum(map(len, found.values())) > MOST_FACTS:
        raise DumpError(f"has more than {MOST_FACTS:,} facts in a section of metadata, which no issue has; split it")
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
