"""Which names stand for encodings of characters."""

from __future__ import annotations

import codecs

_NOT_OF_CHARACTERS = frozenset(("idna", "mbcs", "oem", "punycode", "raw-unicode-escape", "unicode-escape", "utf-7"))
"""Codecs that no dump is written in, of domain names and source code; UTF-7 may stand for halves of characters."""


def text_codec(label: str) -> str | None:
    """The codec of characters with this name; None where there is none, or it is of something else (hex, punycode)."""
    try:
        name = codecs.lookup(label).name
        "".encode(name)
    except (LookupError, ValueError):  # ValueError: NUL bytes, and `undefined`, which refuses everything
        return None
    return None if name in _NOT_OF_CHARACTERS else name
