"""Counts in words: the same words in logs, run notes, the command line and the front page."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

TOTALS = ("inserted", "revised", "unchanged", "rejected")


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """`1 dump`, `1,200 dumps`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def spelt(name: str) -> str:
    """A name of the ledger for people: `command line`."""
    return name.replace("_", " ")


def one_of(names: Sequence[str]) -> str:
    """`parked, refused or failed`."""
    *most, last = names
    return f"{', '.join(most)} or {last}" if most else last


def totals(counts: Mapping[str, int]) -> str:
    """The law of the ledger in one line: `read 20 · inserted 17 · revised 1 · unchanged 0 · rejected 2`."""
    return " · ".join([f"read {counts['articles_read']:,}", *(f"{name} {counts[name]:,}" for name in TOTALS)])


def outcome(counts: Mapping[str, int]) -> str:
    """A run in one line: its totals, and how many of its `dumps` were `dumps_refused` or `dumps_failed`."""
    if "taken_down" in counts:
        return taken_down(counts)
    if not counts["dumps"]:
        return "no dumps"
    bad = [
        f"{counts[f'dumps_{state}']:,} of {counted(counts['dumps'], 'dump')} {state}"
        for state in ("refused", "failed")
        if counts[f"dumps_{state}"]
    ]
    return " · ".join([totals(counts), *(bad or [counted(counts["dumps"], "dump")])])


def taken_down(counts: Mapping[str, int]) -> str:
    """A takedown in one line: `1 article taken down · removed 2 published copies · still in 1 dump`."""
    if not counts["taken_down"]:
        return "nothing taken down"
    nouns = {"quarantined": "rejected record", "work_folders": "work folder", "published_copies": "published copy"}
    plurals = {"published_copies": "published copies"}
    removed = [counted(counts[name], noun, plurals.get(name)) for name, noun in nouns.items() if counts.get(name)]
    parts = [f"{counted(counts['taken_down'], 'article')} taken down"]
    parts += [f"removed {', '.join(removed)}"] if removed else []
    parts += [f"still in {counted(landing, 'dump')}"] if (landing := counts.get("landing")) else []
    return " · ".join(parts)


def listed(counts: Mapping[str, int]) -> str:
    """`60 × picture, 2 × stylesheet`."""
    return ", ".join(f"{count:,} × {kind}" for kind, count in counts.items())


def size(number_bytes: int) -> str:
    """`420 bytes`, `1.2 MB`, in powers of 1000."""
    if number_bytes < 1000:
        return counted(number_bytes, "byte")
    units = ("kB", "MB", "GB", "TB")
    power = min(int(math.log10(number_bytes)) // 3, len(units))
    return f"{number_bytes / 1000**power:,.1f} {units[power - 1]}"


def ago(age: timedelta) -> str:
    """`just now`, `40 minutes ago`, `7 hours ago`, `3 days ago`."""
    return "just now" if age < timedelta(minutes=1) else f"{duration(age)} ago"


def duration(time: timedelta) -> str:
    """`40 minutes`, `7 hours`, `3 days`."""
    minutes = int(time.total_seconds() // 60)
    if minutes < 120:
        return counted(minutes, "minute")
    return f"{minutes // 60} hours" if minutes < 48 * 60 else f"{minutes // (24 * 60)} days"


def moment(at: datetime, timezone: ZoneInfo) -> str:
    """A time in UTC, with or without a zone, as it is in that zone: `2026-03-14 03:00 Europe/Berlin`."""
    local = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(timezone)
    return f"{local:%Y-%m-%d %H:%M} {timezone.key}"
