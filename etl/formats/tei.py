"""TEI: editions of newspapers, corpora of articles, and what trafilatura writes as `xml` and `xmltei`.

A document (`TEI`, or each of a `teiCorpus`) is one article; or, where it holds divisions of the type `article` (also
`jArticle`, `newsArticle`, `story`, `item`, or the word for it in other languages), each of them is, with its later
parts (`part`, `prev`, `next`); of a `group` each text. Its header states publication, day, authors, language, classes
and address; a division its headline, byline, dateline and page. Kept: text, and apart from it notes and what describes
pictures; of several readings of a place one: of corrections and expansions what the source prints, of variants the
lemma, of `del` beside `add` the latter. The day of the electronic edition, on which a page was accessed, scanned or the
like, of a title that is not the newspaper's (`level="j"`), an author or the later history of a manuscript is never that
of the article; of a span (`notBefore` and `notAfter`, `from` and `to`) the month or year that both ends have is, or the
one end that its words name. Lost: what page headers repeat, and the header of a corpus. Other divisions of an issue,
and comments, are skipped by kind. A document is read as a whole, a corpus one document after the other. Written by the
TEI guidelines (P5) and trafilatura's source (`doc` with its attributes, old and new); not checked with large real
editions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any, BinaryIO

from lxml import etree

from etl import words
from etl.formats.agency.iptc import opening
from etl.formats.common.markup import inline, local_name, parse_xml, read_whole, stream_xml
from etl.formats.common.markup_limits import LIMIT_XML_PARTS
from etl.formats.common.pieces import Unreadable, guarded, without_empty_extra
from etl.formats.common.streams import joined
from etl.formats.newspaper import tei_divisions, tei_parts
from etl.formats.newspaper.tei_header import XML, facts_of, within
from etl.formats.newspaper.tei_marks import count_articles
from etl.formats.newspaper.tei_text import remove, settled, text_of
from etl.model import Doubt, DumpError, Feed, Piece, Skip

DOCUMENTS = ("tei", "tei.2")
CORPORA = {"teicorpus": "tei", "teicorpus.2": "tei.2"}
MOST_NAMED = 4
LARGEST_CORPUS_BYTES = 1 << 40
HEAD_BYTES = 65_536
_ATTRIBUTES = {
    "sitename": "publication",
    "title": "headline",
    "author": "byline",
    "date": "published",
    "language": "language",
}
"""Of trafilatura's `doc`, those that are fields."""
_ADDRESSES, _ABSTRACTS, _LISTS = ("url", "source"), ("description", "excerpt"), ("categories", "tags")


def recognise(head: bytes, name: str) -> float:
    """By the root; trafilatura's `doc` by the attributes that only it has."""
    root, attributes = opening(head)
    is_doc = root == "doc" and "hostname=" in attributes and "fingerprint=" in attributes
    return 1.0 if is_doc or root.lower() in (*DOCUMENTS, *CORPORA) else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """The documents, or the divisions in them that are called articles, by a scan of tags."""
    return count_articles(stream, feed.encoding)


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """A record for each article, a Reject for one without text, a Skip for each division that is none.

    Raises DumpError where it is not well-formed, larger than a document can be, or not TEI.
    """
    head = stream.read(HEAD_BYTES)
    root, stream = opening(head)[0].lower(), joined(head, stream)
    number, unnamed, nested, loose = 0, Counter[str](), 0, 0
    for document, facts in (each for whole in _documents(stream, feed, root) for each in _each(whole)):
        unnamed.update(tei_divisions.unnamed(document, has_author=bool(facts["byline"])))
        nested += len(tei_divisions.nested(document))
        loose += sum(len(tei_parts.loose_ends(tei_divisions.outermost(text))) for text in _texts(document))
        for make, element in _found(document, facts):
            if isinstance(element, Skip):
                yield element
                continue
            number += 1
            position = f"article {number}"
            kept = etree.tostring(element, encoding="utf-8", with_tail=False)  # before the reader changes it
            yield guarded(partial(_placed, make, position), position, kept)
    yield from _doubts(unnamed, nested, loose)


def _doubts(unnamed: Counter[str], nested: int, loose: int) -> Iterator[Doubt]:
    """What to tell of divisions that may be articles, articles within others, and parts that lack the other part."""
    if unnamed:
        named, left = words.listed(dict(unnamed.most_common(MOST_NAMED))), len(unnamed) - MOST_NAMED
        more = f" and {words.counted(left, 'other type')}" if left > 0 else ""
        yield Doubt(
            "divisions with headings and texts of their own are not read as articles, for their types: "
            f'{named}{more}; if each is one, name it type="article", or '
            'read it with format = "xml" and the name of its element as `record`'
        )
    if nested:
        yield Doubt(
            f"articles with headings and texts of their own stand within other articles ({nested:,}), and are read as "
            'parts of them; if each is one, give the division around it another type, such as type="section"'
        )
    if loose:
        yield Doubt(
            f"{words.counted(loose, 'article')} with `part`, `prev` or `next` could not be joined to another part; "
            'where it belongs to one, mark the later part by part="F", and name the one before it by `prev`'
        )


def _documents(stream: BinaryIO, feed: Feed, root: str) -> Iterator[etree._Element]:
    if root not in CORPORA:
        found = parse_xml(read_whole(stream), feed.encoding)
        if local_name(found) not in (*DOCUMENTS, "doc"):
            raise DumpError(f"its root is <{local_name(found)}>; expected <TEI>, <teiCorpus> or trafilatura's <doc>")
        yield found
        return
    parts = 0
    for event, element in stream_xml(stream, LARGEST_CORPUS_BYTES, whole=CORPORA[root]):
        parts += 1
        if parts > LIMIT_XML_PARTS:
            raise DumpError(f"has a document of more than {LIMIT_XML_PARTS:,} elements, which no article has; split it")
        parent = element.getparent()
        if (
            event == "end"
            and local_name(element) == CORPORA[root]
            and (parent is None or local_name(parent) in CORPORA)
        ):
            yield element
            parts = 0


def _each(document: etree._Element, around: str = "") -> Iterator[tuple[etree._Element, dict[str, Any]]]:
    """A document and those within it, each with the facts of its own header; one that states no publication has that of
    the document around it."""
    found = [part for part in document.iterdescendants(etree.Element) if local_name(part) in DOCUMENTS]
    taken = set(found)
    inner = [part for part in found if not any(above in taken for above in part.iterancestors())]
    remove(*inner)
    facts = facts_of(document)
    facts["publication"] = facts["publication"] or around
    if not inner or within(document, "text"):
        yield document, facts
    for part in inner:
        yield from _each(part, facts["publication"])


def _found(document: etree._Element, facts: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    """What makes each article of a document, with its element; None, with a Skip, for what is none."""
    if local_name(document) == "doc":
        comments = next((inline(part) for part in document if local_name(part) == "comments"), "")
        yield from [(None, Skip("document", "comments", comments))] if comments else []
        yield partial(_of_doc, document), document
        return
    texts = _texts(document)
    if not texts:
        yield partial(_of_document, document, facts), document
    for text in texts:
        yield from _in_text(text, facts, is_one_of_several=len(texts) > 1)


def _texts(document: etree._Element) -> list[etree._Element]:
    """The texts of a document that hold no others."""
    return [text for text in within(document, "text") if not within(text, "text")]


def _in_text(text: etree._Element, facts: dict[str, Any], is_one_of_several: bool) -> Iterator[tuple[Any, Any]]:
    """What makes each article of a text, which may be one of a group."""
    articles = tei_divisions.outermost(text)
    others = tei_divisions.beside(text, articles) if articles else _comments(text)
    for part in others:
        kind = part.get("type") or "division without a type"
        yield None, Skip("document", kind, inline(part, frozenset()))
    remove(*others)
    for part in tei_divisions.loose(text, articles):
        yield None, Skip("document", "text beside the articles", inline(part, frozenset()))
    pages = tei_divisions.pages(text, articles)
    if not articles and is_one_of_several:
        yield partial(_of_division, text, facts, ""), text
    elif not articles:
        yield partial(_of_document, text, facts), text
    for part in tei_parts.joined(articles):
        yield partial(_of_division, part, facts, pages.get(part, "")), part


def _comments(text: etree._Element) -> list[etree._Element]:
    """What readers wrote below an article, as trafilatura keeps it."""
    return [part for part in tei_divisions.divisions(text) if part.get("type") == "comments" and inline(part)]


def _placed(make: Any, position: str) -> Piece:
    record: dict[str, Any] = make()
    if not record.get("body"):
        raise Unreadable("holds no text; ask for the edition with its texts")
    return without_empty_extra({"position": position, **record})


def _of_document(text: etree._Element, facts: dict[str, Any]) -> dict[str, Any]:
    is_entry = any(part.get("type") == "entry" for part in tei_divisions.divisions(text))
    found = text_of(text, line_ends_matter=is_entry)
    return {**facts, "body": found.body, "extra": {**facts["extra"], "notes": found.notes, "captions": found.captions}}


def _of_division(part: etree._Element, facts: dict[str, Any], page: str) -> dict[str, Any]:
    """A division as an article: what the header says of the issue, and what stands in the division's head."""
    above = next((above for above in part.iterancestors() if local_name(above).startswith("div")), None)
    section = [inline(settled(head), ()) for head in tei_divisions.heads(above)[:1]] if above is not None else []
    inside = next(iter(within(part, "body")), part) if local_name(part) == "text" else part
    heads = _taken(tei_divisions.heads(inside))
    byline, dateline = (_taken([one for one in inside if local_name(one) == name]) for name in ("byline", "dateline"))
    number, own_id = part.get("n"), part.get(f"{XML}id")
    found = text_of(part)
    extra = {**facts["extra"], "title": facts["headline"], "number": number, "notes": found.notes}
    return {
        **{name: facts[name] for name in ("url", "publication", "published", "language", "labels")},
        "native_id": own_id,
        "headline": " ".join(heads[:1]),
        "deck": " ".join(heads[1:]),
        "byline": " ".join(byline),
        "dateline": " ".join(dateline),
        "section": " ".join(section),
        "page": page,
        "body": found.body,
        "extra": {**extra, "captions": found.captions},
    }


def _taken(parts: list[etree._Element]) -> list[str]:
    """The texts of elements, which are taken out."""
    texts = [text_of(part).body for part in parts]
    remove(*parts)
    return [" ".join(text.split()) for text in texts if text]


def _of_doc(document: etree._Element) -> dict[str, Any]:
    """What trafilatura writes as `xml`: the facts are attributes."""
    stated = {str(name): str(value) for name, value in document.items()}
    record: dict[str, Any] = {field: stated.pop(name, "") for name, field in _ATTRIBUTES.items()}
    record["url"] = next(filter(None, (stated.pop(name, "") for name in _ADDRESSES)), "")
    abstract = next(filter(None, (stated.pop(name, "") for name in _ABSTRACTS)), "")
    record["labels"] = [[name, "", one] for name in _LISTS for one in stated.pop(name, "").split(";") if one]
    main = next((part for part in document if local_name(part) == "main"), None)
    record["body"] = text_of(main, line_ends_matter=True).body if main is not None else ""
    return {**record, "extra": {**stated, "abstract": abstract}}
