"""NewsML-G2 of the IPTC (2.0 on): news items, one or many in a message.

Sent by Reuters, AP, AFP, dpa, ANSA, STT, BusinessDesk. A `newsMessage` holds an `itemSet` of `newsItem` and
`packageItem`; either may stand alone, too. `itemClass` says what a news item is: an article where it is a text, or
holds one and is not a picture or the like; everything else is skipped, by kind. `itemMeta` describes the item (version,
status, embargo), `contentMeta` the article (headline, byline, subjects); `contentSet` holds renderings of the one text:
NITF, XHTML or plain. `guid` identifies the item over all its versions, `version` is a number. Namespaces and prefixes
vary, and some are wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Any, BinaryIO

from lxml import etree

from etl.formats.agency.iptc import (
    MEDIA,
    XML_LANG,
    all_at,
    few_enough,
    label_of_uri,
    opening,
    parse,
    rest,
    stamp,
    text_at,
    text_of,
    value_at,
)
from etl.formats.agency.message_text import Text, add_text
from etl.formats.agency.newsml_g2_marks import count_texts
from etl.formats.agency.nitf import byline_of, headline_of, text_of_content
from etl.formats.common.markup import local_name
from etl.formats.common.pieces import guarded, without_empty_extra
from etl.model import DumpError, Feed, Piece, RawRecord, Reject, Skip

LEAST_ACCOUNTED_SHARE = 0.5
"""Much of an item describes its renditions and subjects."""

NATIVE_ID_IS_GLOBAL = True

TEXT, CANCELED = "text", "canceled"
KINDS = {
    "newsitem": "",
    "packageitem": "package",
    "conceptitem": "concept",
    "knowledgeitem": "knowledge",
    "planningitem": "planning",
    "catalogitem": "catalog",
}
"""Elements that are items -> their kind; a news item states its own."""
_ROOTS = frozenset(("newsMessage", "newsItem", "packageItem", "conceptItem", "knowledgeItem", "planningItem"))
_SIGN = re.compile(r"std/(?:nar|NAR)/|NewsML-G2")
_CORRECTED = re.compile(r"edStat:C|.*[:/](?:correction|corrected)")
_SUMMARIES = ("summary", "intro", "lead", "teaser")
_WRITERS = re.compile(r"(?:writer|author|reporter)", re.IGNORECASE)
_ITEM_READ = frozenset(("itemclass", "versioncreated", "firstcreated", "pubstatus", "embargoed", "provider"))
_APART = frozenset(("itemmeta", "contentmeta", "contentset", "rightsinfo", "catalog", "catalogref"))
_CONTENT_READ = frozenset(("headline", "by", "creditline", "language", "subject", "genre", "keyword", "slugline"))


def recognise(head: bytes, name: str) -> float:
    """By the first element, and the name of the standard or its namespace."""
    root, attributes = opening(head)
    if root not in _ROOTS:
        return 0.0
    return 1.0 if _SIGN.search(attributes) else 0.9 if root == "newsMessage" else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """News items whose class is text, or is not a medium and which hold words; and words that stand in no item."""
    return count_texts(stream)


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """A record for each text, a Reject for one that is empty, a Skip for each other item and other language.

    A cancellation is a record, with or without text. Raises DumpError where it is not well-formed XML, or holds no
    item.
    """
    root = parse(stream, feed)
    items = [element for element in root.iter(etree.Element) if local_name(element) in KINDS]
    if not items:
        raise DumpError(
            f"holds no item, found <{local_name(root)}>; expected newsItem or packageItem in a newsMessage; "
            "name another format in sources.toml"
        )
    # Some write its name, and that of the header around it, with an initial capital.
    sender = next((text_of(found) for found in root.iter(etree.Element) if local_name(found) == "sender"), None)
    for number, item in enumerate(few_enough(items), 1):
        position = f"item {number}"
        yield guarded(partial(_piece, item, position, sender), position, partial(etree.tostring, item))
        yield from (Skip(position, "translation", text_of(other)) for other in _translations(item))


def _piece(item: etree._Element, position: str, sender: str | None) -> Piece:
    is_news = not KINDS[local_name(item)]
    kind = KINDS[local_name(item)] or _code(value_at(item, "itemMeta/itemClass", "qcode"))
    kind = kind or _code(value_at(item, "itemMeta/itemClass", "uri"))
    renderings = _renderings(item)
    if kind != TEXT and not (is_news and kind not in MEDIA and renderings):
        return Skip(position, "package" if kind == "composite" else kind or "unknown", text_of(item))
    record = _article(item, renderings, sender)
    if not record.get("body") and record.get("status") != CANCELED:
        return Reject(position, _no_text(item, record), etree.tostring(item))
    return {"position": position, **record}


def _renderings(item: etree._Element) -> list[etree._Element]:
    return [found for name in ("inlineXML", "inlineData") for found in item.iter(f"{{*}}{name}")]


def _translations(item: etree._Element) -> list[etree._Element]:
    """The renderings in another language than the first."""
    renderings = _renderings(item)
    languages = [(rendering.get(XML_LANG) or "")[:2].lower() for rendering in renderings]
    first = next(filter(None, languages), "")
    return [other for other, language in zip(renderings, languages, strict=True) if language not in ("", first)]


def _no_text(item: etree._Element, record: RawRecord) -> str:
    remote = value_at(item, "contentSet/remoteContent", "href")
    if record.get("byline") and not remote:
        return f"has no text, only the byline {record['byline']!r}; ask its sender for the text"
    where = f"its text is said to be at {remote}" if remote else "its contentSet is empty"
    return f"has no text: {where}; ask its sender for items with inline text"


def _article(item: etree._Element, renderings: list[etree._Element], sender: str | None) -> RawRecord:
    meta, content = (next(all_at(item, name), None) for name in ("itemMeta", "contentMeta"))
    language = value_at(item, "contentMeta/language", "tag") or item.get(XML_LANG)
    headline, deck, more = _headlines(item)
    nitf = next(item.iter("{*}nitf"), None)
    if nitf is not None:
        headline = headline or headline_of(nitf)
    record: RawRecord = {
        "native_id": item.get("guid"),
        "native_version": item.get("version"),
        "headline": headline or text_at(item, "itemMeta/title"),
        "deck": deck,
        "byline": _byline(item) or (byline_of(nitf) if nitf is not None else ""),
        "language": language,
        "labels": _labels(item, language or ""),
        "agency": _agency(item, sender),
        "status": _status(item),
        "embargo_until": text_at(item, "itemMeta/embargoed"),
        "extra": {
            **rest([next(all_at(item, "rightsInfo"), None)], ()),
            **rest([meta], _ITEM_READ),
            **rest([content], _CONTENT_READ),
            **rest([item], _APART),
            "headlines": more,
        },
    }
    record |= _dates(item)
    _take_dateline(record)
    add_text(record, _text(renderings, headline))
    return without_empty_extra(record)


def _text(renderings: list[etree._Element], headline: str | None) -> Text:
    """The first rendering that holds a text: all hold the same one."""
    for rendering in renderings:
        text = text_of_content(rendering, headline)
        if text.blocks:
            return text
    return Text([], [])


def _headlines(item: etree._Element) -> tuple[str | None, str | None, list[str]]:
    """The main headline; the one marked as second, or a summary; and further ones."""
    main: list[str] = []
    second: list[str] = []
    for found in all_at(item, "contentMeta/headline"):
        if text := text_of(found):
            (second if "sub" in _code(found.get("role")).lower() else main).append(text)
    described = (
        text_of(found) for found in all_at(item, "contentMeta/description") if _code(found.get("role")) in _SUMMARIES
    )
    return next(iter(main), None), next(filter(None, [*second, *described]), None), [*main[1:], *second[1:]]


def _byline(item: etree._Element) -> str:
    """What `by` prints, else the creators marked as people or as writers."""
    printed = [text for by in all_at(item, "contentMeta/by") if (text := text_of(by))]
    creators = [
        text_at(creator, "name") or creator.get("literal") or ""
        for path in ("contentMeta/creator", "contentMeta/contributor")
        for creator in all_at(item, path)
        if _code(creator.get("type")) == "person" or _WRITERS.search(creator.get("role") or "")
    ]
    return "; ".join(dict.fromkeys(filter(None, printed or creators)))


def _agency(item: etree._Element, sender: str | None) -> str | None:
    """Who is credited: in the credit line, else the source, the provider, the sender of the message."""
    credit = (text_at(item, "contentMeta/creditline") or "").strip(" -–—")
    provider = value_at(item, "itemMeta/provider", "literal") or _code(value_at(item, "itemMeta/provider", "qcode"))
    return (
        credit
        or text_at(item, "contentMeta/infoSource/name")
        or value_at(item, "contentMeta/infoSource", "literal")
        or text_at(item, "itemMeta/provider/name")
        or sender
        or provider
    )


def _status(item: etree._Element) -> str | None:
    status = value_at(item, "itemMeta/pubStatus", "qcode") or value_at(item, "itemMeta/pubStatus", "uri")
    status = _code(status) or None
    signals = [signal.get("qcode") or signal.get("uri") or "" for signal in all_at(item, "itemMeta/signal")]
    is_corrected = any(map(_CORRECTED.fullmatch, signals))
    return "corrected" if is_corrected and status in (None, "usable") else status


def _dates(item: etree._Element) -> dict[str, Any]:
    version, first = (text_at(item, f"itemMeta/{name}") for name in ("versionCreated", "firstCreated"))
    created, modified = (text_at(item, f"contentMeta/{name}") for name in ("contentCreated", "contentModified"))
    return {"published": stamp(first, created, version), "modified": stamp(version, modified)}


def _take_dateline(record: RawRecord) -> None:
    """Move the dateline out of `extra` where it is a place; Reuters also sends a mere time."""
    dateline = record["extra"].get("dateline")
    if isinstance(dateline, str) and not stamp(dateline):
        record["dateline"] = record["extra"].pop("dateline")


def _labels(item: etree._Element, language: str) -> list[list[str]]:
    labels = []
    names = {known.get("qcode"): text_at(known, "name") or "" for known in all_at(item, "assert")}
    for path in ("subject", "genre"):
        for subject in all_at(item, f"contentMeta/{path}"):
            label = _label(subject, path, language)
            labels.append([*label[:2], label[2] or names.get(subject.get("qcode"), "")])
            labels += [_label(same, path, language) for same in all_at(subject, "sameAs") if _is_of_iptc(same)]
    for path in ("keyword", "slugline"):
        labels += [[path, "", text_of(word)] for word in all_at(item, f"contentMeta/{path}")]
    return [label for label in labels if label[1] or label[2]]


def _is_of_iptc(same: etree._Element) -> bool:
    return (same.get("qcode") or "").startswith(("subj:", "medtop:"))


def _label(subject: etree._Element, kind: str, language: str) -> list[str]:
    name = _name(subject, language)
    scheme, colon, code = (subject.get("qcode") or "").partition(":")
    if colon:
        return [scheme, code, name or subject.get("literal") or ""]
    if uri := subject.get("uri"):
        return label_of_uri(uri, name)
    return [_code(subject.get("type")) or kind, subject.get("literal") or "", name]


def _name(subject: etree._Element, language: str) -> str:
    """The name in the article's language, else the first; abbreviations only where there is nothing else."""
    names = [(name, text) for name in all_at(subject, "name") if (text := text_of(name))]
    full = [(name, text) for name, text in names if _code(name.get("role")) not in ("mnemonic", "short")] or names
    own = [text for name, text in full if language and (name.get(XML_LANG) or "")[:2] == language[:2]]
    return own[0] if own else full[0][1] if full else ""


def _code(qcode: str | None) -> str:
    """`text` of `ninat:text` or of http://cv.iptc.org/newscodes/ninature/text."""
    return re.split(r"[:/]", (qcode or "").strip().rstrip("/"))[-1]
