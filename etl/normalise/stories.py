"""When two texts are one story, and what of a text is kept to find that out later.

Two texts are alike when much of the shorter and half of the longer stands in both, counted in shingles of four words.
A fingerprint is what is kept of a text: a few bands, by which those that may be like it are found, and a sketch, from
which is estimated how much they share.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from etl.normalise._columns import to_arrow, to_frame
from etl.normalise._shingles import Flags, Places, Shingles, shingles

SHARED_OF_SHORTER = 2 / 3
SHARED_OF_LONGER = 1 / 2
"""How much of two texts must be shared. Half of the longer: so no two halves of one text make one story of it."""

FEWEST_SHINGLES = 24
"""A shorter text is like none but the same."""

WORDS_COMPARED = 4
WORDS_SOUGHT = 8
"""Bands are of longer shingles than texts are compared by: hardly any two texts share one by chance."""

BANDS = 12
SKETCH_BINS = 128
SKETCH_BYTES = SKETCH_BINS // 2
SKETCH_VALUES = 15

AT_ONCE = 128
"""Texts whose bytes fit into the cache of a processor."""

Numbers = np.ndarray[Any, np.dtype[np.float64]]
Sketches = np.ndarray[Any, np.dtype[np.uint8]]


def fingerprints(bodies: pd.Series) -> pd.DataFrame:
    """The fingerprint of each body.

    In: clean bodies. Out, on the same index:
    - `shingle_count` (int32): shingles of four words, 0 where there is no body.
    - `story_bands` (list of uint32): at most BANDS; none where the text is too short to be like another.
    - `story_sketch` (binary): SKETCH_BYTES; null where there are no bands.
    """
    texts = to_arrow(bodies).combine_chunks()
    parts = [_fingerprint(texts.slice(start, AT_ONCE)) for start in range(0, len(texts), AT_ONCE)]
    counts, has_bands, bands, sketches = (np.concatenate(list(part)) for part in zip(*parts, strict=True))
    is_short = counts < FEWEST_SHINGLES
    has_bands[is_short] = False
    offsets = np.concatenate([[0], np.cumsum(has_bands.sum(axis=1))]).astype(np.int32)
    columns = {
        "shingle_count": pa.array(counts, pa.int32()),
        "story_bands": pa.ListArray.from_arrays(pa.array(offsets), pa.array(bands[has_bands], pa.uint32())),
        "story_sketch": _as_binary(sketches, is_short),
    }
    return to_frame(columns, bodies.index)


def _fingerprint(texts: pa.Array) -> tuple[Places, Flags, Any, Sketches]:
    compared, sought = shingles(texts, WORDS_COMPARED, WORDS_SOUGHT)
    least = _least(sought, BANDS)
    return compared.counts, least != _NOTHING, (least >> np.uint64(16)).astype(np.uint32), _sketch(compared)


_NOTHING = np.uint64(2**64 - 1)


def _least(found: Shingles, bins: int) -> np.ndarray[Any, np.dtype[np.uint64]]:
    """One-permutation MinHash: each text's shingles fall into bins, and of each bin the least stands for it."""
    rows = np.repeat(np.arange(0, len(found.ends) * bins, bins), found.counts)
    in_bins = ((found.hashes & np.uint64(0xFFFF)) * np.uint64(bins) >> np.uint64(16)).astype(np.int64)
    least = np.full(len(found.ends) * bins, _NOTHING)
    np.minimum.at(least, rows + in_bins, found.hashes)
    return least.reshape(-1, bins)


def _sketch(found: Shingles) -> Sketches:
    """Four bits for each bin, two bins to a byte: 0 where it is empty."""
    least = _least(found, SKETCH_BINS)
    values = ((least >> np.uint64(16)) % np.uint64(SKETCH_VALUES) + np.uint64(1)).astype(np.uint8)
    values[least == _NOTHING] = 0
    return values[:, 0::2] << 4 | values[:, 1::2]


def _as_binary(sketches: Sketches, is_short: Flags) -> pa.Array:
    fixed = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(SKETCH_BYTES), len(sketches), [None, pa.py_buffer(np.ascontiguousarray(sketches))]
    )
    return pa.compute.if_else(pa.array(is_short), pa.scalar(None, fixed.type), fixed).cast(pa.binary())


class Shared(NamedTuple):
    """Estimates of how many shingles pairs of texts share, and how far off (one standard deviation) they may be."""

    shingles: Numbers
    error: Numbers


def estimate_shared(one: Sketches, other: Sketches, counts: Places, other_counts: Places) -> Shared:
    """How many shingles each text of `one` shares with the text at the same place of `other`, told by sketches."""
    equal, filled = np.zeros(len(one), np.int64), np.zeros(len(one), np.int64)
    for mask in (0xF0, 0x0F):
        a, b = one & mask, other & mask
        equal += ((a == b) & (a != 0)).sum(axis=1)
        filled += ((a | b) != 0).sum(axis=1)
    by_chance = 1 / SKETCH_VALUES
    alike = np.clip((equal / np.maximum(filled, 1) - by_chance) / (1 - by_chance), 0, 1)
    total = (counts + other_counts).astype(np.float64)
    spread = np.sqrt(np.maximum(alike * (1 - alike), 0.05) / np.maximum(filled, 1)) / (1 - by_chance)
    return Shared(alike / (1 + alike) * total, spread / (1 + alike) ** 2 * total)


def needed(counts: Places, other_counts: Places) -> Numbers:
    """How many shingles two texts must share to be alike."""
    shorter, longer = np.minimum(counts, other_counts), np.maximum(counts, other_counts)
    return np.maximum(SHARED_OF_SHORTER * shorter, SHARED_OF_LONGER * longer)


def are_alike(bodies: pa.ChunkedArray | pa.Array, one: Places, other: Places) -> Flags:
    """Whether pairs of bodies, told by their places, are alike: exactly, by all their shingles."""
    sets = [
        np.unique(part)
        for start in range(0, len(bodies), AT_ONCE)
        for found in shingles(bodies.slice(start, AT_ONCE), WORDS_COMPARED)
        for part in np.split(found.hashes, found.ends[:-1])
    ]
    shared = np.array([len(np.intersect1d(sets[a], sets[b], True)) for a, b in zip(one, other, strict=True)], np.int64)
    sizes = np.array([len(found) for found in sets], np.int64)
    return shared >= needed(sizes[one], sizes[other])


MOST_IN_A_BAND = 16
"""With how many texts, the longest, all others of a band are compared: a band that many texts share tells little."""


def sharing_a_band(bands: Any, texts: Places, lengths: Places) -> tuple[Places, Places]:
    """Pairs of places in `texts` (longer, shorter) that share a band, each once."""
    order = np.lexsort((texts, -lengths, bands))
    starts = np.flatnonzero(np.diff(bands[order], prepend=np.int64(-1)))
    sizes = np.diff(starts, append=len(order))
    begin = np.repeat(starts, sizes)
    nth = np.arange(len(order)) - begin
    found = []
    for longest in range(min(MOST_IN_A_BAND, int(sizes.max(initial=0)))):
        behind = np.flatnonzero(nth > longest)
        found.append(np.stack([texts[order[begin[behind] + longest]], texts[order[behind]]]))
    pairs = np.unique(np.concatenate([np.empty((2, 0), np.int64), *found], axis=1), axis=1)
    return pairs[0], pairs[1]


Rank = tuple[int, str]
"""Minus the length of a text, then its hash: the lower leads."""


def find_leaders(
    unsettled: set[int], like: dict[int, set[int]], rank: dict[int, Rank], leader_of: dict[int, int]
) -> tuple[dict[int, int], set[int]]:
    """The leader of each unsettled text: the longest leading text that it is like; where there is none, itself.

    `like`: of each unsettled text those that it is like, settled or not. `leader_of`: the leaders of settled ones.
    Also gives the settled texts that this upsets: that are like a new leader longer than theirs.
    """
    leaders: dict[int, int] = {}
    for text in sorted(unsettled & like.keys(), key=rank.__getitem__):
        above = [other for other in like[text] if rank[other] < rank[text]]
        leading = [other for other in above if leaders.get(other, leader_of.get(other)) == other]
        leaders[text] = min(leading, key=rank.__getitem__, default=text)
    upset = {
        other
        for text, leader in leaders.items()
        if text == leader
        for other in like[text]
        if other not in unsettled and rank[text] < rank[leader_of[other]]
    }
    return leaders, upset
