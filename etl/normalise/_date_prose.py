"""Dates as people print them: day, month and year in words or numbers, and perhaps a time beside them."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import NamedTuple

from etl.normalise._calendar_words import BUDDHIST, halves, in_common_era, in_english, key_of, meant, weekdays
from etl.normalise._clocks import Clock, either, take_clock
from etl.normalise._date_stamps import Stamp, stamp
from etl.normalise._date_variants import usual, without_ordinals
from etl.normalise._date_words import COMMON_LANGUAGES, MONTHS, WEEKDAYS, YEAR_FIRST, plain
from etl.normalise._eastern_dates import in_common_years
from etl.normalise._wire_dates import wire_time
from etl.normalise._zones import is_of_other_zone, printed_name, zone_meant

_NAME = rf"(?P<name>{either(*MONTHS)})(?![^\W\d_])\.?"
_DAY = r"(?<!\d)(?P<day>\d{1,2})"
_TH = "st|nd|rd|th|er|[º°]"
_YEAR = r"(?P<year>\d{4})(?!\d)"
_SHAPES: list[tuple[re.Pattern[str], str]] = [
    (re.compile(shape), precision)
    for shape, precision in (
        (rf"{_DAY}(?:{_TH}|\.)?[\s/-]*(?:(?:of|de)\s)?{_NAME},?[\s/-]*(?:(?:de|del)\s)?{_YEAR}", "day"),
        (rf"(?<![^\W\d_]){_NAME}\s*{_DAY}(?:{_TH})?(?:,\s?|\s){_YEAR}", "day"),
        (rf"(?<!\d)(?P<year>\d{{4}})\.?[\s/-]{_NAME}[\s/-]{_DAY}(?!\d)", "day"),
        (rf"(?<!\d)(?P<year>\d{{4}})\.?\s{_DAY}\.?\s{_NAME}", "day"),
        (r"(?<!\d)(?P<year>\d{4})(?P<mark>[-/.])\s?(?P<month>\d{1,2})(?P=mark)\s?(?P<day>\d{1,2})(?!\d)", "day"),
        (rf"(?<!\d)(?P<first>\d{{1,2}})(?P<mark>[-/.])\s?(?P<second>\d{{1,2}})(?P=mark)\s?{_YEAR}", "day"),
        (r"(?P<year>\d{4})\s?[年년]\s?(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})\s?[日일]", "day"),
        (rf"{_DAY}\s(?:thang|thg)\s?(?P<month>\d{{1,2}})(?:,|\snam)?\s{_YEAR}", "day"),  # Vietnamese
        (r"^(?P<year>\d{4})\s?[年년]\s?(?P<month>\d{1,2})\s?[月월]$", "month"),
        (r"^(?P<year>\d{4})\s?[年년]$", "year"),
        (rf"^{_NAME},?[\s/-]?(?:(?:de|del)\s)?{_YEAR}$", "month"),
        (r"^(?P<year>\d{4})[-/](?P<month>\d{1,2})$", "month"),
        (rf"^(?P<month>\d{{1,2}})[/.]{_YEAR}$", "month"),
        (rf"^{_NAME}-'?(?P<short_year>\d\d)$", "month"),
        (rf"{_DAY}\.?[\s-]{_NAME}[\s-]'?(?P<short_year>\d\d)(?![\d:])", "day"),
        (rf"(?<![^\W\d_]){_NAME}\s{_DAY},?\s?'(?P<short_year>\d\d)(?!\d)", "day"),
        (
            r"(?<![\w/.-])(?P<first>\d{1,2})(?P<mark>[-/.])(?P<second>\d{1,2})(?P=mark)(?P<short_year>\d\d)(?![/.-]?\w)",
            "day",
        ),
    )
]
_LAST_SHORT_YEAR = 31
"""Two digits up to this may be a day too, and are a year in this century; above it they are one in the last."""
_DAY_BEFORE = re.compile(
    rf"(?:(?<!\d)\d{{1,2}}(?:{_TH}|\.)?(?:\s?(?:of\s|de\s)?(?:{either(*MONTHS)})\.?)?"
    r"(?:[/&+-]|(?<=[^\W\d])\.?\s-\s|\s?[/&+]\s?|,?\s(?:a|al|and|au|bis|do|e|en|et|i|og|och|to|und|y|и|по)\s)"
    r"|^\d{1,2}(?:st|nd|rd|th|\.)?(?:\s-\s|,\s?))$"
)
"""Another day before one: 5/6 September."""
_LONE_DAY_BEFORE = re.compile(rf"^(?:(?:{either(*WEEKDAYS)})\.?,?\s)?\d{{1,2}}(?:{_TH}|\.)?\s$")
"""Another day before a month that has its own: Tue, 1 Dec 20 2020."""
_MAIL = re.compile(r"\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d ")
"""How a date of RFC 5322 begins that leaves out the weekday."""
_WORDS = re.compile(r"[^\W\d_]+")
_DIGIT_AND_WORD = re.compile(r"\d.*[^\W\d_]|[^\W\d_].*\d", re.DOTALL)
_TIME_AND_WORD = re.compile(r"(?P<time>\b(?:0?\d|1[0-2]):\d{2}(?::\d{2})?)\s?(?P<word>[^\s\d,;:()]+)")


class Context(NamedTuple):
    """What decides how a date is read, beside its text."""

    zone: str = "UTC"
    """The source's time zone."""
    date_order: str | None = None
    """How the stanza, or the column, writes 03/04/2021: `dmy` or `mdy`; `ymd` if it writes 21/04/03."""
    is_day_first: bool = False
    """Whether papers in the article's language write the day first."""
    dotted_order: str | None = None
    """`mdy` where the column shows that it writes even 03.04.2021 so."""
    is_year_last: bool | None = None
    """Whether the column shows that two-digit years are its last number; None where it shows nothing."""
    language: str | None = None
    weekday: int | None = None
    """The day of the week that is printed with the date; Monday is 0."""
    is_publication: bool = False
    """Whether a date that is said to be that of a change is of no use."""


def read_prose(text: str, context: Context) -> Stamp | None:
    """Returns the date of a text; None where it has none. Raises ValueError if it is impossible."""
    words = usual(in_common_years(plain(text)), context.is_publication)
    if context.language == BUDDHIST:
        words = in_common_era(words)
    if sent := wire_time(words):
        return stamp(sent, "minute", context.zone)
    clock, rest = take_clock(_with_halves(words, context.language))
    zone_name = printed_name(clock.next_word, text) if clock else None
    is_mail = clock is not None and bool(clock.offset or zone_name)
    if "/" in rest or "-" in rest:
        context = context._replace(weekday=weekday_in(rest, context.language))
    found = _find_day(rest, context, is_mail)
    if found is None and _DIGIT_AND_WORD.search(rest):
        rest = without_ordinals(rest)
        found = _find_day(in_english(rest, context.language) or rest, context, is_mail)
    day, precision = found or (None, "day")
    if day is None or clock is None or precision != "day":
        return Stamp(None, day, precision) if day else None
    return _at(day, clock, zone_name, context.zone, is_mail="," in text or _MAIL.match(text) is not None)


def _at(day: date, clock: Clock, zone_name: str | None, zone: str, is_mail: bool) -> Stamp:
    """The instant of a day and a time; only the day where their zone is not known."""
    moment = datetime(day.year, day.month, day.day, *clock.fields)
    offset = clock.offset
    is_elsewhere = clock.long_name and not (offset or zone_name) and is_of_other_zone(clock.long_name, zone)
    if clock.is_offset_unread or is_elsewhere:
        return Stamp(None, day, "day")
    if zone_name and not offset:
        offset = zone_meant(zone_name, moment, zone, is_mail)
        if offset is None:
            return Stamp(None, day, "day")
    return stamp(moment.replace(tzinfo=offset), clock.precision, zone)


def _with_halves(text: str, language: str | None) -> str:
    """Returns the text with am or pm for the word after a time that says so in its language: 3:05 μ.μ."""
    if (text.isascii() and (not language or language in COMMON_LANGUAGES)) or not _TIME_AND_WORD.search(text):
        return text
    return _TIME_AND_WORD.sub(lambda match: _with_half(match, language), text)


def _with_half(match: re.Match[str], language: str | None) -> str:
    word = key_of(match["word"])
    candidates = halves().get(word, [])
    if word.isascii():  # "10:30 Sa": only where the language says that it is no other word
        candidates = [one for one in candidates if language in one.languages]
    meaning = meant(candidates, language)
    return f"{match['time']} {'pm' if meaning.number else 'am'} " if meaning else match[0]


def _find_day(text: str, context: Context, is_mail: bool) -> tuple[date | None, str] | None:
    """Returns the only day, month or year in the text; without a day where there are two different ones."""
    for shape, precision in _SHAPES:
        if days := {_read_day(match, context, is_mail) for match in shape.finditer(text)}:
            if any(_has_day_before(match, text) for match in shape.finditer(text)):
                return None, precision
            return (days.pop() if len(days) == 1 else None), precision
    return None


def _has_day_before(match: re.Match[str], text: str) -> bool:
    if not match.groupdict().get("name"):
        return False
    before = text[: match.start()]
    is_month_first = match.start() == match.start("name")
    return bool(_DAY_BEFORE.search(before) or (is_month_first and _LONE_DAY_BEFORE.search(before)))


def _read_day(match: re.Match[str], context: Context, is_mail: bool) -> date | None:
    parts = match.groupdict()
    short = parts.get("short_year")
    year = _short_year(int(short), is_mail) if short else int(parts["year"])
    if parts.get("first"):
        if short and context.date_order == "ymd":
            return date(2000 + int(parts["first"]), int(parts["second"]), int(short))
        if short and (context.language == BUDDHIST or not _is_year_last(parts["mark"], int(short), context)):
            return None
        return _read_numbers(year, int(parts["first"]), int(parts["second"]), parts["mark"], context)
    month = MONTHS[parts["name"]] if parts.get("name") else int(parts.get("month") or 1)
    return date(year, month, int(parts.get("day") or 1))


def _short_year(year: int, is_mail: bool) -> int:
    """RFC 5322, 4.3: in mail two digits below 50 are in this century."""
    return year + (2000 if year <= (49 if is_mail else _LAST_SHORT_YEAR) else 1900)


def _is_year_last(mark: str, year: int, context: Context) -> bool:
    """Whether the last of three two-digit numbers is the year: it is above 31, or the stanza or the column says so, or
    the marks are those of a date that ends with the year and nothing says otherwise."""
    if year > _LAST_SHORT_YEAR:
        return True
    if context.is_year_last is not None:
        return context.is_year_last
    if context.date_order and mark != ".":
        return True
    return mark != "-" and context.language not in YEAR_FIRST


def _read_numbers(year: int, first: int, second: int, mark: str, context: Context) -> date | None:
    """A number above twelve is the day; a dot means day first; otherwise the stanza, the column or the language."""
    order: str | None
    if first > 12 or first == second:
        order = "dmy"
    elif second > 12:
        order = "mdy"
    elif mark == ".":
        order = context.dotted_order or "dmy"
    else:
        language_order = "dmy" if context.is_day_first else ""
        order = language_order if context.date_order in (None, "", "ymd") else context.date_order
    if order == "dmy":
        return date(year, second, first)
    if order == "mdy":
        return date(year, first, second)
    fitting = [
        day for day in (date(year, first, second), date(year, second, first)) if day.weekday() == context.weekday
    ]
    return fitting[0] if len(fitting) == 1 else None


def weekday_in(text: str, language: str | None) -> int | None:
    """The only weekday that a text names."""
    words = [key_of(word) for word in _WORDS.findall(text)]
    found = {WEEKDAYS[word] for word in words if word in WEEKDAYS}
    if words and not found:
        meanings = (meant(weekdays().get(word, []), language) for word in words)
        found = {meaning.number for meaning in meanings if meaning}
    return found.pop() if len(found) == 1 else None
