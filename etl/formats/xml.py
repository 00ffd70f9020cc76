"""Generic XML: one element an article, as a stanza names it (`record = "ARTICLE"`).

Columns are mapped as in `common/columns.py`. They are the elements and attributes in the record, by path: `TITLE`,
`HEAD/DATE`, `@id`, `TEXT/P`. A stanza names them (`columns = { headline = "HEAD", body = "TEXT/P" }`), else an element
with a usual name serves, wherever it is. Several elements at one path are a list; an element with text among its
elements is a text; loose text beside elements with names of their own is `#text`. What stands outside of the records is
skipped with its words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from typing import Any, BinaryIO

from lxml import etree

from etl.formats.common.columns import Plan, make_plan, record, required_columns, without_found
from etl.formats.common.encoding import bom_codec
from etl.formats.common.markup import BLOCKS, local_name, paragraphs, stream_xml
from etl.formats.common.other_kinds import without_skip
from etl.formats.common.pieces import guarded, unwrap_singles
from etl.formats.common.stanza_columns import asked_columns, pieces_of
from etl.formats.common.streams import chunks, peekable
from etl.formats.common.usual_names import is_usual
from etl.formats.common.utf8_stream import utf8
from etl.formats.common.visible_text import count_words
from etl.model import Columns, Doubt, DumpError, Feed, Piece, Skip
from etl.text_codecs import text_codec

LIMIT_BYTES = 64 << 30
"""Of a dump: its records are read one by one."""
MOST_ELEMENTS = 100_000
"""In one record, which is held as a whole."""
MOST_PLANS = MOST_COLUMNS = 1_000
FEWEST_TOLD_WORDS = 60
"""Of what stands outside of the records."""
LONGEST_OUTSIDE = 10_000
"""Characters of the words outside of records in one piece."""
_LONGEST_PREFIX_BYTES = 64
_OTHERS = {b"<!--": b"-->", b"<![CDATA[": b"]]>", b"<?": b"?>"}
"""What only looks as if there were tags in it: where it begins and ends."""


@dataclass
class _Outside:
    """What stands outside of the records."""

    names: Counter[str] = field(default_factory=Counter)
    words: list[str] = field(default_factory=list)

    def add(self, text: str | None) -> None:
        """Take words that were found."""
        if words := " ".join((text or "").split()):
            self.words.append(words)

    def taken(self) -> str:
        """The words that were found since it was asked last."""
        text, self.words = "\n".join(self.words), []
        return text


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """The opening tags of the record's name, outside of comments and CDATA."""
    source = peekable(stream)
    text = utf8(source, _codec(source.peek(1_024)[:1_024], feed), guess=False)
    name = _name(feed).encode()
    opening = re.compile(
        rb"<(?:!--|!\[CDATA\[|\?|(?:[\w.-]{1,%d}:)?(%s)(?=[\s/>]))" % (_LONGEST_PREFIX_BYTES, re.escape(name)),
        re.IGNORECASE,
    )
    kept_bytes = len(name) + _LONGEST_PREFIX_BYTES + 16
    count, awaited, data = 0, b"", b""
    for chunk in chain(chunks(text), (b" " * kept_bytes,)):
        data, at = data + chunk, 0
        while True:
            if awaited:
                end = data.find(awaited, at)
                at = end + len(awaited) if end >= 0 else max(len(data) - len(awaited), at)
                if end < 0:
                    break
                awaited = b""
            found = opening.search(data, at)
            if not found or found.start() >= len(data) - kept_bytes:  # it may go on
                at = max(at, len(data) - kept_bytes)
                break
            count += found[1] is not None
            awaited, at = _OTHERS.get(found[0].upper(), b""), found.end()
        data = data[at:]
    return count


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """A record for each element that the stanza names, and a Skip for the words between them; last, which columns of
    the stanza no record has.

    Raises DumpError where the stanza names no element or one that is not there, and where it is not well-formed XML,
    declares entities, or an element is too large.
    """
    name, required = _name(feed), required_columns(feed)
    asked = frozenset(piece for paths in asked_columns(feed).values() for path in paths for piece in pieces_of(path))
    missing = set(required)
    plans: dict[tuple[str, ...], Plan] = {}
    outside = _Outside()
    number = 0
    for element in _records(_recoded(stream, feed), name.lower(), outside):
        position = f"{name} {number + 1}"
        if element is None:
            yield from _told(f"before {position}", outside.taken())
            continue
        number += 1
        row = unwrap_singles(_columns(element, asked))
        missing = without_found(missing, row) if missing else missing
        make = partial(_piece, row, position, plans, feed)
        data = partial(etree.tostring, element, with_tail=False)
        yield without_skip(guarded(make, position, data), data)
    if not number:
        most = ", ".join(f"{each} ({count:,})" for each, count in outside.names.most_common(8))
        raise DumpError(f"has no element {name}, which `record` names; most often it has {most}; correct the stanza")
    if outside.words:
        yield from _told(f"behind {name} {number}", outside.taken())
    if required:
        found = dict.fromkeys(each for names in plans for each in names)
        yield Columns(tuple(found)[:MOST_COLUMNS], frozenset(missing))


def _told(position: str, text: str) -> Iterator[Piece]:
    """What stands outside of the records: skipped, and told where it is as long as an article."""
    yield Skip(position, "text outside of records", text)
    if (number := count_words(text)) >= FEWEST_TOLD_WORDS:
        yield Doubt(
            f"{number:,} words stand outside of the records, {position}: if there is an article among them, "
            "it is in an element of another name than `record` says"
        )


def _name(feed: Feed) -> str:
    if not feed.record:
        raise DumpError('the element that is one article is not named; set it in the stanza: record = "ARTICLE"')
    return feed.record.rpartition(":")[2]


def _codec(head: bytes, feed: Feed) -> str:
    """The codec of the byte order mark or the stanza, else what the document declares."""
    declared = re.search(rb"""<\?xml[^>]*encoding\s*=\s*["']([\w.:-]+)""", head)
    return bom_codec(head) or feed.encoding or (declared and text_codec(declared[1].decode("ascii"))) or "utf-8"


def _recoded(stream: BinaryIO, feed: Feed) -> BinaryIO:
    """The stream; where the stanza states its encoding, in UTF-8 and without what the document declares."""
    if not feed.encoding:
        return stream
    text = utf8(peekable(stream), feed.encoding)
    if declaration := re.match(rb"\s*<\?xml[^>]*\?>", text.peek(1_024)[:1_024]):
        text.read(declaration.end())
    return text


def _records(stream: BinaryIO, name: str, outside: _Outside) -> Iterator[etree._Element | None]:
    """The outermost elements of that name, None where enough was found outside of them. All others are counted."""
    depth = elements = 0
    for event, element in stream_xml(stream, LIMIT_BYTES, whole=name):
        is_record = local_name(element) == name
        if event == "start":
            if not depth:
                before, parent = element.getprevious(), element.getparent()
                outside.add(before.tail if before is not None else parent.text if parent is not None else None)
                outside.names[etree.QName(element).localname] += not is_record
            depth += is_record
            elements = elements + 1 if depth else 0
            if elements > MOST_ELEMENTS:
                raise DumpError(f"an element {name} has more than {MOST_ELEMENTS:,} elements in it; name a smaller one")
            continue
        depth -= is_record
        if is_record and not depth:
            yield element
        elif not depth:
            outside.add(element[-1].tail if len(element) else element.text)
            if sum(map(len, outside.words)) > LONGEST_OUTSIDE:
                yield None


def _columns(element: etree._Element, asked: frozenset[str]) -> dict[str, list[Any]]:
    """The texts of a record by their paths, of which the stanza names some."""
    found: dict[str, list[Any]] = {}
    _walk(element, "", asked, found)
    return found


def _walk(element: etree._Element, path: str, asked: frozenset[str], found: dict[str, list[Any]]) -> None:
    for name, value in element.attrib.items():
        found.setdefault(f"{path}@{etree.QName(name).localname}", []).append(str(value))
    if path and _is_text(element, path.rstrip("/"), asked):
        if text := _text(element):
            found.setdefault(path.rstrip("/"), []).append(text)
        return
    if loose := [text for text in _texts_between(element) if not text.isspace()]:
        found.setdefault(f"{path}#text", []).append("\n\n".join(map(str.strip, loose)))
    for child in element:
        _walk(child, f"{path}{etree.QName(child).localname}/", asked, found)


def _is_text(element: etree._Element, path: str, asked: frozenset[str]) -> bool:
    """Whether an element is one text: because the stanza names it, it has no elements, or has text among them; or its
    name is a usual one, and no name in it is."""
    if path in asked or not len(element):
        return True
    if any(other.startswith(f"{path}/") for other in asked):
        return False
    if _has_mixed(element):
        return is_usual(local_name(element)) or not any(map(_is_field, element))
    return not _holds_fields(element) and (
        is_usual(local_name(element)) or BLOCKS.issuperset(local_name(each) for each in element.iterdescendants())
    )


def _is_field(element: etree._Element) -> bool:
    name = local_name(element)
    return is_usual(name) and name not in BLOCKS


def _holds_fields(element: etree._Element) -> bool:
    """Whether elements with usual names are in an element, other than among text, where they only mark words of it."""
    return not _has_mixed(element) and any(_is_field(child) or _holds_fields(child) for child in element)


def _texts_between(element: etree._Element) -> list[str]:
    return [text for text in (element.text, *(child.tail for child in element)) if text]


def _has_mixed(element: etree._Element) -> bool:
    return any(not text.isspace() for text in _texts_between(element))


def _text(element: etree._Element) -> str:
    """The text of an element: as it stands where it has no elements; each of them is a paragraph where nothing stands
    between them."""
    if not len(element):
        return (element.text or "").strip()
    if _has_mixed(element):
        return paragraphs(element, ())
    return "\n\n".join(text for child in element if (text := _text(child)))


def _piece(row: dict[str, Any], position: str, plans: dict[tuple[str, ...], Plan], feed: Feed) -> Piece:
    names = tuple(row)
    plan = plans.get(names)
    if plan is None:
        plan = make_plan(names, feed, description_may_be_body=not plans)
        if len(plans) < MOST_PLANS:
            plans[names] = plan
    return record(plan, row, position)
