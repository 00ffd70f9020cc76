"""Web archives, WARC and ARC: the web pages among what a crawler stored.

A page is a response of status 200, or a resource, that is HTML, read as `html` reads a page; one that seems to
hold several articles is a Reject, and of those of which that is not sure, one warning tells. Its address is the one
that was crawled; the day of the crawl is never the day of the article. All other records are skipped, by kind.
From a broken archive everything readable is read; each unreadable page, and the break, is a Reject.

WET, the texts that Common Crawl extracts from such pages: in an archive whose first record after its description is a
conversion to plain text, each such record is an article, its first line (the page's title) the headline, all other
lines the body, menus among them. Elsewhere conversions are skipped, for the page itself is read. Written by Common
Crawl's description of the layout.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import BinaryIO

from etl.formats import html
from etl.formats.common.pieces import without_empty
from etl.formats.web import http
from etl.formats.web.http import Response
from etl.formats.web.warc_marks import count_pages
from etl.formats.web.warc_ranges import ranges_of_records
from etl.formats.web.warc_texts import is_of_texts, is_text, text_of
from etl.formats.web.web_archive import (
    MOST_HEADERS,
    WARC_START,
    Record,
    Rubbish,
    Source,
    ends_well,
    records,
)
from etl.model import Doubt, DumpError, Feed, Piece, Range, Reject, Skip

HEAD_BYTES = 65_536
KEPT_BYTES = 1_000_000
START_BYTES = 4_096

DOUBTFUL = (
    "of {} it is not sure that they are one article each: {}; extra.doubt of each article says why; "
    "if each page of this feed is one article, say so with one_article = true in its stanza of sources.toml"
)

_SAYS_NOTHING = frozenset(("", "text/plain", "text/xml", "application/xml", "application/octet-stream", "unknown"))
"""Types under which servers send HTML, too."""


def recognise(head: bytes, name: str) -> float:
    """By its first record."""
    return 1.0 if WARC_START.match(head) or head.startswith(b"filedesc://") else 0.0


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """A record for each page, a Reject for each that cannot be read and for a break of the archive; last, a Doubt where
    there are pages that may hold several articles.

    Raises DumpError where it is broken in too many places, and where the feed's encoding is unknown.
    """
    return read_range(stream, feed, b"", 0)


def ranges(stream: BinaryIO, feed: Feed, target_bytes: int) -> list[Range]:
    """Stretches of whole records of WARC, as far as none is broken. What one record is, no other one tells."""
    return ranges_of_records(stream, target_bytes)


def read_range(stream: BinaryIO, feed: Feed, head: bytes, before: int) -> Iterator[Piece]:
    """What `read` yields of some records, with `before` bytes before them."""
    source, read = Source(stream, before), partial(_page, codec=html.feed_codec(feed), is_one=feed.one_article)
    has_texts = is_of_texts(head or source.peek(HEAD_BYTES))
    doubtful: list[str] = []
    for item in records(source):
        if has_texts and isinstance(item, Record) and is_text(item):
            yield _text(item)
            continue
        for piece in [_rubbish(item)] if isinstance(item, Rubbish) else _pieces(item, read):
            if isinstance(piece, dict) and "doubt" in piece["extra"]:
                doubtful.append(piece["url"])
            yield piece
    if source.fault:
        yield Reject(f"byte {source.offset}", f"{source.fault}; what comes after it is lost")
    if doubtful:
        yield Doubt(DOUBTFUL, tuple(doubtful))


def _rubbish(found: Rubbish) -> Piece:
    position = f"byte {found.offset}"
    if found.is_record:
        return Reject(
            position, "a record begins here whose first line is damaged; fetch the archive again", found.found
        )
    return Skip(position, "rubbish")


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """Heads of pages, or in WET of texts, by the lines that begin a record, whatever the record's length says; one more
    for a break.
    """
    return count_pages(stream)


def count_marks_in_range(stream: BinaryIO, feed: Feed, head: bytes, before: int) -> int:
    """The marks of some records of an archive that begins with `head`."""
    return count_pages(stream, head)


def _pieces(record: Record, read: Callable[[Record, Response, str], Piece]) -> Iterator[Piece]:
    position = f"byte {record.offset}"
    head = None if record.is_endless else _head(record)
    if head is not None and _is_page(record, head):
        yield read(record, head, position)
        return
    kind = _kind(record, head)
    if record.fault or record.is_endless:
        record.give_up(b"")
    record.skip()
    if record.is_endless:
        yield Reject(
            position, f"{record.url}: its header has more than {MOST_HEADERS:,} lines; fetch the archive again"
        )
    elif record.is_cut and not record.source.fault:
        yield Reject(position, f"{record.url}: the archive ends within this record ({kind}); fetch it again")
    else:
        yield Skip(position, kind)


def _head(record: Record) -> Response | None:
    """The head of a response; of a file that was archived without one, the type that its record or content shows."""
    if record.kind == "resource":
        return Response(200, {"content-type": record.headers.get("content-type", "")})
    if record.kind == "response" and html.recognise(record.peek(START_BYTES), ""):
        return Response(200, {"content-type": "text/html"})
    return http.response(record.line) if record.kind == "response" else None


def _is_page(record: Record, head: Response) -> bool:
    """Whether it is called HTML; or, where its type says nothing of it, begins as HTML."""
    if head.status != 200 or head.is_html:
        return head.status == 200
    if record.kind != "response" or record.url.endswith("/robots.txt"):
        return False
    if head.kind not in _SAYS_NOTHING or head.coding not in ("", "gzip", "x-gzip"):
        return False
    try:
        start = http.body(head, record.peek(START_BYTES), START_BYTES).data
    except DumpError:
        return False
    return html.recognise(start, "") > 0


def _kind(record: Record, head: Response | None) -> str:
    """The kind of a record that is not a page."""
    if record.kind != "response":
        return record.kind or "unknown"
    if head is None:
        return "dns" if record.url.startswith("dns:") else "not_http"
    if 300 <= head.status < 400:
        return "redirect"
    if head.status != 200:
        return f"status_{head.status}"
    return "robots" if record.url.endswith("/robots.txt") else "not_html"


def _page(record: Record, head: Response, position: str, codec: str | None, is_one: bool) -> Piece:
    data = record.take(html.LARGEST_PAGE_BYTES + 1)
    if fault := _fault(record):
        record.give_up(data)
        return Reject(position, f"{record.url}: {fault}", data[:KEPT_BYTES])
    try:
        whole = http.body(head, data, html.LARGEST_PAGE_BYTES)
    except DumpError as error:
        return Reject(position, f"{record.url}: {error}", data[:KEPT_BYTES])
    try:
        doubt = None if is_one else html.judged(whole.data, codec or head.charset)
    except DumpError as error:
        return Reject(position, f"{record.url}: {error}", whole.data[:KEPT_BYTES])
    found = html.page(whole.data, codec or head.charset, position)
    gap = whole.gap or _cut_by_crawler(record)
    if isinstance(found, Reject):
        reason = f"{gap}, and no text is in what is left; crawl it again" if gap else found.reason
        return Reject(position, f"{record.url}: {reason}", found.piece)
    own = found.get("url")
    extra = {
        **found.get("extra", {}),
        "crawled_at": record.date,
        "canonical": own if own != record.url else None,
        "incomplete": gap,
        "doubt": doubt.warning if doubt else None,
    }
    return {**found, "url": record.url, **({"is_partial": True} if gap else {}), "extra": without_empty(extra)}


def _text(record: Record) -> Piece:
    """A text that was extracted from a page."""
    position, data = f"byte {record.offset}", record.take(html.LARGEST_PAGE_BYTES + 1)
    if fault := _fault(record):
        record.give_up(data)
        return Reject(position, f"{record.url}: {fault}", data[:KEPT_BYTES])
    return text_of(record, data, position, KEPT_BYTES)


def _cut_by_crawler(record: Record) -> str | None:
    """What the crawler says of a page that it did not store to its end."""
    why = record.headers.get("warc-truncated")
    return f"the crawler cut it off ({why})" if why else None


def _fault(record: Record) -> str | None:
    """Why what was read is not exactly the page; None where it is."""
    if record.fault:
        return f"{record.fault}; fetch the archive again"
    if record.is_cut:
        return f"the archive ends {record.left:,} bytes before this page does; fetch it again"
    if "warc-segment-number" in record.headers:
        return "the page is split over several records, which are not joined; crawl it again without segments"
    if not record.left and not ends_well(record.source):
        return f"no record begins where this one of {record.length:,} bytes should end; fetch the archive again"
    return None
