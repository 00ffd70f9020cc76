"""Web archives, WARC and ARC: the web pages among what a crawler stored.

A page is a response of status 200 that is HTML, read as `html` reads a page; one that seems to hold several articles is
a Reject. Its address is the one that was crawled;
the day of the crawl is never the day of the article. All other records are skipped, by kind.
From a broken archive everything readable is read; each unreadable page, and the break, is a Reject.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import BinaryIO

from etl.formats import html
from etl.formats.common.pieces import without_empty
from etl.formats.web import http
from etl.formats.web.http import Response
from etl.formats.web.web_archive import (
    ARC_START,
    MOST_HEADERS,
    WARC_START,
    Record,
    Rubbish,
    Source,
    ends_well,
    header_lines,
    records,
)
from etl.model import DumpError, Feed, Piece, Reject, Skip

KEPT_BYTES = 1_000_000

_RESPONSE = re.compile(rb"warc-type\s{0,9}:\s{0,9}response\s", re.IGNORECASE)
_LENGTH = re.compile(rb"content-length\s{0,9}:\s{0,9}(\d{1,15})\s", re.IGNORECASE)
_OK = re.compile(rb"HTTP/\d(?:\.\d)? +200(?!\d)")
_TYPE = re.compile(rb"content-type\s{0,9}:", re.IGNORECASE)
_HTML = re.compile(rb"content-type\s{0,9}:\s{0,9}(?:text/html|application/xhtml\+xml)(?![^;,\s])", re.IGNORECASE)


def recognise(head: bytes, name: str) -> float:
    """By its first record."""
    return 1.0 if WARC_START.match(head) or head.startswith(b"filedesc://") else 0.0


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """A record for each page, a Reject for each that cannot be read and for a break of the archive.

    Raises DumpError where it is broken in too many places, and where the feed's encoding is unknown.
    """
    source, read = Source(stream), partial(_page, codec=html.feed_codec(feed), is_one=feed.one_article)
    for item in records(source):
        if isinstance(item, Rubbish):
            yield Skip(f"byte {item.offset}", "rubbish")
        else:
            yield from _pieces(item, read)
    if source.fault:
        yield Reject(f"byte {source.offset}", f"{source.fault}; what comes after it is lost")


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """Heads of HTML responses of status 200, by the lines that begin a record, whatever the record's length says.

    One more for a break: where the stream breaks, or ends before the last record does.
    """
    source = Source(stream)
    marks, end, is_page, is_whole = 0, 0, False, True
    source.skip_blank()
    while line := source.line():
        is_response, length, last = _mark(source, line)
        is_whole = bool(last)
        end = source.offset + length
        is_page = is_response and _OK.match(source.line()) is not None and _is_html(source)
        marks += is_page or bool(last.strip())
        if not source.seek_record():
            break
    is_cut = not is_whole or (source.offset < end and not is_page)
    return marks + bool(source.fault or is_cut)


def _mark(source: Source, line: bytes) -> tuple[bool, int, bytes]:
    """Of the record that begins here: whether it may be a page, its length, and the line that ends its header."""
    if not WARC_START.match(line):
        arc = ARC_START.fullmatch(line)
        return arc is not None, int(arc["length"]) if arc else 0, b"\n"
    lines, last = header_lines(source)
    is_response = any(_RESPONSE.match(line) for line in lines)
    length = next((int(found[1]) for line in lines if (found := _LENGTH.match(line))), 0)
    return (is_response, length, last) if not last.strip() else (False, 0, last)


def _is_html(source: Source) -> bool:
    kinds = [_HTML.match(line) is not None for line in header_lines(source)[0] if _TYPE.match(line)]
    return bool(kinds) and kinds[0]


def _pieces(record: Record, read: Callable[[Record, Response, str], Piece]) -> Iterator[Piece]:
    position = f"byte {record.offset}"
    head = http.response(record.line) if record.kind == "response" and not record.is_endless else None
    if head is not None and head.status == 200 and head.is_html:
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
    if not is_one and (reason := html.holds_several(whole, codec or head.charset)):
        return Reject(position, f"{record.url}: {reason}", whole[:KEPT_BYTES])
    found = html.page(whole, codec or head.charset, position)
    if isinstance(found, Reject):
        return Reject(position, f"{record.url}: {found.reason}", found.piece)
    own = found.get("url")
    extra = {**found.get("extra", {}), "crawled_at": record.date, "canonical": own if own != record.url else None}
    return {**found, "url": record.url, "extra": without_empty(extra)}


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
