"""Which function makes a field of the value of a column; and what statuses say."""

from __future__ import annotations

from functools import partial
from typing import Any

from etl.formats.common.field_values import (
    Convert,
    body,
    country,
    dated,
    deck,
    flag,
    headline,
    labels,
    publication,
    text,
    time,
    url,
    utc,
)
from etl.formats.common.people import byline

_OUT = frozenset(("publish", "published", "inherit", "live", "online", "active", "public", "ok"))
_DRAFTS = ("draft", "auto-draft", "pending", "private", "unpublished", "hidden", "review", "pitch", "idea")
_STATUSES = {
    **dict.fromkeys(_DRAFTS, "withheld"),
    **dict.fromkeys(("future", "scheduled"), "embargoed"),
    **dict.fromkeys(("trash", "trashed", "deleted"), "canceled"),
}


def status(value: Any) -> str | None:
    """A status; the words of WordPress and its like as those of agencies. What only says that an article is out says
    nothing, and neither does a number."""
    found = text(value, "status")
    name = (found or "").strip().casefold()
    return (
        None if name in _OUT or name.lstrip("-").isdecimal() or flag(name) is not None else _STATUSES.get(name, found)
    )


def _status_of_flag(value: Any, says: bool) -> str | None:
    return "withheld" if flag(value) is says else None


def _year(value: Any) -> str | None:
    """A year of publication, of which pandas makes a float."""
    found = str(value).strip().removesuffix(".0")
    return found if found.isdecimal() and len(found) == 4 else None


def _state(value: Any) -> str | None:
    """Joomla's number."""
    return {"0": "withheld", "-2": "canceled"}.get(str(value).strip())


CONVERTS: dict[str, Convert] = {
    "body": body,
    "headline": headline,
    "deck": deck,
    "byline": byline,
    "publication": publication,
    "url": url,
    "country": country,
    "labels": labels,
    "is_partial": flag,
    "status": status,
    "published": partial(time, field="published"),
    "modified": partial(time, field="modified"),
}
"""How a value becomes that of a field; others are text."""
CONVERTS_OF_COLUMNS: dict[str, Convert] = {
    **dict.fromkeys(("dategmt", "modifiedgmt", "postdategmt", "postmodifiedgmt"), utc),
    **dict.fromkeys(("data", "created", "issued", "时间"), dated),
    **dict.fromkeys(
        ("year", "pubyear", "publicationyear", "jahr", "année", "annee", "anno", "año", "ano", "jaar"), _year
    ),
    "ispublished": partial(_status_of_flag, says=False),
    **dict.fromkeys(("isdraft", "draft", "unpublished"), partial(_status_of_flag, says=True)),
    "state": _state,
}
"""By the folded name of the column instead."""
