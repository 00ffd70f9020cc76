"""E-mail as a container: which parts are read, by which names, and what the headers say of them."""

from __future__ import annotations

import binascii
import contextlib
import io
import json
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packed import zipped
from pdf_made import column, pdf

from etl import formats
from etl.formats.common.pieces import Unreadable
from etl.intake import bundles, containers, kinds, mail, mailboxes, mime
from etl.intake.containers import MAX_DEPTH, Member
from etl.intake.streams import Part
from etl.model import Feed, MemberError, Reject, Skip

SAMPLES = Path(__file__).parents[1] / "samples"
LETTERS = sorted(path for path in (SAMPLES / "mail").iterdir() if ".expected." not in path.name)
FEED = Feed("post")
PAGE = b"<html><body><h1>Ferry late</h1><p>The ferry was late on Monday, and nobody said why to those who waited.</p>"
HEAD = b"From: Tidings <t@tidings.example>\nSubject: Ferry late\nMessage-ID: <1@tidings.example>\n"
Dump = Callable[[bytes], Path]


def outcome(path: Path, wanted: str = "auto") -> dict[str, Any]:
    """What becomes of each member: its records, or why it is not read."""
    found: dict[str, Any] = {}
    for member, reader in bundles.readable(path, lambda one: bundles.identified(one, path.name, wanted), ()):
        if isinstance(reader, Reject):
            found[member.name] = f"reject: {reader.reason}"
        elif isinstance(reader, Skip):
            found[member.name] = f"skip: {reader.kind}"
        else:
            with member.open() as stream:
                found[member.name] = list(reader.read(stream, FEED))
            with member.open() as stream:
                assert reader.count_marks(stream, FEED) == len(found[member.name])
    return found


def shown(records: Any, expected: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The fields of records that are expected, and with them what the mail says."""
    rows = []
    for record, fields in zip(records, expected, strict=True):
        rows.append({name: record.get(name) for name in fields if name != "mail"})
        said = {name: value for name, value in record.get("extra", {}).items() if name in SAID}
        rows[-1] |= {"mail": said} if said else {}
    return rows


SAID = ("mail_from", "mail_subject", "mail_date", "message_id", "list_id")


@pytest.mark.parametrize("letter", LETTERS, ids=lambda path: path.name)
def test_samples(letter: Path) -> None:
    expected = json.loads(letter.with_suffix(".expected.json").read_text())
    found = outcome(letter)
    assert set(found) == set(expected)
    for name, wanted in expected.items():
        if isinstance(wanted, str):
            assert str(found[name]).startswith(wanted), name
        else:
            assert shown(found[name], wanted) == wanted


def test_only_what_a_mail_carrier_writes_makes_a_mail() -> None:
    assert mail.kind_of(HEAD + b"\nLate.\n") == "mail"
    assert mail.kind_of(b"From t@t.example Mon Mar  9 07:00:00 2026\n" + HEAD) == "mailbox"
    for article in (
        b"From: our correspondent\nSubject: Ferry\nDate: Monday\n\nThe ferry was late.\n",
        b"From Monday on, at 07:00, 2026 will be better\nNobody knows: why.\n\nReceived: nothing.\n",
        b"Received: with thanks\n\nThe ferry was late.\n",
        b"WARC/1.0\r\nWARC-Type: response\r\nContent-Type: text/html\r\n\r\n",
    ):
        assert mail.kind_of(article) is None, article


PLIST = b'<?xml version="1.0"?>\n<plist version="1.0"><dict><key>flags</key><integer>1</integer></dict></plist>\n'


def test_a_message_of_apple_mail_is_read_without_its_length_and_its_flags(dump: Dump) -> None:
    message = HEAD + b"\nThe ferry was late.\n"
    length = b"%-10d\n" % len(message)
    assert mail.kind_of(b"1\n2\n" + message) is None
    for behind in (PLIST, b""):
        assert outcome(dump(length + message + behind)) == outcome(dump(message))
    for other in (message[:-9], message.replace(b"\n", b"\r\n") + PLIST, message + message):
        with pytest.raises(MemberError, match="of another length"):
            outcome(dump(length + other))


def test_what_apple_mail_keeps_apart_is_told(dump: Dump) -> None:
    apart = b"--b\nX-Apple-Content-Length: 9\nContent-Type: %s; name=a\n\n"
    parts = b"--b\n\nThe ferry was late.\n" + apart % b"application/zip" + apart % b"image/png" + b"--b--\n"
    found = outcome(dump(HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + parts))
    assert (len(found), found["a"]) == (2, f"reject: {mime._KEPT_APART}")


def test_no_older_sample_is_taken_for_mail_nor_mail_for_another_format() -> None:
    others = [path for path in SAMPLES.rglob("*") if path.is_file() and path.parent.name != "mail"]
    assert others
    assert {path.name: mail.kind_of(path.read_bytes()[: mail.HEAD_BYTES]) for path in others} == {
        path.name: "mail" if path.suffix in (".eml", ".mhtml") else None for path in others
    }
    for letter in LETTERS:
        assert formats.recognise(letter.read_bytes()[: formats.HEAD_BYTES], "") is None


def test_what_the_page_says_is_never_overwritten(dump: Dump) -> None:
    page = PAGE.replace(b"<html>", b'<html><head><meta property="og:site_name" content="The Pier"></head>')
    (records,) = outcome(
        dump(HEAD + b"Content-Type: text/html\nDate: Mon, 9 Mar 2026 07:00:00 +0000\n\n" + page)
    ).values()
    assert (records[0]["publication"], records[0]["published"]) == ("The Pier", "Mon, 9 Mar 2026 07:00:00 +0000")


def test_what_a_letter_brings_is_dated_by_itself_and_the_letter_is_not_an_article(dump: Dump) -> None:
    letter = EmailMessage(policy=policy.SMTP)
    letter["From"], letter["Date"], letter["MIME-Version"] = (
        "Ann <a@x.example>",
        "Mon, 9 Mar 2026 07:00:00 +0000",
        "1.0",
    )
    letter.set_content("Here is the export.")
    packed = zipped({"wire.csv": "title,text\nIce,The pier is closed.\n"})
    letter.add_attachment(packed, "application", "zip", filename="export.zip")
    found = outcome(dump(letter.as_bytes()))
    (record,) = found["export.zip!wire.csv"]
    assert found["text.txt"] == "skip: covering letter"
    assert not {"publication", "published"} & set(record)


WORD = {
    "[Content_Types].xml": "<Types/>",
    "word/document.xml": '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
    "<w:p><w:r><w:t>The new timetable</w:t></w:r></w:p></w:body></w:document>",
}


@pytest.mark.parametrize(
    "flyer",
    [pdf([column(60, 760, 11, "The new timetable")]), pdf([[]]), b"{\\rtf1 The new timetable}", zipped(WORD)],
    ids=["PDF", "PDF without text", "RTF", "Word"],
)
def test_a_press_release_with_a_document_of_no_vendor_is_an_article(dump: Dump, flyer: bytes) -> None:
    letter = next(containers.members(dump(_with_attached(flyer))))
    assert isinstance(letter, Member)
    assert b"sails again" in letter.open().read()


@pytest.mark.parametrize("export", [*SAMPLES.rglob("*.pdf"), *SAMPLES.rglob("*.docx")], ids=lambda path: path.name)
def test_a_letter_that_goes_with_an_export_in_pdf_or_word_is_not_an_article(dump: Dump, export: Path) -> None:
    letter = next(containers.members(dump(_with_attached(export.read_bytes()))))
    assert letter == Skip("text.txt", "covering letter")


ASKS = "Dear colleagues,\n\nplease find the export of today attached.\n\nKind regards\nthe desk\n"
TALE = "The ferry sails again, said the mayor of Saltby. " * 20
CSV = b"title,text\nIce,The pier is closed.\n"


@pytest.mark.parametrize(
    ("headers", "content"),
    [
        (b"Content-Transfer-Encoding: base64", b"VGhlIGZ*cnJ5"),
        (b"Content-Transfer-Encoding: x-foo", b"VGhl"),
        (b"Content-Type: application/ms-tnef", b"\x78\x9f\x3e\x22\x01\0\0"),
        (b"Content-Type: text/plain", b"The ferry\n\nThe ferry sails again."),
    ],
)
def test_a_letter_that_goes_with_a_file_that_cannot_be_read_is_not_an_article(
    dump: Dump, headers: bytes, content: bytes
) -> None:
    head = HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n"
    attached = b"\n--b\n" + headers + b"\nContent-Disposition: attachment; filename=x.bin\n\n" + content + b"\n--b--\n"
    letter, file = outcome(dump(head + b"--b\n\n" + ASKS.encode() + attached)).values()
    assert letter == "skip: covering letter"
    assert file is None or file.startswith("reject: ")
    release, _ = outcome(dump(head + b"--b\n\n" + TALE.encode() + attached)).values()
    assert release[0]["body"].startswith("The ferry sails again")


@pytest.mark.parametrize(
    ("text", "role"),
    [(ASKS, "covering letter"), (TALE[:60], "covering letter"), (ASKS + TALE, "long covering letter"), (TALE, "")],
)
def test_a_long_text_beside_a_dump_is_an_article_or_told(dump: Dump, text: str, role: str) -> None:
    letter = EmailMessage(policy=policy.SMTP)
    letter["From"], letter["Subject"], letter["MIME-Version"] = "Saltby <a@saltby.example>", "Ferry", "1.0"
    letter.set_content(text)
    letter.add_attachment(CSV, "text", "csv", filename="wire.csv")
    found = outcome(dump(letter.as_bytes()))
    assert found["wire.csv"][0]["headline"] == "Ice"
    assert found["text.txt"] == f"skip: {role}" if role else found["text.txt"][0]["headline"] == "Ferry"


def test_an_encrypted_text_is_not_an_article(dump: Dump) -> None:
    block = b"-----BEGIN PGP MESSAGE-----\nVersion: 1\n\nhQEMA0rT\n-----END PGP MESSAGE-----\n"
    (why,) = outcome(dump(HEAD + b"\n" + block)).values()
    assert why.startswith("reject: holds a message that is encrypted (PGP)")
    ((record,),) = outcome(dump(HEAD + b"\nIt began with -----BEGIN PGP MESSAGE-----\nand nobody knew why.\n")).values()
    assert "nobody knew" in record["body"]


def test_a_file_within_a_text_is_told_and_not_a_part_of_it(dump: Dump) -> None:
    lines = b"".join(map(binascii.b2a_uu, (CSV[:20], CSV[20:])))
    block = b"begin 644 wire.csv\n" + lines + b"`\nend\n"
    assert outcome(dump(HEAD + b"\nPlease find it here.\n\n" + block)) == {
        "text.txt": "skip: covering letter",
        "wire.csv": f"reject: {mail._WITHIN_TEXT}",
    }
    found = outcome(dump(HEAD + b"\nThe ferry was late.\n\n" + block))
    assert found["text.txt"][0]["body"] == "The ferry was late."
    assert found["wire.csv"] == f"reject: {mail._WITHIN_TEXT}"


def _with_attached(content: bytes) -> bytes:
    letter = EmailMessage(policy=policy.SMTP)
    letter["From"], letter["Subject"], letter["MIME-Version"] = "Saltby <a@saltby.example>", "Ferry", "1.0"
    letter.set_content("The ferry sails again, said the mayor of Saltby.")
    letter.add_attachment(content, "application", "octet-stream", filename="file.bin")
    return letter.as_bytes()


def test_messages_in_messages_count_as_levels_of_nesting(dump: Dump) -> None:
    nested = HEAD + b"Content-Type: text/html\n\n" + PAGE
    for _ in range(MAX_DEPTH):
        nested = HEAD + b"Content-Type: message/rfc822\n\n" + nested
    ((name, why),) = outcome(dump(nested)).items()
    assert name == "!".join(["Ferry late.eml"] * MAX_DEPTH)
    assert why.startswith(f"reject: is a mail nested more than {MAX_DEPTH} levels deep")


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"Content-Type: multipart/mixed\n\nThe ferry.", "has no line that separates its parts"),
        (b"Content-Type: multipart/mixed; boundary=b\n\n--c\n\nThe ferry.", "has no line that separates its parts"),
        (b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nThe fer", "is cut off: the message ends"),
        (b"Content-Transfer-Encoding: x-uuencode\n\nbegin 644 a\n", "is written in 'x-uuencode'"),
        (b"Content-Transfer-Encoding: base64\n\nVGhlIGZ*cnJ5\n", "is damaged: not base64"),
        (b"Content-Type: application/pkcs7-mime; name=smime.p7m\n\nMIAG", "is encrypted"),
        (b"Content-Type: message/partial; number=1\n\nThe ferry", "is only a piece of a message"),
        (b"X: " + b"a\n b" * 100_000 + b"\n\nThe ferry.", "has headers of more than"),
    ],
)
def test_a_broken_part_is_rejected_alone(dump: Dump, body: bytes, why: str) -> None:
    good = HEAD + b"Content-Type: text/html\n\n" + PAGE + b"\n"
    separator = b"From t@tidings.example Mon Mar  9 07:00:00 2026\n"
    found = outcome(dump(separator + good + separator + HEAD + body + b"\n" + separator + good))
    broken = [value for value in found.values() if isinstance(value, str)]
    assert len(found) == 3
    assert len(broken) == 1
    assert broken[0].startswith(f"reject: {why}")


def test_an_empty_message_is_skipped(dump: Dump) -> None:
    assert outcome(dump(HEAD + b"\n\n")) == {"text.txt": "skip: empty message"}


def test_what_a_charset_says_holds_against_what_the_page_says(dump: Dump) -> None:
    page = PAGE.replace(b"<html>", b"<html><head><meta charset=utf-8></head>").replace(
        b"nobody", "niémand".encode("latin-1")
    )
    head = HEAD + b"Content-Type: text/html; charset=iso-8859-1\n\n"
    ((record,),) = outcome(dump(head + page)).values()
    assert "niémand" in record["body"]
    ((record,),) = outcome(dump(head + PAGE.replace(b"nobody", "niémand".encode()))).values()
    assert "niémand" in record["body"], "a wrong charset"


def test_an_alert_is_a_list_of_links_and_not_an_article(dump: Dump) -> None:
    alert = HEAD.replace(b"t@tidings.example>\n", b"googlealerts-noreply@google.com>\n", 1)
    assert outcome(dump(alert + b"Content-Type: text/html\n\n" + PAGE)) == {"text.html": "skip: list of links"}
    parts = b"--b\n\nFerry: https://x.example\n--b\nContent-Type: text/html\n\n" + PAGE + b"\n--b--\n"
    found = outcome(dump(alert + b"Content-Type: multipart/alternative; boundary=b\n\n" + parts))
    assert {kind.removeprefix("skip: ") for kind in found.values()} <= kinds.MAY_BE_ALL, "a delivery of it alone"


@pytest.mark.parametrize("sender", [b'"Saved by Windows Internet Explorer 11"', b"<Saved by Blink>"])
def test_a_saved_page_is_not_its_browser_s_article(dump: Dump, sender: bytes) -> None:
    head = b"From: " + sender + b"\nDate: Mon, 9 Mar 2026 07:00:00 +0000\nMIME-Version: 1.0\n"
    ((record,),) = outcome(
        dump(head + b"Content-Type: text/html\nContent-Location: https://a.example/1\n\n" + PAGE)
    ).values()
    assert record["url"] == "https://a.example/1"
    assert not {"publication", "published"} & set(record)


@pytest.mark.parametrize(
    "header",
    [
        b"From: " + b"(" * 100_000,
        b'Content-Type: text/html; a="' + b";" * 200_000,
        b"Content-Type: text/html; name*" + b"9" * 1_900 + b"=a",
        b"Subject: " + b"=?utf-8?q?a?= " * 10_000,
    ],
)
def test_a_header_made_to_stop_the_parser_does_not(header: bytes) -> None:
    message = HEAD + header + b"\n\nThe ferry was late.\n"
    with contextlib.suppress(MemberError):
        list(mail.mail_parts(Part("", "a.eml", lambda: io.BytesIO(message), 1), lambda content: content))


def test_a_list_s_footer_is_not_an_article(dump: Dump) -> None:
    parts = b"--b\n\nThe ferry was late on Monday.\n--b\n\n____\nTo leave the list, write to us.\n--b--\n"
    found = outcome(dump(HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + parts))
    assert found["text.txt (2)"] == "skip: footer"
    assert found["text.txt"][0]["body"] == "The ferry was late on Monday."


def test_more_parts_than_a_message_has_are_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mime, "MAX_PARTS", 5)
    body = b"--b\n\nThe ferry.\n" * 100_000 + b"--b--\n"
    found = list(mime.leaves(HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + body))
    assert [leaf.fault for leaf in found] == [""] * 5 + ["is behind the first 5 parts"]


def test_parts_nested_a_thousand_deep_are_rejected() -> None:
    body = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level) for level in range(1_000)
    )
    (leaf,) = mime.leaves(HEAD + body + b"\nThe ferry.\n")
    with pytest.raises(Unreadable, match="nested more than 20 deep"):
        leaf.content()


def test_a_mailbox_is_held_against_a_second_count(monkeypatch: pytest.MonkeyPatch) -> None:
    letters = SAMPLES / "mail" / "letters.mbox"
    with letters.open("rb") as stream:
        assert mailboxes.count(stream) == 4
    monkeypatch.setattr(mailboxes, "messages", lambda stream: iter([HEAD + b"\nLate.\n"]))
    assert "4 of its lines look as if they began a message, and 1 messages were read" in str(outcome(letters))


def test_a_message_that_is_too_long_is_rejected_alone(dump: Dump, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailboxes, "LARGEST_MESSAGE_BYTES", 2_000_000)
    good = b"From t@t.example Mon Mar  9 07:00:00 2026\n" + HEAD + b"\nThe ferry was late.\n\n"
    found = outcome(dump(good + good + b"word \n" * 500_000 + good))
    assert found["message 2"].startswith("reject: is a message of more than")
    assert set(found) == {"message 1 Ferry late!text.txt", "message 2", "message 3 Ferry late!text.txt"}


def test_what_a_digest_holds_are_messages(dump: Dump) -> None:
    items = b"".join(b"--b\n\n" + HEAD.replace(b"late", word) + b"\nThe ferry.\n" for word in (b"early", b"gone"))
    found = outcome(dump(HEAD + b"Content-Type: multipart/digest; boundary=b\n\n" + items + b"--b--\n"))
    assert [records[0]["headline"] for records in found.values()] == ["Ferry early", "Ferry gone"]


def test_of_a_page_that_is_a_picture_the_text_beside_it_is_read(dump: Dump) -> None:
    picture = b"<html><head><title>Ferry</title></head><body><a href=x><img src='cid:1'></a>&nbsp;</body></html>"
    parts = b"--b\n\nThe ferry was late.\n--b\nContent-Type: text/html\n\n" + picture + b"\n--b--\n"
    found = outcome(dump(HEAD + b"Content-Type: multipart/alternative; boundary=b\n\n" + parts))
    assert found["text.txt"][0]["body"] == "The ferry was late."
    assert found["text.html"] == "skip: alternative text"


def test_a_line_may_be_wrapped_within_a_word(dump: Dump) -> None:
    text = b"The ferry was fog \nbound on  \nMonday.\n \nIce floes are gone.\n\n-- \nThe pier\n"
    ((record,),) = outcome(dump(HEAD + b"Content-Type: text/plain; format=flowed; delsp=yes\n\n" + text)).values()
    assert record["body"].startswith("The ferry was fogbound on Monday.\n")
    assert "\n\n--" in record["body"]


TEXTS = st.text(st.sampled_from("aé漢 \n.>-"), min_size=1, max_size=40).filter(str.strip)


@st.composite
def letters(draw: st.DrawFn) -> EmailMessage:
    letter = EmailMessage(policy=policy.SMTP)
    letter["Subject"] = draw(TEXTS).replace("\n", " ")
    letter["MIME-Version"] = "1.0"
    letter.set_content(draw(TEXTS), cte=draw(st.sampled_from(("base64", "quoted-printable"))))
    if draw(st.booleans()):
        letter.add_alternative(f"<p>{draw(TEXTS)}</p>", subtype="html")
    for content in draw(st.lists(st.binary(min_size=1, max_size=200), max_size=3)):
        letter.add_attachment(
            content, "application", "octet-stream", filename=draw(st.sampled_from(("a.bin", "é.csv")))
        )
    return letter


@given(letters())
@settings(max_examples=50, deadline=None)
def test_parts_are_those_that_the_standard_library_finds(letter: EmailMessage) -> None:
    data = letter.as_bytes()
    wanted = [
        (part.get_content_type(), part.get_filename() or "", part.get_payload(decode=True))
        for part in message_from_bytes(data, policy=policy.default).walk()
        if not part.is_multipart()
    ]
    assert [(leaf.kind, leaf.filename, leaf.content()) for leaf in mime.leaves(data)] == wanted


@given(st.lists(TEXTS, min_size=1, max_size=5), st.integers(1, 40))
@settings(max_examples=50, deadline=None)
def test_a_mailbox_is_cut_alike_however_it_is_read(texts: list[str], size: int) -> None:
    bodies = [HEAD + b"\n" + text.replace("\n", "\n>From ").encode() + b"\n" for text in texts]
    data = b"".join(b"From a@b.example Mon Mar  9 07:00:00 2026\n" + body + b"\n" for body in bodies)

    class Slow(io.BytesIO):
        def read(self, count: int | None = -1) -> bytes:
            return super().read(size)

    wanted = [body.replace(b"\n>From ", b"\nFrom ").rstrip(b"\n") for body in bodies]
    assert [message.rstrip(b"\n") for message in mailboxes.messages(Slow(data)) if message] == wanted
    assert mailboxes.count(io.BytesIO(data)) == len(texts)
