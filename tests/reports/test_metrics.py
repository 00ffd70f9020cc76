"""Metrics for Prometheus: its text format, the numbers of the Overview, and a file that is never half written."""

from __future__ import annotations

import re
import stat
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from etl.files import StorageError
from etl.reports.metrics import metrics_of, metrics_of_trouble, write_metrics
from etl.reports.night import Overview
from etl.reports.night_facts import FeedNight, LoadRun, Published

DUE = datetime(2026, 3, 14, 1)
DUE_SECONDS = 1773450000.0
FOUND = Overview(
    shown="warehouse",
    looked_at=DUE + timedelta(hours=8),
    as_of=DUE,
    holder=None,
    published=Published(7, "broadsheet-7.duckdb", DUE, "r1"),
    runs=[LoadRun("r1", "schedule", DUE, DUE + timedelta(seconds=90), "verified", 3, 1, 0, 1, 10, 6, 2, 1, 1)],
    deliveries={"loaded": 2, "refused": 1},
    rejected=4,
    feeds=[
        FeedNight("wire", 2, 9, 6, 1, 0, 0, DUE),
        FeedNight('the "old"\\paper', 1, 1, 0, 0, 1, 1, None),
    ],
)

SAMPLE = re.compile(r'(?P<name>broadsheet_[a-z_]+)(?P<labels>\{([a-z]+="(\\[\\"n]|[^"\\\n])*",?)+\})? (?P<value>\S+)')


def samples(text: str) -> dict[str, float]:
    """Every sample of the text format, read by its rules: HELP and TYPE stand once before a metric's samples."""
    read: dict[str, float] = {}
    declared: list[str] = []
    for line in text.removesuffix("\n").split("\n"):
        if line.startswith("#"):
            sign, name, _ = line.removeprefix("# ").split(" ", 2)
            declared.append(f"{sign} {name}")
            continue
        sample = SAMPLE.fullmatch(line)
        assert sample, line
        assert declared[-2:] == [f"HELP {sample['name']}", f"TYPE {sample['name']}"]
        key = sample["name"] + (sample["labels"] or "")
        assert key not in read
        read[key] = float(sample["value"])
    assert len(declared) == len(set(declared))
    return read


def test_the_metrics_are_the_numbers_of_the_overview() -> None:
    read = samples(metrics_of(FOUND))
    assert read["broadsheet_good"] == 0 and read["broadsheet_problems"] == len(FOUND.problems)
    assert read["broadsheet_published_number"] == 7
    assert read["broadsheet_published_timestamp_seconds"] == DUE_SECONDS  # UTC, whatever the zone of the machine
    assert read["broadsheet_last_load_duration_seconds"] == 90
    assert read['broadsheet_last_load_articles{outcome="revised"}'] == 2
    assert sum(value for name, value in read.items() if name.startswith("broadsheet_last_load_articles{")) == 10
    assert read['broadsheet_deliveries{state="refused"}'] == read["broadsheet_deliveries_waiting"] == 1
    assert read["broadsheet_rejected_articles_waiting"] == 4
    assert read['broadsheet_feed_night_articles_read{feed="wire"}'] == 9


def test_what_is_not_known_has_no_metric() -> None:
    read = samples(metrics_of(FOUND))
    assert "broadsheet_night_due_timestamp_seconds" not in read
    assert [name for name in read if "feed_last_loaded" in name] == [
        'broadsheet_feed_last_loaded_timestamp_seconds{feed="wire"}'
    ]
    empty = samples(metrics_of(replace(FOUND, runs=[], published=None, feeds=[], deliveries={})))
    assert not [name for name in empty if "last_load" in name or "feed" in name or "published" in name]


def test_the_name_of_a_feed_stays_one_label() -> None:
    assert samples(metrics_of(FOUND))['broadsheet_feed_night_dumps{feed="the \\"old\\"\\\\paper"}'] == 1


def test_where_the_ledger_cannot_be_read_it_is_not_good() -> None:
    assert samples(metrics_of_trouble()) == {"broadsheet_good": 0}


def test_the_file_is_for_everyone_to_read_and_replaced_at_once(tmp_path: Path) -> None:
    file = tmp_path / "broadsheet.prom"
    file.write_text("old")
    with file.open() as reader:
        write_metrics(file, "new")
        assert reader.read() == "old"  # who reads it while it is written has the old one whole
    assert file.read_text() == "new"
    assert stat.S_IMODE(file.stat().st_mode) == 0o644
    assert list(tmp_path.iterdir()) == [file]


def test_a_folder_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="create the folder"):
        write_metrics(tmp_path / "missing" / "broadsheet.prom", "")
    with pytest.raises(StorageError, match="is not a file"):
        write_metrics(tmp_path, "")
