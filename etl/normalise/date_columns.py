"""What the dates of a dump's column show together, and one alone does not: which number is the day, where the year
stands, whether the numbers are the days of a spreadsheet, whether midnight is a time or only what a program adds to a
day.

A column is a field of a raw record (published, modified, embargo_until) in one dump, whatever batch or chunk its rows
are in. Where some of its dates can only begin with the day, and none only with the month, all do. A column that
contradicts itself shows nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pyarrow as pa

from etl.normalise._columns import pc

DATE_FIELDS = ("published", "modified", "embargo_until")
INSTANT_FIELDS = frozenset(["embargo_until"])
"""In these midnight is a time: an embargo usually ends then."""

_NUMBERS = (
    r"^\D{0,30}(?:\d{1,2}:\d{2}(?::\d{2})?\D{1,10})?(?P<first>\d{1,2})(?P<mark>[-/.])\s?(?P<second>\d{1,2})"
    r"(?P<again>[-/.])\s?(?P<year>\d{4}|\d{2})(?:\D|$)"
)
_SERIAL = r"^\s*(?:2[5-9]|[34]\d|5[0-4])\d{3}(?:\.\d+)?\s*$"
"""Days since the end of 1899, from 1968 to 2050."""
_MIDNIGHT = (
    r"(?:^|[T\s,])(?:0?0:00(?::00(?:[.,]0+)?)?|12:00(?::00)?\s?[Aa]\.?[Mm]\.?)(?:$|[^\d:.,])"
    r"|\d{8}T0000(?:00)?(?:$|\D)|^\d{8}0000(?:00)?$"
)
_EPOCH = r"^\D{0,8}(?P<hundreds>\d{8})00(?:000|0{6}|0{9})?(?:\.0+)?\D{0,3}$"
"""In seconds, milliseconds and so on; at midnight UTC its seconds end in two zeros."""
_HUNDREDS_OF_A_DAY = 864
_DEPENDENT = re.compile(rf"{_NUMBERS}|{_SERIAL}|{_MIDNIGHT}|{_EPOCH}")
_LONGEST_LOOKED_AT = 100
LEAST_SERIALS = 5
LEAST_MIDNIGHTS = 5
MOST_OTHERS = 0.1
_LEAST_DAYS = 4
_IN_NUMBERS = rf"{_SERIAL}|^\s*\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}|^\s*\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{2,4}}"
_MOST_MONTHS = 12
_MOST_DAYS = 31


class Habit(NamedTuple):
    """How a column writes its dates; what it does not show is None or False."""

    date_order: str | None = None
    """`dmy` or `mdy`, of 03/04/2021 and 03-04-2021; `ymd` where of three two-digit numbers the first is the year, the
    second the month: 19/01/31."""
    dotted_order: str | None = None
    """`mdy` where 03.04.2021 is the fourth of March; a dot means day first unless the column shows otherwise."""
    is_year_last: bool | None = None
    """Of three two-digit numbers: whether the last is the year, or is not."""
    is_serial: bool = False
    """The values are day numbers of a spreadsheet: 43105 is 5 January 2018."""
    is_midnight: bool = False
    """Midnight, as printed or UTC, is no time but what programs print behind a day: hardly any value is at another."""


NOTHING_SHOWN = Habit()

Habits = dict[tuple[int, str], Habit]
"""By delivery and field; those that show nothing are left out."""


@dataclass
class _Evidence:
    """What was seen of one column. The sets hold numbers of two digits, so that memory is bounded."""

    values: int = 0
    serials: int = 0
    others: int = 0
    """Values that are neither serials nor dates in numbers."""
    midnights: int = 0
    orders: set[tuple[str, bool, str]] = field(default_factory=set)
    """Mark, whether the year has two digits, and the only order in which the date is possible."""
    firsts: set[int] = field(default_factory=set)
    seconds: set[int] = field(default_factory=set)
    lasts: set[int] = field(default_factory=set)


def habits_of(chunks: Iterable[pa.Table]) -> Habits:
    """Returns what the columns of dumps show.

    In: tables with `delivery` and DATE_FIELDS as the dump stated them, in any division of the rows.
    """
    seen: dict[tuple[int, str], _Evidence] = {}
    for chunk in chunks:
        for name in DATE_FIELDS:
            values = pa.table({"delivery": chunk["delivery"], "value": chunk[name]})
            values = values.filter(pc.not_equal(values["value"], ""))
            if values.num_rows:
                _add(seen, name, values)
    habits = {column: _habit(evidence) for column, evidence in seen.items()}
    return {column: habit for column, habit in habits.items() if habit != NOTHING_SHOWN}


def depends_on_column(value: Any) -> bool:
    """Whether a date, as the dump stated it, may be read otherwise for what its column shows."""
    return isinstance(value, str) and bool(_DEPENDENT.search(value[:_LONGEST_LOOKED_AT]))


def _add(seen: dict[tuple[int, str], _Evidence], name: str, values: pa.Table) -> None:
    def of(delivery: int) -> _Evidence:
        return seen.setdefault((delivery, name), _Evidence())

    for row in _counted(values):
        of(row["delivery"]).values += row["delivery_count"]
    for row in _counted(values.filter(pc.match_substring_regex(values["value"], _SERIAL))):
        of(row["delivery"]).serials += row["delivery_count"]
    is_other = pc.invert(pc.match_substring_regex(values["value"], _IN_NUMBERS))
    for row in _counted(values.filter(is_other)):
        of(row["delivery"]).others += row["delivery_count"]
    if name not in INSTANT_FIELDS:
        for row in _counted(values.filter(_is_midnight(values["value"]))):
            of(row["delivery"]).midnights += row["delivery_count"]
    for row in _numbers(values):
        _note(of(row["delivery"]), row["mark"], int(row["first"]), int(row["second"]), row["year"])


def _counted(values: pa.Table) -> list[dict[str, Any]]:
    counted: list[dict[str, Any]] = values.group_by("delivery").aggregate([("delivery", "count")]).to_pylist()
    return counted


def _is_midnight(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Whether each value is at midnight, as printed; an epoch, at midnight UTC."""
    hundreds = pc.struct_field(pc.extract_regex(values, _EPOCH), "hundreds").cast(pa.int64())
    days = pc.multiply(pc.divide(hundreds, _HUNDREDS_OF_A_DAY), _HUNDREDS_OF_A_DAY)
    return pc.or_(pc.match_substring_regex(values, _MIDNIGHT), pc.fill_null(pc.equal(hundreds, days), False))


def _numbers(values: pa.Table) -> list[dict[str, Any]]:
    """The distinct dates of three numbers."""
    found = pc.extract_regex(values["value"], _NUMBERS)
    parts = pa.table({"delivery": values["delivery"], "found": found}).drop_null()
    fields = ("first", "mark", "second", "again", "year")
    columns = {part: pc.struct_field(parts["found"], part) for part in fields}
    table = pa.table({"delivery": parts["delivery"], **columns})
    table = table.filter(pc.equal(table["mark"], table["again"]))
    distinct: list[dict[str, Any]] = table.group_by(table.column_names).aggregate([]).to_pylist()
    return distinct


def _note(evidence: _Evidence, mark: str, first: int, second: int, year: str) -> None:
    is_short = len(year) == 2
    if is_short:
        evidence.firsts.add(first)
        evidence.seconds.add(second)
        evidence.lasts.add(int(year))
    if first > _MOST_MONTHS >= second and first <= _MOST_DAYS:
        evidence.orders.add((mark, is_short, "dmy"))
    elif second > _MOST_MONTHS >= first and second <= _MOST_DAYS:
        evidence.orders.add((mark, is_short, "mdy"))


def _habit(evidence: _Evidence) -> Habit:
    is_year_last = _is_year_last(evidence.firsts, evidence.lasts)
    orders: dict[bool, set[str]] = {True: set(), False: set()}
    for mark, is_short, order in evidence.orders:
        if not is_short or is_year_last or (is_year_last is None and mark != "-"):
            orders[mark == "."].add(order)
    slashed = next(iter(orders[False])) if len(orders[False]) == 1 else None
    return Habit(
        slashed or ("ymd" if is_year_last is False and _is_year_first(evidence) else None),
        "mdy" if orders[True] == {"mdy"} else None,
        is_year_last,
        evidence.serials >= LEAST_SERIALS and evidence.others <= MOST_OTHERS * evidence.values,
        evidence.midnights >= max(LEAST_MIDNIGHTS, (1 - MOST_OTHERS) * evidence.values),
    )


def _is_year_first(evidence: _Evidence) -> bool:
    """Years come first where few of them stand before many numbers that can only be days, with months between."""
    are_days = _MOST_MONTHS < max(evidence.lasts) <= _MOST_DAYS and len(evidence.lasts) >= _LEAST_DAYS
    are_months = max(evidence.seconds) <= _MOST_MONTHS and min(evidence.seconds) > 0
    return are_days and are_months and len(evidence.lasts) >= 2 * len(evidence.firsts)


def _is_year_last(firsts: set[int], lasts: set[int]) -> bool | None:
    """Days vary more than years: the numbers that vary more are the days, if there are enough of them to tell."""
    if len(lasts) > len(firsts):
        return False
    return True if len(firsts) > max(len(lasts), _MOST_MONTHS) else None
