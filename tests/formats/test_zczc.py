"""Messages between ZCZC and NNNN: their fields, and what is lost where a mark is lost."""

from __future__ import annotations

import pytest
from agency_files import article, check_samples, counted, marks, pieces, reasons, records
from hypothesis import given
from hypothesis import strategies as st

from etl import formats
from etl.model import Doubt, DumpError, Skip

NAME = "zczc"


def message(text: str = "Text.", *fields: str, first: str = "HAP") -> bytes:
    return "\n".join((f"ZCZC {first}", *fields, text, "NNNN", "")).encode()


def test_samples() -> None:
    check_samples(NAME)


@pytest.mark.parametrize(
    ("fields", "headline", "slug"),
    [
        ((":Word", "^Title"), "Title", "Word"),
        ((":Word",), None, "Word"),
        (("%MNETALL", ":", ":Title"), "Title", None),
        (("#Word", ":Title"), "Title", "Word"),
    ],
)
def test_the_headline_depends_on_the_other_fields(fields: tuple[str, ...], headline: str | None, slug: str) -> None:
    found = article(NAME, message("Text.", *fields))
    assert found.get("headline") == headline
    assert found.get("labels") == ([["slugline", "", slug]] if slug else None)
    assert found["body"] == "Text."


def test_a_text_that_begins_with_a_sum_is_not_a_field() -> None:
    assert article(NAME, message("$23,000 was paid.", "^Title"))["body"] == "$23,000 was paid."


@pytest.mark.parametrize("fields", [(":Slug", "^Title"), ("#Word", ":Title"), ("%MNETALL", ":Title")])
@pytest.mark.parametrize(
    "line",
    [
        "#MeToo was the word of the day in Saltby.",
        "@saltby is what the mayor calls",
        ": the ferry of saltby ran late again",
    ],
)
def test_a_first_line_of_the_text_may_begin_like_a_field(fields: tuple[str, ...], line: str) -> None:
    found = article(NAME, message(f"{line}\nThe mayor said so.", *fields))
    assert found["body"] == f"{line} The mayor said so."
    assert (found["headline"], len(found.get("labels", []))) == ("Title", int("%MNETALL" not in fields))


@pytest.mark.parametrize("field", ["#Ferry Saltby Harbour Storm Quay", "=LEAD 2", ":Ferry", "#ferry late"])
def test_a_field_below_the_headline_stays_one(field: str) -> None:
    assert article(NAME, message("Text.", "^Title", field))["body"] == "Text."


def test_a_message_without_its_end_is_rejected_where_others_have_one() -> None:
    torn = message().replace(b"NNNN\n", b"")
    found = pieces(NAME, torn + message())
    assert reasons(found) == ["has no NNNN, so it breaks off; ask its sender for this message again"]
    assert len(records(found)) == 1
    assert len(records(pieces(NAME, torn + torn))) == 2


@pytest.mark.parametrize("data", [b"ZCZC HAP001\nNNNN\n", message("", "^Title")])
def test_a_message_without_text_is_rejected(data: bytes) -> None:
    assert reasons(pieces(NAME, data)) == [
        "has no text between its fields and its end; ask its sender for this message again"
    ]


def test_a_message_without_its_beginning_is_rejected() -> None:
    data = message().replace(b"ZCZC HAP\n", b"") + message()
    found = pieces(NAME, data)
    assert reasons(found) == ["has no ZCZC, so its beginning is lost; ask its sender for this message again"]
    assert counted(found)[0] == marks(NAME, data) == 2


def test_what_stands_between_messages_is_told() -> None:
    data = message() + b"14/03 1137\n" + message() + b"\n\nOne line\nof two lost ones\n" + message()
    found = pieces(NAME, data)
    skips = [piece for piece in found if isinstance(piece, Skip)]
    assert [piece.text for piece in skips] == ["14/03 1137", "One line\nof two lost ones"]
    assert data.split(b"\n")[int(skips[1].position.split()[1]) - 1] == b"One line"
    assert isinstance(found[-1], Doubt)
    assert found[-1].warning.startswith(f"1 of its texts stand between messages, the first in {skips[1].position}:")
    assert counted(found)[0] == marks(NAME, data) == 3


@pytest.mark.parametrize("text", [b"ZCZC\n", b"ZCZC is how a telex begins.\nNothing else.\n", b"NNNN\nZCZC\nNNNN\n"])
def test_a_text_about_telex_is_not_a_wire(text: bytes) -> None:
    assert formats.recognise(text, "") is None


@pytest.mark.parametrize(
    "text", [b"It says ZCZC, then NNNN.", b"The mark (ZCZC 1) opens it,\nNNNNs end it.", b"xZCZC\nxNNNN"]
)
def test_the_marks_within_a_line_are_words_of_the_text(text: bytes) -> None:
    data = message("Text.") + message(text.decode())
    assert formats.recognise(data, "") == NAME
    assert [record["body"] for record in records(pieces(NAME, data))][1].split() == text.decode().split()
    assert marks(NAME, data) == 2


@pytest.mark.parametrize(("whole", "lost"), [(b"\nNNNN\nZCZC", b" NNNN\nZCZC"), (b"\nNNNN\nZCZC HAP", b" ZCZC HAP")])
def test_a_mark_that_lost_its_line_is_counted_all_the_same(whole: bytes, lost: bytes) -> None:
    data = (message() + message()).replace(whole, lost)
    assert counted(pieces(NAME, data))[0] < 2 or reasons(pieces(NAME, data))
    assert marks(NAME, data) == 2


@pytest.mark.parametrize(
    "line", ["NNNN is what ends a telex.", "NNNN ends it", "NNNN, four letters, end it.", "NNNN AND MORE WORDS OF IT"]
)
def test_a_line_that_begins_with_the_mark_and_goes_on_in_words_is_text(line: str) -> None:
    data = message("Text.") + message(f"It says:\n{line}\nAnd so on.", "^Title")
    found = pieces(NAME, data)
    assert [record["body"].split() for record in records(found)][1] == f"It says: {line} And so on.".split()
    assert counted(found)[0] == marks(NAME, data) == 2


@pytest.mark.parametrize("line", ["ZCZC was how a telex began.", "ZCZC, he said, began it", "ZCZC begins it."])
def test_a_line_that_begins_with_the_first_mark_and_goes_on_in_words_is_text(line: str) -> None:
    data = message("Text.") + message(f"It says:\n{line}\nAnd so on.", "^Title")
    found = pieces(NAME, data)
    assert [record["body"].split() for record in records(found)][1] == f"It says: {line} And so on.".split()
    assert counted(found)[0] == marks(NAME, data) == 2


@pytest.mark.parametrize("first", ["HPA0123", "hpa", "hpa0123 sport", "0123 sport news", "HAP Sport", ""])
def test_a_message_may_begin_with_any_code(first: str) -> None:
    data = message() + message(first=first)
    assert len(records(pieces(NAME, data))) == marks(NAME, data) == 2


@pytest.mark.parametrize(
    "end",
    [
        "NNNN",
        "NNNN 141137",
        "NNNN AAP",
        "\tNNNN \0\0",
        "NNNN" + "\0" * 90,
        "NNNN\r",
        "NNNN.",
        "NNNN 142310 jb",
        "NNNN 142310 JB/kl",
        "NNNN JB/kl",
    ],
)
def test_the_end_of_a_message_may_have_figures_or_initials_behind_it(end: str) -> None:
    data = message().replace(b"NNNN", end.encode()) + message()
    found = pieces(NAME, data)
    assert [record["body"] for record in records(found)] == ["Text.", "Text."]
    assert not reasons(found)
    assert counted(found)[0] == marks(NAME, data) == 2


def test_an_end_without_a_line_end_at_the_end_of_a_file_is_one() -> None:
    data = (message() + message()).removesuffix(b"\n")
    assert len(records(pieces(NAME, data))) == marks(NAME, data) == 2


def test_without_a_message_it_is_an_error() -> None:
    with pytest.raises(DumpError, match="no message that begins with ZCZC"):
        pieces(NAME, b"Text.")


@given(
    st.lists(
        st.sampled_from([b"ZCZC HAP\n", b"^Title\n", b"Text of it.\n", b"NNNN\n", b"\n", b"x ZCZC\n"]), max_size=20
    )
)
def test_no_mark_is_lost_in_silence(lines: list[bytes]) -> None:
    data = b"".join(lines)
    try:
        found = pieces(NAME, data)
    except DumpError:
        return
    starts = sum(line.startswith(b"ZCZC") for line in lines)
    assert starts <= counted(found)[0]
    assert starts <= marks(NAME, data)
