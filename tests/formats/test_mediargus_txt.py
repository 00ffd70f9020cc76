"""Mediargus as text: the list names the papers, the texts below it are put together with it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_dumps import expected, samples

from etl.formats import mediargus_txt
from etl.model import Declared, Doubt, DumpError, Feed, Piece, Reject, Skip

FEED = Feed("mediargus")


def listed(number: int, headline: str = "", page: str = "") -> str:
    return (
        f"{number}. {headline or f'Titel {number}'}\n\nHavenbode, zaterdag 14 maart 2026, p. {page or number}, 42w.\n\n"
        "De eerste woorden ...\n\n\n"
    )


def text(number: int, headline: str = "", body: str = "De hele tekst.") -> str:
    return f"14-03-2026, p.{number}\n\n{headline or f'Titel {number}'}\n\n{body}\n\n © Havenbode NV\n" + "\n" * 7


def export(numbers: range, texts: list[str]) -> str:
    return "".join(map(listed, numbers)) + "\n\n\n\n" + "".join(texts)


def pieces(dump: str | bytes) -> list[Piece]:
    """What is read: as many records and rejects as there are marks."""
    data = dump.encode() if isinstance(dump, str) else dump
    found = list(mediargus_txt.read(io.BytesIO(data), FEED))
    count = mediargus_txt.count_marks(io.BytesIO(data), FEED)
    assert count == sum(isinstance(piece, dict | Reject) for piece in found)
    return found


@pytest.mark.parametrize("sample", samples("mediargus_txt"), ids=lambda path: path.name)
def test_samples(sample: Path) -> None:
    assert [piece for piece in pieces(sample.read_bytes()) if isinstance(piece, dict)] == expected(sample)


def test_an_article_that_is_listed_without_a_text_is_rejected_and_moves_no_other() -> None:
    declared, cover, *found = pieces(export(range(1, 4), [text(1), text(3)]))
    assert declared == Declared(3)
    assert isinstance(cover, Skip)
    first, missing, last = found
    assert isinstance(first, dict) and isinstance(last, dict)
    assert (first["headline"], last["headline"]) == ("Titel 1", "Titel 3")
    assert isinstance(missing, Reject)
    assert (missing.position, missing.piece) == ("line 8", b"Titel 2 (Havenbode, zaterdag 14 maart 2026)")


def test_of_two_articles_on_a_page_a_text_belongs_to_the_one_with_its_headline() -> None:
    *_, missing, found = pieces(listed(1, page="6") + listed(2, page="6") + "\n\n\n\n" + text(6, headline="Titel 2"))
    assert isinstance(missing, Reject)
    assert isinstance(found, dict)
    assert found["headline"] == "Titel 2"


@pytest.mark.parametrize("order", [(2, 1, 3), (1, 3, 2), (3, 1, 2), (3, 2, 1)])
def test_texts_in_another_order_than_the_list_are_read_and_told_once(order: tuple[int, ...]) -> None:
    *_, first, second, third, doubt = pieces(export(range(1, 4), [text(number) for number in order]))
    found = [piece["headline"] for piece in (first, second, third) if isinstance(piece, dict)]
    assert found == [f"Titel {number}" for number in order]
    assert isinstance(doubt, Doubt)
    assert "of its texts are in another order than its list" in doubt.warning


def test_in_another_order_too_what_has_no_text_is_rejected() -> None:
    _, _, missing, third, first, fourth, doubt = pieces(export(range(1, 5), [text(3), text(1), text(4)]))
    assert isinstance(missing, Reject)
    assert missing.piece.startswith(b"Titel 2 ")
    assert [each["headline"] for each in (third, first, fourth) if isinstance(each, dict)] == [
        "Titel 3",
        "Titel 1",
        "Titel 4",
    ]
    assert isinstance(doubt, Doubt)


def test_a_text_without_the_headline_of_the_list_is_found_by_its_place() -> None:
    *_, first, second, third, doubt = pieces(export(range(1, 4), [text(1), text(2, headline="Anders"), text(3)]))
    assert isinstance(first, dict) and isinstance(second, dict) and isinstance(third, dict)
    assert (second["headline"], second["body"]) == ("Titel 2", "Anders\n\nDe hele tekst.")
    assert isinstance(doubt, Doubt)
    assert doubt.warning.startswith("1 of its texts have another headline than in its list")


def test_a_text_that_is_not_listed_is_not_given_the_paper_of_another() -> None:
    data = export(range(1, 2), [text(1), text(9)]).encode()
    *_, first, strange = mediargus_txt.read(io.BytesIO(data), FEED)
    assert isinstance(first, dict)
    assert isinstance(strange, Reject)
    assert "is not in the list, which names its paper" in strange.reason
    assert mediargus_txt.count_marks(io.BytesIO(data), FEED) == 2


def test_two_texts_without_their_headlines_do_not_get_the_same_place() -> None:
    dump = listed(1, page="6") + listed(2, page="6") + "\n\n" + text(6, "Anders") + text(6, "Nog anders")
    assert [piece["headline"] for piece in pieces(dump) if isinstance(piece, dict)] == ["Titel 1", "Titel 2"]


PAPERS = ("Zoutstad", "Havenbode", "Het Blad")


def of_papers(begins: dict[str, str]) -> str:
    """A list of articles with one day, page and headline, with the first words of each."""
    return "".join(
        f"{number}. Kort\n\n{paper}, zaterdag 14 maart 2026, p. 6, 3w.\n\n{words} ...\n\n\n"
        for number, (paper, words) in enumerate(begins.items(), 1)
    )


@pytest.mark.parametrize("order", [("Zoutstad", "Havenbode", "Het Blad"), ("Het Blad", "Havenbode"), ("Havenbode",)])
def test_papers_with_the_same_headline_day_and_page_get_the_text_that_begins_as_listed(order: tuple[str, ...]) -> None:
    dump = of_papers({paper: f"Van {paper}" for paper in PAPERS}) + "".join(
        text(6, headline="Kort", body=f"Van {paper} zelf.") for paper in order
    )
    records = [piece for piece in pieces(dump) if isinstance(piece, dict)]
    assert [(each["publication"], each["body"]) for each in records] == [(each, f"Van {each} zelf.") for each in order]


def test_texts_of_which_nothing_tells_the_paper_are_rejected() -> None:
    found = pieces(of_papers(dict.fromkeys(PAPERS, "Er is")) + 2 * text(6, headline="Kort", body="Er is ijs."))
    assert not any(isinstance(piece, dict) for piece in found)
    reasons = [piece.reason for piece in found if isinstance(piece, Reject)]
    assert sum("in that of several papers alike" in reason for reason in reasons) == 2


def test_a_text_on_another_page_than_listed_is_rejected_once() -> None:
    found = pieces(listed(1) + listed(2, page="5/6") + listed(3) + "\n\n" + text(1) + text(5, "Titel 2") + text(3))
    assert sum(isinstance(piece, dict) for piece in found) == 2
    (reject,) = (piece for piece in found if isinstance(piece, Reject))
    assert b"Titel 2" in reject.piece
    assert [piece.text for piece in found if isinstance(piece, Skip)][1:] == ["Titel 2"]


@pytest.mark.parametrize("number", [1, 2])
def test_a_text_that_breaks_off_is_partial(number: int) -> None:
    texts = [*map(text, range(1, number)), text(number).partition(" ©")[0]]
    *_, last, doubt = pieces(export(range(1, number + 1), texts))
    assert isinstance(last, dict) and isinstance(doubt, Doubt)
    assert last["is_partial"]
    assert doubt.warning.startswith("1 of its texts have fewer words than its list says")


def test_a_day_and_page_within_a_text_end_it_and_it_is_partial() -> None:
    dump = export(range(1, 4), [text(1), text(2, body="Het begin.\n\n13-03-2026, p.9\n\nHet eind."), text(3)])
    found = pieces(dump)
    assert [piece.get("is_partial", False) for piece in found if isinstance(piece, dict)] == [False, True, False]
    assert sum(isinstance(piece, Reject) for piece in found) == 1


def test_a_list_alone_is_refused() -> None:
    with pytest.raises(DumpError, match="has 2 articles in its list and 0 texts"):
        pieces(export(range(1, 3), []))


WORDS = st.text(st.characters(codec="utf-8", categories=("Ll", "Lu", "Nd")), min_size=1, max_size=12)


@given(st.lists(st.lists(WORDS, min_size=1, max_size=4), min_size=1, max_size=5))
def test_each_text_gets_its_own_headline(bodies: list[list[str]]) -> None:
    texts = [text(number, body="\n\n".join(body)) for number, body in enumerate(bodies, 1)]
    found = [piece for piece in pieces(export(range(1, len(texts) + 1), texts)) if isinstance(piece, dict)]
    assert [(each["headline"], each["body"]) for each in found] == [
        (f"Titel {number}", "\n\n".join(body)) for number, body in enumerate(bodies, 1)
    ]
