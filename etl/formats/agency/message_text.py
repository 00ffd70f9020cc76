"""The text within an agency's message: NITF, XHTML or HTML, as an element or as a string of markup."""

from __future__ import annotations

import re
from typing import NamedTuple

from lxml import etree

from etl.formats.agency.iptc import text_of
from etl.formats.agency.wire_text import is_wrapped, split_body, unwrap
from etl.formats.common.encoding import unify_newlines
from etl.formats.common.markup import UNSEEN, inline, local_name, paragraphs, parse_html
from etl.formats.common.pieces import without_empty
from etl.model import DumpError, RawRecord

MOST_TAGS = 300_000
LONGEST_MARKUP = 8_000_000
_HIDDEN = frozenset(("header", "footer", "nav", "figure", "media", "nitf-table-metadata", "audio", "video", "object"))
"""Elements around the text: their contents are kept apart."""
_SHORT_HEADS = frozenset(("dat",))
"""Classes of elements between headline and text (TT: topic and agency)."""
_MARKUP = re.compile(
    r"<(?:p|br|div|html|body|span|h\d|ul|ol|table|section|article|b|i|em|strong|a)\b[^<>]{0,2000}>", re.IGNORECASE
)


class Text(NamedTuple):
    """The blocks of a text, and what stood in the hidden elements around it."""

    blocks: list[str]
    asides: list[str]


def text_of_element(content: etree._Element, headline: str | None = None) -> Text:
    """The text of an element, without a headline that it repeats."""
    asides = []
    for element in content.iter(etree.Element):
        name = local_name(element)
        is_headline = name == "h1" and headline and inline(element).casefold() == " ".join(headline.split()).casefold()
        if is_headline:
            element.tag = "title"
        elif (name in _HIDDEN or element.get("class") in _SHORT_HEADS) and not _is_within_hidden(element, content):
            if said := text_of(element):
                asides.append(said)
            element.tag = "title"
        elif name in ("p", "pre", "body", "body.content") and not len(element) and is_wrapped(element.text or ""):
            element.text, element.tag = "\n\n".join(unwrap(element.text or "")), "pre"
    unseen = UNSEEN | {"body.head", "body.end"}
    return Text([block for block in paragraphs(content, unseen).split("\n\n") if block], asides)


def _is_within_hidden(element: etree._Element, content: etree._Element) -> bool:
    """Whether an element stands within one that is hidden already."""
    return any(local_name(parent) == "title" for parent in element.iterancestors() if parent is not content)


def text_of_markup(markup: str, headline: str | None = None) -> Text:
    """The text of a string of HTML. Raises DumpError where it cannot be parsed."""
    if not markup.strip():
        return Text([], [])
    if len(markup) > LONGEST_MARKUP or markup.count("<") > MOST_TAGS:
        raise DumpError(
            f"has a text of more than {LONGEST_MARKUP:,} letters or {MOST_TAGS:,} tags, which no article has; split it"
        )
    return text_of_element(parse_html(markup.encode("utf-8", "replace"), "utf-8"), headline)


def text_of_plain(text: str, headline: str | None = None) -> Text:
    """The text of a string that is declared as plain, but may be HTML. Raises DumpError where that cannot be parsed."""
    if _MARKUP.search(text):
        return text_of_markup(text, headline)
    text = unify_newlines(text).strip()
    return Text(unwrap(text) if is_wrapped(text) else [block for block in text.split("\n\n") if block.strip()], [])


def add_text(record: RawRecord, text: Text) -> None:
    """Add the body to a record, and what stood around it to byline, deck and extra."""
    body = split_body(text.blocks)
    record["body"] = "\n\n".join(body.paragraphs)
    if body.byline:
        _add_byline(record, body.byline)
    points = "\n".join(body.points)
    extra = record.setdefault("extra", {})
    if points and not record.get("deck"):
        record["deck"], points = points, ""
    around = {
        "points": points,
        "notes": list(body.notes),
        "sign_off": list(body.sign_off),
        "embeds": list(body.embeds),
        "asides": text.asides,
    }
    extra |= without_empty(around)


def _add_byline(record: RawRecord, byline: str) -> None:
    """A byline printed above the text: it replaces that of the message, which is kept in `extra`."""
    own = record.get("byline")
    if own and own.casefold() != byline.casefold():
        record["extra"]["byline"] = own
    record["byline"] = byline
