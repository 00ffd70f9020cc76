"""Lines of a page that belong to the site, not to the article, recognised by what they say and where they stand."""

from __future__ import annotations

import re
from itertools import pairwise

from etl.formats.web import article_words as words
from etl.formats.web.blocks import HEADINGS, Block
from etl.formats.web.date_lines import telling_words

LONGEST_STAMP = 120
_LONGEST_BYLINE = 70
_LONGEST_NOTICE = 400
_LONGEST_POINTER = 60
_MOST_WORDS = 12
_FEWEST_OF_SENTENCE, _FEWEST_SMALL = 3, 2

_ADDRESS = re.compile(r"https?://|www\.")
_CLOCK = re.compile(r"\b\d{1,2}[:.h]\d\d\b")
_WORD = re.compile(r"(?![年月日時时分秒曜])[\u3040-\u30ff\u3400-\u9fff]|[^\W\d_\u3040-\u30ff\u3400-\u9fff]+")
"""A word, or a character of Chinese and Japanese that does not stand for a part of a date."""
_SENTENCE_END = re.compile(r"[.!?…。！？｡][\"'”’»」』)）]?$")
_BY_NAME = re.compile(r"\b(?:by|von|par|por|di|door)\b", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")
_QUOTED = re.compile(r"[\"“”„«»「]")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def tidied(blocks: list[Block]) -> list[Block]:
    """A body without the lines of the site and the comments of readers; where nothing else is left, all but links."""
    blocks = blocks[: _end(blocks)]
    backwards = range(len(blocks) - 1, -1, -1)
    last_prose = next((at for at in backwards if blocks[at].is_prose and not _is_notice(blocks[at].text)), 0)
    kept: list[Block] = []
    is_pointing = False
    boxes = _boxes(blocks)
    for place, block in enumerate(blocks):
        if place in boxes:
            continue
        if is_pointing and block.is_linked:
            continue
        is_pointing = _is_pointer(block)
        is_after = place >= last_prose
        if is_pointing or _is_furniture(block, is_after) or (not kept and is_stamp(block.text)):
            continue
        kept.append(block)
    while kept and _is_left_over(kept[-1]):
        kept.pop()
    return kept or [block for block in blocks if not block.is_linked]


def _end(blocks: list[Block]) -> int:
    """Where comments of readers begin below the text: a counter above or within it stands before more of it."""
    after = sum(len(block.text) for block in blocks if block.is_prose)
    before = 0
    for at, block in enumerate(blocks):
        is_short = len(block.text) < _LONGEST_POINTER and not block.is_linked
        if is_short and before >= after and words.REMARKS.fullmatch(block.text):
            return at
        own = len(block.text) if block.is_prose else 0
        before, after = before + own, after - own
    return len(blocks)


def _boxes(blocks: list[Block]) -> set[int]:
    """Where the site speaks to its readers or shows another article, with the heading over it.

    What somebody says of such things in the article stands in quotation marks.
    """
    texts = [block.text.lower() if len(block.text) < _LONGEST_NOTICE else "" for block in blocks]
    page = "\n".join(texts)
    notices = [(sign, notice) for sign, notice in words.NOTICES.items() if sign in page]
    found = {
        place
        for place, text in enumerate(texts)
        if any(sign in text and notice.search(text) for sign, notice in notices) and not _QUOTED.search(text)
    }
    for place, (block, below) in enumerate(pairwise(blocks)):
        is_card = block.is_linked and below.is_linked and below.tag not in HEADINGS
        if block.tag in HEADINGS and (place + 1 in found or is_card):
            found.add(place)
    return found


def _is_notice(text: str) -> bool:
    is_short = len(text) < _LONGEST_NOTICE
    return is_short and bool(words.PROMOTIONS.search(text) or words.RIGHTS.search(text))


def _is_pointer(block: Block) -> bool:
    is_short = len(block.text) < _LONGEST_POINTER or block.is_linked
    return is_short and words.POINTERS.match(block.text) is not None


def _is_furniture(block: Block, is_after: bool) -> bool:
    """Whether it is a line of the site's own. `is_after`: no prose comes after it."""
    if words.ADS.fullmatch(block.text) or _says_when(block.text):
        return True
    if (is_after or block.is_linked) and _is_notice(block.text):
        return True
    is_item = block.tag == "li" or block.tag in HEADINGS
    return block.is_linked and (is_after or not is_item) and not _ADDRESS.search(block.text)


def _is_left_over(block: Block) -> bool:
    """Whether it is a last line after which something is missing."""
    return block.tag in HEADINGS or (len(block.text) < _LONGEST_POINTER and block.text.endswith((":", "...", "…")))


def is_stamp(text: str) -> bool:
    """Whether a line before the text says no more than who wrote it and when."""
    if len(text) > LONGEST_STAMP:
        return False
    if _says_when(text):
        return True
    if _SENTENCE_END.search(text):
        return False
    if words.BY.match(text) and len(text) < _LONGEST_BYLINE:
        return True
    is_dated = _YEAR.search(text) and len(_NUMBER.findall(text)) > 1
    return len(_WORD.findall(text)) <= _MOST_WORDS and bool(is_dated or _CLOCK.search(text))


def _says_when(text: str) -> bool:
    """Whether a line states when the page was written: "Published in 1998, the novel sold poorly." is a sentence."""
    return words.UPDATED.match(text[: LONGEST_STAMP + 1]) is not None and not _is_sentence(text)


def _is_sentence(text: str) -> bool:
    if not _SENTENCE_END.search(text):
        return False
    telling = telling_words(text)
    small = sum(word.islower() for word in telling)
    return small >= _FEWEST_SMALL or (len(telling) >= _FEWEST_OF_SENTENCE and not _BY_NAME.search(text))
