"""BibTeX and BibLaTeX: lists of references with abstracts or texts, from archives of newspapers, Zotero and JabRef.

Layout: entries such as `@article{key, title = {...}, year = 2026}`; values in braces or quotes, or names of `@string`,
joined by `#`. The text is what stands under `fulltext`, `text`, `content` or `body`; else the abstract is the body, and
partial. TeX's accents become letters, its styles and braces go; other commands stay as they are; in addresses only the
escapes go. Fields without a meaning here go into `extra`, with the key of the entry, which is not unique. Written from
the description of BibTeX and BibLaTeX; no export of a newspaper's archive was at hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from itertools import takewhile
from typing import BinaryIO

from etl.formats.common import sgml
from etl.formats.common.bibtex_entry import Entry, address, read_entry, spelt
from etl.formats.common.encoding import decode_head, unify_newlines
from etl.formats.common.pieces import Unreadable, guarded, without_empty_extra
from etl.formats.common.streams import chunks
from etl.formats.common.utf8_stream import utf8
from etl.model import DumpError, Feed, Piece, RawRecord, Skip

FIELDS = {
    "url": "url",
    "publication": "journaltitle journal newspaper",
    "headline": "title",
    "deck": "subtitle",
    "body": "fulltext full_text text content body",
    "page": "pages",
    "edition": "edition",
    "language": "langid language",
}
"""Field -> its names; the first that is there serves, the others go into `extra`."""
_ADDRESSES = ("url", "urlraw", "doi", "eprint")
_NAMES_OF_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"
_MONTHS = {name: str(number) for number, name in enumerate(_NAMES_OF_MONTHS.split(), 1)}
_MONTH_AND_DAY = re.compile(r"([A-Za-z]{3,9})\.?\s(\d{1,2})|(\d{1,2})\.?\s([A-Za-z]{3,9})")
"""`"4~" # apr`: the day stands with the month's name."""

LONGEST_BEFORE_BYTES = 2_000
MOST_MACROS, LONGEST_MACRO = 10_000, 1_000
_START = re.compile(rb"^[ \t]{0,20}@[ \t]{0,9}[A-Za-z]{3,30}[ \t]{0,9}[{(]", re.MULTILINE)
_BEGINS = re.compile(r"(?:[^\n@]*\n){0,60}?[ \t]*@[A-Za-z]{3,20}\s?\{[^\s{}=]{0,200},?\s*(?:[A-Za-z][\w-]*\s*=|\w)")
_ENTRY = re.compile(
    rb"\n[ \t]{0,20}@[ \t]{0,9}(?!(?:comment|string|preamble)\b)[a-z]{3,30}[ \t]{0,9}[{(]", re.IGNORECASE
)
_LONGEST_ENTRY_MARK = 80
_KEYWORDS = re.compile(r"[,;]")
_PLAIN_DATE = re.compile(r"\d{4}(?:-\d\d){0,2}")
"""A date that has nothing else to it, and is not kept in `extra`, too."""


def recognise(head: bytes, name: str) -> float:
    """By an entry of BibTeX, perhaps below comments, with a key and a field."""
    return 0.8 if _BEGINS.match(unify_newlines(decode_head(head)).removeprefix("\ufeff")) else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """The lines that begin an entry, in the bytes; not those of macros and comments."""
    count, held = 0, b"\n"
    for chunk in chunks(utf8(stream, feed.encoding)):
        data = held + chunk
        kept = max(len(data) - _LONGEST_ENTRY_MARK, 0)
        found = [match.start() for match in _ENTRY.finditer(data)]
        count += sum(start < kept for start in found)
        held = data[kept:]
    return count + len(_ENTRY.findall(held))


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """A record for each entry; a Reject for one that does not end; a Skip for macros, comments and what stands before.
    Raises DumpError where there is no entry, or its encoding cannot be recognised."""
    macros, is_found = {name: name for name in _MONTHS}, False
    for line, data in sgml.cut(chunks(utf8(stream, feed.encoding)), _START):
        position = f"line {line}"
        if not _START.match(data):
            if data.strip():
                text = data[:LONGEST_BEFORE_BYTES].decode("utf-8", "replace")
                yield Skip(position, "lines before the first entry", text)
            continue
        is_found = True
        yield guarded(partial(_piece, data, position, macros), position, data[: sgml.KEPT_BYTES])
    if not is_found:
        raise DumpError("holds no entry; expected `@type{key,` before each; ask for it again, or name its format")


def _piece(data: bytes, position: str, macros: dict[str, str]) -> Piece:
    if len(data) > sgml.LONGEST_ARTICLE_BYTES:
        raise Unreadable(f"is longer than {sgml.LONGEST_ARTICLE_BYTES >> 20} MB, which no article is; ask for it again")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable(f"is not in the encoding of the file ({error}); ask for it again") from None
    kind = text.lstrip(" \t@").partition("{")[0].partition("(")[0].strip().lower()
    if kind in ("comment", "preamble"):
        return Skip(position, kind, text)
    if kind == "string":
        _define(text, macros)
        return Skip(position, "macro", text)
    return _record(read_entry(text, macros), position)


def _define(text: str, macros: dict[str, str]) -> None:
    """Note what a macro stands for; a broken one stands for nothing, which shows where it is used."""
    try:
        fields = read_entry(text, macros).fields
    except Unreadable:
        return
    if len(macros) < MOST_MACROS:
        macros.update((name, value) for name, value in fields.items() if len(value) <= LONGEST_MACRO)


def _record(entry: Entry, position: str) -> RawRecord:
    values = {name: value for name, value in entry.fields.items() if value.strip()}
    record: RawRecord = {"position": position}
    for field, names in FIELDS.items():
        name = next((name for name in names.split() if name in values), None)
        record[field] = _meant(name, values.pop(name)) if name else ""
    record["byline"] = "; ".join(
        spelt(name) for name in re.split(r"\s+and\s+", values.pop("author", "")) if name.strip()
    )
    record["published"] = _date(values)
    record["labels"] = [
        ["keyword", "", word] for each in _KEYWORDS.split(values.pop("keywords", "")) if (word := spelt(each))
    ]
    abstract = spelt(values.pop("abstract", ""))
    if not record["body"]:
        record |= {"body": abstract, "is_partial": bool(abstract)}
    elif not record["deck"]:
        record["deck"] = abstract
    elif abstract:
        values["abstract"] = abstract
    if not record["body"] and not record["headline"]:
        raise Unreadable("has neither a title nor an abstract or text; ask for it again")
    rest = {name: _meant(name, value) for name, value in values.items()}
    return without_empty_extra({**record, "extra": {"type": entry.kind, "key": entry.key, **rest}})


def _meant(name: str, value: str) -> str:
    return address(value) if name in _ADDRESSES else spelt(value)


def _date(values: dict[str, str]) -> str:
    """The date, or the year with its month and day where those are numbers or names of months."""
    if "date" in values:
        stated = spelt(values["date"])
        if _PLAIN_DATE.fullmatch(stated):
            del values["date"]
        first, is_span, last = stated.partition("/")
        return _common(first, last) if is_span else stated
    year, month, day = (spelt(values.get(name, "")) for name in ("year", "month", "day"))
    if not day and (found := _MONTH_AND_DAY.fullmatch(month)):
        month, day = found[1] or found[4], found[2] or found[3]
    month = _MONTHS.get(month[:3].lower(), month) if month.isalpha() else month
    if not (year.isdecimal() and len(year) == 4):
        return ""
    del values["year"]
    if not (month.isdecimal() and len(month) <= 2):
        return year
    del values["month"]
    if not (day.isdecimal() and len(day) <= 2):
        return f"{year}-{month.zfill(2)}"
    values.pop("day", None)
    return f"{year}-{month.zfill(2)}-{day.zfill(2)}"


def _common(first: str, last: str) -> str:
    """The day, month or year that both ends of a span share; '' where one is open."""
    pairs = zip(first.split("-"), last.split("-"), strict=False)
    return "-".join(part for part, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
