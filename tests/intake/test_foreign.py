"""What no format reads is named in its refusal, with what to do; and no text is taken for it."""

from __future__ import annotations

import io
import lzma
import pickle
import re
import sqlite3
import time
import zipfile
from collections.abc import Callable

import pyarrow as pa
import pyarrow.orc as orc
import pytest

from etl.intake import kinds
from etl.intake.archives import is_document
from etl.intake.bundles import identified
from etl.intake.containers import Member
from etl.intake.foreign import why_foreign, why_unrecognised
from etl.model import DumpError, Skip

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
    "an old Word document (doc)": lambda: ole("WordDocument"),
    "an old Excel workbook (xls)": lambda: ole("Workbook"),
    "an e-mail of Outlook (msg)": lambda: ole("__substg1.0_0037001F"),
    "an Office file with a password": lambda: ole("EncryptedPackage"),
    "a workbook of Excel 2003 as XML": lambda: (
        b'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook '
        b'xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet/></Workbook>'
    ),
    "an Excel workbook of before Excel 5.0": lambda: b"\x09\x04\x06\0\0\4\x10\0\0\0\x04\x02\x0d\0\0\0\0\0\0\0\5\0Title",
    "a file of Pages, Numbers or Keynote": lambda: office("preview.jpg", "Index/Document.iwa"),
    "a document of WordPerfect": lambda: b"\xffWPC\x10\0\0\0\1\x0a",
    "a worksheet of Lotus 1-2-3": lambda: b"\0\0\2\0\6\4\6\0\x08\0",
    "a table of dBASE or FoxPro": lambda: b"\x03\x7a\5\1\2\0\0\0\x61\0\x30" + bytes(21) + b"TITLE\0\0\0\0\0\0C",
    "a layout of InDesign or QuarkXPress": lambda: b"\0\0MMXPR3" + bytes(50),
    "the attachments of an e-mail of Outlook": lambda: b"x\x9f>\x22\1\0",
    "a database of FileMaker": lambda: b"\0\1\0\0\0\2\0\1\0\5\0\2\0\2\xc0HBAM7" + bytes(500),
    "a pickle of Python": lambda: pickle.dumps([{"title": "Ferry"}]),
    "a data file of R": lambda: b"RDX3\nX\n\0\0\0\3",
    "encrypted": lambda: b"-----BEGIN PGP MESSAGE-----\n\nhQEM",
    "a pointer of Git LFS": lambda: b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 7\n",
    "a link to a page": lambda: b"[InternetShortcut]\r\nURL=https://a.example/\r\n",
    "an old Office file": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500),
    "an Arrow file": arrow,
    "an ORC file": orc_file,
    "a mailbox of Outlook": lambda: b"!BDN\x7a\x3c\x12\x99SM\x17\0" + bytes(99),
    "an archive": lambda: b"Rar!\x1a\x07\x01\x00",
    "packed": lambda: lzma.compress(b"text", format=lzma.FORMAT_ALONE),
}


@pytest.mark.parametrize("what", FOREIGN)
def test_a_foreign_file_is_named_with_what_to_do(what: str) -> None:
    assert f"it is {what}" in str(why_foreign(FOREIGN[what]()))
    assert "; " in why_unrecognised(FOREIGN[what]())


@pytest.mark.parametrize("version", [b"\x09\0\4\0\2\0", b"\x09\2\6\0\0\3", b"\x09\4\6\0\0\4"])
@pytest.mark.parametrize("content", [b"\x10\0", b"\x20\0", b"\0\1"])
def test_a_workbook_of_each_excel_before_the_fifth_is_named(version: bytes, content: bytes) -> None:
    assert "save it as xlsx" in str(why_foreign(version + content + bytes(9)))


@pytest.mark.parametrize("what", FOREIGN)
def test_a_foreign_file_is_neither_left_out_as_a_picture_nor_opened_as_an_archive(what: str) -> None:
    data = FOREIGN[what]()
    assert kinds.by_magic(data) is None
    assert not data.startswith(b"PK") or is_document(zipfile.ZipFile(io.BytesIO(data)))


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\xff\xfb\x90\x64" + bytes(400), "audio"),
        (b"\xff\xf1\x50\x80\0\x1f\xfc", "audio"),
        (b"FORM\0\0\1\0AIFFCOMM", "audio"),
        (b"#!AMR\n\x3c\x91", "audio"),
        (b"\0\0\0\x0cJXL \r\n\x87\n", "picture"),
        (b"\1\0\0\0\x6c\0\0\0" + bytes(32) + b" EMF", "picture"),
        ("ятаган и яубер".encode("cp1251") * 90, None),
        (b"FORMULA AIF", None),
    ],
)
def test_sound_and_pictures_are_known_by_their_first_bytes_and_texts_are_neither(head: bytes, kind: str | None) -> None:
    assert kinds.by_magic(head) == kind


@pytest.mark.parametrize("head", [MAIL, SAVED])
def test_an_e_mail_is_named_only_where_no_format_recognises_it(head: bytes) -> None:
    assert "e-mail" in why_unrecognised(head)
    assert why_foreign(head) is None


@pytest.mark.parametrize("text", ["PARENTS met.", "ORC\tGOBLIN\n", "The big DUCK swam.", "MZ is short for it.", "]"])
def test_prose_is_not_taken_for_a_foreign_file(text: str) -> None:
    assert why_foreign(text.encode()) is None
    assert "no format is recognised" in why_unrecognised(text.encode())


@pytest.mark.parametrize("wanted", ["csv", "plain_txt"])
@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda: office("[Content_Types].xml", "xl/workbook.xml"), 'Excel workbook.*format = "excel"'),
        (lambda: office("mimetype", "content.xml"), 'spreadsheet.*format = "excel"'),
        (lambda: b"Obj\x01\x04\x14avro.codec", 'Avro file.*format = "avro"'),
        (database, 'database of SQLite.*format = "sqlite"'),
    ],
)
def test_what_another_format_reads_than_the_stanza_names_is_told_with_its_name(
    make: Callable[[], bytes], why: str, wanted: str
) -> None:
    with pytest.raises(DumpError, match=f"{why} in the stanza"):
        identified(Member("", lambda: io.BytesIO(make())), "a.csv", wanted)


@pytest.mark.parametrize(
    ("head", "why"),
    [
        (b"%0 Newspaper Article\n%T Ferry late\n", "references (EndNote"),
        (b"-- MySQL dump 10.13\n/*!40101 SET NAMES utf8 */;\n\nDROP TABLE IF EXISTS `news`;\n", "as SQL"),
        (b"From a@b.example Mon Mar  9 2026\nSubject: Ferry\n\nLate.\n", "a mailbox (mbox)"),
        (b"<?xml version='1.0'?>\n<Error><Code>AccessDenied</Code></Error>", "an error message of a server"),
        (b"500 Internal Server Error\r\nTraceback:\n" + b"  File x\n" * 90, "an error message of a server"),
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


NEWS = f"\n\n{'The ferry was late, and nobody knew why. ' * 9}\n"


@pytest.mark.parametrize(
    "headline",
    [
        *("Copy cats strike again", "COPY of a letter", "Copy cats from the quay", "Insert into the wall: new stones"),
        *("Set sail, says the mayor\nCreate table talk: the chef", "Drop table manners, says chef; ferry on time"),
        *(
            "Forbidden love",
            "Not found: the ferry",
            "404 not found: how a page became a meme",
            "Rate limit for ferries",
        ),
        *("Access denied to the harbour", "Please sign in before you board", "Internal server error hits ferry"),
        *("[Saltby] The ferry returns", "[1] The ferry returns", "!BDN is the new brand of the daily"),
        *("-----BEGIN PGP MESSAGE, the spy wrote", "Salted__ nuts for all", "#!AMR fans gather", "$FL2 is the price"),
        *("%0 A new low for the rate", "PMID- a band from Saltby", "FN Clarivate buys the Courier", "RDX3\nat sea"),
        *("age-encryption.org/ is down", "[InternetShortcut] is a word", "version https://git-lfs.github.com/ is out"),
    ],
)
def test_an_article_is_not_called_foreign_for_its_headline(headline: str) -> None:
    data = (headline + NEWS).encode()
    assert kinds.by_magic(data) is None
    assert why_foreign(data) is None
    assert "it is plain text" in why_unrecognised(data)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE news (id int);",
        "create table if not exists public.news(id int);",
        "CREATE DATABASE /*!32312 IF NOT EXISTS*/ `news` /*!40100 DEFAULT CHARACTER SET utf8 */;",
        "INSERT INTO `news` VALUES (1,'Ferry');",
        "INSERT INTO news (id, title) VALUES (1, 'Ferry');",
        "COPY public.news (id, title) FROM stdin;\n1\tFerry",
        "SET NAMES utf8;\n\nDROP TABLE IF EXISTS news CASCADE;",
    ],
)
def test_statements_of_sql_are_called_sql(statement: str) -> None:
    assert "a dump of a database as SQL" in why_unrecognised(statement.encode() + NEWS.encode())


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


TEXT = "The ferry was late, and nobody knew why; the harbour master did not say a word about it."
NAMED = 'name it in a stanza of sources.toml with format = "csv"'


@pytest.mark.parametrize(
    ("table", "why"),
    [
        (
            f'Titular,Cuerpo\nBarco,"{TEXT}\n\nOtra línea, aquí."\nPuerto,"{TEXT}"\n',
            "with commas .* found Titular, Cuerpo;",
        ),
        (f'Başlık;İçerik;Tarih\nGemi;"{TEXT}\n\n{TEXT}";1\n', "with semicolons .* found Başlık, İçerik, Tarih;"),
        (f"AN,HD,TD\r\n1,Ferry,'{TEXT}'\r\n2,Gull,'{TEXT}'\r\n", "with commas .* found AN, HD, TD;"),
        (f"art_id\tart_body\n1\t{TEXT}\n2\t{TEXT}\n", "with tabs .* found art_id, art_body;"),
        (f"title^text^date\nFerry^{TEXT}^1\nGull^{TEXT}^2\n", r"with carets .*title, text, date.* delimiter = \"\^\"$"),
        (f"kopf\x01rumpf\nFerry\x01{TEXT}\nGull\x01{TEXT}\n", r"with Ctrl-A .* and delimiter = \"\\u0001\", and which"),
    ],
)
def test_of_a_table_with_unknown_columns_these_are_named_even_where_texts_have_lines(table: str, why: str) -> None:
    told = why_unrecognised(table.encode())
    assert re.search(why, told)
    assert NAMED in told
    assert "plain_txt" not in told


def test_a_table_with_row_names_of_r_is_told_from_others() -> None:
    rows = "".join(f'"{number}","Ferry {number}","{TEXT}\n\n{TEXT}"\n' for number in range(3))
    assert "(title, text) has no name for the first one, as R writes" in why_unrecognised(
        f'"title","text"\n{rows}'.encode()
    )
    assert "a table of R with spaces" in why_unrecognised(f'"title" "text"\n"1" "Ferry" "{TEXT}"\n'.encode())


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (f"- title: Ferry\n  date: 2026-01-02\n  text: >\n    {TEXT}\n", "YAML, .*; convert it to JSON"),
        (f"articles:\n  - title: Ferry\n    text: {TEXT}\n", "YAML"),
        (f"---\ntitle: Ferry\ntext: |\n  {TEXT}\n", "YAML"),
        (f"---\ntitle: Ferry\ndate: 2026-01-02\ntags:\n  - sea\n---\n\n{TEXT}\n", "Markdown with front matter"),
        (f"1\n00:00:01,000 --> 00:00:04,000\n{TEXT}\n\n2\n", "subtitles"),
        (f"WEBVTT\n\n00:01.000 --> 00:04.000\n{TEXT}\n", "subtitles"),
        ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n", "a calendar"),
        (f"% Paper\n\\documentclass{{article}}\n{TEXT}", "TeX"),
        (f"1. Ferry, {TEXT}\n2. Gull, {TEXT}\n3. Quay, {TEXT}\n", "a numbered list"),
    ],
)
def test_text_of_another_kind_is_not_advised_to_be_loaded_as_one_article(text: str, what: str) -> None:
    told = why_unrecognised(text.encode())
    assert re.search(what, told)
    assert "plain_txt" not in told


@pytest.mark.parametrize(
    "text",
    [
        f"Ferry late\n\n{TEXT}\n\nIt left at nine, at last.\n",
        f"Title: Ferry late\nAuthor: Ann Hill\n\n{TEXT}\n",
        f"- Ann Hill, in Furt\n\n{TEXT}\n",
        "Gulls, owls\nAnn, Bo\n",
        f"---\n\n{TEXT}",
    ],
)
def test_prose_is_still_plain_text(text: str) -> None:
    assert 'format = "plain_txt"' in why_unrecognised(text.encode())


@pytest.mark.parametrize(
    ("head", "why"),
    [
        (b'{"status": "ok", "totalResults": 0, "articles": []}', "an answer without articles"),
        (b'{"response": {"numFound": 0, "docs": []}}', "an answer without articles"),
        (b"[]", "an answer without articles"),
        (b'{"status": "error", "code": "rateLimited", "message": "Too many requests"}', 'says "Too many requests"'),
        (b'{"error": {"code": 403, "message": "No key"}}', 'says "No key"'),
        (b'{"errors": [{"message": "Bad query"}], "data": null}', 'says "Bad query"'),
        (b'{"fault": {"faultstring": "Quota"}}', 'says "Quota"'),
        (b'{"message": "Not found"}', 'says "Not found"'),
        (b'{"error": null, "rows": [{"kopf": "Ferry", "rumpf": "Late."}]}', "no field is known"),
        (b'{"kopf": "Ferry", "rumpf": "Late.", "bilder": [{"a": 1}]}', "no field is known"),
    ],
)
def test_json_without_articles_is_told_from_json_with_unknown_fields(head: bytes, why: str) -> None:
    told = why_unrecognised(head)
    assert why in told
    assert ("by `columns`" in told) == (why == "no field is known")


@pytest.mark.parametrize(
    ("xml", "what"),
    [
        ("<urlset><url><loc>https://a.example/</loc></url></urlset>", "a sitemap"),
        ("<sitemapindex><sitemap><loc>https://a.example/</loc></sitemap></sitemapindex>", "a sitemap"),
        ("<opml><body><outline text='A'/></body></opml>", "a list of feeds"),
    ],
)
def test_xml_that_holds_no_texts_is_named_and_not_advised_as_a_record(xml: str, what: str) -> None:
    assert f"it is {what}" in why_xml(xml)
    assert "record =" not in why_xml(xml)


def packed_office(kind: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("content.xml", "<x/>")
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["application/vnd.oasis.opendocument.text", "application/epub+zip"])
def test_a_document_whose_kind_is_packed_is_named(kind: str) -> None:
    assert "OpenDocument, EPUB" in why_unrecognised(packed_office(kind))


@pytest.mark.parametrize(
    ("head", "what"),
    [
        (bytes(12) + b"\xc2\xea\x81\x60" + bytes(99), "SAS"),
        (b"\x00\x05\x16\x00\x00\x02\x00\x00" + bytes(99), "AppleSingle"),
        (b"\x82\xa5title\xa6Bridge\xa4text\xa5Late.", "MessagePack"),
    ],
)
def test_rarer_kinds_are_named(head: bytes, what: str) -> None:
    assert what in str(why_foreign(head))


def test_what_a_mac_leaves_beside_a_file_is_skipped() -> None:
    fork = b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X        " + bytes(99)
    assert identified(Member("a.csv", lambda: io.BytesIO(fork)), "a.csv", "auto") == Skip("a.csv", "system file")
