"""A text that is read as a whole: what of it fits into memory several times over.

A single character beyond the first 65,536, as an emoji is, makes Python hold all of a text in four bytes each; and a
line costs some seventy bytes once it is apart from the others.
"""

from __future__ import annotations

import re
import sys
from typing import BinaryIO

from etl.formats.common.encoding import decode_damaged, unify_newlines
from etl.formats.common.markup import read_whole
from etl.model import Doubt, DumpError

LIMIT_HELD_BYTES = 64 << 20
MOST_LINES = 1_000_000
_WIDE = {2: re.compile("[\u0100-\uffff]"), 4: re.compile("[\U00010000-\U0010ffff]")}
"""The characters for one of which each of a text takes so many bytes."""


def read_text(stream: BinaryIO, encoding: str | None) -> tuple[str, list[Doubt]]:
    r"""All of a text, with `\n` as every line end, and what is doubtful in it.

    Raises DumpError where it is larger, or has more lines, than is read as a whole, and as `decode` does.
    """
    text, doubts = decode_damaged(read_whole(stream), encoding)
    if (held := sys.getsizeof(text)) > LIMIT_HELD_BYTES:
        raise DumpError(_too_large(text, held))
    if (lines := max(text.count("\n"), text.count("\r"))) > MOST_LINES:
        raise DumpError(f"has {lines:,} lines, and a dump that is read as a whole may have {MOST_LINES:,}; split it")
    return unify_newlines(text), doubts


def _too_large(text: str, held: int) -> str:
    """How much memory a text takes and why, and into files of what size to split it."""
    width = held // len(text)
    why = ""
    if found := _WIDE[width].search(text) if width in _WIDE else None:
        line = text.count("\n", 0, found.start()) + 1
        why = f", {width} bytes for each character, as one like U+{ord(found[0]):04X} in line {line:,} needs so many"
    most = (LIMIT_HELD_BYTES - held + width * len(text)) // width
    return (
        f"takes {held:,} bytes of memory as text ({len(text):,} characters{why}), and a dump that is read as a whole "
        f"may take {LIMIT_HELD_BYTES:,}; split it between articles into files of at most {most:,} bytes"
    )
