"""Markup as tags and words, in order, for scans that count articles: no parser, nothing is nested or well-formed.

What the scans share with each other, and with no reader.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from html import unescape
from typing import BinaryIO, NamedTuple

from etl.text_codecs import text_codec

_QUOTED = r"""(?:"[^<"]{0,20000}+(?:"|\Z)|'[^<']{0,20000}+(?:'|\Z))"""
"""A value, in which ">" may stand; `\\Z` where its end is not read yet."""
_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<!\[CDATA\[(?P<data>.*?)(?:\]\]>|\Z)"
    r"|<!DOCTYPE[^<>\[]{0,2000}\[[^\]]{0,20000}\]\s*>|<[!?][^<>]{0,20000}>"
    r"|<(?P<close>/?)(?:[\w.-]{1,64}:)?(?P<name>[A-Za-z_][\w.-]{0,100})(?=[\s/>])"
    rf"(?P<rest>(?:[^<>=]{{1,20000}}+|=\s*+{_QUOTED}?+){{0,20000}}+)(?:>|(?=<))",
    re.DOTALL,
)
_WITHIN = re.compile(r"<[^<>]{1,2000}>")
_WORD = re.compile(r"\w+", re.UNICODE)
_SPACED_LESS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_LETTERS_A_WORD = 3
_WIDE_MARKS = (
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"<\0?\0", "utf-16-le"),
    (b"\0<\0?", "utf-16-be"),
)
_SAID = re.compile(rb"\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z][\w.-]{1,40})[\"']")
_CHUNK_BYTES = 1 << 20


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


def tokens(stream: BinaryIO, codec: str | None = None) -> Iterator[Token]:
    """Tags, and the texts between them that are not blank. A CDATA section is text, without the tags within it."""
    held, is_last = "", False
    chunks = _texts(stream, codec)
    while not is_last:
        chunk = next(chunks, None)
        is_last, at, held = chunk is None, 0, held + (chunk or "")
        for found in _TOKEN.finditer(held):
            if not is_last and found.end() == len(held) and not found[0].endswith(">"):
                break  # a section of which the end is not read yet
            if between := held[at : found.start()].strip():
                yield Token(text=unescape(between))
            at = found.end()
            if found["name"]:
                rest = found["rest"]
                yield Token(found["name"], bool(found["close"]), rest.endswith("/"), rest)
            elif found["data"] and (within := _WITHIN.sub(" ", found["data"]).strip()):
                yield Token(text=unescape(within))
        held = held[at:]
    if behind := held.partition("<")[0].strip():
        yield Token(text=unescape(behind))


def count_words(text: str) -> int:
    """About how many words a text has, in scripts without blanks too; escaped markup is not counted."""
    if "<" in text:
        text = _WITHIN.sub(" ", text)
    return len(_WORD.findall(text)) + len(_SPACED_LESS.findall(text)) // _LETTERS_A_WORD


def _texts(stream: BinaryIO, codec: str | None) -> Iterator[str]:
    """A stream as text in which ASCII is right, and the other letters are letters at least."""
    chunk = stream.read(_CHUNK_BYTES)
    decoder = _decoder(chunk, codec)
    while chunk:
        try:
            yield decoder.decode(chunk)
        except UnicodeDecodeError:
            decoder.reset()
            yield chunk.decode("latin-1")
        chunk = stream.read(_CHUNK_BYTES)


def _decoder(head: bytes, codec: str | None) -> codecs.IncrementalDecoder:
    start = head.lstrip(b" \t\r\n")[:4]
    wide = next((name for mark, name in _WIDE_MARKS if start.startswith(mark)), None)
    said = _SAID.match(head)
    named = (text_codec(name) for name in (wide, codec, said and said[1].decode("ascii")) if name)
    return codecs.getincrementaldecoder(next(filter(None, named), "utf-8"))()
