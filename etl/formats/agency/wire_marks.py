"""The messages of a wire, counted by whatever comes once in each: its control bytes, its first line, or its last.

Where one of them is missing from a message, the others still show it.
"""

from __future__ import annotations

import re
from typing import BinaryIO

_CHUNK_BYTES = 1 << 20
_LONGEST_BYTES = 128
_CONTROLS = (b"\x01", b"\x02", b"\x03")
# eca062 4 i 211 (IPTC 7901); a0123 and, on that line or the next, two letters and DC3 or DC4 (ANPA 1312).
_HEADS = re.compile(
    rb"(?<![^\x00-\x20\x7f])(?:[A-Za-z]{2,5}[ -]?\d{1,6} {1,3}[1-9] {1,3}[A-Za-z]{1,4} {1,3}\d{1,5}\b"
    rb"|[A-Za-z]{1,4}\d{3,6}(?:[A-Z]{0,12}\x1f\S{0,20})?[\r\n]{1,3}\S \S ?[\x13\x14])"
)


# 131137 GMT Nov 13 or 211005 jan 19 (IPTC 7901)
_TIMES = re.compile(rb"(?<![^\n\x03])\d{6} (?:[A-Z]{3,4} )?[A-Za-z\x80-\xff]{3,5} (?:\d\d){1,2} ?\r{0,2}\n")


def count_messages(stream: BinaryIO) -> int:
    """How many messages there are at least."""
    totals = [0] * len(_CONTROLS)
    lines = [Occurrences(_HEADS), Occurrences(_TIMES)]
    while chunk := stream.read(_CHUNK_BYTES):
        totals = [total + chunk.count(byte) for total, byte in zip(totals, _CONTROLS, strict=True)]
        for each in lines:
            each.feed(chunk)
    return max(*totals, *(each.total() for each in lines))


class Occurrences:
    """How often a pattern of fewer than 128 bytes occurs in chunks of bytes."""

    def __init__(self, pattern: re.Pattern[bytes]) -> None:
        self._pattern, self._found, self._held = pattern, 0, b""

    def feed(self, chunk: bytes) -> None:
        """Count in the next chunk, except near its end."""
        data = self._held + chunk
        keep = max(len(data) - _LONGEST_BYTES, 0)
        at = 0
        for match in self._pattern.finditer(data):
            if match.start() >= keep > 0:
                break
            self._found, at = self._found + 1, match.end()
        self._held = data[max(keep, at) :]

    def total(self) -> int:
        """What was counted, and what is at the end."""
        return self._found + len(self._pattern.findall(self._held))
