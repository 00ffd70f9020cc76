"""Texts in wrappings: what an RTF or PDF file holds is read as if it had been delivered as plain text.

So every reader of a text layout reads it from there, too, and its second count scans that text. See
docs/decisions/0021.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import BinaryIO, NamedTuple

from etl import words
from etl.intake import pdf_text, rich_text
from etl.intake.archives import seekable
from etl.intake.pdf_lines import PdfError
from etl.intake.rich_text_document import RichTextError
from etl.intake.spools import Budget, spooled
from etl.intake.streams import FETCH, Part
from etl.processes.children import ChildDied, Send, in_child, limit_cpu

KINDS = ("RTF", "PDF")
"""As `etl.intake.containers` calls them."""


PDF_MEMORY_BYTES = 300_000_000
FREE_SECONDS = 5
SECONDS_PER_MEGABYTE = 30
"""Of processor time, for a PDF; a megabyte may be 400 pages, and a page takes 15 milliseconds."""
LINES_AT_ONCE = 500


class Unwrapped(NamedTuple):
    """The text of a file in UTF-8: what opens it, in which line of it each page begins, if it has pages, and which of
    them are only pictures."""

    open: Callable[[], BinaryIO]
    pages: tuple[int, ...]
    pictures: tuple[int, ...]


def unwrapped(part: Part, kind: str, budget: Budget) -> Unwrapped:
    """Returns the text of a file of that kind.

    Raises MemberError where it is damaged, encrypted or has no text, and LimitError where it holds more than it may.
    """
    pages: list[int] = []
    pictures: list[int] = []
    text = _of_pdf(part, budget, pages, pictures) if kind == "PDF" else _of_rtf(part)
    opened = spooled(io.BufferedReader(_Metered(text, budget, part, kind)), budget, part.place)
    return Unwrapped(opened, tuple(pages), tuple(pictures))


def beginning(part: Part, kind: str, budget: Budget, count: int) -> bytes:
    """Returns so many bytes of the text of a file of that kind. Raises as `unwrapped` does."""
    text = _of_pdf(part, budget, [], []) if kind == "PDF" else _of_rtf(part)
    with io.BufferedReader(_Metered(text, budget, part, kind)) as stream:
        return stream.read(count)


def _of_rtf(part: Part) -> Iterator[str]:
    try:
        with part.open() as stream:
            yield from rich_text.text_of(stream)
    except RichTextError as error:
        raise part.error(f"the RTF is truncated or damaged ({error}); {FETCH}") from error


def _of_pdf(part: Part, budget: Budget, pages: list[int], pictures: list[int]) -> Iterator[str]:
    """The text; in `pages`, the line in which each page begins is noted, in `pictures` the pages that are pictures."""
    line = 1
    seconds = FREE_SECONDS + SECONDS_PER_MEGABYTE * part.packed / 1_000_000
    try:
        with seekable(part, budget) as stream:
            for piece in in_child(partial(_send_pdf, stream, seconds), PDF_MEMORY_BYTES):
                for page, text in piece:
                    if not text:
                        pictures.append(page)
                        continue
                    pages += [line] * (page - len(pages))
                    line += text.count("\n")
                    yield text
    except PdfError as error:
        raise part.error(f"the PDF {error}") from error
    except ChildDied as error:
        raise part.error(f"the PDF {_how_it_died(error, seconds)}") from error


def _send_pdf(stream: BinaryIO, seconds: float, send: Send) -> None:
    """Send the text of a PDF file, with the pages, in pieces. It may take so much processor time."""
    limit_cpu(seconds)
    lines = pdf_text.text_of(stream)
    while piece := list(islice(lines, LINES_AT_ONCE)):
        send(piece)


def _how_it_died(error: ChildDied, seconds: float) -> str:
    if error.is_stopped:
        raise error
    if error.signal and error.signal.name == "SIGXCPU":
        return (
            f"takes more than {seconds:,.0f} seconds of processor time to read, far more than texts do; print it anew"
        )
    most = words.size(PDF_MEMORY_BYTES)
    return f"cannot be read: PDFium {error}, as where it is damaged or takes more than {most} of memory; print it anew"


class _Metered(io.RawIOBase):
    """Pieces of a text as a stream of bytes, which stops where there are more than a file of that size holds."""

    def __init__(self, text: Iterator[str], budget: Budget, part: Part, kind: str) -> None:
        self._text, self._left, self._count = text, b"", 0
        self._meter, self._what = budget.meter(part.packed), f"{part.place}: the {kind}"

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._left:
            piece = next(self._text, None)
            if piece is None:
                return 0
            self._left = piece.encode("utf-8", "replace")
            self._count += len(self._left)
            self._meter.pass_on(self._count, self._what)
        data, self._left = self._left[: len(buffer)], self._left[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)
