"""What a delivery says of the articles in it, beside each record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from etl.model import Doubt, Feed, Piece, RawRecord

UNORDERED = "published, in the order of the stanza"
"""Among facts, a date of publication of which only a stanza tells whether the day or the month is first."""
DOUBTED = "doubted"
"""Among facts, what is not sure of them."""

_UNORDERED = (
    "the day of a forwarded message is unknown, as its date does not show which number is the month; if all are "
    "written alike, say date_order in the stanza"
)


def with_facts(pieces: Iterable[Piece], facts: Mapping[str, Any], feed: Feed) -> Iterator[Piece]:
    """Yields pieces, records with the facts that they do not state themselves; then a Doubt of what is not sure."""
    fields = {name: value for name, value in facts.items() if name not in (UNORDERED, DOUBTED)}
    if feed.date_order and UNORDERED in facts:
        fields["published"] = facts[UNORDERED]
    is_day_unknown = False
    for piece in pieces:
        if isinstance(piece, dict):
            piece = _filled(piece, fields)
            is_day_unknown |= UNORDERED in facts and "published" not in piece
        yield piece
    if is_day_unknown:
        yield Doubt(_UNORDERED)
    if DOUBTED in facts:
        yield Doubt(facts[DOUBTED])


def _filled(record: RawRecord, fields: Mapping[str, Any]) -> RawRecord:
    extra = {**fields.get("extra", {}), **record.get("extra", {})}
    return {**fields, **{name: value for name, value in record.items() if value}, "extra": extra}
