"""JSON looked at before it is parsed, and parsed so that a fault in one article's values is one article's."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import orjson

from etl.formats.common.encoding import bom_codec
from etl.formats.common.pieces import Unreadable

MOST_LEVELS = 100
"""Of lists and objects in each other, of which no article has more than some twenty."""

_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_SURROGATE = re.compile(
    r"\\(?:[uU][dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", re.DOTALL
)
"""An escape; the group is half of a character without its other half."""


def beginning(head: bytes) -> str:
    """`head` as text, from its first character that is not white space. It may end within a character."""
    return head.decode(bom_codec(head) or "utf-8", "ignore").lstrip("\ufeff \t\r\n")


def is_object(line: bytes) -> bool:
    """Whether a line is a JSON object."""
    try:
        return isinstance(loads(line), dict)
    except (orjson.JSONDecodeError, Unreadable):
        return False


def loads(data: bytes) -> Any:
    """The value of a JSON text. Half of a character that takes two (`\\ud83d` alone) becomes U+FFFD, NaN null.

    Raises orjson.JSONDecodeError where it is not JSON, and Unreadable where it is, but cannot be kept: nested too
    deep, not UTF-8, or with a number of thousands of digits.
    """
    if is_too_deep(data):
        raise Unreadable(f"is nested more than {MOST_LEVELS} levels deep, which no article is; flatten or omit that")
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        error.doc = ""  # all of the data as a text, which is read once more now
        return _leniently(data, error)
    if value.__class__ is dict and float in map(type, value.values()):
        return _exact(value, data)
    return value


def whole_characters(text: str) -> str:
    """JSON text with U+FFFD for each escape of half a character."""
    return _SURROGATE.sub(lambda escape: r"\ufffd" if escape[1] else escape[0], text) if r"\u" in text else text


def _leniently(data: bytes, fault: orjson.JSONDecodeError) -> Any:
    """What orjson refuses, but is JSON, or what others write for it."""
    try:
        return json.loads(whole_characters(data.decode()), parse_constant=lambda name: None)
    except UnicodeDecodeError as error:
        raise Unreadable(f"is not UTF-8 at byte {error.start:,}; ask for it again in UTF-8") from None
    except json.JSONDecodeError:
        raise fault from None
    except ValueError:
        raise Unreadable("has a number of more than 4,300 digits; send it as text, or omit it") from None


def _exact(value: dict[str, Any], data: bytes) -> dict[str, Any]:
    """With whole numbers beyond 64 bits as they are, which orjson rounds: they may be the ids of articles."""
    if any(each.__class__ is float and abs(each) >= 2**63 for each in value.values()):
        exact: dict[str, Any] = json.loads(data)
        return exact
    return value


def is_too_deep(data: bytes) -> bool:
    """Whether more than MOST_LEVELS lists and objects are open at once."""
    objects = data.count(b"{") if data.find(b"{", 1) > 0 else 1  # most have no second one, and counting is slow
    if objects + data.count(b"[") <= MOST_LEVELS:
        return False
    brackets = np.frombuffer(_STRING.sub(b"", data).translate(None, _NO_BRACKETS), np.uint8)
    levels = np.cumsum(1 - (brackets & 4).astype(np.int64) // 2)  # the third bit is set in ] and }
    return bool(levels.max(initial=0) > MOST_LEVELS)
