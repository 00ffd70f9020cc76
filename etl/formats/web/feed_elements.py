"""The elements of an item of a feed by their names, each with the usual prefix of its namespace."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from lxml import etree

_NAMESPACES = {
    "http://www.w3.org/2005/Atom": "atom",
    "http://purl.org/atom/ns#": "atom",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://purl.org/rss/1.0/": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://news.yandex.ru": "yandex",
    "http://search.yahoo.com/mrss/": "media",
    "http://www.w3.org/1999/xhtml": "xhtml",
}
_WORDPRESS = re.compile(r"https?://wordpress\.org/export/[\d.]+/(excerpt/)?")

Elements = dict[str, list[etree._Element]]


def children_of(element: etree._Element) -> Elements:
    """The elements directly in an element."""
    found: Elements = defaultdict(list)
    for child in element.iterchildren(etree.Element):
        found[_name(child)].append(child)
    return dict(found)


def _name(element: etree._Element) -> str:
    """`prefix:name`, with the usual prefix for its namespace, or its own."""
    space, local = split_name(element.tag)
    if wordpress := _WORDPRESS.match(space):
        return f"{'excerpt' if wordpress[1] else 'wp'}:{local}"
    prefix = _NAMESPACES.get(space, element.prefix or "" if space else "")
    return f"{prefix}:{local}" if prefix else local


def split_name(name: str) -> tuple[str, str]:
    """Namespace and local name of `{namespace}local`."""
    space, _, local = name.rpartition("}")
    return space.removeprefix("{"), local


def named(inside: Elements, *names: str) -> Iterable[etree._Element]:
    """The elements with one of these names, in their order."""
    return (element for name in names for element in inside.get(name, []))


def is_vendors(element: etree._Element) -> bool:
    """Whether a `body` was added to Atom by a vendor, and is not that of XHTML."""
    return split_name(element.tag)[0] not in ("", "http://www.w3.org/1999/xhtml")


def first_text(inside: Elements, *names: str) -> str | None:
    """The first text under these names that is not empty."""
    return next((text for element in named(inside, *names) if (text := text_in(element))), None)


def text_in(element: etree._Element) -> str | None:
    """All text in an element; None where there is none."""
    return "".join(element.itertext()).strip() or None if len(element) else (element.text or "").strip() or None
