"""The text of a PDF file, as if it had been delivered as plain text.

A paragraph is a line, with an empty one where the page has a gap; what is centred is indented, and any other heading is
marked. Lines are joined where the next word had no room, also over columns and pages; a hyphen at the end of a line
goes where a small letter follows, unless the word has it elsewhere in the file. Headers and footers are left out (see
etl.intake.pdf_edges). Pages without text are passed over, and named where they are pictures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from etl.formats.common.headings import as_heading
from etl.intake.pdf_edges import Edges, is_mark
from etl.intake.pdf_lines import Line, Page, PdfError, opened, page_of
from etl.intake.pdf_setting import Setting, Votes, is_like
from etl.intake.pdf_words import Words

VOTING_PAGES = 60
PAGE_COLUMNS = 80
LEAST_INDENT = 8
WIDE = 0.6
"""The share of the page's width of a centred line that may go on in the next."""

_ENDS = re.compile(r"[.!?:;…\"'”»)]\Z")
_LABEL = re.compile(r"([^\W\d_]{2,20}(?:[ -][^\W\d_]{2,20}){0,2}):")
_RANGE = re.compile(r"\d[-–]\Z")
_LISTED = re.compile(r"\.{4,} ?\d{1,5}\Z")


def text_of(stream: BinaryIO) -> Iterator[tuple[int, str]]:
    """The lines of the text, each with the number of its page; an empty one for a page that is only a picture.

    Raises PdfError where it is damaged or encrypted, or none of its pages has text.
    """
    with opened(stream) as document:
        sample = list(_voting(document))
        edges = Edges(sample, _apart(document))
        voting = [edges.without(page) for page in sample]
        votes = Votes(voting)
        text = _Text(Words(voting))
        has_text = False
        before: Page | None = None
        for number in range(len(document)):
            whole = page_of(document, number)
            has_text = has_text or bool(whole.lines)
            page, before = edges.without(whole, before), whole
            if page.lines:
                yield from text.add(page.lines, votes.setting(page), number + 1)
            elif page.is_picture:
                yield number + 1, ""
        yield from text.end()
    if not has_text:
        raise PdfError("holds no text, but perhaps pictures of pages; ask for the text, or have it recognised (OCR)")


def _voting(document: Any) -> Iterator[Any]:
    return (page_of(document, number) for number in range(0, len(document), _apart(document)))


def _apart(document: Any) -> int:
    """How many pages those that vote are apart."""
    return -(-len(document) // VOTING_PAGES) or 1


class _Text:
    """The paragraphs up to a place in the file."""

    def __init__(self, known: Words) -> None:
        self._known = known
        self._words: list[str] = []
        self._before: tuple[Line, Setting] | None = None
        self._page = 0

    def add(self, lines: list[Line], setting: Setting, page: int) -> Iterator[tuple[int, str]]:
        """The paragraphs that end on this page."""
        for line in lines:
            is_first = line is lines[0]
            if self._before and not _goes_on(*self._before, line, is_first):
                yield from self.end()
                if is_first or setting.has_gap(self._before[0], line):
                    yield page, "\n"
            if not self._words:
                self._page = page
            self._words.append(self._joint(line) + line.text)
            self._before = line, setting

    def end(self) -> Iterator[tuple[int, str]]:
        """The paragraph that is being read, if any."""
        if self._words and self._before:
            line, setting = self._before
            text = "".join(self._words)
            self._words = []
            if setting.is_centred(line):
                text = " " * max(LEAST_INDENT, (PAGE_COLUMNS - len(text)) // 2) + text
            elif setting.is_heading(line):
                text = as_heading(text)
            yield self._page, f"{text}\n"

    def _joint(self, line: Line) -> str:
        """What stands between the line before and this one, within a paragraph."""
        if not self._words or not self._before:
            return ""
        if _is_range(self._before[0], line):
            return ""
        if self._before[0].has_hyphen:
            is_cut = line.text[:1].islower() and not self._known.keeps_hyphen(self._before[0].text, line.text)
            return "" if is_cut else "-"
        return " "


def _is_range(line: Line, following: Line) -> bool:
    """Whether a line ends between two numbers: `1990-`, `1995`."""
    return _RANGE.search(line.text) is not None and following.text[:1].isdigit()


def _begins_paragraph(text: str) -> bool:
    """Whether a line begins with a copyright, or a label in capitals (`LOAD-DATE: `), or marks an article."""
    label = _LABEL.match(text)
    return text.startswith("©") or is_mark(text) or (label is not None and label[1].isupper())


def _goes_on(line: Line, setting: Setting, following: Line, is_new_page: bool) -> bool:
    """Whether a line belongs to the paragraph of the line before it."""
    if not is_like(line, following) or _LISTED.search(line.text) or _begins_paragraph(following.text):
        return False
    if setting.is_centred(line) or (not is_new_page and setting.is_centred(following)):
        return setting.is_centred(following) and line.right - line.left > WIDE * setting.width
    if is_new_page or following.bottom >= line.bottom:
        is_begun = line.has_hyphen or following.text[:1].islower()
        return is_begun or (setting.is_full(line, following) and not _ENDS.search(line.text))
    is_indented = following.left > line.left + line.size / 2
    return (
        (setting.is_full(line, following) or _is_range(line, following))
        and not setting.has_gap(line, following)
        and not is_indented
    )
