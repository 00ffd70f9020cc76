"""Texts from dumps on a screen or in a log: shown literally, never obeyed.

A file name, reason or headline may contain characters that a terminal acts on (escape sequences, a carriage return
that writes over the line), that fake a line of a log (a newline), or that reverse the order of letters. All of them are
shown as Python would write them: `\\x1b`, `\\n`, `\\u202e`.
"""

from __future__ import annotations

import json
import re
from typing import Any

from rich.console import Console
from rich.text import Text

_CONTROL = "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff"
_IN_A_BLOCK = re.compile(f"[{_CONTROL}]")
_IN_JSON = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_IN_A_LINE = re.compile(f"[\t\n{_CONTROL}]")


def line(text: str) -> str:
    """The text on one line, without control characters."""
    return _IN_A_LINE.sub(_written, text)


def block(text: str) -> str:
    """The text without control characters, except newlines and tabs."""
    return _IN_A_BLOCK.sub(_written, text)


def json_text(value: Any, indent: int | None = 1) -> str:
    """The value as JSON that is safe on a terminal: the control characters that JSON allows are escaped too."""
    return safe_json(json.dumps(value, default=str, ensure_ascii=False, indent=indent))


def safe_json(text: str) -> str:
    """JSON in which the control characters that JSON allows are escaped too."""
    return _IN_JSON.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _written(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode()


class Screen(Console):
    """A console on which no string, whatever prints it, can contain a control character or an emoji code.

    Markup such as `[red]` is left to the caller: use `rich.markup.escape` on text from elsewhere.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(emoji=False, **options)

    def render_str(self, text: str, **options: Any) -> Text:
        """The string as Rich renders it wherever one is printed: lines, cells, titles."""
        return super().render_str(block(text), **options)
