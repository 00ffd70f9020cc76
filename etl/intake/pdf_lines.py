"""The lines of text on the pages of a PDF file, in the order in which they were written, by PDFium.

PDFium runs no script, opens no other file and follows no address. It is loaded where a PDF is read, in a process of its
own (see etl.intake.wrappings), and starts no thread.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any, BinaryIO, NamedTuple

MOST_PAGES = 20_000
MOST_CHARACTERS = 1_000_000
"""On a page; a newspaper's page has 30,000."""

FEW_LINES = 8
"""As many as a page that is a picture may have, in its header and footer."""
PICTURE = 0.25
"""The share of a page that a picture of its text covers at least."""

_HYPHENS = "\x02\ufffe"
"""What PDFium puts in the place of a hyphen at the end of a line."""
_LINE = re.compile(rf"(?P<text>[^\r\n{_HYPHENS}]+)(?P<hyphen>[{_HYPHENS}])?")
_WORD = re.compile(r"\S+")
_NO_CHARACTERS = re.compile("[\0\ud800-\udfff]")


class PdfError(Exception):
    """The file cannot be read, or has no text. The message says why, and what to do."""


class Line(NamedTuple):
    """A line: its text, where it begins and ends, its baseline from the bottom of the page, its height, the width of
    its first word, and whether it ends with a hyphen, which is not in the text."""

    text: str
    left: float
    right: float
    bottom: float
    size: float
    first_word: float
    has_hyphen: bool = False


class Page(NamedTuple):
    """The lines of a page, its size, and whether it has few of them and a picture: of a text, perhaps."""

    lines: list[Line]
    width: float
    height: float
    is_picture: bool = False


@contextmanager
def opened(stream: BinaryIO) -> Iterator[Any]:
    """A PDF file, as PDFium has it. Raises PdfError where it is damaged or encrypted, or has too many pages."""
    import pypdfium2  # loads PDFium, which only these files need

    try:
        document = pypdfium2.PdfDocument(stream)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise PdfError("is encrypted; save it without its password") from None
        raise PdfError(f"is truncated or damaged ({error}); fetch it again") from None
    with closing(document):
        if len(document) > MOST_PAGES:
            raise PdfError(f"has {len(document):,} pages; the limit is {MOST_PAGES:,}; split it")
        yield document


def page_of(document: Any, number: int) -> Page:
    """The lines of a page, counted from 0. Raises PdfError where it is damaged or holds more than a page does."""
    import pypdfium2

    try:
        with closing(document[number]) as page, closing(page.get_textpage()) as text:
            width, height = page.get_size()
            lines = list(_lines(text.raw, text.count_chars(), number))
            return Page(lines, width, height, len(lines) <= FEW_LINES and _has_picture(page, width * height))
    except pypdfium2.PdfiumError as error:
        raise PdfError(f"is damaged at page {number + 1:,} ({error}); fetch it again") from None


def _has_picture(page: Any, area: float) -> bool:
    """Whether a picture covers much of a page."""
    from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

    boxes = (found.get_bounds() for found in page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE], max_depth=3))
    return any((right - left) * (top - bottom) > PICTURE * area for left, bottom, right, top in boxes)


def _lines(raw: Any, count: int, number: int) -> Iterator[Line]:
    import pypdfium2.raw as pdfium

    if count > MOST_CHARACTERS:
        raise PdfError(f"has {count:,} characters on page {number + 1:,}, far more than a page has")
    text = "".join(chr(pdfium.FPDFText_GetUnicode(raw, at)) for at in range(max(0, count)))
    for line in _LINE.finditer(text):
        if words := list(_WORD.finditer(text, *line.span("text"))):
            is_cut = line["hyphen"] is not None and not words[-1][0].startswith("-")  # `-None-` is not cut
            end = "-" if line["hyphen"] and not is_cut else ""
            start = _box(pdfium, raw, words[0].start())
            yield Line(
                _NO_CHARACTERS.sub("\ufffd", line["text"]).strip() + end,
                start.left,
                _box(pdfium, raw, words[-1].end() - 1).right,
                start.bottom,
                start.top - start.bottom,
                _box(pdfium, raw, words[0].end() - 1).right - start.left,
                is_cut,
            )


def _box(pdfium: Any, raw: Any, at: int) -> Any:
    """Where a character is, with the height of its font; all zeros if it has no place."""
    box = pdfium.FS_RECTF()
    pdfium.FPDFText_GetLooseCharBox(raw, at, ctypes.byref(box))
    return box
