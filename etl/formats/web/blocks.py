"""A web page as a list of blocks: its paragraphs, headings, list items and table rows, in order.

What is not text on the page (scripts, controls of forms) is left out. Each block knows how much of it is links, and
which elements around it may not belong to an article, by their name or tag (`article_words`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from etl.formats.common.markup import BLOCKS, CELLS, UNSEEN, laid_out
from etl.formats.web import article_words as words

FOREIGN, DOUBTFUL = 0.2, 0.4
"""How much prose counts where an article hardly ever, or seldom, stands."""
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))

_CONTROL_NAMES = "audio button canvas datalist embed input map math object option select svg textarea video"
_CONTROLS = frozenset(_CONTROL_NAMES.split())
_SKIPPED = UNSEEN | _CONTROLS
_ROWS = frozenset(("tbody", "thead", "tr"))
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_HIDING = re.compile(r"display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}hidden")
_LONGEST_NAMES = 1_000
_MOST_DOUBTS = 16
"""Further doubts within doubts are not noted: a page may nest as deep as it likes."""


class Doubt(NamedTuple):
    """An element that may not be part of the article, and how much its content counts."""

    element: etree._Element
    factor: float


class Block(NamedTuple):
    """A paragraph, heading, item or row as printed; a line break stands as it does on the page."""

    element: etree._Element
    tag: str
    text: str
    link_chars: int
    doubts: tuple[Doubt, ...]

    @property
    def is_linked(self) -> bool:
        """Whether it is little more than links."""
        return self.link_chars > 0.6 * len(self.text)

    @property
    def is_prose(self) -> bool:
        """Whether it is long enough for a sentence, and not a heading or links."""
        return len(self.text) > 60 and self.link_chars < 0.3 * len(self.text) and self.tag not in HEADINGS


def blocks_of(body: etree._Element) -> list[Block]:
    """The blocks of a page's body."""
    page = _Page(body, "body")
    walker = etree.iterwalk(body, events=("start", "end"))
    for event, node in walker:
        tag = node.tag
        if event == "start":
            if tag in _SKIPPED or (tag == "span" and _is_aside(node)):
                walker.skip_subtree()
                continue
            if tag in BLOCKS:
                page.begin(node, tag)
            elif tag == "a":
                page.links += 1
            elif tag == "br":
                page.break_line()
            if text := node.text:
                page.add(text)
        else:
            if tag in BLOCKS:
                page.leave(tag)
            elif tag == "a":
                page.links -= 1
            elif tag in CELLS:
                page.parts.append(" ")
            if (text := node.tail) and node is not body:
                page.add(text)
    page.end_block()
    return page.blocks


@dataclass(slots=True)
class _Page:
    """The blocks of a page read so far, and the one that is being read."""

    element: etree._Element
    tag: str
    doubts: tuple[Doubt, ...] = ()
    blocks: list[Block] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    link_chars: int = 0
    links: int = 0
    pres: int = 0
    outer: list[tuple[etree._Element, str, tuple[Doubt, ...]]] = field(default_factory=list)

    def begin(self, node: etree._Element, tag: str) -> None:
        """Begin an element that is a block."""
        if self.parts:
            self.end_block()
        self.outer.append((self.element, self.tag, self.doubts))
        self.element, self.tag = node, tag
        self.pres += tag == "pre"
        if (factor := _factor(node, tag)) < 1 and len(self.doubts) < _MOST_DOUBTS:
            self.doubts = (*self.doubts, Doubt(node, factor))
        elif tag == "blockquote":
            # A quoted post stands in a frame named after its network.
            self.doubts = tuple(doubt for doubt in self.doubts if doubt.factor < DOUBTFUL)

    def leave(self, tag: str) -> None:
        """End an element that is a block."""
        if self.parts:
            self.end_block()
        self.element, self.tag, self.doubts = self.outer.pop()
        self.pres -= tag == "pre"

    def add(self, text: str) -> None:
        """Add a text to the block."""
        if self.pres:
            self.parts.append(laid_out(text, self.pres))
        elif text.isspace():
            if self.parts:
                self.parts.append(" ")
            return
        else:
            self.parts.append(laid_out(text, 0))
        if self.links:
            self.link_chars += len(" ".join(text.split()))

    def end_block(self) -> None:
        """End the block, if there is one."""
        if not self.parts:
            return
        text = " ".join(self.parts[0].split()) if len(self.parts) == 1 and not self.pres else _laid_out(self.parts)
        if text:
            link_chars = min(self.link_chars, len(text))
            self.blocks.append(Block(self.element, self.tag, text, link_chars, self.doubts))
        self.parts, self.link_chars = [], 0

    def break_line(self) -> None:
        """A `br`; two in a row end a paragraph."""
        last = next((part for part in reversed(self.parts) if part == "\n" or not part.isspace()), "")
        if last == "\n":
            self.end_block()
        else:
            self.parts.append("\n")


def _laid_out(parts: list[str]) -> str:
    lines = "".join(parts).split("\n")
    return "\n".join(" ".join(line.split()) for line in lines).strip()


def _factor(node: etree._Element, tag: str) -> float:
    """How much the content of the element counts; 1 where nothing speaks against it."""
    if tag in words.FOREIGN_TAGS:
        return FOREIGN
    least = DOUBTFUL if tag in words.DOUBTFUL_TAGS else 1.0
    facts = node.attrib
    if not facts or tag == "body":
        return least
    if facts.get("role") in words.FOREIGN_ROLES:
        return FOREIGN
    if "hidden" in facts or facts.get("aria-hidden") == "true" or _is_hidden(facts.get("style")):
        least = DOUBTFUL
    names = f"{facts.get('class', '')} {facts.get('id', '')}"
    if tag in _ROWS or names == " ":
        return least
    return min(least, _factor_of_names(names[:_LONGEST_NAMES]))


def _is_hidden(style: str | None) -> bool:
    return style is not None and _HIDING.search(style) is not None


@lru_cache(maxsize=2**14)
def _factor_of_names(names: str) -> float:
    """The factor by class and id. Cached, because sites repeat themselves."""
    names = _CAMEL.sub("-", names).lower()
    if words.POST_NAMES.search(names):
        return 1.0
    names = words.QUALIFIERS.sub(" ", names)
    if words.FOREIGN_NAMES.search(names):
        return FOREIGN
    return DOUBTFUL if words.DOUBTFUL_NAMES.search(names) else 1.0


def is_part_of_layout(node: etree._Element) -> bool:
    """Whether nothing but a name of the layout speaks against an element."""
    names = f"{node.get('class', '')} {node.get('id', '')}"[:_LONGEST_NAMES]
    if not _is_named_after_layout(names):
        return False
    bare = {name: value for name, value in node.attrib.items() if name not in ("class", "id")}
    return _factor(etree.Element(node.tag, bare), node.tag) == 1


@lru_cache(maxsize=2**14)
def _is_named_after_layout(names: str) -> bool:
    plain = _CAMEL.sub("-", names).lower()
    is_so_named = words.LAYOUT_NAMES.search(plain) is not None
    return is_so_named and _factor_of_names(words.LAYOUT_NAMES.sub(" ", plain)) == 1


def _is_aside(node: etree._Element) -> bool:
    """Whether an element within a sentence is not part of it."""
    facts = node.attrib
    if not facts:
        return False
    if _is_hidden(facts.get("style")):
        return True
    return _is_named_aside(facts.get("class", "")[:_LONGEST_NAMES])


@lru_cache(maxsize=2**14)
def _is_named_aside(names: str) -> bool:
    return words.ASIDE_NAMES.search(_CAMEL.sub("-", names).lower()) is not None
