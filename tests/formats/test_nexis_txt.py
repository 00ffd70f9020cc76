"""LexisNexis text in every interface's language and layout: no article lost to a number, no field to the text."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pandas as pd
import pytest
from sample_dumps import CORPORA

from etl import formats
from etl.formats import nexis_txt
from etl.model import Declared, DumpError, Feed, Piece, Reject
from etl.normalise.dates import parse_dates

FEED = Feed("nexis")
BODY = ("The council met on Monday and agreed to rebuild the pier.", "Work begins in spring.")


def pieces(text: str, encoding: str = "utf-8") -> list[Piece]:
    return list(nexis_txt.read(io.BytesIO(text.encode(encoding)), FEED))


def marks(text: str, encoding: str = "utf-8") -> int:
    return nexis_txt.count_marks(io.BytesIO(text.encode(encoding)), FEED)


def records(text: str) -> list[dict[str, Any]]:
    found = pieces(text)
    assert not any(isinstance(piece, Reject) for piece in found), found
    return [piece for piece in found if isinstance(piece, dict)]


def article(number: str, *blocks: str, published: str = "March 1, 2026 Sunday") -> str:
    head = [line.center(80) for line in (number, "The Courier", published)]
    return "\n\n".join([*head, *blocks]) + "\n\n"


LANGUAGES = {
    "de": ("Dokument {} von {}", "24. September 2002, Dienstag", "RUBRIK", "LÄNGE: 9 Wörter", "SPRACHE", "UPDATE"),
    "fr": (
        "Document {} de {}",
        "mardi 24 septembre 2002",
        "RUBRIQUE",
        "LONGUEUR : 9 mots",
        "LANGUE",
        "DATE-CHARGEMENT",
    ),
    "nl": ("Document {} van {}", "24 september 2002 dinsdag", "RUBRIEK", "LENGTE: 9 woorden", "TAAL", "LAAD-DATUM"),
    "es": (
        "Documento {} de {}",
        "24 de septiembre de 2002",
        "SECCIÓN",
        "LONGITUD: 9 palabras",
        "IDIOMA",
        "FECHA-CARGA",
    ),
    "it": ("Documento {} di {}", "24 settembre 2002", "SEZIONE", "LUNGHEZZA: 9 parole", "LINGUA", "DATA-CARICAMENTO"),
    "pt": ("Documento {} de {}", "24 de setembro de 2002", "SEÇÃO", "EXTENSÃO: 9 palavras", "IDIOMA", "DATA-CARGA"),
}
ENGLISH_ORDER = {"de": "{} von {} DOKUMENTEN", "fr": "{} de {} DOCUMENTS", "nl": "{} van {} DOCUMENTEN"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number_first", [False, True])
def test_marks_labels_and_months_in_the_languages_of_the_interface(language: str, number_first: bool) -> None:
    number, published, section, length, named, loaded = LANGUAGES[language]
    if number_first:
        number = ENGLISH_ORDER.get(language, "{} of {} DOCUMENTS")
    export = "".join(
        article(
            number.format(at, 2),
            f"Title {at}",
            f"{section}: Local; Pg. 3",
            length,
            *BODY,
            f"{loaded}: {published}",
            f"{named}: GERMAN; DEUTSCH",
            "TYPE-PUBLICATION: Journal",
            published=published,
        )
        for at in (1, 2)
    )
    assert formats.recognise(export.encode(), "") == "nexis_txt"
    assert pieces(export)[0] == Declared(2)
    first, second = records(export)
    assert (first["headline"], second["headline"]) == ("Title 1", "Title 2")
    assert first["body"] == second["body"] == "\n\n".join(BODY)
    assert (first["section"], first["page"], first["language"]) == ("Local", "3", "GERMAN; DEUTSCH")
    assert set(first["extra"]) == {"section", "length", "load_date", "publication_type"}
    assert marks(export) == marks(export, "utf-16") == marks(export, "cp1252") == 2
    assert list(parse_dates(pd.Series([first["published"]]), "UTC", None).on) == [date(2002, 9, 24)]


@pytest.mark.parametrize(
    "number",
    ["FOCUS - {} of {} DOCUMENTS", "Dokument\xa0{} von {}", "{}/{} DOCUMENTS", "\t\t\t\t\t{} of {} DOCUMENTS"],
)
def test_marks_come_in_several_shapes(number: str) -> None:
    export = "".join(article(number.format(at, 2), f"Title {at}", "LENGTH: 9 words", *BODY) for at in (1, 2))
    assert [record["headline"] for record in records(export)] == ["Title 1", "Title 2"]
    assert marks(export) == 2


def test_numbers_may_have_a_separator_of_thousands() -> None:
    export = "".join(article(f"{at} von 2.146 DOKUMENTEN", "Title", *BODY) for at in ("1.999", "2.000", "2.001"))
    assert pieces(export)[0] == Declared(3)
    assert len(records(export)) == marks(export) == 3


def test_one_export_may_number_its_documents_in_two_languages() -> None:
    first = article("1 of 2 DOCUMENTS", "One", "LENGTH: 9 words", *BODY, "LANGUAGE: ENGLISH")
    second = article("Dokument 2 von 2", "Zwei", "LÄNGE: 9 Wörter", *BODY, "SPRACHE: GERMAN; DEUTSCH")
    assert pieces(first + second)[0] == Declared(2)
    assert [record["headline"] for record in records(first + second)] == ["One", "Zwei"]
    assert marks(first + second) == 2


@pytest.mark.parametrize("numbers", [(1, 2, 1, 2), (3, 4, 3, 4), (3, 4, 1, 2), (1, 2, 3, 1)])
def test_exports_joined_in_one_file_are_all_read(numbers: tuple[int, ...]) -> None:
    export = "".join(article(f"Dokument {at} von 9", f"Title {at}", "LÄNGE: 9 Wörter", *BODY) for at in numbers)
    assert [record["headline"] for record in records(export)] == [f"Title {at}" for at in numbers]
    assert pieces(export)[0] == Declared(4)
    assert marks(export) == 4


def agency(number: int, *headline: str, gap: str = "\n\n") -> str:
    date_line = f"{f'April {19 + number}, 2003, Sunday'.center(80)}\n{'23:22 Central European Time'.center(80)}"
    head = f"{f'{number} of 2 DOCUMENTS'.center(80)}\n\n{'Example Press Agency'.center(80)}\n\n"
    tail = ("SECTION: Politics", "LENGTH: 75 words", "LOAD-DATE: May 8, 2003", "LANGUAGE: ENGLISH")
    blocks = "\n\n".join([*BODY, *tail[: 4 if number == 1 else 2]])
    return "\n\n".join([head.rstrip("\n"), "\n\n".join(headline) + gap + date_line, blocks, ""])


@pytest.mark.parametrize(
    ("headline", "expected"),
    [
        (("LEADALL: Old pier to be rebuilt",), "LEADALL: Old pier to be rebuilt"),
        (("Old pier to\nbe rebuilt",), "Old pier to be rebuilt"),
        (("Kicker", "Old pier to be rebuilt"), "Kicker Old pier to be rebuilt"),
    ],
)
@pytest.mark.parametrize("gap", ["\n\n", "\n"])
def test_a_headline_between_publication_and_date(headline: tuple[str, ...], expected: str, gap: str) -> None:
    export = agency(1, *headline, gap=gap) + agency(2, *headline, gap=gap)
    first, second = records(export)
    assert (first["headline"], first["publication"]) == (expected, "Example Press Agency")
    assert (first["published"], second["published"]) == ("April 20, 2003", "April 21, 2003")
    assert first["section"] == second["section"] == "Politics"
    assert first["body"] == second["body"] == "\n\n".join(BODY)
    assert marks(export) == 2


@pytest.mark.parametrize(
    ("below", "published", "edition", "extra"),
    [
        ("23:22 Central European Time", "March 1, 2026 Sunday", None, {"time": "23:22 Central European Time"}),
        ("5:01 AM GMT", "March 1, 2026 Sunday 5:01 AM GMT", None, {}),
        ("09:15", "March 1, 2026 Sunday 09:15", None, {}),
        ("1. März 2026", "March 1, 2026 Sunday", None, {"date": "1. März 2026"}),
        ("Late Edition", "March 1, 2026 Sunday", "Late Edition", {}),
    ],
)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_what_stands_below_the_date(
    below: str, published: str, edition: str | None, extra: dict[str, str], gap: str
) -> None:
    date_line = "March 1, 2026 Sunday".center(80)
    export = article("1 of 1 DOCUMENTS", "Title", *BODY).replace(date_line, f"{date_line}{gap}{below.center(80)}")
    (found,) = records(export)
    assert (found["published"], found.get("edition"), found.get("extra", {})) == (published, edition, extra)


def test_a_text_without_a_date_is_not_taken_for_a_headline_before_it() -> None:
    rights = "Copyright 2003 Agency".center(80)
    head = [line.center(80) for line in ("1 of 1 DOCUMENTS", "Example Press Agency")]
    (found,) = records("\n\n".join([*head, "Title", "BYLINE: Ann Lee", *BODY, rights]))
    assert (found["headline"], found["body"]) == ("Title", "\n\n".join(BODY))
    assert "published" not in found


def test_labels_before_a_no_break_space() -> None:
    blocks = ("SECTION:\xa0NEWS; Pg. 3", "LENGTH\xa0:\xa09 words", *BODY, "LOAD-DATE:\xa0March 2, 2026")
    (found,) = records(article("1 of 1 DOCUMENTS", "Title", *blocks))
    assert (found["section"], found["page"], found["body"]) == ("NEWS", "3", "\n\n".join(BODY))
    assert found["extra"]["load_date"] == "March 2, 2026"


@pytest.mark.parametrize(
    "rights",
    [
        "Copyright 2002 Courier Company\nAll Rights Reserved",
        "Copyright 2002 Courier Company\n\nAlle Rechte vorbehalten",
        "Copyright 2002 Courier Company,\nHarbour Street",
    ],
)
@pytest.mark.parametrize("indent", [80, 0])
def test_a_copyright_of_two_lines_is_no_publication(rights: str, indent: int) -> None:
    lines = "\n".join(line.center(indent) for line in rights.split("\n"))
    export = article("1 of 1 DOCUMENTS", "Title", "LENGTH: 9 words", *BODY, "LANGUAGE: ENGLISH")
    (found,) = records(export.replace("The Courier".center(80), f"{lines}\n\n{'The Courier'.center(80)}"))
    assert (found["publication"], found["published"]) == ("The Courier", "March 1, 2026 Sunday")
    assert found["extra"]["copyright"].replace("\n", " ") == " ".join(rights.split())


def test_a_copyright_of_two_lines_after_the_text_is_not_in_it() -> None:
    for lines in ("Copyright 2026 Courier\nAll Rights Reserved", "Copyright 2026 Courier\n\nAll Rights Reserved"):
        centred = "\n".join(line.center(80) if line else "" for line in lines.split("\n"))
        (found,) = records(article("1 of 1 DOCUMENTS", "Title", "LENGTH: 9 words", *BODY, centred))
        assert found["body"] == "\n\n".join(BODY)
        assert found["extra"]["copyright"].split("\n") == ["Copyright 2026 Courier", "All Rights Reserved"]


@pytest.mark.parametrize("title", ["LEADALL: Old pier", "EU: what now", "BREXIT: what now"])
def test_a_headline_with_capitals_before_a_colon_is_a_headline(title: str) -> None:
    for more in ((), ("BYLINE: Ann Lee",), ("BYLINE: Ann Lee", "LENGTH: 9 words")):
        (found,) = records(article("1 of 1 DOCUMENTS", title, *more, *BODY, "LANGUAGE: ENGLISH"))
        assert (found["headline"], found["body"]) == (title, "\n\n".join(BODY))


def test_a_label_of_a_vendor_unknown_before_the_headline_stays_one() -> None:
    blocks = ("LABEL: x", "Title", "LENGTH: 9 words", *BODY)
    (found,) = records(article("1 of 1 DOCUMENTS", *blocks))
    assert (found["headline"], found["extra"]["label"]) == ("Title", "x")


def test_fields_of_the_head_may_follow_the_body() -> None:
    tail = ("SECTION: Politics", "LENGTH: 9 words", "LANGUAGE: ENGLISH")
    (found,) = records(article("1 of 1 DOCUMENTS", "Title", *BODY, *tail))
    assert (found["body"], found["section"]) == ("\n\n".join(BODY), "Politics")


@pytest.mark.parametrize(
    "said",
    ["STATE: no comment.", "PERSON: I signed.", "UPDATE: It is open again.", "NOTES: none."],
)
def test_what_a_text_says_after_capitals_does_not_end_it(said: str) -> None:
    tail = ("LOAD-DATE: March 2, 2026", "LANGUAGE: ENGLISH")
    (found,) = records(article("1 of 1 DOCUMENTS", "Title", "LENGTH: 9 words", BODY[0], said, *BODY * 2, *tail))
    assert found["body"] == "\n\n".join([BODY[0], said, *BODY * 2])
    assert found["extra"]["load_date"] == "March 2, 2026"


def test_a_field_after_the_text_may_have_paragraphs() -> None:
    tail = ("SUBJECT: PIERS (91%)", "HARBOURS (78%)", "GRAPHIC: A pier.", "A gull.", "LANGUAGE: ENGLISH")
    (found,) = records(article("1 of 1 DOCUMENTS", "Title", "LENGTH: 9 words", *BODY, *tail))
    assert found["body"] == "\n\n".join(BODY)
    assert found["extra"]["graphic"] == "A pier.\n\nA gull."


def test_a_page_may_follow_a_comma() -> None:
    (found,) = records(article("Dokument 1 von 1", "Titel", "RUBRIK: Lokales, S. 7", *BODY))
    assert (found["section"], found["page"]) == ("Lokales", "7")


@pytest.mark.parametrize(
    "unknown",
    ["Artikel 2 av 3", "Story 2 of 3", "2 de 3 ARTICLES", "[2]", "", "***"],
)
def test_an_article_whose_number_is_written_otherwise_is_counted(unknown: str) -> None:
    export = "".join(
        article(mark, f"Title {at}", "LENGTH: 9 words", *BODY, "LOAD-DATE: March 2, 2026", "LANGUAGE: ENGLISH")
        for at, mark in enumerate(("1 of 3 DOCUMENTS", unknown, "3 of 3 DOCUMENTS"))
    )
    assert marks(export) == 3


@pytest.mark.parametrize("kept", ["LÄNGE: 9 Wörter", "SPRACHE: GERMAN; DEUTSCH", "UPDATE: 26. September 2002"])
def test_any_label_that_an_article_has_once_counts_it(kept: str) -> None:
    export = article("Dokument 1 von 2", "Eins", *BODY, kept) + article("", "Zwei", *BODY, kept)
    assert marks(export) == 2


def test_what_a_text_says_of_lengths_is_not_an_article() -> None:
    films = "\n\n".join(f"LENGTH: {minutes} minutes" for minutes in (90, 100))
    table = "\n".join(f"{points} of 10 points".center(80) for points in (3, 4))
    export = article("1 of 1 DOCUMENTS", "Films", "LENGTH: 9 words", *BODY, films, table)
    assert marks(export) == 1


def test_an_export_without_any_number_is_refused() -> None:
    with pytest.raises(DumpError, match="1 of 10 DOCUMENTS"):
        pieces(article("", "Title", *BODY))


@pytest.mark.skipif(not CORPORA.is_dir(), reason="waits for the real dumps, which are not in the project")
def test_a_real_export_with_two_kinds_of_numbers() -> None:
    text = (CORPORA / "databases" / "nexis-de" / "test3.txt").read_text("utf-8-sig")
    first, second = records(text)
    assert first["publication"] == second["publication"] == "De Telegraaf"
    assert second["headline"] == "Der zweite Überschrift"
    assert all(len(found["body"]) > 900 and "LENGTE" not in found["body"] for found in (first, second))
    assert marks(text) == 2
