"""What a NewsML 1 item holds: its content items, which of them are the text, and what accompanies it."""

from __future__ import annotations

import re
from typing import NamedTuple

from lxml import etree

from etl.formats.agency.iptc import XML_LANG, all_at, value_at
from etl.formats.common.markup import local_name

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
    """A content item, with the kind of its medium and the role of the component that holds it."""

    element: etree._Element
    kind: str
    role: str

    @property
    def is_main_text(self) -> bool:
        return self.kind == TEXT and self.role not in CAPTIONS | BESIDE


class Held(NamedTuple):
    """What a component and those within it hold."""

    texts: list[Content]
    """The main ones, in order; of equivalent ones only the first."""
    others: list[Content]
    """Captions and the like."""
    media: list[str]
    """The kinds of what is not text: one for each component without a main text; and the text in other languages."""


def held_by(component: etree._Element, role: str = "") -> Held:
    """What a component holds that inherits this role."""
    role = (value_at(component, "Role", "FormalName") or role).lower()
    held = Held([], [], [])
    for child in component:
        name = local_name(child)
        if name == "contentitem":
            content = Content(child, _kind(child), role)
            if content.kind != TEXT:
                held.media.append(content.kind)
            else:
                (held.texts if content.is_main_text else held.others).append(content)
        elif name == "newscomponent":
            inner = held_by(child, role)
            held.texts.extend(inner.texts)
            held.others.extend(inner.others)
            held.media.extend(inner.media if inner.texts else inner.media[:1])
    if component.get("EquivalentsList") == "yes":
        languages = [_language(content.element) for content in held.texts]
        held.media.extend("translation" for language in set(languages) if language != languages[0])
        del held.texts[1:]
    return held


def _language(element: etree._Element) -> str:
    """The language that an element, or the nearest one around it, declares."""
    return next((said[:2].lower() for at in (element, *element.iterancestors()) if (said := at.get(XML_LANG))), "")


def _kind(content: etree._Element) -> str:
    kind = value_at(content, "MediaType", "FormalName")
    if kind:
        return KINDS.get(kind.lower(), kind.lower())
    if next(all_at(content, "DataContent"), None) is not None:
        return TEXT
    mime = value_at(content, "MimeType", "FormalName") or value_at(content, "Format", "FormalName") or "unknown"
    return "picture" if _PICTURE.search(mime) else mime.partition("/")[0].lower()


def count_texts(data: bytes) -> int:
    """The items that announce a main text, or that are cancelled and empty: by their tags."""
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
