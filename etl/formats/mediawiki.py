"""MediaWiki XML: the dumps of Wikinews and the export of any wiki (Special:Export), current pages or with their
history.

Each revision of a page in the main namespace is a record; pages of other namespaces (talk, templates, categories),
pages that are not wikitext, redirects and deleted texts are skipped by kind. Kept: title, text, categories, address
of the page, number and time of the revision, who made it (who wrote the article, a wiki does not state), the day and
the place that templates such as `{{date|...}}` and `{{byline|...}}` state; other templates, tables, references and
captions as they stand. Lost: pictures, and what a template would show. Streams: one revision at a time. Layout as in
MediaWiki's schemas export-0.3 to 0.11; wikitext as Wikinews writes it in English and German, other languages'
templates for the day were not checked with real dumps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, BinaryIO
from urllib.parse import quote

from lxml import etree

from etl.formats.common.markup import local_name, stream_xml
from etl.formats.common.pieces import guarded, without_empty_extra
from etl.formats.web.mediawiki_marks import count_texts
from etl.formats.web.wikitext import CATEGORIES, FILES, page_of
from etl.model import DumpError, Feed, Piece, Skip

LEAST_ACCOUNTED_SHARE = 0.3
"""The notation of links, pictures and sources is a large part of a short article."""

LARGEST_BYTES = 1 << 40
"""Nothing but one revision is held."""
FILE_SPACE, CATEGORY_SPACE = "6", "14"

_START = re.compile(rb"\s*(?:<\?xml[^<>]{0,200}\?>\s*)?(?:<!--[^<>]{0,2000}-->\s*)?<mediawiki[\s>]")
_REDIRECT = re.compile(r"\s*#\w+\s*:?\s*\[\[")
_DELETED = "deleted text"


@dataclass
class _Wiki:
    """What the head of a dump says of the wiki, and the page that is being read."""

    facts: dict[str, str] = field(default_factory=dict)
    spaces: dict[str, str] = field(default_factory=dict)
    language: str = ""
    page: dict[str, str] = field(default_factory=dict)

    @property
    def space(self) -> str:
        """The number of the page's namespace; old dumps do not state it."""
        prefix = self.page.get("title", "").partition(":")[0]
        return self.page.get("ns") or next((key for key, name in self.spaces.items() if name == prefix), "0")

    def names(self, key: str, usual: frozenset[str]) -> frozenset[str]:
        """How a namespace is called: always in English, and in the wiki's language."""
        return usual | frozenset(filter(None, [self.spaces.get(key, "").lower()]))

    @property
    def url(self) -> str:
        """The address of the page: that of the main page, with the other title."""
        base = self.facts.get("base", "").rpartition("/")[0]
        return f"{base}/{quote(self.page.get('title', '').replace(' ', '_'), safe=_KEPT)}" if base else ""


_KEPT = "/:@!$*(),;~'"
"""What MediaWiki leaves as it is in the address of a page."""


def recognise(head: bytes, name: str) -> float:
    """By its root."""
    return 1.0 if _START.match(head.removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"")) else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """The texts of pages in the main namespace, by a scan of tags; not the deleted ones, and not redirects."""
    return count_texts(stream, feed.encoding)


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """A record for each revision of an article, a Skip for each of something else.

    Raises DumpError where it is not well-formed, or holds no page.
    """
    wiki = _Wiki()
    is_empty = True
    for event, element in stream_xml(stream, LARGEST_BYTES, whole="revision"):
        name = local_name(element)
        if event == "start":
            if name == "page":
                wiki.page, is_empty = {}, False
            elif name == "mediawiki":
                wiki.language = next((value for key, value in element.items() if str(key).endswith("}lang")), "")
        elif name == "revision":
            yield _revision(wiki, element)
        elif name == "namespace":
            wiki.spaces[element.get("key", "")] = element.text or ""
        elif (parent := element.getparent()) is not None and not len(element):
            facts = wiki.page if local_name(parent) == "page" else wiki.facts
            if local_name(parent) in ("page", "siteinfo"):
                facts[name] = (element.text or "").strip()
    if is_empty:
        raise DumpError("holds no <page>; expected one for each article; export the pages of the wiki again")


def _revision(wiki: _Wiki, revision: etree._Element) -> Piece:
    """A revision as a record, or as a Skip where it is no text of an article."""
    facts = {local_name(part): part for part in revision}
    number = _text(facts.get("id"))
    position = f"page {wiki.page.get('id', '')}, revision {number}"
    text, model = facts.get("text"), _text(facts.get("model"))
    raw = (text.text or "") if text is not None else ""
    kind = _kind(wiki, text, raw, model)
    if kind:
        return Skip(position, kind, raw)
    return guarded(partial(_article, wiki, facts, raw, position), position, partial(raw.encode, "utf-8", "replace"))


def _kind(wiki: _Wiki, text: etree._Element | None, raw: str, model: str) -> str:
    """What a revision is, if not the text of an article."""
    if wiki.space != "0":
        return f"page of the namespace {wiki.spaces.get(wiki.space) or wiki.space}"
    if model not in ("", "wikitext"):
        return f"page of {model}"
    if text is None or text.get("deleted"):
        return _DELETED
    return "redirect" if _REDIRECT.match(raw) else ""


def _article(wiki: _Wiki, facts: dict[str, etree._Element], raw: str, position: str) -> Piece:
    page = page_of(raw, wiki.names(FILE_SPACE, FILES), wiki.names(CATEGORY_SPACE, CATEGORIES))
    contributor = facts.get("contributor")
    who = (
        [_text(part) for part in contributor if local_name(part) in ("username", "ip")]
        if contributor is not None
        else []
    )
    extra: dict[str, Any] = {
        "contributor": " ".join(who),
        "comment": _text(facts.get("comment")),
        "captions": page.captions,
        "templates": page.templates,
        "references": page.references,
        "tables": page.tables,
        "interwiki": page.interwiki,
    }
    return without_empty_extra(
        {
            "position": position,
            "native_id": wiki.page.get("id"),
            "native_version": _text(facts.get("id")),
            "url": wiki.url,
            "publication": wiki.facts.get("sitename"),
            "headline": wiki.page.get("title"),
            "dateline": page.place,
            "body": page.body,
            "published": page.date,
            "modified": _text(facts.get("timestamp")),
            "language": wiki.language,
            "labels": [["category", "", name] for name in page.categories],
            "extra": extra,
        }
    )


def _text(element: etree._Element | None) -> str:
    return (element.text or "").strip() if element is not None else ""
