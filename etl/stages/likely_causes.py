"""Why most articles of a dump were rejected, as far as its own records show it: advice, and never a verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from etl.run import Batch

LOOKED_AT = 200
"""Records or pieces: the first ones show what is wrong with most."""
SHORTEST_TEXT_CHARACTERS = 80
"""A field with fewer on average is not a text that was meant to be the body."""
CHARACTERS_OF_WIDE = 3
"""One of Chinese, Japanese or Korean says as much as so many others."""


def cause_of(batch: Batch, delivery: int) -> str:
    """Returns what is likely wrong with a dump and what to do about it; '' where its records do not show it."""
    pieces = _first(batch.pieces, delivery, ["reason", "piece"])
    records = _first(batch.raw, delivery, ["body", "extra"])
    return _cause_of_pieces(pieces) if len(pieces) > len(records) else _cause_of_records(records)


def _first(files: list[Path], delivery: int, columns: list[str]) -> list[dict[str, Any]]:
    """The first rows of a delivery, without reading the texts of the whole batch."""
    return list(islice(_rows(files, delivery, columns), LOOKED_AT))


def _rows(files: list[Path], delivery: int, columns: list[str]) -> Iterator[dict[str, Any]]:
    for file in files:
        with pq.ParquetFile(file) as parquet:
            for part in parquet.iter_batches(LOOKED_AT, columns=["delivery", *columns]):
                is_own = [number == delivery for number in part["delivery"].to_pylist()]
                yield from part.filter(pa.array(is_own, pa.bool_())).to_pylist()


def _cause_of_pieces(pieces: list[dict[str, Any]]) -> str:
    if _are_most(pieces, ("not UTF-8" in row["reason"] or not _is_utf8(row["piece"]) for row in pieces)):
        return "its encoding has probably changed: set `encoding` in its stanza to what its sender uses now"
    if _are_most(pieces, (row["reason"].startswith("the row has ") for row in pieces)):
        return "its columns, delimiter or quotes have probably changed: compare its first lines with its stanza"
    if _are_most(pieces, (row["piece"].lstrip().startswith(b"<") for row in pieces)):
        return "it is markup and not what its name says: perhaps an error page was saved in its place"
    return ""


def _cause_of_records(records: list[dict[str, Any]]) -> str:
    bodiless = [orjson.loads(row["extra"] or b"{}") for row in records if not row["body"]]
    if not _are_most(records, (not row["body"] for row in records)):
        return ""
    lengths: Counter[str] = Counter()
    for extra in bodiless:
        lengths.update({name: sum(map(_length, texts)) for name, texts in _texts(extra)})
    for name, characters in lengths.most_common(1):
        if characters >= SHORTEST_TEXT_CHARACTERS * len(bodiless):
            return (
                f'the column of the body was probably renamed: its longest texts are in "{name}", which fills no '
                f'field; if so, set columns = {{ body = "{name}" }} in its stanza'
            )
    return "none of its fields is long enough for a text: probably headlines or excerpts were sent without the articles"


def _length(text: str) -> int:
    wide = 0 if text.isascii() else sum(east_asian_width(letter) in "WF" for letter in text)
    return len(text) + (CHARACTERS_OF_WIDE - 1) * wide


def _texts(extra: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """The texts of each field, by its name or path; those of a list, whatever is in it, are of its field."""
    for name, value in extra.items():
        if isinstance(value, dict):
            yield from ((f"{name}.{inner}", texts) for inner, texts in _texts(value))
        else:
            yield name, list(_within(value))


def _within(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _within(each)


def _are_most(rows: list[dict[str, Any]], marks: Iterable[bool]) -> bool:
    return 2 * sum(marks) > len(rows)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return error.end == len(data)  # a piece that is kept only in part may end within a character
    return True
