"""The words of a PDF file, by which a hyphen at the end of a line is told from one that belongs to the word."""

from __future__ import annotations

import re
from collections.abc import Iterable

from etl.intake.pdf_lines import Page

_WORD = re.compile(r"\w+(?:-\w+)*")
_LAST = re.compile(r"[\w-]*\w\Z")


class Words:
    """The words of some pages, but for those that are cut at the end of a line."""

    def __init__(self, pages: Iterable[Page]) -> None:
        self._known: set[str] = set()
        for page in pages:
            is_cut = False
            for line in page.lines:
                words = _WORD.findall(line.text)
                self._known.update(words[1 if is_cut else 0 : -1 if line.has_hyphen else None])
                is_cut = line.has_hyphen

    def keeps_hyphen(self, before: str, after: str) -> bool:
        """Whether the hyphen between two lines belongs to the word that it cuts.

        It does where the word stands elsewhere with it and not without. That both halves are words shows nothing:
        they are in most compounds of Dutch and German, which have no hyphen.
        """
        first, second = _LAST.search(before), _WORD.match(after)
        if not first or not second or self._has(first[0] + second[0]):
            return False
        return self._has(f"{first[0]}-{second[0]}")

    def _has(self, word: str) -> bool:
        """Whether a word is known, at the beginning of a sentence or not."""
        return not self._known.isdisjoint((word, word[0].lower() + word[1:], word[0].upper() + word[1:]))
