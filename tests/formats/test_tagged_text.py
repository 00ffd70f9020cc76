"""Tagged text: every element finds its field, no text is lost between tags, damage is repaired or told."""

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
from etl.formats import tagged_text
from etl.formats.common import gbk_damage, streams
from etl.model import DumpError, Feed, Reject

FEED = Feed("archive")
TREC = (SAMPLES / "tagged_text" / "trec.txt").read_bytes()
OTHERS = [path for folder in SAMPLES.iterdir() if folder.name != "tagged_text" for path in samples(folder.name)]


def pieces(data: bytes | str, feed: Feed = FEED) -> list[Any]:
    return list(tagged_text.read(io.BytesIO(data.encode() if isinstance(data, str) else data), feed))


def marks(data: bytes) -> int:
    return tagged_text.count_marks(io.BytesIO(data), FEED)


def article(inside: str) -> dict[str, Any]:
    (found,) = pieces(f"<DOC>\n{inside}\n</DOC>\n")
    assert isinstance(found, dict), found
    return found


def damaged(before: str, span: str, lost: str, after: str) -> bytes:
    """A paragraph mark between `before` and `span`, and the second byte of `lost`, as a transcoder spoiled them."""
    return b"%b?\xa3%b%b?%b" % (before.encode("gbk"), span.encode("gbk"), lost.encode("gbk")[:1], after.encode("gbk"))


@pytest.mark.parametrize("sample", samples("tagged_text"), ids=lambda path: path.name)
def test_samples(sample: Path) -> None:
    data = sample.read_bytes()
    assert pieces(data) == expected(sample)
    assert marks(data) == len(expected(sample))
    assert formats.recognise(data, "") == "tagged_text"


@pytest.mark.parametrize("sample", OTHERS, ids=lambda path: path.name)
def test_no_other_format_is_taken_for_it(sample: Path) -> None:
    assert tagged_text.recognise(sample.read_bytes()[: formats.HEAD_BYTES], sample.name) == 0


@pytest.mark.parametrize(
    "head",
    [
        b"<feed>\n<doc>\n<title>Wikipedia: Pier</title>\n<url>http://x.example</url>\n<abstract>",
        b'<add><doc><field name="id">1</field></doc></add>',
        b"<html><body><doc></doc></body></html>",
    ],
)
def test_xml_with_elements_called_doc_is_not_taken_for_it(head: bytes) -> None:
    assert tagged_text.recognise(head, "") == 0


def test_a_lead_outside_of_the_text_is_its_begin() -> None:
    found = article("<DOCNO>1</DOCNO><LP>\n   First.\n</LP><TEXT>\n   Second.\n   Third.\n</TEXT>")
    assert found["body"] == "First.\n\nSecond.\n\nThird."


def test_dutch_newspapers_of_clef_have_lead_and_text_by_other_names() -> None:
    found = article("<DOCNO>1</DOCNO><BODY><TI><P>Kop</P></TI><LE><P>Een.</P></LE><TE><P>Twee.</P></TE></BODY>")
    assert (found["headline"], found["body"]) == ("Kop", "Een.\n\nTwee.")


def test_the_date_of_ap_is_in_its_file_id() -> None:
    found = article("<DOCNO>AP880212-0001</DOCNO><FILEID>AP-NR-02-12-88 2344EST</FILEID><TEXT>a</TEXT>")
    assert found["published"] == "02-12-88 2344EST"
    assert found["extra"]["fileid"] == "AP-NR-02-12-88 2344EST"
    assert "published" not in article("<DOCNO>1</DOCNO><FILEID>AP-NR-1</FILEID><TEXT>a</TEXT>")


def test_short_names_of_elements_find_their_fields() -> None:
    inside = "<DOCNO>1</DOCNO><TITLE>Pier</TITLE><SRC>Gazette</SRC><CAT>Local</CAT><ABSTRACT>It opens.</ABSTRACT>"
    found = article(f"{inside}<TIME>2008-03-01 10:30</TIME><TEXT>A gull.</TEXT>")
    assert (found["publication"], found["section"], found["deck"]) == ("Gazette", "Local", "It opens.")
    assert (found["published"], found["body"]) == ("2008-03-01 10:30", "A gull.")
    assert "extra" not in found


@pytest.mark.parametrize(
    ("inside", "published", "extra"),
    [
        ("<DATE>2008-03-01</DATE><TIME>10:30</TIME>", "2008-03-01 10:30", None),
        ("<DATE>2008-03-01</DATE><TIME>10:30 PM</TIME>", "2008-03-01 10:30 PM", None),
        ("<DATE>2008-03-01 09:15</DATE><TIME>10:30</TIME>", "2008-03-01 09:15", {"time": "10:30"}),
        ("<TIME>10:30</TIME>", None, {"time": "10:30"}),
    ],
)
def test_a_time_of_day_belongs_to_a_date(inside: str, published: str | None, extra: dict[str, str] | None) -> None:
    found = article(f"<DOCNO>1</DOCNO>{inside}<TEXT>A gull.</TEXT>")
    assert found.get("published") == published
    assert found.get("extra") == extra


def test_an_abstract_alone_is_partial_unless_it_may_be_the_text() -> None:
    found = article("<DOCNO>1</DOCNO><TITLE>Pier</TITLE><ABSTRACT>It opens.</ABSTRACT>")
    assert (found["deck"], found["is_partial"]) == ("It opens.", True)
    (long,) = pieces(f"<DOC><DOCNO>1</DOCNO><TITLE>Pier</TITLE><ABSTRACT>{'It opens. ' * 200}</ABSTRACT></DOC>")
    assert "a long one in <abstract>" in long.reason


def test_a_text_in_no_element_is_not_taken_for_a_headline_alone() -> None:
    text = "A gull sat on the pier. " * 5
    (found,) = pieces(f"<DOC><DOCNO>1</DOCNO><TITLE>Pier</TITLE>{text}</DOC>")
    assert "a long one in <doc>" in found.reason


@pytest.mark.parametrize("tag", ["<DOC>", "</DOC>", "<DOCNO>"])
def test_an_article_with_a_tag_written_otherwise_is_counted(tag: str) -> None:
    docs = [f"<DOC><DOCNO>{at}</DOCNO><TEXT>A gull.</TEXT></DOC>\n" for at in range(3)]
    for at in range(3):
        odd = [doc.replace(tag, tag.replace("DOC", "ITEM")) if at == number else doc for number, doc in enumerate(docs)]
        assert marks("".join(odd).encode()) == 3


def test_cdata_is_text_and_its_marks_are_none() -> None:
    found = article("<DOCNO>1</DOCNO><TITLE><![CDATA[Pier]]></TITLE><TEXT><![CDATA[A gull.]]></TEXT>")
    assert (found["headline"], found["body"]) == ("Pier", "A gull.")


@pytest.mark.parametrize("inside", ["<STORY>{}</STORY>", "<NOTE>x</NOTE>{}"])
def test_a_text_where_none_is_known_is_rejected_and_says_where(inside: str) -> None:
    (bad,) = pieces(f"<DOC><DOCNO>1</DOCNO><TITLE>Pier</TITLE>{inside.format('A gull. ' * 200)}</DOC>")
    assert bad.reason.startswith("holds no text in LP LEADPARA ")
    assert f"a long one in <{'story' if 'STORY' in inside else 'doc'}>" in bad.reason


def test_an_element_that_no_field_is_for_is_kept() -> None:
    found = article(
        "<DOCNO>1</DOCNO><DOCID>2</DOCID><GRAPHIC>A pier</GRAPHIC><NOTE>x</NOTE><NOTE>y</NOTE>z<TEXT>a</TEXT>"
    )
    assert found["native_id"] == "1"
    assert found["extra"] == {"docid": "2", "graphic": "A pier", "note": ["x", "y"], "outside": "z"}


def test_angle_brackets_that_are_no_markup_stay_in_the_text() -> None:
    found = article("<HEADLINE>Bids for <HBF> shares</HEADLINE><TEXT><P>Up 2 < 3, said <HBF></P>.</TEXT>")
    assert found["headline"] == "Bids for <HBF> shares"
    assert found["body"] == "Up 2 < 3, said <HBF>\n\n."


def test_a_headline_alone_is_partial_and_nothing_is_rejected() -> None:
    assert article("<HEADLINE>Pier</HEADLINE><TEXT></TEXT>")["is_partial"]
    (nothing,) = pieces("<DOC><DOCNO>1</DOCNO><TEXT> </TEXT></DOC>")
    assert nothing.reason.startswith("holds neither a headline nor a text")


@pytest.mark.parametrize(
    ("dump", "reason"),
    [
        ("<DOC><HEADLINE>Pier<TEXT>a</TEXT></DOC>", "<TEXT> begins before </headline>"),
        ("<DOC><TEXT>a</DOC>", "breaks off: </text> is missing"),
        ("<DOC><TEXT>a</TEXT>", "breaks off: </doc> is missing"),
        ("<DOC><TEXT>a</TEXT></DOC> lost", "found 'lost' after </doc>"),
    ],
)
def test_a_damaged_article_is_rejected_with_its_bytes_and_the_next_one_is_read(dump: str, reason: str) -> None:
    bad, good = pieces(dump + "<DOC><TEXT>b</TEXT></DOC>")
    assert reason in bad.reason
    assert bad.piece == dump.encode()
    assert good["body"] == "b"


def test_bytes_lost_at_a_paragraph_mark_are_repaired_and_told() -> None:
    text = damaged("渡轮星期一再次晚点。", "港务局没有说明原因，", "船", "长已经请假。")
    (found,) = pieces(b"<doc><docno>1</docno><content>%b</content></doc>" % text, Feed("x", encoding="gbk"))
    assert found["body"] == "渡轮星期一再次晚点。\n\n港务局没有说明原因，\ufffd长已经请假。"
    assert "U+FFFD" in found["extra"]["repaired"]


@pytest.mark.parametrize(
    "text",
    [
        "为什么?因为渡轮星期一再次晚点，船长没有说明原因。真的?是的。".encode("gbk"),  # questions are no damage
        damaged("渡轮今天准点。", "", "船", "长回来了。"),  # too short to tell
        damaged("渡轮星期一再次晚点。", "港务局没有说明原因，", "船", "长?已经请假。"),  # one ? too many
    ],
)
def test_what_is_not_sure_is_left_as_it_stands_with_a_warning(text: bytes) -> None:
    (found,) = pieces(b"<doc><docno>1</docno><content>%b</content></doc>" % text, Feed("x", encoding="gbk"))
    assert found["body"] == text.decode("gb18030")
    assert "left as it stood" in found["extra"]["damaged"]


def test_a_question_mark_beside_other_ascii_is_one() -> None:
    text = "你看 NBA?我看。".encode("gbk")
    (found,) = pieces(b"<doc><docno>1</docno><content>%b</content></doc>" % text, Feed("x", encoding="gbk"))
    assert found["body"] == "你看 NBA?我看。"
    assert "extra" not in found


@given(st.text("渡轮星期一再次晚点港务局没有说明原因船长已经请假，。", min_size=4), st.text("?渡轮晚点", max_size=30))
def test_repair_never_changes_what_was_not_damaged(span: str, rest: str) -> None:
    honest = (span + rest).encode("gbk")
    repaired = gbk_damage.repair(honest)
    assert repaired is None or repaired.text.count("\ufffd") == repaired.lost > 0
    if "?" not in rest:
        assert repaired is None


@pytest.mark.parametrize("codec", ["gbk", "big5", "utf-8", "shift_jis", "euc-kr"])
def test_encodings_are_told_by_the_whole_head(codec: str) -> None:
    text = {"shift_jis": "フェリーはまた遅れた。船長は病気だ。", "euc-kr": "여객선이 또 늦었다. 선장이 아프다."}.get(
        codec, "人說明了原因。"
    )
    dump = f"<DOC>\n<DOCNO>1</DOCNO>\n<TEXT>{text * 10}</TEXT>\n</DOC>\n".encode(codec)
    (found,) = pieces(dump)
    assert found["body"] == text * 10


def test_a_wrong_declared_encoding_rejects_with_advice() -> None:
    (bad,) = pieces("<DOC><TEXT>ä</TEXT></DOC>".encode(), Feed("x", encoding="ascii"))
    assert "set `encoding` of the feed" in bad.reason
    with pytest.raises(DumpError, match="no text encoding"):
        pieces("<DOC></DOC>", Feed("x", encoding="utf-9"))


TOKENS = re.findall(rb"<[^<>]*>|[^<]+", TREC)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_tags_lost_doubled_or_moved_never_lose_an_article_in_silence(data: st.DataObject) -> None:
    dump = b"".join(mangled(data, TOKENS))
    found = pieces(dump)
    assert len(found) <= marks(dump) + 1
    assert len(found) <= marks(dump) or any(isinstance(piece, Reject) for piece in found)


@pytest.mark.parametrize("size", [1, 7, 4096])
def test_marks_are_found_wherever_a_chunk_ends(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "CHUNK_BYTES", size)
    assert pieces(TREC, Feed("x", encoding="utf-8")) == expected(SAMPLES / "tagged_text" / "trec.txt")
    assert marks(TREC) == 5


@pytest.mark.parametrize(
    "text",
    [
        b"<x>" * 200_000,
        b"\n  " * 300_000,
        b"?\xb0" * 300_000,
        b"<date>a" * 100_000,
        b"</x>" * 200_000,
        b"<a " * 200_000,
    ],
)
def test_worst_cases_are_read_in_linear_time(text: bytes) -> None:
    (found,) = pieces(b"<doc><docno>1</docno><y>" + text + b"</doc>", Feed("x", encoding="gbk"))
    assert found


def test_the_real_news_sites() -> None:
    data = (corpus("gbk-xml") / "news_tensite_xml.smarty.dat").read_bytes()
    found = pieces(data)
    assert not [piece for piece in found if not isinstance(piece, dict)]
    assert len(found) == marks(data) == 200
    assert len({piece["native_id"] for piece in found}) == 200
    assert sum(piece.get("is_partial", False) for piece in found) == 34
    assert sum("repaired" in piece.get("extra", {}) for piece in found) == 93
    assert sum("damaged" in piece.get("extra", {}) for piece in found) == 4
    assert not [piece for piece in found if re.search("[\ue000-\uf8ff]", piece.get("body", ""))]
