"""Europresse, old layout and new: who wrote it is not body, nor are copyright and certificate."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_dumps import SAMPLES, corpus, expected, samples

from etl import formats
from etl.formats import europresse_html
from etl.model import Doubt, DumpError, Feed, Piece, Reject

FEED = Feed("europresse")


def pieces(data: bytes) -> list[Piece]:
    """The records and rejects: the samples break off, and say so."""
    return [piece for piece in europresse_html.read(io.BytesIO(data), FEED) if not isinstance(piece, Doubt)]


def marks(data: bytes) -> int:
    return europresse_html.count_marks(io.BytesIO(data), FEED)


def old(header: str = "Régions, lundi 2 mars 2026, p. 3", body: str = "Texte.<p></p>", name: str = "Le Quai") -> bytes:
    spans = f'<span class="DocPublicationName">{name}</span><br><span class="DocHeader">{header}</span><br><br>'
    title = '<span class="TitreArticleVisu">Titre</span><br><br>'
    end = "© 2026 Le Quai<p></p>Numéro de document : news·20260302·QU·7<br><table><tr><td>Certificat</td></tr></table>"
    return f"<html><table><tr><td>{spans}{title}{body}{end}</td></tr></table></html>".encode()


def article(**parts: str) -> dict[str, Any]:
    (found,) = pieces(old(**parts))
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("sample", samples("europresse_html"), ids=lambda path: path.name)
def test_samples(sample: Any) -> None:
    data = sample.read_bytes()
    found = pieces(data)
    assert [piece for piece in found if isinstance(piece, dict)] == expected(sample)
    assert marks(data) == len(found)
    assert formats.recognise(data[: formats.HEAD_BYTES], "") == "europresse_html"


def test_no_other_dump_is_taken_for_it() -> None:
    others = [path for path in SAMPLES.rglob("*") if path.is_file() and path.parent.name != "europresse_html"]
    assert others
    for path in others:
        assert europresse_html.recognise(path.read_bytes()[: formats.HEAD_BYTES], "") == 0


@pytest.mark.parametrize(
    ("header", "section", "published", "page"),
    [
        ("Régions, lundi 2 mars 2026, p. 3", "Régions", "lundi 2 mars 2026", "3"),
        ("lundi 2 mars 2026", None, "lundi 2 mars 2026", None),
        ("Sports 2 mars 2026", "Sports", "2 mars 2026", None),
        ("Économie, Finances, lundi 2 mars 2026 838 mots, p. MDE6", "Économie, Finances", "lundi 2 mars 2026", "MDE6"),
        ("Monday, March 2, 2026 13887 words, p. 819(40)", None, "Monday, March 2, 2026", "819(40)"),
        ("lundi 2 mars 2026 - 14:30 UTC +01:00 20 mots", None, "lundi 2 mars 2026 14:30 UTC +01:00", None),
        ("Les 24 mars 1999 et après, 2 mars 2026", "Les 24 mars 1999 et après", "2 mars 2026", None),
        ("1er mars 2026, p. A1, A4", None, "1er mars 2026", "A1"),
    ],
)
def test_headers(header: str, section: str | None, published: str, page: str | None) -> None:
    found = article(header=header)
    assert (found.get("section"), found["published"], found.get("page")) == (section, published, page)


def test_a_header_without_a_date_is_kept() -> None:
    assert article(header="Régions, p. 3")["extra"]["header"] == "Régions, p. 3"


@pytest.mark.parametrize(
    ("name", "publication", "issue"),
    [
        ("Le Quai, no. 5968", "Le Quai", "no. 5968"),
        ("Law Review, Vol. 14, no 4", "Law Review", "Vol. 14, no 4"),
        ("Ouest, Sud et Nord", "Ouest, Sud et Nord", None),
        ("Télé 7", "Télé 7", None),
    ],
)
def test_the_issue_is_no_part_of_the_publication(name: str, publication: str, issue: str | None) -> None:
    found = article(name=name)
    assert (found["publication"], found["extra"].get("issue")) == (publication, issue)


@pytest.mark.parametrize(
    ("body", "byline", "text"),
    [
        ("Ève Noël<br><p></p>Texte.<p></p>", "Ève Noël", "Texte."),
        ("Texte court<p></p>Fin.<p></p>", None, "Texte court\n\nFin."),
        ("Une phrase entière.<br><p></p>Fin.<p></p>", None, "Une phrase entière.\n\nFin."),
        ("Un<br>Deux<br><br>Trois<p></p>", None, "Un\nDeux\n\nTrois"),
        ("<p>Un <b>mot</b></p><div>Deux</div>", None, "Un mot\n\nDeux"),
        ("<table><tr><td>1</td></tr></table>Fin.<p></p>", None, "1\n\nFin."),
    ],
)
def test_an_author_stands_on_a_line_alone(body: str, byline: str | None, text: str) -> None:
    found = article(body=body)
    assert (found.get("byline"), found["body"]) == (byline, text)
    assert found["extra"]["copyright"] == "© 2026 Le Quai"


def test_a_second_name_before_the_header_opens_no_article() -> None:
    data = old().replace(b"</span><br>", b'</span><span class="DocPublicationName">2</span><br>', 1)
    assert len(pieces(data)) == marks(data) == 1


def test_a_headline_alone_is_rejected() -> None:
    data = b"<article><header><div class='titreArticle'>Title</div></header></article>"
    (reject,) = pieces(data)
    assert isinstance(reject, Reject)
    assert "neither a publication nor a date" in reject.reason


def test_a_line_that_never_ends_takes_no_time() -> None:
    (found,) = pieces(old(body="x" * 4_000_000 + "<p></p>"))
    assert isinstance(found, dict)
    assert len(found["body"]) == 4_000_000


def test_a_list_of_titles_is_an_error_that_names_what_is_missing() -> None:
    with pytest.raises(DumpError, match='neither an <article> nor a <span class="DocPublicationName">'):
        pieces(b"<html><ol><li>Titre</li></ol></html>")


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_is_done_to_its_tags_nothing_is_read_that_is_not_marked(data: st.DataObject) -> None:
    sample = data.draw(st.sampled_from(samples("europresse_html")))
    tags = sample.read_bytes().split(b"<")
    start = data.draw(st.integers(0, len(tags) - 1))
    end = data.draw(st.integers(start, len(tags)))
    change = data.draw(st.sampled_from(("drop", "double", "cut")))
    changed = {"drop": tags[:start] + tags[end:], "double": tags[:end] + tags[start:], "cut": tags[:end]}[change]
    dump = b"<".join(changed)
    try:
        found = pieces(dump)
    except DumpError:
        return
    assert len(found) <= marks(dump)  # where it is less, the dump is refused


def test_real_dumps() -> None:
    data = (corpus("europresse-html") / "europresse_test1.html").read_bytes()
    found = pieces(data)
    assert len(found) == marks(data) == 3
    assert [piece["native_id"].rpartition("·")[2] for piece in found if isinstance(piece, dict)] == [
        "2040056000",
        "175071",
        "156190",
    ]
    assert formats.recognise(data[: formats.HEAD_BYTES], "") == "europresse_html"


@pytest.mark.parametrize(("name", "sign"), [("elements.html", b"<article"), ("lines.html", b"DocPublicationName")])
def test_a_document_whose_begin_is_marked_otherwise_is_counted(name: str, sign: bytes) -> None:
    data = (SAMPLES / "europresse_html" / name).read_bytes()
    before, *parts = data.split(sign)
    numbered = [at for at, part in enumerate(parts) if "·".encode() in part]
    assert len(numbered) > 1
    for changed in numbered:
        begins = (b"<b" if at == changed else sign for at in range(len(parts)))
        odd = before + b"".join(begin + part for begin, part in zip(begins, parts, strict=True))
        assert marks(odd) == marks(data)
