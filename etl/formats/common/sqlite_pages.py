"""The rows of a table of SQLite, counted in the pages of the file by the numbers in their heads, without SQLite.

Layout (SQLite, "Database File Format"): pages of one size; a table is a tree of them. The first byte of a page says
what it is: 13, a leaf of a table, each of its cells a row; 5, a node with the numbers of further pages; 10 and 2, the
same of a table without row ids, where cells of nodes are rows, too.
"""

from __future__ import annotations

import struct
from pathlib import Path

_HEAD_BYTES = 100
"""Before the first page's own head."""
_LEAF, _NODE, _LEAF_WITHOUT_IDS, _NODE_WITHOUT_IDS = 13, 5, 10, 2


def count_cells(file: Path, root: int) -> int:
    """The cells of the tree that begins on page `root`; pages that are not there hold none."""
    with file.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
        size = int.from_bytes(head[16:18], "big")
        size = 65_536 if size == 1 else size
        if size < 512 or root < 1:
            return 0
        total, waiting, seen = 0, [root], {root}
        while waiting:
            number = waiting.pop()
            stream.seek((number - 1) * size)
            page = stream.read(size)
            start = _HEAD_BYTES if number == 1 else 0
            if len(page) < start + 12:
                continue
            kind, cells = page[start], int.from_bytes(page[start + 3 : start + 5], "big")
            total += cells if kind in (_LEAF, _LEAF_WITHOUT_IDS, _NODE_WITHOUT_IDS) else 0
            if kind in (_NODE, _NODE_WITHOUT_IDS):
                below = set(_children(page, start, cells)) - seen
                seen |= below
                waiting += below
        return total


def _children(page: bytes, start: int, cells: int) -> list[int]:
    """The pages below a node: one for each cell, and the last one, which its head has."""
    (last,) = struct.unpack_from(">I", page, start + 8)
    most = (len(page) - start - 12) // 2
    places = struct.unpack_from(f">{min(cells, most)}H", page, start + 12)
    return [last, *(int.from_bytes(page[place : place + 4], "big") for place in places if place + 4 <= len(page))]
