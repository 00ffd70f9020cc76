"""The entities of an XML document: those of HTML become characters, those of its own are refused."""

from __future__ import annotations

import html
import re

from lxml import etree

from etl.model import DumpError

_PARAMETER = re.compile(rb"<!ENTITY\s{1,99}%\s{1,99}([A-Za-z_][\w.-]{0,99})")
"""Entities that a DTD declares for its own use (NewsML's refers to NITF's by one): they are never read."""


def refuse_entities(root: etree._Element, data: bytes) -> None:
    """Raise DumpError where a document declares entities of its own: one could expand to gigabytes."""
    dtd = root.getroottree().docinfo.internalDTD
    own = {entity.name for entity in dtd.iterentities()} if dtd is not None else set()
    if own - {name.decode() for name in _PARAMETER.findall(data)}:
        raise DumpError("declares XML entities of its own, which are never expanded; ask its sender for plain text")


def spell_entities(root: etree._Element) -> None:
    """Replace entities that the DTD, which is not read, would have defined by their characters."""
    for parent in dict.fromkeys(entity.getparent() for entity in root.iter(etree.Entity)):
        before, texts = None, [parent.text]
        for child in list(parent):
            if child.tag is etree.Entity:
                texts += [html.unescape(child.text), child.tail]
                parent.remove(child)
            else:
                _set_text(parent, before, texts)
                before, texts = child, [child.tail]
        _set_text(parent, before, texts)


def _set_text(parent: etree._Element, before: etree._Element | None, texts: list[str | None]) -> None:
    """Set the text after a child of an element, or before all of them; in one go, because each time copies it."""
    text = "".join(filter(None, texts))
    if before is None:
        parent.text = text
    else:
        before.tail = text
