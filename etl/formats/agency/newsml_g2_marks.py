"""The articles of a NewsML-G2 message, counted from its tags and words in passing.

An article is a news item, begun by its tag or by the description of an item that stands in none, whose class is text,
or whose class is not a medium and which holds words, in whatever elements; and words that stand in no item at all.
A long text is one even where its item's class is a medium.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import BinaryIO

from etl.formats.common.tag_scan import Token, count_words, tokens

LOOSE_WORDS, LONGEST_CAPTION_WORDS = 20, 400

_ITEM = re.compile(r"(news|package|concept|knowledge|planning|catalog)item")
_ABOUT = re.compile(
    r"itemmeta|contentmeta|partmeta|rightsinfo|catalog|catalogref|header|assert|groupset|inlineref|hopslist"
)
_MEDIUM = re.compile(r"picture|photo|image|graphic|infographic|video|audio|animation|event|planning|component")


@dataclass
class _Item:
    """What is known of an item that has not ended."""

    kind: str = "news"
    has_tag: bool = True
    is_described: bool = False
    of_class: str = ""
    is_rendered: bool = False
    words: int = 0

    @property
    def mark(self) -> int:
        if self.kind != "news":
            return 0
        if self.of_class == "text":
            return 1
        if _MEDIUM.fullmatch(self.of_class):
            return int(self.words > LONGEST_CAPTION_WORDS)
        return int(self.is_rendered or self.words >= LOOSE_WORDS)


@dataclass
class _Scan:
    """A count that goes on, the item that has not ended, and what describes it here."""

    marks: int = 0
    item: _Item | None = None
    about: list[str] = field(default_factory=list)
    loose_words: int = 0

    def begin(self, item: _Item | None) -> None:
        self.marks += self.item.mark if self.item else int(self.loose_words >= LOOSE_WORDS)
        self.item, self.loose_words = item, 0


def count_texts(stream: BinaryIO) -> int:
    """How many articles a message holds."""
    scan = _Scan()
    for token in tokens(stream):
        if token.name:
            _tag(scan, token, token.name.lower())
        elif not scan.about and scan.item:
            scan.item.words += count_words(token.text)
        elif not scan.about:
            scan.loose_words += count_words(token.text)
    scan.begin(None)
    return scan.marks


def _tag(scan: _Scan, token: Token, name: str) -> None:
    if found := _ITEM.fullmatch(name):
        scan.about.clear()
        if token.opens:
            scan.begin(_Item(found[1]))
        elif token.closes and scan.item and scan.item.has_tag:
            scan.begin(None)
    elif name == "itemmeta" and token.opens:
        if scan.item is None or scan.item.is_described:
            scan.begin(_Item(has_tag=False))
        assert scan.item
        scan.item.is_described = True
    if _ABOUT.fullmatch(name):
        if token.opens:
            scan.about.append(name)
        elif token.closes and name in scan.about:
            del scan.about[scan.about.index(name) :]
    elif scan.item and not token.closes:
        if name == "itemclass":
            qcode = token.value("qcode") or token.value("uri")
            scan.item.of_class = scan.item.of_class or re.split("[:/]", qcode.rstrip("/"))[-1]
        scan.item.is_rendered |= name in ("inlinexml", "inlinedata")
