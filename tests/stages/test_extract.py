"""What is read of a dump: a broken member costs only itself, and what comes along with articles costs nothing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from newsroom import Newsroom, article, read_raw
from packed import tarred, zipped

from etl.run import Request, begin
from etl.stages import unread

WARC = Path(__file__).parents[1] / "samples" / "warc" / "crawl.warc"
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0"


def nitf(number: int) -> bytes:
    return (
        f'<?xml version="1.0"?><nitf><head><title>Boat {number}</title></head><body><body.head><hedline>'
        f"<hl1>Boat {number} leaves</hl1></hedline></body.head><body.content><p>The boat number {number} left."
        "</p></body.content></body></nitf>"
    ).encode()


def read(newsroom: Newsroom, stanza: str = "", **dumps: bytes) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """The tally of each dump, and the place and reason of each rejected piece."""
    newsroom.stanza(f'[feed.wire]\npath = "*"\nsettle_seconds = 0\n{stanza}')
    for name, content in dumps.items():
        newsroom.drop(name, content)
    run = begin(newsroom.settings, "manual", Request())
    batch = read_raw(run)
    paths = {row["delivery"]: row["path"] for row in pq.read_table(run.plan).to_pylist()}
    tallies = {paths[row["delivery"]]: row for row in pq.read_table(batch.deliveries).to_pylist()}
    pieces = pq.read_table(batch.pieces[0]).to_pylist()
    return tallies, [(piece["position"], piece["reason"]) for piece in pieces]


def counts(tally: dict[str, Any]) -> tuple[str, int, int, int]:
    return tally["state"], tally["articles_read"], tally["rejected_pieces"], tally["marks_seen"]


XML = {f"{number:03}.xml": nitf(number) for number in range(1, 31)}


@pytest.mark.parametrize("pack", [zipped, tarred])
@pytest.mark.parametrize("stanza", ["", 'format = "nitf"'])
def test_a_member_that_its_reader_refuses_costs_only_itself(
    newsroom: Newsroom, pack: Callable[[dict[str, bytes]], bytes], stanza: str
) -> None:
    torn = XML | {"017.xml": nitf(17)[:-60]}
    tallies, pieces = read(newsroom, stanza, torn=pack(torn))
    assert counts(tallies["torn"]) == ("read", 30, 1, 30)
    ((position, reason),) = pieces
    assert position == "017.xml"
    assert "is not well-formed XML" in reason


def test_a_member_that_breaks_in_its_midst_keeps_what_was_read_before(newsroom: Newsroom) -> None:
    lines = "".join(
        json.dumps(article(number, body="x" * 500 + str(number))) + "\n" for number in range(2_000)
    ).encode()
    whole = bytearray(zipped({"a.jsonl": lines, "b.jsonl": b'{"headline": "H", "body": "B"}\n'}))
    whole[whole.index(b"PK\x01\x02") + 16] ^= 0xFF  # the checksum of a.jsonl
    tallies, pieces = read(newsroom, torn=bytes(whole))
    tally = tallies["torn"]
    assert tally["state"] == "read"
    assert tally["articles_read"] == tally["marks_seen"]
    assert tally["articles_read"] > 2
    assert [position for position, _ in pieces] == ["a.jsonl"]


def test_a_dump_of_which_nothing_can_be_read_is_refused_and_the_next_is_read(newsroom: Newsroom) -> None:
    bomb = zipped({"a.xml": nitf(1), "z.jsonl": b'{"headline": "H", "body": "' + b"a" * (80 << 20)})
    torn = zipped({"a.xml": nitf(1)[:-60], "b.xml": nitf(2)[:-60]})
    tallies, _ = read(newsroom, bomb=bomb, torn=torn, zz=zipped(XML))
    assert (tallies["bomb"]["state"], tallies["torn"]["state"]) == ("refused", "refused")
    assert "unpacks to more than" in tallies["bomb"]["reason"]
    assert tallies["torn"]["reason"].startswith("a.xml: is not well-formed XML")
    assert counts(tallies["zz"]) == ("read", 30, 0, 30)


@pytest.mark.parametrize("stanza", ["", 'format = "nitf"'])
def test_pictures_beside_articles_are_skipped_by_kind(newsroom: Newsroom, stanza: str) -> None:
    along = {f"{number:03}.jpg": JPEG for number in range(60)} | {"page.css": b"p {}", "robots.txt": b"User-agent: *"}
    tallies, pieces = read(newsroom, stanza, full=zipped(XML | along))
    assert counts(tallies["full"]) == ("read", 30, 0, 30)
    assert json.loads(tallies["full"]["skipped"]) == {"picture": 60, "stylesheet": 1, "robots.txt": 1}
    assert pieces == []


def test_a_dump_of_nothing_but_pictures_says_so_packed_or_loose(newsroom: Newsroom) -> None:
    tallies, _ = read(newsroom, only=zipped({"a.jpg": JPEG, "b.jpg": JPEG}), loose=JPEG)
    found = {path: Counter(json.loads(tally["skipped"])) for path, tally in tallies.items()}
    assert found == {"only": {"picture": 2}, "loose": {"picture": 1}}
    assert [tally["state"] for tally in tallies.values()] == ["read", "read"]
    assert {tally["reason"] for tally in tallies.values()} == {
        f"it holds no article, but {number} × picture; if its sender sends such alone, `exclude` in the stanza "
        "leaves it out; else ask for the articles"
        for number in (1, 2)
    }


def test_the_words_of_a_dump_are_noted_and_those_that_ended_nowhere_are_told(newsroom: Newsroom) -> None:
    text = " ".join(f"The ferry number {number} left." for number in range(60))
    whole = nitf(1).replace(b"left.</p>", f"left. {text}</p>".encode())
    torn = whole.replace(b"</body>", f"<endnote.of.archive>{text}</endnote.of.archive></body>".encode())
    tallies, _ = read(newsroom, whole=whole, torn=torn)
    assert tallies["whole"]["reason"] is None
    assert tallies["whole"]["words_accounted"] == tallies["whole"]["words_seen"] > 300
    assert tallies["torn"]["words_accounted"] < 0.7 * tallies["torn"]["words_seen"]
    assert "words are in articles, rejects or skips; see if one is missing" in tallies["torn"]["reason"]


def test_what_a_stanza_excludes_is_skipped(newsroom: Newsroom) -> None:
    tallies, _ = read(newsroom, 'exclude = ["old/*", "*.bin"]', d=zipped(XML | {"old/a.xml": b"<", "x.bin": b"\0\1"}))
    assert counts(tallies["d"]) == ("read", 30, 0, 30)
    assert json.loads(tallies["d"]["skipped"]) == {"excluded": 2}


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_printed_pages_beside_articles_are_told_unless_they_are_excluded(
    newsroom: Newsroom, pack: Callable[[dict[str, bytes]], bytes]
) -> None:
    both = pack({"a.jsonl": b'{"headline": "H", "body": "B"}\n', "1.pdf": b"%PDF-1.7\n", "p/2.pdf": b"%PDF-1.7\n"})
    tallies, _ = read(newsroom, both=both)
    assert counts(tallies["both"]) == ("read", 1, 0, 1)
    assert tallies["both"]["reason"].startswith("2 × PDF in it are not read; of PDF only what databases export")
    assert "leave such files out by `exclude` in the stanza" in tallies["both"]["reason"]


def test_printed_pages_that_a_stanza_excludes_are_not_told(newsroom: Newsroom) -> None:
    pages = {"a.jsonl": b'{"headline": "H", "body": "B"}\n', "1.pdf": b"%PDF-1.7\n"}
    tallies, _ = read(newsroom, 'exclude = ["*.pdf"]', both=zipped(pages))
    assert tallies["both"]["reason"] is None


def test_words_that_cannot_be_counted_in_one_file_are_unknown_in_the_whole_dump(newsroom: Newsroom) -> None:
    story = {"headline": "H", "body": "The ferry leaves. " * 100}
    members = {
        "a.jsonl": json.dumps(story).encode(),
        "b.warc": WARC.read_bytes(),
        "c.jsonl": json.dumps(story).encode(),
    }
    tallies, _ = read(newsroom, mixed=zipped(members), lines=zipped({"a.jsonl": members["a.jsonl"]}))
    assert (tallies["mixed"]["words_seen"], tallies["mixed"]["words_accounted"]) == (None, None)
    assert tallies["lines"]["words_accounted"] > 200


def test_a_dump_of_nothing_but_printed_pages_is_refused_for_what_it_holds(newsroom: Newsroom) -> None:
    pages = {"1.pdf": b"%PDF-1.7\n", "2.pdf": b"%PDF-1.7\n", "a.jpg": JPEG}
    tallies, _ = read(newsroom, pages=zipped(pages), both=zipped(XML | pages))
    assert tallies["pages"]["state"] == "refused"
    assert "3 items, none with a text that Broadsheet reads: 2 × PDF, 1 × picture" in tallies["pages"]["reason"]
    assert "convert it to HTML" in tallies["pages"]["reason"]
    assert counts(tallies["both"]) == ("read", 30, 0, 30)


def test_a_dump_of_rubbish_is_read_no_further_than_tells_it(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a million empty messages fit into as many bytes; a line for each of them takes a gigabyte."""
    monkeypatch.setattr(unread, "MOST_UNREAD", 20)
    good = json.dumps(article(1)).encode() + b"\n"
    half = good * 30 + b"1\n" * 30
    tallies, pieces = read(newsroom, 'format = "jsonl"', half=half, rubbish=good + b"1\n" * 5_000)
    assert counts(tallies["half"]) == ("read", 60, 30, 60)
    rubbish = tallies["rubbish"]
    assert (rubbish["state"], rubbish["articles_read"], rubbish["rejected_pieces"]) == ("refused", 22, 21)
    assert "21 of its first 22 articles cannot be read" in rubbish["reason"]
    assert len(pieces) == 30 + 21


def test_what_no_field_of_a_table_holds_is_told_beside_its_counts(newsroom: Newsroom) -> None:
    rows = "".join(f"Bridge {n},The council of Furt met {n} times.,{n + 10}/12/2019\n" for n in range(3))
    tallies, _ = read(newsroom, table=f"title,text,Quando\n{rows}".encode())
    assert counts(tallies["table"]) == ("read", 3, 0, 3)
    assert "no article has a date; the column Quando looks like dates" in tallies["table"]["reason"]


def test_the_output_of_a_job_is_read_without_its_empty_parts_and_marks(newsroom: Newsroom) -> None:
    header = b"title,text\n"
    tallies, pieces = read(
        newsroom,
        **{
            "part-00000-c.csv": header + b"Ferry late,It was late again.\n",
            "part-00001-c.csv": header,
            "part-00002-c.csv": b"",
            "_SUCCESS": b"",
        },
    )
    assert {path: (*counts(tally)[:2], tally["reason"]) for path, tally in tallies.items()} == {
        "part-00000-c.csv": ("read", 1, None),
        "part-00001-c.csv": ("read", 0, None),
        "part-00002-c.csv": ("read", 0, None),
    }
    assert json.loads(tallies["part-00001-c.csv"]["skipped"]) == {"empty part of a job's output": 1}
    assert pieces == []


def test_a_table_with_a_header_alone_is_refused_where_no_other_part_is_beside_it(newsroom: Newsroom) -> None:
    tallies, _ = read(newsroom, **{"part-00000-c.csv": b"title,text\n", "news.csv": b"title,text\nFerry,Late.\n"})
    assert tallies["part-00000-c.csv"]["state"] == "refused"
