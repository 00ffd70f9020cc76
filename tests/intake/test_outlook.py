"""Messages of Outlook are read as e-mail, and what is damaged in one costs itself alone."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import outlook_messages as made
import pytest
from compound_files import Tree, ole
from hypothesis import given, settings
from hypothesis import strategies as st
from old_workbooks import stream, xls
from outlook_messages import embedded, file, message, msg, storage

from etl import formats
from etl.formats import excel
from etl.formats.workbook.ole_file import Ole, packed
from etl.formats.workbook.ole_kinds import is_message
from etl.intake import bundles, outlook
from etl.intake.containers import MAX_DEPTH, is_container
from etl.intake.mime import leaves
from etl.intake.streams import Part
from etl.model import DumpError, Feed, MemberError, Reject, Skip

SAMPLES = Path(__file__).parents[1] / "samples"
OUTLOOKS = sorted((SAMPLES / "mail").glob("*.msg"))
TALE = "The ferry was late on Monday, and nobody said why to those who waited.\r\n"
LETTER: dict[str, Any] = {made.SUBJECT: "Ferry late", made.SENDER: "Tidings", made.TEXT: TALE}
CSV = b"title,text\nIce,The pier is closed.\n"
ASKS = "Dear colleagues,\r\n\r\nplease find the export of today attached.\r\n"
Dump = Callable[[bytes], Path]


def outcome(path: Path) -> dict[str, Any]:
    """What becomes of each member: its records, or why it is not read."""
    found: dict[str, Any] = {}
    for member, reader in bundles.readable(path, lambda one: bundles.identified(one, path.name, "auto"), ()):
        if isinstance(reader, Reject):
            found[member.name] = f"reject: {reader.reason}"
        elif isinstance(reader, Skip):
            found[member.name] = f"skip: {reader.kind}"
        else:
            with member.open() as stream:
                found[member.name] = list(reader.read(stream, Feed("post")))
    return found


def as_mail(data: bytes) -> EmailMessage:
    """The message of e-mail that a message of Outlook is read as, by the standard library."""
    with outlook.as_mail(Part("", "a.msg", lambda: io.BytesIO(data), len(data))).open() as stream:
        return message_from_bytes(stream.read(), policy=policy.default)  # type: ignore[return-value]


def test_a_message_is_known_by_its_content_and_no_other_old_office_file_is_one() -> None:
    for path in OUTLOOKS:
        assert is_message(path.read_bytes()), path.name
        assert formats.recognise(path.read_bytes()[: formats.HEAD_BYTES], "list.xls") is None
    within: Tree = message(LETTER)
    others = {
        "workbook": xls({"T": [["Title"], ["Ferry"]]}),
        "workbook with a message in it": ole({"Workbook": bytes(5_000), "MBD0001": within}),
        "document with a message in it": ole({"WordDocument": bytes(5_000), "MBD0001": within}),
        "presentation": ole({"PowerPoint Document": bytes(5_000)}),
        "of another program": ole({"Contents": b"x"}),
        "noise": bytes(5_000),
    }
    assert [what for what, data in others.items() if is_message(data)] == []
    large = packed("Workbook", stream({"T": [["Title"], *[["Ferry " * 99]] * 300]}, is_old=True))
    assert is_message(large[: formats.HEAD_BYTES]) is False
    with_workbook = msg(LETTER, [{**storage({made.METHOD: 6}), "__substg1.0_3701000D": {"Workbook": bytes(5_000)}}])
    assert is_message(with_workbook)
    assert excel.recognise(with_workbook, "list.xls") == 0


def test_a_message_is_recognised_though_its_directory_is_behind_its_beginning(dump: Dump) -> None:
    data = msg({**LETTER, made.HTML: b"<p>late</p>" * 20_000})
    assert is_message(data[: formats.HEAD_BYTES]) is None
    assert is_container(data[: formats.HEAD_BYTES])
    assert outcome(dump(data))["text.html"][0]["headline"] == "Ferry late"


def test_an_old_document_whose_directory_is_behind_its_beginning_is_still_named(dump: Dump) -> None:
    (why,) = outcome(dump(ole({"WordDocument": bytes(200_000)}))).values()
    assert why.startswith("reject: it is an old Word document (doc)")


def test_headers_that_it_came_with_are_kept_but_for_those_of_the_content() -> None:
    headers = "X-Odd\r\nSubject: Ferry\r\n late\r\nReceived: a\r\nreceived: b\r\n"
    headers += "MIME-Version: 1.0\r\nContent-Type: text/rtf\r\n\r\n"
    found = as_mail(msg({**LETTER, made.HEADERS: headers, made.SENT: datetime(2026, 3, 9, 7, tzinfo=UTC)}))
    assert found.items()[:5] == [
        ("Subject", "Ferry late"),
        ("Received", "a"),
        ("received", "b"),
        ("From", "Tidings <>"),
        ("Date", "Mon, 09 Mar 2026 07:00:00 +0000"),
    ]
    assert found.get_all("Content-Type") == [found["Content-Type"]]
    assert found.get_content_type() == "multipart/mixed"


EXCHANGE = {"0064001F": "EX", "0065001F": "/O=DESK/CN=ANN"}


@pytest.mark.parametrize(
    ("properties", "sender"),
    [
        ({"0042001F": "Ann", **EXCHANGE}, "Ann"),
        (
            {"0042001F": "Ann", **EXCHANGE, "5D02001F": "a@x.example"},
            "Ann <a@x.example>",
        ),
        ({"0C1A001F": "Ann", "0C1E001F": "SMTP", "0C1F001F": "a@x.example"}, "Ann <a@x.example>"),
        ({"0042001F": "Ann", "0065001F": "a@x.example", "0C1A001F": "Bob"}, "Ann <a@x.example>"),
        ({"0065001F": "a@x.example"}, "a@x.example"),
        ({"0042001F": "a@x.example", "0065001F": "a@x.example"}, "a@x.example"),
        ({"0042001F": 'Ann "Ink" \\ Lee\r\nBcc: b@x.example', "0065001F": "a@x.example"}, None),
        ({}, ""),
    ],
)
def test_its_sender_is_who_wrote_it_and_no_address_of_exchange(
    dump: Dump, properties: dict[str, Any], sender: str | None
) -> None:
    ((record,),) = outcome(dump(msg({made.SUBJECT: "Ferry", made.TEXT: TALE, **properties}))).values()
    name, address = record.get("publication", ""), record["extra"].get("mail_from", "")
    if sender is None:
        assert (name, address) == ('Ann "Ink" \\ Lee Bcc: b@x.example', "a@x.example")
    else:
        assert (f"{name} <{address}>" if name and address else name or address) == sender


@pytest.mark.parametrize("ticks", [0, 1 << 63, (1 << 64) - 1])
def test_a_moment_that_no_calendar_has_is_no_date(ticks: int) -> None:
    properties = {**LETTER, made.SENT: datetime(2026, 3, 9, tzinfo=UTC)}
    data = msg(properties).replace(struct.pack("<HHI", 0x40, 0x39, 6), struct.pack("<HHI", 0x40, 0x39, 7))
    at = data.index(struct.pack("<HHI", 0x40, 0x39, 7)) + 8
    assert as_mail(data)["Date"] == "Mon, 09 Mar 2026 00:00:00 +0000"
    assert as_mail(data[:at] + struct.pack("<Q", ticks) + data[at + 8 :])["Date"] is None


@pytest.mark.parametrize(
    ("page", "codec"),
    [(1250, "cp1250"), (1251, "cp1251"), (28592, "iso8859-2"), (20866, "koi8-r"), (65001, "utf-8"), (949, "cp949")],
)
def test_eight_bit_letters_are_read_in_their_code_page(dump: Dump, page: int, codec: str) -> None:
    word = {"cp1250": "Žďár", "iso8859-2": "Žďár", "cp949": "서울"}.get(codec, "Паром")
    properties = {"0037001E": word.encode(codec), "1000001E": f"{word} {TALE}".encode(codec), "3FFD0003": page}
    ((record,),) = outcome(dump(msg(properties))).values()
    assert (record["headline"], record["body"][: len(word)]) == (word, word)
    html = f"<html><body><h1>{word}</h1><p>{word}: {TALE}</p></body></html>".encode(codec)
    ((record,),) = outcome(dump(msg({made.HTML: html, made.CODE_PAGE: page}))).values()
    assert record["headline"] == word


def test_a_page_may_have_another_code_page_than_the_names_of_files(dump: Dump) -> None:
    html = f"<html><body><h1>Паром</h1><p>{TALE * 20}</p></body></html>".encode("koi8-r")
    pages = {"3FFD0003": 1251, made.CODE_PAGE: 20866}
    held = [storage({made.METHOD: 1, "3707001E": "Лёд.csv".encode("cp1251"), made.DATA: CSV})]
    found = outcome(dump(msg({made.HTML: html, **pages}, held)))
    assert found["text.html"][0]["headline"] == "Паром"
    assert found["Лёд.csv"][0]["headline"] == "Ice"


def test_a_text_that_ends_in_nul_ends_before_it(dump: Dump) -> None:
    letters = {"0037001E": b"Ferry\0", "1000001E": TALE.encode() + b"\0"}
    for properties in ({made.SUBJECT: "Ferry\0", made.TEXT: TALE + "\0"}, letters):
        ((record,),) = outcome(dump(msg(properties))).values()
        assert (record["headline"], record["body"]) == ("Ferry", TALE.strip())


def test_without_a_code_page_that_is_known_letters_are_guessed(dump: Dump) -> None:
    properties = {"0037001E": "Fähre".encode("cp1252"), "1000001E": f"Die Fähre. {TALE}".encode("cp1252")}
    for page in ({}, {"3FFD0003": 99_999}):
        ((record,),) = outcome(dump(msg({**properties, **page}))).values()
        assert (record["headline"], record["body"][:9]) == ("Fähre", "Die Fähre")


def test_a_message_without_text_is_empty_and_one_of_rtf_alone_is_told(dump: Dump) -> None:
    assert outcome(dump(msg({made.SUBJECT: "Ferry"}))) == {"text.txt": "skip: empty message"}
    rtf = {made.SUBJECT: "Ferry", made.RTF: b"\x10\0\0\0\x10\0\0\0MELA\0\0\0\0{\\rtf1}"}
    blanks: list[dict[str, Any]] = [{made.TEXT: text} for text in ("", " \r\n", "\xa0\r\n", "\ufeff \r\n", "\u200b")]
    blanks += [{made.HTML: page} for page in (b"\r\n", b"<html><style>p{}</style><body><p>&nbsp;</p></body></html>")]
    for blank in ({}, *blanks, blanks[1] | blanks[-1]):
        assert outcome(dump(msg(rtf | blank))) == {"text.rtf": f"reject: {outlook._IS_RTF}"}
    assert outcome(dump(msg({**rtf, made.TEXT: TALE})))["text.txt"][0]["body"] == TALE.strip()


SIGNED = (
    b'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; boundary=s\r\n\r\n--s\r\n'
    b"Content-Type: text/plain\r\n\r\n" + TALE.encode() + b"--s\r\nContent-Type: application/pkcs7-signature; "
    b"name=smime.p7s\r\nContent-Transfer-Encoding: base64\r\n\r\nMIAG\r\n--s--\r\n"
)


def test_what_was_signed_is_read_out_of_its_attachment_and_what_was_encrypted_is_told(dump: Dump) -> None:
    signed = {**LETTER, made.CLASS: "IPM.Note.SMIME.MultipartSigned"}
    found = outcome(dump(msg(signed, [file("smime.p7m", SIGNED, "multipart/signed")])))
    assert (found["text.txt"][0]["body"], found["text.txt"][0]["publication"]) == (TALE.strip(), "Tidings")
    assert found["smime.p7s"] == "skip: signature"
    locked = {made.SUBJECT: "Ferry", made.CLASS: "IPM.Note.SMIME"}
    (why,) = outcome(dump(msg(locked, [file("smime.p7m", b"\x30\x80\x06", "application/pkcs7-mime")]))).values()
    assert why.startswith("reject: is encrypted")


@pytest.mark.parametrize(
    ("item", "kind"),
    [
        ("IPM.Appointment", "calendar"),
        ("IPM.OLE.CLASS.{00061055-0000-0000-C000-000000000046}", "calendar"),
        ("IPM.Schedule.Meeting.Request", "calendar"),
        ("IPM.Schedule.Meeting.Resp.Pos", "calendar"),
        ("IPM.Task", "calendar"),
        ("IPM.TaskRequest", "calendar"),
        ("IPM.Activity", "calendar"),
        ("IPM.StickyNote", "calendar"),
        ("IPM.Contact", "contact card"),
        ("IPM.DistList", "contact card"),
        ("IPM.Note.Rules.OofTemplate.Microsoft", "delivery report"),
        ("IPM.Note.Rules.ReplyTemplate.Microsoft", "delivery report"),
        ("IPM.Outlook.Recall", "delivery report"),
        ("IPM.Post", ""),
        ("REPORT.IPM.Note.NDR", "delivery report"),
        ("IPM.Note.Microsoft.Conversation", ""),
    ],
)
def test_what_is_no_mail_is_skipped_by_its_kind(dump: Dump, item: str, kind: str) -> None:
    (found,) = outcome(dump(msg({**LETTER, made.CLASS: item}))).values()
    assert found == f"skip: {kind}" if kind else found[0]["headline"] == "Ferry late"


def test_what_a_message_answers_is_carried_over(dump: Dump) -> None:
    answer = {
        **LETTER,
        made.SUBJECT: "RE: Ferry late",
        "1042001F": "<1@pier.example>",
        "1039001F": "<0@a> <1@pier.example>",
    }
    mail = as_mail(msg(answer))
    assert (mail["In-Reply-To"], mail["References"]) == ("<1@pier.example>", "<0@a> <1@pier.example>")
    quoting = f"It was.\r\n\r\nFrom: Tidings\r\nSent: Friday, March 6, 2026\r\nSubject: Ferry late\r\n\r\n{TALE}"
    (found,) = outcome(dump(msg({**answer, made.TEXT: quoting}))).values()
    assert found == "skip: reply to a message"
    headed = as_mail(msg({**answer, made.HEADERS: "From: a@b\r\nIn-Reply-To: <2@pier.example>\r\n"}))
    assert headed.get_all("In-Reply-To") == ["<2@pier.example>"]


def test_what_is_only_named_or_of_another_program_is_told(dump: Dump) -> None:
    held = [
        storage({made.METHOD: made.BY_REFERENCE, made.LONG_NAME: "a.csv", "370D001F": r"\\desk\a.csv"}),
        {**storage({made.METHOD: 6, "3001001F": "Chart"}), "__substg1.0_3701000D": {"CONTENTS": b"x"}},
        storage({made.METHOD: made.BY_VALUE, made.LONG_NAME: "b.csv"}),
    ]
    assert outcome(dump(msg({**LETTER, made.TEXT: ASKS}, held))) == {
        "text.txt": "skip: covering letter",
        "a.csv": "reject: is only a link to what was sent; fetch that itself",
        "Chart": f"reject: {outlook._IS_OBJECT}",
        "b.csv": f"reject: {outlook._NOT_THERE}",
    }


def test_attachments_stand_in_their_order_and_one_too_many_is_told(dump: Dump) -> None:
    held = [file(f"{number}.csv", CSV) for number in range(1_200)]
    found = outcome(dump(msg({made.SUBJECT: "Ferry"}, held, 4_096)))
    assert list(found)[:4] == ["0.csv", "1.csv", "2.csv", "3.csv"]
    assert len(found) == 1_001
    assert list(found.values())[-1] == "reject: is behind the first 1,000 parts"


@pytest.mark.parametrize("levels", [MAX_DEPTH, 900])
def test_messages_in_messages_count_as_levels_of_nesting(dump: Dump, levels: int) -> None:
    nested = message(LETTER)
    for _ in range(levels):
        nested = message({made.SUBJECT: "Ferry late"}, [embedded(nested, "Ferry late")])
    ((name, why),) = outcome(dump(ole({**nested, **storage({}, 32)}))).items()
    assert name == "!".join(["Ferry late.eml"] * MAX_DEPTH)
    assert why.startswith(f"reject: is a mail nested more than {MAX_DEPTH} levels deep")


def test_a_message_attached_as_a_file_to_a_mail_is_read(dump: Dump) -> None:
    letter = EmailMessage(policy=policy.SMTP)
    letter["From"], letter["Subject"], letter["MIME-Version"] = "Ann <a@x.example>", "Fwd", "1.0"
    letter.set_content("Here it is, for the evening.")
    inner = msg(LETTER, [file("wire.csv", CSV)])
    letter.add_attachment(inner, "application", "vnd.ms-outlook", filename="Ferry late.msg")
    found = outcome(dump(letter.as_bytes()))
    assert found["text.txt"] == "skip: covering letter"
    assert found["Ferry late.msg!wire.csv"][0]["headline"] == "Ice"


def damaged(data: bytes, name: str, **values: int) -> bytes:
    """A file in whose directory the entry of that name has other values."""
    at = data.index((name + "\0").encode("utf-16-le"))
    entry = bytearray(data[at : at + 128])
    for field, value in values.items():
        struct.pack_into("<I", entry, {"below": 76, "start": 116, "size": 120}[field], value)
    return data[:at] + bytes(entry) + data[at + 128 :]


@pytest.mark.parametrize("values", [{"size": 0xFFFFFFFF}, {"start": 0xFFFFFF}, {"size": 30_000}])
def test_a_damaged_attachment_is_rejected_alone(dump: Dump, values: dict[str, int]) -> None:
    data = msg(LETTER | {made.TEXT: ASKS}, [file("a.csv", CSV), file("b.csv", CSV)])
    found = outcome(dump(damaged(data, f"__substg1.0_{made.DATA}", **values)))
    assert found["text.txt"] == "skip: covering letter"
    assert "truncated or damaged" in found["a.csv"]
    assert found["b.csv"][0]["headline"] == "Ice"


def test_a_damaged_text_is_rejected_if_no_page_says_the_same(dump: Dump) -> None:
    name = f"__substg1.0_{made.TEXT}"
    found = outcome(dump(damaged(msg(LETTER), name, size=0x7FFFFFFF)))
    assert found["text.txt"].startswith("reject: the old Office or Outlook file is truncated or damaged")
    found = outcome(dump(damaged(msg({**LETTER, made.HTML: b"<p>%s</p>" % TALE.encode()}), name, size=0x7FFFFFFF)))
    assert found["text.html"][0]["body"] == TALE.strip()


def test_storages_in_a_circle_are_rejected_and_end(dump: Dump) -> None:
    data = msg(LETTER, [embedded(message(LETTER), "round")])
    found = outcome(dump(damaged(data, "__substg1.0_3701000D", below=1)))
    assert "go in a circle" in str(found)


def test_streams_that_are_said_to_be_at_one_place_are_damaged() -> None:
    data = ole({"A": b"a" * 9_000, "B": b"b" * 5_000})
    file = Ole(damaged(data, "B", size=9_000, start=0))
    assert file.stream("A") == b"a" * 9_000
    with pytest.raises(DumpError, match="B is said to have 9,000 bytes, more than there are"):
        file.stream("B")


def test_a_stream_whose_sectors_go_in_a_circle_is_damaged() -> None:
    data = ole({"A": b"a" * 9_000})
    links = struct.pack("<3I", 1, 2, 3)
    with pytest.raises(DumpError, match="its sectors go in a circle"):
        Ole(data.replace(links, struct.pack("<3I", 1, 0, 3))).stream("A")


def test_a_message_whose_headers_are_damaged_is_refused(dump: Dump) -> None:
    with pytest.raises(DumpError, match="truncated or damaged"):
        outcome(dump(damaged(msg(LETTER), f"__substg1.0_{made.SUBJECT}", size=0x7FFFFFFF)))


def test_a_message_that_is_too_long_is_refused(dump: Dump, monkeypatch: pytest.MonkeyPatch) -> None:
    data = msg(LETTER)
    monkeypatch.setattr(outlook, "LARGEST_MESSAGE_BYTES", len(data) - 1)
    with pytest.raises(MemberError, match="is a message of more than 50 MB"):
        outlook.as_mail(Part("", "a.msg", lambda: io.BytesIO(data + bytes(9_000)), 1))
    monkeypatch.setattr(outlook, "LARGEST_MESSAGE_BYTES", 70_000)
    (why,) = outcome(dump(msg(LETTER | {made.TEXT: "x" * 90_000}))).values()
    assert "is an e-mail of Outlook (msg) that is truncated, damaged or larger than 50 MB" in why


@pytest.mark.parametrize("path", OUTLOOKS, ids=lambda path: path.name)
def test_a_message_that_was_cut_anywhere_is_read_or_told(path: Path, dump: Dump) -> None:
    data = path.read_bytes()
    for length in range(0, len(data), 151):
        found: dict[str, Any] = {}
        try:
            found = outcome(dump(data[:length]))
        except DumpError as error:
            assert error.args[0]
        assert all(found.values())


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=40).map(str.strip)
CONTENTS = st.binary(min_size=1, max_size=5_000) | st.sampled_from([b"a\r", b"a\n", b"--\r\n--"])
NAMES = st.sampled_from(["a.bin", 'é "x".csv', "漢.txt"])
FILES = st.lists(st.tuples(NAMES, CONTENTS), max_size=3)


@st.composite
def trees(draw: st.DrawFn, depth: int = 0) -> dict[str, Any]:
    """A message: what is in it, and the storages that say so."""
    text, page, subject = draw(TEXTS), draw(st.none() | TEXTS), draw(TEXTS)
    files = draw(FILES)
    inner = draw(trees(depth + 1)) if depth < 2 and draw(st.booleans()) else None
    return {"text": text, "page": page, "subject": subject, "files": files, "inner": inner}


def stored(tree: dict[str, Any], head_bytes: int = 24) -> Tree:
    properties = {made.SUBJECT: tree["subject"], made.TEXT: tree["text"]}
    if tree["page"] is not None:
        properties[made.HTML] = f"<p>{tree['page']}</p>".encode()
    held = [file(name, content) for name, content in tree["files"]]
    if tree["inner"]:
        held.append(embedded(stored(tree["inner"]), "inner"))
    return message(properties, held, head_bytes)


def wanted(tree: dict[str, Any]) -> Iterator[tuple[str, str, bytes]]:
    yield "text/plain", "", tree["text"].encode()
    if tree["page"] is not None:
        yield "text/html", "", f"<p>{tree['page']}</p>".encode()
    for name, content in tree["files"]:
        yield "application/octet-stream", name, content
    if tree["inner"]:
        yield from wanted(tree["inner"])


def parts(data: bytes) -> Iterator[tuple[str, str, bytes]]:
    for leaf in leaves(data):
        if leaf.kind == "message/rfc822":
            yield from parts(leaf.content())
        else:
            yield leaf.kind, leaf.filename, leaf.content()


@given(trees())
@settings(max_examples=40, deadline=None)
def test_every_part_comes_out_as_it_was_put_in(tree: dict[str, Any]) -> None:
    data = ole(stored(tree, 32))
    with outlook.as_mail(Part("", "a.msg", lambda: io.BytesIO(data), 1)).open() as stream:
        assert list(parts(stream.read())) == [part for part in wanted(tree) if part[2]]


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_no_changed_byte_brings_it_down(data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from([path.read_bytes() for path in OUTLOOKS])))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(8, len(content) - 1))] = data.draw(st.sampled_from([0, 1, 0x7F, 0xFE, 0xFF]))
    try:
        outlook.as_mail(Part("", "a.msg", lambda: io.BytesIO(bytes(content)), 1)).open().read()
    except MemberError as error:
        assert "truncated or damaged" in error.reason
