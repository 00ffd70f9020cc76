"""IPTC 7901 and ANPA 1312: messages between control characters, their fields, and their wrapped text."""

from __future__ import annotations

import pytest
from agency_files import article, check_real_files, check_samples, counted, marks, pieces, reasons, records
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_dumps import SAMPLES

from etl import formats
from etl.formats.agency.wire_text import is_byline, unwrap
from etl.model import DumpError, Feed

NAMES = ("iptc7901", "anpa")
SAMPLE = {
    "iptc7901": (SAMPLES / "iptc7901" / "wire.txt").read_bytes(),
    "anpa": (SAMPLES / "anpa" / "wire.tst").read_bytes(),
}


def iptc7901(title: str = "Title =", body: str = "Text.", head: str = "hpa062 4 i 61 hpa 061\n\nFerry/\n") -> bytes:
    return f"\x01{head}\x02{title}\n\n{body}\n\n\x03131137 GMT Mar 26\n\x7f\x04".encode("latin-1")


def anpa(*fields: str, body: str = "\t   Text.", footer: str = "HP-WF-03-14-26 1509GMT<") -> bytes:
    lines = "\r\n".join(["^HP-NO--Ferry,12<", *fields, body])
    return (
        f"\x16\x16\x01W2870\x1fasian\r\nr a\x13\x11 HP-Ferry 03-14 0061\r\n\x02{lines}\r\n\x03{footer}\r\n\x04".encode(
            "latin-1"
        )
    )


@pytest.mark.parametrize("name", NAMES)
def test_samples(name: str) -> None:
    check_samples(name)


@pytest.mark.parametrize("name", NAMES)
def test_real_files(name: str) -> None:
    check_real_files(name)


@pytest.mark.parametrize(
    ("title", "headline", "byline"),
    [
        ("Title =", "Title", None),
        ("EXTRA\nTitle =", "Title", None),
        ("REFILE\n2ND LEAD\nTitle in\ntwo lines\nBy Mara Ek, hpa =", "Title in two lines", "By Mara Ek, hpa"),
        ("(Zusammenfassung)\nTitel\nVon Mara Ek, hpa =", "Titel", "Von Mara Ek, hpa"),
        ("Title\nBy hpa correspondents =", "Title", "By hpa correspondents"),
        ("SHOUTED TITLE =", "SHOUTED TITLE", None),
        ("Title without its mark", "Title without its mark", None),
        ("EXTRA\nVon der Leyen reist ab =", "Von der Leyen reist ab", None),
        ("Title in\ntwo lines\n  An indented paragraph.", "Title in two lines", None),
        ("\n".join(["Title", *["A line of text."] * 15]), "Title", None),
    ],
)
def test_titles_of_iptc7901(title: str, headline: str, byline: str | None) -> None:
    found = article("iptc7901", iptc7901(title))
    assert (found["headline"], found.get("byline")) == (headline, byline)


def test_other_letters_need_the_feeds_encoding() -> None:
    data = iptc7901(body="Text.").replace(b"Text.", "Текст сообщения.".encode("koi8-r"))
    (found,) = records(pieces("iptc7901", data, Feed("agency", encoding="koi8-r")))
    assert found["body"] == "Текст сообщения."


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (("^Title<", "^By MARA EK=", "^Harbour Press="), {"headline": "Title", "byline": "By MARA EK, Harbour Press"}),
        (("^Title<", "^Summary of it<", "^By MARA EK="), {"headline": "Title", "deck": "Summary of it"}),
        (("^HP Photo A101<", "^(Eds: Adds tea.)<"), {}),
        (("^EDITOR'S NOTE _ Part one.<", "^Title<"), {"headline": "Title"}),
        (("^Title that goes", "on behind<"), {"headline": "Title that goes on behind"}),
        (("^*9006< ^Title<",), {"headline": "Title"}),
    ],
)
def test_fields_of_anpa(fields: tuple[str, ...], expected: dict[str, str]) -> None:
    found = article("anpa", anpa(*fields))
    assert {name: found.get(name) for name in expected} == expected
    assert found["body"] == "Text."
    assert "headline" in expected or "headline" not in found


def test_blanks_open_a_paragraph_of_anpa_too() -> None:
    assert article("anpa", anpa("^Title<", body="   One\r\ngoes on.\r\n   Two."))["body"] == "One goes on.\n\nTwo."


def test_a_message_of_anpa_without_selector_and_with_another_footer() -> None:
    data = anpa("^Title<", footer="26-03-14-15-09-00").replace(b"\x1fasian\r\n", b"\r\n")
    found = article("anpa", data)
    assert (found["native_id"], found["extra"]["priority"], found["extra"]["category"]) == ("W2870", "r", "a")
    assert "published" not in found
    assert found["extra"]["footer"] == "26-03-14-15-09-00"
    assert formats.recognise(data, "") == "anpa"
    assert marks("anpa", data) == 1


@pytest.mark.parametrize(
    ("name", "body"),
    [("iptc7901", "One line\r\r\ngoes on.\r\r\n\r\r\nTwo."), ("anpa", "\tOne line\r\r\ngoes on.\r\r\n\tTwo.")],
)
def test_lines_may_end_in_two_returns(name: str, body: str) -> None:
    data = iptc7901(body=body) if name == "iptc7901" else anpa("^Title<", body=body)
    assert article(name, data)["body"] == "One line goes on.\n\nTwo."


def test_a_field_without_its_end_is_text() -> None:
    found = article("anpa", anpa("^Title<", "^One story", "^Another story", body=""))
    assert (found["headline"], found["body"]) == ("Title", "One story\n\nAnother story")


@pytest.mark.parametrize("name", NAMES)
def test_messages_follow_each_other_and_a_torn_one_is_rejected(name: str) -> None:
    one = iptc7901() if name == "iptc7901" else anpa()
    data = one + one[: one.index(b"\x03")] + one.replace(b"\x02", b"") + one
    found = pieces(name, data)
    assert len(records(found)) == 2
    assert [reason.split(";")[0] for reason in reasons(found)] == ["has no ETX, so it breaks off", "has no STX"]
    assert marks(name, data) == 4


@pytest.mark.parametrize("name", NAMES)
def test_without_a_message_it_is_an_error(name: str) -> None:
    with pytest.raises(DumpError, match="no message that begins with SOH"):
        pieces(name, b"Text without any control character.")


def test_a_table_set_with_control_characters_is_a_message_in_any_codec() -> None:
    table = "\x1e \x1e \x1e L\x1e \x1e \x1e Pct\x1e" * 20
    (found,) = pieces("anpa", anpa(body=f"{table}\r\n\t   Caf\xe9 United wins."))
    assert "Café United wins." in found["body"]


@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_other_bytes_is_refused_and_not_a_message_for_each_byte_1(name: str) -> None:
    with pytest.raises(DumpError, match="none of its first 10,000 messages is one"):
        pieces(name, b"\x01\x9c\x00\xff" * 20_000)


@pytest.mark.parametrize("name", NAMES)
def test_text_before_the_first_message_is_rejected(name: str) -> None:
    found = pieces(name, b"half a message\r\n" + (iptc7901() if name == "iptc7901" else anpa()))
    assert reasons(found) == ["found text before the first message (SOH); ask for it again"]
    assert len(records(found)) == 1


@pytest.mark.parametrize("name", NAMES)
def test_a_message_longer_than_any_is_rejected_in_bounded_memory(name: str) -> None:
    found = pieces(name, b"\x01" + b"x" * (6 << 20) + SAMPLE[name])
    assert "longer than 1 MB" in reasons(found)[0]
    assert len(records(found)) == 2


def test_without_control_bytes_a_message_begins_at_its_header_line_alone() -> None:
    one, two = (SAMPLES / "iptc7901" / "plain.txt").read_bytes().split(b"\r\nhpf0076")
    rows = b"hpa 12 3 x 45\r\nhpa123 3 i 45 and more\r\n"
    data = one.replace(b"Nobody had", rows + b"Nobody had") + b"\r\nhpf0076" + two
    found = pieces("iptc7901", data)
    assert [record["native_id"] for record in records(found)] == ["hpa00075", "hpf0076"]
    assert "hpa 12 3 x 45 hpa123 3 i 45 and more Nobody had" in records(found)[0]["body"]


@pytest.mark.parametrize("gone", [b"hpa00075", b"hpf0076 4 su 18    hpf 1388"])
def test_a_message_without_control_bytes_that_lost_its_header_is_marked_by_its_time(gone: bytes) -> None:
    data = (SAMPLES / "iptc7901" / "plain.txt").read_bytes().replace(gone, b"")
    found = pieces("iptc7901", data)
    assert reasons(found) or counted(found)[0] < marks("iptc7901", data)


@pytest.mark.parametrize(
    "text",
    [
        b"hpa075 3 i 41 hpa 1003\n\nA list of codes, without a title.\n",
        b"hpa075 3 i 41 and more words of a text that begins so\n\nTitle =\n",
        b"Minutes of hpa075 3 i 41 hpa 1003\n\nTitle =\n",
    ],
)
def test_plain_text_is_not_taken_for_a_wire(text: bytes) -> None:
    assert formats.recognise(text, "wire.txt") is None


def test_a_headline_of_kyodo_ends_in_a_plus() -> None:
    data = (SAMPLES / "anpa" / "kyodo.txt").read_bytes().replace(b"Northport+", b"Northport")
    first = records(pieces("anpa", data))[0]
    assert "headline" not in first
    assert "Mayor's Cup by beating Northport" in first["body"]


@settings(max_examples=200)
@given(st.sampled_from(NAMES), st.data())
def test_whatever_is_done_to_its_lines_nothing_is_read_twice_or_lost(name: str, data: st.DataObject) -> None:
    lines = SAMPLE[name].split(b"\n")
    start = data.draw(st.integers(0, len(lines)))
    end = data.draw(st.integers(start, len(lines)))
    changed = data.draw(st.sampled_from([lines[:start] + lines[end:], lines[:end] + lines[start:], lines[start:end]]))
    wire = b"\n".join(changed)
    try:
        found = pieces(name, wire)
    except DumpError:
        return
    before = [reason for reason in reasons(found) if "before the first message" in reason]
    assert wire.count(b"\x01") == counted(found)[0] - len(before) <= marks(name, wire)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("lost", [b"\x01", b"\x02", b"\x03", b"\x01\x02\x03"])
def test_a_message_that_lost_its_control_bytes_is_rejected_or_marked(name: str, lost: bytes) -> None:
    whole = [b"\x01" + message for message in SAMPLE[name].split(b"\x01")[1:]]
    readable = [message for message in whole if records(pieces(name, message))][:2]
    data = readable[0] + readable[1].translate(None, lost) + readable[0]
    found = pieces(name, data)
    assert reasons(found) or counted(found)[0] < marks(name, data)


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        ("One line\ngoes on.\n\nTwo.", ["One line goes on.", "Two."]),
        ("   One line\ngoes on.\n   Two.", ["One line goes on.", "Two."]),
        ("Points:\n* one\n* two", ["Points:", "* one", "* two"]),
        ("A  1  2\nB  3  4", ["A  1  2", "B  3  4"]),
        ("It ended.  Nobody knew\nwhy.  It began\nagain.", ["It ended.  Nobody knew why.  It began again."]),
        ("", []),
    ],
)
def test_wrapped_lines_become_paragraphs(text: str, paragraphs: list[str]) -> None:
    assert unwrap(text) == paragraphs


@pytest.mark.parametrize(
    ("block", "is_one"),
    [
        ("By Mara Ek", True),
        ("By MARA EK and BO EK", True),
        ("Von Mara von der Ek", True),
        ("Par Mara EK", True),
        ("By the numbers", False),
        ("By Monday it was over.", False),
        ("By 2030, Ek Says", False),
        ("Par ailleurs", False),
        ("Von der Leyen reist ab", False),
        ("Byron Ek", False),
    ],
)
def test_a_paragraph_that_is_a_byline(block: str, is_one: bool) -> None:
    assert is_byline(block) is is_one
