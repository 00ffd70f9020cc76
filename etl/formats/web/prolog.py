"""What stands before the first element of a page: comments, scripts, what a server should not have written there."""

from __future__ import annotations

import re

_MOST_PIECES = 40
_PIECE = re.compile(
    rb"""
    <\?.*?\?>                                                   # an XML declaration, or PHP that was not run
  | <!--.*?-->
  | <(script|style|noscript|title)\b[^<>]*>.*?</\1\s{0,9}>
  | <(?:meta|link|base|br|hr|p|pre|b|font)\b[^<>]*> | </(?:p|pre|b|font)\s{0,9}>
  | (?:PHP\s)?(?:Warning|Notice|Deprecated|Fatal\serror|Parse\serror|Strict\sStandards)(?:</b>)?\s?:
    (?=[^\n]{0,2000}?\bon\s+line\b)[^\n]*(?:\n|\Z)
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)


def without_prolog(head: bytes) -> bytes:
    """The beginning of a file, from its first element on."""
    at = _blank(head, 0)
    for _ in range(_MOST_PIECES):
        if not (piece := _PIECE.match(head, at)):
            break
        at = _blank(head, piece.end())
    return head[at:]


def _blank(head: bytes, at: int) -> int:
    """Where the white space, and a byte order mark in it, ends."""
    blank = re.compile(rb"(?:\s|\xef\xbb\xbf)*+").match(head, at)
    return blank.end() if blank else at
