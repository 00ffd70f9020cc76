"""Replies: letters that answer another one are no articles of their senders."""

from __future__ import annotations

import re

LOOKED_AT_BYTES = 200_000
"""Of a letter, to see whether it quotes."""

_REPLIED = re.compile(
    r"\s*(?:re|aw|sv|antw|odp|ynt|rif|res|回复|答复|回覆|답장)(?:\s?\[\d+\]|\^\d)?\s?[:：]", re.IGNORECASE
)
_QUOTED = re.compile(
    r"^(?:>|&gt;)|<blockquote[^<>]{0,200}\bcite\b|gmail_quote|moz-cite|yahoo_quoted|divRplyFwdMsg", re.I | re.M
)


def is_reply(subject: str, is_in_reply: bool, content: bytes) -> bool:
    """Whether a letter answers another one: by its subject, and that it says which one, or quotes from it."""
    return _REPLIED.match(subject) is not None and (
        is_in_reply or _QUOTED.search(content.decode("latin-1")) is not None
    )
