"""Exports that end too early: the file says so, and a text that breaks off is partial."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_dumps import samples

from etl import formats
from etl.formats.vendor import endings
from etl.model import Declared, Doubt, Feed, Piece, Reject, Skip

FEED = Feed("cut")
RULE = "_" * 60
PAGES = ("nexis_html", "proquest_html", "defacto_html", "yomidas_html", "integrum_html", "knipsels_html", "kikuzo_html")


def pieces(name: str, data: bytes) -> list[Piece]:
    """What is read of a dump: as many records and rejects as there are marks."""
    reader = formats.named(name)
    found = list(reader.read(io.BytesIO(data), FEED))
    assert reader.count_marks(io.BytesIO(data), FEED) == sum(isinstance(piece, dict | Reject) for piece in found)
    return found


def warnings(found: list[Piece]) -> str:
    return "\n".join(piece.warning for piece in found if isinstance(piece, Doubt))


def records(found: list[Piece]) -> list[dict[str, Any]]:
    return [piece for piece in found if isinstance(piece, dict)]


def nexis_text(*numbers: str) -> str:
    text = ("Ferry late", "It was late.", "LOAD-DATE: March 2, 2026", "LANGUAGE: ENGLISH")
    heads = ([line.center(80) for line in (number, "The Courier", "March 1, 2026 Sunday")] for number in numbers)
    return "\n\n".join("\n\n".join([*head, *text]) for head in heads)


def proquest_text(*numbers: str) -> str:
    fields = "Full text: It was late.\n\nPublication title: The Pier\n\nProQuest document ID: 900000001"
    return "".join(f"{RULE}\n\n{number}\n\nFerry late\n\n{fields}\n\n" for number in numbers) + RULE


NUMBERED = {
    "nexis_txt": ("{} of {} DOCUMENTS", "Dokument {} von {}", nexis_text),
    "proquest_txt": ("Document {} of {}", "Dokument {} von {}", proquest_text),
}


@pytest.mark.parametrize("name", NUMBERED)
@pytest.mark.parametrize("language", [0, 1])
def test_a_text_that_ends_before_the_stated_total_says_so(name: str, language: int) -> None:
    number, text = NUMBERED[name][language], NUMBERED[name][2]
    found = pieces(name, text(*(number.format(at, 74) for at in (1, 2, 3))).encode())
    assert Declared(3) in found
    assert "end with 3 of 74: 71 more documents should be in another file" in warnings(found)
    assert not any(record.get("is_partial") for record in records(found))


@pytest.mark.parametrize("name", NUMBERED)
def test_a_text_that_is_the_last_part_of_an_export_is_whole(name: str) -> None:
    number, _, text = NUMBERED[name]
    assert warnings(pieces(name, text(*(number.format(at, 4) for at in (3, 4))).encode())) == ""


@pytest.mark.parametrize("name", NUMBERED)
def test_an_article_that_breaks_off_is_partial(name: str) -> None:
    number, _, text = NUMBERED[name]
    data = text(*(number.format(at, 9) for at in (1, 2))).encode()
    found = records(pieces(name, data[: data.rindex(b"late.")]))
    assert [record.get("is_partial") for record in found] == [None, True]


OLD_HEAD = ("{} of {} DOCUMENTS", "Copyright 2004 The Courier Company", "The Courier", "March 1, 2004 Monday")


def old_nexis_text(*numbers: tuple[int, int]) -> str:
    """The layout until about 2006: the copyright stands above the text, and nothing but labels below it."""
    text = ("BYLINE: Ann Lee", "HEADLINE: Ferry late", "BODY:\nIt was late.", "LOAD-DATE: March 2, 2004")
    heads = ([line.center(80) for line in (OLD_HEAD[0].format(*number), *OLD_HEAD[1:])] for number in numbers)
    return "\n\n".join("\n\n".join([*head, *text, "LANGUAGE: ENGLISH"]) for head in heads) + "\n"


def proquest_with_info(*numbers: tuple[int, int] | None) -> str:
    """Above the text stands where and when it was published."""
    fields = (
        "Publication info: The Pier ; Furt [Furt]05 Jan 2018: A.1.\n\nFull text: It was late.\n\nSubject: Ferries\n\n"
        "Publication title: The Pier\n\nPublication date: Jan 5, 2018\n\nProQuest document ID: 900000001"
    )
    heads = ("Document {} of {}\n\n".format(*number) if number else "" for number in numbers)
    return "".join(f"{RULE}\n\n{head}Ferry late\n\n{fields}\n\n" for head in heads) + RULE


@pytest.mark.parametrize("whole", [old_nexis_text((1, 9), (2, 9)), old_nexis_text((1, 30), (2, 30), (3, 30))])
def test_a_copyright_above_the_text_does_not_end_it(whole: str) -> None:
    assert not any(record.get("is_partial") for record in records(pieces("nexis_txt", whole.encode())))
    found = pieces("nexis_txt", whole[: whole.rindex("late.")].encode())
    assert [record.get("is_partial") for record in records(found)] == [None] * (len(records(found)) - 1) + [True]
    assert "the last text breaks off" in warnings(found)


@pytest.mark.parametrize(
    "whole",
    [
        proquest_with_info(None, None, None),
        proquest_with_info((1, 9), (2, 9)),
        proquest_with_info((1, 2), (2, 2)),
        proquest_with_info((1, 1)),
        proquest_with_info(None),
    ],
)
def test_what_stands_above_a_text_of_proquest_does_not_end_it(whole: str) -> None:
    kept = pieces("proquest_txt", whole.encode())
    assert not any(record.get("is_partial") for record in records(kept))
    assert "breaks off" not in warnings(kept)
    found = list(formats.named("proquest_txt").read(io.BytesIO(whole[: whole.rindex("late.")].encode()), FEED))
    assert [record.get("is_partial") for record in records(found)] == [None] * (len(records(found)) - 1) + [True]
    assert "the last text breaks off" in warnings(found)


def test_an_export_of_proquest_that_lacks_its_closing_line_only_is_whole() -> None:
    for whole in (proquest_with_info((1, 2), (2, 2)), proquest_with_info(None)):
        found = pieces("proquest_txt", whole.removesuffix(RULE).encode())
        assert not any(record.get("is_partial") for record in records(found))
        assert warnings(found) == ""


@pytest.mark.parametrize("numbers", [((1, 2), (2, 2)), (None, None)])
@pytest.mark.parametrize(
    ("end", "kept", "broken"),
    [
        ("Publication title: The", {}, "Publication title: The"),
        ("Publication date: Jan 5, 2", {"publication": "The Pier"}, "Publication date: Jan 5, 2"),
        (
            "Publication date: Jan 5, 2018\n\nProQuest doc",
            {"publication": "The Pier", "published": "Jan 5, 2018"},
            None,
        ),
        ("Publication date: Jan 5, 2018\n", {"publication": "The Pier", "published": "Jan 5, 2018"}, None),
        (
            "ProQuest document ID: 9000",
            {"publication": "The Pier", "published": "Jan 5, 2018"},
            "ProQuest document ID: 9000",
        ),
    ],
)
def test_a_field_in_which_an_export_of_proquest_breaks_off_is_not_believed(
    numbers: tuple[tuple[int, int] | None, ...], end: str, kept: dict[str, str], broken: str | None
) -> None:
    whole = proquest_with_info(*numbers).replace("Furt [Furt]05 Jan 2018", "Furt")
    found = pieces("proquest_txt", (whole[: whole.rindex(end)] + end).encode())
    last = records(found)[-1]
    assert {name: last[name] for name in ("publication", "published", "native_id") if last.get(name)} == kept
    assert (last["body"], last["extra"].get("breaks_off")) == ("It was late.", broken)
    assert "the last document breaks off among its fields" in warnings(found)


@pytest.mark.parametrize("head", ["Ferry la", "Ferry late\n\nPublication info: The Pier ; Furt"])
def test_a_document_of_proquest_that_breaks_off_above_its_text_is_rejected(head: str) -> None:
    found = pieces("proquest_txt", f"{proquest_with_info(None, None)}\n\n{head}".encode())
    assert [piece.piece.decode() for piece in found if isinstance(piece, Reject)] == [head]
    assert len(records(found)) == 2


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("numbers", "end"),
    [
        (None, "Écrivez à ProQuest\n\nBase de données © 2026 ProQuest LLC."),
        (None, "Database copyright   2026 ProQuest LLC. All rights reserved.\nTerms and Conditions: https://x.example"),
        (None, "Copyright der Datenbank (C) 2026 ProQuest LLC."),
        (None, "Bibliography\nLee, Ann. The Pier. https://x.example/1"),
        (None, "Bibliography\n\nCitation style: Chicago\n\nLee, Ann. The Pier."),
        ((2, 2), "Search strategy: ferry AND harbour"),
    ],
)
def test_what_stands_below_the_last_document_of_proquest_begins_no_other(
    numbers: tuple[int, int] | None, end: str, newline: str
) -> None:
    whole = proquest_with_info(numbers and (1, 2), numbers)
    found = pieces("proquest_txt", f"{whole}\n\n{end}\n".replace("\n", newline).encode())
    assert [piece.text for piece in found if isinstance(piece, Skip)] == [end]
    assert (len(records(found)), warnings(found)) == (2, "")


@pytest.mark.parametrize("end", ["", "\n\nLast updated: May 1, 2018\n"])
def test_an_export_of_proquest_that_ends_like_its_other_documents_is_whole(end: str) -> None:
    found = pieces("proquest_txt", (proquest_with_info(None, None).removesuffix("\n\n" + RULE) + end).encode())
    assert (records(found)[-1]["native_id"], warnings(found)) == ("900000001", "")


def test_an_export_of_proquest_that_ends_with_its_closing_line_is_whole_whatever_its_last_document_lacks() -> None:
    whole = proquest_with_info((1, 9), (2, 9))
    found = pieces("proquest_txt", f"{whole[: whole.rindex('Subject')]}Pages: 1\n\n{RULE}".encode())
    assert not any(record.get("is_partial") for record in records(found))
    assert "breaks off" not in warnings(found)


@pytest.mark.parametrize("text", [nexis_text("1 of 2 DOCUMENTS", "2 of 2 DOCUMENTS"), old_nexis_text((1, 2), (2, 2))])
def test_the_last_text_of_a_total_that_ends_unlike_all_others_is_doubted(text: str) -> None:
    assert warnings(pieces("nexis_txt", text.encode())) == ""
    found = pieces("nexis_txt", text[: text.rindex("late.")].encode())
    assert not any(record.get("is_partial") for record in records(found))
    assert "the last text may break off" in warnings(found)


@pytest.mark.parametrize(
    ("end", "is_doubted"),
    [
        (" It was late, said the cap", True),
        (" It was late,\n", True),
        (" It was late.\n", False),
        (' "It was late."\n', False),
        (" It was late\n\nLANGUAGE: ENGLISH\n", False),
        (f" It was late\n\n{'Copyright 2026 The Courier':^80}\n", False),
    ],
)
def test_an_only_text_of_nexis_is_doubted_where_it_ends_within_a_sentence(end: str, is_doubted: bool) -> None:
    head = nexis_text("1 of 1 DOCUMENTS").partition("LOAD-DATE")[0].rstrip()
    found = pieces("nexis_txt", f"{head}{end}".encode())
    assert [record.get("is_partial") for record in records(found)] == [None]
    assert ("the last text may break off" in warnings(found)) is is_doubted


def test_nothing_is_said_of_documents_that_all_end_with_their_texts() -> None:
    bare = re.sub(r"\n\nLOAD-DATE.*\n\nLANGUAGE.*", "", nexis_text("1 of 2 DOCUMENTS", "2 of 2 DOCUMENTS"))
    assert warnings(pieces("nexis_txt", bare.encode())) == ""


@pytest.mark.parametrize("name", PAGES)
def test_a_page_that_breaks_off_says_so(name: str) -> None:
    (page,) = (max((path.read_bytes() for path in samples(name)), key=len),)
    page = page[: page.lower().rindex(b"</html>") + 7]
    assert "</html>" not in warnings(pieces(name, page))
    assert "does not end with </html>" in warnings(pieces(name, page[: int(len(page) * 0.97)]))


def test_a_page_of_factiva_that_breaks_off_between_two_articles_says_so() -> None:
    page = next(path for path in samples("factiva_html") if path.name == "german_ui.html").read_bytes()
    whole = pieces("factiva_html", page)
    found = pieces("factiva_html", page[: page.rindex(b'<div class="article ')])
    assert not warnings(whole) and records(found) == records(whole)[:-1]
    assert "does not end with </html>" in warnings(found)


@pytest.mark.parametrize(("sample", "start"), [("lines.html", b"<table"), ("elements.html", b"<article")])
def test_a_page_of_europresse_that_breaks_off_between_two_articles_says_so(sample: str, start: bytes) -> None:
    page = next(path for path in samples("europresse_html") if path.name == sample).read_bytes()
    page = page[: page.rindex(start)]
    whole, found = (pieces("europresse_html", data) for data in (page + b"</body></html>", page))
    assert not warnings(whole) and records(found) == records(whole)
    assert "does not end with </html>" in warnings(found)


def test_the_text_in_which_a_page_breaks_off_is_partial() -> None:
    (sample,) = samples("defacto_html")
    page = sample.read_bytes()
    found = records(pieces("defacto_html", page[: page.rindex(b"</p>") - 4]))
    assert [record.get("is_partial", False) for record in found] == [False] * (len(found) - 1) + [True]


def test_a_part_of_a_page_is_partial_where_it_breaks_off_in_its_last_paragraph() -> None:
    head = '<div class="c0"><p>The Courier</p></div><div class="c0"><p>March 1, 2026 Sunday</p></div>'
    text = '<div class="c1"><p>Ferry late</p></div><div class="c1"><p>LENGTH: 9 words</p></div>'
    body = '<div class="c1"><p>It was late.</p><p>Nobody was there.</p></div>'
    style = "<style>.c0 { text-align: center } .c1 { text-align: left }</style>"
    page = style + "".join(f'<a name="DOC_ID_{at}_0"></a><!-- <DOCFULL> -->{head}{text}{body}' for at in (0, 1))
    whole = pieces("nexis_html", page.encode())
    assert (warnings(whole), [record.get("is_partial") for record in records(whole)]) == ("", [None, None])
    found = pieces("nexis_html", page[: page.rindex("was there")].encode())
    assert [record.get("is_partial") for record in records(found)] == [None, True]
    assert "the last text breaks off: the page ends within a paragraph of it" in warnings(found)


def test_a_page_that_breaks_off_between_two_documents_has_whole_ones() -> None:
    (sample,) = samples("proquest_html")
    page = sample.read_bytes()
    whole = records(pieces("proquest_html", page))
    found = records(pieces("proquest_html", page[: page.rindex(b'<a name="DocID')]))
    assert found == whole[:-1]


def test_numbers_of_a_page_are_compared_with_their_total() -> None:
    (sample,) = samples("nexis_html")
    page = sample.read_bytes()
    last = page.rindex(b"DOC_ID_")
    found = pieces("nexis_html", page[: page.rindex(b"<", 0, last)])
    assert "more document" in warnings(found)


def test_a_text_whose_place_in_the_page_is_another_one_is_rejected() -> None:
    (sample,) = (path for path in samples("kikuzo_html") if path.name == "as_sent.html")
    page = sample.read_bytes()
    whole = pieces("kikuzo_html", page)
    found = pieces("kikuzo_html", page.replace(b"detail001", b"detail002"))
    with_text = sum("body" in record for record in records(whole))
    rejected = [piece.reason for piece in found if isinstance(piece, Reject)]
    assert len(rejected) == with_text > 0
    assert all("but has no text" in reason for reason in rejected)


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9), st.integers(0, 9)), max_size=5))
def test_a_doubt_is_about_the_exports_that_nothing_goes_on_from(spans: list[tuple[int, int, int]]) -> None:
    exports = [
        [(number, first + more + left) for number in range(first, first + more + 1)] for first, more, left in spans
    ]
    begun = {export[0] for export in exports}
    is_open = any(
        left and (e[-1][0] + 1, e[-1][1]) not in begun for e, (_, _, left) in zip(exports, spans, strict=True)
    )
    found = list(endings.stated(exports))
    assert any(isinstance(piece, Doubt) for piece in found) is is_open
    assert sum(piece.articles for piece in found if isinstance(piece, Declared)) == sum(map(len, exports))
