"""Texts in wrappings: what a Rich Text file holds is read as if it had been delivered as plain text.

So every reader of a text layout reads it from there, too, and its second count scans that text. See
docs/decisions/0021.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import BinaryIO

from etl.intake.rich_text import text_of
from etl.intake.rich_text_document import RichTextError
from etl.intake.spools import Budget, spooled
from etl.intake.streams import FETCH, Part
from etl.model import MemberError

KINDS = ("RTF",)
"""As `etl.intake.containers` calls them."""


def unwrapped(part: Part, kind: str, budget: Budget) -> Callable[[], BinaryIO]:
    """Returns a function that opens the text of a file of that kind, in UTF-8.

    Raises MemberError where it is damaged, and LimitError where it holds more text than it may.
    """
    with part.open() as stream:
        text = _Metered(_text(part, stream), budget, part, kind)
        return spooled(io.BufferedReader(text), budget, part.place)


def _text(part: Part, stream: BinaryIO) -> Iterator[str]:
    try:
        yield from text_of(stream)
    except RichTextError as error:
        raise _broken(part, "RTF", error) from error


def _broken(part: Part, kind: str, error: Exception) -> MemberError:
    return part.error(f"the {kind} is truncated or damaged ({error}); {FETCH}")


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
