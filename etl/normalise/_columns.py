"""Between pandas columns and Arrow arrays: what the normalising modules share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

STRING = pd.ArrowDtype(pa.string())


def to_arrow(texts: pd.Series) -> pa.ChunkedArray:
    """A column of texts as Arrow strings, chunks left as they are; None, NaN and NA become null."""
    array = pa.chunked_array(pa.array(texts, from_pandas=True))
    return array if array.type == pa.string() else array.cast(pa.string())


def to_series(values: pa.Array | pa.ChunkedArray, index: pd.Index) -> pd.Series:
    """An Arrow array as a column of the same Arrow type."""
    return pd.Series(pd.arrays.ArrowExtensionArray(values), index=index)


def map_distinct(texts: pd.Series, function: Callable[[str], Any], kind: pa.DataType) -> pd.Series:
    """`function` of every distinct text, set in place of it; null stays null."""
    distinct, codes = _encode(to_arrow(texts))
    results = pa.array([function(text) for text in distinct], kind)
    return to_series(results.take(codes), texts.index)


def _encode(texts: pa.ChunkedArray) -> tuple[list[str], pa.Array]:
    encoded = texts.combine_chunks().dictionary_encode()
    return encoded.dictionary.to_pylist(), encoded.indices


def replace_where(texts: pa.ChunkedArray, mask: pa.ChunkedArray, function: Callable[[str], str]) -> pa.ChunkedArray:
    """The texts, with `function` of those under the mask in place of them."""
    mask = pc.fill_null(mask, False).combine_chunks()
    if not pc.any(mask).as_py():
        return texts
    replaced = [function(text) for text in texts.filter(mask).to_pylist()]
    return pc.replace_with_mask(texts, mask, pa.array(replaced, pa.string()))
