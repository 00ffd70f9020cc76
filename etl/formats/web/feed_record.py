"""One item of a feed, RSS or Atom, as a raw record."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from lxml import etree

from etl.formats.common.markup import local_name
from etl.formats.common.pieces import Unreadable, unwrap_singles, without_empty
from etl.formats.web.feed_elements import Elements, children_of, first_text, is_vendors, named, split_name, text_in
from etl.formats.web.feed_items import namespaces, parse_head
from etl.formats.web.feed_text import line_of, text_of_element, text_of_markup, text_of_post
from etl.model import Piece, RawRecord, Reject, Skip

ARTICLE_TYPES = frozenset(("article", "news", "post", "story"))
"""Types of WordPress: `post` is its own, the others are those of news sites."""

_GLOBAL_ID = re.compile(r"(?:https?|tag|urn|doi):\S+|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_PICTURE = re.compile(r"\.(?:avif|gif|jpe?g|png|svg|tiff?|webp)$", re.IGNORECASE)
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_BODIES = (
    *("content:encoded", "atom:content", "xhtml:body", "xhtml:div"),
    *("yandex:full-text", "body", "fulltext", "full-text"),
)
_SUMMARIES = ("description", "atom:summary", "excerpt:encoded", "dc:description")
_NO_TEXT = re.compile(
    r"^(wp|itunes|media|rdf|slash|thr|geo|dc|atom|googleplay|podcast):"
    r"|summary|excerpt|descri|abstract|comment|credit|copyright|right|keyword|link|url|source|transcript|tag|author|meta"
)
"""Elements that hold no article's text, however long it is."""
SHORTEST_UNUSUAL = 300
_DEEPEST = 10
MOST_TEXTS = 100
"""Each is searched for in the others."""
_STATUSES = {"publish": None, "inherit": None, "future": "embargoed", "trash": "canceled"}
"""WordPress's statuses; any other (draft, pending, private) is withheld."""
NO_TEXT = "no text: its content is empty, or holds pictures only"


@dataclass(frozen=True)
class Channel:
    """What a feed says of all its items."""

    declarations: bytes = b""
    title: str | None = None
    language: str | None = None
    authors: list[str] = field(default_factory=list)
    display_names: dict[str, str] = field(default_factory=dict)
    """The names of WordPress authors, by their logins."""


def channel_of(head: bytes) -> Channel:
    """What stands before the items of a feed."""
    root = parse_head(head)
    if root is None:
        return Channel(namespaces(head))
    channel = next((node for node in root.iter(etree.Element) if local_name(node) == "channel"), root)
    inside = children_of(channel)
    names = {
        text_in(login): text_in(shown)
        for author in inside.get("wp:author", [])
        for login in author.iterfind("{*}author_login")
        for shown in author.iterfind("{*}author_display_name")
    }
    return Channel(
        declarations=namespaces(head),
        title=line_of(first_text(inside, "title", "atom:title") or "") or None,
        language=first_text(inside, "language", "dc:language") or root.get(_LANGUAGE) or channel.get(_LANGUAGE),
        authors=[_person(author) for author in inside.get("atom:author", [])],
        display_names={login: shown for login, shown in names.items() if login and shown},
    )


def piece(item: etree._Element, channel: Channel, position: str, data: bytes) -> Piece:
    """An item as a record, a Reject where it has no text, a Skip where it is not an article."""
    inside = children_of(item)
    for name in ("body", "first_line"):
        inside.setdefault(name, []).extend(
            element for element in item.iterfind(f".//{{*}}{name}") if is_vendors(element)
        )
    kind = first_text(inside, "wp:post_type")
    if kind and kind not in ARTICLE_TYPES:
        is_picture = kind == "attachment" and _PICTURE.search(first_text(inside, "wp:attachment_url") or "")
        return Skip(position, "picture" if is_picture else kind, _words(inside))
    record = _record(item, inside, channel)
    if "body" not in record:
        if any(inside.get(name) for name in _BODIES) or not record.get("headline"):
            return Reject(position, NO_TEXT, data)
        record["is_partial"] = True
    return {"position": position, **record}


def _words(inside: Elements) -> str:
    """The title and the texts of what is not an article."""
    texts = (_content(element, True) for element in islice(named(inside, *_BODIES), MOST_TEXTS))
    return "\n\n".join(filter(None, [first_text(inside, "title") or "", *texts]))


def _record(item: etree._Element, inside: Elements, channel: Channel) -> RawRecord:
    body, summary, others = _texts(inside, "wp:post_type" in inside)
    native_id = first_text(inside, "guid", "atom:id", "dc:identifier") or item.get(_ABOUT)
    is_global = native_id is not None and _GLOBAL_ID.fullmatch(native_id) is not None
    stamped = _published(inside)
    status = first_text(inside, "wp:status")
    record: RawRecord = {
        "native_id": native_id if is_global else None,
        "url": _address(inside),
        "publication": _source_title(inside) or channel.title,
        "headline": line_of(first_text(inside, "title", "atom:title") or ""),
        "deck": summary if body else None,
        "byline": _byline(inside, channel),
        "body": body or summary,
        "is_partial": True if summary and not body else None,
        "published": stamped,
        "modified": _modified(inside, stamped),
        "language": item.get(_LANGUAGE)
        or first_text(inside, "dc:language", "atom:language", "language")
        or channel.language,
        "labels": [
            label for element in named(inside, "category", "atom:category", "dc:subject") if (label := _label(element))
        ],
        "status": _STATUSES.get(status, "withheld") if status else None,
        "embargo_until": stamped if status == "future" else None,
    }
    found = without_empty(record)
    extra = _extra(inside, found) | ({"other_texts": others} if others else {})
    return found | {"extra": extra} if extra else found


# Text


def _texts(inside: Elements, is_post: bool) -> tuple[str, str, list[str]]:
    """The text, the summary where the text does not begin with it, and what else was given for either.

    The longest of several is the text, because a stub may stand in the usual place.
    """
    bodies = [_content(element, is_post) for element in islice(named(inside, *_BODIES), MOST_TEXTS + 1)]
    summaries = [_content(element, False) for element in islice(named(inside, *_SUMMARIES), MOST_TEXTS + 1)]
    if max(len(bodies), len(summaries)) > MOST_TEXTS:
        raise Unreadable(f"has more than {MOST_TEXTS} texts, which no article has; ask for the feed again")
    body, summary = max(bodies, key=len, default=""), max(summaries, key=len, default="")
    body = body or _unusual(inside, len(summary))
    if body and (lead := first_text(inside, "first_line")) and not body.startswith(lead):
        body = f"{lead}\n\n{body}"
    if body.startswith(summary.rstrip(".… \n[]")):
        summary = ""
    others = [text for text in (*bodies, *summaries) if text and text not in body and text != summary]
    is_beginning = [body.startswith(text.rstrip(".… \n[]")) for text in others]
    return body, summary, [text for text, known in zip(others, is_beginning, strict=True) if not known]


def _unusual(inside: Elements, summary_length: int) -> str:
    """The text in an element of a vendor's own, where it is longer than a summary; '' without one."""
    own = [name for name in inside if name not in _USED and not _NO_TEXT.search(name)]
    texts = [_content(element, False) for element in islice(named(inside, *own), MOST_TEXTS)]
    longest = max(texts, key=len, default="")
    return longest if len(longest) > max(SHORTEST_UNUSUAL, summary_length) else ""


def _content(element: etree._Element, is_post: bool) -> str:
    kind = element.get("type", "")
    if len(element):
        return text_of_element(element)
    text = element.text or ""
    if kind in ("text", "text/plain"):
        return text.strip()
    return text_of_post(text) if is_post else text_of_markup(text)


# Other fields


def _address(inside: Elements) -> str | None:
    links = [link.get("href") for link in inside.get("atom:link", []) if link.get("rel", "alternate") == "alternate"]
    permanent = [text_in(guid) for guid in inside.get("guid", []) if guid.get("isPermaLink", "true") == "true"]
    links += [content.get("src") for content in inside.get("atom:content", [])]
    found = [first_text(inside, "link"), *links, *(guid for guid in permanent if guid and guid.startswith("http"))]
    return next((address for address in found if address), None)


def _source_title(inside: Elements) -> str | None:
    """For an item taken over from another feed, the name of that feed."""
    titles = (source.find("{*}title") for source in inside.get("atom:source", []))
    return next((text_in(title) for title in titles if title is not None), None)


def _byline(inside: Elements, channel: Channel) -> str | None:
    names = [
        channel.display_names.get(text, text) for element in inside.get("dc:creator", []) if (text := text_in(element))
    ]
    names = names or [_person(element) for element in named(inside, "atom:author", "author")] or channel.authors
    return "; ".join(name for name in names if name) or None


def _person(element: etree._Element) -> str:
    """`Name e-mail`, made from Atom's elements; the `e-mail (Name)` of RSS as it stands."""
    parts = [text_in(part) for name in ("name", "email") for part in element.iterfind(f"{{*}}{name}")]
    return " ".join(part for part in parts if part) or text_in(element) or ""


def _published(inside: Elements) -> str | None:
    """When it was published; for WordPress, which states it twice, the local time with its offset from Greenwich."""
    local, greenwich = first_text(inside, "wp:post_date"), first_text(inside, "wp:post_date_gmt")
    try:
        ahead = datetime.fromisoformat(local or "") - datetime.fromisoformat(greenwich or "")
    except ValueError:
        if local and greenwich and greenwich.startswith("0000"):  # a draft; its pubDate is in the year -1
            return local
        names = ("pubDate", "atom:published", "dc:date", "dcterms:created", "atom:issued", "atom:created", "published")
        return first_text(inside, *names, "wp:post_date", "atom:updated", "atom:modified")
    minutes = int(ahead.total_seconds() // 60)
    return f"{local}{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def _modified(inside: Elements, published: str | None) -> str | None:
    found = first_text(inside, "atom:updated", "atom:modified", "dcterms:modified", "wp:post_modified_gmt")
    return found if found != published else None


def _label(element: etree._Element) -> list[str] | None:
    """`[scheme, code, name]` from the text and domain of RSS, or Atom's attributes."""
    name = element.get("label") or text_in(element) or element.get("term")
    scheme = element.get("domain") or element.get("scheme") or "category"
    return [scheme, element.get("term") or element.get("nicename") or "", name] if name else None


# What has no field


_USED = frozenset((*_BODIES, *_SUMMARIES, "title", "atom:title", "link", "category", "atom:category", "dc:subject"))


def _extra(inside: Elements, record: RawRecord) -> dict[str, Any]:
    """All elements that no field holds as a whole, by their names."""
    texts = [value for value in record.values() if isinstance(value, str)]
    return {name: value for name, value in _grouped(inside, 0).items() if name not in _USED and value not in texts}


def _grouped(inside: Elements, depth: int) -> dict[str, Any]:
    values = {name: [_as_json(element, depth) for element in elements] for name, elements in inside.items()}
    kept = {name: [value for value in found if value] for name, found in values.items() if not _is_text(name)}
    return unwrap_singles(without_empty(kept))


def _is_text(name: str) -> bool:
    """Whether an element of this name is read as text, whatever its namespace."""
    return name.rpartition(":")[2] in ("body", "first_line")


def _as_json(element: etree._Element, depth: int) -> Any:
    """An element as text, or as a dict of its attributes and elements."""
    if depth == _DEEPEST:
        return text_in(element)
    given = {split_name(key)[1]: value for key, value in element.attrib.items() if value}
    inside = _grouped(children_of(element), depth + 1)
    own = " ".join(part.strip() for part in (element.text, *(child.tail for child in element)) if part and part.strip())
    return {**given, **inside, **({"text": own} if own else {})} if given or inside else own
