"""What a file is that no format reads, and what a person can do to have it read: to say so in its refusal."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import BinaryIO

from etl.formats.common.encoding import decode_head
from etl.formats.workbook.ole_file import SIGNATURE, names_in
from etl.formats.workbook.ole_kinds import is_workbook, why_other
from etl.intake.unknown_json import what_json
from etl.intake.unknown_text import what_text
from etl.intake.unknown_xml import what_xml

LARGEST_OLD_BYTES = 64 << 20
_UNPACK = "unpack it, or pack it again as zip, tar, gz, bz2, xz or zst"
_AS_CSV = "save it as CSV"
_AS_PARQUET = "write it as Parquet"
_AS_CSV_OR_PARQUET = "export its table as CSV or Parquet"
_AS_HTML = "save it as HTML"
_AS_HTML_OR_RTF = "save it as HTML or RTF"
_FETCH = "fetch the dump again"
_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (rb"PK\x03\x04.*ppt/", "a PowerPoint presentation", _AS_HTML),
    (rb"PK\x03\x04.{26}mimetypeapplication/(vnd\.oasis|epub)", "a document (OpenDocument, EPUB)", _AS_HTML),
    (
        rb"PK\x03\x04.{26}mimetype",
        "a document, spreadsheet or book (OpenDocument, EPUB)",
        "save it as HTML, or, if it is a table, as CSV",
    ),
    (
        rb"(?:\xef\xbb\xbf)?\s*<\?xml.{0,300}?(?:<\?mso-application\s+progid=\"Excel\.Sheet\"|<(?:ss:)?Workbook\s[^>]*"
        rb"urn:schemas-microsoft-com:office:spreadsheet)",
        "a workbook of Excel 2003 as XML",
        "save it as xlsx",
    ),
    (
        rb"\x09(\0\x04|[\x02\x04]\x06)\0..(\x10\0|\x20\0|\x40\0|\0\x01)",
        "an Excel workbook of before Excel 5.0 (1993)",
        "open it in Excel or LibreOffice and save it as xlsx",
    ),
    (
        rb"PK\x03\x04.*Index/[\w/-]{1,60}\.iwa",
        "a file of Pages, Numbers or Keynote (iWork)",
        "export it as RTF, or, if it is a table, as CSV or xlsx",
    ),
    (
        rb"\xffWPC|[\xdb\xdc]\xa5.\0|[12]\xbe\0\0\0\xab",
        "a document of WordPerfect, Write or an old Word",
        _AS_HTML_OR_RTF,
    ),
    (rb"\0\0\x02\0[\x04-\x06]\x04|\0\0\x1a\0.\x10\x04\0", "a worksheet of Lotus 1-2-3", _AS_CSV),
    (rb"[\x03\x30\x31\x83\x8b\xf5].[\x01-\x0c][\x01-\x1f].{8}\0\0", "a table of dBASE or FoxPro", _AS_CSV),
    (
        rb"\x06\x06\xed\xf5\xd8\x1d\x46\xe5|\0\0(MM|II)XPR",
        "a layout of InDesign or QuarkXPress",
        "export its articles as HTML, XML or RTF",
    ),
    (
        rb"x\x9f>\x22",
        "the attachments of an e-mail of Outlook (winmail.dat)",
        "ask for the e-mail as HTML or plain text",
    ),
    (rb"!BDN.{4}(SM|SO|AB)", "a mailbox of Outlook (pst)", "save its messages as HTML"),
    (rb"ARROW1\0\0|\xff\xff\xff\xff.{4}\x10\0\0\0", "an Arrow file (Feather)", _AS_PARQUET),
    (rb"PARE(?=.{0,8}\0)", "a Parquet file whose footer is encrypted", "ask for it in clear"),
    (rb"ORC(?=.{0,64}[\0-\x08])", "an ORC file", _AS_PARQUET),
    (rb".{8}DUCK.\0", "a database of DuckDB", _AS_CSV_OR_PARQUET),
    (rb"PGDMP\x01", "a database of PostgreSQL", _AS_CSV_OR_PARQUET),
    (rb"\0\x01\0\0Standard (Jet|ACE) DB", "a database of Access", _AS_CSV_OR_PARQUET),
    (rb"\0\x01\0\0\0\x02\0\x01\0\x05", "a database of FileMaker", _AS_CSV),
    (rb"RD[AX][23]\n[XAB]\n|X\n\0\0\0[\2\3]", "a data file of R", "write it as CSV or Parquet in R"),
    (rb"\x80[\x02-\x05][\x95}\]({c]", "a pickle of Python, which may run programs", "write it as Parquet or JSON"),
    (rb"\x89HDF\r\n|\x93NUMPY", "a file of HDF5 or NumPy", _AS_PARQUET),
    (rb"\$FL[23]@|<stata_dta>", "a data file of SPSS or Stata", _AS_CSV),
    (rb"\0{12}\xc2\xea\x81\x60", "a data file of SAS", _AS_CSV),
    (rb"\0\x05\x16\0\0", "a file packed for a Mac (AppleSingle)", _UNPACK),
    (rb"[\x81-\x8f][\xa1-\xbf][A-Za-z_]{1,31}[\x80-\xdf]", "a file of MessagePack", "write it as JSON"),
    (rb"7z\xbc\xaf\x27\x1c|Rar!\x1a\x07|MSCF\0", "an archive (7z, RAR, CAB)", _UNPACK),
    (
        rb"\x1f[\x9d\xa0]|LZIP\x01|\x04\x22\x4d\x18|\x5d\0\0.{2}(\xff{8}|.{3}\0{5})",
        "packed (Z, lz, lz4, lzma)",
        _UNPACK,
    ),
    (rb"bplist00", "a property list or web archive of a Mac", _AS_HTML),
    (rb"ITSF\x03|.{60}BOOKMOBI", "an e-book or help file", _AS_HTML),
    (
        rb"-----BEGIN PGP MESSAGE-----[ \t]*[\r\n]|Salted__(?=.{0,64}[\0-\x08\x80-\xff])"
        rb"|age-encryption\.org/v\d+[\r\n]",
        "encrypted (PGP, OpenSSL, age)",
        "decrypt it first",
    ),
    (
        rb"version https://git-lfs\.github\.com/spec/",
        "a pointer of Git LFS, not the file itself",
        "fetch it by git lfs pull",
    ),
    (rb"\[InternetShortcut\][ \t]*[\r\n]", "a link to a page, not the page", "save the page itself"),
    (
        rb"MZ(?=.{0,30}\0\0)|\x7fELF",
        "a program",
        "if it unpacks itself, run it by hand elsewhere and send what is in it",
    ),
)
_BY_MAGIC = tuple((re.compile(pattern, re.DOTALL), what, advice) for pattern, what, advice in _MAGIC)
_READ: tuple[tuple[bytes, str, str], ...] = (
    (rb"PK\x03\x04.*xl/", "an Excel workbook", "excel"),
    (rb"PK\x03\x04.{26}mimetypeapplication/vnd\.oasis\.opendocument\.spreadsheet", "a spreadsheet", "excel"),
    (rb"Obj\x01", "an Avro file", "avro"),
    (rb"SQLite format 3\0", "a database of SQLite", "sqlite"),
)
"""What a format reads, though not every one that a stanza may name."""
_BY_READER = tuple((re.compile(pattern, re.DOTALL), what, reader) for pattern, what, reader in _READ)

_MAIL = re.compile(
    rb"(?=.{0,16000}?^(mime-version|received|message-id|return-path|to)\s?:)([\w-]+:[^\n]*\n([ \t][^\n]*\n)*){3}",
    re.DOTALL | re.MULTILINE | re.IGNORECASE,
)
_WITH_TEXT = "ask for the texts themselves, as CSV, JSON or HTML"
_TABLE = rb"(\s|/\*[^*]{0,99}\*/|IF (NOT )?EXISTS\b){1,9}[\w.$\"`\[\]\x80-\xff]{1,200}"
"""A table's name, as statements of SQL have it."""
_ERRORS = (
    rb"(Access denied|Forbidden|Unauthori[sz]ed|Not found|Too many requests|Rate limit|Internal server error"
    rb"|Bad gateway|Service unavailable|Please (log|sign) in)"
)
_JSON = re.compile(
    rb"\s*+(\{\s*+(\Z|[}\"']|[\w$-]{1,60}\s?:)|\[\s*+(\Z|[]\"'{[]|-?\d[\d.]*+\s*+,|(true|false|null)\b))"
)
"""JSON, or what looks like it; no text that begins with a bracket."""
_TEXTUAL: tuple[tuple[bytes, str, str], ...] = (
    (
        rb"From \S+ .*\n([\w-]+:[^\n]*\n)",
        "a mailbox (mbox) whose lines between messages have no time",
        "export it again from the mail program",
    ),
    (rb"PK\x03\x04.*word/", "a Word document, but not an export of Nexis", _AS_HTML),
    (rb"\s*+(%0 [^\n]{1,60}\n%[\w@!?] |PMID- \d)", "a list of references (EndNote, PubMed)", _WITH_TEXT),
    (rb"FN (Clarivate|Thomson|ISI) [^\n]{0,80}\nVR ", "a list of references (Web of Science)", _WITH_TEXT),
    (
        rb"(--[^\n]*+\n|/\*.{0,500}?\*/;?|\s++|(SET|USE|BEGIN|PRAGMA|LOCK) [^\n]*+\n|BEGIN;){0,60}+"
        rb"(CREATE TABLE%b\s*\(|CREATE (DATABASE|SCHEMA)%b\s*(;|/\*|(WITH|DEFAULT|CHARACTER|AUTHORIZATION)\b)"
        rb"|DROP (TABLE|DATABASE|SCHEMA)%b(,%b){0,9}\s*(CASCADE\s*)?;|INSERT INTO%b\s*(\(|(VALUES|SELECT|DEFAULT)\b)"
        rb"|COPY%b\s*(\([^()]*\))?\s*FROM\s+(stdin\b|[\'/]))" % ((_TABLE,) * 6),
        "a dump of a database as SQL",
        f"load it into its database, and {_AS_CSV_OR_PARQUET}",
    ),
    (
        rb"\s*+(<\?xml[^>]*>\s*+)?<Error>\s*+<Code>|(?=.{0,300}\Z)\s*+([45]\d\d )?%b\b"
        rb"|(?=.{0,3000}\Z)\s*+[45]\d\d %b[.!]?[ \t\r]*(\n|\Z)" % (_ERRORS, _ERRORS),
        "an error message of a server, not a dump",
        f"{_FETCH}, logged in where that is asked",
    ),
    (
        rb"\s*+(//[^\n]*+\n\s*+|/\*.{0,500}?\*/\s*+)*+((var|let|const) )?[\w.$]{0,60}+\s?[=(]?\s*+"
        rb"(\{\s*+\"[^\"\n]{1,60}\"\s*+:|\[\s*+\{\s*+\")",
        "JSON after a preamble (a comment, a call, a name)",
        "take away what stands before its first bracket and behind its last",
    ),
    (
        rb"\s*+<(div|p|table|ul|ol|h[1-6]|span|center|font|b|a)[\s>]",
        "HTML that does not begin with <html>",
        'where each file is one article, name it in a stanza of sources.toml with format = "html"',
    ),
)
_BY_TEXT = tuple((re.compile(pattern, re.DOTALL | re.IGNORECASE), what, how) for pattern, what, how in _TEXTUAL)


def why_foreign(head: bytes, opened: Callable[[], BinaryIO] | None = None) -> str | None:
    """Returns why a file with these first bytes, which the named format does not recognise, is not read, and what to
    do; else None. `opened` gives all of it."""
    for what, reader in _read_by(head):
        return f'it is {what}, which another format reads; set format = "{reader}" in the stanza, or leave it out'
    if head.startswith(SIGNATURE):
        return _why_old(head, opened)
    return _named(head, _BY_MAGIC)


def _read_by(head: bytes) -> Iterator[tuple[str, str]]:
    """What a file is, and the format that reads it."""
    if is_workbook(head):
        yield "an old Excel workbook (xls)", "excel"
    yield from ((what, reader) for pattern, what, reader in _BY_READER if pattern.match(head))


def _why_old(head: bytes, opened: Callable[[], BinaryIO] | None) -> str:
    """What an old Office file is; its directory may be at its end."""
    names = names_in(head)
    if not names and opened:
        with opened() as stream:
            names = names_in(stream.read(LARGEST_OLD_BYTES))
    return why_other(names, head)


def why_unrecognised(head: bytes, opened: Callable[[], BinaryIO] | None = None) -> str:
    """Returns why no format recognises a file with these first bytes, and what to do. `opened` gives all of it."""
    if why := why_foreign(head, opened):
        return why
    if _MAIL.match(head):
        return (
            "it looks like an e-mail, but has none of the headers of one that was sent (Message-ID, MIME-Version, "
            "Received) besides a sender, a subject or a date; save it from the mail program as .eml, or as HTML"
        )
    if _JSON.match(head):
        return f"no format is recognised{what_json(head)}"
    if why := _named(head, _BY_TEXT):
        return why
    if opened and (what := what_xml(head, opened)):
        return f"no format is recognised: {what}"
    return f"no format is recognised{what_text(decode_head(head))}"


def _named(head: bytes, known: tuple[tuple[re.Pattern[bytes], str, str], ...]) -> str | None:
    found = next(((what, advice) for pattern, what, advice in known if pattern.match(head)), None)
    return f"it is {found[0]}, which is not read; {found[1]}" if found else None
