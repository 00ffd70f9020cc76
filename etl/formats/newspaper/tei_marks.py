"""The second count of TEI: its texts and the articles in them, by a scan of tags that is no parser."""

from __future__ import annotations

import re
from typing import BinaryIO

from etl.formats.common.tag_scan import tokens

_ROOT = re.compile(r"(?:TEI(?:\.2)?|doc)\Z", re.IGNORECASE)
_DIVISION = re.compile(r"div[0-7]?\Z", re.IGNORECASE)
_KIND = re.compile(r"j?(?:news)?-?_?(?:article|item|story)\Z")


def count_articles(stream: BinaryIO, codec: str | None) -> int:
    """The divisions that are called articles, outermost; of a document without any, the document."""
    total, found, documents = 0, 0, 0
    divisions: list[bool] = []
    for token in tokens(stream, codec):
        if _ROOT.match(token.name):
            documents += -1 if token.closes else not token.is_empty
            if not token.closes and documents <= 1:
                found, divisions = 0, []
                total += token.is_empty
            elif token.closes and not documents:
                total += found or 1
        elif documents and _DIVISION.match(token.name):
            if token.closes:
                divisions and divisions.pop()
            else:
                is_article = _KIND.match(token.value("type")) is not None
                found += is_article and not any(divisions)
                if token.opens:
                    divisions.append(is_article)
    return total + (found or 1 if documents > 0 else 0)
