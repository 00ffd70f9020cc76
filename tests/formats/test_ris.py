"""RIS: references with abstracts, their ends, and what stands before, between and behind them."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_dumps import expected, samples

from etl.formats import ris
from etl.model import Doubt, DumpError, Feed, Piece, Reject, Skip

FEED = Feed("archive")


def pieces(text: str | bytes) -> list[Piece]:
    """What is read: as many records and rejects as there are marks."""
    data = text if isinstance(text, bytes) else text.encode()
    found = list(ris.read(io.BytesIO(data), FEED))
    assert ris.count_marks(io.BytesIO(data), FEED) == sum(isinstance(piece, dict | Reject) for piece in found)
    return found


def reference(*lines: str) -> str:
    return "\n".join(["TY  - NEWS", *lines, "ER  - ", ""])


@pytest.mark.parametrize("sample", samples("ris"), ids=lambda path: path.name)
def test_samples(sample: Path) -> None:
    before, *records = pieces(sample.read_bytes())
    assert isinstance(before, Skip)
    assert records == expected(sample)


def test_line_ends_and_blanks_of_other_programs_mean_the_same() -> None:
    plain = pieces(reference("TI  - Ferry", "AB  - It sails.", "It is late.") * 2)
    for text in (
        (reference("TI  - Ferry", "AB  - It sails.", "It is late.") * 2).replace("\n", "\r\n"),
        (reference("TI  - Ferry", "AB  - It sails.", "It is late.") * 2).replace("  -", " -"),
        "\ufeff" + reference("TI  - Ferry", "AB  - It sails.", "It is late.") * 2,
        (reference("TI  - Ferry", "AB  - It sails.", "It is late.") * 2).rstrip(),
    ):
        assert pieces(text) == plain


def test_a_reference_that_does_not_end_is_read_and_the_last_one_told() -> None:
    cut = reference("TI  - Ferry", "AB  - It sails.").removesuffix("ER  - \n")
    first, second = pieces(cut + reference("TI  - Ice"))
    assert isinstance(first, dict)
    assert isinstance(second, dict)
    assert first["headline"] == "Ferry"
    *_, doubt = pieces(reference("TI  - Ice") + cut)
    assert isinstance(doubt, Doubt)
    assert "line 4, does not end" in doubt.warning


def test_a_reference_without_its_beginning_is_rejected() -> None:
    first, second, third = pieces(reference("TI  - Ferry") + "TI  - Ice\nER  - \n" + reference("TI  - Rain"))
    assert isinstance(first, dict)
    assert isinstance(second, Reject)
    assert b"TI  - Ice" in second.piece
    assert isinstance(third, dict)


def test_a_reference_of_nothing_or_in_another_encoding_is_rejected_alone() -> None:
    good = reference("TI  - Fähre", "AB  - Sie fährt über den Fluß.").encode()
    found = pieces(
        good + b"TY  - NEWS\nUR  - https://a.example/\nER  - \n" + good + b"TY  - NEWS\nTI  - F\xe4hre\nER  - \n" + good
    )
    assert [type(piece) for piece in found] == [dict, Reject, dict, Reject, dict]


@pytest.mark.parametrize(
    "text", ["TY  - NEWS", "TY was here.\nAnd left.", "TI  - Ferry\nER  - \n", "type - a\nTY - \n"]
)
def test_what_is_not_a_list_of_references_is_not_taken_for_one(text: str) -> None:
    assert ris.recognise(text.encode(), "a.ris") == 0


def test_a_text_without_a_reference_is_an_error() -> None:
    with pytest.raises(DumpError, match="holds no reference"):
        list(ris.read(io.BytesIO(b"The ferry sails."), FEED))


@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp", "Cs")), min_size=1),
        min_size=1,
        max_size=9,
    )
)
def test_every_reference_is_read(titles: list[str]) -> None:
    pieces("".join(reference(f"TI  - {title}") for title in titles))


@pytest.mark.parametrize(
    ("lines", "published"),
    [
        (("PY  - 2018", "DA  - Jan 5, 2018"), "Jan 5, 2018"),
        (("PY  - 2018", "DA  - 5. Januar 2018"), "5. Januar 2018"),
        (("PY  - 2018", "DA  - Jan 5, 2017"), "2018"),
        (("PY  - 2018", "DA  - Spring 2018"), "2018"),
        (("PY  - 2018", "DA  - 05/01/2018"), "2018"),
        (("PY  - 2018", "DA  - 2018/01/05/"), "2018-01-05"),
    ],
)
def test_a_day_in_words_is_better_than_a_year(lines: tuple[str, ...], published: str) -> None:
    (found,) = pieces(reference("TI  - Ferry", "AB  - It sails.", *lines))
    assert isinstance(found, dict)
    assert found["published"] == published
    assert published == "2018" or "DA" not in found.get("extra", {})
