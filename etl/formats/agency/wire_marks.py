"""The messages of a wire, counted by whatever comes once in each: its control bytes, or its first line.

Where one of them is missing from a message, the others still show it.
"""

from __future__ import annotations

import re
from typing import BinaryIO

_CHUNK_BYTES = 1 << 20
_HEAD_BYTES = 64
_CONTROLS = (b"\x01", b"\x02", b"\x03")
# eca062 4 i 211 (IPTC 7901); a0123 and, on that line or the next, two letters and DC3 or DC4 (ANPA 1312).
_HEADS = re.compile(
    rb"(?<![^\x00-\x20\x7f])(?:[A-Za-z]{2,5}[ -]?\d{1,6} {1,3}[1-9] {1,3}[A-Za-z]{1,4} {1,3}\d{1,5}\b"
    rb"|[A-Za-z]{1,4}\d{3,6}(?:\x1f\S{0,20})?[\r\n]{1,3}\S \S ?[\x13\x14])"
)


def count_messages(stream: BinaryIO) -> int:
    """How many messages there are at least."""
    totals = [0] * len(_CONTROLS)
    heads, held = 0, b""
    while chunk := stream.read(_CHUNK_BYTES):
        totals = [total + chunk.count(byte) for total, byte in zip(totals, _CONTROLS, strict=True)]
        data = held + chunk
        keep = max(len(data) - _HEAD_BYTES, 0)
        at = 0
        for head in _HEADS.finditer(data):
            if head.start() >= keep > 0:
                break
            heads, at = heads + 1, head.end()
        held = data[max(keep, at) :]
    heads += len(_HEADS.findall(held))
    return max(*totals, heads)
