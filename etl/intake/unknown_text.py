"""Text that no format knows: whether it is a table, and which columns it has, or a file of another kind."""

from __future__ import annotations

import re
from collections import Counter

from etl.formats.common.csv_dialect import Table, table_of
from etl.formats.common.stanza_columns import listed
from etl.formats.common.usual_names import known
from etl.model import Feed

_USUAL_DELIMITERS = {"\t": "tabs", ";": "semicolons", "|": "bars", ",": "commas"}
_DELIMITERS = _USUAL_DELIMITERS | {"^": "carets", "~": "tildes", "\x01": "Ctrl-A", "\x1f": "Ctrl-_", " ": "spaces"}
_READABLE_SHARE = 0.95
_LEAST_AGREEMENT = 0.8
_LONGEST_NAME = 40
_BINARY = " in it, nor is it text; ask its sender what it is, and for one of the formats in docs/formats.md"
_BY_FORMAT = 'name it in a stanza of sources.toml with format = "csv"'
_KINDS: tuple[tuple[str, str, str], ...] = (
    (r"\d+\s*\n\d\d:\d\d:\d\d[,.]\d{3} --> |WEBVTT\b", "a file of subtitles", "ask for the texts as CSV, JSON or HTML"),
    (r"BEGIN:V(?:CALENDAR|CARD)\b", "a calendar or address book", "it holds no articles: take it away"),
    (
        r"\s*1[.)]\s[^\n]+\n+\s*2[.)]\s[^\n]+\n+\s*3[.)]\s[^\n]+(?:\n|$)",
        "a numbered list, perhaps of articles without their texts",
        "ask for the texts themselves, as CSV, JSON or HTML",
    ),
    (
        r"\"[^\"\n]{1,40}\"(?: \"[^\"\n]{1,40}\")+\n\"",
        "a table of R with spaces between its columns",
        "write it again by write.csv(..., row.names = FALSE)",
    ),
    (r"(?:\s*%[^\n]*\n)*\s*\\document(?:class|style)\b", "a text of TeX", "convert it to HTML"),
    (
        r"(?:%YAML[^\n]*\n)?(?:---[ \t]*\n)?(?:[ \t]*#[^\n]*\n|[ \t]*\n)*"
        r"(?:[\w-]{1,40}:[ \t]*(?:[\w.-]{0,40})\n)?[ \t]*- (?:&\w+ )?[\"']?[\w-]{1,40}[\"']?:(?:[ \t][^\n]*)?\n"
        r"[ \t]+[\"']?[\w-]{1,40}[\"']?:(?:\s|$)",
        "YAML",
        "convert it to JSON",
    ),
    (
        r"(?:---|\+\+\+)[ \t]*\n(?:[\w-]{1,40}[ \t]?[:=][^\n]*\n|[ \t]+[^\n]*\n|- [^\n]*\n){1,60}"
        r"(?:---|\+\+\+|\.\.\.)[ \t]*\n",
        "a text with its facts above it (Markdown with front matter)",
        "convert it to HTML or JSON, with its facts",
    ),
    (
        r"---[ \t]*\n[\w-]{1,40}:(?:[ \t][^\n]*)?\n(?:[ \t]+[^\n]*\n|[\w-]{1,40}:[^\n]*\n)",
        "YAML",
        "convert it to JSON",
    ),
)
_BY_KIND = tuple((re.compile(pattern), what, advice) for pattern, what, advice in _KINDS)


def what_text(text: str) -> str:
    """What can be said of a file that begins so, and what to do; also where it is not even text."""
    if not text.strip():
        return " in it; name one in sources.toml or by --format" if text else _BINARY
    readable = sum(char.isprintable() or char.isspace() or char in _DELIMITERS for char in text)
    if readable < _READABLE_SHARE * len(text):
        return _BINARY
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    if kind := next(((what, advice) for pattern, what, advice in _BY_KIND if pattern.match(unified)), None):
        return f": it is {kind[0]}, which is not read; {kind[1]}"
    if table := _table(unified):
        return _of_table(table)
    if delimiter := _delimiter(unified):
        return (
            f": it looks like a table with {delimiter} between its columns, without a header; {_BY_FORMAT}, "
            "has_header = false, and which column is what by their numbers: columns = { headline = 1, body = 2 }"
        )
    return (
        ": it is plain text; where each file is one article, name it in a stanza of sources.toml with "
        'format = "plain_txt", else ask for it as CSV, JSON or HTML'
    )


def _of_table(table: Table) -> str:
    delimiter = table.dialect.delimiter
    header, *rows = table.rows
    found = f": it looks like a table with {_DELIMITERS[delimiter]} between its columns"
    if all(len(row) == len(header) + 1 for row in rows):
        return (
            f"{found}, but its header ({listed(header)}) has no name for the first one, as R writes its row names; "
            "write it again with row.names = FALSE, or put a name before the others"
        )
    own = "" if delimiter in _USUAL_DELIMITERS else f" and delimiter = {_as_toml(delimiter)}"
    if known(header)[1]:
        return f"{found} ({listed(header)}); {_BY_FORMAT}{own}"
    return (
        f"{found}, but no column is known as a headline or body; found {listed(header)}; "
        f"{_BY_FORMAT}{own}, and which column is what: columns = {{ headline = ..., body = ... }}"
    )


def _as_toml(delimiter: str) -> str:
    return f'"{delimiter}"' if delimiter.isprintable() else f'"\\u{ord(delimiter):04x}"'


def _table(text: str) -> Table | None:
    """The table that a text is: a header of names, and rows as long, or with one field more; None where it is none."""
    usual = table_of(text, Feed(""))
    others = (table_of(text, Feed("", delimiter=mark)) for mark in _DELIMITERS if mark not in _USUAL_DELIMITERS)
    return next((table for table in (usual, *others) if _is_table(table)), None)


def _is_table(table: Table) -> bool:
    header, *rows = table.rows or [[]]
    if len(header) < 2 or not rows or not all(map(_is_name, header)) or len(set(header)) < len(header):
        return False
    lengths = Counter(map(len, rows))
    length, number = lengths.most_common(1)[0]
    if length not in (len(header), len(header) + 1) or number < _LEAST_AGREEMENT * len(rows):
        return False
    # Two lines of prose may have as many commas.
    return len(rows) > 1 or len(header) > 2


def _is_name(cell: str) -> bool:
    return 0 < len(cell.strip()) <= _LONGEST_NAME and cell.strip()[-1] not in ".!?…" and not cell.strip().isdecimal()


def _delimiter(text: str) -> str | None:
    """What separates columns: it comes equally often, and more than once, in nearly all of the first lines."""
    lines = [line for line in text.splitlines()[:50] if line.strip()][:-1]
    for char, name in _USUAL_DELIMITERS.items():
        (count, times), *_ = Counter(line.count(char) for line in lines).most_common(1) or [(0, 0)]
        if len(lines) > 1 and count > 1 and times >= _LEAST_AGREEMENT * len(lines):
            return name
    return None
