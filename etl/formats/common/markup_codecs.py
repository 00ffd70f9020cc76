"""The codec that a page states in itself, and what browsers take its name for."""

from __future__ import annotations

import re

from etl.text_codecs import text_codec

_CHARSET = re.compile(rb"""<meta[^<>]{0,200}?charset\s{0,9}=[\s"']{0,9}([\w-]{2,30})""", re.IGNORECASE)
_STATED_WITHIN_BYTES = 65_536
# What pages call their codec -> the wider one that browsers take for it (WHATWG encoding standard).
_WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    # A page that states this in ASCII is wrong.
    "utf-16": "utf-8",
    "utf-16-le": "utf-8",
    "utf-16-be": "utf-8",
}


def stated_codec(data: bytes) -> str | None:
    """The codec that a page states in itself, as browsers understand it; None where there is none."""
    match = _CHARSET.search(data[:_STATED_WITHIN_BYTES])
    return codec_of(match[1].decode("ascii", "replace")) if match else None


def codec_of(label: str) -> str | None:
    """The codec that browsers use for the name that a page or server gives; None where no codec has that name."""
    name = text_codec(label)
    return _WIDER.get(name, name) if name else None
