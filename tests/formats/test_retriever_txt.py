"""Retriever as text, Swedish and Norwegian: every article between two lines of equals signs, and its own facts."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_dumps import expected, samples

from etl import formats
from etl.formats import retriever_txt
from etl.model import Declared, Doubt, DumpError, Feed, Piece, Reject, Skip

FEED = Feed("retriever")
RULE = "=" * 78
COVER = "Saltby universitet\nDatum 2026-03-20\n\nNyheter:\n\n> Snö, Hamnposten, 2026-03-14\n\n\n"


def article(headline: str = "Snö", text: str = "Det snöar.", day: str = "2026-03-14") -> str:
    return f"{headline}\nHamnposten, {day}\nPublicerat i print. \n\n{text}\n© Hamnposten\n\nLäs hela artikeln på http://ret.nu/a\n"


def pieces(text: str | bytes) -> list[Piece]:
    """What is read: as many records and rejects as there are marks."""
    data = text.encode() if isinstance(text, str) else text
    found = list(retriever_txt.read(io.BytesIO(data), FEED))
    count = retriever_txt.count_marks(io.BytesIO(data), FEED)
    assert count == sum(isinstance(piece, dict | Reject) for piece in found)
    return found


def records(text: str | bytes) -> list[dict[str, Any]]:
    return [piece for piece in pieces(text) if isinstance(piece, dict)]


@pytest.mark.parametrize("sample", samples("retriever_txt"), ids=lambda path: path.name)
def test_samples(sample: Path) -> None:
    assert records(sample.read_bytes()) == expected(sample)


def test_the_list_states_the_total_and_is_no_article() -> None:
    declared, cover, *found = pieces(COVER + article() + RULE + "\n\n" + article("Regn"))
    assert declared == Declared(1)
    assert isinstance(cover, Skip)
    assert [piece["headline"] for piece in found if isinstance(piece, dict)] == ["Snö", "Regn"]


def test_an_article_without_a_paper_and_a_day_is_rejected_alone() -> None:
    text = COVER + article() + f"{RULE}\n\nBara en rubrik\n\nOch en text.\n{RULE}\n\n" + article("Regn")
    *_, first, broken, last = pieces(text)
    assert isinstance(first, dict) and isinstance(last, dict)
    assert isinstance(broken, Reject)
    assert broken.position == "line 19"
    assert "expected a headline, and below it a paper and its day" in broken.reason


@pytest.mark.parametrize("lost", ["\n\n", "=" * 40 + "\n\n"])
def test_two_articles_of_which_the_line_between_is_lost_are_told_apart_by_the_list(lost: str) -> None:
    cover = COVER.replace("> Snö", "> Regn, Hamnposten, 2026-03-14\n\n> Snö")
    found = records(cover + article() + lost + article("Regn"))
    assert [(each["headline"], each["body"]) for each in found] == [("Snö", "Det snöar."), ("Regn", "Det snöar.")]


def test_without_the_list_both_of_two_articles_are_rejected_and_no_other() -> None:
    found = pieces(COVER + article() + f"{RULE}\n\n" + article("Regn") + "\n\n" + article("Vind"))
    assert [piece["headline"] for piece in found if isinstance(piece, dict)] == ["Snö"]
    rejects = [piece for piece in found if isinstance(piece, Reject)]
    assert len(rejects) == 2
    assert all("the line between two articles is lost, or a text quotes another" in each.reason for each in rejects)


def test_an_article_that_breaks_off_is_partial() -> None:
    *_, first, last, doubt = pieces(COVER + article() + f"{RULE}\n\n" + article("Regn").partition("\n©")[0])
    assert isinstance(first, dict) and isinstance(last, dict) and isinstance(doubt, Doubt)
    assert (first.get("is_partial", False), last.get("is_partial")) == (False, True)
    assert doubt.warning.startswith("1 of its articles have neither copyright nor link at their end")


def test_a_day_in_the_text_and_a_photographer_are_part_of_it() -> None:
    text = "Foto: © Bo Berg\n\nHamnen, 2026-03-01\n\nDet snöar igen..."
    (record,) = records(COVER + article(text=text))
    assert record["body"] == text
    assert "is_partial" not in record


def test_a_sign_of_rights_within_the_last_paragraph_cuts_nothing_off() -> None:
    text = "Bilden av piren © TT. " + "Isen har legat i hamnen sedan i tisdags. " * 8
    (record,) = records(f"{COVER}Snö\nHamnposten, 2026-03-14\nPublicerat i print. \n\n{text.strip()}\n")
    assert record["body"] == text.strip()


def test_an_export_without_a_list_and_a_line_of_the_vendor_at_its_end() -> None:
    notice = "Artiklar får ej distribueras utanför den egna organisationen utan godkännande från Retriever"
    (record,) = records(f"{article()}\n{notice}\n")
    assert (record["body"], record["extra"]["notice"]) == ("Det snöar.", notice)


@pytest.mark.parametrize("heading", ["Nyheter:", "Innehållsförteckning:", "Nyhetsklipp:"])
def test_a_file_whose_list_fills_all_that_is_looked_at_is_recognised(heading: str) -> None:
    entries = "".join(f"> Snö nummer {number} {'i hamnen ' * 9}, Hamnposten, 2026-03-14\n\n" for number in range(900))
    data = f"Saltby universitet\nDatum 2026-03-20\n\n{heading}\n\n{entries}\n\n{article()}".encode()
    assert formats.recognise(data[: formats.HEAD_BYTES], "export.txt") == "retriever_txt"
    assert len(records(data)) == 1


def test_a_letter_with_some_quotations_is_no_list() -> None:
    quoted = "> Snö, Hamnposten, 2026-03-14\n\nSå var det.\n\n" * 30
    assert retriever_txt.recognise(f"Nyheter:\n\n{quoted}".encode(), "") == 0


@pytest.mark.parametrize("rule", ["", "-" * 78 + "\n"])
def test_a_headline_that_ends_in_a_day_is_no_paper(rule: str) -> None:
    other = article("Valet, 2026-03-01").replace("01\nHam", f"01\n{rule}Ham")
    found = records(COVER + article("Isen, 2026-03-02") + f"{RULE}\n\n" + other)
    assert [(each["headline"], each["publication"], each["published"]) for each in found] == [
        ("Isen, 2026-03-02", "Hamnposten", "2026-03-14"),
        ("Valet, 2026-03-01", "Hamnposten", "2026-03-14"),
    ]


@pytest.mark.parametrize("headline", ["> Snö faller", ">Snö", ">> Snö faller, igen"])
def test_a_headline_that_begins_with_the_sign_of_the_list_is_one(headline: str) -> None:
    declared, _, *found = pieces(COVER + article(headline) + f"{RULE}\n\n" + article(headline))
    assert declared == Declared(1)
    assert [piece["headline"] for piece in found if isinstance(piece, dict)] == [headline, headline]


@pytest.mark.parametrize("rule", ["", "-" * 78 + "\n"])
def test_a_headline_on_two_lines_is_as_long_as_in_the_list(rule: str) -> None:
    cover = (
        "Nyheter:\n\n> Isen bär inte, säger hamnen, Hamnposten, 2026-03-14\n\n> Snö, Hamnposten, 2026-03-14\n\n"
        "> Regn i hamnen\noch på piren, Hamnposten, 2026-03-14\n\n\n"
    )
    texts = [article(f"{titles}\n{rule}".rstrip("\n")) for titles in (
        "Isen bär inte,\nsäger hamnen", "Snö\nDagens väder", "Regn i hamnen\noch på piren",
    )]  # fmt: skip
    declared, _, *found = pieces(cover + f"{RULE}\n\n".join(texts))
    assert declared == Declared(3)
    read = [(each["headline"], each["extra"].get("below_headline")) for each in found if isinstance(each, dict)]
    assert read == [
        ("Isen bär inte, säger hamnen", None),
        ("Snö", "Dagens väder"),
        ("Regn i hamnen och på piren", None),
    ]


@pytest.mark.parametrize("first", ["Isen bär inte än, ", "Isen bär inte än, " + "säger hamnen " * 5 + "igen"])
def test_a_headline_whose_first_line_goes_on_is_on_two_lines_where_there_is_no_list(first: str) -> None:
    (record,) = records(article(f"{first}\noch igen"))
    assert record["headline"] == f"{first.strip()} och igen"


def test_a_list_alone_is_refused() -> None:
    with pytest.raises(DumpError, match="export the articles from Retriever again"):
        pieces(COVER)


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=30)


@given(st.lists(TEXTS.filter(str.strip), min_size=1, max_size=5))
def test_all_words_of_a_text_are_kept(texts: list[str]) -> None:
    texts = [text for text in texts if "©" not in text] or ["a"]
    found = records(COVER + f"\n{RULE}\n\n".join(article(text=f"x{text}x") for text in texts))
    assert ["".join(each["body"].split()) for each in found] == ["".join(f"x{text}x".split()) for text in texts]
