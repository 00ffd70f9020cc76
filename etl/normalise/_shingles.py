"""Texts as sets of shingles: hashes of a few consecutive tokens each. Vectorised over the bytes of many texts.

A token is a word, or one character of a script without spaces. Case (of Latin letters, and some others) and the
accents of Latin letters are folded; punctuation, spaces and symbols separate words and are not tokens.
"""

from __future__ import annotations

import unicodedata
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from etl.normalise._columns import pc

Bytes = np.ndarray[Any, np.dtype[np.uint8]]
Places = np.ndarray[Any, np.dtype[np.int64]]
Hashes = np.ndarray[Any, np.dtype[np.uint64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]

NOTHING = np.uint64(2**64 - 1)
"""Takes the place of a shingle that would go beyond the end of its text."""

_PADDING = 8
"""Bytes before the first text and after the last, so that eight can be read at once anywhere."""


class Shingles(NamedTuple):
    """The shingles of many texts, one text after the other."""

    hashes: Hashes
    """One for every token: of it and those after it; NOTHING for the last tokens of a text."""
    texts: Places
    """For each hash, the place of its text."""
    counts: Places
    """For each text, how many it has, including repetitions."""


class _Tokens(NamedTuple):
    hashes: Hashes
    counts: Places
    """For each text, how many it has."""
    is_unspaced: Flags
    """For each text, whether most of them are single characters."""


def shingles(texts: pa.ChunkedArray | pa.Array) -> tuple[Shingles, Shingles]:
    """Returns the shingles of four consecutive words, and those of eight; of twice as many characters where these are
    tokens.

    A null text has none. Fast on a hundred texts, whose bytes stay in the processor's cache.
    """
    tokens = _tokens(*_without_accents(*_bytes(texts)))
    places = np.repeat(np.arange(len(tokens.counts)), tokens.counts)
    fours = _doubled(_doubled(tokens.hashes, 1), 2)
    eights = _doubled(fours, 4)
    sixteens = _doubled(eights, 8) if tokens.is_unspaced.any() else eights
    return _in_a_row(tokens, places, 4, fours, eights), _in_a_row(tokens, places, 8, eights, sixteens)


def _bytes(texts: pa.ChunkedArray | pa.Array) -> tuple[Bytes, Places]:
    """Returns the bytes of all texts between two paddings, a zero after each, and where each ends, zero included."""
    array = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    nothing, zero = (pa.scalar(text, pa.large_string()) for text in ("", "\0"))
    parted = pc.binary_join_element_wise(pc.fill_null(array, "").cast(pa.large_string()), nothing, zero)
    _, offsets, content = parted.buffers()
    ends = np.frombuffer(offsets, np.int64, len(parted) + 1)
    data = np.zeros(ends[-1] + 2 * _PADDING, np.uint8)
    data[_PADDING:-_PADDING] = np.frombuffer(content, np.uint8, ends[-1])
    return data, ends[1:] + _PADDING


_STROKED = {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "ß": "s", "æ": "a", "Æ": "A"}
_ACCENTED = range(0xC0, 0x180)
"""Accented Latin letters: two bytes, the first of which is one of 0xC3 to 0xC5."""


def _base_letter(letter: str) -> int:
    """Returns the letter without its accent; 0 where there is no such letter."""
    base = _STROKED.get(letter, unicodedata.normalize("NFD", letter)[0])
    return ord(base) if letter.isalpha() and base.isascii() else 0


_BASES = np.array([_base_letter(chr(code)) for code in _ACCENTED], np.uint8)


def _without_accents(data: Bytes, ends: Places) -> tuple[Bytes, Places]:
    """Returns the same with each accented Latin letter replaced by one byte, that of the plain letter."""
    leads = np.flatnonzero(data - np.uint8(0xC3) < 3)
    bases = _BASES[((data[leads].astype(np.int64) & 0x1F) << 6 | data[leads + 1] & 0x3F) - _ACCENTED.start]
    leads, bases = leads[bases > 0], bases[bases > 0]
    if not len(leads):
        return data, ends
    data[leads] = bases
    kept = np.ones(len(data), np.bool_)
    kept[leads + 1] = False
    return data[kept], ends - np.searchsorted(leads, ends)


_SEPARATOR, _WORD, _CHARACTER = 0, 1, 2
_SIGN = 0xC2
"""The first byte of the signs and spaces from U+0080 to U+00BF."""
_LONG = 0xE0
"""From here on a first byte begins a character of three bytes; from 0xF0 on, of four."""


def _kinds_of_long() -> Bytes:
    """Returns what a character of three or four bytes is, by its first byte (less _LONG) and its second."""
    kinds = np.full((32, 256), _WORD, np.uint8)
    kinds[0x0, 0xB8:0xBC] = _CHARACTER  # Thai, Lao
    kinds[0x1, [0x80, 0x81, 0x82, 0x9E, 0x9F]] = _CHARACTER  # Burmese, Khmer
    kinds[0x2] = _SEPARATOR  # punctuation, arrows, symbols
    kinds[0x3:0xA] = _CHARACTER  # kana, Chinese characters
    kinds[0x3, 0x80] = _SEPARATOR  # their punctuation
    kinds[0xF] = _CHARACTER  # wide forms, rarer Chinese characters
    kinds[0xF, [0xB8, 0xBF]] = _SEPARATOR  # variation selectors, specials
    kinds[0x10] = _SEPARATOR  # emoji
    kinds[0x10, 0xA0:0xB3] = _CHARACTER  # the rarest Chinese characters
    return kinds


_KINDS_OF_LONG = _kinds_of_long()
_WIDE_PUNCTUATION = np.zeros((2, 64), np.bool_)
_WIDE_PUNCTUATION[0, [*range(0x01, 0x10), *range(0x1A, 0x21), *range(0x3B, 0x40)]] = True  # U+FF01 to U+FF3F
_WIDE_PUNCTUATION[1, [0x00, *range(0x1B, 0x26)]] = True  # U+FF40 to U+FF65


def _tokens(data: Bytes, ends: Places) -> _Tokens:
    kinds = ((data | 0x20) - np.uint8(ord("a")) < 26) | (data - np.uint8(ord("0")) < 10) | (data >= 0x80)
    characters = _mark_beyond_ascii(data, kinds)
    runs = kinds.view(np.uint8)
    if not len(characters):
        edges = np.flatnonzero(runs[1:] != runs[:-1]) + 1
        firsts, behind = edges[0::2], edges[1::2]
        folds: Hashes | np.uint64 = _FOLD_CASE
    else:
        runs = _with_runs_of_characters(data, runs, characters)
        edges = np.flatnonzero(runs[1:] != runs[:-1]) + 1
        is_token = runs[edges] > 0
        firsts, behind = edges[is_token], edges[1:][is_token[:-1]]
        folds = np.where(runs[firsts] > 1, np.uint64(0), _FOLD_CASE)
    counts = np.diff(np.searchsorted(firsts, ends), prepend=0)
    singles = np.diff(np.searchsorted(characters, ends), prepend=0)
    return _Tokens(_hashes(data, firsts, behind - firsts, folds), counts, 2 * singles > counts)


def _mark_beyond_ascii(data: Bytes, is_word: Flags) -> Places:
    """Unmark what is neither letter nor digit beyond ASCII; return where characters are that are tokens themselves."""
    leads = np.flatnonzero(data >= _SIGN)
    firsts, seconds = data[leads], data[leads + 1]
    signs = leads[firsts == _SIGN]
    is_word[signs] = is_word[signs + 1] = False
    is_long = firsts >= _LONG
    leads, firsts, seconds = leads[is_long], firsts[is_long], seconds[is_long]
    kinds = _KINDS_OF_LONG[firsts - _LONG, seconds]
    wide = np.flatnonzero((firsts == 0xEF) & (seconds & 0xFE == 0xBC))
    kinds[wide[_WIDE_PUNCTUATION[seconds[wide] & 1, data[leads[wide] + 2] & 0x3F]]] = _SEPARATOR
    separators = leads[kinds == _SEPARATOR]
    for place in (separators, separators + 1, separators + 2, _behind(data, separators) - 1):
        is_word[place] = False
    return leads[kinds == _CHARACTER]


def _behind(data: Bytes, long: Places) -> Places:
    """Returns where characters of three or four bytes end."""
    return long + 3 + (data[long] >= 0xF0)


def _with_runs_of_characters(data: Bytes, runs: Bytes, characters: Places) -> Bytes:
    """Make each character a run of its own: of twos and threes in turn, so that neighbours differ."""
    runs = runs.copy()
    turns = (_CHARACTER + (np.arange(len(characters)) & 1)).astype(np.uint8)
    for place in (characters, characters + 1, characters + 2, _behind(data, characters) - 1):
        runs[place] = turns
    return runs


def _hashes(data: Bytes, firsts: Places, lengths: Places, folds: Hashes | np.uint64) -> Hashes:
    """A hash of each token: of its first eight bytes and, where it is longer, of its last eight and its length."""
    eight = np.ndarray(shape=(len(data) - 7,), dtype="<u8", buffer=data, strides=(1,))
    hashes = eight.take(firsts)  # faster than eight[firsts]
    hashes |= folds
    hashes &= _FIRST_BYTES.take(lengths, mode="clip")
    long = np.flatnonzero(lengths > 8)
    hashes[long] ^= ((eight[firsts[long] + lengths[long] - 8] | _FOLD_CASE) + lengths[long].view(np.uint64)) * _ODD[0]
    hashes *= _ODD[1]
    hashes ^= hashes >> np.uint64(32)
    return hashes


_FOLD_CASE = np.uint64(0x2020202020202020)
"""One bit distinguishes upper from lower case, in ASCII and in many scripts of two bytes."""
_FIRST_BYTES = np.array([(1 << 8 * length) - 1 for length in range(9)], np.uint64)
_ODD = [np.uint64(odd) for odd in (0xC2B2AE3D27D4EB4F, 0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93)]


def _doubled(hashes: Hashes, number: int) -> Hashes:
    """Turn hashes of each token and the `number` - 1 after it into those of twice as many; the last are of fewer."""
    doubled = hashes * np.uint64(pow(int(_ODD[2]), number, 2**64))
    doubled[:-number] += hashes[number:]
    return doubled


def _in_a_row(tokens: _Tokens, places: Places, words: int, hashes: Hashes, of_characters: Hashes) -> Shingles:
    """Returns the shingles of this many words, or of twice as many characters where these are tokens."""
    lengths = np.where(tokens.is_unspaced, 2 * words, words)
    if tokens.is_unspaced.any():
        hashes = np.where(tokens.is_unspaced[places], of_characters, hashes)
    hashes = (hashes ^ hashes >> np.uint64(29)) * _ODD[0]
    hashes ^= hashes >> np.uint64(32)
    ends = np.cumsum(tokens.counts)
    for back in range(1, lengths.max(initial=1)):
        hashes[ends[(lengths > back) & (tokens.counts >= back)] - back] = NOTHING
    return Shingles(hashes, places, np.maximum(tokens.counts - lengths + 1, 0))
