"""Layouts of text that come in wrappings: their fields, their marks, and what becomes of a broken article."""

from __future__ import annotations

import io
import textwrap
from functools import partial
from pathlib import Path
from types import ModuleType

import pytest
from pdf_made import Line, centred, column, pdf
from sample_dumps import corpus, expected, samples

from etl import formats
from etl.formats import apa_txt, clippings_txt, factiva_txt, nexis_uni
from etl.intake import bundles, pdf_text, rich_text
from etl.intake.containers import Member, members
from etl.model import Declared, DumpError, Feed, Piece, Reject, Skip

FEED = Feed("harbour")
READERS = (apa_txt, clippings_txt, factiva_txt, nexis_uni)
SAMPLES = [(reader, path) for reader in READERS for path in samples(formats.name_of(reader))]


def pieces(reader: ModuleType, text: str | bytes) -> list[Piece]:
    """The records and rejects of a text: as many as its marks."""
    data = text.encode() if isinstance(text, str) else text
    found = [piece for piece in reader.read(io.BytesIO(data), FEED) if not isinstance(piece, Skip | Declared)]
    assert reader.count_marks(io.BytesIO(data), FEED) == len(found)
    return found


def text_in(path: Path) -> bytes:
    """The text of a file in a wrapping."""
    (member,) = members(path)
    assert isinstance(member, Member)
    return member.open().read()


def read_as_found(path: Path) -> list[Piece]:
    """What is read of a file of which nothing is known."""
    ((member, reader),) = bundles.readable(path, partial(bundles.identified, path="", wanted="auto"), [])
    assert not isinstance(reader, Reject | Skip)
    with member.open() as stream:
        return [piece for piece in reader.read(stream, FEED) if not isinstance(piece, Skip | Declared)]


@pytest.mark.parametrize(("reader", "sample"), SAMPLES, ids=lambda it: getattr(it, "name", ""))
def test_samples(reader: ModuleType, sample: Path) -> None:
    assert read_as_found(sample) == expected(sample)
    assert len(pieces(reader, text_in(sample))) == len(expected(sample))


def test_the_real_file_of_the_apa_holds_what_a_person_counts() -> None:
    found = pieces(apa_txt, text_in(corpus("databases/apa") / "online.rtf"))
    assert len(found) == 38
    assert {piece["publication"] for piece in found if isinstance(piece, dict)} == {"Kurier.at", "Die Presse.com"}


def test_the_real_collection_of_clippings_holds_what_it_lists() -> None:
    text = text_in(corpus("databases/bzk") / "test.pdf")
    found = pieces(clippings_txt, text)
    assert len(found) == 45
    assert Declared(45) in clippings_txt.read(io.BytesIO(text), FEED)
    assert all(isinstance(piece, dict) and piece["extra"] for piece in found)


CLIPPING = "{headline}\nTrouw 21-06-2013 (p.005)\n\nIt is back.\n© Trouw 2013 alle rechten voorbehouden\n"


def test_a_headline_may_have_several_lines() -> None:
    first, second = pieces(clippings_txt, CLIPPING.format(headline="Ferry") + CLIPPING.format(headline="Ice\non it"))
    assert isinstance(first, dict) and isinstance(second, dict)
    assert (first["headline"], second["headline"]) == ("Ferry", "Ice on it")


@pytest.mark.parametrize("date", ["1-6-2013", "21/06/2013", "1.6.2013"])
@pytest.mark.parametrize("page", [" (p.005)", " (p.)", ""])
def test_a_source_may_have_its_day_in_another_form_and_no_page(date: str, page: str) -> None:
    text = (CLIPPING.format(headline="Ferry") * 2).replace(" (p.005)", page).replace("21-06-2013", date)
    assert clippings_txt.recognise(text.encode(), "") > 0
    for found in pieces(clippings_txt, text):
        assert isinstance(found, dict)
        assert (found["publication"], found["published"], found["body"]) == ("Trouw", date, "It is back.")


def test_a_paper_and_a_day_in_a_text_are_no_article_where_others_have_a_page() -> None:
    clipping = CLIPPING.format(headline="Ferry")
    for line in ("It is back.\n\nTrouw 20-06-2013", "ANP 20-06-2013\n\nIt is back."):
        for found in pieces(clippings_txt, clipping.replace("It is back.", line) * 2):
            assert isinstance(found, dict) and found["body"] == line


UNPAGED = CLIPPING.replace(" (p.005)", "").format(headline="Ferry")
LIST = "Ferry (Trouw).........1\nFerry (Trouw).........2\nIce (ANP).........3\n\n"


@pytest.mark.parametrize("listed", [LIST, ""])
@pytest.mark.parametrize(
    "line", ["The judgment is of 28-02-2026", "Changed: 28-02-2026", "Source: ANP, 28-02-2026", "ANP 28-02-2026"]
)
@pytest.mark.parametrize("below", ["\n\nIt sails.", ""])
def test_a_line_of_a_text_that_ends_with_a_day_begins_no_article(listed: str, line: str, below: str) -> None:
    of_anp = UNPAGED.replace("Trouw", "ANP")
    text = listed + UNPAGED.replace("back.", f"back.\n\n{line}{below}") + UNPAGED + of_anp
    found = pieces(clippings_txt, text)
    assert all(isinstance(piece, dict) and piece["headline"] == "Ferry" for piece in found)
    assert [piece["body"] for piece in found if isinstance(piece, dict)] == [
        f"It is back.\n\n{line}{below}",
        "It is back.",
        "It is back.",
    ]


def test_a_copyright_or_a_page_may_be_missing_of_an_article() -> None:
    without = UNPAGED.partition("©")[0]
    paged, of_anp = CLIPPING.format(headline="Ferry"), UNPAGED.replace("Trouw", "ANP")
    for text in (LIST + without + of_anp, LIST + UNPAGED + paged, paged + without, LIST + UNPAGED + without):
        found = pieces(clippings_txt, text)
        assert [piece["headline"] for piece in found if isinstance(piece, dict)] == ["Ferry", "Ferry"]


LISTED = (
    "Index\nIce on\nthe old pier, says the port (ANP).........1\nFerry (Trouw).........2\nSnow (web)..........3\n\n"
)
LONG = "Ice on\nthe old pier,\nsays\nthe port"


@pytest.mark.parametrize("rights", ["\n© Trouw 2013 alle rechten voorbehouden", ""])
@pytest.mark.parametrize("page", [" (p.005)", ""])
def test_a_headline_that_the_list_has_whole_is_whole(rights: str, page: str) -> None:
    ferry, ice = (f"{head}{page}\n\nIt is back." for head in ("Ferry\nTrouw 21-06-2013", f"{LONG}\nANP 21-06-2013"))
    first, second = pieces(clippings_txt, f"{LISTED}{ferry}{rights}\n{ice}\n")
    assert isinstance(first, dict) and isinstance(second, dict)
    assert (second["headline"], second["body"]) == ("Ice on the old pier, says the port", "It is back.")
    assert (first["headline"], first["body"]) == ("Ferry", "It is back.")


@pytest.mark.parametrize("listed", [LISTED, ""])
@pytest.mark.parametrize("pages", [" (p.005)", ""])
def test_a_clipping_of_the_web_is_read_among_those_of_papers(listed: str, pages: str) -> None:
    ferry = CLIPPING.replace(" (p.005)", pages).format(headline="Ferry")
    web = "Snow\nweb 21-06-2013\n\nIt is cold.\n"
    twice = listed.replace("Snow (web)", "Snow (web)..........3\nSnow (web)")
    for text in (ferry + web + ferry, ferry + web, ferry + web + web + ferry if listed else ferry):
        found = pieces(clippings_txt, twice + text)
        assert [piece["body"] for piece in found if isinstance(piece, dict)].count("It is cold.") == text.count("web")


@pytest.mark.parametrize("headline", ["Ferry", "Ice on\nthe old pier, says the port"])
def test_a_reference_to_another_clipping_is_text(headline: str) -> None:
    paper = "Trouw" if headline == "Ferry" else "ANP"
    reference = f"Read, too:\n\n{headline}\n{paper} 20-06-2013\n\nIt was in yesterday."
    clipping = CLIPPING.replace("Trouw", paper)
    referring = clipping.format(headline="Snow").replace("It is back.", reference)
    for text in (referring + clipping.format(headline=headline), clipping.format(headline=headline) + referring):
        found = pieces(clippings_txt, LISTED + text)
        assert [piece["headline"] for piece in found if isinstance(piece, dict)].count("Snow") == len(found) - 1 == 1


@pytest.mark.parametrize("page", [" (p.005)", ""])
@pytest.mark.parametrize("page_of_referring", [" (p.006)", ""])
def test_a_reference_to_a_clipping_that_may_have_no_page_is_text(page: str, page_of_referring: str) -> None:
    reference = "Lees ook\nFerry\nTrouw 21-06-2013\nIt was in yesterday."
    ferry = CLIPPING.replace(" (p.005)", page).format(headline="Ferry")
    ice = CLIPPING.replace(" (p.005)", page_of_referring).replace("Trouw", "ANP").format(headline="Ice")
    ice = ice.replace("It is back.", reference)
    snow = CLIPPING.format(headline="Snow").replace("Trouw", "web")
    listed = "Ferry (Trouw).........1\nIce (ANP).........2\nSnow (web).........3\n\n"
    for text in (ferry + ice + snow, snow + ice + ferry, ferry + snow + ice):
        found = [piece for piece in pieces(clippings_txt, listed + text) if isinstance(piece, dict)]
        assert sorted(piece["headline"] for piece in found) == ["Ferry", "Ice", "Snow"]
        assert ["yesterday" in piece["body"] for piece in found] == [piece["headline"] == "Ice" for piece in found]


def test_where_it_is_unknown_which_of_two_is_the_clipping_that_is_listed_both_count() -> None:
    listed = "Dijk zakt (AD).........1\nBrug open (NRC).........2\n\n"
    first = "Dijk zakt\nAD 21-06-2013\nIt sinks.\nLees ook\nBrug open\nNRC 21-06-2013\nIt sank.\n"
    second = "Brug open\nNRC 21-06-2013\nIt is open.\n© NRC 2013 alle rechten voorbehouden\n"
    found = pieces(clippings_txt, listed + first + second)
    assert [piece["body"] for piece in found if isinstance(piece, dict)][-1].startswith("It is open.")
    assert len(found) == 3


@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_clippings_are_counted_in_any_encoding(codec: str, end: str) -> None:
    text = (LIST + CLIPPING.format(headline="Ferry") * 2).replace("\n", end)
    assert clippings_txt.count_marks(io.BytesIO(text.encode(codec)), FEED) == 2


def test_a_clipping_without_a_headline_is_rejected_alone() -> None:
    first, second = pieces(clippings_txt, UNPAGED + UNPAGED.replace("Ferry\n", "").replace("Trouw", "ANP"))
    assert isinstance(first, dict) and first["extra"] == {"copyright": "© Trouw 2013 alle rechten voorbehouden"}
    assert isinstance(second, Reject) and "expected a headline above it" in second.reason


def test_a_line_of_the_list_may_go_on_in_the_next() -> None:
    listed = "Ferry (De Dalbode)........\nIce on it (De Dalbode)........ ..........2\nSnow (Trouw).........3\n"
    text = (listed + CLIPPING.format(headline="Ice on it")).encode()
    assert Declared(2) in clippings_txt.read(io.BytesIO(text), FEED)


def test_a_clipping_without_a_text_is_rejected_alone() -> None:
    empty = "Rain\nTrouw 21-06-2013 (p.)\n© Trouw 2013 alle rechten voorbehouden\n"
    first, second, third = pieces(
        clippings_txt, CLIPPING.format(headline="Snow") + empty + CLIPPING.format(headline="Ice")
    )
    assert isinstance(first, dict) and isinstance(second, Reject) and isinstance(third, dict)


def test_an_article_of_the_apa_without_text_is_rejected_alone() -> None:
    rule = "_" * 67
    first, second, third = pieces(
        apa_txt,
        f'"A" gefunden am 02.03.2026 10:36 Uhr\n\nSnow\n\nText.\n\n{rule}\n"B" gefunden am 02.03.2026 10:36 Uhr\n\n'
        f'{rule}\n"C" gefunden am 02.03.2026 10:36 Uhr\n\nRain\n\nText.\n',
    )
    assert isinstance(first, dict) and isinstance(third, dict) and isinstance(second, Reject)
    assert (second.position, "no text follows" in second.reason) == ("line 8", True)


FACTIVA = """{title}

1,031 words
1 March 2026
The Harbour Courier
HARCOU
English
(c) 2026 Harbour Courier Ltd

{text}

Document HARCOU0020260301em310000{number}


"""


@pytest.mark.parametrize(
    ("title", "section", "headline", "byline"),
    [
        ("Ferry returns", None, "Ferry returns", None),
        ("News\nFerry returns to the north quay\nBy Ann", "News", "Ferry returns to the north quay", "By Ann"),
        ("News\nFerry returns to the north quay", "News", "Ferry returns to the north quay", None),
        ("Binnenland\nDe pont vaart weer\nDoor Anna Bos", "Binnenland", "De pont vaart weer", "Door Anna Bos"),
        ("Politik\nVon der Leyen fährt Boot\nVon Anna Bos", "Politik", "Von der Leyen fährt Boot", "Von Anna Bos"),
        ("Local\nPor qué no hay barco\npor Ana Bos", "Local", "Por qué no hay barco", "por Ana Bos"),
        ("Région\nDe la plage au port\nAnne Bos", "Région", "De la plage au port", "Anne Bos"),
        ("Rain\nBy Ann Lee and 3 others", None, "Rain", "By Ann Lee and 3 others"),
        ("Rain\nBy Ann Lee at Furt Crown Court", None, "Rain", "By Ann Lee at Furt Crown Court"),
        ("News\nBy George, we did it again, says he", "News", "By George, we did it again, says he", None),
        ("News\nBy the numbers: the ferry", "News", "By the numbers: the ferry", None),
        ("Ferry returns to the north quay\nTom Osei", None, "Ferry returns to the north quay", "Tom Osei"),
        ("Ferry back\nAnn Lee, Bo Roy and Tom Fox in Furt", None, "Ferry back", "Ann Lee, Bo Roy and Tom Fox in Furt"),
        (
            "Ferry back\nBy Ann Lee, who is at the pier of Furt",
            None,
            "Ferry back",
            "By Ann Lee, who is at the pier of Furt",
        ),
        ("News\nAnn Lee and Tom Fox in Furt", "News", "Ann Lee and Tom Fox in Furt", None),
        ("World News\nAnn Lee and Tom Fox in Furt", "World News", "Ann Lee and Tom Fox in Furt", None),
        ("Ferry back\nHow the ferry came back in Furt", "Ferry back", "How the ferry came back in Furt", None),
    ],
)
def test_what_stands_above_the_word_count(title: str, section: str | None, headline: str, byline: str | None) -> None:
    (found,) = pieces(factiva_txt, FACTIVA.format(title=title, text="It is back.", number=1))
    assert isinstance(found, dict)
    assert (found.get("section"), found["headline"], found.get("byline")) == (section, headline, byline)


TITLES = [
    ("*Ferry", None, "Ferry", None),
    ("*Ferry\nAnn Lee", None, "Ferry", "Ann Lee"),
    ("Leader\n*Ferry\nJim Ash and Sarah Birch in London", "Leader", "Ferry", "Jim Ash and Sarah Birch in London"),
    ("News in brief\n*Ice\nStaff Reporter", "News in brief", "Ice", "Staff Reporter"),
    ("News from the harbour\n*Ice on it", "News from the harbour", "Ice on it", None),
    ("*News\nFerry returns to the north quay\nBy Ann", "News", "Ferry returns to the north quay", "By Ann"),
    ("*News\nFerry returns to the north quay", "News", "Ferry returns to the north quay", None),
    ("Ferry\n*By Ann Lee", None, "Ferry", "By Ann Lee"),
]
"""Where an asterisk is, a line is bold or large."""


@pytest.mark.parametrize(("title", "section", "headline", "byline"), TITLES)
@pytest.mark.parametrize("bold", [r"\b", r"\fs28", r"\f0\fs20\b "])
def test_a_bold_or_large_line_above_the_word_count_is_the_headline_of_an_rtf(
    bold: str, title: str, section: str | None, headline: str, byline: str | None
) -> None:
    lines = FACTIVA.format(title=title, text="It is back.", number=1).strip().split("\n")
    marked = (f"{{\\pard{bold} {line[1:]}\\par}}" if line[:1] == "*" else f"{{\\pard {line}\\par}}" for line in lines)
    rtf = "{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}\n\\pard\\plain\\f0\\fs20\n" + "\n".join(marked) + "}"
    (found,) = pieces(factiva_txt, "".join(rich_text.text_of(io.BytesIO(rtf.encode()))))
    assert isinstance(found, dict)
    assert (found.get("section"), found["headline"], found.get("byline")) == (section, headline, byline)


@pytest.mark.parametrize(("title", "section", "headline", "byline"), TITLES)
def test_a_large_line_above_the_word_count_is_the_headline_of_a_pdf(
    title: str, section: str | None, headline: str, byline: str | None
) -> None:
    lines = FACTIVA.format(title=title, text="It is back.", number=1).strip().split("\n")
    page = [
        Line(60, 780 - 14 * at, 14 if line[:1] == "*" else 10, line.removeprefix("*")) for at, line in enumerate(lines)
    ]
    (found,) = pieces(factiva_txt, "".join(text for _, text in pdf_text.text_of(io.BytesIO(pdf([page])))))
    assert isinstance(found, dict)
    assert (found.get("section"), found["headline"], found.get("byline")) == (section, headline, byline)


@pytest.mark.parametrize("rights", ["", "(c) 2026 Harbour Courier Ltd\n"])
def test_empty_lines_between_all_lines_change_no_field(rights: str) -> None:
    text = (
        "Business\nFerry company posts loss\nBy Ann Lee\n104 words\n5 March 2026\n06:30\nThe Harbour Courier\nHARCOU\n"
        f"Late\nA7\nEnglish\n{rights}\nIt posted a loss.\n\nIt will sail on.\n\nHarbour Courier Ltd\n\n"
        "Document HARCOU0020260305em3500001\n"
    )
    spaced = "\n\n".join(line for line in text.split("\n") if line) + "\n"
    assert pieces(factiva_txt, spaced) == pieces(factiva_txt, text)


def test_the_copyright_may_stand_on_the_next_page() -> None:
    whole = FACTIVA.format(title="Snow", text="Text.", number=1)
    torn = whole.replace("English\n(c)", "English\n\n(c)")
    assert [piece | {"position": ""} for piece in pieces(factiva_txt, torn) if isinstance(piece, dict)] == [
        piece | {"position": ""} for piece in pieces(factiva_txt, whole) if isinstance(piece, dict)
    ]


def classic(number: int, headline: str, hsize: float, text: str) -> list[Line]:
    """A page with an article of the older layout of LexisNexis."""
    top = 720 - 60 - 1.2 * hsize * headline.count("\n")
    return [
        centred(760, 10, f"{number} of 3 DOCUMENTS"),
        centred(735, 10, "Valley Wire"),
        centred(710, 10, "March 2, 2026 Monday"),
        centred(698, 10, "Late Edition"),
        *column(60, 676, hsize, headline),
        *column(60, top - 20, 10, "BYLINE: Ann Lee\nSECTION: LOCAL; Pg. 3\nLENGTH: 9 words", gap=1.8),
        *column(60, top - 90, 10, text),
        *column(60, 300, 10, "LOAD-DATE: March 3, 2026\nLANGUAGE: ENGLISH", gap=1.8),
        centred(250, 10, "Copyright 2026 Valley Wire"),
        centred(238, 10, "All Rights Reserved"),
    ]


@pytest.mark.parametrize("hsize", [10, 14])
@pytest.mark.parametrize("text", ["It rains in Furt.", " ".join(["It rains in Furt."] * 24)])
def test_the_older_layout_of_nexis_as_pdf(tmp_path: Path, hsize: float, text: str) -> None:
    headline = "Ferry lies at the north quay again and nobody who lives on the river had missed it at all"
    pages = [
        classic(
            number,
            textwrap.fill(headline, int(475 / (0.6 * hsize))) if number == 2 else f"Snow {number}",
            hsize,
            textwrap.fill(text, 79),
        )
        for number in (1, 2, 3)
    ]
    (tmp_path / "a.pdf").write_bytes(pdf(pages))
    found = read_as_found(tmp_path / "a.pdf")
    assert [piece["headline"] for piece in found if isinstance(piece, dict)] == ["Snow 1", headline, "Snow 3"]
    for piece in found:
        assert isinstance(piece, dict)
        assert {name: piece.get(name) for name in ("publication", "edition", "byline", "page", "body")} == {
            "publication": "Valley Wire",
            "edition": "Late Edition",
            "byline": "Ann Lee",
            "page": "3",
            "body": text,
        }
        assert piece["extra"]["load_date"] == "March 3, 2026"


def test_an_article_that_is_cut_off_is_rejected() -> None:
    whole = FACTIVA.format(title="Snow", text="Text.", number=1)
    cut = FACTIVA.format(title="Rain", text="Text.", number=2).partition("Document")[0]
    first, second = pieces(factiva_txt, whole + cut)
    assert isinstance(first, dict) and isinstance(second, Reject)
    assert "accession number" in second.reason


def test_a_list_of_headlines_before_the_articles_is_skipped() -> None:
    text = "Table of Contents\nSnow\nRain\n\n\n" + FACTIVA.format(title="Snow", text="Text.", number=1)
    skip, record = factiva_txt.read(io.BytesIO(text.encode()), FEED)
    assert skip == Skip("line 1", "cover page", "Table of Contents\nSnow\nRain")
    assert isinstance(record, dict) and record["headline"] == "Snow"


def test_what_was_searched_for_is_skipped() -> None:
    text = FACTIVA.format(title="Snow", text="Text.", number=1) + "Search Summary\nText: snow\n"
    _, skip = factiva_txt.read(io.BytesIO(text.encode()), FEED)
    assert isinstance(skip, Skip) and skip.kind == "search summary"


def test_a_document_of_nexis_without_an_end_is_rejected() -> None:
    head = " " * 30 + "Snow\n" + " " * 30 + "Valley Wire\n" + " " * 30 + "March 1, 2026\nLength: 2 words\nBody\n"
    first, second = pieces(nexis_uni, f"{head}It snows.\nEnd of Document\n{head}It rains.\n")
    assert isinstance(first, dict) and isinstance(second, Reject)


NEXIS = (
    "{centre}Snow\n{more}{centre}Valley Wire\n{blog}{centre}March 1, 2026\nCopyright 2026 Valley Wire\n"
    "Section: LOCAL; Pg. 3\nLength: 4 words\nByline: Ann Lee\n{label}It snows.\nIt is cold.\n"
    "Load-Date: March 2, 2026\nEnd of Document\n"
)


@pytest.mark.parametrize(
    ("label", "heading"),
    [("Body\n", None), ("", None), ("Textkörper\n", "Textkörper"), ("Volledige tekst\n", "Volledige tekst")],
)
def test_fields_are_no_text_where_the_label_of_the_text_is_not_known(label: str, heading: str | None) -> None:
    (found,) = pieces(nexis_uni, NEXIS.format(centre=" " * 30, more="", blog="", label=label))
    assert isinstance(found, dict)
    assert [found[name] for name in ("section", "page", "byline", "body")] == [
        "LOCAL",
        "3",
        "Ann Lee",
        "It snows.\n\nIt is cold.",
    ]
    assert (found["extra"]["length"], found["extra"].get("heading")) == ("4 words", heading)


@pytest.mark.parametrize("blog", ["", "(Green)"])
@pytest.mark.parametrize("more", ["", "and ice"])
def test_a_centred_headline_of_nexis_may_have_several_lines(more: str, blog: str) -> None:
    centre = " " * 30
    lines = {"more": more and f"{centre}{more}\n", "blog": blog and f"{centre}{blog}\n"}
    (found,) = pieces(nexis_uni, NEXIS.format(centre=centre, label="Body\n", **lines))
    assert isinstance(found, dict)
    assert (found["headline"], found["publication"]) == (f"Snow {more}".strip(), "Valley Wire")
    assert found["extra"].get("below_publication", "") == blog


@pytest.mark.parametrize(
    "count", ["1\xa0234\xa0mots", "1\xa0234 mots", "1\u202f234 mots", "1 234 mots", "250\xa0words"]
)
@pytest.mark.parametrize("date", ["5 janvier 2026", "5\xa0January\xa02026"])
def test_a_word_count_may_have_no_break_spaces(count: str, date: str) -> None:
    whole = FACTIVA.format(title="Snow", text="Text.", number=1)
    torn = FACTIVA.format(title="Rain", text="Text.", number=2).partition("Document")[0]
    text = (whole + torn + whole).replace("1,031 words", count).replace("1 March 2026", date)
    assert factiva_txt.recognise(text.encode(), "") > 0
    assert factiva_txt.count_marks(io.BytesIO(text.encode()), FEED) == 3


@pytest.mark.parametrize("after", ["and sent it on 3 March 1999.", "in all.", ""])
def test_a_number_of_words_in_the_text_is_no_article(after: str) -> None:
    text = f"He wrote a letter of exactly\n\n300 words\n\n{after}"
    (found,) = pieces(factiva_txt, FACTIVA.format(title="Snow", text=text, number=1))
    assert isinstance(found, dict) and "300 words" in found["body"]


@pytest.mark.parametrize("reader", READERS)
def test_any_other_text_is_refused_with_what_to_do(reader: ModuleType) -> None:
    with pytest.raises(DumpError, match="again"):
        list(reader.read(io.BytesIO(b"The ferry is back.\n"), FEED))
