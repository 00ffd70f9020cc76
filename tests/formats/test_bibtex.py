"""BibTeX: entries with texts or abstracts, macros, accents, and what does not end."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_dumps import expected, samples

from etl.formats import bibtex
from etl.formats.common.bibtex_entry import spelt
from etl.model import DumpError, Feed, Piece, Reject

FEED = Feed("archive")


def pieces(text: str) -> list[Piece]:
    """What is read: as many records and rejects as there are marks."""
    data = text.encode()
    found = list(bibtex.read(io.BytesIO(data), FEED))
    assert bibtex.count_marks(io.BytesIO(data), FEED) == sum(isinstance(piece, dict | Reject) for piece in found)
    return found


@pytest.mark.parametrize("sample", samples("bibtex"), ids=lambda path: path.name)
def test_samples(sample: Path) -> None:
    assert [piece for piece in pieces(sample.read_text()) if isinstance(piece, dict)] == expected(sample)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"{\"o}l und \"{u}ber \ss{} na\"ive", "öl und über ß naïve"),
        (r"\'Etat, Fran\c{c}ois, \v{S}koda, {\'\i}sland", "État, François, Škoda, ísland"),
        (r"Gr{\o}n \AA{}s \l{}\'od\'z", "Grøn Ås łódź"),
        (r"5\% of \$9 \& a \{brace\}", "5% of $9 & a {brace}"),
        (r"a command \name{stays} \as{it}{is}", r"a command \name{stays} \as{it}{is}"),
        (r"\emph{ice} and {\it sn\"{o}w}, \textbf{\textit{rain}}", "ice and snöw, rain"),
        ("wrapped\n   line\n\n  next", "wrapped line\n\nnext"),
    ],
)
def test_accents_and_braces_are_spelt_out(written: str, meant: str) -> None:
    assert spelt(written) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"https://a.example/b{\_}c{\%}20d", "https://a.example/b_c%20d"),
        (r"https://a.example/b\_c\&d=1\#top", "https://a.example/b_c&d=1#top"),
        (r"https://a.example/{\~{}}b/$\sim$c/\textasciitilde d/\~e/~f", "https://a.example/~b/~c/~d/~e/~f"),
        (r"\url{https://a.example/b\_c}", "https://a.example/b_c"),
        (r"{https://a.example/b}", "https://a.example/b"),
        (r"https://a.example/?q={b}&c=\{d\}", "https://a.example/?q={b}&c={d}"),
    ],
)
def test_addresses_lose_only_their_escapes(written: str, meant: str) -> None:
    (record,) = pieces(f"@article{{a, title = {{Ferry}}, url = {{{written}}}, doi = {{{written}}}}}\n")
    assert isinstance(record, dict)
    assert (record["url"], record["extra"]["doi"]) == (meant, meant)


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ("@article{b, title = {Ice, abstract = {It melts.}\n}\n", "or the end should be"),
        ("@article{b, title = {Ice, abstract = {It melts.}\n", "not closed"),
        ("@article{b, title = {Ice}}, abstract = {It melts.}\n}\n", "closes it before its other fields"),
        ("@article{b, title = {Ice} abstract {It melts.}\n}\n", "where a field, a comma or the end should be"),
        ("@article{b, url = {https://a.example}\n}\n", "neither a title"),
        ("@article{b, title = {" + "x" * (4 << 20) + "}}\n", "longer than 4 MB"),
    ],
)
def test_a_broken_entry_is_rejected_alone(broken: str, reason: str) -> None:
    first, second, third = pieces(f"@article{{a, title = {{Ferry}}}}\n{broken}@article{{c, title = {{Rain}}}}\n")
    assert isinstance(first, dict)
    assert isinstance(second, Reject)
    assert (second.position, reason in second.reason) == ("line 2", True)
    assert isinstance(third, dict)


@pytest.mark.parametrize(
    ("month", "published"),
    [
        ('"4~" # apr', "2026-04-04"),
        ('apr # "~14"', "2026-04-14"),
        ("{14 April}", "2026-04-14"),
        ("apr", "2026-04"),
        ("4, day = 7", "2026-04-07"),
        ('apr # "/" # may', "2026"),
        ("{4 5}", "2026"),
    ],
)
def test_a_day_may_stand_with_the_name_of_its_month(month: str, published: str) -> None:
    (record,) = pieces(f"@article{{a, title = {{Ferry}}, year = 2026, month = {month}}}\n")
    assert isinstance(record, dict)
    assert record["published"] == published


def test_a_field_that_comes_twice_is_kept_twice() -> None:
    (record,) = pieces("@article{a, title = {Ferry}, note = {One}, note = {Two}}\n")
    assert isinstance(record, dict)
    assert record["extra"]["note"] == "One\n\nTwo"


@pytest.mark.parametrize(
    "text", ["@ann wrote {this}", "@media screen { a { color: red } }", "mail@a.example{x}", "@article"]
)
def test_what_is_no_list_of_references_is_not_taken_for_one(text: str) -> None:
    assert bibtex.recognise(text.encode(), "a.bib") == 0


def test_a_text_without_an_entry_is_an_error() -> None:
    with pytest.raises(DumpError, match="holds no entry"):
        list(bibtex.read(io.BytesIO(b"The ferry sails."), FEED))


@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="{}\\@", exclude_categories=("Cc", "Cs"))),
        min_size=1,
        max_size=9,
    )
)
def test_every_entry_is_read(titles: list[str]) -> None:
    pieces("".join(f"@misc{{k, title = {{{title}}}, abstract = {{It sails.}}}}\n" for title in titles))


@pytest.mark.parametrize(
    ("date", "published", "kept"),
    [
        ("2018-01-05", "2018-01-05", None),
        ("2018-01/2018-02", "2018", "2018-01/2018-02"),
        ("2018-01-05/2018-01-09", "2018-01", "2018-01-05/2018-01-09"),
        ("2018-01-05/", None, "2018-01-05/"),
        ("2018?", "2018?", "2018?"),
    ],
)
def test_of_a_span_the_date_is_what_its_ends_share(date: str, published: str | None, kept: str | None) -> None:
    (found,) = pieces(f"@article{{a, title={{Ferry}}, date={{{date}}}, abstract={{It sails.}}}}")
    assert isinstance(found, dict)
    assert (found.get("published"), found["extra"].get("date")) == (published, kept)
