"""Untrusted markup, parsed safely, and its text: for the readers of XML and HTML.

No entity is expanded, no file and no address is opened, and nothing larger than a document can be is
read. What libxml2 would leave out silently (it stops where elements are nested too deep) is an error here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from functools import lru_cache
from typing import Any, BinaryIO

from lxml import etree

from etl.formats.common.encoding import bom_codec, decode, decode_damaged, sniff, true_codec, unify_newlines
from etl.formats.common.markup_codecs import stated_codec
from etl.formats.common.markup_entities import refuse_entities, spell_entities
from etl.formats.common.markup_limits import LIMIT_HTML_PARTS, LIMIT_XML_PARTS, refuse_swarm
from etl.formats.common.utf8_damage import is_damaged_utf8
from etl.model import Doubt, DumpError
from etl.text_codecs import text_codec

LIMIT_BYTES = 32 << 20
_XML_ENCODING = re.compile(
    rb"(?:\xef\xbb\xbf)?\s{0,99}<\?xml[^<>?]{0,200}?\sencoding\s{0,9}=\s{0,9}[\"']([\w.:-]{1,40})[\"']"
)
_DECLARED_WITHIN_BYTES = 1_024
_BLOCK_NAMES = """
    address article aside blockquote block body body.content body.head bq caption center copyrite credit dd div dl dt
    fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hl1 hl2 hr legend li main nav ol p pre section table
    tbody thead tr ul
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
"""Elements of HTML whose text is not shown on the page."""


def read_whole(stream: BinaryIO, limit_bytes: int = LIMIT_BYTES) -> bytes:
    """All bytes of a document that is parsed as a whole. Raises DumpError where it is larger than a document can be."""
    data = stream.read(limit_bytes + 1)
    if len(data) > limit_bytes:
        raise DumpError(
            f"is larger than {limit_bytes >> 20} MB, and a dump of this format is parsed as a whole; split it "
            "between articles into smaller ones, or name another format in sources.toml"
        )
    return data


def decode_page(data: bytes, encoding: str | None) -> tuple[str, list[Doubt]]:
    """A page as text, and the doubt whether its letters are whole, where a few places in it are not UTF-8.

    Its codec is that of the byte order mark or `encoding`, else UTF-8 if it fits, perhaps but for a few places, else
    what the page states if that fits, else the best guess. What a page states is often wrong: it was saved in another
    encoding than it was sent in.

    Raises DumpError where nothing fits, and on NUL bytes.
    """
    if is_damaged_utf8(data):
        return decode_damaged(data, encoding)
    if encoding or bom_codec(data):
        return decode(data, encoding), []
    for codec in ("utf-8", stated_codec(data) or "utf-8"):
        try:
            data.decode(codec)
        except UnicodeDecodeError:
            continue
        return decode(data, codec), []
    return decode(data, None), []


def parse_xml(data: bytes, encoding: str | None = None) -> etree._Element:
    """The root element, without comments and processing instructions. `encoding` overrides what the document declares.

    Entities that HTML defines are replaced by their characters. Raises DumpError where it is not well-formed, is nested
    too deep, has more elements than a document can have, or declares entities of its own.
    """
    refuse_swarm(data, LIMIT_XML_PARTS)
    data, codec = (data, sniff(b"", encoding)) if encoding else _as_it_is(data)
    try:
        parser = etree.XMLParser(encoding=codec, **_SAFE)
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise _ill_formed(error) from None
    refuse_entities(root, data)
    spell_entities(root)
    return root


def stream_xml(
    stream: BinaryIO, limit_bytes: int = LIMIT_BYTES, whole: str | None = None
) -> Iterator[tuple[str, etree._Element]]:
    """`start` and `end` of each element, in bounded memory; elements have only their attributes, but those with the
    name `whole`, as local_name() spells it, have at their end all that is in them.

    Raises DumpError as `parse_xml` does, and where the document is larger than it can be.
    """
    source = _Limited(stream, limit_bytes)
    encoding = _override(source.peek())
    events = etree.iterparse(source, events=("start", "end"), encoding=encoding, **_SAFE)
    levels = 0
    try:
        for number, (event, element) in enumerate(events):
            if not number:
                refuse_entities(element, b"")
            if whole and local_name(element) == whole:
                levels += 1 if event == "start" else -1
            yield event, element
            if event == "end" and not levels:
                element.clear(keep_tail=True)
                while element.getprevious() is not None:
                    del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise _ill_formed(error) from None


class _Limited:
    """A stream that ends with an error where it is longer than it can be."""

    def __init__(self, stream: BinaryIO, limit_bytes: int) -> None:
        self._stream, self._limit, self._count = stream, limit_bytes, 0
        self._head = b""

    def peek(self) -> bytes:
        """The first bytes, which are read again."""
        self._head = self._stream.read(_DECLARED_WITHIN_BYTES)
        return self._head

    def read(self, size: int) -> bytes:
        data, self._head = self._head or self._stream.read(size), b""
        self._count += len(data)
        if self._count > self._limit:
            raise DumpError(f"is larger than {self._limit >> 20} MB, which no document of this kind is")
        return data


def _override(head: bytes) -> str | None:
    """UTF-8, which XML is in where it states nothing, for a document that states what is not a codec of characters."""
    match = _XML_ENCODING.match(head)
    return "utf-8" if match and not _is_codec(match[1].decode("ascii", "replace")) else None


def _as_it_is(data: bytes) -> tuple[bytes, str | None]:
    """A document, and its codec where it is not what the document states: it is UTF-8 after all, or states nothing."""
    stated = _XML_ENCODING.match(data)
    override = _override(data)
    if override or data.isascii() or bom_codec(data) or b"\0" in data[:4]:
        return data, override
    declared = stated[1].decode("ascii", "replace") if stated else None
    codec, named = true_codec(data, declared), text_codec(declared) if declared else None
    if codec == "utf-8" or codec == named:
        return data, None if codec == (named or "utf-8") else codec
    return decode(data, codec).encode("utf-8", "surrogatepass"), "utf-8"


@lru_cache(maxsize=64)
def _is_codec(label: str) -> bool:
    """Whether libxml2 has a codec of that name: it says so only when it makes a parser."""
    try:
        etree.XMLParser(encoding=label)
    except LookupError:
        return False
    return True


def _ill_formed(error: Exception) -> DumpError:
    # lxml ends with "(<string>, line 2)", which it has said already.
    return DumpError(f"is not well-formed XML: {getattr(error, 'msg', error)}; ask its sender for it again")


def parse_html(data: bytes, encoding: str) -> etree._Element:
    """The root element of a page in that encoding, without comments; broken markup is repaired as libxml2 does.

    Raises DumpError where the page has no element, more elements than a page can have, or elements nested so deep that
    the rest would be lost.
    """
    refuse_swarm(data, LIMIT_HTML_PARTS)
    parser = etree.HTMLParser(encoding=encoding, no_network=True, huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DumpError(f"is not HTML: {error}") from None
    if root is None:
        raise DumpError("is not HTML: there is no element in it")
    if any("xcessive depth" in entry.message for entry in parser.error_log):
        raise DumpError("has elements nested more than 2,048 deep, after which nothing could be read; mend its markup")
    return root


def local_name(element: etree._Element) -> str:
    """The element's name without its namespace, in lower case; '' for what is not an element."""
    tag = element.tag
    return _without_namespace(tag) if isinstance(tag, str) else ""


@lru_cache(maxsize=256)
def _without_namespace(tag: str) -> str:
    return tag.rpartition("}")[2].lower()


def inline(element: etree._Element | None, unseen: Collection[str] = UNSEEN) -> str:
    """All text of an element on one line; '' for None."""
    return "" if element is None else " ".join(paragraphs(element, unseen).split())


def paragraphs(element: etree._Element, unseen: Collection[str] = UNSEEN) -> str:
    """The text of an element, its blocks separated by a blank line, a `br` as a line end.

    White space of the source is layout and becomes one space, except in `pre`. `unseen`: names of elements to omit.
    """
    if not len(element) and local_name(element) != "pre":  # most elements have no children, and a walk is slow
        return " ".join((element.text or "").split())
    blocks = "".join(_walk(element, unseen)).split("\n\n")
    lines = ("\n".join(" ".join(line.split()) for line in block.split("\n")).strip() for block in blocks)
    return "\n\n".join(line for line in lines if line)


def leaves(element: etree._Element, is_leaf: Callable[[etree._Element], bool]) -> Iterator[etree._Element | str]:
    """What stands inside an element, in order: elements for which `is_leaf` is true, or that hold neither a block nor
    such an element; and the texts between them, each on one line."""
    walker = etree.iterwalk(element, events=("start", "end"))
    for event, node in walker:
        text = node.text
        if event == "end":
            text = None if node is element else node.tail
        elif node is not element and (is_leaf(node) or not _holds_more(node, is_leaf)):
            walker.skip_subtree()
            text = None
            if local_name(node) not in UNSEEN:
                yield node
        if text and not text.isspace():
            yield " ".join(text.split())


def _holds_more(element: etree._Element, is_leaf: Callable[[etree._Element], bool]) -> bool:
    inside = element.iterdescendants() if len(element) else iter(())
    return any(local_name(below) in BLOCKS or is_leaf(below) for below in inside)


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
                yield laid_out(node.text, in_pre)
            continue
        in_pre -= name == "pre"
        if name == "br":
            yield "\n"
        elif name in CELLS:
            yield " "
        elif name in BLOCKS:
            yield "\n\n"
        if node.tail and node is not element:
            yield laid_out(node.tail, in_pre)


def laid_out(text: str, in_pre: int) -> str:
    """Text of markup with its line ends as a page shows them: kept in `pre`, else blanks."""
    if in_pre:
        return unify_newlines(text)
    if "\n" in text or "\r" in text:
        return text.replace("\r", " ").replace("\n", " ")
    return text
