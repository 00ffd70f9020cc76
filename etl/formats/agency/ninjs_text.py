"""The headline and the text of an item of ninjs, its fields that are lists of objects, and what belongs to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from etl.formats.agency.message_text import Text, text_of_markup, text_of_plain
from etl.formats.agency.nitf import text_of_nitf
from etl.formats.common.markup import parse_xml

_SUMMARIES = re.compile(r"summary|abstract|teaser|caption|descr|intro|headline|brief|short", re.IGNORECASE)
"""Roles of a body that is not the text."""
_BEST_FIRST = ("html", "nitf", "plain")
"""Kinds of a body."""


def headline_of(item: dict[str, Any]) -> str:
    """The headline, or the main one of several, or the title."""
    said = (string(item.get("headline")), *by_role(item, "headlines"), string(item.get("title")))
    return next(filter(None, said), "")


def string(value: Any) -> str:
    """A scalar as text; '' for anything else."""
    return str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """The objects in a list, or in an object of objects; a string becomes an object with that name."""
    for found in _values(value):
        if isinstance(found, dict):
            yield {str(name).lower(): said for name, said in found.items()}
        elif isinstance(found, str):
            yield {"name": found}


def associated(item: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What belongs to an item: objects, and those of the lists among them."""
    return _in_groups(item.get("associations"))


def _in_groups(value: Any) -> Iterator[dict[str, Any]]:
    for found in _values(value):
        yield from _in_groups(found) if isinstance(found, list) else objects([found])


def _values(value: Any) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def by_role(item: dict[str, Any], name: str) -> list[str]:
    """The values in a list of objects with roles, the main one first."""
    said = [(string(each.get("role")), string(each.get("value"))) for each in objects(item.get(name))]
    return [value for role, value in sorted(said, key=lambda one: one[0] not in ("main", "")) if value]


def is_summary(body: dict[str, Any]) -> bool:
    """Whether a body is not the text but says what is in it, by its role."""
    return bool(_SUMMARIES.search(string(body.get("role"))))


def bodies_of(item: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Kind and value of each rendering of the text: `html`, `nitf`, `plain` or another."""
    for name in ("body_html", "body_xhtml", "body_text"):
        if value := string(item.get(name)):
            yield ("plain" if name == "body_text" else "html"), value
    for name, value in item.items():
        if name.startswith("body_") and name not in ("body_html", "body_xhtml", "body_text") and string(value):
            yield ("html" if "html" in name else "plain"), string(value)
    for each in sorted(objects(item.get("bodies")), key=is_summary):
        if value := string(each.get("value")):
            label = f"{string(each.get('contenttype'))} {string(each.get('role'))}".lower()
            yield next((kind for kind in _BEST_FIRST if kind in label), label), value


def best_text(item: dict[str, Any], headline: str) -> Text:
    """The best rendering that holds a text."""
    bodies = sorted(bodies_of(item), key=lambda body: (*_BEST_FIRST, body[0]).index(body[0]))
    for kind, value in bodies:
        if kind == "nitf":
            text = text_of_nitf(parse_xml(value.encode()), headline)
        else:
            text = text_of_markup(value, headline) if kind == "html" else text_of_plain(value, headline)
        if text.blocks:
            return text
    return Text([], [])
