"""What a hostile dump does to the process that reads it: for tests, a reader that does it at one article."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from typing import Any

from etl.formats import jsonl

MARK = "The hostile one"
"""The headline of the article."""

Act = Callable[[], None]


def killed_by(number: signal.Signals) -> Act:
    """What ends the process as this signal does."""
    return lambda: os.kill(os.getpid(), number)


def hog() -> None:
    """Take memory without end."""
    kept = []
    while True:
        kept.append(bytearray(50_000_000))


def spin() -> None:
    """Take processor time without end."""
    while True:
        pass


def reader_that(act: Act) -> Callable[[Any, Any], Iterator[Any]]:
    """The JSONL reader, which does this where it meets the hostile article."""
    whole = jsonl.read

    def read(stream: Any, feed: Any) -> Iterator[Any]:
        for piece in whole(stream, feed):
            if isinstance(piece, dict) and piece.get("headline") == MARK:
                act()
            yield piece

    return read
