"""The article of a web page: which of the page's blocks are its headline, deck and body.

The element with the most prose right inside it is the core. The body is the core, or an element around it, where
that adds more prose than links. Elements with the names of page furniture are left out, unless they hold
the core. So are lines that sell or point at something else, where such lines usually stand.

The numbers were chosen on the pages of scrapinghub/article-extraction-benchmark; see docs/decisions and
benchmarks/html_extraction.py.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple, TypeVar

from lxml import etree

from etl.formats.web import article_words as words
from etl.formats.web.article_lines import is_stamp, tidied
from etl.formats.web.blocks import HEADINGS, Block, blocks_of
from etl.formats.web.frames import more_frames
from etl.formats.web.near_lines import date_lines, first_paragraph, is_signed, lines_near

_HOLDERS = frozenset(("article", "body", "center", "div", "main", "pre", "section", "td"))
"""Elements whose own text is a paragraph; that of others counts for the element around them."""
_SHORTEST = 25
"""Characters that a block needs to count, unless the page has none that long."""
_BEFORE_HEADLINE = 0.3
_IN_OTHER_ARTICLE = 0.5
_OF_GRANDCHILD = 0.45
"""How much such prose counts towards the core. Below one half, so that two copies do not outweigh one."""
_MARKED = 2.0
"""The weight of what the page itself marks as the article's body."""
_LINK_COST = 2.0
_LINKED_COST = 40
_GAIN = 0.2
"""The share by which an element around the core must be worth more than the one it replaces."""
_LONG_LEAD = 3
_LONGEST_HEADLINE = 400
_FEWEST_ABOVE = 20
_LONGEST_RUBRIC = 8
_MOST_WORDS_OF_NAME = 4

V = TypeVar("V")

_WORD = re.compile(r"\w+")
_HOME = re.compile(r"(?:(?:https?:)?//[^/]+)?/?(?:index\.\w{3,5}|home)?(?<=.)", re.I)


class Article(NamedTuple):
    """The parts of a page that are the article."""

    headline: str | None
    deck: str | None
    body: str | None
    near: list[str]
    """Short lines around headline and deck, where author and date are printed."""
    signed: list[str]
    """Those of them that the page marks as author or byline."""
    dated: list[str]
    """Lines between headline and body, where the date of the article is printed."""
    above: list[str]
    """Paragraphs between them that are neither."""


def article_of(
    root: etree._Element,
    titles: Collection[str],
    descriptions: Collection[str],
    authors: Collection[str],
    houses: Collection[str] = (),
) -> Article:
    """The article of a parsed page whose head states these titles, descriptions, authors and names of the site."""
    body = root.find("body")
    if body is None:
        body = root
    blocks = blocks_of(body)
    folded = {fold(title) for title in titles}
    named = set(map(fold, houses)) - folded
    of_site = {block for block in blocks if block.tag in HEADINGS and _is_of_site(block, named)}
    head = _headline([block for block in blocks if block not in of_site], folded)
    chosen = _chosen(body, blocks, head)
    text = _from_first(*chosen, head) if chosen else []
    is_untitled = of_site and folded <= named | {fold(block.text) for block in of_site}
    text = [block for block in text if block not in of_site]
    head = head or _heading_above(blocks, text, of_site, HEADINGS if is_untitled else ("h1",))
    printed = {*folded, *map(fold, authors), fold(head.text) if head else ""} - {""}
    kept = tidied([block for block in text if not printed or fold(block.text) not in printed])
    near = [block for block in lines_near(blocks, head, text) if block not in kept[:3]]
    deck = _deck(blocks, head, text, {fold(text) for text in descriptions})
    told = {*deck, *near, *kept}
    return Article(
        headline=_headline_text(head, folded),
        deck="\n\n".join(block.text for block in deck) or None,
        body="\n\n".join(block.text for block in kept) or None,
        near=[block.text for block in near],
        signed=[block.text for block in near if is_signed(block)],
        dated=date_lines(blocks, head, text, first_paragraph(kept)),
        above=[block.text for block in _above(blocks, head, text) if block not in told],
    )


def fold(text: str) -> str:
    """Only the words, for comparison."""
    return " ".join(_WORD.findall(text)).casefold()


def _headline(blocks: list[Block], titles: Collection[str]) -> Block | None:
    """The heading that prints the page's title, or most of it; else any block that does; else the heading that prints
    a part of it, which may be the site's name; else the only main heading."""
    headings = [(block, fold(block.text)) for block in blocks if block.tag in ("h1", "h2")]
    for block, words_ in headings:
        if words_ and words_ in titles:
            return block
    parts = [
        (block, words_)
        for block, words_ in headings
        if len(words_) > 8 and any(words_ in title or (len(title) > 10 and title in words_) for title in titles)
    ]
    for block, words_ in parts:
        if any(2 * len(words_) > len(title) for title in titles if words_ in title or title in words_):
            return block
    for block in blocks:
        words_ = fold(block.text) if 8 < len(block.text) < _LONGEST_HEADLINE else ""
        if words_ and not block.is_linked and any(words_ in title and 2 * len(words_) > len(title) for title in titles):
            return block
    main = [block for block, _ in headings if block.tag == "h1"]
    return parts[0][0] if parts else main[0] if len(main) == 1 else None


def _is_of_site(block: Block, houses: Collection[str]) -> bool:
    """Whether a heading says the site's name: as its head does, or as a link to its home page."""
    if fold(block.text) in houses:
        return True
    if not block.is_linked or len(block.text.split()) > _MOST_WORDS_OF_NAME:
        return False
    links = [*block.element.iter("a"), *block.element.iterancestors("a")]
    return any(_HOME.fullmatch(link.get("href", "").strip()) for link in links)


def _heading_above(
    blocks: list[Block], text: list[Block], of_site: Collection[Block], levels: Collection[str]
) -> Block | None:
    """The last heading of these levels before the body, on a page with several of which none matches its title."""
    above = [block for block in blocks[: blocks.index(text[0]) + 1] if block not in of_site] if text else []
    return next((block for block in reversed(above) if block.tag in levels and not block.link_chars), None)


def _headline_text(head: Block | None, titles: Collection[str]) -> str | None:
    """The heading on one line; only the title, where the heading holds more (a rubric, an author)."""
    if head is None:
        return None
    whole = fold(head.text)
    if not any(whole in title for title in titles):
        parts = [part for part in head.element.itertext() if len(part) > _LONGEST_RUBRIC]
        if named := [part for part in parts if any(title.endswith(fold(part)) for title in titles)]:
            return " ".join(max(named, key=len).split())
    return " ".join(head.text.split())


# Which element


def _chosen(body: etree._Element, blocks: list[Block], head: Block | None) -> tuple[list[Block], list[Block]] | None:
    """The blocks of the chosen element: those before the core, and those from its first on."""
    core = _core(body, blocks, head, _SHORTEST)
    if core is None:
        core = _core(body, blocks, head, 1)
    if core is None:
        return None
    own = _article_around(head)
    ladder = _ladder(core, body, own)
    around = set(core.iterancestors()) | {core}
    frames = around | more_frames(blocks, core if own is None else own, around, head)
    clean = [block for block in blocks if all(doubt.element in frames for doubt in block.doubts)]
    rungs = _rungs(ladder, clean)
    best = _best(len(ladder), clean, rungs)
    kept = [(block, rung) for block, rung in zip(clean, rungs, strict=True) if rung <= best]
    first = next((place for place, (_, rung) in enumerate(kept) if rung == 0), 0)
    return [block for block, _ in kept[:first]], [block for block, _ in kept[first:]]


def _core(body: etree._Element, blocks: list[Block], head: Block | None, shortest: int) -> etree._Element | None:
    """The element with the most prose, which counts less in doubtful places; None where no block is long enough."""
    above = set(head.element.iterancestors()) if head else set()
    own = _article_around(head)
    others = _others(body, own)
    score: dict[etree._Element, float] = defaultdict(float)
    is_before = head is not None
    for block in blocks:
        is_before = is_before and block is not head
        if len(block.text) < shortest or block.link_chars > 0.5 * len(block.text):
            continue
        factors = [
            doubt.factor
            for doubt in block.doubts
            if doubt.element not in above or doubt.element.tag in words.FOREIGN_TAGS
        ]
        if is_before:
            factors.append(_BEFORE_HEADLINE)
        is_other: bool = _nearest(block.element, others, False) if others else False
        if is_other:
            factors.append(_IN_OTHER_ARTICLE)
        worth = min(factors, default=1.0) * (len(block.text) - block.link_chars)
        holder = block.element if block.tag in _HOLDERS else block.element.getparent()
        score[holder] += worth
        if (outer := holder.getparent()) is not None:
            score[outer] += _OF_GRANDCHILD * worth
    for element in score:
        if element.get("itemprop") == "articleBody":
            score[element] *= _MARKED
    return max(score, key=score.__getitem__) if score else None


def _article_around(head: Block | None) -> etree._Element | None:
    return next(head.element.iterancestors("article"), None) if head else None


def _others(body: etree._Element, own: etree._Element | None) -> dict[etree._Element, bool]:
    """For each `article` of the page, whether it is another one than the headline's: neither around nor within it."""
    if own is None:
        return {}
    same = {*own.iter("article"), *own.iterancestors("article")}
    return {article: article not in same for article in body.iter("article")}


def _nearest(element: etree._Element, known: dict[etree._Element, V], root: V) -> V:
    """What is known of the element or the nearest one around it, `root` where nothing is; from then on also of those on
    the way, so that each is visited once."""
    way = []
    at: etree._Element | None = element
    while at is not None and at not in known:
        way.append(at)
        at = at.getparent()
    value = root if at is None else known[at]
    known.update(dict.fromkeys(way, value))
    return value


def _ladder(core: etree._Element, body: etree._Element, own: etree._Element | None) -> list[etree._Element]:
    """The core and what is around it: up to the headline's `article` where it has one, else to the body."""
    ladder = [core]
    while ladder[-1] is not body and ladder[-1] is not own and ladder[-1].getparent() is not None:
        ladder.append(ladder[-1].getparent())
    return ladder


def _rungs(ladder: list[etree._Element], blocks: list[Block]) -> list[int]:
    """For each block, the number of the first element on the ladder that holds it; beyond the last where none does."""
    known = {element: number for number, element in enumerate(ladder)}
    return [_nearest(block.element, known, len(ladder)) for block in blocks]


def _best(length: int, blocks: list[Block], rungs: list[int]) -> int:
    """The number of the element on the ladder with the most text, less its links."""
    worth = [0.0] * (length + 1)
    for block, rung in zip(blocks, rungs, strict=True):
        worth[rung] += len(block.text) - _LINK_COST * block.link_chars - _LINKED_COST * bool(block.link_chars)
    best, most, total = 0, worth[0], worth[0]
    for rung in range(1, length):
        total += worth[rung]
        if total > most + _GAIN * abs(most):
            best, most = rung, total
    return best


# Which blocks


def _from_first(lead: list[Block], text: list[Block], head: Block | None) -> list[Block]:
    """The body: from below the headline, and from the core or from the first block of the same kind before it."""
    if head in text:
        after = text[text.index(head) + 1 :]
        if 2 * sum(len(block.text) for block in after) > sum(len(block.text) for block in text):
            return after
    if head in lead:
        lead = lead[lead.index(head) + 1 :]
    prose = [place for place, block in enumerate(lead) if block.is_prose]
    if len(prose) > _LONG_LEAD:
        return lead + text
    kinds = {_kind(block) for block in text}
    around = set(text[0].element.iterancestors()) if text else set()  # one of them may begin with words of its own
    first = next((at for at in prose if _kind(lead[at]) in kinds or lead[at].element in around), len(lead))
    return lead[first:] + text


def _deck(blocks: list[Block], head: Block | None, text: list[Block], descriptions: Collection[str]) -> list[Block]:
    """What is printed between headline and body, except author and date."""
    if head is None or not text:
        return []
    between = blocks[blocks.index(head) + 1 : blocks.index(text[0])]
    plain = [block for block in between if not block.is_linked and not is_stamp(block.text)]
    return [
        block
        for block in plain
        if fold(block.text) in descriptions or (len(block.text) > 30 and not set(block.doubts) - set(head.doubts))
    ]


def _above(blocks: list[Block], head: Block | None, text: list[Block]) -> list[Block]:
    """The long paragraphs between the headline, or the last heading, and the body."""
    before = blocks[: blocks.index(text[0])] if text else []
    is_headed = head in before
    tops = [at for at, block in enumerate(before) if (block is head if is_headed else block.tag in HEADINGS)]
    below = before[tops[-1] + 1 :] if tops else before
    plain = [block for block in below if block.is_prose and not block.doubts and not block.link_chars]
    return [block for block in plain if len(block.text.split()) >= _FEWEST_ABOVE]


def _kind(block: Block) -> tuple[str, str, str | None]:
    holder = block.element.getparent()
    names = holder.get("class", "").split() if holder is not None else []
    return block.tag, holder.tag if holder is not None else "", names[0] if names else None
