"""What no format reads is named in its refusal, with what to do; and no text is taken for it."""

from __future__ import annotations

import io
import lzma
import sqlite3
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


FOREIGN: dict[str, Callable[[], bytes]] = {
    "an Excel workbook": lambda: office("[Content_Types].xml", "xl/workbook.xml"),
    "a spreadsheet": lambda: office("mimetype", "content.xml"),
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
