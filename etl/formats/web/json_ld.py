"""JSON-LD, in which pages tell machines what they hold: the objects of their scripts, and the article's."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator
from typing import Any

from etl.formats.common.json_text import is_too_deep, whole_characters

ARTICLE_TYPES = re.compile(r"(?:\w*Article|BlogPosting|LiveBlogPosting|Report|Posting)$")

_DEEPEST = 20
_TRAILING_COMMA = re.compile(r",\s{0,100}(?=[}\]])")


def objects_in(script: str) -> Iterator[dict[str, Any]]:
    """All objects of one script, outer ones first; none where it is not JSON."""
    waiting: deque[tuple[Any, int]] = deque([(_loaded(script), 0)])
    while waiting:
        value, depth = waiting.popleft()
        if isinstance(value, dict):
            yield value
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        if depth < _DEEPEST:
            waiting += [(item, depth + 1) for item in inner if isinstance(item, dict | list)]


def _loaded(script: str) -> Any:
    """The JSON, as sites write it: in a CDATA section, between comments, with surplus commas."""
    plain = script.replace("<![CDATA[", "").replace("]]>", "")
    starts = [at for at in map(plain.find, "{[") if at >= 0]
    text = plain[min(starts, default=0) : max(plain.rfind("}"), plain.rfind("]")) + 1]
    if is_too_deep(text.encode()):
        return None
    for attempt in (text, _TRAILING_COMMA.sub("", text)):
        try:
            return json.loads(whole_characters(attempt), strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def article_in(objects: list[dict[str, Any]]) -> dict[str, Any]:
    """The article's object, with objects inserted that it refers to by their ids."""
    found = next((item for item in objects if any(map(_is_article_type, as_list(item.get("@type"))))), None)
    if found is None:
        return {}
    by_id = {item["@id"]: item for item in objects if isinstance(item.get("@id"), str) and len(item) > 1}
    return {key: _resolved(value, by_id) for key, value in found.items()}


def _is_article_type(name: Any) -> bool:
    return isinstance(name, str) and ARTICLE_TYPES.match(name.rpartition("/")[2]) is not None


def _resolved(value: Any, by_id: dict[str, dict[str, Any]]) -> Any:
    if isinstance(value, list):
        return [_resolved(item, by_id) for item in value]
    if isinstance(value, dict) and len(value) == 1 and isinstance(value.get("@id"), str):
        return by_id.get(value["@id"], value)
    return value


def as_list(value: Any) -> list[Any]:
    """What JSON-LD gives where one value and several are alike."""
    return value if isinstance(value, list) else [] if value is None else [value]
