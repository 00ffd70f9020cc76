"""What is refused before the load: the same verdicts however the articles are divided, without reading their texts."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from newsroom import Newsroom, article, read

from etl import pipeline
from etl.run import Request, Run, begin
from etl.stages import check


def articles(start: int, number: int) -> list[dict[str, object]]:
    """Some without a body, a date that can be read, or a headline."""
    return [
        article(n, body=f"Text {n}." if n % 7 else "", published="soon" if n % 5 == 0 else "2026-03-14")
        | ({"headline": ""} if n % 11 == 0 else {})
        for n in range(start, start + number)
    ]


def checked(newsroom: Newsroom, part_bytes: int, home: Path) -> Run:
    run = begin(newsroom.with_settings(home=home, part_bytes=part_bytes).settings, "manual", Request(), "checked")
    read(run)
    pipeline.check(run)
    return run


def verdicts(run: Run) -> list[pa.Table]:
    """All that the check leaves, but for ordinals, which have a gap after each part."""
    files = [run.dumps, run.quality, *sorted(run.folder.glob("batch-*/rejected.parquet"))]
    tables = [pq.read_table(file) for file in files]
    return [table.drop_columns([name for name in table.column_names if name == "ordinal"]) for table in tables]


@pytest.mark.parametrize("frame_rows", [7, 250_000])
def test_the_verdicts_are_the_same_however_the_articles_are_divided(
    newsroom: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, frame_rows: int
) -> None:
    monkeypatch.setattr(check, "FRAME_ROWS", frame_rows)
    newsroom.stanza('[feed.wire]\npath = "*"\nsettle_seconds = 0')
    newsroom.drop("a.jsonl", articles(0, 60))
    newsroom.drop("b.jsonl", articles(60, 3))
    whole, in_parts = (checked(newsroom, size, tmp_path / str(size)) for size in (1_000_000, 2_000))
    assert len(in_parts.batch(0).judged) > 3
    assert len(whole.batch(0).judged) < 3
    found, again = verdicts(whole), verdicts(in_parts)
    assert found[2].num_rows == 9
    assert all(one.equals(other) for one, other in zip(found, again, strict=True))


def test_the_judge_needs_no_articles(newsroom: Newsroom, tmp_path: Path) -> None:
    newsroom.stanza('[feed.wire]\npath = "*"\nsettle_seconds = 0')
    newsroom.drop("a.jsonl", articles(0, 20))
    run = checked(newsroom, 1_000_000, tmp_path / "home")
    before = verdicts(run)
    for file in (*run.batch(0).articles, *run.batch(0).raw):
        file.write_bytes(b"on another machine")
    pipeline.check(run)
    assert all(one.equals(other) for one, other in zip(before, verdicts(run), strict=True))
