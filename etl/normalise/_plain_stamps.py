"""The stamps of most programs, many at once in Arrow: 2018-09-05T07:01:02Z and 2018-09-05T07:01:02+01:00 (RFC 3339),
and those of mails and RSS, Wed, 05 Sep 2018 07:01:02 GMT and Wed, 05 Sep 2018 07:01:02 +0100 (RFC 5322)."""

from __future__ import annotations

from typing import NamedTuple

import pyarrow as pa

from etl.normalise._columns import pc

_DAY = r"(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31"
_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{3}(?:\d{3})?)?"
_OFFSET = r"[+-](?:[01]\d|2[0-3]):[0-5]\d"
_STAMP = rf"^(?:1[6-9]|20|21)\d\d-(?:{_DAY})[T ]{_TIME}(?:Z|{_OFFSET})$"
"""Every one of these is possible; 29 February, which is not in every year, is left out."""
_IN_UTC = r"(?:Z|[+-]00:00)$"
_AROUND_ZERO = r"^19(?:69-12-31|70-01-01)"
"""The day on which Unix epochs begin, somewhere."""

_MONTHS = pa.array(["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"])
_OF_MONTHS = pa.array([f"-{month:02}-" for month in range(1, 13)])
_MAIL = (
    r"^(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?(?P<day>\d\d?) (?P<month>[A-Z][a-z]{2}) (?P<year>\d{4})"
    r" (?P<time>\d\d:\d\d:\d\d) (?:(?P<hours>[+-]\d\d)(?P<minutes>\d\d)|GMT|UTC)$"
)


class PlainStamps(NamedTuple):
    """The plain stamps of a column: where they are, and what each of them means."""

    is_plain: pa.Array
    at: pa.Array
    on: pa.Array


def read_plain(texts: pa.Array, is_utc: pa.Array) -> PlainStamps:
    """Read the stamps whose day, as printed, is the day at their source.

    In: strings; whether the source of each is in UTC: elsewhere a stamp in UTC may be of another day than is printed.
    """
    texts = pc.coalesce(_of_mails(texts), texts)
    may_be_moved = pc.and_not(pc.match_substring_regex(texts, _IN_UTC), is_utc)
    is_other = pc.or_(may_be_moved, pc.match_substring_regex(texts, _AROUND_ZERO))
    is_plain = pc.fill_null(pc.and_not(pc.match_substring_regex(texts, _STAMP), is_other), False)
    plain = texts.filter(is_plain)
    days = pc.utf8_slice_codeunits(plain, 0, len("2018-09-05")).cast(pa.date32())
    return PlainStamps(is_plain, plain.cast(pa.timestamp("us", tz="UTC")), days)


def _of_mails(texts: pa.Array) -> pa.Array:
    """Returns stamps of mails as RFC 3339 has them; null for what is none."""
    parts = pc.extract_regex(texts, _MAIL)
    day, month, year, time, hours, minutes = (pc.struct_field(parts, place) for place in range(6))
    months = _OF_MONTHS.take(pc.index_in(month, _MONTHS))
    offsets = pc.if_else(pc.equal(hours, ""), "Z", pc.binary_join_element_wise(hours, minutes, ":"))
    return pc.binary_join_element_wise(year, months, pc.utf8_lpad(day, 2, "0"), "T", time, offsets, "")
