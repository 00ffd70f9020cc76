"""Rows of a CSV that are not articles, for the second count: by their bytes alone, cut into cells by an own rule."""

from __future__ import annotations

import re

REMOVED = b"[Removed]"
"""What is left of an article that a service removed."""
_ARTICLE = re.compile(rb"\s*(?:posts?|articles?|news|story|)\s*", re.IGNORECASE)
_BETWEEN = re.compile(rb"[\s_:\"'-]+")


def column_of_kind(header: bytes, delimiter: bytes) -> int | None:
    """Which column says of what kind a row is, as `post_type` of WordPress does; None where none does."""
    names = [_BETWEEN.sub(b"", re.split(rb"[./]", name)[-1]).lower() for name in header.split(delimiter)]
    return names.index(b"posttype") if b"posttype" in names else None


def is_other(row: bytes, kind: int | None, delimiter: bytes, quote: bytes) -> bool:
    """Whether a row says that it is not an article, or is one of which nothing but that it was removed is left."""
    cells = _cells(row.rstrip(b"\n"), re.escape(delimiter), re.escape(quote))
    if cells.count(REMOVED) > 1:
        return True
    return kind is not None and kind < len(cells) and _ARTICLE.fullmatch(cells[kind]) is None


def _cells(row: bytes, delimiter: bytes, quote: bytes) -> list[bytes]:
    quoted = rb"%b(?:[^%b]|%b%b)*+%b|" % ((quote,) * 5) if quote else b""
    found = re.findall(rb"(?:^|%b)(%b[^%b]*+)" % (delimiter, quoted, delimiter), row)
    return [cell.strip(quote.removeprefix(b"\\")) for cell in found]
