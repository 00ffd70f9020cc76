"""Rows of a CSV that are not articles, for the second count: by their bytes alone, cut into cells by an own rule."""

from __future__ import annotations

import re
from typing import NamedTuple

from etl.formats.common.csv_text import LONGEST_NAME
from etl.formats.common.usual_names import PLACES, known

REMOVED = b"[Removed]"
"""What is left of an article that a service removed."""
_LONGEST_HEADER_BYTES = 2_000
_BESIDE_NAMES = b"\"' \t\r\n\v\f_-:*"
_NAMES = frozenset(name.encode() for name in PLACES)
_STEPS = re.compile(rb"[./@\[]")
"""In what may be a path."""
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


def is_header(row: bytes, delimiter: bytes, quote: bytes) -> bool:
    """Whether a row below a header is that of another table: each of its cells is a usual name, a headline's or body's
    among them."""
    if len(row) > _LONGEST_HEADER_BYTES or not _may_be_name(row.split(delimiter, 1)[0]):
        return False
    cells = _cells(row.rstrip(b"\n"), re.escape(delimiter), re.escape(quote))
    names = [cell.decode("utf-8", "replace") for cell in cells]
    number, has_article = known(names)
    return has_article and number == len(names) > 1 and max(map(len, names)) <= LONGEST_NAME


def _may_be_name(cell: bytes) -> bool:
    """Whether the first cell of a row may be a usual name: most rows are told by it, and fast."""
    bare = cell.translate(None, _BESIDE_NAMES).lower()
    return bare in _NAMES or not bare.isascii() or _STEPS.search(bare) is not None


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
