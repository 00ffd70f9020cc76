"""Whether a page is only wrapped around a dump of another kind: a wire or a table shown in a browser and saved."""

from __future__ import annotations

import html
import re

from etl import formats
from etl.formats.common import joined
from etl.model import DumpError

_LONG_TEXT = re.compile(r">([^<>]{400,})")
_UNSEEN = re.compile(r"<(?=[st])(script|style|textarea|title)\b(?:[^<]++|<(?!/\1))*+</\1", re.IGNORECASE)
_BEGINNING = re.compile(r"<\?xml\s|[\x01\x02\x16]")
"""What a document of XML, or a message of a wire, begins with."""
_FEWEST_LINES = 5


def dump_within(page: str) -> str | None:
    """What stands in a page, if that is not the text of one article; else None."""
    if begin := _BEGINNING.search(page, 1):
        return _kind(page[begin.start() :])
    if not any(_has_lines(found[1]) for found in _LONG_TEXT.finditer(page)):
        return None
    texts = (found[1] for found in _LONG_TEXT.finditer(_UNSEEN.sub("", page)) if _has_lines(found[1]))
    text = html.unescape(max(texts, key=len, default="")).lstrip()
    articles = len(joined.begins(text))
    return _kind(text) or (f"about {articles} articles as plain text" if articles > 1 else None)


def _kind(text: str) -> str | None:
    try:
        found = formats.recognise(text[: formats.HEAD_BYTES].encode("utf-8", "replace"), "")
    except DumpError:
        return "a dump of another kind"
    is_page = not found or found.endswith("html")  # a vendor's export as HTML is a page itself
    return None if is_page else f"a dump in the format {found}"


def _has_lines(text: str) -> bool:
    return text.count("\n") >= _FEWEST_LINES
