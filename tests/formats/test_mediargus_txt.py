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
    *_, first, second, third = pieces(export(range(1, 4), [text(1), text(2, headline="Anders"), text(3)]))
    assert isinstance(first, dict) and isinstance(second, dict) and isinstance(third, dict)
    assert (second["headline"], second["body"]) == ("Titel 2", "Anders\n\nDe hele tekst.")


def test_a_text_that_is_not_listed_is_not_given_the_paper_of_another() -> None:
    data = export(range(1, 2), [text(1), text(9)]).encode()
    *_, first, strange = mediargus_txt.read(io.BytesIO(data), FEED)
    assert isinstance(first, dict)
    assert isinstance(strange, Reject)
    assert "is not in the list, which names its paper" in strange.reason
    assert mediargus_txt.count_marks(io.BytesIO(data), FEED) == 2


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
