"""Web archives: the pages that were there, as if each had come alone; the rest by kind; a break costs what it broke."""

from __future__ import annotations

import gzip
import io
import json
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
from archive_files import DAY, PAGE, TEXT, arc_record, record, response
from fastwarc.warc import ArchiveIterator
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_dumps import PROJECT, SAMPLES, corpus, expected, samples
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from etl import formats, words
from etl.formats import html, warc
from etl.intake.containers import members
from etl.model import Doubt, DumpError, Feed, Piece, Reject, Skip

FEED = Feed("crawl")


def pieces(data: bytes, feed: Feed = FEED) -> list[Piece]:
    return list(warc.read(io.BytesIO(data), feed))


def marks(data: bytes) -> int:
    return warc.count_marks(io.BytesIO(data), FEED)


def articles(found: list[Piece]) -> list[Piece]:
    return [piece for piece in found if isinstance(piece, dict | Reject)]


def in_records(found: list[Piece]) -> list[Piece]:
    """The pieces that records became."""
    return [piece for piece in found if not isinstance(piece, Doubt)]


ARC_HEAD = b"filedesc://a.arc 192.0.2.1 20260309010203 text/plain 4\n1 1\n\n"


@pytest.mark.parametrize("sample", samples("warc"), ids=lambda path: path.name)
def test_samples(sample: Path) -> None:
    found = pieces(sample.read_bytes())
    assert [piece for piece in found if isinstance(piece, dict)] == expected(sample)
    assert marks(sample.read_bytes()) == len(articles(found))
    assert formats.recognise(sample.read_bytes(), "") == "warc"


def test_what_is_no_page_is_skipped_by_its_kind() -> None:
    found = pieces((SAMPLES / "warc" / "crawl.warc").read_bytes())
    kinds = "warcinfo dns request robots metadata redirect status_404 not_html revisit"
    assert [piece.kind for piece in found if isinstance(piece, Skip)] == kinds.split()


@pytest.mark.parametrize("other", [path.name for path in SAMPLES.iterdir() if path.name != "warc"])
def test_other_formats_are_not_taken_for_it(other: str) -> None:
    for sample in samples(other):
        assert warc.recognise(sample.read_bytes()[: formats.HEAD_BYTES], "") == 0


def test_the_day_of_the_crawl_is_not_that_of_the_article() -> None:
    (found,) = pieces(response())
    assert isinstance(found, dict)
    assert "published" not in found
    assert found["extra"]["crawled_at"] == DAY
    assert found["url"] == "http://a.example/1"


def chunks(data: bytes) -> bytes:
    return (
        b"".join(b"%X\r\n%s\r\n" % (len(data[at : at + 50]), data[at : at + 50]) for at in range(0, len(data), 50))
        + b"0\r\n\r\n"
    )


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (PAGE, ["Content-Encoding: identity"]),
        (chunks(PAGE), ["Transfer-Encoding: chunked"]),
        (PAGE, ["Transfer-Encoding: chunked"]),  # joined by the crawler
        (gzip.compress(PAGE), ["content-encoding: gzip"]),
        (PAGE, ["Content-Encoding: gzip"]),  # unpacked by the crawler
        (gzip.compress(PAGE)[:-8], ["Content-Encoding: x-gzip"]),  # its checksum cut off
        (zlib.compress(PAGE), ["Content-Encoding: deflate"]),
        (zlib.compress(PAGE)[2:-4], ["Content-Encoding: deflate"]),
        (brotli.compress(PAGE), ["Content-Encoding: br"]),
        (chunks(brotli.compress(gzip.compress(PAGE))), ["Transfer-Encoding: chunked", "Content-Encoding: gzip, br"]),
    ],
)
def test_the_encodings_of_a_page_are_taken_off(body: bytes, headers: list[str]) -> None:
    (found,) = pieces(response(body, *headers))
    assert isinstance(found, dict), found
    assert found["body"] == TEXT
    assert "is_partial" not in found


EXTENDED = re.sub(rb"(?m)^32\r", b"0032 ; sum=1;x\r", chunks(PAGE))


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (chunks(PAGE), []),
        (chunks(PAGE).lower().replace(PAGE[:50].lower(), PAGE[:50]), []),
        (EXTENDED, []),
        (EXTENDED, ["Transfer-Encoding: chunked"]),
        (chunks(PAGE)[:-4] + b"\r\nExpires: never\r\nX-Sum: 1\r\n\r\n", []),
        (chunks(PAGE).replace(b"\r\n", b"\n"), []),
        (b"\r\n" + chunks(PAGE), []),
        (chunks(gzip.compress(PAGE, mtime=0)), ["Content-Encoding: gzip"]),
        (chunks(PAGE)[:-2], []),
        (chunks(PAGE)[:-4], ["Transfer-Encoding: chunked"]),
    ],
)
def test_sizes_of_chunks_are_taken_off_even_where_the_crawler_took_their_header_out(
    body: bytes, headers: list[str]
) -> None:
    (found,) = pieces(response(body, *headers))
    assert isinstance(found, dict), found
    assert found["body"].casefold() == TEXT.casefold()
    assert "is_partial" not in found


LONG = (
    f"<html><h1>Ferry late</h1><p>{TEXT}</p><p>{' '.join(map(str, range(4_000)))}</p><p>Last words.</p></html>".encode()
)


@pytest.mark.parametrize(
    ("body", "headers", "why"),
    [
        (gzip.compress(LONG)[:-3_000], ["Content-Encoding: gzip"], "its gzip breaks off"),
        (zlib.compress(LONG)[:-3_000], ["Content-Encoding: deflate"], "its deflate breaks off"),
        (chunks(LONG)[:-3_020], ["Transfer-Encoding: chunked"], "its last chunk breaks off"),
        (chunks(LONG)[:-3_020], [], "its last chunk breaks off"),
        (chunks(LONG[:-3_000])[:-5], ["Transfer-Encoding: chunked"], "its last chunk is missing"),
        (
            LONG[:-3_000],
            [f"Content-Length: {len(LONG)}"],
            f"{len(LONG) - 3_000:,} of its {len(LONG):,} bytes were stored",
        ),
    ],
)
def test_a_page_whose_end_was_not_stored_is_partial_and_says_why(body: bytes, headers: list[str], why: str) -> None:
    (found,) = pieces(response(body, *headers))
    assert isinstance(found, dict), found
    assert found["body"].startswith(TEXT)
    assert (found["is_partial"], found["extra"]["incomplete"]) == (True, why)


def test_what_the_crawler_says_of_a_page_that_it_cut_makes_it_partial() -> None:
    (found,) = pieces(response().replace(b"WARC-Date", b"WARC-Truncated: length\r\nWARC-Date"))
    assert isinstance(found, dict)
    assert (found["is_partial"], found["extra"]["incomplete"]) == (True, "the crawler cut it off (length)")


def test_all_members_of_a_gzip_are_unpacked() -> None:
    (found,) = pieces(response(gzip.compress(PAGE[:40]) + gzip.compress(PAGE[40:]), "Content-Encoding: gzip"))
    assert isinstance(found, dict)
    assert found["body"] == TEXT


@pytest.mark.parametrize("first", ["1f4", "3"])
def test_a_number_on_the_first_line_of_a_page_is_not_the_size_of_a_chunk(first: str) -> None:
    page = f"{first}\r\n<html><h1>Ferry late</h1><p>{TEXT} {'It was late again. ' * 40}</p></html>".encode()
    (found,) = pieces(response(page))
    assert isinstance(found, dict)
    assert found["body"].endswith("It was late again.")
    assert "is_partial" not in found


@pytest.mark.parametrize(
    ("body", "headers", "reason"),
    [
        (b"\x1f\x8b\x08\x00" + b"\xff" * 40, ["Content-Encoding: gzip"], "gzip is damaged"),
        (b"\xff" * 40, ["Content-Encoding: br"], "br is damaged"),
        (chunks(PAGE).replace(b"\r\n25\r\n", b"\r\nzz\r\n"), ["Transfer-Encoding: chunked"], "no chunk begins at byte"),
        (PAGE, ["Content-Encoding: compress"], "'compress'; expected gzip, deflate or br"),
        (gzip.compress(bytes(200 << 20)), ["Content-Encoding: gzip"], "larger than a page can be"),
        (brotli.compress(bytes(100 << 20), quality=1), ["Content-Encoding: br"], "larger than a page can be"),
        (brotli.compress(PAGE)[:20], ["Content-Encoding: br"], "its br breaks off, and no text is in what is left"),
        (b"", [], "no article text"),
    ],
)
def test_a_page_that_cannot_be_read_is_rejected_with_its_address(body: bytes, headers: list[str], reason: str) -> None:
    bad, good = articles(pieces(response(body, *headers) + response()))
    assert isinstance(bad, Reject)
    assert bad.reason.startswith("http://a.example/1: ")
    assert reason in bad.reason
    assert isinstance(good, dict)


def test_the_charset_of_the_server_goes_before_that_of_the_page() -> None:
    page = "<html><meta charset=iso-8859-2><p>Paní Dvořáková přišla pozdě, a nikdo nevěděl proč, ani ona sama.".encode(
        "cp1250"
    )
    (found,) = pieces(response(page, kind="text/html; charset=windows-1250"))
    assert isinstance(found, dict)
    assert "Dvořáková přišla" in found["body"]


@pytest.mark.parametrize(
    ("data", "kinds"),
    [
        (response(kind="TEXT/HTML;charset=x"), ["article"]),
        (response(kind="application/xhtml+xml"), ["article"]),
        (response(kind="text/html2"), ["not_html"]),
        (response(kind="application/json"), ["not_html"]),
        (response(kind="text/plain"), ["article"]),
        (response(kind=""), ["article"]),
        (response(gzip.compress(PAGE), "Content-Encoding: gzip", kind="application/octet-stream"), ["article"]),
        (response(chunks(PAGE), "Transfer-Encoding: chunked", kind="unknown"), ["article"]),
        (response(b"<?xml version='1.0'?>" + PAGE, kind="application/xml"), ["article"]),
        (response(b"<rss/>", kind="application/xml"), ["not_html"]),
        (response(b"A line.", kind="text/plain"), ["not_html"]),
        (record("resource", PAGE).replace(b"WARC-Date", b"Content-Type: text/html\r\nWARC-Date"), ["article"]),
        (record("resource", PAGE).replace(b"WARC-Date", b"Content-Type: text/css\r\nWARC-Date"), ["resource"]),
        (response(status="206 Partial"), ["status_206"]),
        (response(status="302 Found"), ["redirect"]),
        (record("response", PAGE), ["article"]),
        (record("response", b"20260309 192.0.2.1\r\n"), ["not_http"]),
        (record("revisit", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"), ["revisit"]),
        (record("conversion", PAGE), ["conversion"]),
        (response(url="http://a.example/robots.txt", kind="text/plain"), ["robots"]),
        (response().replace(b"\r\n", b"\n"), ["article"]),
        (response().replace(b"WARC-Type", b"warc-type"), ["article"]),
        (b"\r\n\r\n" + response() + b"\r\n" + response(), ["article", "article"]),
    ],
)
def test_only_html_that_was_there_is_a_page(data: bytes, kinds: list[str]) -> None:
    found = pieces(data)
    assert [piece.kind if isinstance(piece, Skip) else "article" for piece in found] == kinds
    assert marks(data) == kinds.count("article")


@pytest.mark.parametrize(
    ("known", "unknown"),
    [
        (b"WARC/1.0", b"XARC/1.0"),
        (b"WARC-Type:", b"X-Type:"),
        (b"HTTP/1.1 200 OK", b"SPDY 200 OK"),
        (b"Content-Type:", b"X-Type:"),
    ],
)
def test_a_page_of_which_the_head_is_unknown_is_read_or_the_counts_differ(known: bytes, unknown: bytes) -> None:
    data = response() + response().replace(known, unknown) + response()
    count = len(articles(pieces(data)))
    assert count == 3 or marks(data) == 3
    assert (count == marks(data)) == (known in (b"WARC/1.0", b"Content-Type:"))


def test_a_page_of_any_length_does_not_hide_its_neighbours() -> None:
    video = response(b"WARC/1.0 is not here\n" + bytes(3 << 20), kind="video/mp4")
    found = pieces(response() + video + response())
    assert [type(piece) for piece in found] == [dict, Skip, dict]


def test_a_length_that_is_too_long_costs_the_page_and_not_what_it_swallows() -> None:
    wrong = record("response", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE, length=len(PAGE) + 300)
    data = wrong + response(url="http://a.example/2") + response(url="http://a.example/3")
    bad, *good = articles(pieces(data))
    assert isinstance(bad, Reject)
    assert "no record begins where this one" in bad.reason
    assert [isinstance(piece, dict) and piece["url"][-1] for piece in good] == ["2", "3"]
    assert marks(data) == 3


@pytest.mark.parametrize("length", ["", "many", "-1", "9" * 40])
def test_a_length_that_is_none_costs_the_page_only(length: str) -> None:
    data = record("response", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE, length=length) + response()
    bad, good = articles(pieces(data))
    assert isinstance(bad, Reject)
    assert isinstance(good, dict)
    assert marks(data) == 2


def test_a_broken_date_in_an_arc_costs_nothing() -> None:
    data = ARC_HEAD + arc_record(PAGE, date="null") + arc_record(PAGE)
    assert [type(piece) for piece in pieces(data)] == [Skip, dict, dict]
    assert marks(data) == 2


def test_a_page_in_segments_is_rejected() -> None:
    data = response().replace(b"WARC-Date", b"WARC-Segment-Number: 1\r\nWARC-Date")
    (bad,) = pieces(data)
    assert isinstance(bad, Reject)
    assert "split over several records" in bad.reason


def packed(data: bytes, folder: Path) -> Iterator[Piece | int]:
    """What is read of it as a file, and the marks, last."""
    path = folder / "dump"
    path.write_bytes(data)
    (member,) = members(path)
    with member.open() as stream:
        yield from warc.read(stream, FEED)
    with member.open() as stream:
        yield warc.count_marks(stream, FEED)


def noisy_page(number: int) -> bytes:
    noise = "".join(f" {number * at * 7919 % 104_729:x}" for at in range(2_000))
    return response(f"<html><p>{TEXT}{noise}".encode(), url=f"http://a.example/{number}")


def test_of_a_gzip_that_is_cut_all_before_is_read_and_the_rest_rejected_with_the_offset(tmp_path: Path) -> None:
    whole = gzip.compress(noisy_page(1)) + gzip.compress(noisy_page(2)) + gzip.compress(noisy_page(3))
    *found, marked = packed(whole[: -len(gzip.compress(noisy_page(3))) // 2], tmp_path)
    first, second, page, rest = articles(found)  # type: ignore[arg-type]
    assert isinstance(first, dict)
    assert isinstance(second, dict)
    assert isinstance(page, Reject)
    assert isinstance(rest, Reject)
    assert "before this page does" in page.reason
    assert "truncated or damaged after" in rest.reason
    assert int(rest.position.removeprefix("byte ")) > int(page.position.removeprefix("byte "))
    assert marked == 4


def test_an_arc_in_one_piece_of_gzip_is_read(tmp_path: Path) -> None:
    *found, marked = packed(gzip.compress(ARC_HEAD + arc_record(PAGE) + arc_record(PAGE)), tmp_path)
    assert len(articles(found)) == marked == 2  # type: ignore[arg-type]


SAMPLE = (SAMPLES / "warc" / "crawl.warc").read_bytes()
OLDER = (SAMPLES / "warc" / "older.arc").read_bytes()


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([SAMPLE, OLDER]), st.integers(0, 5_000))
def test_an_archive_that_ends_early_says_so(data: bytes, end: int) -> None:
    found = pieces(data[:end])
    assert len(articles(found)) == marks(data[:end])
    assert all(piece in pieces(data) for piece in found if isinstance(piece, dict))


@settings(max_examples=150, deadline=None)
@given(
    st.integers(0, len(SAMPLE)), st.integers(0, 300), st.sampled_from([b"", b"WARC/1.0\r\n", b"\r\n\r\n", b"\0\xff"])
)
def test_damage_is_no_crash_and_no_silent_loss(start: int, length: int, junk: bytes) -> None:
    data = SAMPLE[:start] + junk + SAMPLE[start + length :]
    found = pieces(data)
    whole = [piece for piece in pieces(SAMPLE) if isinstance(piece, dict)]
    lost = [
        piece
        for piece in whole
        if piece["body"] not in [other.get("body") for other in found if isinstance(other, dict)]
    ]
    accounted = sum(isinstance(piece, Reject) for piece in found) + sum(isinstance(piece, Skip) for piece in found)
    assert len(lost) <= accounted


def test_an_archive_of_nothing_but_breaks_is_given_up() -> None:
    data = b"".join(arc_record(b"x" * 50, length=10_000_000) for _ in range(5_000))
    with pytest.raises(DumpError, match="broken in more than 100 places"):
        pieces(data)


@pytest.mark.nightly
def test_the_pages_of_the_benchmark_are_the_same_from_an_archive() -> None:
    file = io.BytesIO()
    writer = WARCWriter(file, gzip=False)
    alone = []
    for path in sorted((corpus("html-benchmark") / "html").iterdir()):
        data = gzip.decompress(path.read_bytes())
        alone.append(next(iter(html.read(io.BytesIO(data), FEED))))
        head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(f"http://a.example/{path.name}", "response", io.BytesIO(data), http_headers=head)
        )
    found = pieces(file.getvalue())
    assert [piece["body"] for piece in found if isinstance(piece, dict)] == [
        piece["body"] for piece in alone if isinstance(piece, dict)
    ]
    assert len(found) == len(alone) == marks(file.getvalue())


def test_real_archives_hold_what_a_person_counted_in_them() -> None:
    folder = corpus("warc").parent
    for truth in json.loads((PROJECT / "tests" / "truth" / "warc_files.json").read_text()):
        (member,) = members(folder / truth["file"])
        with member.open() as stream:
            found = in_records(list(warc.read(stream, FEED)))
        with member.open() as stream:
            assert warc.count_marks(stream, FEED) == len(articles(found)), truth["file"]
        if truth["broken_at"] is None:
            assert len(found) == truth["records"], truth["file"]
            assert len(articles(found)) == truth["html_responses_200"], truth["file"]
        else:
            assert found[truth["records"]].position == f"byte {truth['broken_at']}"  # type: ignore[union-attr]
            assert all(isinstance(piece, Reject) for piece in found[truth["records"] :])


@pytest.mark.nightly
def test_another_reader_finds_the_same_records() -> None:
    for path in corpus("warc").glob("*.warc*"):
        (member,) = members(path)
        with member.open() as stream:
            data = stream.read()
        assert sum(1 for _ in ArchiveIterator(io.BytesIO(data))) == len(in_records(pieces(data))), path.name


@pytest.mark.parametrize("label", ["undefined", "idna", "unicode_escape", "rot13", "utf-7"])
def test_a_charset_that_is_no_codec_of_characters_counts_as_not_stated(label: str) -> None:
    (found,) = pieces(response(kind=f"text/html; charset={label}"))
    assert isinstance(found, dict), found


def test_pages_that_may_hold_several_articles_are_told_in_one_warning() -> None:
    long = "".join(f"<p>{TEXT} It was day {n}.</p>" for n in range(8))
    doubtful = f"<html><h2>Ferry late</h2>{long}<h2>Pier closed</h2>{long}</html>".encode()
    data = b"".join(response(doubtful, url=f"http://a.example/{n}") for n in range(5)) + response()
    *found, last, doubt = pieces(data)
    assert all(isinstance(piece, dict) and "it may hold 2 articles" in piece["extra"]["doubt"] for piece in found)
    assert isinstance(last, dict)
    assert isinstance(doubt, Doubt)
    assert words.of_pages(doubt.warning, doubt.pages).startswith(
        "of 5 pages it is not sure that they are one article each: "
        "http://a.example/0, http://a.example/1, http://a.example/2 and 2 more; extra.doubt of each article says why"
    )
    assert not any(isinstance(piece, Doubt) for piece in pieces(data, Feed("crawl", one_article=True)))


def text_record(text: bytes, *headers: str) -> bytes:
    """A record of a text that was extracted from a page."""
    start, end, block = record("conversion", text).partition(b"Content-Length")
    return start + "".join(f"{header}\r\n" for header in ("Content-Type: text/plain", *headers)).encode() + end + block


def test_extracted_texts_are_articles_only_where_the_pages_are_not_there() -> None:
    extract = record("warcinfo", b"a: b") + text_record(b"Title\nText.")
    beside = record("warcinfo", b"a: b") + response() + text_record(b"Title\nText.")
    assert [piece["headline"] for piece in articles(pieces(extract)) if isinstance(piece, dict)] == ["Title"]
    assert len(articles(pieces(beside))) == marks(beside) == 1
    assert Skip(f"byte {len(record('warcinfo', b'a: b') + response())}", "conversion") in pieces(beside)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (text_record(b"\n \n"), "holds no text"),
        (text_record(b"Title\nText that goes on.")[:-12], "the archive ends 8 bytes before this page does"),
        (text_record(b"a " * (9 << 20)), "larger than the text of a page can be"),
    ],
)
def test_an_extracted_text_that_cannot_be_read_is_rejected_alone(text: bytes, reason: str) -> None:
    data = text_record(b"Title\nText.") + text
    first, second = articles(pieces(data))
    assert isinstance(first, dict)
    assert isinstance(second, Reject)
    assert reason in second.reason
    assert marks(data) == 2


def test_stretches_of_extracted_texts_are_counted_by_the_beginning_of_the_whole() -> None:
    page, text = response(), text_record(b"Title\nText.")
    assert warc.count_marks_in_range(io.BytesIO(text), FEED, page + text, len(page)) == 0
    assert warc.count_marks_in_range(io.BytesIO(text), FEED, text + text, len(text)) == 1
    assert list(warc.read_range(io.BytesIO(text), FEED, page + text, len(page))) == [
        Skip(f"byte {len(page)}", "conversion")
    ]
