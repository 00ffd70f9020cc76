"""The page of a letter as lines, what is left of it when some of them are taken out, and several pages as one."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from lxml import etree

from etl.formats.common.markup import BLOCKS, decode_page, local_name, parse_html
from etl.formats.common.markup_limits import LIMIT_HTML_PARTS, refuse_swarm


class Page(NamedTuple):
    """The texts of a page in lines, and where each of them begins and stands in the tree."""

    text: str
    places: list[tuple[int, etree._Element, str, str]]
    root: etree._Element

    def only(self, start: int, end: int) -> bytes:
        """The page with its texts from `start` to `end` alone, in UTF-8 with a mark of it."""
        for place, element, name, text in self.places:
            setattr(element, name, text if start <= place < end else None)
        return _written(self.root)


def page_of(content: bytes) -> Page:
    """A page as lines. Raises DumpError where it cannot be read."""
    return lines_of(tree_of(content))


def tree_of(content: bytes) -> etree._Element:
    """The root of a page, by what it says of its encoding. Raises DumpError where it cannot be read."""
    return parse_html(decode_page(content, None)[0].encode("utf-8", "replace"), "utf-8")


def joined(pages: Sequence[bytes]) -> bytes:
    """Several pages as one, with the head of the first, in UTF-8 with a mark of it.

    Raises DumpError where one cannot be read, or they are longer together than a page can be.
    """
    refuse_swarm(b"".join(pages), LIMIT_HTML_PARTS)
    first = _content_of(tree_of(pages[0]))
    for page in pages[1:]:
        other = _content_of(tree_of(page))
        etree.SubElement(first, "p").tail = other.text
        first.extend(list(other))
    return _written(first.getroottree().getroot())


def page_of_text(text: str) -> bytes:
    """A plain text as a page: its paragraphs, without the ends of their lines."""
    blocks = "".join(f"<p>{escape(block)}</p>" for block in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n")))
    return BOM_UTF8 + f"<html><body>{blocks}</body></html>".encode("utf-8", "replace")


def _content_of(root: etree._Element) -> etree._Element:
    """The element that has the texts of a page: its body, or what alone is in it."""
    body = root.find("body")
    found = root if body is None else body
    while len(found) == 1 and found[0].tag == "div" and not f"{found.text or ''}{found[0].tail or ''}".strip():
        found = found[0]
    return found


def _written(root: etree._Element) -> bytes:
    return BOM_UTF8 + etree.tostring(root, encoding="utf-8", method="html")


def lines_of(root: etree._Element) -> Page:
    """A tree as lines: a block has its own, and `br` ends one, so that two of them leave a blank line."""
    parts: list[str] = []
    places: list[tuple[int, etree._Element, str, str]] = []
    length = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        name = local_name(element)
        is_shown = isinstance(element.tag, str) and name not in ("head", "style", "script", "title")
        text = element.text if event == "start" and is_shown else element.tail if event == "end" else None
        is_within = bool(parts) and parts[-1] != "\n"
        if (event == "end" and name == "br") or (is_within and (name in BLOCKS or (name == "td" and event == "end"))):
            parts.append("\n")
            length += 1
        if text and text.strip():
            places.append((length, element, "text" if event == "start" else "tail", text))
            parts.append(re.sub(r"\s+", " ", text))
            length += len(parts[-1])
    return Page("".join(parts), places, root)
