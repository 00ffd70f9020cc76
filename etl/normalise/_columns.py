"""Conversions between pandas columns and Arrow arrays, shared by the normalising modules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute

pc: Any = pyarrow.compute  # its stubs know too little about chunked arrays


def to_arrow(texts: pd.Series) -> pa.ChunkedArray:
    """Returns a column of texts as Arrow strings in the same chunks; None, NaN and NA become null."""
    array = pa.chunked_array(pa.array(texts, from_pandas=True))
    return array if array.type == pa.string() else array.cast(pa.string())


def to_list(texts: pd.Series) -> list[Any]:
    """Returns a column of texts as Python strings and None."""
    return to_arrow(texts).to_pylist()


def to_series(values: pa.Array | pa.ChunkedArray, index: pd.Index) -> pd.Series:
    """Returns an Arrow array as a column of the same Arrow type."""
    return pd.Series(pd.arrays.ArrowExtensionArray(values), index=index)


def to_frame(columns: Mapping[str, pa.Array | pa.ChunkedArray], index: pd.Index) -> pd.DataFrame:
    """Returns Arrow arrays as a frame of columns of the same Arrow types."""
    return pd.DataFrame({name: to_series(values, index) for name, values in columns.items()})


def each(function: Callable[[str], str], texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Returns what `function` makes of each text; none of them is null."""
    return pa.chunked_array([pa.array(map(function, texts.to_pylist()), pa.string())])


def replace_where(
    texts: pa.ChunkedArray, mask: Any, function: Callable[[pa.ChunkedArray], pa.ChunkedArray]
) -> pa.ChunkedArray:
    """Returns the texts, with what `function` makes of those where the mask is true in their place."""
    mask = pc.fill_null(mask, False).combine_chunks()
    if not pc.any(mask).as_py():
        return texts
    return pc.replace_with_mask(texts, mask, function(texts.filter(mask)).combine_chunks())
