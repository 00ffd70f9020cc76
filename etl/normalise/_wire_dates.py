"""Time stamps of news agency wires, and time zones that are printed by name."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from etl.normalise._date_words import MONTHS, ZONE_HOURS, ZONE_PLACES

_ZONE = rf"(?:\s?(?P<zone>{'|'.join([*ZONE_HOURS, *ZONE_PLACES])}))"
_SHAPES = (
    # IPTC 7901: day, time, zone, month, year.
    re.compile(
        rf"(?P<day>\d\d)(?P<hour>\d\d)(?P<minute>\d\d){_ZONE}?\s(?P<name>[^\W\d_]{{3,9}})\s(?P<year>\d\d(?:\d\d)?)"
    ),
    # ANPA 1312: month, day, year, time, zone.
    re.compile(rf"(?P<month>\d\d?)-(?P<day>\d\d?)-(?P<year>\d\d(?:\d\d)?)\s(?P<hour>\d\d)(?P<minute>\d\d){_ZONE}"),
    # Kyodo: time, day, month, year.
    re.compile(r"(?P<hour>\d\d):(?P<minute>\d\d)-(?P<day>\d\d)-(?P<month>\d\d)-(?P<year>\d\d)"),
)


def zone_named(name: str | None) -> tzinfo | None:
    """Returns the zone of a name in lower case (gmt, edt, et); None where there is none."""
    if name in ZONE_PLACES:
        return ZoneInfo(ZONE_PLACES[name])
    return timezone(timedelta(hours=ZONE_HOURS[name])) if name in ZONE_HOURS else None


def wire_time(text: str) -> datetime | None:
    """Returns the time of a stamp in lower case; None where the text is not one. Raises ValueError if impossible."""
    found = next(filter(None, (shape.fullmatch(text) for shape in _SHAPES)), None)
    if found is None:
        return None
    parts = found.groupdict()
    month = MONTHS.get(parts["name"]) if parts.get("name") else int(parts["month"])
    if month is None:
        return None
    year = int(parts["year"])
    if year < 100:  # RFC 2822, 4.3: two digits below 50 are in this century
        year += 2000 if year < 50 else 1900
    zone = zone_named(parts.get("zone"))
    return datetime(year, month, int(parts["day"]), int(parts["hour"]), int(parts["minute"]), tzinfo=zone)
