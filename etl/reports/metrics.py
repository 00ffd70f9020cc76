"""`broadsheet status --metrics`: the Overview in a file for Prometheus, by node_exporter's textfile collector.

Names are added, not renamed. Ages are left to Prometheus: `time() - broadsheet_published_timestamp_seconds`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from etl.files import StorageError, write_whole, writing
from etl.reports.night import Overview


@dataclass(frozen=True)
class Gauge:
    """A metric: its name, what it is, and a value for each set of labels."""

    name: str
    help: str
    values: Mapping[tuple[tuple[str, str], ...], float]


def metrics_of(found: Overview) -> str:
    """The metrics of an Overview in Prometheus' text format. What is not known is left out."""
    return _text([*_of_status(found), *_of_load(found), *_of_ledger(found), *_of_feeds(found)])


def metrics_of_trouble() -> str:
    """The metrics where the ledger cannot be read: not good, and nothing else is known."""
    return _text([_gauge("good", GOOD, 0)])


def write_metrics(file: Path, text: str) -> None:
    """Write the metrics for everyone to read, whole or not at all. Raises StorageError where that cannot be done."""
    if file.is_dir() or not file.parent.is_dir():
        raise StorageError(f"{file}: is not a file in an existing folder; create the folder, or name another file")
    with writing(file.parent):
        write_whole(file, text, 0o644)


GOOD = "Whether the last night was good (1) or not (0), as `broadsheet status` judges it."


def _of_status(found: Overview) -> Iterable[Gauge]:
    night, scan, published = found.expected, found.last_scan, found.published
    yield _gauge("good", GOOD, found.is_good)
    yield _gauge("problems", "Why it is not good: number of reasons.", len(found.problems))
    yield _gauge("warnings", "Warnings that `broadsheet status` shows.", len(found.warnings))
    yield _moment("status", "When this was written.", found.looked_at)
    yield _moment("night_due", "When the last expected night was due.", night.due_at if night else None)
    yield _moment("night_began", "When the last expected night began.", night.began_at if night else None)
    yield _moment("last_look", "When the last run over everything began.", scan.started_at if scan else None)
    yield _gauge("warehouse_held", "Whether a process holds the warehouse.", found.holder is not None)
    yield _gauge("published_number", "Number of the copy that analysts see.", published.number if published else None)
    yield _moment("published", "When that copy was published.", published.published_at if published else None)


def _of_load(found: Overview) -> Iterable[Gauge]:
    run = next(iter(found.runs), None)
    if run is None:
        return
    counts = {outcome: run.counts[outcome] for outcome in ("inserted", "revised", "unchanged", "rejected")}
    yield _moment("last_load", "When the last run that changed the warehouse began.", run.started_at)
    if run.finished_at:
        seconds = (run.finished_at - run.started_at).total_seconds()
        yield _gauge("last_load_duration_seconds", "How long that run took.", seconds)
    yield _gauge("last_load_dumps", "Dumps of that run.", run.dumps)
    yield _gauge("last_load_dumps_refused", "Dumps that it refused.", run.dumps_refused)
    yield _gauge("last_load_dumps_failed", "Dumps on which it failed.", run.dumps_failed)
    yield _labelled("last_load_articles", "Articles that it read, by what became of them.", "outcome", counts)


def _of_ledger(found: Overview) -> Iterable[Gauge]:
    yield _labelled("deliveries", "Deliveries in the ledger, by state.", "state", found.deliveries)
    yield _gauge("deliveries_waiting", "Deliveries that wait for a person.", found.waiting_count)
    yield _gauge("rejected_articles_waiting", "Rejected articles that wait for a person.", found.rejected)


def _of_feeds(found: Overview) -> Iterable[Gauge]:
    def by_feed(name: str, what: str, field: str) -> Gauge:
        return _labelled(f"feed_{name}", what, "feed", {feed.feed: getattr(feed, field) for feed in found.feeds})

    loaded = {feed.feed: _seconds(feed.last_loaded_at) for feed in found.feeds if feed.last_loaded_at}
    yield by_feed("night_dumps", "Dumps of the last night.", "dumps")
    yield by_feed("night_dumps_not_loaded", "Dumps of the last night that were not loaded.", "dumps_not_loaded")
    yield by_feed("night_articles_read", "Articles read in the last night.", "articles_read")
    yield by_feed("night_articles_inserted", "Articles inserted in the last night.", "inserted")
    yield by_feed("night_articles_rejected", "Articles rejected in the last night.", "rejected")
    yield by_feed("dumps_waiting", "Dumps that wait for a person.", "dumps_waiting")
    yield _labelled("feed_last_loaded_timestamp_seconds", "When a dump was loaded last.", "feed", loaded)


def _gauge(name: str, what: str, value: float | None) -> Gauge:
    return Gauge(f"broadsheet_{name}", what, {} if value is None else {(): value})


def _moment(name: str, what: str, moment: datetime | None) -> Gauge:
    return _gauge(f"{name}_timestamp_seconds", what, _seconds(moment) if moment else None)


def _labelled(name: str, what: str, label: str, values: Mapping[str, float]) -> Gauge:
    return Gauge(f"broadsheet_{name}", what, {((label, key),): value for key, value in values.items()})


def _seconds(moment: datetime) -> float:
    return moment.replace(tzinfo=UTC).timestamp()


def _text(gauges: Iterable[Gauge]) -> str:
    return "".join(f"{line}\n" for gauge in gauges if gauge.values for line in _lines(gauge))


def _lines(gauge: Gauge) -> Iterable[str]:
    yield f"# HELP {gauge.name} {gauge.help}"
    yield f"# TYPE {gauge.name} gauge"
    for labels, value in gauge.values.items():
        named = ",".join(f'{name}="{_escaped(text)}"' for name, text in labels)
        yield f"{gauge.name}{'{' + named + '}' if named else ''} {float(value):.15g}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
