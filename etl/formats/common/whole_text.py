"""A text that is read as a whole: what of it fits into memory several times over.

A single character beyond the first 65,536, as an emoji is, makes Python hold all of a text in four bytes each; and a
line costs some seventy bytes once it is apart from the others.
"""

from __future__ import annotations

import sys
from typing import BinaryIO

from etl.formats.common.encoding import decode_damaged, unify_newlines
from etl.formats.common.markup import read_whole
from etl.model import Doubt, DumpError

LIMIT_HELD_BYTES = 64 << 20
MOST_LINES = 1_000_000


def read_text(stream: BinaryIO, encoding: str | None) -> tuple[str, list[Doubt]]:
    r"""All of a text, with `\n` as every line end, and what is doubtful in it.

    Raises DumpError where it is larger, or has more lines, than is read as a whole, and as `decode` does.
    """
    text, doubts = decode_damaged(read_whole(stream), encoding)
    if (held := sys.getsizeof(text)) > LIMIT_HELD_BYTES:
        raise DumpError(
            f"takes {held >> 20} MB of memory as text, and a dump that is read as a whole may take "
            f"{LIMIT_HELD_BYTES >> 20} MB; split it"
        )
    if (lines := max(text.count("\n"), text.count("\r"))) > MOST_LINES:
        raise DumpError(f"has {lines:,} lines, and a dump that is read as a whole may have {MOST_LINES:,}; split it")
    return unify_newlines(text), doubts
