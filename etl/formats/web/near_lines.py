"""The short lines around a headline, where a page prints who wrote the article and when."""

from __future__ import annotations

from collections import Counter

from etl.formats.web import article_words as words
from etl.formats.web.article_lines import LONGEST_STAMP, is_stamp
from etl.formats.web.blocks import Block

_LINES_NEAR = 12
_POSTS = 2


def lines_near(blocks: list[Block], head: Block | None, text: list[Block]) -> list[Block]:
    """The short lines from the headline, or what is above the body, to the body; then those above the headline."""
    start = blocks.index(text[0]) if text else 0
    at = blocks.index(head) if head else max(0, start - _LINES_NEAR)
    lines = [*blocks[at : max(start + 2, at + _LINES_NEAR)], *blocks[max(0, at - _LINES_NEAR // 2) : at]]
    posts = _looks_of_posts(text)
    short = [
        block
        for block in lines
        if block is not head
        and len(block.text) <= LONGEST_STAMP
        and not _is_caption(block)
        and _look(block) not in posts
    ]
    return [block for block in short if block.link_chars < len(block.text) or is_signed(block)]


def _is_caption(block: Block) -> bool:
    """Whether it says something of a picture."""
    return any(
        doubt.element.tag in words.PICTURES
        or words.CAPTION_NAMES.search(doubt.element.get("class", "")[:1_000].lower())
        for doubt in block.doubts
    )


def _looks_of_posts(text: list[Block]) -> set[tuple[str, str, str]]:
    """What the lines look like that say when each post of a live blog was written: they stand between its texts."""
    prose = [place for place, block in enumerate(text) if block.is_prose]
    inside = text[: prose[-1]] if prose else []
    looks = Counter(_look(block) for block in inside if len(block.text) <= LONGEST_STAMP and is_stamp(block.text))
    return {look for look, count in looks.items() if count >= _POSTS}


def _look(block: Block) -> tuple[str, str, str]:
    holder = block.element.getparent()
    return block.tag, block.element.get("class", ""), holder.get("class", "") if holder is not None else ""


def is_signed(block: Block) -> bool:
    """Whether the page marks it as author or byline."""
    names = (f"{doubt.element.get('class', '')} {doubt.element.get('id', '')}" for doubt in block.doubts)
    return any(sign in name[:1_000].lower() for name in names for sign in ("byline", "author"))
