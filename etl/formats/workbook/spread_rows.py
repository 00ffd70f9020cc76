"""Articles that a list spreads over several rows: nobody can tell what else such a row may be, so none is guessed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from etl.model import Piece, RawRecord, Reject

FEWEST_WORDS = 25
"""Of a text; headings and notes are shorter."""
_ADVICE = "put all of an article in one row"


def without_spread(rows: Iterable[tuple[list[Any], Piece]], bodies: Collection[int]) -> Iterator[Piece]:
    """The pieces of the rows of a list; a Reject for each row with one cell only below an article with more, and for
    that article if it has no text but should. `bodies`: the columns of the text; what stands there alone shows that the
    text above is partial. In a list without one, an article needs no text, unless what is below it is as long as one.
    """
    held: Piece | None = None
    cells = 0
    for row, piece in rows:
        own = [key for key, cell in enumerate(row) if cell is not None and cell != ""]
        if isinstance(piece, dict) and len(own) == 1 < cells:
            if isinstance(held, dict):
                is_text = bool(bodies) or len(str(row[own[0]]).split()) >= FEWEST_WORDS
                held = _with_more_below(held, own[0] in bodies) if is_text else held
            reason = (
                f"has one cell only, below a row with {cells}: it may be the rest of the article above, a heading or a "
                f"note; {_ADVICE}"
            )
            piece = Reject(piece["position"], reason, str(row[own[0]]).encode("utf-8", "replace"))
        elif isinstance(piece, dict):
            cells = len(own)
        if held is not None:
            yield held
        held = piece
    if held is not None:
        yield held


def _with_more_below(record: RawRecord, is_surely_text: bool) -> RawRecord | Reject:
    """An article, below which there may be more of it."""
    if not record.get("body"):
        words = "\t".join(value for name, value in record.items() if name != "position" and isinstance(value, str))
        reason = f"has no text, and the row below has one cell only, which may be it; {_ADVICE}"
        return Reject(record["position"], reason, words.encode("utf-8", "replace"))
    return {**record, "is_partial": True} if is_surely_text else record
