"""What no format reads is named in its refusal, with what to do; and no text is taken for it."""

from __future__ import annotations

import io
import lzma
import pickle
import sqlite3
import time
import zipfile
from collections.abc import Callable

import pyarrow as pa
import pyarrow.orc as orc
import pytest

from etl.intake.bundles import identified
from etl.intake.containers import Member
from etl.intake.foreign import why_foreign, why_unrecognised
from etl.model import DumpError

TABLE = pa.table({"title": ["Ferry"], "text": ["It sails."]})
MAIL = b"Return-Path: <a@b.example>\r\nFrom: a@b.example\r\nMIME-Version: 1.0\r\nSubject: Ferry\r\n\r\nIt sails.\r\n"
SAVED = b"From: <Saved by Blink>\r\nSubject: Ferry\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n"


def office(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "application/vnd.oasis.opendocument.spreadsheet" if name == "mimetype" else "<x/>")
    return buffer.getvalue()


def arrow() -> bytes:
    buffer = io.BytesIO()
    with pa.ipc.new_file(buffer, TABLE.schema) as writer:
        writer.write_table(TABLE)
    return buffer.getvalue()


def orc_file() -> bytes:
    buffer = io.BytesIO()
    orc.write_table(TABLE, buffer)
    return buffer.getvalue()


def database() -> bytes:
    connection = sqlite3.connect(":memory:")
    connection.execute("create table article (text)")
    return connection.serialize()


def ole(name: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + name.encode("utf-16-le") + bytes(500)


FOREIGN: dict[str, Callable[[], bytes]] = {
    "an Excel workbook": lambda: office("[Content_Types].xml", "xl/workbook.xml"),
    "a spreadsheet": lambda: office("mimetype", "content.xml"),
    "an old Word document (doc)": lambda: ole("WordDocument"),
    "an old Excel workbook (xls)": lambda: ole("Workbook"),
    "an e-mail of Outlook (msg)": lambda: ole("__substg1.0_0037001F"),
    "an Office file with a password": lambda: ole("EncryptedPackage"),
    "a Rich Text file": lambda: rb"{\rtf1\ansi Ferry}",
    "an Avro file": lambda: b"Obj\x01\x04\x14avro.codec",
    "a database of SQLite": database,
    "a pickle of Python": lambda: pickle.dumps([{"title": "Ferry"}]),
    "a data file of R": lambda: b"RDX3\nX\n\0\0\0\3",
    "encrypted": lambda: b"-----BEGIN PGP MESSAGE-----\n\nhQEM",
    "a pointer of Git LFS": lambda: b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 7\n",
    "a link to a page": lambda: b"[InternetShortcut]\r\nURL=https://a.example/\r\n",
    "an old Office file": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500),
    "an Arrow file": arrow,
    "an ORC file": orc_file,
    "a database": database,
    "an archive": lambda: b"Rar!\x1a\x07\x01\x00",
    "packed": lambda: lzma.compress(b"text", format=lzma.FORMAT_ALONE),
}


@pytest.mark.parametrize("what", FOREIGN)
def test_a_foreign_file_is_named_with_what_to_do(what: str) -> None:
    assert f"it is {what}" in str(why_foreign(FOREIGN[what]()))
    assert "; " in why_unrecognised(FOREIGN[what]())


@pytest.mark.parametrize("head", [MAIL, SAVED])
def test_an_e_mail_is_named_only_where_no_format_recognises_it(head: bytes) -> None:
    assert "e-mail" in why_unrecognised(head)
    assert why_foreign(head) is None


@pytest.mark.parametrize("text", ["PARENTS met.", "ORC\tGOBLIN\n", "The big DUCK swam.", "MZ is short for it.", "]"])
def test_prose_is_not_taken_for_a_foreign_file(text: str) -> None:
    assert why_foreign(text.encode()) is None
    assert "no format is recognised" in why_unrecognised(text.encode())


@pytest.mark.parametrize("wanted", ["csv", "plain_txt"])
def test_a_workbook_where_the_stanza_names_another_format_is_refused_as_one(wanted: str) -> None:
    workbook = office("[Content_Types].xml", "xl/workbook.xml")
    with pytest.raises(DumpError, match="Excel workbook, which is not read; save it as CSV"):
        identified(Member("", lambda: io.BytesIO(workbook)), "a.csv", wanted)


@pytest.mark.parametrize(
    ("head", "why"),
    [
        (b"TY  - NEWS\nTI  - Ferry late\nER  - \n", "references (RIS"),
        (b"% from a library\n@article{ek2026, title={Ferry}}", "references (BibTeX)"),
        (b"-- MySQL dump 10.13\n/*!40101 SET NAMES utf8 */;\n\nDROP TABLE IF EXISTS `news`;\n", "as SQL"),
        (b"From a@b.example Mon Mar  9 2026\nSubject: Ferry\n\nLate.\n", "a mailbox (mbox)"),
        (b"<?xml version='1.0'?>\n<Error><Code>AccessDenied</Code></Error>", "an error message of a server"),
        (b"403 Forbidden\n", "an error message of a server"),
        (b"Please log in to continue.", "an error message of a server"),
        (b"<div><h2>Ferry late</h2></div>", "HTML that does not begin with <html>"),
        (b'callback({"articles": [{"title": "Ferry late"}]});', "JSON after a preamble"),
        (b'// of Monday\n[{"title": "Ferry late"}]', "JSON after a preamble"),
        (b'var data = {"title": "Ferry late"};', "JSON after a preamble"),
        (b"Title\tText\tDate\nFerry\tLate.\t2026\nGull\tSeen.\t2026\n", "a table with tabs between its columns"),
        ("The ferry was late, again; nobody knew why.\nIt left at nine.\n".encode("utf-16"), "plain text"),
        ("Паром опять опоздал.".encode(), 'format = "plain_txt"'),
        (b"\x00\x9f\x01" * 99, "nor is it text"),
    ],
)
def test_what_is_not_recognised_is_named_with_what_to_do(head: bytes, why: str) -> None:
    assert why in why_unrecognised(head)
    assert why_foreign(head) is None


def why_xml(text: str, codec: str = "utf-8") -> str:
    data = text.encode(codec)
    return why_unrecognised(data[:1_000], lambda: io.BytesIO(data))


STORY = f"<TITLE>Ferry late</TITLE><TEXT><P>{'It was late again. ' * 9}</P><P>Nobody knew why.</P></TEXT>"


@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_of_unknown_xml_the_element_that_is_repeated_is_named(codec: str) -> None:
    records = "".join(f"<ARTICLE id='{number}'>{STORY}</ARTICLE>" for number in range(1_200))
    why = why_xml(f"<?xml version='1.0'?><!-- x --><DUMP><META>One dump</META><LIST>{records}</LIST></DUMP>", codec)
    assert "1,200 <ARTICLE> elements in <DUMP>" in why
    assert 'format = "xml" and record = "ARTICLE"' in why


def test_of_xml_with_one_article_the_root_is_named() -> None:
    assert 'record = "STORY"' in why_xml(f"<STORY>{STORY}</STORY>")
    assert "root is <settings>" in why_xml("<settings><a>1</a><a>2</a></settings>")


@pytest.mark.parametrize("blank", [b" " * 60_000, b"\n" * 60_000, b"-- x\n" * 9_000, b"/*" * 30_000, b"% \n" * 20_000])
def test_a_file_of_nothing_is_looked_at_in_no_time(blank: bytes) -> None:
    start = time.process_time()
    why_unrecognised(blank)
    assert time.process_time() - start < 2
