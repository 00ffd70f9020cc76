"""The pages of a digitised issue: opened as its articles need them, a few in memory at a time."""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterable, Iterator

from etl.formats import Part
from etl.formats.newspaper.alto import Page, Span, read_page, spell
from etl.formats.newspaper.mets import Area, Index, Item
from etl.model import DumpError

WORDS_IN_MEMORY = 200_000
"""In pages that the next article may need again: 30 or more pages, or one of exceptional size."""

FREE_WORDS = 1_000_000
MOST_REPETITION = 20
"""The articles of an issue may have FREE_WORDS together, or this many times the words of its pages."""


class Pages:
    """The pages of an issue, and which parts of them were read."""

    def __init__(self, index: Index, part: Part) -> None:
        self._index, self._part = index, part
        self._held: OrderedDict[str, Page] = OrderedDict()
        self._blocks: dict[str, list[Span]] = {}
        self._read: dict[str, list[Span]] = {}
        self._faults: dict[str, str] = {}
        self._words = self._words_given = 0

    def texts(self, item: Item) -> tuple[list[tuple[Area, str]], list[str]]:
        """The text of each area of an item, and the reasons why others have none.

        Raises DumpError where the items together repeat the pages again and again.
        """
        found: list[tuple[Area, Page, Span]] = []
        missing: dict[str, None] = {}
        for area in item.areas:
            page = self._page(area.file)
            span = page.span(area.begin, area.end) if page else None
            if page and span:
                self._read.setdefault(area.file, []).append(span)
                found.append((area, page, span))
                self._count(span)
            else:
                ids = f"{area.begin} to {area.end}" if area.end else area.begin
                missing[self._faults.get(area.file) or f"{self._name(area.file)} has no {ids}"] = None
        spelled = spell((page, span) for _, page, span in found)
        return [(area, text) for (area, _, _), text in zip(found, spelled, strict=True) if text.strip()], list(missing)

    def _count(self, span: Span) -> None:
        self._words_given += span[1] - span[0]
        if self._words_given > max(FREE_WORDS, MOST_REPETITION * self._words):
            raise DumpError(
                f"its articles have more than {self._words_given - 1:,} words, of pages with {self._words:,}: it names "
                "the same text again and again, as no issue does; ask for it again"
            )

    def left_over(self) -> Iterator[str]:
        """The blocks that no article covers completely."""
        for file, label in self._index.pages.items():
            if file not in self._blocks:
                self._page(file)
            read = _joined(self._read.get(file, ()))
            for number, span in enumerate(self._blocks.get(file, ()), 1):
                if not _is_within(span, read):
                    yield f"page {label or self._name(file)}, block {number}"

    def _name(self, file: str) -> str:
        return self._index.files.get(file, file)

    def _page(self, file: str) -> Page | None:
        if file in self._held:
            self._held.move_to_end(file)
        elif file in self._faults:
            return None
        else:
            try:
                self._held[file] = page = self._opened(file)
            except DumpError as error:
                self._faults[file] = f"{self._name(file)} {error}"
                return None
            if file not in self._blocks:
                self._words += len(page.words)
            self._blocks[file] = page.blocks
            while len(self._held) > 1 and sum(len(held.words) for held in self._held.values()) > WORDS_IN_MEMORY:
                self._held.popitem(last=False)
        return self._held[file]

    def _opened(self, file: str) -> Page:
        stream = self._part(self._name(file))
        if stream is None:
            raise DumpError("is missing")
        with stream:
            return read_page(stream)


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, those that touch joined."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _is_within(span: Span, joined: list[Span]) -> bool:
    at = bisect_right(joined, span[0], key=lambda other: other[0]) - 1
    return at >= 0 and joined[at][1] >= span[1]
