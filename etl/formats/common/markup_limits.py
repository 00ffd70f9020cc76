"""How much markup a document may have, found before a parser takes it: more would cost the memory, or the night."""

from __future__ import annotations

import re

from etl.model import DumpError

LIMIT_XML_PARTS, LIMIT_HTML_PARTS = 1_500_000, 500_000
"""Tags and their attributes: each takes some hundred bytes of memory. Data (ALTO) has more of them than text does."""
LIMIT_ATTRIBUTES = 5_000
"""Of one element: libxml2 compares each with all others."""
_TAG = re.compile(rb"""<[A-Za-z_:/\x80-\xff][^<>"']*+(?:(?:"[^"]*+"|'[^']*+')[^<>"']*+)*+""")
_QUOTED = re.compile(rb""""[^"]*+"|'[^']*+'""")


def refuse_swarm(data: bytes, limit: int) -> None:
    """Raise DumpError where it has so many tags and attributes that memory or time would run out.

    What stands in scripts only looks like tags: where the first count is too high, a second one leaves it out.
    """
    if _swarm(data, limit) and (found := _swarm(_without_scripts(data), limit)):
        raise DumpError(found)


def _swarm(data: bytes, limit: int) -> str:
    tags = (match[0] for match in _TAG.finditer(data))
    if len(data) <= limit:  # most pages: too short for so many tags, but one may be long enough for so many attributes
        tags = (tag for tag in _TAG.findall(data) if len(tag) > LIMIT_ATTRIBUTES)
    parts = 0
    for tag in tags:
        attributes = len(_QUOTED.sub(b" ", tag).replace(b"/", b" ").split()) - 1
        if attributes > LIMIT_ATTRIBUTES:
            return f"has a tag with {attributes:,} attributes; no article has more than {LIMIT_ATTRIBUTES:,} in one"
        parts += 1 + attributes
        if parts > limit:
            return f"has more than {limit:,} tags and attributes, which no article has; split it"
    return ""


def _without_scripts(data: bytes) -> bytes:
    kept, place, lower = [], 0, data.lower()
    while (start := lower.find(b"<script", place)) >= 0 and (end := lower.find(b"</script", start)) >= 0:
        kept.append(data[place:start])
        place = end
    return b"".join([*kept, data[place:]])
