"""Rows of totals below the articles of a table."""

from __future__ import annotations

import re

_TOTAL = re.compile(
    r"\W*(?:grand |sub)?(?:totals?|sum|count|rows?|records?|gesamt|summe|insgesamt|anzahl|totale|totaal|somme|nombre"
    r"|suma|número)\b\D*[\d., ]*\W*(?:rows?|records?|articles?|artikel|enregistrements|registros)?\W*",
    re.IGNORECASE,
)


def is_total(row: list[str]) -> bool:
    """Whether a row has nothing but a word for a sum, and numbers."""
    first, *others = list(filter(None, row)) or [""]
    has_number = any(map(str.isdecimal, "".join(row)))
    return has_number and _TOTAL.fullmatch(first) is not None and all(re.fullmatch(r"[\d., ]+", o) for o in others)
