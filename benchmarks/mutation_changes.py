"""What `mutations` does to a dump: vendors change a layout so, or tools wrap it so."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable

Change = Callable[[bytes, "list[str]", random.Random], bytes]
"""Changes a dump, given the words of its own of each article in it."""


def _around(data: bytes, words: list[str], chance: random.Random) -> tuple[int, int]:
    """Where one article begins and ends: between the words of its neighbours."""
    places = sorted((data.find(text.encode()), len(text)) for text in words)
    at = chance.randrange(len(places))
    begin = places[at - 1][0] + places[at - 1][1] if at else 0
    return begin, places[at + 1][0] if at + 1 < len(places) else len(data)


def as_it_is(data: bytes, _: list[str], __: random.Random) -> bytes:
    """Only joined."""
    return data


def names_unknown(data: bytes, words: list[str], chance: random.Random) -> bytes:
    """The tags, classes, keys and labels of one article are others."""
    if not words:
        return data
    begin, end = _around(data, words, chance)
    part = data[begin:end]
    part = re.sub(rb"(</?)([A-Za-z][\w:.-]*)", rb"\1x\2", part)
    part = re.sub(rb'"([A-Za-z_]\w*)"(\s*:)', rb'"x\1"\2', part)
    part = re.sub(rb"(?m)^([A-Z][A-Z -]{2,20}):", rb"X\1:", part)
    return data[:begin] + part + data[end:]


def classes_unknown(data: bytes, words: list[str], chance: random.Random) -> bytes:
    """The attributes of one article's tags have other values."""
    if not words:
        return data
    begin, end = _around(data, words, chance)
    part = re.sub(rb'(\s(?:class|id|name|role|type|guid)=")[^"]*"', rb'\1unknown"', data[begin:end])
    return data[:begin] + part + data[end:]


def marks_gone(data: bytes, words: list[str], chance: random.Random) -> bytes:
    """A line or tag before one article is missing."""
    if not words:
        return data
    begin, _ = _around(data, words, chance)
    place = data.find(chance.choice(words).encode())
    pattern = rb"<[^<>]*>" if data.count(b"</") > 3 else rb"[^\n]*\n"
    units = [
        unit for unit in re.finditer(pattern, data[begin:place]) if not any(own.encode() in unit[0] for own in words)
    ]
    if not units:
        return data
    gone = units[chance.randrange(len(units))]
    return data[: begin + gone.start()] + data[begin + gone.end() :]


def wrapped_in_page(data: bytes, _: list[str], __: random.Random) -> bytes:
    """A page of somebody's tool around it."""
    return b"<html><head><title>Export</title></head><body><div class='tool'>\n" + data + b"\n</div></body></html>"


def wrapped_in_text(data: bytes, _: list[str], __: random.Random) -> bytes:
    """A few lines before and after it."""
    return b"Export of Monday\nWith kind regards\n\n" + data + b"\n\n-- \nThe archive\n"


def wrapped_in_json(data: bytes, _: list[str], __: random.Random) -> bytes:
    """In a field of an answer: as its value if it is JSON, else as text."""
    for text in (b"[" + data.replace(b"}\n{", b"},{") + b"]", data):
        try:
            value = json.loads(text)
        except ValueError:
            value = data.decode("utf-8", "replace")
        else:
            break
    return json.dumps({"meta": {"tool": "export", "tags": [{"name": "a"}]}, "payload": {"documents": value}}).encode()


CHANGES: tuple[Change, ...] = (
    as_it_is,
    names_unknown,
    names_unknown,
    classes_unknown,
    marks_gone,
    marks_gone,
    wrapped_in_page,
    wrapped_in_text,
    wrapped_in_json,
)
