"""Markup that strangers wrote, parsed safely, and its text: for the readers of XML and HTML.

No entity is expanded, no file and no address is opened, and nothing is read that is larger than a
document can be. What libxml2 would leave out without a word (it stops where elements are nested too deep)
is an error here.
"""

from __future__ import annotations

import html
from collections.abc import Collection, Iterator
from typing import Any, BinaryIO

from lxml import etree

from etl.model import DumpError

LIMIT_BYTES = 32 << 20
_BLOCK_NAMES = """
    address article aside blockquote block body body.content body.head caption center dd div dl dt fieldset figcaption
    figure footer form h1 h2 h3 h4 h5 h6 header hl1 hl2 hr legend li main nav ol p pre section table tbody thead tr ul
"""
BLOCKS = frozenset(_BLOCK_NAMES.split())
"""Elements (HTML, XHTML, NITF) that are paragraphs of their own."""
CELLS = frozenset(("td", "th"))
_SAFE: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
UNSEEN = frozenset(("head", "iframe", "noscript", "script", "style", "template", "title"))
"""Elements of HTML whose text no reader of the page sees."""


def read_whole(stream: BinaryIO, limit_bytes: int = LIMIT_BYTES) -> bytes:
    """All bytes of a document that is parsed as a whole. Raises DumpError where it is larger than a document can be."""
    data = stream.read(limit_bytes + 1)
    if len(data) > limit_bytes:
        raise DumpError(
            f"is larger than {limit_bytes >> 20} MB, and a dump of this format is parsed as a whole; split it, "
            "or name another format in sources.toml"
        )
    return data


def parse_xml(data: bytes, encoding: str | None = None) -> etree._Element:
    """The root element; comments and processing instructions left out. `encoding` overrides what it declares.

    Entities that HTML knows stand as their letters. Raises DumpError where it is not well-formed, is nested too
    deep, or declares entities of its own.
    """
    parser = etree.XMLParser(encoding=encoding, **_SAFE)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise _ill_formed(error) from None
    _refuse_entities(root)
    _spell_entities(root)
    return root


def stream_xml(stream: BinaryIO, limit_bytes: int = LIMIT_BYTES) -> Iterator[tuple[str, etree._Element]]:
    """`start` and `end` of each element, in bounded memory; of an element only its attributes are there.

    Raises DumpError as `parse_xml` does, and where the document is larger than it can be.
    """
    events = etree.iterparse(_Limited(stream, limit_bytes), events=("start", "end"), **_SAFE)
    try:
        for number, (event, element) in enumerate(events):
            if not number:
                _refuse_entities(element)
            yield event, element
            if event == "end":
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise _ill_formed(error) from None


class _Limited:
    """A stream that ends with an error where it is longer than it can be."""

    def __init__(self, stream: BinaryIO, limit_bytes: int) -> None:
        self._stream, self._limit, self._count = stream, limit_bytes, 0

    def read(self, size: int) -> bytes:
        data = self._stream.read(size)
        self._count += len(data)
        if self._count > self._limit:
            raise DumpError(f"is larger than {self._limit >> 20} MB, which no such document is")
        return data


def _ill_formed(error: Exception) -> DumpError:
    return DumpError(f"is no well-formed XML: {error}; ask its sender for it again")


def _refuse_entities(root: etree._Element) -> None:
    dtd = root.getroottree().docinfo.internalDTD
    if dtd is not None and any(True for _ in dtd.iterentities()):
        raise DumpError("declares XML entities of its own, which are never expanded; ask its sender for plain text")


def parse_html(data: bytes, encoding: str) -> etree._Element:
    """The root element of a page in that encoding, comments left out; broken markup is mended as libxml2 does.

    Raises DumpError where there is no element in it, or elements are nested so deep that the rest would be lost.
    """
    parser = etree.HTMLParser(encoding=encoding, no_network=True, huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DumpError(f"is no HTML: {error}") from None
    if root is None:
        raise DumpError("is no HTML: there is no element in it")
    if any("xcessive depth" in entry.message for entry in parser.error_log):
        raise DumpError("has elements nested more than 2,048 deep, after which nothing could be read; mend its markup")
    return root


def local_name(element: etree._Element) -> str:
    """The element's name without its namespace, in lower case; '' for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def inline(element: etree._Element | None, unseen: Collection[str] = UNSEEN) -> str:
    """All text of an element on one line; '' for None."""
    return "" if element is None else " ".join(paragraphs(element, unseen).split())


def paragraphs(element: etree._Element, unseen: Collection[str] = UNSEEN) -> str:
    """The text of an element, its blocks separated by a blank line, a `br` as a line end.

    White space of the source is layout and becomes one space, but in `pre`. `unseen`: names of elements to leave out.
    """
    blocks = "".join(_walk(element, unseen)).split("\n\n")
    lines = ("\n".join(" ".join(line.split()) for line in block.split("\n")).strip() for block in blocks)
    return "\n\n".join(line for line in lines if line)


def _walk(element: etree._Element, unseen: Collection[str]) -> Iterator[str]:
    walker = etree.iterwalk(element, events=("start", "end"))
    in_pre = 0
    for event, node in walker:
        name = local_name(node)
        if event == "start":
            if name in unseen and node is not element:
                walker.skip_subtree()
                continue
            in_pre += name == "pre"
            if name in BLOCKS:
                yield "\n\n"
            if node.text:
                yield _laid_out(node.text, in_pre)
            continue
        in_pre -= name == "pre"
        if name == "br":
            yield "\n"
        elif name in CELLS:
            yield " "
        elif name in BLOCKS:
            yield "\n\n"
        if node.tail and node is not element:
            yield _laid_out(node.tail, in_pre)


def _laid_out(text: str, in_pre: int) -> str:
    if in_pre:
        return text.replace("\r\n", "\n").replace("\r", "\n")
    if "\n" in text or "\r" in text:
        return text.replace("\r", " ").replace("\n", " ")
    return text


def _spell_entities(root: etree._Element) -> None:
    """Put letters in the place of entities that a DTD, which is not read, would have told."""
    for entity in list(root.iter(etree.Entity)):
        text = html.unescape(entity.text) + (entity.tail or "")
        parent, before = entity.getparent(), entity.getprevious()
        if before is None:
            parent.text = (parent.text or "") + text
        else:
            before.tail = (before.tail or "") + text
        entity.tail = None
        parent.remove(entity)
