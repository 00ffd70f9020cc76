"""WET: the texts that a crawler extracted from the pages of a web archive, in records of conversion to plain text.

Layout by Common Crawl's description: the first line of a text is the page's title, the others are what the page shows,
one line for each of its blocks; the record's header has the address and, since 2018, the languages, the first of which
is that of most of it.
"""

from __future__ import annotations

from etl.formats.common.pieces import without_empty
from etl.formats.web.web_archive import Record
from etl.model import Piece, Reject

_CONVERSION = b"conversion"
_LANGUAGES = "warc-identified-content-language"


def is_of_texts(head: bytes) -> bool:
    """Whether an archive that begins so holds extracted texts, by the kind of its first record that is not warcinfo."""
    stated = (line.partition(b":") for line in head.splitlines())
    kinds = (value.strip().lower() for name, _, value in stated if name.strip().lower() == b"warc-type")
    return next((kind for kind in kinds if kind != b"warcinfo"), b"") == _CONVERSION


def is_text(record: Record) -> bool:
    """Whether a record is an extracted text."""
    kind = record.headers.get("content-type", "").partition(";")[0].strip().lower()
    return record.kind == _CONVERSION.decode() and kind == "text/plain" and not record.is_endless


def text_of(record: Record, data: bytes, position: str, kept_bytes: int) -> Piece:
    """The article of an extracted text; a Reject for one that is empty, or too large for a page."""
    if record.left:
        return Reject(position, f"{record.url}: is larger than the text of a page can be", data[:kept_bytes])
    lines = [" ".join(line.split()) for line in data.decode("utf-8", "replace").split("\n") if line.strip()]
    if not lines:
        return Reject(position, f"{record.url}: holds no text; crawl it again")
    headline = lines.pop(0) if len(lines) > 1 else ""
    languages = record.headers.get(_LANGUAGES, "")
    extra = {"crawled_at": record.date, "is_extract": True, "languages": languages if "," in languages else ""}
    return without_empty(
        {
            "position": position,
            "url": record.url,
            "headline": headline,
            "body": "\n\n".join(lines),
            "language": languages.partition(",")[0],
            "extra": without_empty(extra),
        }
    )
