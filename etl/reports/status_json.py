"""`broadsheet status --json`: keys that monitors may rely on; docs/guides/watch_the_nights.md lists them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from etl.reports.night import Overview


def status_of(found: Overview) -> dict[str, Any]:
    """The Overview as JSON takes it. All times are ISO 8601 in the zone of the schedule."""

    def at(moment: datetime | None) -> str | None:
        if moment is None:
            return None
        return moment.replace(tzinfo=UTC).astimezone(found.timezone).isoformat(timespec="seconds")

    scan, run, published, expected = found.last_scan, next(iter(found.runs), None), found.published, found.expected
    return {
        "good": found.is_good,
        "headline": found.headline,
        "problems": found.problems,
        "warnings": found.warnings,
        "looked_at": at(found.looked_at),
        "timezone": found.timezone.key,
        "shown": found.shown,
        "held_by": found.holder,
        "night": {"due_at": at(expected.due_at), "began_at": at(expected.began_at)} if expected else None,
        "last_look": scan
        and {
            "run_id": scan.run_id,
            "trigger": scan.trigger,
            "started_at": at(scan.started_at),
            "stopped": scan.stopped,
            "seen": asdict(scan.seen) if scan.seen else None,
        },
        "last_load": run
        and {"run_id": run.run_id, "trigger": run.trigger, "started_at": at(run.started_at), "state": run.state}
        | run.counts,
        "deliveries": found.deliveries,
        "waiting": [asdict(delivery) | {"loaded_at": at(delivery.loaded_at)} for delivery in found.waiting],
        "rejected": found.rejected,
        "feeds": [asdict(feed) | {"last_loaded_at": at(feed.last_loaded_at)} for feed in found.feeds],
        "published": published
        and asdict(published) | {"published_at": at(published.published_at), "restored_at": at(published.restored_at)},
    }
