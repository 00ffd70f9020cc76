"""The people who wrote an article, by the values of its columns."""

from __future__ import annotations

import re
from typing import Any

from etl.formats.common.field_values import text
from etl.formats.common.values import array_of

_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_WRITES = re.compile(
    r"\b(?:co-?)?(?:author|writer|written|reporter|journalist|by(?:line)?|text|autor|auteur)", re.IGNORECASE
)
_DOES_ELSE = re.compile(
    r"photo|camera|picture|illustrat|graphic|artist|design|edit|produc|video|audio|translat|fotograf|bild",
    re.IGNORECASE,
)


def byline(value: Any) -> str | None:
    """Names. A number is the id of a person, which is none, and neither is an address; of several people whose roles
    are told, those who wrote."""
    value = array_of(value) if isinstance(value, str) else value
    found = None if isinstance(value, int | float) else text(_writers(value), "byline")
    return None if found and (found.isdecimal() or _ADDRESS.fullmatch(found)) else found


def _writers(value: Any) -> Any:
    """Of a list of people those who wrote, by their roles; all where no role says that, but not those who did else."""
    if not isinstance(value, list | tuple):
        return value
    roles = [_role(item) for item in value]
    if any(_WRITES.search(role) for role in roles):
        return [item for item, role in zip(value, roles, strict=True) if _WRITES.search(role)]
    return [item for item, role in zip(value, roles, strict=True) if not _DOES_ELSE.search(role)]


def _role(item: Any) -> str:
    found = (item.get("role") or item.get("contribution")) if isinstance(item, dict) else None
    return found if isinstance(found, str) else ""
