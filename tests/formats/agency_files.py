"""What the tests of the agencies' formats share: reading, and the real files with what a person found in them."""

from __future__ import annotations

import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

from sample_dumps import CORPORA, SAMPLES, corpus, expected, samples

from etl import formats
from etl.model import Feed, Piece, Reject, Skip

FEED = Feed("agency")


def pieces(name: str, data: bytes, feed: Feed = FEED) -> list[Piece]:
    """All that a format's reader makes of these bytes."""
    return list(formats.named(name).read(io.BytesIO(data), feed))


def marks(name: str, data: bytes) -> int:
    """The articles that a format's scan finds in these bytes."""
    return formats.named(name).count_marks(io.BytesIO(data), FEED)


def records(found: list[Piece]) -> list[dict[str, Any]]:
    """The articles among the pieces."""
    return [piece for piece in found if isinstance(piece, dict)]


def article(name: str, data: bytes) -> dict[str, Any]:
    """The one article of a dump."""
    (found,) = records(pieces(name, data))
    return found


def reasons(found: list[Piece]) -> list[str]:
    """Why pieces were rejected."""
    return [piece.reason for piece in found if isinstance(piece, Reject)]


def counted(found: list[Piece]) -> tuple[int, dict[str, int]]:
    """The number of articles, readable or not, and of what was skipped, by kind."""
    skipped = Counter(piece.kind for piece in found if isinstance(piece, Skip))
    return sum(isinstance(piece, dict | Reject) for piece in found), dict(skipped)


def check_samples(name: str) -> None:
    """Assert that each sample gives what stands beside it, that its marks are its articles, and that it is known."""
    for sample in samples(name):
        data = sample.read_bytes()
        found = pieces(name, data)
        assert records(found) == expected(sample), sample.name
        assert marks(name, data) == counted(found)[0], sample.name
        assert formats.recognise(data[: formats.HEAD_BYTES], "") == name, sample.name


def check_real_files(name: str) -> None:
    """Assert that each real file of the format holds the articles, and skips, that a person found in it."""
    corpus("agency")
    truth = json.loads((SAMPLES.parent / "truth" / "agency_files.json").read_text())
    rows = [row for row in truth if row["format"] == name]
    assert rows
    for row in rows:
        data = Path(CORPORA / row["file"]).read_bytes()
        assert counted(pieces(name, data)) == (row["articles"], row["skipped"]), row["file"]
        assert marks(name, data) == row["articles"], row["file"]
