"""CSV: dialects told by content, ragged rows rejected one by one, marks counted by another way."""

from __future__ import annotations

import csv as python_csv
import io
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_dumps import corpus, expected, samples

from etl.formats import csv
from etl.intake.kinds import MAY_BE_ALL
from etl.model import DumpError, Feed, Reject, Skip


def pieces(data: bytes, feed: Feed = Feed("wire")) -> list[Any]:  # noqa: B008
    return list(csv.read(io.BufferedReader(io.BytesIO(data)), feed))


def marks(data: bytes, feed: Feed = Feed("wire")) -> int:  # noqa: B008
    return csv.count_marks(io.BufferedReader(io.BytesIO(data)), feed)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("quote", ['"', "'"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_dialect_and_encoding_are_told_by_content(delimiter: str, quote: str, codec: str) -> None:
    buffer = io.StringIO(newline="")
    writer = python_csv.writer(buffer, delimiter=delimiter, quotechar=quote, quoting=python_csv.QUOTE_ALL)
    writer.writerow(["Title", "Text", "Category"])
    for number in range(4):
        writer.writerow([f"Café {number}", f'He said "no", it\'s; a\ttab | {number}\n\nNext day.', "City"])
    data = buffer.getvalue().encode(codec)
    found = pieces(data)
    assert [piece["headline"] for piece in found] == [f"Café {number}" for number in range(4)]
    assert found[0]["body"] == 'He said "no", it\'s; a\ttab | 0\n\nNext day.'
    assert found[0]["section"] == "City"
    assert [piece["position"] for piece in found[:2]] == ["line 2", "line 5"]
    assert marks(data) == 4
    assert csv.recognise(data, "dump") > 0


def test_ragged_rows_are_rejected_with_what_was_expected() -> None:
    found = pieces(b"title,text\nOne,First\nTwo\nThree,Third,more\nFour,Fourth\n")
    assert [type(piece) for piece in found] == [dict, Reject, Reject, dict]
    assert found[1].position == "line 3"
    assert "has 1 fields; expected 2: title, text" in found[1].reason
    assert found[2].piece == b"Three,Third,more"


@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "sep=;\r"])
def test_a_first_line_that_names_the_delimiter_is_not_the_header(first: str) -> None:
    data = f"{first}\nTitle;Text\nOne;First, and second; third\nTwo;Second\n".replace("; third", "").encode()
    assert csv.recognise(data, "dump") > 0
    found = pieces(data)
    assert [(piece["position"], piece["body"]) for piece in found] == [
        ("line 3", "First, and second"),
        ("line 4", "Second"),
    ]
    assert marks(data) == 2


def test_rows_of_nothing_but_delimiters_are_no_articles() -> None:
    data = b"title,text,date\nOne,First,2024-01-01\n" + b",,\n" * 5_000 + b",,"
    assert [piece["headline"] for piece in pieces(data)] == ["One"]
    assert marks(data) == 1


def test_a_quote_that_is_never_closed_is_an_error_that_names_its_row() -> None:
    with pytest.raises(DumpError, match="row at line 3 is not closed"):
        pieces(b'title,text\nOne,First\nTwo,"Second\nThree,Third\n')


@pytest.mark.parametrize(
    "row", ['"Open,body one\nTwo,"Next",body two', '"A "quoted" title",text', r'"A \" "odd" title",text']
)
def test_a_quote_that_is_not_doubled_is_an_error_and_no_guess(row: str) -> None:
    with pytest.raises(DumpError, match="row at line 2 is not closed or not doubled"):
        pieces(f"title,text\n{row}\nThree,Third\n".encode())


def test_one_quote_left_open_does_not_make_the_others_letters() -> None:
    rows = "".join(f'"Title {number}","Text {number}",Ann\n' for number in range(4))
    with pytest.raises(DumpError, match="row at line 6 is not closed"):
        pieces(f'title,text,author\n{rows}"Open,text,Ann\n'.encode())


def test_quotes_are_letters_where_the_stanza_says_so() -> None:
    feed = Feed("wire", quote="")
    found = pieces(b'title\ttext\n"Open\tHe said "no\n', feed)
    assert found == [{"position": "line 2", "headline": '"Open', "body": 'He said "no'}]
    assert marks(b'title\ttext\n"Open\tHe said "no\n', feed) == 1


def test_a_header_without_known_columns_is_an_error_that_lists_them() -> None:
    with pytest.raises(DumpError, match="found Kopf, Rumpf; name them in the stanza"):
        pieces(b"Kopf,Rumpf\na,b\n")
    feed = Feed("wire", columns={"headline": "Kopf", "body": "Rumpf"})
    assert pieces(b"Kopf,Rumpf\na,b\n", feed) == [{"position": "line 2", "headline": "a", "body": "b"}]


def test_a_file_without_a_header_is_read_by_number() -> None:
    feed = Feed("wire", has_header=False, columns={"section": "1", "body": "2"}, delimiter=";", quote="'")
    data = b"Sport;'It''s over'\nCity;Quiet\n"
    assert [(piece["section"], piece["body"]) for piece in pieces(data, feed)] == [
        ("Sport", "It's over"),
        ("City", "Quiet"),
    ]
    assert marks(data, feed) == 2
    with pytest.raises(DumpError, match="no header"):
        pieces(data, Feed("wire", has_header=False))


def test_a_page_with_commas_is_no_csv() -> None:
    assert csv.recognise(b"<pre>,title,text\n1,One,First\n2,Two,Second\n", "page.csv") == 0


def test_a_row_with_nul_bytes_or_another_encoding_is_rejected() -> None:
    found = pieces(b"title,text\nOne,F\0irst\n" + b"a,b\n" * 40_000 + b"Two,caf\xe9\nThree,Third\n")
    rejects = [piece for piece in found if isinstance(piece, Reject)]
    assert [reject.position for reject in rejects] == ["line 2", "line 40003"]
    assert "NUL" in rejects[0].reason
    assert "not UTF-8" in rejects[1].reason


def test_prose_with_commas_is_no_csv() -> None:
    prose = "Title, text\n\nThe mayor, who is ill, said no, and no again.\nOthers, it seems, agreed.\n"
    assert csv.recognise(prose.encode(), "a.csv") == 0
    assert csv.recognise(b"1,2,3\n4,5,6\n", "a.csv") == 0


cells = st.text(alphabet="a,;|\t\"\n\r' é", max_size=6)


@given(
    st.lists(st.lists(cells, min_size=1, max_size=4), max_size=6),
    st.sampled_from(",;\t|"),
    st.sampled_from("\"'"),
    st.sampled_from([python_csv.QUOTE_ALL, python_csv.QUOTE_MINIMAL]),
)
def test_marks_are_what_is_read_of_any_table(rows: list[list[str]], delimiter: str, quote: str, quoting: Any) -> None:
    buffer = io.StringIO(newline="")
    writer = python_csv.writer(buffer, delimiter=delimiter, quotechar=quote, quoting=quoting)
    writer.writerows([["title", "text"], *rows])
    feed = Feed("wire", delimiter=delimiter, quote=quote)
    data = buffer.getvalue().encode()
    assert marks(data, feed) == len(pieces(data, feed))


@given(st.text(alphabet='ab,"\n\r', max_size=40))
def test_marks_are_what_is_read_of_any_text(text: str) -> None:
    feed = Feed("wire", delimiter=",", quote='"')
    data = ("title,text\n" + text).encode()
    try:
        found = pieces(data, feed)
    except DumpError:
        return
    assert marks(data, feed) == len(found)


@pytest.mark.parametrize(
    ("name", "feed", "articles"),
    [
        ("ag_news_test.csv", Feed("ag"), 7_600),
        (
            "10kgnad_test.csv",
            Feed("g", has_header=False, delimiter=";", quote="'", columns={"section": "1", "body": "2"}),
            1_028,
        ),
    ],
)
def test_real_dumps(name: str, feed: Feed, articles: int) -> None:
    data = (corpus("csv") / name).read_bytes()
    found = pieces(data, feed)
    assert len(found) == marks(data, feed) == articles
    assert all(isinstance(piece, dict) and piece["body"] for piece in found)


@pytest.mark.parametrize("sample", samples("csv"), ids=lambda path: path.name)
def test_samples(sample: Path) -> None:
    found = pieces(sample.read_bytes())
    assert [piece for piece in found if isinstance(piece, dict)] == expected(sample)
    assert marks(sample.read_bytes()) == len(found)


def test_a_column_that_the_stanza_names_and_the_dump_lacks_is_an_error_that_says_what_is_near() -> None:
    feed = Feed("nord", id_column="ArtikelNr", columns={"headline": "Uberschrift", "body": "Text"})
    data = "Artikel-Nr;Überschrift;Text\n1;Brücke offen;Die Brücke ist offen.\n".encode()
    with pytest.raises(DumpError) as raised:
        pieces(data, feed)
    assert str(raised.value) == (
        'the stanza names the columns "Uberschrift" (perhaps "Überschrift") and "ArtikelNr" (perhaps "Artikel-Nr"), '
        "which it lacks; found Artikel-Nr, Überschrift, Text; correct `columns` or `id_column`, or list under "
        "`optional` what a dump may lack"
    )


def test_where_an_optional_column_is_missing_the_usual_names_serve_but_for_an_id() -> None:
    feed = Feed("nord", id_column="Nr", columns={"headline": "Titel", "deck": "Vorspann"}, optional=("Nr", "Vorspann"))
    assert pieces(b"Titel,Text,id,summary\nOne,First,7,x\n", feed) == [
        {"position": "line 2", "headline": "One", "deck": "x", "body": "First", "extra": {"id": "7"}}
    ]


def test_a_number_beyond_the_last_column_is_a_column_that_is_missing() -> None:
    feed = Feed("nord", has_header=False, columns={"headline": "1", "body": "3"})
    with pytest.raises(DumpError, match='names the column "3", which it lacks; found 1, 2;'):
        pieces(b"One,First\n", feed)


def test_a_header_that_comes_again_is_skipped_and_no_mark() -> None:
    data = b'title,text\nOne,First\n"title","text"\nTwo,Second\nTitle,Text\n'
    found = pieces(data)
    assert [piece["headline"] for piece in found if isinstance(piece, dict)] == ["One", "Two"]
    assert [piece for piece in found if isinstance(piece, Skip)] == [
        Skip("line 3", "repeated header", "title,text"),
        Skip("line 5", "repeated header", "Title,Text"),
    ]
    assert marks(data) == 2


def test_a_second_table_is_read_by_its_own_header_which_is_told() -> None:
    data = b"title,text\nOne,First\ncontent,headline\nSecond,Two\n"
    _, header, second = pieces(data)
    assert isinstance(header, Reject)
    assert "is the header of another table" in header.reason
    assert (second["headline"], second["body"]) == ("Two", "Second")
    assert marks(data) == 3


@pytest.mark.parametrize("quote", ["", '"'])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("tables", ["aba", "abb", "abab", "aabbaa", "abc", "acbca", "ccab"])
def test_headers_of_several_tables_are_counted_as_they_are_read(tables: str, delimiter: str, quote: str) -> None:
    rows = {
        "a": ["title,text,date", "One,First,2024-01-01"],
        "b": ["date,title,text", "2024-01-01,One,First"],
        "c": ["_source.title,Author,Texte,Published At", "One,Mara Lind,First,2024-01-01"],
    }
    lines = [
        delimiter.join(f"{quote}{cell}{quote}" for cell in row.split(",")) for name in tables for row in rows[name]
    ]
    data = "\n".join(lines).encode()
    found = pieces(data)
    assert [piece["body"] for piece in found if isinstance(piece, dict)] == ["First"] * len(tables)
    changes = sum(one != other for one, other in pairwise(tables))
    assert sum(isinstance(piece, Reject) for piece in found) == changes
    assert marks(data) == len(tables) + changes


def test_a_header_of_several_lines_that_comes_again_is_no_mark() -> None:
    header = '"title\n(of the article)",text,' + ",".join(f"column {number}" for number in range(20))
    row = "One,First" + "," * 20
    feed = Feed("wire", columns={"headline": "title\n(of the article)"})
    data = "\n".join([header, row, header, row, row]).encode()
    assert [type(piece) for piece in pieces(data, feed)] == [dict, Skip, dict, dict]
    assert marks(data, feed) == 3


PREAMBLE = ["Archive of the Harbour Post", "", 'Export of "all", 5 March 2024', "Search: ferry; pier"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("begins", ["", "sep={}\n"])
def test_what_stands_above_the_header_is_skipped_with_its_words(delimiter: str, begins: str) -> None:
    rows = ["title|text|date", "One|First|2024-01-01", "Two|Second|2024-01-02"]
    table = "\n".join(rows).replace("|", delimiter)
    data = begins.format(delimiter).encode() + "\n".join([*PREAMBLE, table]).encode()
    found = pieces(data)
    assert [piece["body"] for piece in found if isinstance(piece, dict)] == ["First", "Second"]
    skips = [piece for piece in found if isinstance(piece, Skip)]
    assert [(skip.kind, skip.text) for skip in skips] == [("line before the header", line) for line in PREAMBLE if line]
    assert not {skip.kind for skip in skips} & MAY_BE_ALL  # without an article below them the dump is refused
    assert found[-1]["position"] == f"line {7 + bool(begins)}"
    assert marks(data) == 2
    assert csv.recognise(data, "dump") > 0


def test_a_dump_without_a_header_is_told_so_and_its_texts_are_not_quoted() -> None:
    data = f"1,Harbour grows,{'The harbour of Furt is to be enlarged. ' * 9}\n2,Bridge,Closed\n".encode()
    with pytest.raises(DumpError, match="its first row is not a header: it has a cell of 351 characters") as refused:
        pieces(data)
    assert "has_header = false" in str(refused.value)
    assert "arbour" not in str(refused.value)
    with pytest.raises(DumpError, match=r"found 1, Harbour grows, \(a text of 351 characters\);") as refused:
        pieces(data, Feed("wire", columns={"headline": "Titel", "body": "Text"}))
    assert len(str(refused.value)) < 300


def test_articles_above_something_that_looks_like_a_header_are_not_skipped() -> None:
    feed = Feed("wire", has_header=False, columns={"headline": "1", "body": "2"})
    data = b"One,First\ntitle,text\nTwo,Second\n"
    assert len(pieces(data, feed)) == marks(data, feed) == 3
    with pytest.raises(DumpError, match="no column is known"):
        pieces(data)


@pytest.mark.parametrize("total", ["Total: 2 records,,", "Total,2,", "TOTAL 2,,", "Summe,2,", "Rows: 2,,"])
def test_a_row_of_totals_is_rejected_and_no_article(total: str) -> None:
    data = f"title,text,date\nOne,First,2024-01-01\nTotal eclipse,Dark,2024-01-02\n{total}\n".encode()
    *found, last = pieces(data)
    assert [piece["headline"] for piece in found] == ["One", "Total eclipse"]
    assert isinstance(last, Reject)
    assert "is a row of totals" in last.reason
    assert marks(data) == 3


SPARK = r"""title,text,date
"Ferry","The captain said \"late\", and left. C:\new \N",2024-01-05
"Pier","Fishermen said \"never\" again, \\",2024-01-06
"Quay","Nothing.",2024-01-07
"""


@pytest.mark.parametrize("feed", [Feed("wire"), Feed("wire", escape="\\", delimiter=",", quote='"')])
def test_a_backslash_before_a_quote_is_told_by_the_first_rows_or_the_stanza(feed: Feed) -> None:
    found = pieces(SPARK.encode(), feed)
    assert [piece["body"] for piece in found] == [
        'The captain said "late", and left. C:\\new \\N',
        'Fishermen said "never" again, \\',
        "Nothing.",
    ]
    assert marks(SPARK.encode(), feed) == 3


def test_the_error_of_a_quote_names_the_key_that_helps() -> None:
    rows = "a,b\n" * 20_000
    with pytest.raises(DumpError, match="`escape`"):
        pieces(f'title,text\n{rows}"One \\"two\\", three",x\n'.encode())
    found = pieces(f'title,text\n{rows}"One \\"two\\", three",x\n'.encode(), Feed("wire", escape="\\"))
    assert found[-1]["headline"] == 'One "two", three'


def test_a_path_that_ends_in_a_backslash_is_not_taken_for_an_escape() -> None:
    data = b'title,text\n"C:\\","One"\n"D:\\","Two"\n'
    assert [piece["headline"] for piece in pieces(data)] == ["C:\\", "D:\\"]
    assert marks(data) == 2


def test_a_line_end_behind_a_backslash_is_within_a_field() -> None:
    feed = Feed("wire", escape="\\", delimiter="\t", quote="")
    data = b"title\ttext\nOne\tFirst\\\n\\\nSecond\nTwo\t\\N\n"
    assert [piece.get("body") for piece in pieces(data, feed)] == ["First\n\nSecond", None]
    assert marks(data, feed) == 2


@given(
    st.lists(st.sampled_from(["", "Archive", "By year"]), max_size=4),
    st.lists(st.sampled_from(["title,text", '"a\nb",c', "x,y", "one", ",", "TITLE,text", 'p,"q"']), max_size=8),
)
def test_marks_are_what_is_read_below_a_preamble_and_between_headers(before: list[str], rows: list[str]) -> None:
    data = "\n".join([*before, "title,text", "a,b", "c,d", "e,f", "g,h", "i,j", "k,l", "m,n", "o,p", *rows]).encode()
    found = pieces(data)
    assert marks(data) == sum(not isinstance(piece, Skip) for piece in found)


def test_rows_that_a_quote_without_an_end_swallows_are_not_lost() -> None:
    rows = [f"2024-01-{number:02},Headline {number},Text {number} of the day." for number in range(1, 9)]
    rows[1] = '2024-01-02,Headline 2,"Text 2 of the day.'
    rows[6] = '2024-01-07,Headline 7,Text 7 of the day."'
    found = pieces("\n".join(["date,title,text", *rows, ""]).encode())
    assert [type(piece) for piece in found].count(Reject) == 1
    (reject,) = [piece for piece in found if isinstance(piece, Reject)]
    assert "a field holds 5 lines that look like rows" in reject.reason


def test_lines_of_a_text_are_not_taken_for_rows() -> None:
    text = "The pier, the ferry, and the quay.\n2 boats, 3 nets, and a cat.\n4 men, 5 women, and the mayor."
    (found,) = pieces(f'date,title,text\n2024-01-02,Harbour,"{text}"\n'.encode())
    assert found["body"] == text


SPELT = "id\ttitle\ttext\tdate\n" + "".join(
    f'{number}\t"Bridge" no. {number} is safe\tThe "old" bridge is safe.\\n\\nIn C:\\\\new\\tNobody came.\t\\N\n'
    for number in range(1, 4)
)
"""As `mysql --batch` and PostgreSQL's COPY write a table."""


@pytest.mark.parametrize("feed", [Feed("f"), Feed("f", escape="\\"), Feed("f", quote="", delimiter="\t")])
def test_ends_of_lines_that_are_spelt_are_told_by_the_first_rows(feed: Feed) -> None:
    found = pieces(SPELT.encode(), feed)
    assert found[0]["headline"] == '"Bridge" no. 1 is safe'
    assert found[0]["body"] == 'The "old" bridge is safe.\n\nIn C:\\new\tNobody came.'
    assert "published" not in found[0]
    assert len(found) == marks(SPELT.encode(), feed) == 3


@pytest.mark.parametrize(
    "table",
    [
        SPELT.replace('"', "").replace("C:", "C:\\data\\x"),
        SPELT.replace('"', "").replace("\\n\\n", " ").replace("\\t", " "),
        "title,text\n" + "".join(f'"Bridge, {n}","It is \\n safe, {n} says \\n."\n' for n in range(3)),
        'title,text\nBridge,It is \\n safe \\n.\nFerry,"It is ""late"""\n',
    ],
    ids=["other backslashes", "none is spelt", "quoted", "some are quoted"],
)
def test_backslashes_that_spell_nothing_stay(table: str) -> None:
    found = [piece for piece in pieces(table.encode()) if isinstance(piece, dict)]
    assert found
    assert not any("\n" in piece["body"] for piece in found)
    assert any("\\" in piece["body"] for piece in found)


def test_a_text_that_a_spreadsheet_cut_is_partial() -> None:
    cut, whole = "The bridge is safe. " * 1638 + "The bri", "The bridge is safe. " * 1700
    found = pieces(f"title,text\nOne,{cut}\nTwo,{whole}\n".encode())
    assert len(cut) == 32_767
    assert [piece.get("is_partial") for piece in found] == [True, None]


def test_a_header_whose_letters_and_marks_are_apart_is_known() -> None:
    (found,) = pieces("Ti\u0301tulo,Texto,Data\nA ponte,A ponte fechou.,24/12/2019\n".encode())
    assert (found["headline"], found["published"]) == ("A ponte", "24/12/2019")


ROWS = "1,Ferry late,It was late.\n2,Gull seen,It flew.\n"


@pytest.mark.parametrize(
    "footer", ["(2 rows affected)", "(2 Zeilen)", "2 rows selected.", "Fetched: 2 row(s)", "(2 строки)"]
)
@pytest.mark.parametrize("rule", ["--,---------,-----------\n", ""])
def test_what_programs_of_databases_write_around_a_table_is_skipped(rule: str, footer: str) -> None:
    text = f"id,title,text\n{rule}{ROWS}\n{footer}\n"
    pieces = list(csv.read(io.BytesIO(text.encode()), Feed("f")))
    assert [piece["headline"] for piece in pieces if isinstance(piece, dict)] == ["Ferry late", "Gull seen"]
    kinds = [piece.kind for piece in pieces if isinstance(piece, Skip)]
    assert kinds == ["line below the header"] * bool(rule) + ["count of the rows"]
    assert not any(isinstance(piece, Reject) for piece in pieces)
    assert csv.count_marks(io.BytesIO(text.encode()), Feed("f")) == 2


@pytest.mark.parametrize("text", ["12 rowers rowed.", "3 rows of seats", "-", "- a dash", "Completion time"])
def test_a_row_that_only_begins_like_them_is_an_article(text: str) -> None:
    table = f"title,text\n{text},{text}\n,{text}\n"
    pieces = list(csv.read(io.BytesIO(table.encode()), Feed("f")))
    assert not any(isinstance(piece, Skip) for piece in pieces)
    assert len(pieces) == csv.count_marks(io.BytesIO(table.encode()), Feed("f")) == 2
