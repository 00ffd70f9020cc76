"""Several pages in one file, as `cat *.html` writes them: where each begins."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

_OPENED = re.compile(rb"<(!doctype|html)(?=[\s>])", re.I)
_RAW = re.compile(
    rb"<(?:!--(?:[^-]++|-(?!->))*+(?:-->|\Z)"
    rb"|(?=[sti])(script|style|textarea|iframe)\b(?:[^<]++|<(?!/\1\b))*+(?:</\1\b|\Z))",
    re.I,
)
_START = re.compile(rb"<!doctype\s|</html\s{0,9}>\s*+(?:<\?xml[^<>]{0,200}>\s*+)?(?=<html\b)", re.I)


def pages_of(data: bytes) -> list[tuple[int, bytes]]:
    """The pages of a file, each with the line at which it begins. What stands before the first belongs to it."""
    tags = Counter(tag.lower() for tag in _OPENED.findall(data))
    if max(tags.values(), default=0) < 2:
        return [(1, data)]
    shown = _RAW.sub(lambda raw: b" " * len(raw[0]), data)
    starts = [start.start() if start[0].startswith(b"<!") else start.end() for start in _START.finditer(shown)]
    if starts and not shown[: starts[0]].strip():
        starts = starts[1:]
    cuts = [0, *starts, len(data)]
    found, line = [], 1
    for start, end in pairwise(cuts):
        found.append((line, data[start:end]))
        line += data.count(b"\n", start, end)
    return found
