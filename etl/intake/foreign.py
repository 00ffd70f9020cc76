"""What a file is that no format reads and that a person can turn into one that is read: to say so in its refusal."""

from __future__ import annotations

import re

_UNPACK = "unpack it, or pack it again as zip, tar, gz, bz2, xz or zst"
_AS_CSV = "save it as CSV"
_AS_PARQUET = "write it as Parquet"

_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (rb"PK\x03\x04.*xl/", "an Excel workbook", _AS_CSV),
    (rb"PK\x03\x04.{26}mimetypeapplication/vnd\.oasis\.opendocument\.spreadsheet", "a spreadsheet", _AS_CSV),
    (rb"PK\x03\x04.{26}mimetypeapplication/(vnd\.oasis|epub)", "a document (OpenDocument, EPUB)", "save it as HTML"),
    (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file (xls, doc, msg)", "save it as CSV, docx or HTML"),
    (rb"\{\\rtf", "a Rich Text file", "save it as docx or HTML"),
    (rb"ARROW1\0\0|\xff\xff\xff\xff.{4}\x10\0\0\0", "an Arrow file (Feather)", _AS_PARQUET),
    (rb"PARE(?=.{0,8}\0)", "a Parquet file whose footer is encrypted", "ask for it in clear"),
    (rb"ORC(?=.{0,64}[\0-\x08])", "an ORC file", _AS_PARQUET),
    (rb"Obj\x01", "an Avro file", _AS_PARQUET),
    (rb"SQLite format 3\0|.{8}DUCK.\0|PGDMP\x01", "a database", "export its table as CSV or Parquet"),
    (rb"7z\xbc\xaf\x27\x1c|Rar!\x1a\x07|MSCF\0", "an archive (7z, RAR, CAB)", _UNPACK),
    (
        rb"\x1f[\x9d\xa0]|LZIP\x01|\x04\x22\x4d\x18|\x5d\0\0.{2}(\xff{8}|.{3}\0{5})",
        "packed (Z, lz, lz4, lzma)",
        _UNPACK,
    ),
    (
        rb"MZ(?=.{0,30}\0\0)|\x7fELF",
        "a program",
        "if it unpacks itself, run it by hand elsewhere and send what is in it",
    ),
)
_BY_MAGIC = tuple((re.compile(pattern, re.DOTALL), what, advice) for pattern, what, advice in _MAGIC)

_MAIL = re.compile(
    rb"(?=.{0,16000}?^(mime-version|received|message-id|return-path|to)\s?:)([\w-]+:[^\n]*\n([ \t][^\n]*\n)*){3}",
    re.DOTALL | re.MULTILINE | re.IGNORECASE,
)


_XML = re.compile(rb"(\xef\xbb\xbf)?\s{0,99}<(\?xml\s|[A-Za-z][\w.:-]{0,99}[\s>])")


def why_foreign(head: bytes) -> str | None:
    """Returns why a file with these first bytes is not read, whatever format is named, and what to do; else None."""
    found = next(((what, advice) for pattern, what, advice in _BY_MAGIC if pattern.match(head)), None)
    return f"it is {found[0]}, which is not read; {found[1]}" if found else None


def why_unrecognised(head: bytes) -> str:
    """Returns why no format recognises a file with these first bytes, and what to do."""
    if _MAIL.match(head):
        return "it is an e-mail or a page saved as one (MHTML), which is not read; save it as HTML"
    if _XML.match(head):
        return (
            "it is XML that no format recognises; if one of its elements is one article, name that in a stanza: "
            'format = "xml", record = "ARTICLE", and its columns by path'
        )
    return why_foreign(head) or "no format is recognised in it; name one in sources.toml or by --format"
