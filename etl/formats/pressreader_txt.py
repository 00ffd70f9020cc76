"""PressReader's text: one article a file, in blocks between blank lines.

Layout, from a newspaper app's dump: publication; headline; deck (may be missing); byline `- Name
e-mail` (may be missing); body; then the collections it belongs to ("Newspapers in English",
"Newspapers from China"), which name the publication's language and country. It states no date. A file in which several
articles seem to be joined is refused, unless the stanza says `one_article = true`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from etl.formats import HEAD_BYTES
from etl.formats.common import joined, repeated_lines
from etl.formats.common.encoding import decode_head, unify_newlines
from etl.formats.common.markup import read_whole
from etl.formats.common.pieces import without_empty
from etl.formats.common.whole_text import read_text
from etl.model import Feed, Piece, RawRecord

LONGEST_NAME, LONGEST_HEADLINE = 60, 300
_BYLINE_WITHIN = 4
"""The byline is among this many first blocks, or there is none."""
_DASH = re.compile(r"[-\u2013\u2014]\s+(?=\S)")
_NAME = r"[^\W\d_a-z][\w.'’-]*"
_ADDRESSED = re.compile(
    rf"[-\u2013\u2014]\s+{_NAME}(?:,?\s(?:and|und|et|y|de|der|van|von|{_NAME})){{0,7}}\s\S+@[\w.-]+\.\w+"
)
_LABEL = re.compile(r"(?:Newspapers|Magazines) (in|from) ([A-Z][\w'’(),-]*(?: [\w'’(),&-]+){0,4})")


def recognise(head: bytes, name: str) -> float:
    """By a publication and a headline, and then the collections at the end, or a byline with an e-mail address.

    A dash before a name alone also stands below a quotation.
    """
    blocks = _blocks(decode_head(head))
    if len(blocks) < 3 or not _is_name(blocks[0]) or "\n" in blocks[1] or len(blocks[1]) > LONGEST_HEADLINE:
        return 0.0
    at = _byline_at(blocks)
    has_address = at >= 2 and _ADDRESSED.fullmatch(blocks[at].split("\n")[0]) is not None
    labels = len(head) < HEAD_BYTES and _LABEL.fullmatch(blocks[-1].split("\n")[-1]) is not None
    return 0.95 if labels and at >= 2 else 0.7 if labels or has_address else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """One, or more where lines come again that an article has once; 0 for a blank file."""
    data = read_whole(stream)
    return int(bool(data.strip())) if feed.one_article else repeated_lines.count(data)


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """The one article. Raises DumpError when the bytes are not text, or more than one article."""
    text, doubts = read_text(stream, feed.encoding)
    if not feed.one_article:
        joined.refuse_several(text)
    if blocks := _blocks(text):
        yield _article(blocks)
        yield from doubts
        if not feed.one_article and (doubt := joined.doubt(text)):
            yield doubt


def _is_name(block: str) -> bool:
    """Whether a block can be a publication's name: a short line, and not a sentence."""
    return "\n" not in block and len(block) <= LONGEST_NAME and block[-1] not in ".,;:?"


def _blocks(text: str) -> list[str]:
    unified = unify_newlines(text).strip()
    return re.split(r"\n(?:[^\S\n]*\n)+\s*", unified) if unified else []


def _article(blocks: list[str]) -> RawRecord:
    blocks, labels = _without_labels(blocks)
    found: RawRecord = {"position": "line 1", "publication": blocks[0] if blocks else None}
    at = _byline_at(blocks)
    # Without a byline a deck looks like a first paragraph, and text of the body must not be lost.
    head, body = (blocks[1:at], blocks[at + 1 :]) if at else (blocks[1:2], blocks[2:])
    found["headline"] = head[0] if head else None
    found["deck"] = "\n\n".join(head[1:])
    found["byline"] = "; ".join(_DASH.sub("", line, count=1) for line in blocks[at].split("\n")) if at else None
    found["body"] = "\n\n".join(body)
    found["labels"] = [["collection", "", label] for label in labels]
    for label in labels:
        kind, name = _LABEL.fullmatch(label).groups()  # type: ignore[union-attr]
        found.setdefault("language" if kind == "in" else "country", name)
    return without_empty(found)


def _without_labels(blocks: list[str]) -> tuple[list[str], list[str]]:
    """The blocks before the collections that end the file, and those collections."""
    kept = list(blocks)
    labels: list[str] = []
    while kept and all(_LABEL.fullmatch(line.strip()) for line in kept[-1].split("\n")):
        labels[:0] = [line.strip() for line in kept.pop().split("\n")]
    return kept, labels


def _byline_at(blocks: list[str]) -> int:
    """The byline's place among the first blocks; 0 where there is none."""
    for at, block in enumerate(blocks[1:_BYLINE_WITHIN], start=1):
        if all(_is_byline(line) for line in block.split("\n")):
            return at
    return 0


def _is_byline(line: str) -> bool:
    """`- Name e-mail`; a dash may also begin an item of a list, which is a sentence."""
    dash = _DASH.match(line)
    if not dash or len(line) > 200:
        return False
    name = line[dash.end() :].rstrip()
    if "@" in name.split()[-1]:
        return True
    return not name[0].islower() and name[-1] not in ".!?:;…。" and len(name.split()) <= 12
