"""What was taken down, recognised again without keeping its text.

A tombstone is a key (an id, an address, a content hash) or a text. Of a text it keeps the hash of its letters, and
two kinds of hashes to find it with changes or inside another: of one in 32 of its runs of 16 letters, and, where it
is short, a sketch of its runs of five. No words can be read from any of them.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from etl.normalise._shingles import Places, Shingles
from etl.normalise.fingerprints import BYTES_AT_ONCE, SKETCH_BYTES, Sketches, estimate_shared, sketches_of
from etl.normalise.urls import address_of

TEXT = "text"
"""The kind of a tombstone whose value is the hash of a text's letters."""

KEPT = pa.schema(
    {
        "kind": pa.string(),
        "value": pa.string(),
        "samples": pa.list_(pa.uint32()),
        "sketch": pa.binary(),
        "taken_down_at": pa.timestamp("us"),
        "reason": pa.string(),
    }
)
"""Tombstones as ops.takedown has them."""

MARKS = pa.schema([KEPT.field(name) for name in ("kind", "value", "samples", "sketch")])
"""What is kept of texts."""

JUDGED = ("ordinal", "native_kind", "native_id", "url_key", "content_key", "content_hash", "body")
"""The columns of articles-*.parquet by which an article is recognised."""

RUN_LETTERS = 16
FEWEST_SAMPLES = 4
SHARED_SAMPLES = 1 / 3
"""A text with this share of a tombstone's samples, and at least so many, holds much of what was taken down."""

FEWEST_LETTERS, MOST_LETTERS = 40, 600
"""A shorter text is found by its hash alone, a longer one by its samples."""
LIKE_LETTERS = 0.6
"""Two short texts that share this much of their runs of five letters differ in a few words."""

_OTHERS = bytes(code for code in range(256) if not (code < 128 and chr(code).isalnum()))
_UNLETTERED = re.compile(r"[\W_]+")
_ODD = [np.uint64(odd) for odd in (0xC2B2AE3D27D4EB4F, 0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93)]

Values = np.ndarray[Any, np.dtype[np.uint32]]


def letters_of(text: str) -> bytes:
    """Returns the letters and digits of a text, in lower case and without accents."""
    if text.isascii():
        return text.lower().encode().translate(None, _OTHERS)
    # Marks are removed first, because putting a long run of them in order takes for ever.
    plain = unicodedata.normalize("NFKD", _UNLETTERED.sub("", text.casefold()))
    return _UNLETTERED.sub("", plain).encode("utf-8", "replace")


def marks_of(texts: Sequence[str]) -> pa.Table:
    """Returns what is kept of these texts, in MARKS: a row for each different one that has letters."""
    different = dict.fromkeys(letters for text in texts if (letters := letters_of(text)))
    columns = {
        "kind": [TEXT] * len(different),
        "value": [_hash(letters) for letters in different],
        "samples": [np.unique(_samples([letters])[0]).tolist() for letters in different],
        "sketch": [_sketch(letters) if _is_short(letters) else None for letters in different],
    }
    return pa.table(columns, MARKS)


class Tombstones:
    """Everything that was taken down, ready to be compared with what comes in."""

    def __init__(self, kept: pa.Table, is_alike_accepted: bool = False) -> None:
        """`kept`: rows in KEPT. Where a person accepts it, what is only like them is let through."""
        rows = kept.sort_by("taken_down_at").to_pylist()
        self.is_alike_accepted = is_alike_accepted
        self._by_key: dict[tuple[str, str], dict[str, Any]] = {}
        for row in rows:
            self._by_key.setdefault(_comparable(row["kind"], row["value"]), row)
        self._texts = [row for row in rows if row["kind"] == TEXT]
        pairs = [(value, place) for place, row in enumerate(self._texts) for value in row["samples"] or ()]
        self._samples, self._owners = np.array(sorted(pairs), np.int64).reshape(-1, 2).T
        self._short = [row for row in self._texts if row["sketch"]]
        self._sketches = _stacked([row["sketch"] for row in self._short])

    def __bool__(self) -> bool:
        return bool(self._by_key)

    def of_key(self, kind: str | None, value: str | None) -> str | None:
        """Returns why whatever has this key is rejected; None where it was not taken down."""
        found = self._by_key.get(_comparable(kind, value)) if kind and value else None
        return _same(found) if found else None

    def of_texts(self, texts: Sequence[str | None]) -> list[str | None]:
        """Returns for each text why it is rejected: it was taken down, is like one that was, or holds much of one."""
        if not self._texts:
            return [None] * len(texts)
        letters = [letters_of(text) if text else b"" for text in texts]
        reasons: list[str | None] = [None] * len(texts)
        if not self.is_alike_accepted:
            for place, row in (*self._held_by(letters), *self._nearest(letters)):
                reasons[place] = _like(row)
        for place, own in enumerate(letters):
            if own and (same := self._by_key.get((TEXT, _hash(own)))):
                reasons[place] = _same(same)
        return reasons

    def _held_by(self, letters: Sequence[bytes]) -> Iterator[tuple[int, dict[str, Any]]]:
        """The places of texts that have enough samples of a tombstone, with the tombstone."""
        if not len(self._samples):
            return
        values, places = _samples(letters)
        is_kept = np.isin(values, self._samples)
        shared: Counter[tuple[int, int]] = Counter()
        for value, place in set(zip(values[is_kept].tolist(), places[is_kept].tolist(), strict=True)):
            first, last = np.searchsorted(self._samples, [value, value + 1])
            shared.update((place, owner) for owner in self._owners[first:last].tolist())
        for (place, owner), number in shared.items():
            if number >= max(FEWEST_SAMPLES, SHARED_SAMPLES * len(self._texts[owner]["samples"])):
                yield place, self._texts[owner]

    def _nearest(self, letters: Sequence[bytes]) -> Iterator[tuple[int, dict[str, Any]]]:
        """The places of short texts that are like a short tombstone, with the tombstone."""
        alone = np.ones(len(self._short), np.int64)
        for place, text in enumerate(letters if self._short else ()):
            if _is_short(text):
                own = _stacked([_sketch(text)] * len(self._short))
                # Of two texts of one run each, that many are shared.
                shared = estimate_shared(own, self._sketches, alone, alone).shingles
                best = int(np.argmax(shared))
                if shared[best] >= 2 * LIKE_LETTERS / (1 + LIKE_LETTERS):
                    yield place, self._short[best]


def judge(articles: pa.Table, tombstones: Tombstones) -> dict[int, str]:
    """Returns why articles are rejected that were taken down or are like one that was, by their ordinals.

    In: at least the columns JUDGED of etl.schemas.ARTICLE.
    """
    found: dict[int, str] = {}
    of_texts = tombstones.of_texts(articles["body"].to_pylist())
    for row, of_text in zip(articles.select(JUDGED[:-1]).to_pylist(), of_texts, strict=True):
        keys = [(row["native_kind"], row["native_id"])]
        keys += [(kind, row[column]) for kind, column in KEYS.items()]
        reason = next((known for key in keys if (known := tombstones.of_key(*key))), of_text)
        if reason:
            found[row["ordinal"]] = reason
    return found


KEYS = {"url": "url_key", "content": "content_key", "content_hash": "content_hash"}
"""Kind of key -> the column of articles-*.parquet that holds it."""


def _hash(letters: bytes) -> str:
    return hashlib.sha256(letters).hexdigest()[:32]


def _is_short(letters: bytes) -> bool:
    return FEWEST_LETTERS <= len(letters) <= MOST_LETTERS


def _samples(letters: Sequence[bytes]) -> tuple[Values, Places]:
    """The hashes of one in 32 runs of letters of these texts, and the place of the text of each."""
    parts = []
    start, size = 0, 0
    for place, text in enumerate(letters):
        size += len(text)
        if size >= BYTES_AT_ONCE or place == len(letters) - 1:
            values, places = _samples_at_once(letters[start : place + 1])
            parts.append((values, places + start))
            start, size = place + 1, 0
    if not parts:
        return np.array([], np.uint32), np.array([], np.int64)
    return np.concatenate([values for values, _ in parts]), np.concatenate([places for _, places in parts])


def _samples_at_once(letters: Sequence[bytes]) -> tuple[Values, Places]:
    data = b"\0".join([*letters, bytes(RUN_LETTERS)])
    eight = np.ndarray(shape=(len(data) - 7,), dtype="<u8", buffer=data, strides=(1,))
    hashes = eight[:-8] * _ODD[0]
    hashes += eight[8:] * _ODD[1]
    hashes ^= hashes >> np.uint64(29)
    starts = np.flatnonzero(hashes & np.uint64(0x1F) == 0)
    ends = np.cumsum([len(text) + 1 for text in letters])
    places = np.searchsorted(ends, starts, side="right")
    is_whole = (places < len(letters)) & (starts + RUN_LETTERS < ends[np.minimum(places, len(letters) - 1)])
    return (hashes[starts[is_whole]] >> np.uint64(32)).astype(np.uint32), places[is_whole]


def _sketch(letters: bytes) -> bytes:
    """The sketch of the runs of five letters of a text."""
    codes = np.frombuffer(letters, np.uint8).astype(np.uint64)
    runs = codes[4:].copy()
    for place in range(4):
        runs |= codes[place : len(codes) - 4 + place] << np.uint64(8 * (place + 1))
    runs *= _ODD[1]
    runs ^= runs >> np.uint64(32)
    runs *= _ODD[2]
    return sketches_of(Shingles(runs, np.zeros(len(runs), np.int64), np.array([len(runs)])))[0].tobytes()


def _stacked(sketches: Sequence[bytes]) -> Sketches:
    return np.frombuffer(b"".join(sketches), np.uint8).reshape(-1, SKETCH_BYTES)


def _comparable(kind: str, value: str) -> tuple[str, str]:
    """A key as it is compared: an address without what does not tell two pages apart."""
    return kind, address_of(value) if kind == "url" else value


def _same(row: dict[str, Any]) -> str:
    day = f"{row['taken_down_at']:%Y-%m-%d}"
    return f"it was taken down on {day} and must not be loaded again: {row['reason']}"


def _like(row: dict[str, Any]) -> str:
    day = f"{row['taken_down_at']:%Y-%m-%d}"
    advice = "if it may be loaded all the same: broadsheet ingest FILE --force --accept-alike"
    return f"it is like an article taken down on {day} ({row['reason']}); {advice}"
