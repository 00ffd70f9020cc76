"""What is odd without being a failure, a sentence each: of what a run saw, of its dumps, of its checks, of its feeds.

The same sentences for the verdict, the notes on runs, the notices, `broadsheet status` and the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from etl import words
from etl.intake.seen import Seen
from etl.model import DumpState
from etl.settings import SQL

UNMET = SQL / "watch" / "unmet_warning.sql"
"""Expectations of severity `warning` that runs did not meet."""
LOADED = SQL / "watch" / "dump_warning.sql"
"""Dumps that runs loaded with a warning, as of_dumps takes them."""

MOST_UNEXPECTED = 0.05
"""An expectation of severity `warning` is told if more than this share of the rows does not meet it."""
INCOMING = "incoming_"
"""Begins the names of the suites of what arrives, `incoming_article` and `incoming_dump`."""
SHOWN = 3
SHOWN_DUMPS = 20


# What was seen


def sentence(seen: Seen) -> str:
    """What became of the files that a run saw: `2 new of 1,204 files: 1,200 loaded, 1 parked, ...`."""
    if not seen.files:
        return "0 new of 0 files: none is where this run looked"
    wait = f" (next look in {seen.next_look_seconds:,} s)" if seen.next_look_seconds else ""
    kinds = {
        "loaded": seen.loaded,
        f"not settled yet{wait}": seen.unsettled,
        "parked": seen.parked,
        "unloaded by hand": seen.unloaded,
        "dismissed": seen.dismissed,
        "read with their index": seen.parts,
        "set aside (hidden, or with a temporary name)": seen.set_aside,
        "of another day": seen.other_day,
        "excluded by a stanza": seen.excluded,
        "of a feed whose stanza is wrong": seen.wrong_stanza,
        "gone meanwhile": seen.vanished,
        "claimed by no feed": seen.unclaimed,
    }
    found = ", ".join(f"{count:,} {kind}" for kind, count in kinds.items() if count)
    return f"{seen.new:,} new of {words.counted(seen.files, 'file')}{f': {found}' if found else ''}"


def failures_of_seen(seen: Seen) -> list[str]:
    """What a run must fail for: a feed that cannot deliver, or be fetched."""
    missing = [
        f"feed {feed}: its folder {folder}/ is not there; mount or create it, or correct `path` in its stanza"
        for feed, _, folder in (missing.partition(": ") for missing in seen.missing_folders)
    ]
    return [*missing, *(f"feed {sentence}" for sentence in seen.unreached)]


def of_seen(seen: Seen) -> list[str]:
    """Files that nobody, or more than one feed, takes, files whose clock is wrong, and what else discovery told."""
    found = list(seen.warnings)
    if seen.unclaimed:
        found.append(
            f"{words.counted(seen.unclaimed, 'file')} claimed by no feed: "
            f"{words.first_few(seen.unclaimed_names, SHOWN, seen.unclaimed)}; "
            f"correct the `path` of a feed in sources.toml, or move {_them(seen.unclaimed)} out of the landing folder"
        )
    if seen.contested:
        found.append(
            f"{words.counted(seen.contested, 'file')} claimed by more than one feed: "
            f"{words.first_few(seen.contested_names, SHOWN, seen.contested)}; the first of these feeds in sources.toml "
            f"takes {_them(seen.contested)}; make the paths of the feeds distinct"
        )
    if seen.future:
        found.append(
            f"{words.counted(seen.future, 'file has', 'files have')} a time stamp in the future; "
            "check the clocks of sender and machine"
        )
    return found


def _them(count: int) -> str:
    return "it" if count == 1 else "them"


def clock_set_back(now: datetime, run_id: str, started_at: datetime, timezone: ZoneInfo) -> str:
    """That a run began in the future by today's clock. Times are UTC without a zone."""
    today, before = (words.moment(at, timezone) for at in (now, started_at))
    return (
        f"the clock went back by {words.duration(started_at - now)}: it is {today}, and the earlier run {run_id} began "
        f"at {before}. Dates more than two days after the start of a run are taken as unknown: if this clock is wrong, "
        "set it, then run `broadsheet renormalise` on what was loaded since"
    )


# What its checks and dumps say


def of_quality(unmet: Iterable[Mapping[str, Any]]) -> list[str]:
    """Expectations that too large a share of the rows does not meet; In: the rows that UNMET answers."""
    return [
        f"{_share(row)}: {row['reason']}"
        for row in unmet
        if not row["elements"] or row["unexpected"] > MOST_UNEXPECTED * row["elements"]
    ]


def _share(row: Mapping[str, Any]) -> str:
    suite = row["suite"]
    noun, of = (suite.removeprefix(INCOMING), "") if suite.startswith(INCOMING) else ("row", f" of {suite}")
    if not row["elements"]:
        return f"{words.counted(row['unexpected'], noun)}{of}"
    share = row["unexpected"] / row["elements"]
    return f"{row['unexpected']:,} of {words.counted(row['elements'], noun)}{of} ({share:.0%})"


def of_dumps(dumps: Iterable[Mapping[str, Any]]) -> list[str]:
    """Dumps that were loaded with a warning. In: path, state, reason, articles_declared and articles_read of each."""
    told = [f"{dump['path']}: loaded, but {odd}" for dump in dumps if (odd := _oddity(dump))]
    more = [f"{len(told) - SHOWN_DUMPS:,} more dumps were loaded with warnings; see the reasons in ops.dump_load"]
    return told[:SHOWN_DUMPS] + (more if len(told) > SHOWN_DUMPS else [])


def _oddity(dump: Mapping[str, Any]) -> str:
    if dump["state"] != DumpState.loaded:
        return ""
    declared, read = dump["articles_declared"], dump["articles_read"]
    differs = words.differs_from_stated(declared, read) if declared not in (None, read) else ""
    return "; ".join(filter(None, [dump["reason"], differs]))
