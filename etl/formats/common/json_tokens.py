"""The brackets, names and other values of a JSON text one after the other, in bounded memory, without parsing it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

LONGEST_SCALAR_BYTES = 1_000
BEGINNING_BYTES = 60

_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+("?)|[\[\]{}]|[^\s,:\[\]{}"]++', re.DOTALL)
"""A string, a bracket, or another value. A string without an end is cut off by the end of the chunk."""
_STRING_END = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+("?)', re.DOTALL)

Token = tuple[bytes, int]
"""How a token begins, a string without its quotation mark at the end, and how long it is, or longer."""


def tokens(chunks: Iterable[bytes]) -> Iterator[Token]:
    """Brackets, strings and other values."""
    held, in_string = b"", False
    for chunk in chunks:
        data, at = held + chunk, 0
        held = b""
        if in_string:
            found = _STRING_END.match(data)
            if not found[1]:  # type: ignore[index]
                held = data[found.end() :]  # type: ignore[union-attr]
                continue
            at, in_string = found.end(), False  # type: ignore[union-attr]
        for found in _TOKEN.finditer(data, at):
            start, end = found.span()
            if found[1] is not None:
                yield data[start : min(end - len(found[1]), start + BEGINNING_BYTES)], end - start
                if not found[1]:
                    held, in_string = data[end:], True
                    break
            elif end == len(data) and data[-1:] not in b"[]{}":
                held = data[start:][:LONGEST_SCALAR_BYTES]
                break
            else:
                yield data[start : min(end, start + BEGINNING_BYTES)], end - start
    if held and not in_string:
        yield held, len(held)
