"""How the labels and types that exports print are compared, whatever language they are in."""

from __future__ import annotations

from functools import cache
from unicodedata import combining, normalize


@cache
def label_key(label: str) -> str:
    """A label as tables spell it: small letters without accents, hyphens for blanks."""
    plain = "".join(char for char in normalize("NFD", label.casefold()) if not combining(char))
    return "-".join(plain.replace("_", " ").split())
