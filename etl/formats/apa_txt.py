"""Articles of the Austrian press agency's database (APA-OnlineManager), saved as RTF: many a file.

Layout of its `online.rtf`: a line `"Paper" gefunden am 28.12.2017 10:36 Uhr`, the headline, perhaps in two lines, the
paragraphs with an empty line between them, and a line of underscores before the next article. It states when the search
found an article, and not when it was published: that is kept in `extra` alone. There are no authors and no addresses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from typing import BinaryIO

from etl.formats.common.encoding import decode_head, unify_newlines
from etl.formats.common.markup import read_whole
from etl.formats.common.pieces import Unreadable, guarded, without_empty
from etl.formats.common.whole_text import read_text
from etl.model import DumpError, Feed, Piece

_HEAD = re.compile(r'"(.{1,200})" gefunden am (\d{1,2}\.\d{1,2}\.\d{4}(?: \d{1,2}:\d{2}(?: Uhr)?)?)')
_RULE = re.compile(r"_{60,}")
_MARK = re.compile(rb"gefunden am \d\d?\.\d\d?\.\d{4}")
_RULES = re.compile(rb"^_{60,}[ \t]*$", re.MULTILINE)


def recognise(head: bytes, name: str) -> float:
    """By its first line, which says in which paper an article was found, and when."""
    lines = unify_newlines(decode_head(head)).split("\n")
    first = next((line.strip() for line in lines if line.strip()), "")
    return 0.95 if _HEAD.fullmatch(first) else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """The words `gefunden am` with a date, between two rules; or the rules, if more."""
    parts = _RULES.split(read_whole(stream).replace(b"\r", b"\n"))
    return sum(max(1, len(_MARK.findall(part))) for part in parts if part.strip())


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """A record for each article, a Reject for one that has no text.

    Raises DumpError where there is none, where text stands before the first, or it is not text.
    """
    text, doubts = read_text(stream, feed.encoding)
    lines = [line.strip() for line in text.split("\n")]
    starts = [at for at, line in enumerate(lines) if _HEAD.fullmatch(line)]
    before = next((line for line in lines[: starts[0] if starts else None] if line.strip("_ ")), "")
    if before or not starts:
        raise DumpError(
            f'begins with {before[:60]!r}; expected a line such as `"Paper" gefunden am 28.12.2017 10:36 Uhr` above '
            "each article; save the articles again"
        )
    yield from doubts
    for start, end in pairwise([*starts, len(lines)]):
        position, own = f"line {start + 1}", lines[start:end]
        yield guarded(partial(_piece, own, position), position, "\n".join(own).encode("utf-8", "replace"))


def _piece(lines: list[str], position: str) -> Piece:
    head = _HEAD.fullmatch(lines[0])
    blocks = list(_blocks(lines[1:]))
    if blocks and _RULE.fullmatch(blocks[-1]):
        blocks.pop()
    if head is None or not blocks:
        raise Unreadable("no text follows; expected a headline and paragraphs; save this article again")
    headline, *body = blocks
    return without_empty(
        {
            "position": position,
            "publication": head[1],
            "headline": headline,
            "body": "\n\n".join(body),
            "extra": {"found": head[2]},
        }
    )


def _blocks(lines: list[str]) -> Iterator[str]:
    """The lines between empty ones, joined."""
    held: list[str] = []
    for line in lines:
        if line:
            held.append(line)
        elif held:
            yield " ".join(held)
            held = []
    if held:
        yield " ".join(held)
