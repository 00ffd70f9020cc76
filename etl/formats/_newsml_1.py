"""What a NewsML 1 item holds: its content items, which of them are the text, and what stands beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from etl.formats._iptc import all_at, value_at
from etl.formats._markup import local_name

TEXT = "text"
CANCELED = ("canceled", "cancelled", "killed")
KINDS = {"photo": "picture", "image": "picture", "complexdata": "data"}
"""Media types by other names."""
CAPTIONS = frozenset(("caption", "picture caption", "photo caption", "legend", "cutline"))
"""Roles of a text that belongs to a picture."""
BESIDE = frozenset(("abstract", "summary", "teaser", "headline", "keywords", "slug", "note", "editorial note"))
"""Roles of a text that stands beside the main one."""

_MARKS = re.compile(
    rb"<(/?)(?:[\w.-]{1,64}:)?(NewsItem|NewsComponent|ContentItem|Role|MediaType|DataContent|Status)"
    rb"(?![\w.-])([^<>]{0,4000})"
)
_FORMAL = re.compile(rb"""\bFormalName\s{0,9}=\s{0,9}["']([^"'<>]{0,200})["']""")
_PICTURE = re.compile(r"image|jpe?g|tiff|png|gif", re.IGNORECASE)


class Content(NamedTuple):
    """A content item, with the kind of its medium and the role of the component it stands in."""

    element: etree._Element
    kind: str
    role: str

    @property
    def is_main_text(self) -> bool:
        return self.kind == TEXT and self.role not in CAPTIONS | BESIDE


def contents_of(component: etree._Element, role: str = "") -> list[Content]:
    """The content items of a component and of those within it; of equivalent texts the first one only."""
    role = (value_at(component, "Role", "FormalName") or role).lower()
    found: list[Content] = []
    for child in component:
        if local_name(child) == "contentitem":
            found.append(Content(child, _kind(child), role))
        elif local_name(child) == "newscomponent":
            found += contents_of(child, role)
    if component.get("EquivalentsList") != "yes":
        return found
    texts = [content for content in found if content.is_main_text]
    return [content for content in found if content not in texts[1:]]


def kinds_beside(component: etree._Element) -> Iterator[str]:
    """The kinds of what stands beside the text: one for each component that holds no text but captions."""
    for content in all_at(component, "ContentItem"):
        if (kind := _kind(content)) != TEXT:
            yield kind
    for child in all_at(component, "NewsComponent"):
        contents = contents_of(child)
        if any(content.is_main_text for content in contents):
            yield from kinds_beside(child)
        elif media := [content.kind for content in contents if content.kind != TEXT]:
            yield media[0]


def _kind(content: etree._Element) -> str:
    kind = value_at(content, "MediaType", "FormalName")
    if kind:
        return KINDS.get(kind.lower(), kind.lower())
    if next(all_at(content, "DataContent"), None) is not None:
        return TEXT
    mime = value_at(content, "MimeType", "FormalName") or value_at(content, "Format", "FormalName") or "unknown"
    return "picture" if _PICTURE.search(mime) else mime.partition("/")[0].lower()


def count_texts(data: bytes) -> int:
    """The items in which a text is announced that stands beside nothing, or that are cancelled and empty: by tags."""
    total = 0
    items: list[dict[str, bool]] = []
    roles: list[str] = []
    kind: str | None = None
    for match in _MARKS.finditer(data):
        closes, name, attributes = match.groups()
        formal = _FORMAL.search(attributes)
        value = formal[1].decode("utf-8", "replace").strip().lower() if formal else ""
        opens = not closes and not attributes.rstrip().endswith(b"/")
        if name == b"NewsItem":
            if opens:
                items.append({"text": False, "content": False, "canceled": False})
            elif closes and items:
                total += _is_mark(items.pop())
        elif name == b"NewsComponent":
            if opens:
                roles.append("")
            elif closes and roles:
                roles.pop()
        elif closes or not items:
            continue
        elif name == b"Role" and roles:
            roles[-1] = value
        elif name == b"Status":
            items[-1]["canceled"] |= value in CANCELED
        elif name == b"ContentItem":
            kind, items[-1]["content"] = None, True
        elif name == b"MediaType" or (name == b"DataContent" and kind is None):
            kind = value if name == b"MediaType" else TEXT
            items[-1]["text"] |= kind == TEXT and _role(roles) not in CAPTIONS | BESIDE
    return total + sum(map(_is_mark, items))


def _role(roles: list[str]) -> str:
    return next((role for role in reversed(roles) if role), "")


def _is_mark(item: dict[str, bool]) -> bool:
    return item["text"] or (item["canceled"] and not item["content"])
