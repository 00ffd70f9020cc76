"""A page that a newspaper database shows or prints: many articles, one below the other, each cut out where it begins.

For the readers of such pages (`kikuzo_html`, `yomidas_html`, `integrum_html`, `defacto_html`, `knipsels_html`), which
say where an article begins and what its parts are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from typing import Any

from lxml import etree

from etl.formats.common.markup import paragraphs, parse_html
from etl.formats.common.pieces import guarded, without_empty_extra
from etl.formats.vendor import endings
from etl.model import DumpError, Piece

Fill = Callable[[etree._Element], dict[str, Any]]
"""The fields of an article, but its position, from its part of the page. Raises Unreadable."""


def starts(page: str, start: re.Pattern[str], wanted: str) -> list[int]:
    """Where the articles of a page begin. Raises DumpError, which says what is `wanted`, where there is none."""
    found = [match.start() for match in start.finditer(page)]
    if not found:
        raise DumpError(f"{wanted}; save the page of the articles themselves again (a list of results holds none)")
    return found


def articles(page: str, places: list[int], fill: Fill) -> Iterator[Piece]:
    """A record for each article, a Reject for one that `fill` cannot read, and a doubt where the page breaks off."""
    yield from endings.doubts_of_page(page)
    yield from endings.partial_where_cut(_each(page, places, fill), page, places[-1])


def _each(page: str, places: list[int], fill: Fill) -> Iterator[Piece]:
    for number, (start, end) in enumerate(pairwise([*places, len(page)]), 1):
        position, markup = f"article {number}", page[start:end].encode("utf-8", "replace")
        yield guarded(partial(_record, fill, markup, position), position, markup)


def _record(fill: Fill, markup: bytes, position: str) -> Piece:
    return without_empty_extra({"position": position, "extra": {}, **fill(parse_html(markup, "utf-8"))})


def of_class(root: etree._Element, tag: str, name: str) -> etree._Element | None:
    """The first element with that tag and class."""
    return next((element for element in root.iter(tag) if name in (element.get("class") or "").split()), None)


def lines(element: etree._Element | None) -> list[str]:
    """The lines of an element that are not blank; a `br` ends one."""
    return [line for line in paragraphs(element).split("\n") if line.strip()] if element is not None else []


def without_captions(found: list[str], caption: re.Pattern[str]) -> tuple[str, str]:
    """The body of these paragraphs, and the captions that stand at their end."""
    end = len(found)
    while end and caption.match(found[end - 1]):
        end -= 1
    return "\n\n".join(found[:end]), "\n".join(found[end:])
