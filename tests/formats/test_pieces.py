"""One article's fault is one article's, in every reader that can go on after it."""

from __future__ import annotations

import io
from typing import Any

import pytest
from sample_dumps import samples

from etl import formats
from etl.formats.common import json_reader
from etl.formats.common.pieces import Unreadable, guarded
from etl.formats.vendor import nexis_paragraphs
from etl.formats.workbook import sheet_reader
from etl.model import DumpError, Feed, Piece, Reject

ONE_ARTICLE = {
    "anpa": "_article",
    "avro": "record",
    "belga": "_piece",
    "bibtex": "_record",
    "csv": "record",
    "defacto_html": "_fields",
    "europresse_html": "_piece",
    "excel": "record",
    "html_table": "record",
    "factiva_html": "_piece",
    "factiva_xml": "_piece",
    "feed": "_read",
    "integrum_html": "_fields",
    "iptc7901": "article",
    "jsonl": "record",
    "kikuzo_html": "_fields",
    "knipsels_html": "_fields",
    "mediargus_txt": "_piece",
    "mediawiki": "_article",
    "newsml_1": "_article",
    "newsml_g2": "_article",
    "nexis_docx": "_piece",
    "nexis_html": "_piece",
    "nexis_txt": "_piece",
    "ninjs": "_article",
    "nitf": "_article",
    "parquet": "record",
    "proquest_html": "_piece",
    "proquest_tdm": "_piece",
    "proquest_txt": "_record",
    "retriever_txt": "_piece",
    "reuters_sgml": "_article",
    "ris": "_record",
    "ritzau": "_piece",
    "sqlite": "record",
    "tagged_text": "_article",
    "tei": "_placed",
    "yomidas_html": "_fields",
    "zczc": "_record",
}
"""The function of each reader that makes one record."""
ELSEWHERE = {"excel": sheet_reader, "html_table": sheet_reader, "jsonl": json_reader, "nexis_docx": nexis_paragraphs}
"""Where that function is, if not in the format's own module."""


def several(name: str) -> bytes:
    """The sample of a format with the most records."""
    dumps = [path.read_bytes() for path in samples(name)]
    return max(dumps, key=lambda data: sum(isinstance(piece, dict) for piece in read(name, data)))


def read(name: str, data: bytes) -> list[Piece]:
    return list(formats.named(name).read(io.BytesIO(data), Feed("wire")))


@pytest.mark.parametrize("name", ONE_ARTICLE)
@pytest.mark.parametrize("error", [RecursionError, OverflowError, UnicodeEncodeError("utf-8", "\ud83d", 0, 1, "half")])
def test_what_nobody_foresaw_in_one_article_rejects_it_alone(
    name: str, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, reader = several(name), ELSEWHERE.get(name) or formats.named(name)
    before = read(name, data)
    make, calls = getattr(reader, ONE_ARTICLE[name]), 0

    def fail_once(*args: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise error
        return make(*args, **named)

    monkeypatch.setattr(reader, ONE_ARTICLE[name], fail_once)
    after = read(name, data)
    assert calls
    assert len(after) == len(before)
    assert sum(isinstance(piece, Reject) for piece in after) <= sum(isinstance(piece, Reject) for piece in before) + 1
    assert any(isinstance(piece, Reject) for piece in after)


def test_the_reason_is_the_readers_own_or_says_that_it_is_a_fault_of_broadsheet() -> None:
    def unreadable() -> Piece:
        raise Unreadable("has no end; ask for it again")

    def dump_error() -> Piece:
        raise DumpError("is not HTML")

    def unforeseen() -> Piece:
        raise OverflowError("too large")

    found = [guarded(make, "line 1", lambda: b"raw") for make in (unreadable, dump_error, unforeseen)]
    assert [piece.reason.partition(";")[0] for piece in found if isinstance(piece, Reject)] == [
        "has no end",
        "is not HTML",
        "cannot be read: OverflowError: too large",
    ]
    assert [piece.piece for piece in found if isinstance(piece, Reject)] == [b"raw"] * 3


def test_a_full_disk_is_nobodys_article() -> None:
    def full() -> Piece:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        guarded(full, "line 1", b"")
