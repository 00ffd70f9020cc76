"""How many articles a file of web pages holds, by its tags and its lines: the count that the reader is held against."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from etl.formats.common.encoding import bom_codec
from etl.formats.common.markup_codecs import codec_of, stated_codec
from etl.formats.web.several import articles_in

_HIDDEN = re.compile(
    rb"<(?:!--(?:[^-]++|-(?!->))*+(?:-->|\Z)"
    rb"|(?=[stin])(script|style|textarea|iframe|noscript|title)\b(?:[^<]++|<(?!/\1\b))*+(?:</\1\b|\Z))",
    re.I,
)
_HTML = rb"<html(?=[\s>])(?![^<>]{0,999}>\s{0,99}<html[\s>])"
"""A tag right before another of its kind begins no page of its own."""
_SIGNS = tuple(re.compile(sign, re.I) for sign in (_HTML, rb"<body(?=[\s>])", rb"<!doctype\s"))

_ANY_TAG = re.compile(rb"<[^<>]*>")
_FEWEST_WORDS = 60
"""Of what follows the end of a page. A counter or a notice has less."""


def count(data: bytes, encoding: str | None, is_too_large: Callable[[bytes], bool]) -> int:
    """The articles of a file: one for each page in it, and more where a page looks as if it held several.

    `is_too_large`: whether a page cannot be read anyway. It is not looked into.
    """
    if not data.strip():
        return 0
    codec = bom_codec(data) or (codec_of(encoding) if encoding else None)
    text = data.decode(codec, "replace").encode() if codec else data
    pages = _pages(text)
    return sum(_articles(page, is_too_large) + _is_text_behind(page) for page in pages)


def _pages(data: bytes) -> list[bytes]:
    """The file cut where a page begins, by the sign of a beginning of which there are most."""
    if all(len(sign.findall(data)) < 2 for sign in _SIGNS):
        return [data]
    shown = _HIDDEN.sub(lambda hidden: b" " * len(hidden[0]), data)
    starts = max(([sign.start() for sign in signs.finditer(shown)] for signs in _SIGNS), key=len)
    cuts = [0, *starts[1:], len(data)]
    return [data[start:end] for start, end in pairwise(cuts)]


def _is_text_behind(data: bytes) -> bool:
    """Whether another article follows the end of the last page, in tags that begin no page."""
    _, end, behind = data.lower().rpartition(b"</html")
    if not end or len(behind) < _FEWEST_WORDS:
        return False
    return len(_ANY_TAG.sub(b" ", _HIDDEN.sub(b" ", behind.partition(b">")[2])).split()) >= _FEWEST_WORDS


def _articles(page: bytes, is_too_large: Callable[[bytes], bool]) -> int:
    if is_too_large(page):
        return 1
    try:
        text = page.decode()
    except UnicodeDecodeError:
        text = page.decode(stated_codec(page) or "cp1252", "replace")
    return max(1, len(articles_in(text)))
