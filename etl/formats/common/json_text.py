"""JSON looked at before it is parsed as a whole: its beginning, and single lines."""

from __future__ import annotations

import orjson

from etl.formats.common.encoding import bom_codec


def beginning(head: bytes) -> str:
    """`head` as text, from its first character that is not white space. It may end within a character."""
    return head.decode(bom_codec(head) or "utf-8", "ignore").lstrip("\ufeff \t\r\n")


def is_object(line: bytes) -> bool:
    """Whether a line is a JSON object."""
    try:
        return isinstance(orjson.loads(line), dict)
    except orjson.JSONDecodeError:
        return False
