"""Between pandas columns and Arrow arrays: what the normalising modules share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute

pc: Any = pyarrow.compute  # its stubs know too little of chunked arrays


def to_arrow(texts: pd.Series) -> pa.ChunkedArray:
    """A column of texts as Arrow strings, chunks left as they are; None, NaN and NA become null."""
    array = pa.chunked_array(pa.array(texts, from_pandas=True))
    return array if array.type == pa.string() else array.cast(pa.string())


def to_list(texts: pd.Series) -> list[Any]:
    """A column of texts as Python strings and None."""
    return to_arrow(texts).to_pylist()


def to_series(values: pa.Array | pa.ChunkedArray, index: pd.Index) -> pd.Series:
    """An Arrow array as a column of the same Arrow type."""
    return pd.Series(pd.arrays.ArrowExtensionArray(values), index=index)


def to_frame(columns: Mapping[str, pa.Array | pa.ChunkedArray], index: pd.Index) -> pd.DataFrame:
    """Arrow arrays as a frame of columns of the same Arrow types."""
    return pd.DataFrame({name: to_series(values, index) for name, values in columns.items()})


def replace_where(texts: pa.ChunkedArray, mask: Any, function: Callable[[str], str]) -> pa.ChunkedArray:
    """The texts, with `function` of those under the mask in place of them."""
    mask = pc.fill_null(mask, False).combine_chunks()
    if not pc.any(mask).as_py():
        return texts
    selected: list[Any] = texts.filter(mask).to_pylist()
    return pc.replace_with_mask(texts, mask, pa.array([function(text) for text in selected], pa.string()))
