"""Rows of a CSV that are not articles, for the second count: by their bytes alone, cut into cells by an own rule."""

from __future__ import annotations

import re
from typing import NamedTuple

REMOVED = b"[Removed]"
"""What is left of an article that a service removed."""
_ARTICLE = re.compile(rb"\s*(?:posts?|articles?|news|story|)\s*", re.IGNORECASE)
_FEWEST_REMOVED = 2
"""Cells: the headline and the text."""
_BETWEEN = re.compile(rb"[\s_:\"'-]+")


class Header(NamedTuple):
    """How many columns a table has, and which of them says of what kind a row is, as `post_type` of WordPress does."""

    columns: int
    kind: int | None


def header_of(row: bytes, delimiter: bytes, quote: bytes) -> Header:
    """What a header says."""
    cells = _cells(row.rstrip(b"\n"), re.escape(delimiter), re.escape(quote))
    names = [_BETWEEN.sub(b"", re.split(rb"[./]", name)[-1]).lower() for name in cells]
    return Header(len(names), names.index(b"posttype") if b"posttype" in names else None)


def is_other(row: bytes, header: Header, delimiter: bytes, quote: bytes) -> bool:
    """Whether a row says that it is not an article, or is one of which nothing but that it was removed is left.

    Not where it has other columns than the header or is not UTF-8: what it is nobody knows.
    """
    cells = _cells(row.rstrip(b"\n"), re.escape(delimiter), re.escape(quote))
    if len(cells) != header.columns or b"\0" in row or not _is_utf8(row):
        return False
    is_other_kind = header.kind is not None and _ARTICLE.fullmatch(cells[header.kind]) is None
    return is_other_kind or cells.count(REMOVED) >= _FEWEST_REMOVED


def _is_utf8(row: bytes) -> bool:
    try:
        row.decode()
    except UnicodeDecodeError:
        return False
    return True


def _cells(row: bytes, delimiter: bytes, quote: bytes) -> list[bytes]:
    quoted = rb"%b(?:[^%b]|%b%b)*+%b|" % ((quote,) * 5) if quote else b""
    found = re.findall(rb"(?:^|%b)(%b[^%b]*+)" % (delimiter, quoted, delimiter), row)
    return [cell.strip(quote.removeprefix(b"\\")) for cell in found]
