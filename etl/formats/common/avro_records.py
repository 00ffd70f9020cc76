"""The records of a block of Avro, decoded one after the other until its bytes are used up."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import Any

import fastavro
import orjson
from fastavro.schema import SchemaParseException, parse_schema

from etl.model import DumpError

LIMIT_RECORD_BYTES = 1 << 20
"""Of a record with lists: a byte may be an item, which takes hundreds of them in memory."""
MOST_LEVELS = 60
"""Of a schema: no article is nested so deep."""
_BROKEN = (EOFError, ValueError, TypeError, IndexError, KeyError, OverflowError, struct.error, ArithmeticError)


class Decoder:
    """Decodes the records of one file."""

    def __init__(self, schema: bytes) -> None:
        """Raises DumpError where the schema is not that of a record, or one whose data could be without end."""
        try:
            written = orjson.loads(schema)
            _refuse_endless(written, frozenset(), 0)
            self._schema, self._plain = parse_schema(written), parse_schema(_without_logic(written))
        except (orjson.JSONDecodeError, SchemaParseException, *_BROKEN, RecursionError) as error:
            raise DumpError(f"its schema cannot be read ({error}); write it again") from None
        if not isinstance(written, dict) or written.get("type") != "record":
            raise DumpError("holds no records with fields, so no articles; write it again with a schema of a record")
        self.names = [str(field["name"]) for field in written["fields"]]
        self.paths = [*self.names, *_paths(written)]
        self._none = parse_schema({**written, "fields": []})
        self._has_lists = b'"array"' in schema or b'"map"' in schema

    def records(self, data: bytes) -> Iterator[dict[str, Any] | str]:
        """The records in these bytes; in place of one that is too long, why. Raises DumpError where they are none."""
        source = io.BytesIO(data)
        is_measured = self._has_lists and len(data) > LIMIT_RECORD_BYTES
        while (start := source.tell()) < len(data):
            length = self._length(source, start) if is_measured else 0
            if length > LIMIT_RECORD_BYTES:
                yield f"takes {length:,} bytes, and has lists, which may take all the memory; no article is so long"
                continue
            yield self._record(source, start)
            if source.tell() == start:
                raise DumpError("has records that take no bytes, so no articles")

    def _length(self, source: io.BytesIO, start: int) -> int:
        """The bytes of the next record, behind which the source then stands: it is decoded as one without fields."""
        try:
            fastavro.schemaless_reader(source, self._schema, self._none)
        except _BROKEN as error:
            raise _undecodable(error) from None
        return source.tell() - start

    def _record(self, source: io.BytesIO, start: int) -> dict[str, Any]:
        """The next record; its dates as numbers where they are no dates."""
        for schema in (self._schema, self._plain):
            source.seek(start)
            try:
                return dict(fastavro.schemaless_reader(source, schema, None))  # type: ignore[arg-type]
            except _BROKEN as error:
                fault = error
        raise _undecodable(fault)


def _undecodable(fault: Exception) -> DumpError:
    return DumpError(f"a record cannot be decoded ({fault}); ask for it again")


def _refuse_endless(schema: Any, within: frozenset[str], levels: int) -> None:
    """Raise ValueError for types in themselves, and for those that take no bytes: a list of them has any length."""
    if levels > MOST_LEVELS or (isinstance(schema, str) and _short(schema) in within):
        raise ValueError("a type is in itself, or nested too deep")
    if isinstance(schema, list):
        for each in schema:
            _refuse_endless(each, within, levels + 1)
    if not isinstance(schema, dict):
        return
    kind, fields = schema.get("type"), schema.get("fields") or ()
    if kind in ("record", "fixed") and _is_of_nothing(schema):
        raise ValueError("a type takes no bytes")
    for inner in (schema.get("items"), schema.get("values")):
        if _is_of_nothing(inner):
            raise ValueError("a list of nothing")
        _refuse_endless(inner, within, levels + 1)
    for field in fields:
        _refuse_endless(field["type"], within | {_short(str(schema.get("name")))}, levels + 1)
    if isinstance(kind, dict | list):
        _refuse_endless(kind, within, levels + 1)


def _short(name: str) -> str:
    """The name of a type without its namespace."""
    return name.rpartition(".")[2]


def _is_of_nothing(schema: Any) -> bool:
    """Whether a value takes no bytes."""
    if not isinstance(schema, dict):
        return bool(schema == "null")
    if schema.get("type") == "record":
        return all(_is_of_nothing(field["type"]) for field in schema.get("fields") or ())
    return _is_of_nothing(schema.get("type")) or (schema.get("type") == "fixed" and not schema.get("size"))


def _without_logic(schema: Any) -> Any:
    """A schema of which no number is a date."""
    if isinstance(schema, list):
        return [_without_logic(each) for each in schema]
    if isinstance(schema, dict):
        return {key: _without_logic(value) for key, value in schema.items() if key != "logicalType"}
    return schema


def _paths(schema: Any, above: str = "") -> Iterator[str]:
    """The paths of the fields in records, which may be in lists and unions."""
    if isinstance(schema, list):
        for each in schema:
            yield from _paths(each, above)
    elif isinstance(schema, dict):
        for field in schema.get("fields") or ():
            path = f"{above}{field['name']}"
            yield path
            yield from _paths(field["type"], f"{path}.")
        for inner in ("items", "values", "type"):
            if isinstance(schema.get(inner), dict | list):
                yield from _paths(schema[inner], above)
