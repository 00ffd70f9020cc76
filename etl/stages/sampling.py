"""Which records of a dump are looked at, and by what they are known again: the same in whatever parts it is read."""

from __future__ import annotations

import hashlib
import zlib


def is_sampled(position: str, every: int) -> bool:
    """Whether a record is one of so many, by its place in the dump."""
    return not zlib.crc32(position.encode("utf-8", "surrogatepass")) % every


def mark_of(text: str) -> bytes:
    """A text's mark, the same in every process; Python's own hash is not."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
