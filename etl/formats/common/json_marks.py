"""How many articles a JSON text holds: by its brackets and the names before its values, without parsing it.

An object counts that has a headline and a text, in itself or in objects in it. It stands for all that is in it, unless
that is longer than itself: then all count, and the dump is refused. Where one stands in a list, the other values of the
list count, too; a list that is the whole document counts by its values in any case. Where no object has both,
those of one list count that have either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from io import BufferedReader
from itertools import chain

from etl.formats.common.json_mark_names import Name, Names
from etl.formats.common.json_mark_values import Value
from etl.formats.common.json_tokens import Token, tokens
from etl.formats.common.streams import chunks
from etl.formats.common.utf8_stream import Head

MOST_LEVELS = 100
"""What is nested deeper is not looked at."""
_LINES_LOOKED_AT = 20
_SHORT_LINE_BYTES = 400

_DATE = re.compile(
    rb'"(?:[A-Z][a-z]{2}, )?(?:\d{4}-\d\d?-\d\d?|\d{1,2} [A-Z][a-z]{2} \d{4}|\d{1,2}[./]\d{1,2}[./]\d{4})'
)
_REMOVED = b'"[Removed]'
_ARTICLE = re.compile(rb'"\s*(?:posts?|articles?|news|story)\s*', re.IGNORECASE)
"""What an object says that it is where it may be something else, as in WordPress."""
_SAYS_WHAT = re.compile(rb'"(?:\w+[./])*post[\s_-]?type"', re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_NOT_JSON = re.compile(rb"\A[)'\x1e]|\(")
"""In what stands outside of brackets: a separator, or what keeps pages from running it."""
_DESCRIPTION = re.compile(
    rb'"(?:(?:NewsMedia)?Organi[sz]ation|Person|Web(?:Site|Page)|CollectionPage|\w*List(?:Item)?|\w*(?:Image|Video)Object'
    rb"|SearchAction|\w*NavigationElement)\b"
)
"""The type of what stands beside articles in JSON-LD."""
_DESCRIBES = re.compile(rb'"@type"\s*:\s*\[?\s*' + _DESCRIPTION.pattern)
_OPENING, _CLOSING = frozenset((b"[", b"{")), frozenset((b"]", b"}"))


class _Scan:
    """Counts the articles of a text of which the tokens are given one after the other."""

    def __init__(self, names: Names, in_line: bool = False) -> None:
        self._meaning = names.meaning
        self.total = 0
        self.scalars = 0
        self.has_names = False
        self._in_line = in_line
        self._open: list[Value] = []
        self._deeper = 0

    def take(self, found: Iterable[Token]) -> int:
        """Take tokens. Returns the count so far, of the documents that are closed."""
        opened = self._open
        for text, length in found:
            if text in _OPENING:
                if len(opened) >= MOST_LEVELS:
                    self._deeper += 1
                else:
                    opened.append(Value(text == b"{"))
            elif text in _CLOSING:
                self._close()
            elif not opened and _NOT_JSON.search(text):
                continue
            elif not opened:
                self.total, self.scalars = self.total + 1, self.scalars + 1
            elif not self._deeper:
                here = opened[-1]
                if here.is_object and not here.name:
                    here.name = text
                else:
                    self._scalar(here, text, length)
        return self.total

    @property
    def is_open(self) -> bool:
        """Whether a document is not closed."""
        return bool(self._open)

    def _close(self) -> None:
        if self._deeper:
            self._deeper -= 1
        elif self._open:
            value = self._open.pop()
            value.close()
            if self._open:
                self._add(self._open[-1], value)
            else:
                self.has_names = value.is_names
                self.total += self._of_document(value)

    def _of_document(self, value: Value) -> int:
        if value.articles or value.weak:
            return value.articles or value.weak
        if value.is_object:
            characters, objects = value.longest
            return objects if 2 * characters > value.characters else int(not value.blank)
        is_one = self._in_line and value.values == value.scalars
        return 1 if is_one else value.values - value.blank

    def _scalar(self, parent: Value, text: bytes, length: int) -> None:
        is_string = text[:1] == b'"'
        parent.values += 1
        parent.scalars += 1
        parent.at_least += 1
        parent.weak_at_least += 1
        parent.characters += length - 2 if is_string else 0
        parent.prose += length if is_string and b"://" not in text[:11] else 0
        if not parent.is_object:
            parent.named += is_string and any(self._meaning(text)[:2])
            return
        parent.is_description |= parent.name == b'"@type' and _DESCRIPTION.match(text) is not None
        name, parent.name = self._meaning(parent.name), b""
        parent.numbered += name.has_digit
        parent.targets += name.is_target
        if is_string and length > 2:
            if name.is_text:
                parent.text = max(parent.text, length)
                parent.gone += text == _REMOVED
            elif name.is_headline:
                parent.headline = True
                parent.gone += text == _REMOVED
            elif name.is_kind:
                parent.is_other = not _ARTICLE.fullmatch(text)
            elif _DATE.match(text):
                parent.dated = True

    def _add(self, parent: Value, value: Value) -> None:
        """Count a value that is closed for what it is in."""
        parent.values += 1
        parent.characters += value.characters
        parent.prose += value.prose
        is_blank = value.blank and not value.articles and not value.weak
        parent.at_least += max(value.articles, not is_blank)
        parent.weak_at_least += max(value.weak, not is_blank)
        if not parent.is_object:
            parent.longest = max(parent.longest, value.longest)
            parent.blank += is_blank
            parent.articles += value.articles
            parent.lengths += value.lengths
            parent.dates += value.dates
            parent.odd += value.odd_in(is_list=True)
            parent.ones += value.ones
            parent.weak += value.weak
            parent.weak_ones += value.weak_ones and value.is_object
            parent.columns += parent.values == 1 and value.is_names
            parent.headline_within |= value.headline
            return
        name = self._meaning(parent.name)
        parent.numbered += name.has_digit
        parent.targets += name.is_target
        parent.is_action = name.is_action and value.is_object and value.targets == value.values
        parent.blank += is_blank or (name.is_list and not value.is_object and not value.values)
        if name.is_part and not (value.holds_lists and name.is_group):
            parent.name = b""
            parent.parts = _sum(parent.parts, value)
            return
        objects = 0 if value.is_object else value.values - value.scalars
        parent.longest = max(parent.longest, value.longest, (value.characters * (objects > 1), objects))
        parent.articles += value.articles
        parent.lengths += value.lengths
        parent.dates += value.dates
        parent.odd += 0 if name.is_origin else value.odd_in(is_list=False)
        if name.is_of_articles and not value.is_object:
            parent.own = _sum(parent.own, value)
        parent.ones += value.ones
        parent.weak_values += value.weak > 0
        if not value.weak_ones:
            parent.weak = max(parent.weak, value.weak)
            parent.weak_listed = max(parent.weak_listed, value.weak if name.is_list else value.weak_listed)
        _take_fields(parent, value, name)
        parent.name = b""


def _sum(so_far: tuple[int, int, int], value: Value) -> tuple[int, int, int]:
    articles, lengths, dates = so_far
    return articles + value.articles, lengths + value.lengths, dates + value.dates


def _take_fields(parent: Value, value: Value, name: Name) -> None:
    """What an object's field says of it that is itself a list or an object."""
    is_column = not value.is_object or value.numbered == value.values
    if name.is_text and not (value.headline or value.headline_within or value.articles):
        parent.text = max(parent.text, value.characters)
        parent.cells = parent.cells[0], value.values * is_column
    elif name.is_headline and value.characters:
        parent.headline = True
        is_column = is_column and (value.is_object or value.values == value.scalars)
        parent.cells = value.values * is_column, parent.cells[1]
    elif parent.name == b'"columns' and value.is_names:
        parent.columns = 1
    elif parent.name == b'"data' and parent.columns and not value.articles:
        parent.articles += value.values
    elif value.is_object:
        parent.headline_within |= value.headline or value.headline_within
        parent.text_within |= value.text > 0 or value.text_within


def count_articles(stream: BufferedReader, names: Names, longest_line_bytes: int, head: Head) -> int:
    """The articles of a text: documents in lines, or one or several that are not. Its head decides how it is read."""
    if not _is_in_lines(head.text):
        return _in_documents(chunks(stream), names)
    lines = _lines(stream, longest_line_bytes)
    first = next(lines, b"")
    if len(first) == longest_line_bytes:
        return _in_documents(chain((first,), lines), names)
    return _in_lines(chain((first,), lines), names, longest_line_bytes, head, may_have_header=True)


def count_in_stretch(stream: BufferedReader, names: Names, longest_line_bytes: int, head: Head) -> int:
    """The same of some lines from within a text that is in lines and has this head."""
    return _in_lines(_lines(stream, longest_line_bytes), names, longest_line_bytes, head, may_have_header=False)


def _lines(stream: BufferedReader, longest_line_bytes: int) -> Iterator[bytes]:
    return iter(partial(stream.readline, longest_line_bytes), b"")


def _in_documents(parts: Iterable[bytes], names: Names) -> int:
    scan = _Scan(names)
    return scan.take(tokens(parts)) + scan.is_open


def _in_lines(lines: Iterable[bytes], names: Names, longest_bytes: int, head: Head, may_have_header: bool) -> int:
    """Lines are looked into where one of the first is not one article, or where they may hold none or two.

    Each is looked at by itself: no earlier one decides, so that a stretch counts what it counts within the whole.
    """
    total = 0
    is_plain, is_rest = _are_plain(head, names), False
    for line in lines:
        if not is_rest and not line.isspace():
            if is_plain and _is_surely_one(line, names):
                count = 1
            else:
                scan, count = _scanned(line, names)
                if scan.has_names and may_have_header:
                    may_have_header, count = False, 0
            may_have_header = may_have_header and line[:1] != b"{"
            total += count
        is_rest = len(line) == longest_bytes and line[-1:] != b"\n"
    return total


def _scanned(line: bytes, names: Names) -> tuple[_Scan, int]:
    scan = _Scan(names, in_line=True)
    count = scan.take(tokens((line,)))
    return scan, 1 if scan.is_open or scan.scalars or (not count and _is_broken(line)) else count


def _are_plain(head: Head, names: Names) -> bool:
    """Whether each of the first lines, as far as the head has them whole, is one article."""
    lines = [line for line in head.lines if line.strip()][:_LINES_LOOKED_AT]
    return bool(lines) and all(_scanned(line, names)[1] == 1 for line in lines)


def _is_broken(line: bytes) -> bool:
    """Whether a line cannot be read, though its brackets fit: what it is nobody knows."""
    try:
        return _CONTROL.search(line.decode()) is not None
    except UnicodeDecodeError:
        return True


def _is_surely_one(line: bytes, names: Names) -> bool:
    """Whether a line is one object, in which at most one has a headline and a text, by its braces alone.

    A short one without both may hold no article: an action of a bulk request, or a page without results.
    """
    if line[:1] != b"{" or _may_be_other(line):
        return False
    if len(line) > _SHORT_LINE_BYTES and line.find(b"{", 1) < 0:
        return True
    parts = line.split(b"{")[1:]
    opened: list[list[bytes]] = []
    found = 0
    for number, part in enumerate(parts, 1):
        inside, *behind = part.split(b"}")
        opened.append([inside])
        for rest in behind:
            closed = opened.pop() if opened else []
            found += names.are_both_in(b"".join(closed))
            if not opened:
                is_end = number == len(parts) and not rest.strip(b", \t\r\n")
                return is_end and found < 2 and (found == 1 or len(line) > _SHORT_LINE_BYTES)
            opened[-1].append(rest)
    return False


def _may_be_other(line: bytes) -> bool:
    """Whether an object may say that it is no article."""
    says_type = b'ype"' in line or b'YPE"' in line
    return _REMOVED in line or (says_type and bool(_SAYS_WHAT.search(line) or _DESCRIBES.search(line)))


def _is_in_lines(head: bytes) -> bool:
    """Whether most lines at the beginning open and close with brackets that fit."""
    lines = [line.strip() for line in head.split(b"\n") if line.strip()]
    if len(lines) < 2:
        return bool(lines) and lines[0][:1] == b"{"
    if all(line[:1] == b"{" and len(line) > 1 for line in lines):
        return True  # perhaps torn, but no document has an object in each line
    closed = [line[:1] + line.rstrip(b",")[-1:] in (b"{}", b"[]") for line in lines]
    if closed[0] or lines[0][-1:] in (b"{", b"[", b",", b":"):
        return closed[0]
    whole = closed[:-1] if len(closed) > 2 else closed
    return 2 * sum(whole) >= len(whole)
