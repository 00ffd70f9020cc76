"""The documents of NITF, counted from tags and words in passing: by their own tag, or by text that stands in none."""

from __future__ import annotations

import re
from typing import BinaryIO

from etl.formats.common.tag_scan import count_words, tokens

LOOSE_WORDS = 20
_TEXT = re.compile(r"body\.content|body\.head|p|hl1")


def count_documents(stream: BinaryIO) -> int:
    """How many documents there are."""
    marks, loose_words, is_inside, has_text = 0, 0, False, False
    for token in tokens(stream):
        if token.name.lower() == "nitf":
            marks += (has_text or loose_words >= LOOSE_WORDS) + (not token.closes)
            is_inside, has_text, loose_words = token.opens, False, 0
        elif not is_inside:
            has_text |= _TEXT.fullmatch(token.name.lower()) is not None
            loose_words += count_words(token.text)
    return marks + (not is_inside and (has_text or loose_words >= LOOSE_WORDS))
