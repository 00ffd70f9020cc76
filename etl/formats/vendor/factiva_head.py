"""What stands between headline and text in Factiva's layout without codes, recognised by place and kind.

In this order: credit or page (may be missing); word count; date; time (may be missing, or stand with the date); source;
its code, with which the accession number begins; then edition, time, page, volume in varying number; language;
copyright.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from etl.formats.vendor.labels import is_language, is_month, is_word_unit

_LONGEST = 60
"""Longer items are of no kind that is recognised by its characters."""
_COUNT = re.compile(r"(?P<number>\d[\d.,' \u202f\xa0]{0,30})(?P<unit>[^\W\d_].*)")
_DATE = (
    r"\d{1,2}(?:er|\.)?\s(?:de\s)?[^\W\d_]{1,30}\.?,?\s(?:de\s)?\d{4}(?:\s?г\.?)?"
    r"|[^\W\d_]{1,30}\.?\s\d{1,2},?\s\d{4}"
    r"|\d{4}\s?[年년]\s?\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일]|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}"
)
_TIME = (
    r"(?:(?:上午|下午|午前|午後|오전|오후)\s?)?\d{1,2}(?:\s?[h時时点點]\s?|[:.])\d{2}(?:[:.]\d{2}|\s?分)?"
    r"(?:\s?[AaPp]\.?[Mm]\.?)?(?:\s(?:Uhr|uur|[A-Z]{2,5}))?"
)
_WHEN = re.compile(rf"({_DATE})(?:[\s,;–-]{{1,3}}(?:(?:at|um|à|a las|alle|om|às|в)\s)?({_TIME}))?")
_MONTH_OF_YEAR = re.compile(
    r"([^\W\d_]{1,30}\.?)(?:\s?[/&–-]\s?([^\W\d_]{1,30}\.?))?,?\s(?:de\s)?\d{4}(?:\s?г\.?)?"
    r"|\d{4}\s?[年년]\s?\d{1,2}\s?[月월]|\d{4}-\d{2}"
)
_CLOCK = re.compile(_TIME)
_SOURCE_CODE = re.compile(r"[A-Z0-9]{1,10}")
_PAGE_NUMBER = r"[A-Z]{0,3}\.?\s?\d{1,4}[A-Za-z]?"
_PAGE = re.compile(rf"(?:p|pp|pg|s|[Pp]age|[Ss]eite)?\.?\s?{_PAGE_NUMBER}(?:\s?[,;/&-]\s?{_PAGE_NUMBER})*")
_VOLUME = re.compile(r"\d{1,5}[ /]\d{4}|(?:vol|no|nr|n°|issue|ausgabe|heft)\b.*", re.IGNORECASE)


def head_fields(items: Sequence[str], accession: str) -> dict[str, str] | None:
    """The fields by Factiva's codes; None where the items hold neither a word count nor a date."""
    count = next((at for at, item in enumerate(items) if is_count(item)), None)
    date = next((at for at, item in enumerate(items) if at > (count or 0) - 1 and _is(_WHEN, item)), None)
    if count is not None and date is None:
        date = next((at for at in range(count + 1, len(items)) if _is_month_of_year(items[at])), None)
    anchor = count if count is not None else date
    if anchor is None:
        return None
    after = list(items[anchor + (count is not None) :])
    fields = _before(items[:anchor])
    if count is not None:
        fields["WC"] = items[count]
    if date is not None:
        fields |= _when(items[date])
        after.remove(items[date])
    _take(fields, "ET", after, _CLOCK)
    _take_source(fields, after, accession)
    _take_language(fields, after)
    _take(fields, "VOL", after, _VOLUME)
    _take(fields, "PG", after, _PAGE)
    if after:
        fields["ED"] = after.pop(0)
    fields["head"] = "\n".join(after)
    return fields


def _when(item: str) -> dict[str, str]:
    """The date, and the time that stands with it in one cell, if any."""
    match = _WHEN.fullmatch(item)
    day, time = match.groups() if match else (item, None)
    return {"PD": day, "ET": time} if time else {"PD": day}


def _before(items: Sequence[str]) -> dict[str, str]:
    """What stands before the word count: a page, or a credit."""
    left = list(items)
    fields: dict[str, str] = {}
    _take(fields, "PG", left, _PAGE)
    return fields | {"CR": "; ".join(left)}


def _take(fields: dict[str, str], code: str, items: list[str], kind: re.Pattern[str]) -> None:
    """Move the first item of that kind from the list to the fields."""
    found = next((item for item in items if _is(kind, item)), None)
    if found is not None and code not in fields:
        items.remove(found)
        fields[code] = found


def _take_source(fields: dict[str, str], items: list[str], accession: str) -> None:
    """Take the source and its code: capitals with which the accession number begins, or else the second item."""
    codes = [at for at, item in enumerate(items) if at and _is(_SOURCE_CODE, item)]
    at = next((at for at in codes if accession.upper().startswith(items[at])), 1 if 1 in codes else None)
    if at is not None:
        fields["SC"] = items.pop(at)
    if items:
        fields["SN"] = items.pop(0 if at is None else at - 1)


def _take_language(fields: dict[str, str], items: list[str]) -> None:
    """Take the language, and the copyright after it. An unknown language is the last item but one."""
    at = next(
        (at for at in range(len(items) - 1, -1, -1) if len(items[at]) <= _LONGEST and is_language(items[at])), None
    )
    if at is None and len(items) >= 2 and not re.search(r"\d", items[-2]):
        at = len(items) - 2
    if at is not None:
        fields["LA"] = items[at]
        fields["CY"] = "\n".join(items[at + 1 :])
        del items[at:]
    elif items:
        fields["CY"] = items.pop()


def _is_month_of_year(item: str) -> bool:
    """Whether an item is the date of a monthly: "January 2018", "enero de 2018", "July/August 2018"."""
    match = _MONTH_OF_YEAR.fullmatch(item) if len(item) <= _LONGEST else None
    return match is not None and all(map(is_month, filter(None, match.groups())))


def is_count(item: str) -> bool:
    """Whether a line states the number of words."""
    match = _COUNT.fullmatch(item) if len(item) <= _LONGEST else None
    return match is not None and is_word_unit(match["unit"])


def _is(kind: re.Pattern[str], item: str) -> bool:
    return len(item) <= _LONGEST and kind.fullmatch(item) is not None
