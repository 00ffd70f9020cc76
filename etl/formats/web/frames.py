"""Parts of an article that are named like page furniture: some sites make each part of it a widget."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection

from lxml import etree

from etl.formats.web import article_words as words
from etl.formats.web.blocks import Block, Doubt, is_part_of_layout

_LONG = 60
"""Characters of a block that may be a paragraph."""


def more_frames(
    blocks: list[Block], scope: etree._Element, around: Collection[etree._Element], head: Block | None
) -> set[etree._Element]:
    """The elements that belong to the article in spite of their names.

    `around`: the elements around its core, whatever their names. What stands beside one of them and looks like it is
    part of the article too, unless that one holds the headline as well: beside it stands another article. So are
    elements within `scope` that are named after a place in the layout, if they hold enough prose.
    """
    long = [block for block in blocks if block.doubts and len(block.text) > _LONG]
    doubts = {doubt.element: doubt for block in long for doubt in block.doubts}
    above = set(head.element.iterancestors()) if head else set()
    looks = {
        _look(doubt)
        for element, doubt in doubts.items()
        if element in around and element not in above and element.get("class")
    }
    beside = {element for element, doubt in doubts.items() if _look(doubt) in looks} if looks else set()
    return beside | _with_prose(blocks, {element for element in doubts if element not in around}, scope)


def _look(doubt: Doubt) -> tuple[etree._Element | None, str, str, float]:
    return doubt.element.getparent(), doubt.element.tag, _first_class(doubt.element), doubt.factor


def _first_class(element: etree._Element) -> str:
    return element.get("class", "").strip().partition(" ")[0]


def _with_prose(blocks: list[Block], doubted: set[etree._Element], scope: etree._Element) -> set[etree._Element]:
    """Those of the elements in doubt that are named after a place in the layout, stand in the scope and hold prose:
    several that look alike, or more than all the rest of it. A single one may ask for money in several paragraphs."""
    candidates = {element for element in doubted if is_part_of_layout(element) and scope in element.iterancestors()}
    if not candidates:
        return set()
    prose: Counter[etree._Element] = Counter()
    rest = 0
    for block in blocks:
        if block.is_prose and not words.PROMOTIONS.search(block.text):
            prose.update(doubt.element for doubt in block.doubts)
            rest += not block.doubts
    alike = defaultdict(list)
    for element in candidates:
        if prose[element]:
            alike[element.tag, _first_class(element)].append(element)
    found = [same for same in alike.values() if len(same) > 1 or prose[same[0]] > rest]
    return {element for same in found for element in same}
