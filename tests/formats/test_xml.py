"""Generic XML: one element an article by the stanza, nothing lost around it, marks counted by another way."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl import formats
from etl.formats import xml
from etl.formats.common import streams
from etl.intake.foreign import why_unrecognised
from etl.model import Columns, Doubt, DumpError, Feed, Skip

FEED = Feed("lamp", format="xml", record="ARTICLE")
DUMP = b"""<?xml version="1.0"?>
<LIST made="today"><NOTE>Two of the <b>lamp</b></NOTE>
<ARTICLE id="7"><SOURCE>Evening Lamp</SOURCE><HEAD><TITLE>Pier &amp; quay</TITLE><DATE>1 May 1997</DATE></HEAD>
<WORDS>75</WORDS><TEXT>The pier closed.
Nobody came.</TEXT></ARTICLE> loose
<ARTICLE id="8"><TITLE>Bread</TITLE><TEXT><P>It lasts <I>nine</I> days.</P><P>She says so.</P></TEXT></ARTICLE>
<!-- <ARTICLE> --><![CDATA[<ARTICLE >]]>
</LIST>"""


def pieces(data: bytes, feed: Feed = FEED) -> list[Any]:
    return list(xml.read(io.BytesIO(data), feed))


def marks(data: bytes, feed: Feed = FEED) -> int:
    return xml.count_marks(io.BufferedReader(io.BytesIO(data)), feed)


def test_an_element_is_an_article_by_usual_names_and_all_else_is_kept() -> None:
    first, second, outside = pieces(DUMP)
    assert first == {
        "position": "ARTICLE 1",
        "native_id": "7",
        "publication": "Evening Lamp",
        "headline": "Pier & quay",
        "body": "The pier closed.\nNobody came.",
        "published": "1 May 1997",
        "extra": {"WORDS": "75"},
    }
    assert (second["headline"], second["body"]) == ("Bread", "It lasts nine days.\n\nShe says so.")
    assert outside == Skip("behind ARTICLE 2", "text outside of records", "Two of the\nlamp\nloose\n<ARTICLE >")
    assert marks(DUMP) == 2


def test_columns_are_named_by_path() -> None:
    columns = {"headline": "HEAD/@short", "body": "STORY/PARA", "published": "@date", "deck": "HEAD"}
    data = b"""<r><ARTICLE date="2 May"><HEAD short="Quay">All of <b>it</b></HEAD><STORY><PARA>One <i>x</i>.</PARA>
    <PARA>Two.</PARA><PICTURE><TITLE>A boat</TITLE></PICTURE></STORY></ARTICLE></r>"""
    found, told = pieces(data, Feed("lamp", record="ARTICLE", columns=columns))
    assert {name: found[name] for name in columns} == {
        "headline": "Quay",
        "body": "One x.\n\nTwo.",
        "published": "2 May",
        "deck": "All of it",
    }
    assert found["extra"] == {"STORY/PICTURE/TITLE": "A boat"}
    assert told.missing == frozenset()
    *_, told = pieces(data, Feed("lamp", record="ARTICLE", columns={"body": "STORY/TEXT"}))
    assert isinstance(told, Columns)
    assert told.missing == {"STORY/TEXT"}
    assert "STORY/PARA" in told.found


def test_loose_text_in_a_record_is_its_body_where_nothing_else_is() -> None:
    (found,) = pieces(b"<r><ARTICLE><TITLE>Quay</TITLE>The quay is old.<BR/>It leaks.</ARTICLE></r>")
    assert (found["headline"], found["body"]) == ("Quay", "The quay is old.\n\nIt leaks.")


def test_elements_that_mark_words_of_a_text_are_part_of_it() -> None:
    text = "<TEXT><P>On <DATE>1 May</DATE> <NAME>Ann</NAME> came.</P><P>She left.</P></TEXT>"
    (found,) = pieces(f"<r><ARTICLE><META><TITLE>Quay</TITLE></META>{text}</ARTICLE></r>".encode())
    assert (found["headline"], found["body"]) == ("Quay", "On 1 May Ann came.\n\nShe left.")
    (found,) = pieces(
        b"<r><ARTICLE><BODY><TITLE>Quay</TITLE><TEXT>Old <NAME>stones</NAME>.</TEXT></BODY></ARTICLE></r>"
    )
    assert (found["headline"], found["body"]) == ("Quay", "Old stones.")


def test_a_name_space_and_capitals_do_not_matter() -> None:
    data = b'<x:r xmlns:x="u"><x:Article><x:title>Quay</x:title><x:text>Old.</x:text></x:Article></x:r>'
    assert [(piece["headline"], piece["body"]) for piece in pieces(data)] == [("Quay", "Old.")]
    assert marks(data) == 1


@pytest.mark.parametrize(
    ("codec", "feed"),
    [
        ("utf-8", FEED),
        ("utf-16", FEED),
        ("iso-8859-1", FEED),
        ("cp1252", Feed("lamp", record="ARTICLE", encoding="cp1252")),
    ],
)
def test_encodings_are_as_declared_or_as_the_stanza_says(codec: str, feed: Feed) -> None:
    declared = "utf-8" if feed.encoding else codec
    text = f'<?xml version="1.0" encoding="{declared}"?><r><ARTICLE><TEXT>Café</TEXT></ARTICLE></r>'
    assert [piece["body"] for piece in pieces(text.encode(codec), feed)] == ["Café"]
    assert marks(text.encode(codec), feed) == 1


def test_a_record_in_a_record_is_seen_by_the_marks() -> None:
    data = b"<r><ARTICLE><TEXT>One</TEXT><ARTICLE><TEXT>Two</TEXT></ARTICLE></ARTICLE></r>"
    assert (len(pieces(data)), marks(data)) == (1, 2)


def test_what_cannot_be_read_is_an_error_that_helps() -> None:
    with pytest.raises(DumpError, match=r'set it in the stanza: record = "ARTICLE"'):
        pieces(DUMP, Feed("lamp"))
    with pytest.raises(DumpError, match=r"has no element STORY.*ARTICLE \(2\)"):
        pieces(DUMP, Feed("lamp", record="STORY"))
    with pytest.raises(DumpError, match="not well-formed"):
        pieces(DUMP[:-9])
    with pytest.raises(DumpError, match="entities of its own"):
        pieces(b'<!DOCTYPE r [<!ENTITY a "b">]><r><ARTICLE>&a;</ARTICLE></r>')
    with pytest.raises(DumpError, match="elements in it"):
        pieces(b"<ARTICLE>" + b"<p/>" * (xml.MOST_ELEMENTS + 1) + b"</ARTICLE>")


def test_it_is_used_only_where_it_is_named_and_the_refusal_names_it() -> None:
    assert formats.recognise(DUMP, "dump.xml") is None
    assert 'format = "xml" and record = "' in why_unrecognised(DUMP, lambda: io.BytesIO(DUMP))
    assert "xml" not in why_unrecognised(b"What he said: < 5\n")


def test_many_words_outside_of_records_are_skipped_in_pieces() -> None:
    words = "<n>" + "word " * 1_000 + "</n>"
    data = f"<r>{words * 5}<ARTICLE><TEXT>One</TEXT></ARTICLE>{words}</r>".encode()
    skips = [piece for piece in pieces(data) if isinstance(piece, Skip)]
    assert [len(skip.text) > 5_000 for skip in skips] == [True, True]
    assert " ".join(skip.text for skip in skips).split().count("word") == 6_000


PARTS = [
    "<ARTICLE>",
    "</ARTICLE>",
    "<ARTICLES>",
    "<!-- ",
    " -->",
    "<![CDATA[",
    "]]>",
    "<a:article />",
    "<?x ",
    "?>",
    "é ",
    "<",
]


@given(st.lists(st.sampled_from(PARTS), max_size=12), st.integers(1, 40))
def test_marks_do_not_depend_on_where_a_chunk_ends(parts: list[str], size: int) -> None:
    data = ("<r>" + "".join(parts) + "</r>").encode()
    whole = marks(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(xml, "chunks", lambda stream: streams.chunks(stream, size))
        assert marks(data) == whole


TEXTS = st.text(alphabet="ab <&\n", max_size=8).map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;"))
ELEMENTS = st.recursive(
    TEXTS,
    lambda inner: st.tuples(st.sampled_from(["TITLE", "TEXT", "P", "X"]), st.lists(inner, max_size=3)).map(
        lambda each: f"<{each[0]}>{''.join(each[1])}</{each[0]}>"
    ),
    max_leaves=10,
)


@given(st.lists(ELEMENTS, max_size=4))
def test_no_word_of_a_record_is_lost(inner: list[str]) -> None:
    text = "".join(inner)
    data = f"<r><ARTICLE>{text}</ARTICLE></r>".encode()
    (found,) = pieces(data)
    values = [found.get("headline", ""), found.get("body", ""), *map(str, found.get("extra", {}).values())]
    assert sum(value.count("b") for value in values) == text.count("b")
    assert marks(data) == 1


def test_words_outside_of_the_records_are_told_where_they_are_as_many_as_an_article_has() -> None:
    piece = "<PIECE><TITLE>Bread</TITLE>" + "<P>A baker keeps bread fresh for nine days.</P>" * 9 + "</PIECE>"
    found = list(xml.read(io.BytesIO(f"<R><ARTICLE><P>The pier opens.</P></ARTICLE>{piece}</R>".encode()), FEED))
    (doubt,) = [one for one in found if isinstance(one, Doubt)]
    assert "73 words stand outside of the records, behind ARTICLE 1" in doubt.warning
