"""The DIDL (MPEG-21) of a newspaper edition at the Dutch national library: what it states of the edition, its pages and
what is printed on them, and the names of the files that hold their texts.

An item of the edition is a page or something printed. What is printed stands beside the pages, with zones that name
them, or within the page; a page may also only refer to it. Metadata is Dublin Core in `dcx`.
"""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from etl.formats.common.markup import inline, local_name
from etl.model import DumpError

Facts = dict[str, list[str]]
"""What a section of metadata states, by the names of its elements in lower case."""

MOST_CHARACTERS = 20_000
"""In a section of metadata: that of the edition is repeated in each of its articles."""
_DC, _DCX = "{http://purl.org/dc/elements/1.1/}", "{http://krait.kb.nl/coop/tel/handbook/telterms.html}"
_ARTICLE_ID = "{http://www.kb.nl/namespaces/ddd}article_id"
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_TYPED = {("identifier", "ppn"): "ppn", ("spatial", "creation"): "place"}
"""Elements whose type says that they are another fact."""
_URN = re.compile(r"([\w-]{1,40}):([\w-]{1,60}):mpeg21:([ap])(\d{1,10})", re.ASCII)
_HOLDS_TEXT = ("ocr", "alto")
_OF_PAGE = "_{}_{}_alto.xml"
_OF_TEXT = "_{}_{}_articletext.xml"


@dataclass
class Item:
    """A page, or something printed."""

    identity: str
    facts: Facts
    pages: list[str] = field(default_factory=list)
    """The identities of the pages on which it stands."""
    filename: str = ""
    """What the file with its text is called, where the DIDL says so."""

    @property
    def kind(self) -> str:
        """What the library took it for, in Dutch: `artikel`, `advertentie`; '' for a page."""
        return next(iter(self.facts.get("subject", [])), "").casefold()

    @property
    def is_page(self) -> bool:
        """Whether it is a page by its identity."""
        urn = _URN.fullmatch(self.identity)
        return urn is not None and urn[3] == "p"

    @property
    def is_printed(self) -> bool:
        """Whether it is something printed: it has a kind, or an identity as what is printed has it."""
        return bool(self.kind) or (not self.is_page and _URN.fullmatch(self.identity) is not None)

    @property
    def files(self) -> list[str]:
        """What the file with its text may be called: as the DIDL says, or else as in the library's archives."""
        stated = posixpath.basename(self.filename.replace("\\", "/"))
        urn = _URN.fullmatch(self.identity)
        usual = urn[1].upper() + (_OF_PAGE if self.is_page else _OF_TEXT).format(urn[2], urn[4]) if urn else ""
        return list(dict.fromkeys(filter(None, (stated, usual))))


class Edition:
    """An edition, taken apart."""

    def __init__(self, top: etree._Element) -> None:
        self.facts = _described(top).facts
        self.items: list[Item] = []
        """What is printed in it, each once, in order."""
        self.pages: dict[str, Item] = {}
        self._printed: dict[str, Item] = {}
        self._referred: dict[str, list[str]] = defaultdict(list)
        self._take(top, "")

    def files(self) -> Iterator[str]:
        """The names of all files that may belong to it."""
        for item in (*self.items, *self.pages.values()):
            yield from item.files

    def pages_of(self, item: Item) -> list[str]:
        """The numbers of the pages on which an item stands, as printed, or else as counted."""
        found = dict.fromkeys(item.pages or self._referred.get(item.identity, []))
        return list(dict.fromkeys(filter(None, map(self._number, found))))

    def _number(self, page: str) -> str:
        native = self.pages[page].facts.get("nativepagenumber", []) if page in self.pages else []
        urn = _URN.fullmatch(page)
        return next(iter(native), "") or (urn[4].lstrip("0") if urn else "")

    def _take(self, above: etree._Element, page: str) -> None:
        for element in above.iterchildren("{*}Item"):
            item = _described(element)
            if item.is_page:
                self.pages.setdefault(item.identity, item)
            elif item.is_printed:
                self._add(item, page)
            elif (reference := element.get(_ARTICLE_ID)) and page:
                self._referred[reference].append(page)
            self._take(element, item.identity if item.is_page else page)

    def _add(self, item: Item, page: str) -> None:
        """Note something printed; once more, where another page has it too, only that page."""
        known = self._printed.get(item.identity)
        if known is None:
            self.items.append(item)
            known = item
            if item.identity:
                self._printed[item.identity] = item
        else:
            known.pages += item.pages
            known.filename = known.filename or item.filename
        known.pages += [page] if page else []


def editions(root: etree._Element) -> list[Edition]:
    """The editions that a document describes, whatever is wrapped around them.

    Raises DumpError where the metadata of something is longer than metadata is.
    """
    return [Edition(top) for didl in root.iter("{*}DIDL") for top in didl.iterchildren("{*}Item")]


def _described(element: etree._Element) -> Item:
    """What an item's own components say of it."""
    item = Item("", defaultdict(list))
    for component in element.iterchildren("{*}Component"):
        for node in component.iter(etree.Element):
            name = local_name(node)
            if name == "dcx":
                _add_facts(item.facts, node)
            elif name == "article-part":
                item.pages += filter(None, (node.get("pageid"),))
            elif name == "resource" and _role(component, node) in _HOLDS_TEXT:
                item.filename = item.filename or node.get(f"{_DCX}filename") or ""
    item.identity = next(iter(item.facts.get("recordidentifier", [])), "") or element.get(f"{_DC}identifier") or ""
    return item


def _role(component: etree._Element, resource: etree._Element) -> str:
    """What a component is of its item: the last part of the address of what it holds."""
    address = resource.get("ref") or component.get(f"{_DC}identifier") or ""
    return address.rpartition(":")[2]


def _add_facts(facts: Facts, section: etree._Element) -> None:
    for element in section.iterchildren(etree.Element):
        if text := inline(element, ()):
            kind = (element.get(_TYPE) or "").rpartition(":")[2].lower()
            name = local_name(element)
            facts[_TYPED.get((name, kind), name)].append(text)
    if sum(len(text) for texts in facts.values() for text in texts) > MOST_CHARACTERS:
        raise DumpError(
            f"has metadata of more than {MOST_CHARACTERS:,} characters, which no edition has; ask for it again"
        )
