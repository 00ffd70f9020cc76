"""Articles of a TEI text that are printed in several places, by `part` (I for the first, M for one between, F for the
last), `prev` and `next`, which name the part before and the part after.

Without `part` the two may as well lead from each article to the next one, as on a web site: those stay apart.
"""

from __future__ import annotations

from lxml import etree

from etl.formats.newspaper.tei_header import XML
from etl.formats.newspaper.tei_text import remove

_EARLIER, _LATER = ("I", "M"), ("M", "F")


def loose_ends(articles: list[etree._Element]) -> list[etree._Element]:
    """Those that say that they begin or go on elsewhere, and to which no other part is joined."""
    before = _parts_before(articles)
    gone_on = set(before.values())
    return [
        part
        for part in articles
        if (part not in before and (part.get("prev") or _place(part) in _LATER))
        or (part not in gone_on and (part.get("next") or _place(part) in _EARLIER))
    ]


def joined(articles: list[etree._Element]) -> list[etree._Element]:
    """The articles, each with what it goes on with at its end; their text is changed."""
    before = _parts_before(articles)
    first: dict[etree._Element, etree._Element] = {}
    remove(*before)
    for part, earlier in before.items():
        first[part] = first.get(earlier, earlier)
        first[part].append(part)
    return [part for part in articles if part not in first]


def _parts_before(articles: list[etree._Element]) -> dict[etree._Element, etree._Element]:
    """Later parts of articles, each with the part before it: they name that by `prev`, or its `next` names them."""
    before: dict[etree._Element, etree._Element] = {}
    known: dict[str, etree._Element] = {}
    awaited: dict[str, etree._Element] = {}
    for part in articles:
        own, last, following = _own_name(part), _named(part, "prev"), _named(part, "next")
        found = known.get(last, awaited.get(own))
        if found is not None and _place(part) in _LATER:
            before[part] = found
        if own:
            known[own] = part
        if following:
            awaited[following] = part
    return before


def _place(part: etree._Element) -> str:
    return (part.get("part") or "").strip()


def _own_name(part: etree._Element) -> str:
    return (part.get(f"{XML}id") or part.get("id") or "").strip()


def _named(part: etree._Element, attribute: str) -> str:
    """The name that an attribute points to, in the same document (`#a`; `a` in P4)."""
    return (part.get(attribute) or "").strip().removeprefix("#")
