"""One page of OCR in ALTO (Library of Congress, versions 1 to 4, with a namespace or without): its words in order.

Words stand in lines, lines in blocks, blocks perhaps in composed blocks; each of them may have an ID, which is unique
on its page only. A word that is broken over two lines states the whole word (`SUBS_CONTENT`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import BinaryIO, NamedTuple

from lxml import etree

from etl.formats.common.markup import local_name, stream_xml
from etl.model import DumpError

_HOLDERS = {"page", "printspace", "composedblock", "textblock", "illustration", "graphicalelement", "textline"}
_MARGINS = {"topmargin", "leftmargin", "rightmargin", "bottommargin"}

LIMIT_BYTES = 16 << 20
"""A page of a broadsheet with every letter described has some 10 MB."""

Span = tuple[int, int]
"""The index of the first of some words, and of the one after the last."""


class Word(NamedTuple):
    """One String: its text, what separates it from the word before it on its line, and what it is a half of."""

    text: str
    before: str
    line: int
    half: str
    whole: str


@dataclass
class Page:
    """The words of a page, and where to find them."""

    words: list[Word] = field(default_factory=list)
    spans: dict[str, Span] = field(default_factory=dict)
    """ID -> its words."""
    blocks: list[Span] = field(default_factory=list)
    """The blocks of text that have words, in order."""
    has_spaces: bool = False
    """Whether it has elements for spaces. A page without them has a space between any two words."""

    def span(self, begin: str, end: str | None) -> Span | None:
        """The words from one ID to another, both included; None where one is not on the page."""
        first, last = self.spans.get(begin), self.spans.get(end or begin)
        return (first[0], max(first[1], last[1])) if first and last else None


def read_page(stream: BinaryIO) -> Page:
    """The page. Raises DumpError where it is not well-formed XML, not ALTO, or larger than a page can be."""
    page = Page()
    events = stream_xml(stream, LIMIT_BYTES)
    _, root = next(events)
    if local_name(root) != "alto":
        raise DumpError(f"is not a page in ALTO: expected <alto>, found <{local_name(root)}>")
    starts: list[int] = []
    line, before = 0, ""
    for event, element in events:
        name = local_name(element)
        if name in _HOLDERS or name in _MARGINS:
            if event == "start":
                starts.append(len(page.words))
                line, before = line + (name == "textline"), ""
            else:
                _close(page, name, element, (starts.pop(), len(page.words)))
        elif event == "start" and name == "sp":
            page.has_spaces, before = True, " "
        elif event == "start" and name == "hyp" and page.words:
            page.words[-1] = _hyphenated(page.words[-1], element.get("CONTENT") or "")
        elif event == "start" and name == "string":
            _remember(page, element, (len(page.words), len(page.words) + 1))
            page.words.append(_word(element, before, line))
            before = ""
    return page


def spell(areas: Iterable[tuple[Page, Span]]) -> list[str]:
    """The text of each area, its lines as they stood; a word broken over two lines, or two areas, appears once."""
    texts = []
    awaited = ""
    for page, span in areas:
        parts: list[str] = []
        last = None
        for word in page.words[slice(*span)]:
            if word.half == "hyppart2" and word.whole == awaited != "":
                awaited = ""
                continue
            is_half = word.half == "hyppart1" and word.whole != ""
            if is_half:
                awaited = word.whole  # its other half may stand after a picture
            if last is not None:
                parts.append("\n" if word.line != last else word.before if page.has_spaces else " ")
            parts.append(word.whole if is_half else word.text)
            last = word.line
        texts.append("".join(parts))
    return texts


def _close(page: Page, name: str, element: etree._Element, span: Span) -> None:
    _remember(page, element, span)
    if name == "textblock" and span[0] < span[1]:
        page.blocks.append(span)


def _remember(page: Page, element: etree._Element, span: Span) -> None:
    if identity := element.get("ID"):
        page.spans[identity] = span


def _word(element: etree._Element, before: str, line: int) -> Word:
    half = (element.get("SUBS_TYPE") or "").lower()
    return Word(element.get("CONTENT") or "", before, line, half, element.get("SUBS_CONTENT") or "")


def _hyphenated(word: Word, hyphen: str) -> Word:
    return word if word.half == "hyppart1" and word.whole else word._replace(text=word.text + hyphen)
