"""Clean text: NFC, without entities, mojibake or invisible characters, and with plain whitespace.

Most texts are already clean, or clean except for their spaces. One regular expression, which Arrow runs over a whole
column, finds those that may not be clean; others, which of these have to be repaired, which to be laid out and which to
be looked at again: only these, one by one, in Python.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from functools import partial
from html.entities import html5
from typing import Any
from unicodedata import combining, normalize

import ftfy.bad_codecs  # noqa: F401  registers sloppy-windows-1252
import numpy as np
import pandas as pd
import pyarrow as pa
from ftfy import fix_encoding

from etl.normalise._columns import each, pc, replace_where, to_arrow, to_series

LONGEST_REPAIRED = 200_000
"""Characters of a text whose mojibake is repaired piece by piece."""

Tidy = Callable[[pa.ChunkedArray], pa.ChunkedArray]
Counts = np.ndarray[Any, np.dtype[np.int64]]
Bytes = np.ndarray[Any, np.dtype[np.uint8]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]

# Characters that are their own NFC, never combine, and need no second look. All others (among them
# '&' and the marks of mojibake) send their text to Python: slower, never wrong.
_PLAIN = " !-%'-~¡-¬®-ÁÄ-ÏÑ-˿Ѐ-҂‐-‗‘-‧€™、-〗ぁ-ゖァ-ヺー一-鿿가-힣！-～"
_MOJIBAKE_PAIRS = "[âãï][€¼]"
_OTHER_SPACES = "\t\x0b\f\r\x1c-\x1f\x85\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_MISLAID_LINE = rf"[\n{_OTHER_SPACES}]|  |^ | $"
_MISLAID_BODY = rf"[{_OTHER_SPACES}]|  | \n|\n |[^\n]\n[^\n]|\n\n\n|^[ \n]|[ \n]$"
_SUSPECT = rf"[^\r\n\xa0{_PLAIN}]|{_MOJIBAKE_PAIRS}"

_CONTINUATION = "".join(bytes([byte]).decode("sloppy-windows-1252") for byte in range(0x80, 0xC0))
# Begins with a single class, which is faster to search than two with what follows each.
_MOJIBAKE = re.compile(f"[ÂÃÐâãï](?:(?<=[ÂÃÐ])[{re.escape(_CONTINUATION)}]|(?<=[âãï])[€¼])")

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|([A-Za-z][A-Za-z0-9]{1,31}));")
_SHORT_ENTITIES = {"lt", "gt", "LT", "GT", "mu", "pi"}

# Scripts (and emoji) in which the joiners U+200C and U+200D are spelling, not dirt.
_JOINING = "\u0600-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
_STRANDED_JOINER = re.compile(f"(?<![{_JOINING}])[\u200c\u200d]+")
_INVISIBLE = (
    "\x00-\x08\x0e-\x1b\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ufffe\uffff"
)
_STRAY = re.compile(f"[{_INVISIBLE}]")
_MARKED = re.compile(f"[{_INVISIBLE}\u200c\u200dÂÃÐ€¼]")  # a first check: a single class is fast to search
# Characters that combine with the one before; NFC sorts a run of them in quadratic time.
_COMBINING = "".join(chr(code) for code in range(0x300, 0x1F000) if combining(chr(code)))  # beyond, none combines
_LONG_RUN = re.compile(f"[{_COMBINING}]{{30}}(?=[{_COMBINING}])")
# A first check, for every fourth character: a run of 31 has seven of those. `re` is slow with many ranges past U+FFFF.
_MAY_COMBINE = "".join(filter(lambda character: character < "\U00010000", _COMBINING)) + "\U00010000-\U0010ffff"
_LONG_RUN_OF_FOURTHS = re.compile(f"[{_MAY_COMBINE}][{_MAY_COMBINE}]{{6}}")
_JOINER = "\u034f"
_MOST_REPAIRS = 20

# C1 control characters are never meant: they are windows-1252 (as in the WHATWG encoding standard).
_C1 = {chr(byte): bytes([byte]).decode("cp1252", "ignore") for byte in range(0x80, 0xA0)}

# Scripts written without spaces: their letters, and (for _BLOCKS) their signs and punctuation too.
_UNSPACED_LETTERS = (
    "\u3005-\u3007\u3041-\u3096\u30a1-\u30fa\u30fc\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
    "\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e46\u0e81-\u0eb0\u0eb2\u0eb3\u0ec0-\u0ec6\u1000-\u102a\u1780-\u17b3"
)
_UNSPACED_BLOCKS = (
    "\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff\uff01-\uff0f\uff1a-\uff20"
    "\uff3b-\uff40\uff5b-\uff65\u0e00-\u0e4e\u0e5a-\u0ecf\u1000-\u103f\u104a-\u109f\u1780-\u17df"
)
_UNSPACED_LETTER = re.compile(f"[{_UNSPACED_LETTERS}]")
_UNSPACED_BLOCK = re.compile(f"[{_UNSPACED_BLOCKS}]+")
_BROKEN_UNSPACED = re.compile(f"(?<=[{_UNSPACED_BLOCKS}])\n(?=[{_UNSPACED_BLOCKS}])")

_SPACED_PARAGRAPHS = rf"^[^{_UNSPACED_BLOCKS}]*\n\n[^{_UNSPACED_BLOCKS}]*$"

_SENTENCE_END = tuple(".!?:…。！？：.”\"’'»)]）」』")
_LONGEST_WRAPPED_LINE = 160


def clean_bodies(bodies: pd.Series) -> pd.Series:
    """Clean article bodies; their paragraphs are separated by one blank line.

    In: strings as they were in the dump. Out: strings (Arrow), null where nothing is left.

    - Mojibake is repaired where the whole text, read as windows-1252, is UTF-8, or else where `ftfy` is
      sure; entities are decoded where HTML defines the name and the semicolon is there.
    - Control and invisible characters are removed, except joiners in scripts that spell with them.
      C1 controls are read as windows-1252. The rest is NFC (Unicode Annex 15), with a joiner (U+034F) after each 30
      of the characters that combine with a letter.
    - A paragraph is a block of lines between blank lines. Where there is no blank line, each line is
      a paragraph if most of them end a sentence, or one is too long to have been wrapped; otherwise the
      lines are one wrapped paragraph.

    Cleaning twice changes nothing. No letter is lost.
    """
    return _clean(bodies, _MISLAID_BODY, _unwrapped, _paragraphs)


def clean_lines(lines: pd.Series) -> pd.Series:
    """Clean one-line fields (headline, deck, byline): as `clean_bodies`, with all whitespace as single spaces.

    In: strings. Out: strings (Arrow), null where nothing is left.
    """
    return _clean(lines, _MISLAID_LINE, _with_plain_spaces, _one_line)


def clean_line(line: str) -> str:
    """Clean one such field: `clean_lines` for a single string."""
    return _settle(_one_line(_repair(line)), _one_line)


def count_words(bodies: pd.Series) -> pd.Series:
    """Count words between whitespace; letters in scripts without spaces (Chinese, Japanese, Thai).

    In: strings from `clean_bodies`. Out: int32 (Arrow), 0 where null.
    """
    texts = to_arrow(bodies)
    counts = _count(texts, lambda data: data == ord(" ")) + _count_breaks(texts) + _has_text(texts)
    places = np.flatnonzero(_count(texts, _may_be_unspaced))
    some = texts.take(pa.array(places))
    is_unspaced = pc.match_substring_regex(some, f"[{_UNSPACED_LETTERS}]")
    counts[places[is_unspaced.to_numpy()]] = [_count_unspaced(text) for text in some.filter(is_unspaced).to_pylist()]
    return to_series(pa.array(counts, pa.int32()), bodies.index)


def count_paragraphs(bodies: pd.Series) -> pd.Series:
    """Count paragraphs. In: strings from `clean_bodies`. Out: int32 (Arrow), 0 where null."""
    texts = to_arrow(bodies)
    return to_series(pa.array(_count_breaks(texts) + _has_text(texts), pa.int32()), bodies.index)


def _has_text(texts: pa.ChunkedArray) -> Counts:
    return pc.fill_null(pc.greater(pc.binary_length(texts), 0), False).to_numpy()


def _count_breaks(texts: pa.ChunkedArray) -> Counts:
    return _count(texts, lambda data: data == ord("\n")) // 2


def _may_be_unspaced(data: Bytes) -> Flags:
    """Whether each byte of UTF-8 begins a character from U+0800 on, but none of those from U+2000 to U+2FFF: signs."""
    return (data >= 0xE0) & (data != 0xE2)


def _count(texts: pa.ChunkedArray, is_counted: Callable[[Bytes], Flags]) -> Counts:
    """Count bytes of each text. Faster than Arrow, which looks at one text after another."""
    return np.concatenate([np.empty(0, np.int64), *(_count_in(chunk, is_counted) for chunk in texts.chunks)])


def _count_in(texts: pa.Array, is_counted: Callable[[Bytes], Flags]) -> Counts:
    _, offsets, content = texts.buffers()
    ends = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    data = np.frombuffer(content or b"", np.uint8)[ends[0] : ends[-1]]
    return np.diff(np.searchsorted(np.flatnonzero(is_counted(data)), ends - ends[0]))


def _clean(texts: pd.Series, mislaid: str, tidy: Tidy, lay_out: Callable[[str], str]) -> pd.Series:
    def laid_out(repaired: pa.ChunkedArray) -> pa.ChunkedArray:
        tidied = tidy(repaired)
        is_mislaid = pc.match_substring_regex(tidied, mislaid)
        return replace_where(pc.if_else(is_mislaid, repaired, tidied), is_mislaid, partial(each, lay_out))

    def cleaned(dirty: pa.ChunkedArray) -> pa.ChunkedArray:
        repaired = _where(_SUSPECT, dirty, _repair)
        clean = replace_where(repaired, pc.match_substring_regex(repaired, rf"\xa0|{mislaid}"), laid_out)
        return _where(_SUSPECT, clean, partial(_settle, lay_out=lay_out))

    before = to_arrow(texts)
    after = replace_where(before, pc.match_substring_regex(before, rf"\xa0|{_SUSPECT}|{mislaid}"), cleaned)
    return to_series(replace_where(after, pc.equal(after, ""), _nulls), texts.index)


def _nulls(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    return pa.chunked_array([pa.nulls(len(texts), pa.string())])


def _where(pattern: str, texts: pa.ChunkedArray, function: Callable[[str], str]) -> pa.ChunkedArray:
    return replace_where(texts, pc.match_substring_regex(texts, pattern), partial(each, function))


def _with_plain_spaces(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Lay out texts in which only spaces and blank lines are wrong: most of them, and much faster than in Python."""
    texts = _replaced({"\r\n": "\n", "\xa0": " "}, texts)
    texts = pc.replace_substring_regex(texts, "  +", " ")
    texts = _replaced({" \n": "\n", "\n ": "\n"}, texts)
    return pc.utf8_trim(pc.replace_substring_regex(texts, "\n\n\n+", "\n\n"), " \n")


def _unwrapped(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Lay out also those with wrapped lines, where blank lines part the paragraphs and words stand between spaces."""

    def joined(wrapped: pa.ChunkedArray) -> pa.ChunkedArray:
        is_plain = pc.match_substring_regex(wrapped, _SPACED_PARAGRAPHS)
        return replace_where(wrapped, is_plain, partial(_replaced, {"\n\n": "\0", "\n": " ", "\0": "\n\n"}))

    texts = _with_plain_spaces(texts)
    return replace_where(texts, pc.match_substring_regex(texts, r"[^\n]\n[^\n]"), joined)


def _replaced(replacements: dict[str, str], texts: pa.ChunkedArray) -> pa.ChunkedArray:
    for old, new in replacements.items():
        texts = pc.replace_substring(texts, old, new)
    return texts


def _clean_body(body: str) -> str:
    return _settle(_paragraphs(_repair(body)), _paragraphs)


def _settle(text: str, lay_out: Callable[[str], str]) -> str:
    """Repair a clean text again until nothing more changes, as one repair can expose the next; but a text that was made
    to need one after another only so often."""
    for _ in range(_MOST_REPAIRS):
        if (repaired := _repair(text)) == text:
            break
        text = lay_out(repaired)
    return text


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _paragraphs(body: str) -> str:
    text = "\n".join(map(_one_line, body.splitlines())).strip("\n")
    if "\n" not in text:
        return text
    if "\n\n" not in text and _lines_are_paragraphs(text.split("\n")):
        return text.replace("\n", "\n\n")
    blocks = [block.strip("\n") for block in text.split("\n\n")]
    return "\n\n".join(_unwrap(block) for block in blocks if block)


def _lines_are_paragraphs(lines: list[str]) -> bool:
    ended = sum(line.endswith(_SENTENCE_END) for line in lines[:-1])
    return 2 * ended >= len(lines) - 1 or max(map(len, lines)) > _LONGEST_WRAPPED_LINE


def _unwrap(block: str) -> str:
    if "\n" not in block:
        return block
    return _BROKEN_UNSPACED.sub("", block).replace("\n", " ")


def _repair(text: str) -> str:
    if "&" in text:
        text = decode_entities(text)
    if _MARKED.search(text):
        text = _repair_mojibake(text)
        text = _STRAY.sub(lambda match: _C1.get(match[0], ""), text)
        if "\u200c" in text or "\u200d" in text:
            text = _STRANDED_JOINER.sub("", text)
    # As Unicode's Stream-Safe Text Format (Annex 15) has it: nothing is lost, and no language has such runs.
    if not text.isascii() and _LONG_RUN_OF_FOURTHS.search(text[::4]):
        text = _LONG_RUN.sub(rf"\g<0>{_JOINER}", text)
    return normalize("NFC", text)


def decode_entities(text: str) -> str:
    """Decode HTML entities, but only what certainly is one: `AT&T;` is left alone."""
    return _ENTITY.sub(_decode_entity, text)


def _decode_entity(match: re.Match[str]) -> str:
    name = match[1]
    known = name is None or (f"{name};" in html5 and (len(name) > 2 or name in _SHORT_ENTITIES))
    return html.unescape(match[0]) if known else match[0]


def _repair_mojibake(text: str) -> str:
    if not _MOJIBAKE.search(text):
        return text
    try:
        return text.encode("sloppy-windows-1252").decode("utf-8")
    except UnicodeError:
        # ftfy takes seconds per megabyte, and no article is so long.
        return fix_encoding(text) if len(text) <= LONGEST_REPAIRED else text


def _count_unspaced(text: str) -> int:
    return len(_UNSPACED_LETTER.findall(text)) + len(_UNSPACED_BLOCK.sub(" ", text).split())
