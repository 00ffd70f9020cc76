"""The text of TEI as paragraphs: what is printed in the line, and apart from it notes and what describes pictures.

Elements as the TEI guidelines (P5) describe them; of several readings of one place, one: what the source prints, what
replaced something else, and the lemma of variants.
"""

from __future__ import annotations

from typing import NamedTuple

from lxml import etree

from etl.formats.common.markup import inline, local_name, paragraphs

_BLOCK_NAMES = """
    ab argument byline castitem closer cit dateline docimprint epigraph head item l label opener p postscript quote row
    salute signed sp speaker stage titlepart trailer
"""
_BLOCKS = frozenset(_BLOCK_NAMES.split())
"""Elements that are paragraphs of their own."""
_READ_FOR = {"corr": "sic", "reg": "orig", "expan": "abbr", "ex": "am", "del": "add"}
"""Elements, and what is read in place of each where both stand side by side."""
_CHOICES = {"choice": "sic orig abbr am", "app": "lem", "rdggrp": "lem"}
"""Elements of which one part is read, and the parts that come before others."""
_WITNESSES = frozenset(("wit", "witdetail"))
_APART = frozenset(("fw", "cb", "milestone", "gap"))
_NOTES = ("note",)
_PICTURES = ("figdesc",)
_NO_NAMES: frozenset[str] = frozenset()


class Text(NamedTuple):
    """A text, its notes, and what its pictures show."""

    body: str
    notes: list[str]
    captions: list[str]


def text_of(element: etree._Element, line_ends_matter: bool = False) -> Text:
    """The text of an element, which is changed. `line_ends_matter`: `lb` is a break of lines, and not the source's."""
    notes = _taken(element, _NOTES)
    captions = _taken(element, _PICTURES)
    settled(element)
    breaks = [node for node in element.iter(etree.Element) if local_name(node) == "lb"]
    for node in breaks if not line_ends_matter else ():
        node.tail = (node.tail or "").lstrip()  # before what stands behind something else is behind it
    remove(*(node for node in element.iterdescendants(etree.Element) if local_name(node) in _APART))
    for node in list(element.iter(etree.Element)):
        name = local_name(node)
        if name == "lb":
            _break(node, line_ends_matter)
        elif name in _BLOCKS:
            node.tag = "p"
        elif name == "cell":
            node.tag = "td"
        elif name in ("title", "head", "style"):  # names of HTML for what a page does not show
            node.tag = "hi"
    return Text(paragraphs(element, _NO_NAMES), notes, captions)


def settled(element: etree._Element) -> etree._Element:
    """An element with one reading of each place, which is changed."""
    for node in list(element.iter(etree.Element)):
        name = local_name(node)
        if name in _CHOICES:
            _keep(node, _chosen(node, _CHOICES[name]))
        elif name == "subst":
            _keep(node, [part for part in node if local_name(part) == "add"])
        elif name in _READ_FOR and _READ_FOR[name] in _neighbours(node):
            remove(node)
    return element


def _chosen(choice: etree._Element, preferred: str) -> list[etree._Element]:
    """The first part of a choice that is one of the preferred names, else the first that holds one, else the first."""
    names = preferred.split()
    parts = [part for part in choice.iterchildren(etree.Element) if local_name(part) not in _WITNESSES]
    are = [part for part in parts if local_name(part) in names]
    hold = (part for part in parts if any(local_name(one) in names for one in part.iter(etree.Element)))
    return [*are, *hold, *parts][:1]


def _keep(node: etree._Element, parts: list[etree._Element]) -> None:
    """Take the other parts out of an element, with the white space around, which is layout; none if no part is kept."""
    if not parts:
        return
    kept, last = set(parts), parts[-1]
    others = [part for part in node if part not in kept]
    for part in others:
        part.tail = (part.tail or "").strip() and part.tail
    remove(*others)
    node.text, last.tail = ((text or "").strip() and text for text in (node.text, last.tail))


def _neighbours(node: etree._Element) -> list[str]:
    """The names of the elements before and after one, where no word is between."""
    before, after = node.getprevious(), node.getnext()
    near = [after] if not (node.tail or "").strip() else []
    near += [before] if before is not None and not (before.tail or "").strip() else []
    return [local_name(one) for one in near if one is not None]


def _taken(element: etree._Element, names: tuple[str, ...]) -> list[str]:
    """The texts of these elements, outermost first, which are taken out."""
    taken: dict[etree._Element, str] = {}
    for node in [node for node in element.iterdescendants(etree.Element) if local_name(node) in names]:
        around = list(node.iterancestors())
        if element in around and not any(above in taken for above in around):
            taken[node] = inline(settled(node), _NO_NAMES)
    remove(*taken)
    return list(filter(None, taken.values()))


def _break(node: etree._Element, matters: bool) -> None:
    """A break of lines as a space, or as nothing where it parts a word."""
    if matters:
        node.tag = "br"
        return
    previous, parent = node.getprevious(), node.getparent()
    before = (previous.tail if previous is not None else parent.text if parent is not None else "") or ""
    if node.get("break") != "no" and not before.endswith("¬"):
        node.tail = f" {node.tail or ''}"
    elif previous is not None:
        previous.tail = before.rstrip().rstrip("¬-")
    elif parent is not None:
        parent.text = before.rstrip().rstrip("¬-")


def remove(*nodes: etree._Element) -> None:
    """Take elements, in their order, out of their parents, and leave what stands after each. Many at once, for a text
    that grows with each would be copied with each."""
    after: dict[etree._Element, list[str]] = {}
    within: dict[etree._Element, list[str]] = {}
    for node in nodes:
        previous, parent = node.getprevious(), node.getparent()
        if parent is not None:
            texts = within.setdefault(parent, []) if previous is None else after.setdefault(previous, [])
            texts.append(node.tail or "")
            node.tail = None
            parent.remove(node)
    for element, texts in after.items():
        element.tail = "".join((element.tail or "", *texts))
    for element, texts in within.items():
        element.text = "".join((element.text or "", *texts))
