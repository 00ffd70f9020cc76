"""Markup as tags and words, in order, for scans that count articles: no parser, nothing is nested or well-formed.

What the scans share with each other, and with no reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<!\[CDATA\[(?P<data>.*?)(?:\]\]>|\Z)"
    r"|<!DOCTYPE[^<>\[]{0,2000}\[[^\]]{0,20000}\]\s*>|<[!?][^<>]{0,20000}>|<(?P<close>/?)(?:[\w.-]{1,64}:)?(?P<name>[A-Za-z_][\w.-]{0,100})(?P<rest>[^<>]{0,20000})>",
    re.DOTALL,
)
_WITHIN = re.compile(r"<[^<>]{1,2000}>")
_WORD = re.compile(r"\w+", re.UNICODE)
_SPACED_LESS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_LETTERS_A_WORD = 3
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe\0\0", "utf-32"), (b"\0\0\xfe\xff", "utf-32"))
_WIDE_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"<\0?\0", "utf-16-le"), (b"\0<\0?", "utf-16-be"))


class Token(NamedTuple):
    """A tag, with its name as written and what else is in it; or, without a name, a stretch of text."""

    name: str = ""
    closes: bool = False
    is_empty: bool = False
    attributes: str = ""
    text: str = ""

    @property
    def opens(self) -> bool:
        """Whether something may stand within."""
        return bool(self.name) and not self.closes and not self.is_empty

    def value(self, name: str) -> str:
        """The value of an attribute, in lower case; '' without it."""
        found = re.search(rf"""(?<![\w.-]){name}\s*=\s*(?:"([^"]*)"|'([^']*)')""", self.attributes)
        return (found[1] or found[2] or "").strip().lower() if found else ""


def tokens(data: bytes) -> Iterator[Token]:
    """Tags, and the texts between them that are not blank. A CDATA section is text, without the tags within it."""
    text, at = _text(data), 0
    for found in _TOKEN.finditer(text):
        if between := text[at : found.start()].strip():
            yield Token(text=unescape(between))
        at = found.end()
        if found["name"]:
            rest = found["rest"]
            yield Token(found["name"], bool(found["close"]), rest.endswith("/"), rest)
        elif found["data"] and (within := _WITHIN.sub(" ", found["data"]).strip()):
            yield Token(text=unescape(within))
    if behind := text[at:].strip():
        yield Token(text=unescape(behind))


def count_words(text: str) -> int:
    """About how many words a text has, in scripts without blanks too; escaped markup is not counted."""
    if "<" in text:
        text = _WITHIN.sub(" ", text)
    return len(_WORD.findall(text)) + len(_SPACED_LESS.findall(text)) // _LETTERS_A_WORD


def _text(data: bytes) -> str:
    """Bytes as text in which ASCII is right, whatever the other letters are."""
    start = data.lstrip(b" \t\r\n")[:4]
    codec = next((codec for mark, codec in (*_MARKS, *_WIDE_MARKS) if start.startswith(mark)), None)
    if codec:
        return data.lstrip(b" \t\r\n").decode(codec, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")
