"""Rows of a table that are not articles: totals, and what programs of databases write around a table."""

from __future__ import annotations

import re

_LONGEST_CELL = 40
"""Characters of a cell of a row of totals."""
_TOTAL = re.compile(
    r"\W*(?:grand |sub)?(?:totals?|sum|count|rows?|records?|gesamt|summe|insgesamt|anzahl|totale|totaal|somme|nombre"
    r"|suma|número)\b\D*[\d., ]*\W*(?:rows?|records?|articles?|artikel|enregistrements|registros)?\W*",
    re.IGNORECASE,
)
_FOOTER = re.compile(
    r"\(?(?:(?:fetched|returned):? )?\d[\d.,]* ?"
    r"(?:rows?|row\(s\)|records?|zeilen?|lignes?|filas?|righ[ae]|rijen|linhas?|wierszy?|строк\w?)"
    r"(?: (?:affected|selected|in set|returned|fetched)\b.{0,60})?\.?\)?"
    r"|(?:time taken|completion time): .{1,80}",
    re.IGNORECASE,
)
_RULE = re.compile(r"[-=+:]+")
_DIGITS, _LETTERS = re.compile(r"\d+"), re.compile(r"[^\W\d_]+")


def kind_beside(row: list[str]) -> str | None:
    """What a row is that a program of a database writes around those of its table; None where it is one of them."""
    filled = [cell for cell in row if cell and not cell.isspace()]
    if len(filled) == 1 and _FOOTER.fullmatch(filled[0].strip()):
        return "count of the rows"
    is_rule = all(_RULE.fullmatch(cell.strip()) for cell in filled) and any(len(cell.strip()) > 1 for cell in filled)
    return "line below the header" if is_rule else None


def rows_in(field: str, row: list[str], delimiter: str) -> int:
    """How many lines of a field look like rows: with all delimiters, and the same kind of number to begin with."""
    shape = _shape(row[0])
    if "9" not in shape or row[0] == field:
        return 0
    lines = [line for line in field.split("\n")[1:] if line.strip()]
    alike = sum(
        line.count(delimiter) >= len(row) - 1 and _shape(line.partition(delimiter)[0]) == shape for line in lines
    )
    return alike if 2 * alike > len(lines) else 0


def _shape(cell: str) -> str:
    """The kinds of characters of a cell: `2024-01-05` is `9-9-9`."""
    return _LETTERS.sub("a", _DIGITS.sub("9", cell[:_LONGEST_CELL].strip(" \t\"'")))


def is_total(row: list[str]) -> bool:
    """Whether a row has nothing but a word for a sum, and numbers."""
    if max(map(len, row)) > _LONGEST_CELL:
        return False
    first, *others = list(filter(None, row)) or [""]
    has_number = any(map(str.isdecimal, "".join(row)))
    return has_number and _TOTAL.fullmatch(first) is not None and all(re.fullmatch(r"[\d., ]+", o) for o in others)
