"""Rows of tables and JSON that are not articles: pages and revisions of WordPress, articles that a service removed."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from etl import formats
from etl.model import Feed, Reject, Skip


def post(number: int, kind: str = "post", status: str = "publish") -> dict[str, Any]:
    return {
        "ID": str(number),
        "post_title": f"Bridge {number}, mended",
        "post_content": f'The council of Furt agreed to mend "bridge {number}".\n\nNobody, it said, came.',
        "post_status": status,
        "Seen, read, kept": "1",
        "Post Type": kind,
    }


POSTS = [
    post(1),
    post(2, "page"),
    post(3, "revision", "inherit"),
    post(4, status="draft"),
    *(post(number) for number in range(5, 40)),
    post(40, "nav_menu_item"),
    post(41, status="future"),
    post(42, status="trash"),
]
REMOVED = {
    "source": {"id": None, "name": "[Removed]"},
    **dict.fromkeys(("title", "description", "content"), "[Removed]"),
    "url": "https://removed.example",
}


def news(number: int) -> dict[str, Any]:
    text = f"The council met {number} times."
    return {"source": {"id": None, "name": "X"}, "title": f"Bridge {number}", "description": text, "content": text}


NEWS = [news(1), REMOVED, *map(news, range(2, 40)), REMOVED]


def as_csv(rows: list[dict[str, Any]], **options: Any) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0], restval="", extrasaction="ignore", **options)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def as_lines(rows: list[Any]) -> bytes:
    return b"\n".join(json.dumps(row).encode() for row in rows)


LAYOUTS: dict[str, Any] = {
    "csv": as_csv,
    "tsv": lambda rows: as_csv(rows, delimiter="\t"),
    "lines": as_lines,
    "array": lambda rows: json.dumps(rows).encode(),
    "page": lambda rows: json.dumps({"status": "ok", "data": rows}).encode(),
    "indented": lambda rows: json.dumps({"articles": rows}, indent=2).encode(),
    "hits": lambda rows: as_lines([{"_index": "a", "_source": row} for row in rows]),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    ("rows", "skipped"),
    [(POSTS, {"page": 1, "revision": 1, "nav_menu_item": 1}), (NEWS, {"removed article": 2})],
    ids=["WordPress", "NewsAPI"],
)
def test_what_is_not_an_article_is_skipped_and_not_counted(
    layout: str, rows: list[dict[str, Any]], skipped: dict[str, int]
) -> None:
    data = LAYOUTS[layout](rows)
    reader = formats.named("csv" if layout.endswith("sv") else "jsonl")
    pieces = list(reader.read(io.BytesIO(data), Feed("f")))
    assert Counter(piece.kind for piece in pieces if isinstance(piece, Skip)) == skipped
    articles = [piece for piece in pieces if isinstance(piece, dict)]
    assert len(articles) == len(rows) - sum(skipped.values())
    assert reader.count_marks(io.BytesIO(data), Feed("f")) == len(articles)


def test_drafts_are_withheld_and_what_was_binned_is_canceled() -> None:
    pieces = formats.named("csv").read(io.BytesIO(as_csv(POSTS)), Feed("f"))
    found = {piece["native_id"]: piece.get("status") for piece in pieces if isinstance(piece, dict)}
    assert (found["1"], found["4"], found["41"], found["42"]) == (None, "withheld", "embargoed", "canceled")


@pytest.mark.parametrize(
    ("row", "status"),
    [
        ({"status": "published"}, None),
        ({"status": "Draft"}, "withheld"),
        ({"status": "corrected"}, "corrected"),
        ({"status": "200"}, None),
        ({"is_published": False}, "withheld"),
        ({"is_published": True}, None),
        ({"draft": "true"}, "withheld"),
        ({"published": "0", "is_draft": 1}, "withheld"),
        ({"introtext": "x", "state": "0"}, "withheld"),
        ({"introtext": "x", "state": "1"}, None),
        ({"state": "0"}, None),
    ],
)
def test_what_flags_say_of_an_article(row: dict[str, Any], status: str | None) -> None:
    data = json.dumps([{"title": "Bridge", "text": "The council met.", **row}]).encode()
    (found,) = formats.named("jsonl").read(io.BytesIO(data), Feed("f"))
    assert isinstance(found, dict)
    assert found.get("status") == status
    assert "published" not in found


def test_an_article_that_speaks_of_what_was_removed_is_one() -> None:
    row = news(1) | {"title": "[Removed]", "content": "The word [Removed] stood there. [Removed]"}
    data = as_csv([row, news(2)])
    assert formats.named("csv").count_marks(io.BytesIO(data), Feed("f")) == 2
    assert sum(isinstance(each, dict) for each in formats.named("csv").read(io.BytesIO(data), Feed("f"))) == 2


def test_in_parquet_whose_rows_are_counted_it_is_rejected() -> None:
    file = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(POSTS), file)
    file.seek(0)
    pieces = list(formats.named("parquet").read(file, Feed("f")))
    assert [piece.reason for piece in pieces if isinstance(piece, Reject)] == [
        "is not an article: page",
        "is not an article: revision",
        "is not an article: nav_menu_item",
    ]


def test_a_row_that_cannot_be_read_is_counted_whatever_it_may_be() -> None:
    lines = as_csv([post(1), post(2, "page"), post(3)]).splitlines(keepends=True)
    ragged = b"4,Bridge,Mended,publish\r\n5,Bridge,Mended,publish,1,page,more\r\n6,Caf\xe9,Mended,publish,1,page\r\n"
    data = b"".join([*lines, ragged])
    pieces = list(formats.named("csv").read(io.BytesIO(data), Feed("f", encoding="utf-8")))
    assert [type(piece).__name__ for piece in pieces] == ["dict", "Skip", "dict", "Reject", "Reject", "Reject"]
    assert formats.named("csv").count_marks(io.BytesIO(data), Feed("f", encoding="utf-8")) == 5


def test_a_line_that_cannot_be_read_is_counted_whatever_it_may_be() -> None:
    page = as_lines([post(2, "page")])
    broken = [page.replace(b"Bridge", b"Br\x01dge"), page.replace(b"Bridge", b"Br\xffdge"), page[:-1], page]
    data = b"\n".join([as_lines([post(1)]), *broken, as_lines([post(3)])])
    pieces = list(formats.named("jsonl").read(io.BytesIO(data), Feed("f")))
    assert [type(piece).__name__ for piece in pieces] == ["dict", "Reject", "Reject", "Reject", "Skip", "dict"]
    assert formats.named("jsonl").count_marks(io.BytesIO(data), Feed("f")) == 5
