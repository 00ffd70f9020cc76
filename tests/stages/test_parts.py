"""Batches in parts: every byte once, the same tables however it is cut, and the law over all parts of a dump."""

from __future__ import annotations

import json
import os
import signal
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from newsroom import Newsroom, article, read
from packed import zipped

from etl import pipeline, words
from etl.formats import jsonl
from etl.model import Delivery, Doubt, Range
from etl.reports.report import Report
from etl.run import Request, begin
from etl.stages import gather, normalise, parts, plan, unread
from etl.stages.parts import Cut
from etl.stages.tallies import Tally

TABLES = {
    "news.fact_article": "* exclude (valid_from, valid_to, loaded_at)",
    "news.article_text": "*",
    "news.dim_publication": "*",
    "news.article_story": "*",
    "ops.rejected_article": "dump_key, position, stage, reason",
    "ops.dump_load": "dump_key, state, reason, articles_read, inserted, rejected, marks_seen, skipped",
}
"""What must be the same: not `ordinal`, which has gaps, nor the words, which are estimated."""


def records() -> list[str]:
    """Lines of one dump: articles, some of them without a body, torn, twice in it, or several in a line."""
    rows: list[Any] = [article(number, published=f"2026-03-{number % 28 + 1:02}") for number in range(60)]
    rows[20] = article(20, body="")
    rows[30] = {"items": [article(100), article(101)]}
    rows[45] = article(3)
    lines = [json.dumps(row) for row in rows]
    lines[50] = "{torn"
    return lines


def cut(newsroom: Newsroom, part_bytes: int, workers: int = 2) -> Newsroom:
    return newsroom.with_settings(workers=workers, part_bytes=part_bytes)


def tables(newsroom: Newsroom) -> dict[str, list[tuple[Any, ...]]]:
    return {name: newsroom.query(f"select {columns} from {name} order by all") for name, columns in TABLES.items()}


def drop(newsroom: Newsroom) -> Path:
    newsroom.stanza('[feed.wire]\npath = "*"\nsettle_seconds = 0')
    return newsroom.drop("a.jsonl", "".join(f"{line}\n" for line in records()))


@pytest.mark.parametrize("part_bytes", [1_500, 6_000])
def test_the_same_tables_however_a_dump_is_cut(newsroom: Newsroom, tmp_path: Path, part_bytes: int) -> None:
    whole, in_parts = newsroom, cut(newsroom.with_settings(home=tmp_path / "other"), part_bytes)
    drop(newsroom)
    for room in (whole, in_parts):
        room.load()
    assert len(list(in_parts.settings.work_folder.glob("*/batch-0000/raw-*.parquet"))) > 2
    assert tables(in_parts) == tables(whole)


def report_of(newsroom: Newsroom) -> Report:
    """What the run says that reads all, short of its verification and publish."""
    run = begin(newsroom.settings, "manual", Request())
    read(run)
    pipeline.check(run)
    pipeline.load(run)
    return pipeline.verdict(run)


RUBBISH = [
    ([2, -60, 30], "refused"),
    ([1, -13, 3, -10, 80], "loaded"),
    ([1, -13, 3, -11, 80], "refused"),
    ([1, -14, 3, -10, 2, -12, 80], "refused"),
    ([1, *[-3, 2] * 30], "refused"),
    ([50, -80, 40], "refused"),
    ([50, -68, 1, -4, 90], "refused"),
    ([40, -2, 30, -88, 50], "refused"),
    ([40, -2, 30, -87, 50], "loaded"),
    ([60, -60, 60, -60, 20], "loaded"),
    ([1, -15, 90, -60, 5, -15, 10], "loaded"),
    ([40, -40], "loaded"),
]
"""Runs of articles, and of lines that are none (below zero), of a dump each, and what becomes of it."""


@pytest.mark.nightly
def test_rubbish_refuses_dumps_at_the_same_places_however_they_are_cut(
    newsroom: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where lines that are none lead by 20, the rest is not looked at."""
    monkeypatch.setattr(unread, "MOST_UNREAD", 20)
    numbers = count()
    newsroom.stanza('[feed.wire]\npath = "*"\nsettle_seconds = 0')
    for at, (runs, _) in enumerate(RUBBISH):
        lines = [json.dumps(article(next(numbers))) if run > 0 else "{x" for run in runs for _ in range(abs(run))]
        newsroom.drop(f"{at:02}.jsonl", "".join(f"{line}\n" for line in lines))
    whole = outcomes(newsroom)
    assert [state for state, _ in whole.values()] == [state for _, state in RUBBISH]
    room = cut(newsroom.with_settings(home=tmp_path / "cut"), 6_000)
    assert outcomes(room) == whole
    assert len(list(room.settings.work_folder.glob("*/batch-*/pieces-*.parquet"))) > 2 * len(RUBBISH)
    assert room.query(REJECTED) == newsroom.query(REJECTED)


REJECTED = """
    select path, position, rejected_article.reason
    from ops.rejected_article
    join ops.dump_status using (dump_key)
    where state = 'loaded'
    order by all
"""


def outcomes(newsroom: Newsroom) -> dict[str, tuple[str, str]]:
    """State and reason of each dump, by its path."""
    return {dump["path"]: (dump["state"], dump["reason"]) for dump in sorted(report_of(newsroom).dumps, key=by_path)}


def by_path(dump: dict[str, Any]) -> str:
    return dump["path"]


def test_marks_that_are_not_read_in_one_stretch_refuse_the_dump(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = jsonl.count_marks_in_range
    monkeypatch.setattr(jsonl, "count_marks_in_range", lambda *given: count(*given) + 1)
    drop(newsroom)
    (dump,) = report_of(cut(newsroom, 4_000)).dumps
    assert dump["state"] == "refused"
    assert "marks" in dump["reason"]


def test_a_stretch_that_kills_its_reader_refuses_the_dump(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    def kill(*_: Any) -> Any:
        os.kill(os.getpid(), signal.SIGSEGV)

    reads = jsonl.read_range
    monkeypatch.setattr(jsonl, "read_range", lambda *given: kill() if given[3] > 30 else reads(*given))
    drop(newsroom)
    (dump,) = report_of(cut(newsroom, 4_000)).dumps
    assert dump["state"] == "refused"
    assert "SIGSEGV" in dump["reason"]
    assert newsroom.query("select count(*) from news.fact_article") == [(0,)]


def test_a_part_whose_process_is_killed_is_done_again_alone(
    newsroom: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clean, marker = normalise.normalise_records, tmp_path / "was-killed"

    def killed_once(records: Any, **named: Any) -> Any:
        if not marker.exists():
            marker.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return clean(records, **named)

    monkeypatch.setattr(normalise, "normalise_records", killed_once)
    drop(newsroom)
    report = cut(newsroom, 6_000).ingest()
    assert marker.exists()
    assert not report.failures
    assert report.totals["articles_read"] == 61


def test_a_part_that_was_not_read_fails_its_batch_and_the_next_run_takes_it(newsroom: Newsroom) -> None:
    drop(newsroom)
    room = cut(newsroom, 6_000)
    run = begin(room.settings, "manual", Request())
    for part in pipeline.discover(run)[1:]:
        pipeline.extract(run, *part)
    assert pipeline.gather(run) == []
    pipeline.check(run)
    pipeline.load(run)
    (dump,) = pipeline.verdict(run).dumps
    assert dump["state"] == "failed"
    assert "not read to the end" in dump["reason"]
    assert report_of(room).dumps[0]["state"] == "loaded"


def test_a_second_try_of_a_part_leaves_nothing_of_the_first(newsroom: Newsroom) -> None:
    drop(newsroom)
    run = begin(newsroom.with_settings(part_bytes=3_000, workers=1).settings, "manual", Request())
    part, *_ = pipeline.discover(run)
    pipeline.extract(run, *part)
    stale = run.batch(0).raw_of(part.number, 1)
    stale.write_bytes(b"from an earlier try")
    pipeline.extract(run, *part)
    assert not stale.exists()


def archive(broken: tuple[int, ...] = ()) -> dict[str, str | bytes]:
    """Members of one zip: articles, some of them twice, torn or in HTML, and what comes along with them."""
    files: dict[str, str | bytes] = {f"{n}.json": json.dumps(article(n % 50)) for n in range(60)}
    files |= {f"{n}.json": '{"torn' for n in broken}
    files |= {f"{n}.html": f"<html><h1>Ferry {n}</h1><p>{'The ferry was late. ' * 40}</p></html>" for n in range(9)}
    return (
        files | {f"{n}.pdf": b"%PDF-1.7" for n in range(3)} | {"photo.jpg": b"\xff\xd8\xff\xe0", "noise.bin": b"\0\1"}
    )


DUMP_IN_FULL = """
    select state, reason, articles_read, inserted, rejected, marks_seen, skipped, words_seen, words_accounted
    from ops.dump_load"""


@pytest.mark.parametrize(
    ("files", "state"),
    [
        (archive(), "loaded"),
        (archive(broken=tuple(range(30))), "loaded"),
        ({name: "{torn" for name in archive() if name.endswith(".json")}, "refused"),
        ({f"{n}.bin": b"\0\1" for n in range(60)}, "refused"),
        ({f"{n}.pdf": b"%PDF-1.7" for n in range(26)}, "refused"),  # a process for each
    ],
    ids=["all kinds", "one run is broken", "all are broken", "none is known", "none is read"],
)
def test_an_archive_in_runs_of_its_members_is_loaded_and_judged_as_a_whole(
    newsroom: Newsroom,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    files: dict[str, str | bytes],
    state: str,
) -> None:
    whole, in_parts = newsroom, cut(newsroom.with_settings(home=tmp_path / "other"), 64 << 20)
    newsroom.stanza('[feed.wire]\npath = "*"\nsettle_seconds = 0')
    newsroom.drop("a.zip", zipped(files))
    whole.load()
    monkeypatch.setattr(parts, "LEAST_FILES", 12)
    in_parts.load()
    assert len(list(in_parts.settings.work_folder.glob("*/batch-0000/raw-*.parquet"))) > 1
    assert in_parts.query(DUMP_IN_FULL) == whole.query(DUMP_IN_FULL)
    assert whole.query("select state from ops.dump_load") == [(state,)]
    assert tables(in_parts) == tables(whole)


def test_a_parquet_file_in_stretches_of_its_row_groups_is_loaded_and_judged_as_a_whole(
    newsroom: Newsroom, tmp_path: Path
) -> None:
    whole, in_parts = newsroom, cut(newsroom.with_settings(home=tmp_path / "other"), 2_000)
    newsroom.stanza('[feed.wire]\npath = "*"\nsettle_seconds = 0')
    rows = pa.Table.from_pylist([article(n % 50, note="Beside the text. " * 20) for n in range(300)])
    pq.write_table(rows, newsroom.landing / "a.parquet", row_group_size=7)
    for room in (whole, in_parts):
        room.load()
    assert len(list(in_parts.settings.work_folder.glob("*/batch-0000/raw-*.parquet"))) > 2
    assert in_parts.query(DUMP_IN_FULL) == whole.query(DUMP_IN_FULL)
    assert tables(in_parts) == tables(whole)


sizes = st.lists(st.integers(0, 5_000), min_size=1, max_size=40)


@given(sizes, st.integers(1, 4_000), st.integers(1, 5))
def test_every_delivery_is_in_one_part_in_order(found: list[int], most_bytes: int, workers: int) -> None:
    cuts = [Cut(Delivery("delivery", str(n), "", "", "", bytes=size, delivery=n)) for n, size in enumerate(found)]
    number = partial(parts._number, most_bytes=most_bytes, workers=workers)
    groups = list(parts._grouped(cuts, number))
    assert [each for group in groups for each in group] == cuts
    assert all(groups)


def test_ranges_with_a_gap_are_never_read() -> None:
    delivery = Delivery("delivery", "a", "", "", "", bytes=10)
    with pytest.raises(AssertionError, match="do not cover it"):
        parts._refuse_gaps([Range(0, 4), Range(5, 10)], delivery)


def test_pages_in_doubt_in_several_ranges_are_told_of_in_one_sentence() -> None:
    tally, other = Tally(0), Tally(0)
    for each, pages in ((tally, ("a", "b")), (other, ("c", "d"))):
        each.add_doubt("", Doubt("of {} it is not sure: {}", pages))
    (doubt,) = gather._added(tally, other).doubts.values()
    assert words.of_pages(doubt.warning, doubt.pages) == "of 4 pages it is not sure: a, b, c and 1 more"


@pytest.mark.parametrize(
    ("files", "each_bytes", "workers"), [(6_400, 16 << 20, 4), (2_000, 16 << 20, 16), (90, 1 << 30, 64)]
)
def test_there_are_never_more_parts_than_airflow_maps(
    newsroom: Newsroom, files: int, each_bytes: int, workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "number_of_workers", lambda _: workers)
    monkeypatch.setattr(parts, "_ranges", lambda *_: [])
    dumps = [Delivery("delivery", str(n), "", "wire", "jsonl", bytes=each_bytes) for n in range(files)]
    run = begin(newsroom.settings, "manual", Request())
    found = parts.write_parts(run, plan.batched(dumps, 256 << 20, 20_000), {})
    assert workers <= len(found) <= plan.MAPPING_LIMIT
