"""One broken byte costs its place, never the letters of a whole dump; joined files have byte order marks within."""

from __future__ import annotations

import codecs
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl import formats
from etl.formats.common.encoding import decode_damaged, sniff
from etl.formats.common.streams import peekable
from etl.formats.common.utf8_stream import utf8
from etl.model import Doubt, DumpError, Feed, Piece, RawRecord, Reject

INVENTED = json.loads(Path(__file__).with_name("encoded_texts.json").read_text("utf-8"))
BODY = "Die Fähre über die Förde fährt wieder, sagte die Kapitänin. Für Räder ist wieder Platz, drei Euro kostet es."


def pieces(name: str, data: bytes, encoding: str | None = None) -> list[Piece]:
    return list(formats.named(name).read(peekable(io.BytesIO(data)), Feed("f", format=name, encoding=encoding)))


def articles(found: list[Piece]) -> list[RawRecord]:
    return [piece for piece in found if isinstance(piece, dict)]


@pytest.mark.parametrize("language", INVENTED)
def test_a_text_cut_within_a_character_is_still_utf_8_in_every_language(language: str) -> None:
    text = INVENTED[language]["text"]
    cut = next(at for at, letter in enumerate(text) if letter > "\x7f")
    broken = text[: cut + 1].encode()[:-1]
    data = b"\n".join([text.encode(), broken, text.encode()])
    assert sniff(data, None) == "utf-8"
    read, (doubt,) = decode_damaged(data, None)
    assert read == f"{text}\n{text[:cut]}\ufffd\n{text}"
    assert "is UTF-8 but for 1 place, the first in line 2" in doubt.warning


@pytest.mark.parametrize(("language", "codec"), [(one, c) for one, told in INVENTED.items() for c in told["codecs"]])
def test_text_in_another_encoding_is_not_taken_for_broken_utf_8(language: str, codec: str) -> None:
    assert sniff(INVENTED[language]["text"].encode(codec), None) != "utf-8"


def test_a_file_that_breaks_off_within_its_last_letter_is_utf_8() -> None:
    read, (doubt,) = decode_damaged(f"{BODY} Größe: 3 €".encode()[:-1], None)
    assert read == f"{BODY} Größe: 3 \ufffd"
    assert "line 1" in doubt.warning


def test_a_quotation_mark_of_windows_in_utf_8_is_what_it_stands_for() -> None:
    assert decode_damaged(f"{BODY} Er sagte ".encode() + b"\x84Ja\x93.", None) == (f"{BODY} Er sagte „Ja“.", [])


def test_a_letter_that_was_unknown_before_is_no_new_damage() -> None:
    assert decode_damaged(f"{BODY} Gr\ufffd\ufffde".encode(), None) == (f"{BODY} Gr\ufffd\ufffde", [])


@pytest.mark.parametrize("place", [1, 700])
def test_a_csv_rejects_the_row_with_the_broken_letter_and_reads_all_others(place: int) -> None:
    rows = [f'Titel {number},"{BODY}"'.encode() for number in range(800)]
    rows[place] = rows[place].replace("ä".encode(), b"\xc3", 1)
    found = pieces("csv", b"headline,body\n" + b"\n".join(rows))
    (reject,) = [piece for piece in found if isinstance(piece, Reject)]
    assert reject.position == f"line {place + 2}"
    assert "ask for it again" in reject.reason
    assert {record["body"] for record in articles(found)} == {BODY}
    assert len(articles(found)) == 799


CENTRE = " " * 30
HEAD = (
    f"{CENTRE}{{}} of 2 DOCUMENTS\n\n\n{CENTRE}Der Bote\n\n{CENTRE}May 1, 2024\n\n"
    f"Titel\n\nLENGTH: 20 words\n\n{BODY}\n\n\n"
)
CONTAINER = (
    '<div class="article deArticle"><p>Der Bote</p><div id="hd"><span class="enHeadline">Titel {}</span></div>'
    f'<div>20 words</div><div>1 May 2024</div><div>Der Bote</div><p class="articleParagraph">{BODY}</p></div>'
)
LINKED = f'<a name="DOC_ID_0_{{}}"></a><p>{{}} of 2 DOCUMENTS</p><p>Der Bote</p><p>May 1, 2024</p><p>{BODY}</p>'
WHOLE = {
    "plain_txt": f"Titel\n\n{BODY}\n\n{BODY}\n",
    "pressreader_txt": f"Der Bote\n\nTitel\n\n- Ann Hill\n\n{BODY}\n\n{BODY}\n",
    "nexis_txt": HEAD.format(1) + HEAD.format(2),
    "factiva_html": f"<meta charset=utf-8>{CONTAINER.format(1)}{CONTAINER.format(2)}",
    "nexis_html": f"<html><body>{LINKED.format(0, 1)}{LINKED.format(1, 2)}</body></html>",
    "europresse_html": f'<article><span class="DocPublicationName">Bote</span><p>{BODY}</p></article>' * 2,
}


@pytest.mark.parametrize("encoding", [None, "utf-8"])
@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_text_is_read_but_for_the_broken_letter_and_the_dump_says_so(name: str, encoding: str | None) -> None:
    at = WHOLE[name].encode().rindex("Für".encode())
    data = WHOLE[name].encode()
    found = pieces(name, data[: at + 1] + data[at + 2 :], encoding)
    (doubt,) = [piece for piece in found if isinstance(piece, Doubt)]
    assert "1 place" in doubt.warning
    texts = [piece.piece.decode() if isinstance(piece, Reject) else str(piece) for piece in found]
    assert sum("Die Fähre über" in text for text in texts) == (1 if name in ("plain_txt", "pressreader_txt") else 2)
    assert sum("F\ufffdr Räder" in text for text in texts) == 1


def test_a_tagged_text_rejects_the_article_with_the_broken_letter() -> None:
    article = "<doc><docno>{}</docno><headline>Titel</headline><text>" + BODY + "</text></doc>\n"
    data = article.format(1).encode() + article.format(2).encode().replace("ö".encode(), b"\xc3", 1)
    found = pieces("tagged_text", data + article.format(3).encode())
    assert [record["body"] for record in articles(found)] == [BODY, BODY]
    (reject,) = [piece for piece in found if isinstance(piece, Reject)]
    assert "is not utf-8" in reject.reason


@given(st.lists(st.sampled_from(["a", "\n", "\ufeff", "é", "\uff0c", "\r\n"])), st.integers(1, 4))
def test_a_stream_has_no_byte_order_mark_at_the_start_of_a_line_wherever_its_chunks_end(
    parts: list[str], size: int
) -> None:
    class Slow(io.BytesIO):
        def read(self, _: int | None = -1) -> bytes:
            return super().read(size)

    text = "".join(parts)
    lines = text.replace("\r\n", "\n").split("\n")
    expected = "\n".join(line.lstrip("\ufeff") for line in lines)
    assert utf8(Slow(text.encode()), "utf-8").read().decode() == expected


def joined(name: str) -> bytes:
    one = {
        "csv": f'headline,body\nTitel,"{BODY}"\n',
        "jsonl": json.dumps({"headline": "Titel", "body": BODY}, ensure_ascii=False) + "\n",
        "tagged_text": f"<doc><docno>1</docno><headline>Titel</headline><text>{BODY}</text></doc>",
        "nexis_txt": HEAD.format(1).replace("of 2", "of 1"),
    }[name]
    return (codecs.BOM_UTF8 + one.encode()) * 2


@pytest.mark.parametrize("name", ["csv", "jsonl", "tagged_text", "nexis_txt"])
def test_files_that_were_joined_with_their_byte_order_marks_are_read_as_each_alone(name: str) -> None:
    data = joined(name)
    found = pieces(name, data)
    assert [record["headline"] for record in articles(found)] == ["Titel", "Titel"]
    assert not any(isinstance(piece, Reject) for piece in found)
    assert "\ufeff" not in str(found)
    assert formats.named(name).count_marks(peekable(io.BytesIO(data)), Feed("f")) == 2


def test_a_byte_order_mark_that_stands_twice_hides_no_column() -> None:
    (record,) = articles(pieces("csv", codecs.BOM_UTF8 * 2 + f'headline,body\nTitel,"{BODY}"\n'.encode()))
    assert record["headline"] == "Titel"
    assert formats.recognise(codecs.BOM_UTF8 * 2 + f'headline,body\nTitel,"{BODY}"\n'.encode(), "a.csv") == "csv"


def test_a_text_joined_of_two_in_utf_16_has_no_mark_within() -> None:
    data = "headline,body\n".encode("utf-16") + f'Titel,"{BODY}"\n'.encode("utf-16")
    (record,) = articles(pieces("csv", data))
    assert record["headline"] == "Titel"


def test_what_is_no_text_at_all_is_still_refused() -> None:
    with pytest.raises(DumpError, match="NUL bytes"):
        decode_damaged(f"{BODY}\0".encode() + b"\xc3", None)
