"""NITF, the News Industry Text Format of the IPTC (versions 2 to 3.6): one article a document.

Sent by AP, AFP, EFE, PA, AAP, NTB, Ritzau, The Canadian Press; The New York Times Annotated Corpus consists of it. The
head describes the article (`docdata`, `pubdata`, `tobject`, `meta`), `body.head` holds headline, byline and dateline,
`body.content` the text. `change.date` is the date of the DTD, never the article's. Ids are unique to their sender only.
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
from etl.formats.agency.message_text import add_text
from etl.formats.agency.nitf import byline_of, headline_of, normalised_byline_of, text_of_nitf
from etl.formats.agency.nitf_marks import count_documents
from etl.formats.common.markup import local_name
from etl.formats.common.pieces import guarded, without_empty_extra
from etl.model import DumpError, Feed, Piece, RawRecord, Reject

_SOURCE = re.compile(r".*(?:-source|Kilde)")
_SECTIONS = ("section", "online_sections", "print_section")
_PAGES = ("page", "print_page_number")
_SUBJECT = "tobject.subject."
_HEAD_READ = frozenset(("title", "meta", "tobject", "docdata", "pubdata"))
_DOCDATA_READ = frozenset(("doc-id", "key-list", "identified-content", "pubdata"))
_BODY_READ = frozenset(("hedline", "byline", "dateline", "distributor", "abstract"))
_TERMS = frozenset(("person", "org", "location", "event", "object.title", "classifier"))


def recognise(head: bytes, name: str) -> float:
    """By the first element."""
    return 1.0 if opening(head)[0] == "nitf" else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """The tags of documents, and text that stands in none."""
    return count_documents(stream)


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """A record for each document, a Reject for one without text.

    Raises DumpError where it is not well-formed XML, or holds no `nitf` element.
    """
    root = parse(stream, feed)
    documents = list(root.iter("{*}nitf"))
    if not documents:
        raise DumpError(
            f"holds no <nitf> element, found <{local_name(root)}>; expected NITF; name another format in sources.toml"
        )
    for number, document in enumerate(few_enough(documents), 1):
        position = f"item {number}"
        yield guarded(partial(_piece, document, position), position, partial(etree.tostring, document))


def _piece(nitf: etree._Element, position: str) -> Piece:
    record = _article(nitf)
    if not record.get("body") and record.get("status") != "canceled":
        return Reject(position, "has no text in body.content; ask its sender for the text", etree.tostring(nitf))
    return {"position": position, **record}


def _article(nitf: etree._Element) -> RawRecord:
    metas, more_metas = _metas(nitf)
    docdata = next(all_at(nitf, "head/docdata"), None)
    editions = [dict(found.attrib) for path in ("head/pubdata", "head/docdata/pubdata") for found in all_at(nitf, path)]
    edition = editions[0] if editions else {}
    headline = headline_of(nitf)
    address = edition.get("ex-ref", "")
    record: RawRecord = {
        "native_id": value_at(nitf, "head/docdata/doc-id", "id-string") or nitf.get("uno"),
        "url": address if address.startswith("http") else None,
        "publication": edition.get("name"),
        "headline": headline,
        "byline": byline_of(nitf),
        "section": edition.get("position.section") or _first(metas, _SECTIONS),
        "page": _first(metas, _PAGES),
        "edition": edition.get("edition.name"),
        "language": _language(nitf),
        "labels": _labels(nitf),
        "status": None if docdata is None else docdata.get("management-status"),
    }
    record |= _dates(nitf, edition, metas, record["status"])
    record |= _decks(nitf, headline)
    record["agency"] = _agency(nitf, metas, is_paper=bool(record["publication"]))
    head = next(all_at(nitf, "head"), None)
    body_head = next(all_at(nitf, "body/body.head"), None)
    record["extra"] |= {
        "meta": metas,
        **rest([head], _HEAD_READ),
        **rest([docdata], _DOCDATA_READ),
        **rest([body_head], _BODY_READ),
        **rest(all_at(nitf, "body/body.end"), ()),
        "pubdata": edition,
        "editions": editions[1:],
        "meta_again": more_metas,
        "uno": nitf.get("uno"),
        "title": title if (title := text_at(nitf, "head/title")) != headline else None,
        "normalized_byline": normalised_byline_of(nitf),
        "story_date": value_at(nitf, "body/body.head/dateline/story.date", "norm"),
    }
    dateline = next(all_at(nitf, "body/body.head/dateline"), None)
    if dateline is not None:
        for date in all_at(dateline, "story.date"):
            dateline.remove(date)
        record["dateline"] = text_of(dateline)
    add_text(record, text_of_nitf(nitf, headline))
    return without_empty_extra(record)


def _metas(nitf: etree._Element) -> tuple[dict[str, str], list[list[str]]]:
    """Names and contents of `meta` elements; and those whose name came before, with another content."""
    metas: dict[str, str] = {}
    again: list[list[str]] = []
    for meta in all_at(nitf, "head/meta"):
        name, said = meta.get("name", ""), (meta.get("content") or "").strip()
        if said and metas.setdefault(name, said) != said:
            again.append([name, said])
    return metas, again


def _first(metas: dict[str, str], names: tuple[str, ...]) -> str | None:
    return next((metas[name] for name in names if metas.get(name)), None)


def _language(nitf: etree._Element) -> str | None:
    """What the document declares, else its body, else the first paragraph that does."""
    own = nitf.get("baselang") or nitf.get(XML_LANG)
    return own or next((said for path in ("body", "body//p") if (said := value_at(nitf, path, XML_LANG))), None)


def _dates(nitf: etree._Element, edition: dict[str, str], metas: dict[str, str], status: str | None) -> dict[str, Any]:
    """When it was published: as the edition states, else when it was free to be, else when it was sent."""
    release = stamp(value_at(nitf, "head/docdata/date.release", "norm"))
    published = stamp(
        edition.get("date.publication", "").removesuffix("T000000"),  # midnight without a zone: a mere day
        release,
        value_at(nitf, "head/docdata/date.issue", "norm"),
        value_at(nitf, "body/body.head/dateline/story.date", "norm"),
        metas.get("timestamp"),
    )
    if not published and metas.get("publication_year"):
        day = (metas.get(f"publication_{part}", "") for part in ("year", "month", "day_of_month"))
        published = "-".join(filter(None, day))
    return {"published": published, "embargo_until": release if status == "embargoed" else None}


def _decks(nitf: etree._Element, headline: str | None) -> dict[str, Any]:
    """The second headline or the abstract is the deck, unless it repeats the headline; the other one is kept."""
    said = [
        *(text_of(found) for found in all_at(nitf, "body/body.head//hl2")),
        *(text_of(found) for found in all_at(nitf, "body/body.head/abstract")),
    ]
    decks = [text for text in dict.fromkeys(said) if text and text != headline]
    return {"deck": decks[0] if decks else None, "extra": {"decks": decks[1:]}}


def _agency(nitf: etree._Element, metas: dict[str, str], is_paper: bool) -> str | None:
    distributor = text_at(nitf, "body/body.head/distributor")
    if distributor or is_paper:
        return distributor
    source = next((said for name, said in metas.items() if said and _SOURCE.fullmatch(name)), None)
    return (
        source
        or value_at(nitf, "head/docdata/del-list/from-src", "src-name")
        or value_at(nitf, "head/docdata/doc.copyright", "holder")
        or value_at(nitf, "head/docdata/doc-id", "regsrc")
    )


def _labels(nitf: etree._Element) -> list[list[str]]:
    """Subjects (by the narrowest name), keywords, and what the article is about."""
    labels = [["type", "", kind] for found in all_at(nitf, "head/tobject") if (kind := found.get("tobject.type"))]
    for subject in all_at(nitf, "head/tobject/tobject.subject"):
        names = (subject.get(f"{_SUBJECT}{part}") or "" for part in ("detail", "matter", "type"))
        code = subject.get(f"{_SUBJECT}refnum") or ""
        labels.append([scheme_of(subject.get(f"{_SUBJECT}ipr")), code, next(filter(None, names), "")])
    for kind in all_at(nitf, "head/tobject/tobject.property"):
        labels.append(["property", "", kind.get("tobject.property.type") or ""])
    for listed in all_at(nitf, "head/docdata/key-list"):
        keywords = [listed, *all_at(listed, "keyword")]
        labels += [["keyword", "", word.get("key") or (word.text or "").strip()] for word in keywords]
    for term in all_at(nitf, "head/docdata/identified-content/*"):
        if (name := local_name(term)) in _TERMS:
            labels.append([term.get("type") or name, "", text_of(term) or term.get("value") or ""])
    return [label for label in labels if label[1] or label[2]]
