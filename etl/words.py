"""Counts in words: the same words in logs, run notes, the command line and the front page."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

LONGEST_SHOWN = 100

TOTALS = ("inserted", "revised", "unchanged", "rejected")


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """`1 dump`, `1,200 dumps`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def rounded(number: float) -> str:
    """`1,200`: the nearest whole number, halves up, as people round."""
    return f"{math.floor(number + 0.5):,}"


def of_pages(sentence: str, pages: Sequence[str]) -> str:
    """A sentence with the number of some pages in its first place, and the first few of them in its second one."""
    return sentence.format(counted(len(pages), "page"), first_few(pages, 3)) if pages else sentence


def shown(value: Any) -> str:
    """A value that somebody wrote, as JSON has it, in printable characters; of a long one the beginning."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    text = text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]} ..."
    return text if text.isprintable() else "".join(map(_printable, text))


def _printable(letter: str) -> str:
    return letter if letter.isprintable() else ascii(letter)[1:-1]


def spelt(name: str) -> str:
    """A name of the ledger for people: `command line`."""
    return name.replace("_", " ")


def one_of(names: Sequence[str]) -> str:
    """`parked, refused or failed`."""
    *most, last = names
    return f"{', '.join(most)} or {last}" if most else last


def first_few(things: Sequence[object], most: int, total: int | None = None, between: str = ", ") -> str:
    """`a, b, c and 4 more`: the first things, and how many more of the total there are."""
    left = (len(things) if total is None else total) - min(len(things), most)
    return between.join(map(str, things[:most])) + (f" and {left:,} more" if left > 0 else "")


def first_lines(lines: Sequence[str], most: int, what: str = "") -> list[str]:
    """The first lines, and one that says how many more there are."""
    return [*lines[:most], *([and_more(len(lines) - most, what)] if len(lines) > most else [])]


def and_more(number: int, what: str = "") -> str:
    """`... and 1,200 more dumps`."""
    return f"... and {number:,} more {what}".rstrip()


def totals(counts: Mapping[str, int]) -> str:
    """The law of the ledger in one line: `read 20 · inserted 17 · revised 1 · unchanged 0 · rejected 2`."""
    return " · ".join([f"read {counts['articles_read']:,}", *(f"{name} {counts[name]:,}" for name in TOTALS)])


def differs_from_stated(stated: int, found: int) -> str:
    """`it states 4 articles, and 3 were found`."""
    return f"it states {counted(stated, 'article')}, and {found:,} were found"


def outcome(counts: Mapping[str, int]) -> str:
    """A run in one line: its totals, and how many of its `dumps` were `dumps_refused` or `dumps_failed`."""
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
