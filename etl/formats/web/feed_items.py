"""The items of a feed (RSS, Atom) one by one, as they stand in the bytes, so that a broken one costs only itself.

A feed is split at the tags of its items outside comments and CDATA sections, and each item is parsed alone, with the
namespaces that the feed declares. Feeds are written by hand more often than other XML: bare ampersands, HTML's
entities, control characters and undeclared namespaces are repaired.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple, cast

from lxml import etree

from etl.formats.common import streams
from etl.formats.common.encoding import true_codec, valid_utf8
from etl.formats.common.markup import parse_xml
from etl.formats.common.markup_codecs import codec_of
from etl.formats.common.utf8_stream import utf8
from etl.model import DumpError, Feed

LONGEST_ITEM_BYTES = 16 << 20
_CHUNK_BYTES = 1 << 18
_LOOK_BYTES = 1 << 20
_LONGEST_TAG = 4_096
_LONGEST_HEAD = 1 << 20
_MOST_AMPERSANDS = 200_000
_MARK = re.compile(rb"<!--|<!\[CDATA\[|<(/?)(?:[\w.-]{1,40}:)?(?:item|entry)(?=[\s/>])")
_ENDS = {b"<!--": b"-->", b"<![CDATA[": b"]]>"}
_ENCODING = re.compile(rb"\s{0,99}<\?xml[^>]{0,100}?encoding\s{0,9}=\s{0,9}[\"']([\w.:-]{2,40})")
_URI = rb"[\w:/.#?=~+%@,-]{0,500}"
_NAMESPACE = re.compile(rb"""\sxmlns(?::[\w.-]{1,40})?\s{0,9}=\s{0,9}(?:"%s"|'%s')""" % (_URI, _URI))
_AROUND = re.compile(rb"<(?:[\w.-]{1,40}:)?(?:rss|RDF|feed|channel)\b[^<>]{0,20000}>")
_NEXT_FEED = re.compile(rb"<(?:[\w.-]{1,40}:)?(?:rss|RDF|feed|channel)[\s>]")
_END = re.compile(rb"</(?:[\w.-]{1,40}:)?(?:rss|RDF|feed)\s{0,99}>")
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_DECLARED = re.compile(rb"\sxmlns:([\w.-]{1,40})")
_PREFIX = re.compile(rb"[<\s/]([A-Za-z_][\w.-]{0,40}):[\w.-]{1,80}(?=[\s=/>])")
_SECTION = re.compile(rb"<!--|<!\[CDATA\[")
_AMPERSAND = re.compile(rb"&(?:#[xX]?[0-9a-fA-F]{1,7};|[A-Za-z][A-Za-z0-9]{1,31};)?")
_XML_ENTITIES = frozenset((b"&amp;", b"&lt;", b"&gt;", b"&quot;", b"&apos;"))
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r"))
_ADVICE = "ask for the feed again"


class Item(NamedTuple):
    """Bytes of a feed: what stands before its items (number 0), or an item; `fault` says why it is not whole."""

    number: int
    data: bytes
    fault: str | None = None


def as_utf8(stream: BinaryIO, feed: Feed) -> Iterator[bytes]:
    """The bytes of a feed as UTF-8, decoded from the encoding that the stanza states, or that the document is in.

    What it declares counts unless its first megabyte refutes it.
    """
    source = io.BufferedReader(cast(io.RawIOBase, stream), _LOOK_BYTES)
    head = source.peek(_LOOK_BYTES)
    declared = _ENCODING.match(head)
    codec = feed.encoding or true_codec(head, codec_of(declared[1].decode("ascii", "replace")) if declared else None)
    return streams.chunks(utf8(source, codec), _CHUNK_BYTES)


def split(chunks: Iterator[bytes]) -> Iterator[Item]:
    """The head of a feed, then its items in order; where another feed follows, its head before its items.

    What is missing at the end is an item with a fault. Raises DumpError where a section of it has no end.
    """
    number, size, is_inside = 0, 0, True
    parts: list[bytes] = []
    between = b""
    for kind, data in _tokens(chunks):
        if kind == "open":
            if is_inside:
                yield _item(number, parts, "it has no end before the next begins")
            elif next_feed := _NEXT_FEED.search(between):
                yield Item(0, between[next_feed.start() :])
            number, size, between, is_inside, parts = number + 1, 0, b"", True, []
        if not is_inside:
            between += data
            if len(between) > LONGEST_ITEM_BYTES:
                raise DumpError(f"has no item in {LONGEST_ITEM_BYTES >> 20} MB after item {number}; {_ADVICE}")
            continue
        parts.append(data)
        size += len(data)
        is_closed = number and (kind == "close" or (kind == "open" and data.endswith(b"/>")))
        if size > LONGEST_ITEM_BYTES and not number:
            raise DumpError(f"has no item in its first {LONGEST_ITEM_BYTES >> 20} MB; {_ADVICE}")
        if size > LONGEST_ITEM_BYTES:
            yield Item(number, b"".join(parts)[:1_000], f"it is longer than {LONGEST_ITEM_BYTES >> 20} MB; split it")
        elif is_closed:
            yield Item(number, b"".join(parts))
        is_inside = not is_closed and size <= LONGEST_ITEM_BYTES
    if is_inside:
        yield _item(number, parts, "it has no end: the feed breaks off")
    elif number and not _END.search(_COMMENT.sub(b"", between)):
        yield Item(number + 1, between[-1_000:], f"the feed breaks off before its end; {_ADVICE}")


def _item(number: int, parts: list[bytes], fault: str) -> Item:
    """What was read of an item without an end; the head of a feed never has one."""
    return Item(number, b"".join(parts), f"{fault}; {_ADVICE}" if number else None)


def _tokens(chunks: Iterator[bytes]) -> Iterator[tuple[str, bytes]]:
    """The bytes in order: tags that open or close an item, and what stands between them."""
    held, is_last = b"", False
    while not is_last:
        chunk = next(chunks, b"")
        is_last = not chunk
        held += chunk
        if len(held) > 2 * LONGEST_ITEM_BYTES:
            raise DumpError(f"has a section of more than {LONGEST_ITEM_BYTES >> 20} MB without an end; {_ADVICE}")
        done = at = 0
        while found := _MARK.search(held, at):
            end = _ENDS.get(found[0], b">")
            at = _end(held, found.end(), end, is_last)
            if at < 0:
                break
            if end == b">":
                yield "", held[done : found.start()]
                yield "close" if found[1] else "open", held[found.start() : at]
                done = at
        keep = len(held) if is_last else found.start() if found else max(done, len(held) - _LONGEST_TAG)
        yield "", held[done:keep]
        held = held[keep:]


def _end(held: bytes, start: int, end: bytes, is_last: bool) -> int:
    """Where a section or tag ends; -1 where the end is not read yet. A tag that breaks off ends where it breaks."""
    close = held.find(end, start)
    if end == b">":
        broken = held.find(b"<", start, close if close >= 0 else len(held))
        if broken >= 0 or (close < 0 and is_last):
            return broken if broken >= 0 else len(held)
    return close + len(end) if close >= 0 else -1


def namespaces(head: bytes) -> bytes:
    """The declarations of namespaces in the head of a feed, each name once; the default of the feed's own only."""
    head = head[:_LONGEST_HEAD]
    of_feed = _NAMESPACE.findall(b"".join(_AROUND.findall(head)))
    prefixed = [found for found in _NAMESPACE.findall(head) if b"xmlns:" in found]
    return b"".join({found.partition(b"=")[0].strip(): found for found in reversed(of_feed + prefixed)}.values())


def parse_item(data: bytes, declarations: bytes) -> etree._Element:
    """The element of an item. Raises DumpError where it cannot be repaired."""
    data = valid_utf8(data)
    try:
        return _parsed(data, declarations)
    except DumpError:
        return _parsed(_repaired(data), declarations)


def parse_head(head: bytes) -> etree._Element | None:
    """The element of a feed, from what stands before its items; None where it has none."""
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    head = head[:_LONGEST_HEAD].decode("utf-8", "ignore").encode()
    try:
        return etree.fromstring(_repaired(head), parser)
    except etree.XMLSyntaxError:  # there is no element in it
        return None


def _parsed(data: bytes, declarations: bytes) -> etree._Element:
    declared = {b"xml", b"xmlns", *_DECLARED.findall(declarations + data)}
    missing = set(_PREFIX.findall(data)) - declared
    more = b"".join(b' xmlns:%s="%s"' % (prefix, prefix) for prefix in sorted(missing))
    return parse_xml(b"<feed" + declarations + more + b">" + data + b"</feed>", "utf-8")[0]


def _repaired(data: bytes) -> bytes:
    """An item whose faults in XML are plain, repaired. Raises DumpError where there are too many of them."""
    if data.count(b"&") > _MOST_AMPERSANDS:
        raise DumpError(f"is not well-formed XML, and has more than {_MOST_AMPERSANDS:,} ampersands; {_ADVICE}")
    data = data.translate(None, _CONTROLS)
    return b"".join(_AMPERSAND.sub(_spelled, text) + section for text, section in _sections(data))


def _sections(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Text, and the comment or CDATA section that follows it; one without an end is text."""
    at = 0
    while found := _SECTION.search(data, at):
        end = data.find(_ENDS[found[0]], found.end()) + len(_ENDS[found[0]])
        if end < found.end():
            break
        yield data[at : found.start()], data[found.start() : end]
        at = end
    yield data[at:], b""


def _spelled(entity: re.Match[bytes]) -> bytes:
    if entity[0] == b"&":
        return b"&amp;"
    if entity[0] in _XML_ENTITIES:
        return entity[0]
    letters = html.unescape(entity[0].decode("ascii"))
    if letters.startswith("&"):  # there is no entity of that name
        return b"&amp;" + entity[0][1:]
    return html.escape("".join(char for char in letters if char >= " " or char in "\t\n\r")).encode()
