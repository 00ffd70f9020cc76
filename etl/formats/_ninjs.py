"""What an item of ninjs is: how it is told from other JSON, and how articles are counted without parsing it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_FIELD_NAMES = """
    uri versioncreated contentcreated pubstatus representationtype copyrightnotice body_text body_html body_xhtml
    headlines bodies altids
"""
FIELDS = frozenset(_FIELD_NAMES.split())
"""Fields of ninjs 1 to 3, in lower case, for which other JSON has other names: two of them are taken for it."""
LISTS = ("item", "items", "_items", "newsitems", "results", "hits")
"""Fields of a page of an API that hold its items."""
_MEDIA_NAMES = "picture image photo graphic infographic video audio animation event planning component"
MEDIA = frozenset(_MEDIA_NAMES.split())
MAY_BE_TEXT = frozenset(("composite", "package"))
"""Types that are an article where they hold a text."""

_TOKEN = re.compile(rb'"((?:[^"\\]|\\.?)*+)(?:"|\Z)|[\[\]{}]|[^\s,:\[\]{}"]++', re.DOTALL)


def is_ninjs(names: Iterable[str]) -> bool:
    """Whether fields of these names are an item of ninjs."""
    return len(FIELDS.intersection(name.lower() for name in names)) >= 2


@dataclass
class _Opened:
    """A list or an object that is not closed yet, as the scan sees it."""

    is_object: bool
    under: str
    """The name that it stands under, if in an object."""
    names: set[str] = field(default_factory=set)
    name: str = ""
    """In an object, the name that waits for its value."""
    kind: str = ""
    holds_text: bool = False
    articles: int = 0
    """In a list, the articles among its values."""
    lists: dict[str, int] = field(default_factory=dict)
    """In an object, the articles in its lists."""

    def is_article(self) -> bool:
        return self.kind not in MEDIA and (self.kind not in MAY_BE_TEXT or self.holds_text)

    def articles_of_document(self) -> int:
        """The articles where this is the whole document: an item, a list, or a page that holds a list."""
        if not self.is_object:
            return self.articles
        listed = next((self.lists[name] for name in LISTS if name in self.lists), None)
        return int(self.is_article()) if listed is None or is_ninjs(self.names) else listed


def count_articles(data: bytes) -> int:
    """The articles of a document, by its brackets and the strings between them; 1 where it is none, or breaks off."""
    opened: list[_Opened] = []
    total = None
    for match in _TOKEN.finditer(data):
        token, string = match[0], match[1]
        if token in (b"[", b"{"):
            opened.append(_Opened(token == b"{", opened[-1].name if opened else ""))
        elif token not in (b"]", b"}"):
            if opened:
                _take(opened, string)
        elif opened:
            closed = opened.pop()
            if opened:
                _close(closed, opened[-1])
            else:
                total = closed.articles_of_document()
    return 1 if total is None else total


def _take(opened: list[_Opened], string: bytes | None) -> None:
    """A name, or a value that is no container."""
    here = opened[-1]
    if not here.is_object:
        here.articles += 1  # no item: it is rejected
    elif not here.name:
        here.name = (string or b"").decode("utf-8", "replace").lower() or "?"
        here.names.add(here.name)
    else:
        is_in_bodies = here.name == "value" and len(opened) > 1 and opened[-2].under == "bodies"
        if here.name == "type":
            here.kind = (string or b"").decode("utf-8", "replace").lower()
        if string and (here.name.startswith("body_") or is_in_bodies) and string.replace(b"\\n", b"").strip():
            here.holds_text = True
        here.name = ""


def _close(closed: _Opened, parent: _Opened) -> None:
    if closed.under == "bodies" or parent.under == "bodies":
        parent.holds_text |= closed.holds_text
    if not parent.is_object:
        parent.articles += closed.is_article() if closed.is_object else 1
        return
    if not closed.is_object:
        parent.lists[parent.name] = closed.articles
    parent.name = ""
