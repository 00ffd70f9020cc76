"""The articles of a NewsML 1 document, counted from its tags and words in passing.

An article is an item, begun by its tag or by an identifier of its own, in which a content is called text, or in which
words stand, whatever is around them; and words that stand in no item at all. Words in a caption, in what describes an
item, and in media are none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import BinaryIO

from etl.formats.common.tag_scan import Token, count_words, tokens

PROSE_WORDS, LOOSE_WORDS, LONGEST_CAPTION_WORDS = 10, 20, 150

_ABOUT = re.compile(
    r"newslines|topicset|catalog|.*metadata|newsmanagement|newsenvelope|identification|updateitem|comment"
)
_NOT_TEXT = re.compile(r"photo|image|picture|graphic|video|film|audio|sound|animation|css|styleshe|script|icon|logo")
_PICTURE_FORMAT = re.compile(r"jpe?g|tiff?|png|gif")
_OF_A_PICTURE = re.compile(r"caption|legend|cutline")
_STOPPED = re.compile(r"cancel|kill")
_PARAGRAPHS = frozenset(("p", "nitf", "body.content", "block", "html", "body"))


@dataclass
class _Content:
    """What is known of the content item that was begun last."""

    role: str
    medium: str = ""
    form: str = ""
    words: int = 0
    in_one_go: int = 0
    has_data: bool = False
    has_paragraphs: bool = False

    @property
    def is_article(self) -> bool:
        if _OF_A_PICTURE.search(self.role) and self.words < LONGEST_CAPTION_WORDS:
            return False
        if _NOT_TEXT.search(f"{self.medium} {self.form}"):
            return False
        if "text" in self.medium or self.in_one_go >= PROSE_WORDS or self.has_paragraphs:
            return not (not self.medium and _PICTURE_FORMAT.search(self.form))
        is_unsaid = not self.medium and not re.search(r"\bapplication/(?!.*xml)", self.form)
        return is_unsaid and self.has_data and not _PICTURE_FORMAT.search(self.form)


@dataclass
class _Item:
    """What is known of an item that has not ended."""

    has_tag: bool
    is_identified: bool = False
    is_article: bool = False
    is_stopped: bool = False
    loose_words: int = 0
    content: _Content | None = None
    had_content: bool = False
    roles: list[str] = field(default_factory=list)

    def end_content(self) -> None:
        self.is_article |= self.content is not None and self.content.is_article
        self.content = None

    @property
    def mark(self) -> int:
        self.end_content()
        is_empty_stop = self.is_stopped and not self.had_content
        return int(self.is_article or self.loose_words >= LOOSE_WORDS or is_empty_stop)


@dataclass
class _Scan:
    """A count that goes on: the items that have not ended, and where in them the next tag stands."""

    marks: int = 0
    items: list[_Item] = field(default_factory=list)
    about: list[str] = field(default_factory=list)
    loose_words: int = 0

    def end_item(self) -> None:
        self.marks += self.items.pop().mark

    def end_loose(self) -> None:
        self.marks += self.loose_words >= LOOSE_WORDS
        self.loose_words = 0


def count_articles(stream: BinaryIO) -> int:
    """How many articles a document holds."""
    scan = _Scan()
    for token in tokens(stream):
        if token.name:
            _tag(scan, token, token.name.lower())
        elif not scan.about:
            _words(scan, token.text)
    while scan.items:
        scan.end_item()
    scan.end_loose()
    return scan.marks


def _words(scan: _Scan, text: str) -> None:
    count = count_words(text)
    if not scan.items:
        scan.loose_words += count
        return
    item = scan.items[-1]
    if item.content is None:
        item.loose_words += count
    else:
        item.content.words += count
        item.content.in_one_go = max(item.content.in_one_go, count)
        item.content.has_data = True


def _tag(scan: _Scan, token: Token, name: str) -> None:
    if name == "newsitem":
        _bounds_of_item(scan, token)
    elif name == "newsidentifier" and not token.closes:
        if not scan.items or scan.items[-1].is_identified:
            scan.end_loose()
            scan.items.append(_Item(has_tag=False))
        scan.items[-1].is_identified = True
    if _ABOUT.fullmatch(name):
        if token.opens:
            scan.about.append(name)
        elif token.closes and name in scan.about:
            del scan.about[scan.about.index(name) :]
    if scan.items:
        _tag_of_item(scan.items[-1], token, name)


def _bounds_of_item(scan: _Scan, token: Token) -> None:
    scan.about.clear()
    while scan.items and not scan.items[-1].has_tag:
        scan.end_item()
    if token.opens:
        scan.end_loose()
        scan.items.append(_Item(has_tag=True))
    elif token.closes and scan.items:
        scan.end_item()


def _tag_of_item(item: _Item, token: Token, name: str) -> None:
    if name == "status" and not token.closes:
        item.is_stopped |= _STOPPED.match(token.value("FormalName")) is not None
    elif name == "newscomponent":
        item.end_content()
        if token.opens:
            item.roles.append("")
        elif token.closes and item.roles:
            item.roles.pop()
    elif name == "role" and not token.closes and item.roles and item.content is None:
        item.roles[-1] = token.value("FormalName")
    elif name == "contentitem":
        item.end_content()
        if not token.closes:
            item.content = _Content(next((role for role in reversed(item.roles) if role), ""))
            item.had_content = True
        if token.is_empty:
            item.end_content()
    elif item.content is not None and not token.closes:
        _tag_of_content(item.content, token, name)
    elif name == "mediatype" and not token.closes:
        item.is_article |= "text" in token.value("FormalName")


def _tag_of_content(content: _Content, token: Token, name: str) -> None:
    if name == "mediatype":
        content.medium = token.value("FormalName")
    elif name in ("mimetype", "format"):
        content.form += f" {token.value('FormalName')}"
    elif name in _PARAGRAPHS:
        content.has_paragraphs = True
    elif name == "datacontent":
        content.has_data |= token.opens
