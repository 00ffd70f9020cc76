"""Plain texts joined in one file: refused with what was found, and counted by another method; one article never is."""

from __future__ import annotations

import io
from typing import Any

import pytest
from sample_dumps import corpus

from etl import formats
from etl.formats import plain_txt
from etl.formats.common import joined, repeated_lines
from etl.model import Doubt, DumpError, Feed, RawRecord

FEED = Feed("notes", format="plain_txt")
TEXT = (
    "The harbour council met on Monday evening and agreed to rebuild the old pier before the winter storms arrive.\n\n"
    "Fishermen from the northern quay said that the plan leaves them without a landing place for eight months."
)


def joined_text(
    *, above: tuple[str, ...] = (), before: str = "", after: str = "", between: str = "", n: int = 3
) -> str:
    """Articles in one file, each with these lines above its headline, between that and the text, and below it."""
    return f"\n\n{between}\n\n".join(
        "\n\n".join(filter(None, [*above, f"The old pier, part {at}", before, TEXT, after])).format(at=at)
        for at in range(1, n + 1)
    )


def read(text: str, **stanza: Any) -> list[Any]:
    return list(plain_txt.read(io.BytesIO(text.encode()), Feed("notes", **stanza)))


KINDS = {
    "end": {"after": "-30-"},
    "hashes": {"after": "###"},
    "ends": {"after": "ENDS"},
    "ende": {"after": "- Ende -"},
    "copyright": {"after": "Copyright 2026 The Harbour Gazette"},
    "rights": {"after": "© 2026 Gazette. All rights reserved."},
    "document": {"above": ("Document {at} of 3",)},
    "number": {"above": ("{at} of 3 articles",)},
    "dokument": {"above": ("Dokument {at} von 3",)},
    "headline": {"above": ("Headline: The old pier",)},
    "title": {"above": ("Titel: Der alte Pier",)},
    "byline": {"before": "By Ann Lee"},
    "two names": {"before": "By Ann Lee and Bo Ek"},
    "von": {"before": "Von Jürgen Öztürk"},
    "address": {"before": "- Ann Lee ann@gazette.example"},
    "form feed": {"between": "\f"},
}


@pytest.mark.parametrize("kind", KINDS)
def test_joined_articles_are_refused_and_counted(kind: str) -> None:
    text = joined_text(**KINDS[kind])  # type: ignore[arg-type]
    with pytest.raises(DumpError, match=r"holds about 3 articles, .* begin at line 1: .*; line \d+: .*one_article"):
        read(text)
    assert plain_txt.count_marks(io.BytesIO(text.encode()), FEED) == 3
    assert plain_txt.count_marks(io.BytesIO(text.encode("utf-16")), FEED) == 3
    one = joined_text(**KINDS[kind], n=1)  # type: ignore[arg-type]
    assert len(read(one)) == plain_txt.count_marks(io.BytesIO(one.encode()), FEED) == 1


@pytest.mark.parametrize(
    "line", ["1 March 2026", "March 1, 2026", "Sunday, 1 March 2026", "2026-03-01 09:15", "2026年3月1日"]
)
def test_a_date_below_each_headline_is_enough_to_refuse(line: str) -> None:
    with pytest.raises(DumpError, match="holds about 3 articles"):
        read(joined_text(before=line))
    assert len(read(joined_text(before=line, n=1))) == 1


def test_datelines_of_agencies_are_counted() -> None:
    text = joined_text().replace("The harbour council", "FURT, March 1 (Valley Wire) - The harbour council")
    assert plain_txt.count_marks(io.BytesIO(text.encode()), FEED) == 3
    with pytest.raises(DumpError, match="holds about 3 articles"):
        read(text)


def test_a_stanza_may_say_that_it_is_one_article() -> None:
    text = joined_text(after="###")
    feed = Feed("notes", one_article=True)
    assert len(read(text, one_article=True)) == plain_txt.count_marks(io.BytesIO(text.encode()), feed) == 1


ONE = {
    "a note after the end": f"Pier to be rebuilt\n\nBy Ann Lee\n\n{TEXT}\n\n###\n\nAbout Acme\n\n{TEXT}",
    "subheadings": f"Pier\n\nBy Ann Lee\n\n{TEXT}\n\nThe winter\n\n{TEXT}\n\nThe jetty\n\n{TEXT}",
    "breaks of a section": f"Pier\n\n{TEXT}\n\n***\n\n{TEXT}\n\n* * *\n\n{TEXT}",
    "an author below, too": f"Pier\n\nBy Ann Lee\n\n{TEXT}\n\nAnn Lee is the editor.\n\n1 March 2026",
    "a printed page ends": f"Pier\n\n{TEXT} They said\n\fthat the plan leaves them without a place to land.\n\n{TEXT}",
    "a list of dates": f"Pier\n\n{TEXT}\n\n1 March 2026: the council meets.\n\n2 March 2026: work begins.\n\n{TEXT}",
    "sources of tables": f"Pier\n\n{TEXT}\n\nSource: the council\n\n{TEXT}\n\nSource: the harbour board",
    "events": f"Pier\n\n{TEXT}\n\nDate: 1 March 2026\n\n{TEXT}\n\nDate: 2 March 2026",
    "questions": f"Pier\n\nQ: Why?\n\n{TEXT}\n\nQ: When?\n\n{TEXT}",
}


@pytest.mark.parametrize("name", ONE)
def test_one_article_is_not_refused(name: str) -> None:
    assert len(read(ONE[name])) == repeated_lines.count(ONE[name].encode()) == 1


def texts_of(folder: str, reader: str, pattern: str) -> list[str]:
    found = []
    for path in sorted(corpus(folder).glob(pattern)):
        pieces = formats.named(reader).read(io.BytesIO(path.read_bytes()), FEED)
        records: list[RawRecord] = [piece for piece in pieces if isinstance(piece, dict)]
        found += [f"{record.get('headline')}\n\n{record.get('body')}" for record in records]
    return found


@pytest.mark.parametrize(
    ("folder", "reader", "pattern", "most"),
    [
        ("reuters21578-sgml", "reuters_sgml", "reut2-00[0-4].sgm", 3),
        ("nexis-docx", "nexis_docx", "*", 1),
        ("nexis-html", "nexis_html", "*", 0),
        ("factiva-html", "factiva_html", "*", 0),
    ],
)
def test_real_articles_as_plain_text_are_one(folder: str, reader: str, pattern: str, most: int) -> None:
    texts = texts_of(folder, reader, pattern)
    assert len(texts) > 50
    assert sum(len(joined.begins(text)) > 1 for text in texts) <= most
    assert sum(repeated_lines.count(text.encode()) > 1 for text in texts) == 0


def test_lines_that_look_like_headlines_are_told_and_the_text_is_read() -> None:
    one, two = (f"The old pier, part {number}\n\n{TEXT}\n\n{TEXT}\n\n{TEXT}" for number in (1, 2))
    *_, doubt = read(f"{one}\n{two}")
    assert isinstance(doubt, Doubt)
    assert "it may hold 2 articles: lines 1, 1" in doubt.warning
    assert len(read(one)) == len(read(f"{one}\n{two}", one_article=True)) == 1


def test_a_headline_within_a_text_that_has_none_is_told() -> None:
    text = f"{TEXT}\n\n{TEXT}\n\n{TEXT}"
    doubt = read(f"\n{text}\n\nThe old pier\n\n{text}")[-1]
    assert isinstance(doubt, Doubt)
    assert "it may hold 2 articles: lines 2, 14 look like beginnings" in doubt.warning
    assert not any(isinstance(piece, Doubt) for piece in read(text))


def test_texts_without_headlines_are_told_by_the_gap_between_them() -> None:
    text = f"{TEXT}\n\n{TEXT}\n\n{TEXT}"
    doubt = read(f"{text}\n\n\n{text}")[-1]
    assert isinstance(doubt, Doubt)
    assert "it may hold 2 articles: lines 1, 14 look like beginnings" in doubt.warning
    wide = text.replace("\n", "\n\n")
    assert not any(isinstance(piece, Doubt) for piece in read(wide))


@pytest.mark.parametrize(
    "head",
    [
        "1 March 2019\nPlan {} for the pier",
        "Plan {} für den Hafen\nHerald, 1. März 2019, S. 1",
        "https://herald.example/{}\nPlan {} for the pier",
        "The Herald\n\nPlan {} for the pier\n\nA deck of some words",
    ],
)
def test_heads_of_any_kind_above_long_texts_are_told(head: str) -> None:
    text = "\n\n".join(f"{head.format(number, number)}\n\n{TEXT}\n\n{TEXT}\n\n{TEXT}" for number in (1, 2, 3))
    doubt = read(text)[-1]
    assert isinstance(doubt, Doubt)
    assert "it may hold 3 articles" in doubt.warning


def test_texts_without_spaces_are_measured_by_their_characters() -> None:
    text = "\n\n".join(
        f"旧桟橋を再建へ{number}\n2019年3月1日\n\n{'港口委员会同意重建旧码头。' * 12}" for number in (1, 2)
    )
    assert isinstance(read(text)[-1], Doubt)
