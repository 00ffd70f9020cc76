"""Times of day as they are printed beside dates: `2:05 pm ET`, `14.05 Uhr`, `下午2:05`."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone, tzinfo
from typing import NamedTuple

from etl.normalise._date_words import HALVES, OF_SEVERAL_ZONES, ZONE_HOURS, ZONE_PLACES

_UNITS = re.compile(
    r"(?P<hour>\d{1,2})\s?[時时點点시]\s?(?:(?P<minute>\d{1,2})\s?[分분]\s?(?:(?P<second>\d{1,2})\s?[秒초])?)?"
)
_DOTTED = re.compile(r"\b(?:klo|kl\.?|ore)\s?(\d{1,2})\.(\d{2})(?![.\d])")
_NEXT_WORD = re.compile(r"\s?(?:hrs?\b|hours\b)?\s?\(?([a-zа-я]{2,5})\b")
_LONG_NAME = re.compile(r"\s?\(?((?:[^\W\d_]\S*\s){1,5}time)\b")


def either(*words: str) -> str:
    """Returns words as alternatives for a regex, the longest first."""
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


_CLOCK = re.compile(
    rf"(?:(?P<noon>{either(*HALVES)})\s?)?"
    r"(?<![\d:.])(?P<hour>\d{1,2})"
    r"(?:[:h](?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d+))?)?"
    r"|\.(?P<dotted>\d{2})(?=\s?(?:uhr|[ap]\.?\s?m\b))|h\b|(?=\s?(?:uhr|[ap]\.?\s?m\b)))(?!\d)"
    r"(?:\s?(?P<half>[ap])\.?\s?m\b\.?)?(?:\s?uhr\b)?"
    r"(?:\s?\(?(?:(?:(?:utc|gmt)\s?)?(?P<offset>[+-](?:\d{1,2}:\d{2}|\d{4}|\d{1,2}))(?!:?\d)"
    rf"|(?P<zone>{either(*ZONE_HOURS, *ZONE_PLACES, *OF_SEVERAL_ZONES)})\b))?"
)

_UNREAD_OFFSET = re.compile(
    r"\s?\(?(?:\+\s?[–-]?\d|(?:[+–-]{1,2}|-\s)(?!(?:1[6-9]|2[0-2])\d\d\b)\d{3,5}\b|-\d\d?:\d"
    rf"|(?:{either(*ZONE_HOURS, *OF_SEVERAL_ZONES)})\d)"
)
"""What can only be meant as an offset, but is not one: +530, --0500, + 0530, EST5EDT; 10:30 - 2018 is a year."""


class Clock(NamedTuple):
    """A time of day as printed: hour, minute, second, microsecond; the offset or word printed after it."""

    fields: tuple[int, int, int, int]
    precision: str
    offset: tzinfo | None
    next_word: str | None
    """In small letters: perhaps the name of a zone."""
    long_name: str | None
    """In small letters: perhaps the name of a zone in words ("eastern time")."""
    is_offset_unread: bool
    """Whether an offset is printed after it that cannot be read."""


def take_clock(text: str) -> tuple[Clock | None, str]:
    """Returns the time of day, and the text without it. An impossible time is removed and ignored."""
    if not text.isascii():
        text = _UNITS.sub(_with_colons, text).replace("\N{MINUS SIGN}", "-")
    if "." in text:
        text = _DOTTED.sub(r" \1:\2", text)
    match = _CLOCK.search(text)
    if match is None:
        return None, text
    rest = " ".join((text[: match.start()] + " " + text[match.end() :]).split()).strip(" ,;()")
    try:
        return _read_clock(match, text), rest
    except ValueError:
        return None, rest


def _with_colons(match: re.Match[str]) -> str:
    """15時30分 as 15:30, 下午3點 as 3h."""
    minute, second = match["minute"], match["second"]
    return (
        f"{match['hour']}h "
        if minute is None
        else ":".join([match["hour"], f"{int(minute):02}", *([f"{int(second):02}"] if second else [])])
    )


def _read_clock(match: re.Match[str], text: str) -> Clock:
    hour = int(match["hour"])
    if match["half"]:
        hour = datetime.strptime(f"{hour}{match['half']}m", "%I%p").hour if hour <= 12 else hour
    elif match["noon"] and hour <= 12:  # 午後0:05 is five past noon
        hour = hour % 12 + HALVES[match["noon"]]
    minute = int(match["minute"] or match["dotted"] or 0)
    second = int(match["second"] or 0)
    microsecond = int((match["fraction"] or "0")[:6].ljust(6, "0"))
    datetime(2000, 1, 1, hour, minute, second)
    precision = "second" if match["second"] else "minute" if match["minute"] or match["dotted"] else "hour"
    after = _NEXT_WORD.match(text, match.end())
    word = match["zone"] or (after[1] if after and not match["offset"] else None)
    name = _LONG_NAME.match(text, match.end())
    is_unread = not match["offset"] and _UNREAD_OFFSET.match(text, match.end()) is not None
    fields = (hour, minute, second, microsecond)
    return Clock(fields, precision, _read_offset(match["offset"]), word, name[1] if name else None, is_unread)


def _read_offset(offset: str | None) -> tzinfo | None:
    if not offset:
        return None
    digits = offset[1:].replace(":", "")
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
    sign = -1 if offset[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(hours), minutes=int(minutes)))
