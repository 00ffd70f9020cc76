"""One entry of BibTeX: its fields, with macros and TeX's accents spelt out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import NamedTuple

from etl.formats.common.pieces import Unreadable

LONGEST_VALUE = 4 << 20
_HEAD = re.compile(r"\s*@\s*([A-Za-z]+)\s*[{(]\s*([^\s,={}()\"#]*)\s*(,|(?=[})])|(?==))")
_NAME = re.compile(r"[\s,]*([A-Za-z][\w:.+/-]{0,60})\s*=\s*")
_PLAIN = re.compile(r"\s*([^\s,{}()\"#=]{1,200})\s*")
_END = re.compile(r"[\s,]*[})]")
_FIELD_BEHIND = re.compile(r"[\s,})]*[A-Za-z][\w:.+/-]{0,60}\s*=\s*[{\"]")
_JOIN = re.compile(r"\s*#\s*")
_MARK = re.compile(r"[{}\"]|\\.", re.DOTALL)
_ACCENT = re.compile(r"\\([\"'`^~=.]|[uvHckr](?![A-Za-z]))\s*(?:\{\s*(\\?[A-Za-z])\s*\}|(\\?[A-Za-z]))")
_COMBINING = dict(
    zip("\"'`^~=.uvHckr", "\u0308\u0301\u0300\u0302\u0303\u0304\u0307\u0306\u030c\u030b\u0327\u0328\u030a", strict=True)
)
_LETTERS = {
    "ss": "ß",
    "o": "ø",
    "O": "Ø",
    "l": "ł",
    "L": "Ł",
    "ae": "æ",
    "AE": "Æ",
    "oe": "œ",
    "OE": "Œ",
    "aa": "å",
    "AA": "Å",
    "i": "ı",
}
_LETTER = re.compile(rf"\\({'|'.join(sorted(_LETTERS, key=len, reverse=True))})(?![A-Za-z])(?:\{{\}}|\s?)")
_STYLED = re.compile(
    r"\\(?:emph|underline|text(?:it|bf|rm|sc|sf|sl|tt|up))(?= ?\{)|(?<=\{)\\(?:em|it|bf|rm|sc|sf|sl|tt)(?![A-Za-z])"
)
_COMMAND = re.compile(r"\\[A-Za-z]+(?:\{[^{}]*\})+")
_ESCAPED = re.compile(r"\\([&%$#_{}])")
_MARK_ESCAPED = r"\\([&%$#_{}]|(?:[~^]|(?:textasciitilde|textunderscore|sim)(?![A-Za-z]) ?)(?:\{\})?)"
_ESCAPED_IN_ADDRESS = re.compile(rf"\{{{_MARK_ESCAPED}\}}|\${_MARK_ESCAPED}\$|{_MARK_ESCAPED}")
"""Alone, in braces (Mendeley), or as mathematics."""
_WHOLE_ADDRESS = re.compile(r"(?:\\(?:url|path|nolinkurl)\s*)?\{([^{}]*)\}")
_NAMED_MARKS = {"textasciitilde": "~", "sim": "~", "textunderscore": "_"}
_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")
_KEPT_BRACES = {"{": "\x02", "}": "\x03"}
_KEEP_BRACES = str.maketrans(_KEPT_BRACES)


class Entry(NamedTuple):
    """An entry: its type and key, and its fields in small letters."""

    kind: str
    key: str
    fields: dict[str, str]


def read_entry(text: str, macros: Mapping[str, str]) -> Entry:
    """The entry that a text begins with. Raises Unreadable where it does not end."""
    head = _HEAD.match(text)
    if not head:
        raise Unreadable(f"found {text[:40]!r}; expected `@type{{key,` before the fields; mend it, or ask for it again")
    key, at = head[2], head.end()
    fields: dict[str, str] = {}
    if text[at : at + 1] == "=":  # `@string{name = value}`
        key, at = "", head.start(2)
    while name := _NAME.match(text, at):
        value, at = _value(text, name.end(), macros)
        known = name[1].lower()
        fields[known] = f"{fields[known]}\n\n{value}" if known in fields else value
    end = _END.match(text, at)
    if end and _FIELD_BEHIND.match(text, end.end()):
        raise Unreadable("a brace closes it before its other fields; mend it, or ask for it again")
    if not end:
        raise Unreadable(f"found {text[at : at + 40]!r} where a field, a comma or the end should be; mend it")
    return Entry(head[1].lower(), key, fields)


def spelt(value: str) -> str:
    """A value as it is meant: TeX's accents are letters, styles and braces are gone, single line ends are blanks."""
    if "\\" in value:
        value = _STYLED.sub("", value)
        value = _ACCENT.sub(_accented, value)
        value = _LETTER.sub(lambda found: _LETTERS[found[1]], value)
        value = _COMMAND.sub(lambda found: found[0].translate(_KEEP_BRACES), value)
        value = _ESCAPED.sub(lambda found: _KEPT_BRACES.get(found[1], found[1]), value)
    value = value.replace("{", "").replace("}", "").replace("~", "\xa0")
    value = value.replace("\x02", "{").replace("\x03", "}")
    return "\n\n".join(" ".join(part.split()) for part in _BLANK_LINES.split(value)).strip()


def address(value: str) -> str:
    """An address or a number without TeX's escapes; its other braces and marks are its own."""
    value = _ESCAPED_IN_ADDRESS.sub(_mark, value).strip()
    whole = _WHOLE_ADDRESS.fullmatch(value)
    return whole[1].strip() if whole else value


def _mark(found: re.Match[str]) -> str:
    name = next(filter(None, found.groups())).removesuffix("{}").rstrip()
    return _NAMED_MARKS.get(name, name)


def _accented(found: re.Match[str]) -> str:
    letter = (found[2] or found[3]).lstrip("\\")
    return unicodedata.normalize("NFC", letter + _COMBINING[found[1]])


def _value(text: str, at: int, macros: Mapping[str, str]) -> tuple[str, int]:
    """A value from a place on, perhaps of several parts, and where it ends."""
    parts: list[str] = []
    length = 0
    while True:
        if text[at : at + 1] in ("{", '"'):
            end = _closing(text, at)
            parts.append(text[at + 1 : end])
            at = end + 1
        elif plain := _PLAIN.match(text, at):
            parts.append(macros.get(plain[1].lower(), plain[1]))
            at = plain.end()
        else:
            raise Unreadable(f"found {text[at : at + 40]!r}; expected a value in braces or quotes; mend it")
        length += len(parts[-1])
        if length > LONGEST_VALUE:
            raise Unreadable(f"has a value of more than {LONGEST_VALUE:,} characters, which no article is; mend it")
        join = _JOIN.match(text, at)
        if not join:
            return "".join(parts), at
        at = join.end()


def _closing(text: str, at: int) -> int:
    """Where a value in braces or quotes ends."""
    opening, level = text[at], 0
    for match in _MARK.finditer(text, at):
        mark = match[0]
        level += (mark == "{") - (mark == "}")
        is_end = (mark == "}" and level == 0) if opening == "{" else (mark == '"' and level == 0 and match.start() > at)
        if is_end:
            return match.start()
        if level < 0:
            break
    raise Unreadable("a brace or quote is not closed; mend it, or ask for it again")
