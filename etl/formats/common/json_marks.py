"""How many articles a JSON text holds: by its brackets and the names before its values, without parsing it.

An object counts that has a headline and a text, in itself or in objects in it. It stands for all that is in it, unless
that is longer than itself: then all count, and the dump is refused. Where one stands in a list, the other values of the
list count, too; a list that is the whole document counts by its values in any case. Where no object has both,
those of one list count that have either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache, partial
from io import BufferedReader
from itertools import chain
from typing import NamedTuple

from etl.formats.common.json_tokens import Token, tokens
from etl.formats.common.streams import chunks

MOST_LEVELS = 100
"""What is nested deeper is not looked at."""
_HEAD_BYTES = 65_536
_LINES_LOOKED_AT = 20
_SHORT_LINE_BYTES = 400
_MOST_LINES = 1 << 60

_HEADLINES = rb"title|headline|webtitle|titel|titre|titulo|titolo|overskrift|rubrik|heading|kop"
_TEXTS = (
    rb"text|body|content|maintext|main_text|article|fulltext|full_text|articlebody|article_body|article_text|bodytext"
    rb"|body_text|body_html|article_html|content_html|content_text|plain_text|plaintext|raw_text|cleaned_text|textbody"
    rb"|volltext|texte|testo|texto|tekst|contenido|contenu|inhalt|lead_paragraph"
)
_IS_HEADLINE = re.compile(rb'"[_-]?(?:%b)' % _HEADLINES, re.IGNORECASE)
_IS_TEXT = re.compile(rb'"[_-]?(?:%b)(?::encoded)?' % _TEXTS, re.IGNORECASE)
_HEADLINE_NAME = re.compile(rb'"[_-]?(?:%b)"\s*+:' % _HEADLINES)
_TEXT_NAME = re.compile(rb'"[_-]?(?:%b)(?::encoded)?"\s*+:' % _TEXTS)
"""In small letters."""
_IS_PART = re.compile(
    rb'"(?:comments?|replies|related\w*|recommended|see_?also|read_?more|links|images?|media|multimedia|galler(?:y|ies)'
    rb"|pictures?|photos?|videos?|audio|attachments|enclosures|associations|renditions|tags|keywords|entities|concepts"
    rb"|people|persons|organizations|places|locations|authors?|contributors|bylines?|creators|sections|blocks|paragraphs"
    rb"|chapters|facets|aggregations|suggestions|highlighting|ads|embeds|widgets|quotes|footnotes|sources|breadcrumbs"
    rb"|translations|revisions|versions)",
    re.IGNORECASE,
)
_IS_GROUP = re.compile(rb'"(?:sections|categories)', re.IGNORECASE)
_IS_LIST = re.compile(
    rb'"(?:articles?|items?|entr(?:y|ies)|results?|doc(?:ument)?s?|stories|news|newsitems|posts|records|rows|hits|data'
    rb"|edges|nodes|values?|pages|list|feed|_items|_embedded)",
    re.IGNORECASE,
)
_OPENING, _CLOSING = frozenset((b"[", b"{")), frozenset((b"]", b"}"))
_DIGIT = re.compile(rb"\d")


class _Name(NamedTuple):
    """What the name of a field, with the quotation mark before it, says of its value."""

    is_headline: bool
    is_text: bool
    is_part: bool
    is_group: bool
    is_list: bool
    has_digit: bool


@lru_cache(maxsize=4_096)
def _meaning(name: bytes) -> _Name:
    kinds = (_IS_HEADLINE, _IS_TEXT, _IS_PART, _IS_GROUP, _IS_LIST)
    return _Name._make([bool(kind.fullmatch(name)) for kind in kinds] + [bool(_DIGIT.search(name))])


class _Value:
    """A list or an object: what was in it so far, and once it is closed, what it counts."""

    name: bytes = b""
    """In an object, the name whose value comes next."""
    values: int = 0
    scalars: int = 0
    numbered: int = 0
    """Names with a digit: of ids, dates, indices."""
    named: int = 0
    """Of a list, the strings that are names of headlines and texts."""
    headline: bool = False
    text: int = 0
    """How long the object's own text is."""
    characters: int = 0
    """How long all strings in it are together."""
    headline_within: bool = False
    text_within: bool = False
    """Whether objects in it have them."""
    articles: int = 0
    lengths: int = 0
    """Of the texts of the articles in it."""
    parts: int = 0
    """Articles in what may only be a part of an article."""
    ones: int = 0
    """Values that are an article."""
    at_least: int = 0
    """Articles in it, if each value is one."""
    weak: int = 0
    weak_listed: int = 0
    weak_ones: int = 0
    weak_at_least: int = 0
    """The same for objects that have only one of both."""
    blank: int = 0
    """Pages without articles."""
    holds_lists: bool = False
    """Whether the articles of a list are in lists in its values."""
    columns: int = 0
    cells: tuple[int, int] = (0, 0)
    """Values of the column of headlines, and of that of texts."""

    def __init__(self, is_object: bool) -> None:
        self.is_object = is_object

    @property
    def is_names(self) -> bool:
        """Whether it is a list of names of an article's fields."""
        return not self.is_object and self.named > 0 and self.values == self.scalars > 1

    def closed(self) -> None:
        """Count, now that all of it is known."""
        if self.is_object:
            self._close_object()
        else:
            self.holds_lists = self.articles > 0 and not self.ones
            self.articles = self.values - 1 if self.columns else self.at_least if self.ones else self.articles
            self.weak = self.weak_at_least if self.weak_ones else self.weak
            self.ones = self.weak_ones = 0

    def _close_object(self) -> None:
        has_both = self.headline and self.text > 0
        within = (self.headline or self.headline_within) and (self.text > 0 or self.text_within)
        is_keyed = not self.scalars and self.values == self.numbered > 1
        inner, self.weak_ones = self.articles, int(self.headline or self.text > 0)
        if has_both and self.cells[0] == self.cells[1] > 1:
            self.articles, self.ones = self.cells[0], 0
        elif has_both and inner > 1 and self.lengths > inner * self.text:
            self.articles, self.ones = inner + 1, 0
        elif has_both or (within and not inner):
            self.articles, self.ones, self.lengths = 1, 1, self.text
        elif is_keyed and self.ones:
            self.articles, self.ones = self.at_least, 0
        else:
            self.articles = inner or (0 if self.headline else self.parts)
            self.ones = int(self.ones == inner == 1)
        if self.weak_ones and (self.text or not self.weak_listed):
            self.weak = 1
        elif is_keyed and self.weak_at_least:
            self.weak = self.weak_at_least
        else:
            self.weak, self.weak_ones = self.weak_listed or self.weak, 0


class _Scan:
    """Counts the articles of a text of which the tokens are given one after the other."""

    def __init__(self, in_line: bool = False) -> None:
        self.total = 0
        self.scalars = 0
        self.has_names = False
        self._in_line = in_line
        self._open: list[_Value] = []
        self._deeper = 0

    def take(self, found: Iterable[Token]) -> int:
        """Take tokens. Returns the count so far, of the documents that are closed."""
        opened = self._open
        for text, length in found:
            if text in _OPENING:
                if len(opened) >= MOST_LEVELS:
                    self._deeper += 1
                else:
                    opened.append(_Value(text == b"{"))
            elif text in _CLOSING:
                self._close()
            elif not opened:
                self.total, self.scalars = self.total + 1, self.scalars + 1
            elif not self._deeper:
                here = opened[-1]
                if here.is_object and not here.name:
                    here.name = text
                else:
                    _scalar(here, text, length)
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
            value.closed()
            if self._open:
                _take(self._open[-1], value)
            else:
                self.has_names = value.is_names
                self.total += self._of_document(value)

    def _of_document(self, value: _Value) -> int:
        if value.articles or value.weak:
            return value.articles or value.weak
        if value.is_object:
            return int(not value.blank)
        is_one = self._in_line and value.values == value.scalars
        return 1 if is_one else value.values - value.blank


def _scalar(parent: _Value, text: bytes, length: int) -> None:
    is_string = text[:1] == b'"'
    parent.values += 1
    parent.scalars += 1
    parent.at_least += 1
    parent.weak_at_least += 1
    parent.characters += length - 2 if is_string else 0
    if not parent.is_object:
        parent.named += is_string and any(_meaning(text)[:2])
        return
    name, parent.name = _meaning(parent.name), b""
    parent.numbered += name.has_digit
    if is_string and length > 2:
        if name.is_text:
            parent.text = max(parent.text, length)
        elif name.is_headline:
            parent.headline = True


def _take(parent: _Value, value: _Value) -> None:
    """Count a value that is closed for what it is in."""
    parent.values += 1
    parent.characters += value.characters
    is_blank = value.blank and not value.articles and not value.weak
    parent.at_least += max(value.articles, not is_blank)
    parent.weak_at_least += max(value.weak, not is_blank)
    if not parent.is_object:
        parent.blank += is_blank
        parent.articles += value.articles
        parent.lengths += value.lengths
        parent.ones += value.ones
        parent.weak += value.weak
        parent.weak_ones += value.weak_ones and value.is_object
        parent.columns += parent.values == 1 and value.is_names
        parent.headline_within |= value.headline
        return
    name = _meaning(parent.name)
    parent.numbered += name.has_digit
    parent.blank += is_blank or (name.is_list and not value.is_object and not value.values)
    if name.is_part and not (value.holds_lists and name.is_group):
        parent.name = b""
        parent.parts += value.articles
        return
    parent.articles += value.articles
    parent.lengths += value.lengths
    parent.ones += value.ones
    if not value.weak_ones:
        parent.weak = max(parent.weak, value.weak)
        parent.weak_listed = max(parent.weak_listed, value.weak if name.is_list else value.weak_listed)
    _take_fields(parent, value, name)
    parent.name = b""


def _take_fields(parent: _Value, value: _Value, name: _Name) -> None:
    """What an object's field says of it that is itself a list or an object."""
    is_column = not value.is_object or value.numbered == value.values
    if name.is_text and not (value.headline or value.headline_within or value.articles):
        parent.text = max(parent.text, value.characters)
        parent.cells = parent.cells[0], value.values * is_column
    elif name.is_headline and value.characters:
        parent.headline = True
        parent.cells = value.values * is_column, parent.cells[1]
    elif parent.name == b'"columns' and value.is_names:
        parent.columns = 1
    elif parent.name == b'"data' and parent.columns and not value.articles:
        parent.articles += value.values
    elif value.is_object:
        parent.headline_within |= value.headline or value.headline_within
        parent.text_within |= value.text > 0 or value.text_within


def count_articles(stream: BufferedReader, longest_line_bytes: int) -> int:
    """The articles of a text: documents in lines, or one or several that are not."""
    if not _is_in_lines(stream.peek(_HEAD_BYTES)[:_HEAD_BYTES]):
        return _in_documents(chunks(stream))
    lines = iter(partial(stream.readline, longest_line_bytes), b"")
    first = next(lines, b"")
    if len(first) == longest_line_bytes:
        return _in_documents(chain((first,), lines))
    return _in_lines(chain((first,), lines), longest_line_bytes)


def _in_documents(parts: Iterable[bytes]) -> int:
    scan = _Scan()
    return scan.take(tokens(parts)) + scan.is_open


def _in_lines(lines: Iterable[bytes], longest_bytes: int) -> int:
    """Lines are looked into where one of the first is not one article, or where they may hold two."""
    total = looked_at = 0
    has_header = is_rest = is_plain = False
    for line in lines:
        if is_plain and len(line) > _SHORT_LINE_BYTES and line.find(b"{", 1) < 0:
            total += not line.isspace()
            continue
        if not is_rest and not line.isspace():
            if is_plain and _is_surely_one(line):
                count = 1
            else:
                scan = _Scan(in_line=True)
                count = scan.take(tokens((line,)))
                if scan.has_names and not has_header:
                    has_header, count = True, 0
                elif scan.is_open or scan.scalars:
                    count = 1
                looked_at += 1 if count == 1 else -_MOST_LINES
            total += count
        is_rest = len(line) == longest_bytes and line[-1:] != b"\n"
        is_plain = looked_at >= _LINES_LOOKED_AT and not is_rest
    return total


def _is_surely_one(line: bytes) -> bool:
    """Whether at most one object within that of a line has a headline and a text, by its braces alone.

    A short line with an empty list may be a page without articles.
    """
    if line[:1] != b"{" or (len(line) <= _SHORT_LINE_BYTES and b"[]" in line):
        return False
    opened: list[bytes] = []
    found = 0
    for part in line.split(b"{")[1:]:
        inside, *behind = part.split(b"}")
        opened.append(inside)
        for rest in behind:
            closed = opened.pop().lower()
            if not opened:
                return found < 2 and not rest.strip(b", \t\n")
            found += bool(_HEADLINE_NAME.search(closed) and _TEXT_NAME.search(closed))
            opened[-1] += rest
    return False


def _is_in_lines(head: bytes) -> bool:
    """Whether most lines at the beginning open and close with brackets that fit."""
    lines = [line.strip() for line in head.split(b"\n") if line.strip()]
    if len(lines) < 2:
        return bool(lines) and lines[0][:1] == b"{"
    closed = [line[:1] + line.rstrip(b",")[-1:] in (b"{}", b"[]") for line in lines]
    if closed[0] or lines[0][-1:] in (b"{", b"[", b",", b":"):
        return closed[0]
    whole = closed[:-1] if len(closed) > 2 else closed
    return 2 * sum(whole) >= len(whole)
