"""What a NewsML 1 item holds: its content items, which of them are the text, and what accompanies it."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from etl.formats.agency.iptc import XML_LANG, value_at
from etl.formats.common.encoding import decode_damaged
from etl.formats.common.markup import local_name
from etl.formats.common.pieces import Unreadable
from etl.model import DumpError

TEXT = "text"
CANCELED = ("canceled", "cancelled", "killed")
MEDIA = {
    "picture": "photo image picture graphic infographic logo icon",
    "video": "video film",
    "audio": "audio sound",
    "animation": "animation",
    "stylesheet": "css stylesheet",
    "script": "javascript ecmascript script",
}
"""What is never an article, by the media types and formats that say so."""
_KIND_OF = {name: kind for kind, names in MEDIA.items() for name in names.split()}
CAPTIONS = frozenset(("caption", "picture caption", "photo caption", "legend", "cutline"))
"""Roles of a text that belongs to a picture."""
TITLES = frozenset(("title", "headline", "head line", "main title", "short title", "web title", "hedline"))
"""Roles of a text that is the headline."""
BESIDE = TITLES | {"abstract", "summary", "teaser", "keywords", "slug", "slugline", "note", "editorial note", "byline"}
"""Roles of a text that stands beside the main one."""

_PICTURE = re.compile(r"jpe?g|tiff?|png|gif", re.IGNORECASE)
_PROSE_WORDS = 10
"""So many words without an element between them are prose, not data."""
_OWN_NAMES = frozenset(("contentitem", "newscomponent", "newsitem", "newsitemref", "newslines", "role", "topicset"))
_TEXT_ELEMENTS = frozenset(("nitf", "html", "body", "body.content", "p", "block"))


class Content(NamedTuple):
    """A content item, with the kind of its medium and the role of the component that holds it."""

    element: etree._Element
    kind: str
    role: str

    @property
    def is_caption(self) -> bool:
        return self.role in CAPTIONS

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
    """The kinds of what is not text: one for each component without a main text."""
    translations: list[Content]
    """The main text in other languages."""


def held_by(component: etree._Element) -> Held:
    """What a component holds, its main texts those in the language of the first."""
    held = _held(component, "")
    texts = [content for content in held.texts if not _is_translation(content, held.texts[0])]
    translations = [content for content in held.texts if content not in texts]
    return held._replace(texts=texts, translations=[*translations, *held.translations])


def _held(component: etree._Element, role: str) -> Held:
    """What a component holds that inherits this role."""
    role = " ".join((value_at(component, "Role", "FormalName") or role).lower().split())
    held = Held([], [], [], [])
    for child in component:
        name = _acts_as(child)
        if name == "contentitem":
            content = Content(child, _kind(child), role)
            if content.kind != TEXT:
                held.media.append(content.kind)
            else:
                (held.texts if content.is_main_text else held.others).append(content)
        elif name == "newscomponent":
            inner = _held(child, role)
            held.texts.extend(inner.texts)
            held.others.extend(inner.others)
            held.media.extend(inner.media if inner.texts else inner.media[:1])
            held.translations.extend(inner.translations)
    if component.get("EquivalentsList") == "yes":
        held.translations.extend(content for content in held.texts if _is_translation(content, held.texts[0]))
        del held.texts[1:]
    return held


def _acts_as(element: etree._Element) -> str:
    """The name of an element; of one that NewsML does not have, of the one that it stands for by what it holds."""
    name = local_name(element)
    if name in _OWN_NAMES or not name:
        return name
    if any(next(element.iter(inner), None) is not None for inner in ("{*}ContentItem", "{*}NewsComponent")):
        return "newscomponent"
    return "contentitem" if next(element.iter("{*}DataContent"), None) is not None else name


def _is_translation(content: Content, main: Content) -> bool:
    own, first = language_of(content.element)[:2].lower(), language_of(main.element)[:2].lower()
    return bool(own and first) and own != first


def language_of(element: etree._Element) -> str:
    """The language that an element, or the nearest component around it, declares; '' where none does."""
    for at in (element, *element.iterancestors()):
        said = value_at(at, "DescriptiveMetadata/Language", "FormalName") or at.get(XML_LANG) or ""
        if said and not said.lower().startswith(("x-", "und", "mul")):
            return said
    return ""


def data_of(content: etree._Element) -> Iterator[etree._Element]:
    """The elements that hold the data of a content item, which may stand within an encoding.

    Raises Unreadable where the encoding is not known, or the data is not in it.
    """
    for data in content.iter("{*}DataContent"):
        around = data.getparent()
        notation = around.get("Notation", "") if around is not None and local_name(around) == "encoding" else ""
        if notation.lower() == "base64" and not len(data):
            data.text = _from_base64(data.text or "")
            around.set("Notation", "")
        elif notation and not len(data):
            raise Unreadable(f"its text is encoded as {notation}; expected Base64; ask its sender for plain text")
        yield data


def _from_base64(text: str) -> str:
    try:
        return decode_damaged(base64.b64decode(text, validate=False), None)[0]
    except (binascii.Error, ValueError, DumpError) as error:
        raise Unreadable(f"its text is said to be Base64, but cannot be decoded ({error})") from None


def _kind(content: etree._Element) -> str:
    """The kind of a content item: its format where that is no text, else its medium, else what it holds.

    A medium that is not known, or called data, is a text where prose is in it: TASS and others send NITF so.
    """
    medium = (value_at(content, "MediaType", "FormalName") or "").lower()
    mime = (value_at(content, "MimeType", "FormalName") or "").lower()
    form = (value_at(content, "Format", "FormalName") or "").lower()
    if found := _KIND_OF.get(medium) or _KIND_OF.get(mime.rpartition("/")[2]) or _KIND_OF.get(form):
        return found
    if medium == TEXT:
        return TEXT
    if not medium and _PICTURE.search(f"{mime} {form}"):
        return "picture"
    is_unsaid = not medium and (not mime or "xml" in mime or mime.startswith("text/"))
    if _is_prose(content) or (is_unsaid and next(content.iter("{*}DataContent"), None) is not None):
        return TEXT
    named = medium or mime.partition("/")[0] or form or "unknown"
    return _KIND_OF.get(named, "data" if named == "complexdata" else named)


def _is_prose(content: etree._Element) -> bool:
    return any(
        local_name(element) in _TEXT_ELEMENTS or len((element.text or "").split()) >= _PROSE_WORDS
        for element in content.iter(etree.Element)
    )
