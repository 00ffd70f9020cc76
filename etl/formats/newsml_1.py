"""NewsML 1.0 to 1.2 of the IPTC: news items, one or many in a document.

Sent by AFP, ANA-MPE, Reuters, dpa, Business Wire. A `NewsItem` has an identification (provider, date, id, revision),
its management (status, dates), and a `NewsComponent`, which holds others: the main text, pictures in several sizes,
captions. The lines of a component (headline, byline) and its metadata also apply to those within it. `ContentItem` is
the content: NITF, XHTML, HTML in CDATA, bare paragraphs. The public identifier ends in the revision: without it, it
identifies the item over all its revisions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Any, BinaryIO

from lxml import etree

from etl.formats.agency.iptc import (
    XML_LANG,
    all_at,
    few_enough,
    opening,
    parse,
    rest,
    scheme_of,
    stamp,
    text_at,
    text_of,
    value_at,
)
from etl.formats.agency.message_text import Text, add_text
from etl.formats.agency.newsml_1 import CANCELED, TITLES, Content, Held, data_of, held_by
from etl.formats.agency.newsml_1_marks import count_articles
from etl.formats.agency.nitf import byline_of, headline_of, text_of_content
from etl.formats.common.markup import local_name
from etl.formats.common.pieces import guarded, without_empty_extra
from etl.model import DumpError, Feed, Piece, RawRecord, Reject, Skip

NATIVE_ID_IS_GLOBAL = True

_SUBJECTS = frozenset(("subject", "subjectmatter", "subjectdetail", "subjectqualifier"))
_LINES_READ = frozenset(
    ("headline", "subheadline", "byline", "bylinetitle", "dateline", "slugline", "keywordline", "creditline")
)
_READ = _LINES_READ | {"provider", "source", "language", "subjectcode", "genre"}
_MANAGED = frozenset(("firstcreated", "thisrevisioncreated", "status", "statuswillchange"))


def recognise(head: bytes, name: str) -> float:
    """By the first element."""
    return 1.0 if opening(head)[0] == "NewsML" else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """Identified items, or stretches of prose, that announce or hold a text other than a caption, or are cancelled."""
    return count_articles(stream)


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """A record for each item with a text, a Reject for an empty one, a Skip for others and for what accompanies a text.

    An item with nothing but a summary, or a headline, is partial; a text in further languages is skipped as a
    translation. A cancellation is a record, with or without text. Raises DumpError where it is not well-formed XML, or
    holds no item.
    """
    root = parse(stream, feed)
    items = list(root.iter("{*}NewsItem"))
    if not items:
        raise DumpError(
            f"holds no NewsItem, found <{local_name(root)}>; expected NewsML 1 with items; "
            "ask its sender for the items, or name another format in sources.toml"
        )
    for number, item in enumerate(few_enough(items), 1):
        yield from _pieces(item, f"item {number}")


def _pieces(item: etree._Element, position: str) -> Iterator[Piece]:
    component = next(all_at(item, "NewsComponent"), None)
    held = Held([], [], [], []) if component is None else held_by(component)
    texts = held.texts or [content for content in held.others if not content.is_caption]
    if texts or (not any(held) and _status(item).lower() in CANCELED):
        make = partial(_article_or_reject, item, component, held, position)
        yield guarded(make, position, partial(etree.tostring, item))
        yield from (Skip(position, kind) for kind in held.media)
        yield from (Skip(position, "translation", text_of(content.element)) for content in held.translations)
    else:
        without = next((kind for kind in ("update", "topicset", "catalog") if _holds(item, kind)), "package")
        kind = held.media[0] if held.media else "caption" if held.others else without
        yield Skip(position, kind, text_of(component))


def _holds(item: etree._Element, name: str) -> bool:
    return any(local_name(child) == name for child in item)


def _article_or_reject(item: etree._Element, component: etree._Element | None, held: Held, position: str) -> Piece:
    main = held.texts or [content for content in held.others if not content.is_caption]
    beside = [content for content in held.others if content not in main]
    record = _article(item, component, main, beside)
    if not held.texts and main:
        record["is_partial"] = True
    if not record.get("body") and (record.get("status") or "").lower() not in CANCELED:
        href = main[0].element.get("Href") if main else None
        where = f"its text is said to be at {href}" if href else "its DataContent is empty"
        return Reject(position, f"has no text: {where}; ask its sender for items with their text", etree.tostring(item))
    return {"position": position, **record}


def _beside(others: list[Content]) -> dict[str, str]:
    """The texts beside the main one, by their roles: captions, summaries."""
    said: dict[str, list[str]] = {}
    for content in others:
        said.setdefault(content.role, []).extend(_joined([content], None).blocks)
    return {role: "\n\n".join(blocks) for role, blocks in said.items() if blocks}


def _status(item: etree._Element) -> str:
    return value_at(item, "NewsManagement/Status", "FormalName") or ""


def _article(
    item: etree._Element, component: etree._Element | None, texts: list[Content], beside: list[Content]
) -> RawRecord:
    """The record of an item, whose facts are spread over its components, from the outermost to that of the text."""
    chain = _chain(item, texts[0].element if texts else component)
    said = _beside(beside)
    titles = [" ".join(said[role].split()) for role in said if role in TITLES]
    headline = _line(chain, "HeadLine") or next(iter(titles), None)
    nitf = next((found for content in texts for found in content.element.iter("{*}nitf")), None)
    if nitf is not None:
        headline = headline or headline_of(nitf)
    revised = text_at(item, "NewsManagement/ThisRevisionCreated")
    record: RawRecord = {
        "native_id": _identity(item),
        "native_version": text_at(item, "Identification/NewsIdentifier/RevisionId"),
        "headline": headline,
        "deck": _line(chain, "SubHeadLine"),
        "byline": _byline(chain) or (byline_of(nitf) if nitf is not None else ""),
        "published": stamp(text_at(item, "NewsManagement/FirstCreated"), revised),
        "modified": stamp(revised),
        "language": _language(item, chain),
        "labels": _labels(item, chain),
        "agency": _agency(chain),
        "status": _status(item),
        "embargo_until": stamp(text_at(item, "NewsManagement/StatusWillChange/DateAndTime")),
        "extra": _extra(item, chain)
        | {"parts": _lines_of_parts(texts[1:], chain)}
        | {role: text for role, text in said.items() if " ".join(text.split()) != headline},
    }
    dateline = _line(chain, "DateLine")
    (record["extra"] if stamp(dateline) else record)["dateline"] = dateline  # ANA-MPE puts a mere date into it
    add_text(record, _joined(texts, headline))
    return without_empty_extra(record)


def _chain(item: etree._Element, content: etree._Element | None) -> list[etree._Element]:
    """The components around a content item, the innermost first; without a content item, none."""
    if content is None:
        return []
    around = [content, *content.iterancestors()]
    return [element for element in around[: around.index(item)] if local_name(element) == "newscomponent"]


def _line(chain: list[etree._Element], name: str) -> str | None:
    return next((text for component in chain if (text := text_at(component, f"NewsLines/{name}"))), None)


def _byline(chain: list[etree._Element]) -> str:
    for component in chain:
        for lines in all_at(component, "NewsLines"):
            said: list[str] = []
            for line in lines:
                if local_name(line) == "byline" and (text := text_of(line)):
                    said.append(text)
                elif local_name(line) == "bylinetitle" and said and (text := text_of(line)):
                    said[-1] += f", {text}"
            if said:
                return "; ".join(said)
    return ""


def _identity(item: etree._Element) -> str | None:
    """The public identifier without its revision."""
    parts = [text_at(item, f"Identification/NewsIdentifier/{name}") for name in ("ProviderId", "DateId", "NewsItemId")]
    if all(parts):
        return ":".join(["urn:newsml", *filter(None, parts)])
    public = text_at(item, "Identification/NewsIdentifier/PublicIdentifier")
    return re.sub(r":\d+[A-Z]?$", "", public) if public else None


def _language(item: etree._Element, chain: list[etree._Element]) -> str | None:
    found = (value_at(component, "DescriptiveMetadata/Language", "FormalName") for component in chain)
    declared = (element.get(XML_LANG) for element in [*chain, item])
    return next(filter(None, [*found, *declared]), None)


def _agency(chain: list[etree._Element]) -> str | None:
    credit = _line(chain, "CreditLine")
    parties = (
        value_at(component, f"AdministrativeMetadata/{name}/Party", "FormalName")
        for name in ("Source", "Provider")
        for component in chain
    )
    return credit or next((party for party in parties if party and not party.startswith("#")), None)


def _labels(item: etree._Element, chain: list[etree._Element]) -> list[list[str]]:
    names = {code: name for topic in item.iter("{*}Topic") for code, name in _topic(topic, _language(item, chain))}
    labels: list[list[str]] = []
    for component in chain:
        for meta in all_at(component, "DescriptiveMetadata"):
            for found in meta.iter(etree.Element):
                kind, code = local_name(found), (found.get("FormalName") or "").strip()
                if kind in _SUBJECTS:
                    scheme = found.get("Scheme") or found.get("Vocabulary") or ""
                    labels.append([scheme_of(scheme.lstrip("#")), code, names.get(code, "")])
                elif kind == "genre":
                    labels.append([kind, code, names.get(code, "")])
                elif kind == "property" and code.lower() == "keyword":
                    labels.append(["keyword", "", found.get("Value") or ""])
        for path, scheme in (("SlugLine", "slugline"), ("KeywordLine", "keyword")):
            labels += [[scheme, "", text_of(line)] for line in all_at(component, f"NewsLines/{path}")]
    return [label for label in labels if label[1] or label[2]]


def _topic(topic: etree._Element, language: str | None) -> Iterator[tuple[str, str]]:
    """Code and name of a subject that the item itself describes: in its language, else in English, else in any."""
    names = {
        (described.get(XML_LANG) or "").lower()[:2]: text
        for described in all_at(topic, "Description")
        if (text := text_of(described)) and described.get("Variant") in (None, "Name")
    }
    name = names.get((language or "").lower()[:2]) or names.get("en") or next(iter(names.values()), "")
    for formal in all_at(topic, "FormalName"):
        if name and (code := text_of(formal)):
            yield code, name


def _extra(item: etree._Element, chain: list[etree._Element]) -> dict[str, Any]:
    described = [meta for component in chain for meta in all_at(component, "DescriptiveMetadata")]
    administered = [meta for component in chain for meta in all_at(component, "AdministrativeMetadata")]
    lines = [found for component in chain for found in all_at(component, "NewsLines")]
    rights = [found for component in chain for found in all_at(component, "RightsMetadata")]
    return {
        "public_identifier": text_at(item, "Identification/NewsIdentifier/PublicIdentifier"),
        "name_label": text_at(item, "Identification/NameLabel"),
        **rest(all_at(item, "NewsManagement"), _MANAGED),
        **rest([*lines, *administered, *rights, *described], _READ),
    }


def _lines_of_parts(texts: list[Content], chain: list[etree._Element]) -> list[dict[str, Any]]:
    """What is printed above the further texts of an item: headline, byline."""
    around = (component for content in texts for component in content.element.iterancestors("{*}NewsComponent"))
    others = dict.fromkeys(component for component in around if component not in chain)
    return [lines for other in others if (lines := rest(all_at(other, "NewsLines"), ()))]


def _joined(texts: list[Content], headline: str | None) -> Text:
    """The texts of an item one after another: parts of one article, unless one repeats another in a second format."""
    blocks: list[str] = []
    asides: list[str] = []
    known = ""
    for content in texts:
        for data in data_of(content.element):
            text = text_of_content(data, headline)
            letters = "".join(filter(str.isalnum, "".join(text.blocks)))
            if letters not in known:
                blocks += text.blocks
                known += letters
            asides += text.asides
    return Text(_without_headline(blocks, headline), asides)


def _without_headline(blocks: list[str], headline: str | None) -> list[str]:
    """The blocks of a text; where the first of several repeats the headline, without it."""
    is_repeated = headline and len(blocks) > 1 and blocks[0].casefold().split() == headline.casefold().split()
    return blocks[1:] if is_repeated else blocks
