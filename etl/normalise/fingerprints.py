"""When two texts are one story, and what is kept of a text to find that out later.

Two texts are alike when much of the shorter and half of the longer is in both, counted in shingles of four words.
A fingerprint is what is kept of a text: a few bands, to find texts that may be like it, and a sketch, to estimate how
much they share.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from etl.normalise._columns import pc, to_arrow, to_frame
from etl.normalise._shingles import NOTHING, Flags, Hashes, Places, Shingles, shingles

SHARED_OF_SHORTER = 2 / 3
SHARED_OF_LONGER = 1 / 2
"""How much of two texts must be shared. Half of the longer, so that two halves of a text do not become one story."""

FEWEST_SHINGLES = 24
"""A shorter text is like no other, only like its own copies."""

BANDS = 12
SKETCH_BINS = 128
SKETCH_BYTES = SKETCH_BINS // 2
SKETCH_VALUES = 15

BYTES_AT_ONCE = 320 * 1024
"""This many bytes of text, and what is computed from them, fit into a processor's cache."""

Numbers = np.ndarray[Any, np.dtype[np.float64]]
Bands = np.ndarray[Any, np.dtype[np.uint32]]
Sketches = np.ndarray[Any, np.dtype[np.uint8]]


def fingerprints_of(bodies: pd.Series) -> pd.DataFrame:
    """Returns the fingerprint of each body.

    In: clean bodies. Out, on the same index:
    - `shingle_count` (int32): shingles of four words, 0 where there is no body.
    - `story_bands` (list of uint32): at most BANDS; none where the text is too short to be like another.
    - `story_sketch` (binary): SKETCH_BYTES; null where there are no bands.
    """
    texts = to_arrow(bodies).combine_chunks()
    counts = np.zeros(len(texts), np.int64)
    least = np.full((len(texts), BANDS), NOTHING)
    sketches = np.zeros((len(texts), SKETCH_BYTES), np.uint8)
    for some in _slices(texts):
        compared, sought = shingles(texts[some])
        counts[some] = compared.counts
        least[some] = _least(sought, BANDS)
        sketches[some] = sketches_of(compared)
    is_short = counts < FEWEST_SHINGLES
    has_band = (least != NOTHING) & ~is_short[:, np.newaxis]
    offsets = np.concatenate([[0], np.cumsum(has_band.sum(axis=1))]).astype(np.int32)
    bands = (least[has_band] >> np.uint64(16)).astype(np.uint32)
    columns = {
        "shingle_count": pa.array(counts, pa.int32()),
        "story_bands": pa.ListArray.from_arrays(pa.array(offsets), pa.array(bands)),
        "story_sketch": _as_binary(sketches, is_short),
    }
    return to_frame(columns, bodies.index)


def _slices(texts: pa.ChunkedArray | pa.Array) -> Iterator[slice]:
    """Slice the texts in order, as many at once as fit into BYTES_AT_ONCE, but at least one."""
    ends = np.cumsum(pc.fill_null(pc.binary_length(texts), 0).to_numpy(), dtype=np.int64)
    starts = np.flatnonzero(np.diff(ends // BYTES_AT_ONCE, prepend=-1))
    return map(slice, starts.tolist(), [*starts[1:].tolist(), len(ends)])


def _least(found: Shingles, bins: int) -> Hashes:
    """One-permutation MinHash: each text's shingles fall into bins, and the least of each bin represents it."""
    in_bins = (found.hashes & np.uint64(0xFFFF)) * np.uint64(bins) >> np.uint64(16)
    least = np.full(len(found.counts) * bins, NOTHING)
    np.minimum.at(least, found.texts * bins + in_bins.view(np.int64), found.hashes)
    return least.reshape(-1, bins)


def sketches_of(found: Shingles) -> Sketches:
    """Returns each text's sketch: four bits of the least hash in each bin, two bins to a byte; 0 where it is empty."""
    least = _least(found, SKETCH_BINS)
    values = ((least >> np.uint64(16)) % np.uint64(SKETCH_VALUES) + np.uint64(1)).astype(np.uint8)
    values[least == NOTHING] = 0
    return np.bitwise_or(values[:, 0::2] << 4, values[:, 1::2], dtype=np.uint8)


def _as_binary(sketches: Sketches, is_short: Flags) -> pa.Array:
    fixed = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(SKETCH_BYTES), len(sketches), [None, pa.py_buffer(np.ascontiguousarray(sketches))]
    )
    return pc.if_else(pa.array(is_short), pa.scalar(None, fixed.type), fixed).cast(pa.binary())


class Shared(NamedTuple):
    """Estimates of how many shingles pairs of texts share, and how far off (one standard deviation) they may be."""

    shingles: Numbers
    error: Numbers


def estimate_shared(one: Sketches, other: Sketches, counts: Places, other_counts: Places) -> Shared:
    """Estimate from sketches how many shingles each text of `one` shares with the text at its place in `other`."""
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
    """Returns how many shingles two texts must share to be alike."""
    shorter, longer = np.minimum(counts, other_counts), np.maximum(counts, other_counts)
    return np.maximum(SHARED_OF_SHORTER * shorter, SHARED_OF_LONGER * longer)


def are_alike(bodies: pa.ChunkedArray | pa.Array, one: Places, other: Places) -> Flags:
    """Whether pairs of bodies, given by their places, are alike: an exact answer, from all their shingles."""
    sets = [found for some in _slices(bodies) for found in _sets(bodies[some])]
    shared = np.array([len(np.intersect1d(sets[a], sets[b], True)) for a, b in zip(one, other, strict=True)], np.int64)
    sizes = np.array([len(found) for found in sets], np.int64)
    return shared >= needed(sizes[one], sizes[other])


def shared_shares(bodies: pa.ChunkedArray | pa.Array, one: Places, other: Places) -> tuple[Numbers, Places]:
    """Returns for pairs of bodies, given by their places, how much of the shorter is in both, 0 to 1, and how many
    different shingles the shorter has."""
    sets = [found for some in _slices(bodies) for found in _sets(bodies[some])]
    pairs = [(sets[a], sets[b]) for a, b in zip(one, other, strict=True)]
    shared = np.array([len(np.intersect1d(*pair, True)) for pair in pairs], np.int64)
    shorter = np.array([min(map(len, pair)) for pair in pairs], np.int64)
    return shared / np.maximum(shorter, 1), shorter


def _sets(bodies: pa.ChunkedArray | pa.Array) -> list[Hashes]:
    """Returns the distinct shingles of four words in each body."""
    found, _ = shingles(bodies)
    ends = np.searchsorted(found.texts, np.arange(1, len(found.counts)))
    return [np.unique(part[part != NOTHING]) for part in np.split(found.hashes, ends)]


MOST_IN_A_BAND = 16
"""All texts of a band are compared with this many of its longest: a band that many texts share says little."""


def only_shared(bands: Bands, texts: Places) -> tuple[Bands, Places]:
    """Returns bands and the texts that have them, band by band, without the bands that only one text has."""
    order = np.argsort(bands)
    ordered = bands[order]
    is_shared = np.zeros(len(bands), np.bool_)
    is_shared[1:] = ordered[1:] == ordered[:-1]
    is_shared[:-1] |= is_shared[1:]
    return ordered[is_shared], texts[order][is_shared]


def sharing_a_band(bands: Bands, texts: Places, counts: Places) -> tuple[Places, Places]:
    """Pairs of texts (the longer, the shorter) that share a band, each pair once. `texts` are places in `counts`."""
    order = np.lexsort((texts, -counts[texts], bands))
    bands, texts = bands[order], texts[order]
    starts = np.flatnonzero(np.diff(bands, prepend=bands[:1] + 1))
    sizes = np.diff(starts, append=len(bands))
    first = np.repeat(starts, sizes)
    nth = np.arange(len(bands)) - first
    pairs = [np.empty((2, 0), np.int64)]
    for longest in range(min(MOST_IN_A_BAND, int(sizes.max(initial=0)))):
        behind = np.flatnonzero(nth > longest)
        pairs.append(np.stack([texts[first[behind] + longest], texts[behind]]))
    longer, shorter = np.unique(np.concatenate(pairs, axis=1), axis=1)
    return longer, shorter
