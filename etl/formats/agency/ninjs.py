"""What an item of ninjs is: how it differs from other JSON, and how articles are counted without parsing it.

dpa's digital wires are such items by other names (`article_html`, `urn`, `version_created`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from etl.formats.agency.iptc import MEDIA
from etl.formats.common.json_text import MOST_LEVELS

_FIELD_NAMES = """
    uri versioncreated contentcreated pubstatus representationtype copyrightnotice body_text body_html body_xhtml
    headlines bodies altids
"""
FIELDS = frozenset(_FIELD_NAMES.split())
"""Fields of ninjs 1 to 3, in lower case, that have other names in other JSON: two of them identify ninjs."""
_COMMON = frozenset(("pubstatus", "copyrightnotice"))
"""Those that other formats of agencies have, too."""
_DIGITAL_WIRES = frozenset(("urn", "version_created", "article_html"))
"""Fields that each item of dpa's digital wires has, if only as null."""
_OUR_NAMES = {
    "urn": "uri",
    "version_created": "versioncreated",
    "content_created": "contentcreated",
    "article_html": "body_html",
    "teaser": "description_text",
    "keyword_names": "keywords",
}
"""Field of dpa's digital wires -> field of ninjs. Others have the same name in both, or go to `extra`."""
_SUBJECTS = frozenset(f"dnltype:{name}" for name in ("dpasubject", "geosubject", "genre", "person"))
_SAID_ELSEWHERE = frozenset(f"dnltype:{name}" for name in ("keyword", "pubstatus", "urgency", "desk", "signal"))
"""Categories of dpa that repeat other fields of the item."""
HOLDERS = ("item", "items", "_items", "newsitems", "results", "hits", "entries", "_source", "data")
"""Fields that hold items in what is not an item itself: a page of an API, or its wrapper around one item."""
MAY_BE_TEXT = frozenset(("composite", "package"))
"""Types that are articles where they hold a text."""
TEXTS = MAY_BE_TEXT | {"text"}
"""Types of what is an article of its own among the associations of another, where it has a headline, too."""
SHOWN = ("image", "video", "audio")
"""How the MIME types of pictures and the like begin."""

_HEAD_CHARACTERS = 20_000
_ANY_FIELD = re.compile(rf'"(?:{"|".join(sorted(FIELDS | _DIGITAL_WIRES))})"', re.IGNORECASE)
_TOKEN = re.compile(rb'"((?:[^"\\]|\\.?)*+)(?:"|\Z)|[\[\]{}]|[^\s,:\[\]{}"]++', re.DOTALL)


def is_ninjs(names: Iterable[str]) -> bool:
    """Whether fields of these names are an item of ninjs, or of dpa's digital wires."""
    lower = {name.lower() for name in names}
    found = FIELDS & lower
    return (len(found) >= 2 and not found <= _COMMON) or lower >= _DIGITAL_WIRES


def with_our_names(item: dict[str, Any]) -> dict[str, Any]:
    """An item, its names in lower case, by the names of ninjs. One of dpa without a text is of the kind of the picture
    or the like that it holds first.
    """
    if not item.keys() >= _DIGITAL_WIRES:
        return item
    renamed = {_OUR_NAMES.get(name, name): value for name, value in item.items()}
    categories = _objects(item.get("categories"))
    renamed["categories"] = [each for each in categories if each.get("type") not in _SUBJECTS | _SAID_ELSEWHERE]
    renamed["subject"] = [
        {"name": each.get("name"), "code": each.get("qcode"), "rel": str(each["type"]).partition(":")[2]}
        for each in categories
        if each.get("type") in _SUBJECTS
    ]
    held = _objects(item.get("associations"))
    if not item["article_html"] and held and str(held[0].get("type")).lower() in MEDIA:
        renamed["type"] = held[0]["type"]
    return renamed


def _objects(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def begins_with_item(text: str) -> bool:
    """Whether the first object of a JSON text, which may be cut, is an item of ninjs, or leads to one.

    Only names at the top of an object count, or of one in a package: what is in an article of another layout may be an
    item.
    """
    if not _ANY_FIELD.search(text, 0, _HEAD_CHARACTERS):
        return False
    opened: list[_Opened] = []
    for match in _TOKEN.finditer(text[:_HEAD_CHARACTERS].encode()):
        token, string = match[0], match[1]
        if token in (b"[", b"{"):
            if len(opened) > MOST_LEVELS:
                return False
            _open(opened, token)
        elif token in (b"]", b"}"):
            closed = opened.pop() if opened else None
            if opened and closed:
                opened[-1].name = ""
        elif opened:
            here = opened[-1]
            _take(opened, string)
            leads = all(not each.under or each.under in HOLDERS for each in _without_packages(opened))
            if here.is_object and leads and is_ninjs(here.names):
                return True
    return False


def _without_packages(opened: list[_Opened]) -> list[_Opened]:
    """What stands around the innermost object, up to the outermost of the packages that it belongs to."""
    around = opened
    while len(around) > 1 and around[-2].is_associations:
        holder = next(at for at in reversed(range(len(around) - 1)) if not around[at].is_associations)
        if around[holder].kind not in MAY_BE_TEXT or around[holder].holds_text:
            break
        around = around[: holder + 1]
    return around


def items_of(found: Any) -> list[Any]:
    """The items of a document: itself, a list, or what a page of an API holds; each without the wrapper around it."""
    found = _unwrapped(found)
    return [_unwrapped(each) for each in found] if isinstance(found, list) else [found]


def _unwrapped(found: Any) -> Any:
    while isinstance(found, dict) and not is_ninjs(found):
        fields = {name.lower(): value for name, value in found.items()}
        held = next((fields[name] for name in HOLDERS if isinstance(fields.get(name), dict | list)), None)
        if held is None:
            break
        found = held
    return found


@dataclass
class _Opened:
    """A list or an object that is not closed yet, as the scan sees it."""

    is_object: bool
    under: str
    """The name of the field that holds it, if it is in an object."""
    names: set[str] = field(default_factory=set)
    name: str = ""
    """In an object, the name whose value comes next."""
    kind: str = ""
    holds_text: bool = False
    articles: int = 0
    """In a list, the articles among its values."""
    has_headline: bool = False
    is_shown: bool = False
    """Whether its MIME type is that of a picture or the like."""
    is_associations: bool = False
    """Whether it is what holds the associations of an item, or a list in that."""
    texts: int = 0
    """The articles among its associations, and theirs, if it is not one itself and belongs to none."""
    titled: int = 0
    """Those if it is an article, or belongs to one."""
    held: dict[str, tuple[int, int]] = field(default_factory=dict)
    """In an object, the articles in each list and object, where that leads to the items or is one of them."""

    def as_item(self) -> int:
        """The number of articles if it is an item, or a wrapper around one."""
        if not self.is_object:
            return 1  # not an item: it is rejected
        if around := self._around():
            return around[1]
        if self.kind in MEDIA or (self.kind in MAY_BE_TEXT and not self.holds_text):
            return self.texts
        return 1 + self.titled

    def is_text(self) -> bool:
        """Whether it holds a text, if it belongs to an item."""
        is_picture = self.kind in MEDIA or (not self.kind and (self.is_shown or "renditions" in self.names))
        return self.is_object and self.holds_text and not is_picture

    def is_article(self) -> bool:
        """Whether it is an article, if it belongs to another one."""
        may_be = self.kind in TEXTS or (not self.kind and is_ninjs(self.names))
        return self.is_text() and self.has_headline and may_be

    def as_document(self) -> int:
        """The number of articles if it is the document, or a wrapper around the list of its items."""
        around = self._around()
        return self.articles if not self.is_object else around[0] if around else self.as_item()

    def _around(self) -> tuple[int, int] | None:
        return None if is_ninjs(self.names) else next((self.held[name] for name in HOLDERS if name in self.held), None)


def count_articles(data: bytes) -> int:
    """The articles of a document, by its brackets and the strings between them; 1 if it is not one, or breaks off."""
    opened: list[_Opened] = []
    total = None
    for match in _TOKEN.finditer(data):
        token, string = match[0], match[1]
        if len(opened) > MOST_LEVELS:
            return 1  # it is not read
        if token in (b"[", b"{"):
            _open(opened, token)
        elif token not in (b"]", b"}"):
            if opened:
                _take(opened, string)
        elif opened:
            closed = opened.pop()
            if opened:
                _close(closed, opened[-1])
            else:
                total = closed.as_document()
    return 1 if total is None else total


def _open(opened: list[_Opened], token: bytes) -> None:
    """A list or an object."""
    new = _Opened(token == b"{", opened[-1].name if opened else "")
    if opened:
        is_listed = opened[-1].is_associations
        new.is_associations = not new.is_object if is_listed else new.under == "associations"
    opened.append(new)


def _take(opened: list[_Opened], string: bytes | None) -> None:
    """A name, or a value that is not a container."""
    here = opened[-1]
    if not here.is_object:
        here.articles += 1  # not an item: it is rejected
    elif not here.name:
        here.name = (string or b"").decode("utf-8", "replace").lower() or "?"
        here.names.add(here.name)
    else:
        is_in_bodies = here.name == "value" and len(opened) > 1 and opened[-2].under == "bodies"
        if here.name == "type":
            here.kind = (string or b"").decode("utf-8", "replace").lower()
        if here.name == "mimetype":
            here.is_shown = (string or b"").strip().decode("utf-8", "replace").lower().startswith(SHOWN)
        is_body = here.name.startswith("body_") or here.name == "article_html" or is_in_bodies
        if string and is_body and string.replace(b"\\n", b"").strip():
            here.holds_text = True
        is_in_headlines = here.name == "value" and len(opened) > 1 and opened[-2].under == "headlines"
        here.has_headline |= bool(string and string.strip()) and (here.name in ("headline", "title") or is_in_headlines)
        here.name = ""


def _close(closed: _Opened, parent: _Opened) -> None:
    if closed.under == "bodies" or parent.under == "bodies":
        parent.holds_text |= closed.holds_text
    if closed.under == "headlines" or parent.under == "headlines":
        parent.has_headline |= closed.has_headline
    if parent.is_associations:
        parent.texts += 1 + closed.titled if closed.is_text() else closed.texts
        parent.titled += closed.titled + closed.is_article()
    elif closed.is_associations:
        parent.texts, parent.titled = closed.texts, closed.titled
    if parent.is_object:
        parent.held[parent.name] = closed.as_document(), closed.as_item()
        parent.name = ""
    else:
        parent.articles += closed.as_item()
