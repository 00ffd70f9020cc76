"""Newspapers of the Dutch national library (KB, Delpher): an edition's index in DIDL, and beside it a text an article.

The archives that Delpher offers (`kranten_pd_...zip`) have a folder an edition, below year, month and day: one
`..._didl.xml`, an `..._articletext.xml` for each thing printed, and a page of OCR in ALTO for each printed page. The
DIDL gives newspaper, day, edition, place and language, and for each article its page and its address, which is unique
worldwide; the text its headline and its paragraphs: OCR as it is, with its noise. A DIDL as the library's OAI service
sends it is read too, with the texts under the names that it states. Not kept: where on the page an article stands, and
ALTO, which has the same words again. A text that is missing rejects its article; one that no DIDL names is told.
Advertisements, family notices and captions are skipped by kind. Without a DIDL, texts can be read without newspaper and
day, by the stanza `format = "xml"`, `record = "text"`, `columns = { headline = "title", body = "p" }`.

Written by what public scripts expect of these archives. Their texts were seen in public copies; no real DIDL was at
hand, so all else was checked with invented editions only. Not verified: that a DIDL lies in the folder of its texts,
how other sets than `ddd` name their texts, and kinds other than articles and the three above. An archive that lists
more than some 400,000 files is refused; pack it again, a few years in each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import BinaryIO

from lxml import etree

from etl.formats import Part
from etl.formats.common.markup import inline, local_name, parse_xml, read_whole
from etl.formats.common.pieces import Unreadable, guarded, unwrap_singles, without_empty_extra
from etl.formats.common.tag_scan import tokens
from etl.formats.newspaper.didl import Edition, Facts, Item, editions
from etl.model import Declared, DumpError, Feed, Piece, RawRecord, Reject, Skip

NATIVE_ID_IS_GLOBAL = True
LIMIT_BYTES = 6 << 20

_DIDL = re.compile(rb"<(?:[\w.-]{1,40}:)?DIDL(?=[\s>])")
_NAMESPACES = (b"urn:mpeg:mpeg21:2002:02-DIDL-NS", b"info:srw/schema/1/dc-v1")
_TEXT = re.compile(
    rb"(?:\xef\xbb\xbf)?\s{0,99}(?:<\?xml[^<>]{0,200}\?>)?\s{0,99}<text(?:\s[^<>]{0,400})?>\s{0,99}<(?:title|p)[\s/>]"
)
_XSI = rb'\g<0> xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
_ARTICLE = "artikel"
_NO_ARTICLES = ("advertentie", "familiebericht", "illustratie met onderschrift")
_READ = {"title", "date", "temporal", "subject", "type"}
_READ_OF_ARTICLE = {*_READ, "identifier", "recordidentifier"}
_AGAIN = "ask for the edition again with all of its texts"


def recognise(head: bytes, name: str) -> float:
    """By the root: DIDL with the library's metadata, or the text of one article (`text` with `title` and `p`)."""
    return 0.9 if _is_index(head) or _TEXT.match(head) else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """The sections of metadata with the subject `artikel`, by a scan of tags; those of the same identifier once."""
    names, unnamed, within, kind, identity = set(), 0, "", "", ""
    for token in tokens(stream):
        if token.name == "dcx":
            if token.closes and kind == "artikel":
                unnamed += not identity
                names.add(identity)
            kind = identity = ""
        elif token.name:
            within = "" if token.closes else token.name.lower()
        elif within == "subject":
            kind = kind or token.text.casefold()
        elif within == "recordidentifier":
            identity = identity or token.text
    return len(names - {""}) + unnamed


def parts(stream: BinaryIO) -> list[str] | None:
    """The names of the texts and pages of what a DIDL describes; None for a text, which is one of them."""
    found = _editions(stream)
    return None if found is None else sorted({name for edition in found for name in edition.files()})


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """Raises DumpError: neither a DIDL nor a text is an article by itself."""
    return read_with(stream, feed, lambda name: None)


def read_with(stream: BinaryIO, feed: Feed, part: Part) -> Iterator[Piece]:
    """A record for each article, and the number of articles; `part` opens the file of a name, None where it is missing.

    A Reject for an article without its text, a Skip for everything else. Raises DumpError where it is no DIDL, has no
    text beside it at all, or is not well-formed.
    """
    found = _editions(stream)
    if found is None:
        raise DumpError(
            "is not the DIDL of an edition; if it is the text of an article, put the DIDL beside it, which states "
            'newspaper and day, or read it without them, by a stanza with format = "xml", record = "text" and '
            'columns = { headline = "title", body = "p" }'
        )
    items = [item for edition in found for item in edition.items]
    if not items:
        raise DumpError("names nothing that is printed in its edition, only pages at most; ask for its DIDL again")
    articles = [item for item in items if item.kind == _ARTICLE]
    if articles and not any(_is_there(item, part) for item in items):
        raise DumpError(
            f"lists {len(articles):,} articles, but holds no texts, and none of them is beside it; put the files "
            "..._articletext.xml of its folder there, or bring the archive as it was downloaded"
        )
    yield Declared(len(articles))
    texts = _Texts(part)
    for edition in found:
        for number, item in enumerate(edition.items, 1):
            yield _piece(item, item.identity or f"item {number}", edition, texts)


class _Texts:
    """The texts of editions, each for one item."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self._taken: set[str] = set()

    def of(self, item: Item) -> tuple[str, bytes]:
        """The name of an item's text, and its bytes. Raises Unreadable where it is missing or another's."""
        for name in item.files:
            if stream := self._part(name):
                if name in self._taken:
                    raise Unreadable(f"its text, {name}, is that of another item, too; {_AGAIN}")
                self._taken.add(name)
                with stream:
                    return name, read_whole(stream, LIMIT_BYTES)
        names = " or ".join(item.files)
        missing = f"its text, {names}, is missing" if names else "it has no identifier by which to find its text"
        raise Unreadable(f"{missing}; {_AGAIN}")


def _is_index(head: bytes) -> bool:
    return _DIDL.search(head[:8192]) is not None and all(name in head[:8192] for name in _NAMESPACES)


def _editions(stream: BinaryIO) -> list[Edition] | None:
    """What a DIDL describes; None for what is no DIDL."""
    data = read_whole(stream, LIMIT_BYTES)
    return editions(parse_xml(_declared(data))) if _is_index(data) else None


def _declared(data: bytes) -> bytes:
    """A DIDL with the prefix `xsi`, which many of them use and do not declare."""
    return data if b"xmlns:xsi" in data else _DIDL.sub(_XSI, data, count=1)


def _is_there(item: Item, part: Part) -> bool:
    for name in item.files:
        if stream := part(name):
            stream.close()
            return True
    return False


def _piece(item: Item, position: str, edition: Edition, texts: _Texts) -> Piece:
    if item.kind == _ARTICLE:
        try:
            name, data = texts.of(item)
        except (DumpError, Unreadable) as error:
            return Reject(position, str(error))
        return guarded(partial(_article, position, item, edition, name, data), position, data)
    text = ""
    if item.kind in _NO_ARTICLES:  # the words of an unknown kind stay unaccounted for: they may be an article's
        with suppress(DumpError, Unreadable):
            text = "\n\n".join(filter(None, _title_and_body(*texts.of(item))))
    return Skip(position, item.kind or "item of no kind", text)


def _article(position: str, item: Item, edition: Edition, name: str, data: bytes) -> RawRecord:
    title, body = _title_and_body(name, data)
    stated = _first(item.facts, "title")
    if not (title or stated or body):
        raise Unreadable(f"its text, {name}, is empty; {_AGAIN}")
    languages = edition.facts.get("language", [])
    language = languages[0] if len(languages) == 1 else ""
    return without_empty_extra(
        {
            "position": position,
            "native_id": item.identity,
            "url": _first(item.facts, "identifier"),
            "publication": _first(edition.facts, "title"),
            "headline": title or stated,
            "body": body,
            "published": _first(edition.facts, "date"),
            "page": ", ".join(edition.pages_of(item)),
            "edition": _first(edition.facts, "temporal"),
            "language": language,
            "is_partial": not body,
            "extra": {
                "title": stated if stated != (title or stated) else "",
                **_others(item.facts, _READ_OF_ARTICLE),
                "issue": _others(edition.facts, _READ | ({"language"} if language else set())),
            },
        }
    )


def _title_and_body(name: str, data: bytes) -> tuple[str, str]:
    """The headline and the paragraphs of a text. Raises DumpError where it is not one."""
    try:
        root = parse_xml(data)
    except DumpError as error:
        raise DumpError(f"its text, {name}, {error}") from None
    if local_name(root) != "text":
        raise DumpError(f"its text, {name}, is none: expected <text>, found <{local_name(root)}>; {_AGAIN}")
    title = next(root.iterchildren("{*}title"), None)
    return inline(title), "\n\n".join(_paragraphs(root, title))


def _paragraphs(root: etree._Element, title: etree._Element | None) -> Iterator[str]:
    """Everything in a text but its headline."""
    texts = [root.text or ""]
    for child in root:
        texts += ["" if child is title else inline(child, ()), child.tail or ""]
    yield from filter(None, (" ".join(text.split()) for text in texts))


def _others(facts: Facts, read: set[str]) -> dict[str, object]:
    """The facts that no field is for; of those that one is for, all but the first."""
    left = {name: values[name in read :] for name, values in facts.items()}
    return unwrap_singles({name: values for name, values in left.items() if values})


def _first(facts: Facts, name: str) -> str:
    return next(iter(facts.get(name, [])), "")
