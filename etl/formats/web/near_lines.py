"""The short lines around a headline, where a page prints who wrote the article and when."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice

from lxml import etree

from etl.formats.common.markup import BLOCKS
from etl.formats.web import article_words as words
from etl.formats.web.article_lines import LONGEST_STAMP, is_stamp
from etl.formats.web.blocks import FOREIGN, Block
from etl.formats.web.sentences import SENTENCE_ENDS

_LINES_NEAR = 12
_POSTS = 2
_MOST_LOOKED_AT = 20
_NOT_OF_ARTICLE = frozenset(("aside", "blockquote", "footer", "header", "nav", "table"))
_TEASERS = frozenset(("h2", "h3", "h4"))
"""Where they are links, they lead to another article; smaller headings may be rubrics and writers."""
_LISTS = frozenset(("dl", "li", "ol", "ul"))
_DATE_NAMES = re.compile(r"(?:^|[\s_-])(?:byline|dates?|meta|posted|published|timestamp)(?=$|[\s_-])")
"""Names of a list of what is said of the article, rather than in it."""
_OTHER_NAMES = re.compile(
    r"bijschrift|bildtext|bildunterschrift|caption|carousel|comment|correction|didascalia|footer|galler|kommentar"
    r"|legende|légende|pie-de-foto|promo|slide|teaser|terms|weather|wetter"
)
"""Names of elements whose dates are those of something else: a picture, another article, the weather."""


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


def date_lines(blocks: list[Block], head: Block | None, text: list[Block], first: Block | None) -> list[str]:
    """The lines that may print when the article was published: from the headline to the first paragraph of the body;
    above the headline only those that share its frame.

    Not those of lists, tables, captions and other articles, nor those that stand again between the body's paragraphs:
    they say when each post was written, or each picture taken.
    """
    end = blocks.index(first) if first else len(blocks)
    at = blocks.index(head) if head else max(0, end - _LINES_NEAR)
    below = blocks[at + 1 : end] if head else blocks[at:end]
    beyond = {_look(block) for block in text if block is not first and is_stamp(block.text) and block not in below}
    lines: list[str] = []
    for block in [*below, *_in_frame_of(head, blocks[max(0, at - _LINES_NEAR // 2) : at])]:
        if block.tag in _TEASERS and block.is_linked:
            break
        if _may_date(block, head) and _look(block) not in beyond:
            lines += block.text.split("\n")
    return lines


def _in_frame_of(head: Block | None, above: list[Block]) -> list[Block]:
    frame = head.element.getparent() if head else None
    if frame is None or frame.tag in ("body", "main"):
        return []
    return [block for block in above if frame in block.element.iterancestors()]


def _may_date(block: Block, head: Block | None) -> bool:
    """Whether a block may say when the article was published, judged by its elements."""
    own = set(block.doubts) - set(head.doubts if head else ())
    if len(block.text) > LONGEST_STAMP or block.link_chars >= len(block.text) or any(d.factor <= FOREIGN for d in own):
        return False
    around = [block.element, *block.element.iterancestors()]
    around = around[: around.index(frame)] if head and (frame := _shared(head, around)) is not None else around[:4]
    inside = (child for child in islice(block.element, _MOST_LOOKED_AT) if child.tag not in BLOCKS)
    names = [_names(element) for element in around]
    is_listed = any(element.tag in _LISTS for element in around) and not any(map(_DATE_NAMES.search, names))
    if is_listed or any(element.tag in _NOT_OF_ARTICLE or element.tag in words.PICTURES for element in around):
        return False
    return not any(_OTHER_NAMES.search(name) for name in (*names, *map(_names, inside)))


def _names(element: etree._Element) -> str:
    return f"{element.get('class', '')} {element.get('id', '')}"[:1_000].lower()


def first_paragraph(body: list[Block]) -> Block | None:
    """The first block that is a sentence; else the first."""
    is_sentence = (block for block in body if block.is_prose or block.text.endswith(SENTENCE_ENDS))
    return next(is_sentence, body[0] if body else None)


def _shared(head: Block, around: list[etree._Element]) -> etree._Element | None:
    """The innermost element that holds the headline too."""
    holders = set(head.element.iterancestors())
    return next((element for element in around if element in holders), None)


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
