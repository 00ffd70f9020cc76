"""What a hostile sender would put into tables and lists: what fits into no memory, and what is not theirs to read."""

from __future__ import annotations

import io
import os
import sqlite3
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import zstandard

GIGABYTE = 1 << 30
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_SYNC = b"0123456789abcdef"
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_HEADER = b'<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row>'

Inputs = dict[str, Callable[[], bytes]]


def large(secret: Path, address: str) -> Inputs:
    """Workbooks that would take the memory, a file of this machine or the network."""
    file = f'<!DOCTYPE sst [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'.encode()
    network = f'<!DOCTYPE sst SYSTEM "{address}" [<!ENTITY x SYSTEM "{address}">]>'.encode()
    return {
        "a gigabyte in xlsx": lambda: _workbook(b'<row><c t="s"><v>0</v></c></row>' * (GIGABYTE // 33)),
        "a gigabyte of xlsx texts": lambda: _workbook(b"", texts=b"<si><t>bomb</t></si>" * (GIGABYTE // 20)),
        "xlsx, entity of a file": lambda: _workbook(_row(2), b"<si><t>&x;</t></si>", declared=file),
        "xlsx, entity of the network": lambda: _workbook(_row(2), b"<si><t>&x;</t></si>", declared=network),
        "xlsx, entities in all parts": lambda: _declared_everywhere(_workbook(_row(2), b"<si><t>a</t></si>"), file),
        "xlsx, entities of the network": lambda: _declared_everywhere(_workbook(_row(2)), network),
        "a gigabyte in ods": lambda: zipped({"mimetype": _ODS, "content.xml": b"<a>bomb</a>" * (GIGABYTE // 11)}),
        "avro, a gigabyte in deflate": lambda: _avro('"string"', _long(GIGABYTE) + bytes(GIGABYTE)),
        "avro, a gigabyte in zstandard": lambda: _avro('"string"', _long(GIGABYTE) + bytes(GIGABYTE), "zstandard"),
        "avro, 500 blocks of 16 MB": lambda: _avro_of_blocks(500),
        "avro, a header of nothing": lambda: b"Obj\x01" + _long(1 << 60) + bytes(50 << 20),
    }


def small() -> Inputs:
    """Small workbooks of articles of which something is hostile."""
    return {
        "xlsx, a text in 2,000 cells": lambda: _workbook(_row(2) * 2_000, b"<si><t>" + b"y" * 500_000 + b"</t></si>"),
        "xlsx, a cell far away": lambda: _workbook(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        "xlsx, a million columns": lambda: _workbook(b"<row>" + b"<c><v>1</v></c>" * 1_000_000 + b"</row>"),
        "xlsx, places of ten digits": lambda: _workbook(b'<row r="4294967297"><c r="A4294967297"><v>1</v></c></row>'),
        "xlsx, a text that is not": lambda: _workbook(_row(99)),
        "xlsx, tags without end": lambda: _workbook(b"<row><c " * 100_000),
        "ods, a cell again and again": lambda: _content(' table:number-columns-repeated="16000"'),
        "avro, a list of nothing": lambda: _avro('{"type": "array", "items": "null"}', b"\xfe" * 8 + b"\x01\0"),
        "avro, a million items": lambda: _avro(
            '{"type": "array", "items": "boolean"}', _long(1_000_000) + b"\1" * 10**6
        ),
        "avro, a block of 2**60 bytes": lambda: _avro('"string"', b"")[:-17] + _long(1 << 60),
        "avro, a text of 2**60 bytes": lambda: _avro('"string"', _long(1 << 60) + b"x"),
        "avro, a type in itself": lambda: _avro('["null", "A"]', b"\2" * 200_000),
        "avro, 50,000 levels": lambda: _avro("[" * 50_000 + "]" * 50_000, b"\0"),
        "avro, 2**60 records": lambda: _avro('"string"', b"\0", records=1 << 60),
        "sqlite, pages in a circle": lambda: _database().replace(b"\0\0\0\3", b"\0\0\0\2"),
        "sqlite, 200 MB of zeros": lambda: b"SQLite format 3\0" + bytes(200 << 20),
        "sqlite, pages of noise": lambda: _database()[:8_192] + os.urandom(200_000),
        "ris, 200,000 ends": lambda: b"TY  - NEWS\nTI  - a\nER  - \n" * 200_000,
        "ris, a title of 50 MB": lambda: b"TY  - NEWS\nTI  - " + b"word " * (10 << 20) + b"\nER  - \n",
        "bibtex, a million braces": lambda: b"@article{a, title = " + b"{" * 1_000_000 + b"}" * 1_000_000 + b"}",
        "bibtex, joined and joined": lambda: b'@article{a, title = "a"' + b' # "a"' * 500_000 + b"}",
        "bibtex, macros of macros": lambda: _macros(24),
        "ods, a row again and again": lambda: _content("", ' table:number-rows-repeated="1048576"'),
    }


def _row(text: int) -> bytes:
    return b'<row><c t="s"><v>%d</v></c><c t="s"><v>%d</v></c></row>' % (text, text)


def _workbook(rows: bytes, texts: bytes = b"", declared: bytes = b"") -> bytes:
    """A workbook with a header, then these rows; its first texts are those of the header."""
    sheet = f'<sheet name="T" sheetId="1" xmlns:r="{_RELATIONS}" r:id="r1"/>'
    targets = (("r1", "worksheet", "worksheets/sheet1.xml"), ("r2", "sharedStrings", "sharedStrings.xml"))
    relations = "".join(f'<Relationship Id="{id}" Type="{_RELATIONS}/{of}" Target="{to}"/>' for id, of, to in targets)
    main = _MAIN.encode()
    header = b"<si><t>title</t></si><si><t>text</t></si>"
    return zipped(
        {
            "[Content_Types].xml": b"<Types/>",
            "xl/workbook.xml": f'<workbook xmlns="{_MAIN}"><sheets>{sheet}</sheets></workbook>'.encode(),
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}">{relations}</Relationships>'.encode(),
            "xl/worksheets/sheet1.xml": b'<worksheet xmlns="%s"><sheetData>%s%s</sheetData></worksheet>'
            % (main, _HEADER, rows),
            "xl/sharedStrings.xml": declared + b'<sst xmlns="%s">%s%s</sst>' % (main, header, texts),
        }
    )


def _content(cell: str, row: str = "") -> bytes:
    """A spreadsheet of OpenDocument with an article of which a cell or row stands for many."""
    spaces = "".join(
        f' xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"'
        for prefix in ("office", "table", "text")
    )
    value = "<text:p>It sails.</text:p></table:table-cell>"
    text = f'<table:table-cell office:value-type="string"{cell}>{value}'
    header = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{name}</text:p></table:table-cell>'
        for name in ("title", "text")
    )
    rows = f"<table:table-row>{header}</table:table-row><table:table-row{row}>{text}{text}</table:table-row>"
    body = f'<office:body><office:spreadsheet><table:table table:name="T">{rows}</table:table></office:spreadsheet>'
    content = f"<office:document-content{spaces}>{body}</office:body></office:document-content>"
    return zipped({"mimetype": _ODS, "content.xml": content.encode(), "META-INF/manifest.xml": b"<x/>"})


def _declared_everywhere(workbook: bytes, declared: bytes) -> bytes:
    """The workbook, with an entity declared in every part of it and named before each end tag."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    return zipped({name: declared + part.replace(b"</", b"&x;</") for name, part in parts.items()})


def _avro(kind: str, value: bytes, codec: str = "deflate", records: int = 1) -> bytes:
    """A file of records with a title, and a text of that kind and value; packed, in one block."""
    return _avro_header(kind, codec) + _avro_block(_long(1) + b"a" + value, codec, records)


def _avro_of_blocks(count: int) -> bytes:
    """A file of blocks, each of as much as a block may unpack to: of one text."""
    size = (16 << 20) - 16
    block = _avro_block(_long(1) + b"a" + _long(size) + b"y" * size, "deflate", 1)
    return _avro_header('"string"', "deflate") + block * count


def _avro_header(kind: str, codec: str) -> bytes:
    fields = f'{{"name": "title", "type": "string"}}, {{"name": "text", "type": {kind}}}'
    schema = f'{{"type": "record", "name": "A", "fields": [{fields}]}}'.encode()
    facts = {b"avro.schema": schema, b"avro.codec": codec.encode()}
    return (
        b"Obj\x01"
        + _long(2)
        + b"".join(_long(len(each)) + each for pair in facts.items() for each in pair)
        + b"\0"
        + _SYNC
    )


def _avro_block(data: bytes, codec: str, records: int) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    packed = zstandard.compress(data) if codec == "zstandard" else packer.compress(data) + packer.flush()
    return _long(records) + _long(len(packed)) + packed + _SYNC


def _database() -> bytes:
    """A table of articles on several pages."""
    connection = sqlite3.connect(":memory:")
    connection.execute("create table article (title text, text text)")
    connection.executemany("insert into article values (?, ?)", [("a", "It sails. " * 50)] * 500)
    connection.commit()
    return connection.serialize()


def _macros(levels: int) -> bytes:
    """Macros of BibTeX, each ten times the one before."""
    macros = b'@string{m0 = "lol"}\n' + b"".join(
        b"@string{m%d = %s}\n" % (level, b" # ".join([b"m%d" % (level - 1)] * 10)) for level in range(1, levels)
    )
    return macros + b"@article{a, title = m%d}\n" % (levels - 1)


def _long(number: int) -> bytes:
    """A number as Avro writes it."""
    number, found = number << 1, bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*found, number])


def zipped(parts: dict[str, bytes]) -> bytes:
    """The parts by name, as a zip."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            stored = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), content, stored)
    return packed.getvalue()
