"""Reuters-21578: nothing of the wire is lost, whatever a tagging program made of it."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mangling import mangled
from sample_dumps import SAMPLES, corpus, expected, samples

from etl import formats
from etl.formats import reuters_sgml
from etl.formats.common import sgml, streams
from etl.model import Feed, Reject

FEED = Feed("wire")
DUMP = (SAMPLES / "reuters_sgml" / "wire.sgm").read_bytes()
ARTICLE = '<REUTERS TOPICS="NO" NEWID="7">\n<DATE>26-FEB-1987</DATE>\n<TEXT>{}</TEXT>\n</REUTERS>\n'
OTHERS = [path for folder in SAMPLES.iterdir() if folder.name != "reuters_sgml" for path in samples(folder.name)]


def pieces(data: bytes, feed: Feed = FEED) -> list[Any]:
    return list(reuters_sgml.read(io.BytesIO(data), feed))


def marks(data: bytes) -> int:
    return reuters_sgml.count_marks(io.BytesIO(data), FEED)


def article(text: str) -> dict[str, Any]:
    (found,) = pieces(ARTICLE.format(text).encode())
    assert isinstance(found, dict), found
    return found


@pytest.mark.parametrize("sample", samples("reuters_sgml"), ids=lambda path: path.name)
def test_samples(sample: Path) -> None:
    data = sample.read_bytes()
    assert pieces(data) == expected(sample)
    assert marks(data) == 4
    assert formats.recognise(data, "") == "reuters_sgml"


@pytest.mark.parametrize("sample", OTHERS, ids=lambda path: path.name)
def test_no_other_format_is_taken_for_it(sample: Path) -> None:
    assert reuters_sgml.recognise(sample.read_bytes()[: formats.HEAD_BYTES], sample.name) == 0


@pytest.mark.parametrize(
    ("last", "end"),
    [
        ("in May.\n Reuter", "Reuter"),
        ("in May.\n   \n    REUTER", "REUTER"),
        ("in May.\nREUTER...^M", "REUTER...^M"),
        ("in May. REUTER11:43/VB", "REUTER11:43/VB"),
        ("in May.\n More", "More"),
        ("in May.\n REUETER", "REUETER"),
    ],
)
def test_the_end_mark_is_no_text(last: str, end: str) -> None:
    found = article(f"<TITLE>T</TITLE><BODY>It came {last}\n&#3;</BODY>")
    assert found["body"] == "It came in May."
    assert found["extra"]["end"] == end
    assert found.get("agency", "Reuters").upper().startswith("REUTER")


@pytest.mark.parametrize("last", ["he told Reuters.", "the firm of Paul Reuter", "they wanted more.", "and no more"])
def test_a_sentence_may_end_like_an_end_mark(last: str) -> None:
    found = article(f"<TITLE>T</TITLE><BODY>So {last}\n&#3;</BODY>")
    assert found["body"] == f"So {last}"


def test_what_stands_between_title_and_body_is_the_begin_of_the_body() -> None:
    found = article("&#2;\n<TITLE>RATES 1 </TITLE>\nMT<DATELINE>H  6  -  </DATELINE><BODY>5\n&#3;</BODY>")
    assert found["body"] == "MTH  6  -  5"
    assert "dateline" not in found


def test_a_brief_has_no_body_and_its_filler_is_none() -> None:
    for filler in ("Blah blah blah.\n&#3;\n", "&#3;\n"):
        found = article(f"&#2;\n***<TITLE>T\n</TITLE>{filler}")
        assert found["is_partial"]
        assert "body" not in found


def test_of_an_unprocessed_article_the_first_line_is_the_headline() -> None:
    found = article("&#2;\nNYSE INDEX AT 1530\n\n 205.81 OFF 1.67\n&#3;\n")
    assert (found["headline"], found["body"], found["is_partial"]) == ("NYSE INDEX AT 1530", "205.81 OFF 1.67", True)


def test_a_tag_may_go_on_on_the_next_line() -> None:
    dump = ARTICLE.format("<TITLE>T</TITLE><BODY>a</BODY>").replace("<REUTERS ", "<REUTERS\n").encode()
    assert [piece["body"] for piece in pieces(dump)] == ["a"]
    assert marks(dump) == 1
    assert formats.recognise(dump, "") == "reuters_sgml"


def test_a_byte_that_is_not_utf8_costs_nothing() -> None:
    (found,) = pieces(ARTICLE.format("<TITLE>T</TITLE><BODY>growth.\xfc&#5;&#30;side</BODY>").encode("latin-1"))
    assert found["body"] == "growth.\xfcside"


def test_a_declared_encoding_that_does_not_fit_rejects_the_one_article() -> None:
    good, bad = ARTICLE.format("<BODY>a</BODY>").encode(), ARTICLE.format("<BODY>\xfc</BODY>").encode("latin-1")
    first, second = pieces(good + bad, Feed("wire", encoding="utf-8"))
    assert first["body"] == "a"
    assert "is not utf-8: found fc" in second.reason
    assert "set `encoding` of the feed" in second.reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<TITLE>T<BODY>a</BODY>", "found </TEXT>, but <TEXT> is not the element that is open there"),
        ("<BODY>a</BODY><BODY>b</BODY>", "holds <BODY> twice"),
        ("<BODY>a</TEXT></REUTERS>", "found </TEXT>"),
        ("</TEXT>\n<X>lost text", "found '<X>lost text' after </TEXT>"),
        ("<BODY>a\n<xTEXT><xBODY>lost text</BODY>", "found <xTEXT>, a tag that no article has"),
        ("<BODY>a</BODY></TEXT>\n<xREUTERS>\n<TEXT>", "found '<xREUTERS>' after </TEXT>"),
    ],
)
def test_a_damaged_article_is_rejected_with_its_bytes_and_the_next_one_is_read(text: str, reason: str) -> None:
    bad, good = pieces((ARTICLE.format(text) + ARTICLE.format("<BODY>a</BODY>")).encode())
    assert reason in bad.reason
    assert text.encode() in bad.piece
    assert good["body"] == "a"


def test_a_cut_file_loses_its_last_article_only() -> None:
    *whole, last = pieces(DUMP[:-60])
    assert whole == expected(SAMPLES / "reuters_sgml" / "wire.sgm")[:3]
    assert isinstance(last, Reject)
    assert last.reason.startswith("breaks off: ")


def test_text_before_the_first_article_is_not_lost() -> None:
    first, *rest = pieces(b"stray words\n" + DUMP)
    assert isinstance(first, Reject)
    assert b"stray words" in first.piece
    assert len(rest) == 4


@pytest.mark.parametrize("tag", [b"<REUTERS ", b"</REUTERS>", b"<TEXT", b"<DATE>"])
def test_an_article_with_a_tag_written_otherwise_is_counted(tag: bytes) -> None:
    before, *parts = DUMP.split(tag)
    for changed in range(len(parts)):
        tags = (b"<ITEM>" if at == changed else tag for at in range(len(parts)))
        assert marks(before + b"".join(tag + part for tag, part in zip(tags, parts, strict=True))) == 4


TOKENS = re.findall(rb"<[^<>]*>|[^<]+", DUMP)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_tags_lost_doubled_or_moved_never_lose_an_article_in_silence(data: st.DataObject) -> None:
    dump = b"".join(mangled(data, TOKENS))
    found = pieces(dump)
    # Where an opening tag is lost, its article is within the piece that is rejected.
    assert len(found) <= marks(dump) + 1
    assert len(found) <= marks(dump) or any(isinstance(piece, Reject) for piece in found)


@pytest.mark.parametrize("size", [1, 7, 4096])
def test_marks_are_found_wherever_a_chunk_ends(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "CHUNK_BYTES", size)
    assert pieces(DUMP) == expected(SAMPLES / "reuters_sgml" / "wire.sgm")
    assert marks(DUMP) == 4


def test_an_endless_article_costs_bounded_memory_and_itself_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "CHUNK_BYTES", 1 << 10)
    monkeypatch.setattr(sgml, "LONGEST_ARTICLE_BYTES", 1 << 12)
    good = ARTICLE.format("<BODY>a</BODY>").encode()
    endless = ARTICLE.format("<BODY>" + "x\n" * 50_000 + "</BODY>").encode()
    first, bad, last = pieces(good + endless + good)
    assert (first["body"], last["body"]) == ("a", "a")
    assert "longer than" in bad.reason
    assert len(bad.piece) < 10_000
    assert last["position"] == f"line {len((good + endless).splitlines()) + 1}"


@pytest.mark.parametrize("text", ["<D>" * 200_000, "<BODY>" + "\n \t" * 300_000, "&#5" * 300_000, "REUTER " * 200_000])
def test_worst_cases_are_read_in_linear_time(text: str) -> None:
    (found,) = pieces(ARTICLE.format(text).encode())
    assert found


def test_the_real_collection() -> None:
    read = partial = 0
    for path in sorted(corpus("reuters21578-sgml").glob("*.sgm")):
        data = path.read_bytes()
        found = pieces(data)
        assert not [piece for piece in found if not isinstance(piece, dict)]
        assert len(found) == marks(data)
        assert formats.recognise(data[: formats.HEAD_BYTES], "") == "reuters_sgml"
        assert all(piece["published"] for piece in found)
        assert [int(piece["native_id"].partition(":")[2]) for piece in found] == list(
            range(read + 1, read + len(found) + 1)
        )
        read += len(found)
        partial += sum(piece.get("is_partial", False) for piece in found)
    assert (read, partial) == (21_578, 2_535)
