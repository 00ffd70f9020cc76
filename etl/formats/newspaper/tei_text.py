"""The text of TEI as paragraphs: what is printed in the line, and apart from it notes and what describes pictures.

Elements as the TEI guidelines (P5) describe them; of `choice`, what the source prints.
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
_NOT_PRINTED = frozenset(("corr", "expan", "reg", "ex"))
_PRINTED = frozenset(("abbr", "orig", "sic", "am"))
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
    for node in list(element.iter(etree.Element)):
        name = local_name(node)
        if name in _APART or (name in _NOT_PRINTED and _prints_other(node)):
            remove(node)
        elif name == "lb":
            _break(node, line_ends_matter)
        elif name in _BLOCKS:
            node.tag = "p"
        elif name == "cell":
            node.tag = "td"
        elif name in ("title", "head", "style"):  # names of HTML for what a page does not show
            node.tag = "hi"
    return Text(paragraphs(element, _NO_NAMES), notes, captions)


def _prints_other(node: etree._Element) -> bool:
    """Whether beside what an editor put stands what the source prints."""
    parent = node.getparent()
    return parent is not None and any(local_name(other) in _PRINTED for other in parent)


def _taken(element: etree._Element, names: tuple[str, ...]) -> list[str]:
    """The texts of these elements, outermost first, which are taken out."""
    texts = []
    for node in [node for node in element.iter(etree.Element) if local_name(node) in names]:
        if node is not element and element in node.iterancestors():
            texts.append(inline(node, _NO_NAMES))
            remove(node)
    return list(filter(None, texts))


def _break(node: etree._Element, matters: bool) -> None:
    """A break of lines as a space, or as nothing where it parts a word."""
    if matters:
        node.tag = "br"
        return
    before, after = _before(node), node.tail or ""
    if node.get("break") == "no" or before.endswith("¬"):
        _set_before(node, before.rstrip().rstrip("¬-"))
        node.tail = after.lstrip()
    else:
        node.tail = f" {after}"


def _before(node: etree._Element) -> str:
    previous, parent = node.getprevious(), node.getparent()
    return (previous.tail if previous is not None else parent.text if parent is not None else "") or ""


def _set_before(node: etree._Element, text: str) -> None:
    previous, parent = node.getprevious(), node.getparent()
    if previous is not None:
        previous.tail = text
    elif parent is not None:
        parent.text = text


def remove(node: etree._Element) -> None:
    """Take an element out of its parent, and leave what stands after it."""
    parent = node.getparent()
    if parent is not None:
        _set_before(node, _before(node) + (node.tail or ""))
        parent.remove(node)
