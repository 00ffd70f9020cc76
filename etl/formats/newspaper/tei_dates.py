"""Which of the dates in a TEI header is the day on which the text was published.

A type, of a date or of the source that it stands in, says what else it may be the day of. TEI has no list of types, so
the words in them are known by how they begin ("accessed", "dateAccessed", "access-date").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import takewhile

from lxml import etree

from etl.formats.common.label_keys import label_key
from etl.formats.common.markup import inline, local_name

_WHEN = ("when", "when-iso", "value")
"""`value` is that of P4."""
_SPAN = ("notBefore", "notAfter")
_DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_NEW_WORD = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])")
_APART = re.compile(r"[\W_]+")
_PUBLISHED = re.compile(r"publi|pub\Z|print|issue|appear|erschein|erschien|druck|gedruckt|paru|veroffentlich")
_OTHER = re.compile(
    r"access|retriev|download|crawl|harvest|fetch|scrap|visit|consult|captur|snapshot|digit|scan|ocr\Z|transcri|encod"
    r"|compil|record|upload|archiv|deposit|ingest|convert|revis|modif|updat|chang|electronic|event|birth|death|abgeruf"
    r"|abruf|zugriff|zugegriff|heruntergeladen|geander|aktualisi|gescannt|telecharg|numeris|raadple|geraadple|descarg"
)
_WITHIN_OTHERS = ("note", "respstmt", "availability")
"""Elements in which a date is about something else."""
_NO_NAMES: frozenset[str] = frozenset()


def publication_dates(dates: Iterable[etree._Element]) -> list[etree._Element]:
    """Those that may be the day of publication; the ones that say that they are come first."""
    kinds = [(date, _is_of_publication(date)) for date in dates]
    return [date for wanted in (True, None) for date, kind in kinds if kind is wanted]


def first_day(dates: Iterable[etree._Element]) -> str:
    """The first day that is stated, as a number rather than in words; of a span what its two ends have in common."""
    return next(filter(None, map(_day, dates)), "")


def span(dates: Iterable[etree._Element]) -> dict[str, str]:
    """The earliest and the latest day of the first date that states them."""
    date = next((date for date in dates if any(map(date.get, _SPAN))), None)
    return {} if date is None else {"not_before": date.get("notBefore") or "", "not_after": date.get("notAfter") or ""}


def other_days(dates: Iterable[etree._Element], published: str) -> dict[str, str]:
    """What dates with a type state that is not the day of publication, by their types."""
    found: dict[str, list[str]] = {}
    for date in dates:
        kind = next(filter(None, (label_key(each).replace("-", "_") for each in _types(date))), "")
        day = _day(date)
        if kind and day and day != published:
            days = found.setdefault(kind if "date" in kind else f"{kind}_date", [])
            days += [] if day in days else [day]
    return {kind: "; ".join(days) for kind, days in found.items()}


def _is_of_publication(date: etree._Element) -> bool | None:
    """Whether a date is the day of publication, by the first type around it that says; None where none does."""
    if any(local_name(above) in _WITHIN_OTHERS for above in date.iterancestors()):
        return False
    for kind in _types(date):
        words = _APART.split(label_key(_NEW_WORD.sub(" ", kind)))
        is_published, is_other = (any(map(pattern.match, words)) for pattern in (_PUBLISHED, _OTHER))
        if is_published != is_other:
            return is_published
    return None


def _types(date: etree._Element) -> Iterator[str]:
    """The type of a date, and those of what it stands in, up to the source."""
    yield date.get("type") or ""
    for above in takewhile(lambda one: local_name(one) not in ("sourcedesc", "creation"), date.iterancestors()):
        yield above.get("type") or ""


def _day(date: etree._Element) -> str:
    numbers = (*(date.get(name) for name in _WHEN), _common(date))
    return str(next(filter(None, numbers), None) or inline(date, _NO_NAMES))


def _common(date: etree._Element) -> str:
    """The day, month or year of a date that is stated by its earliest and its latest day."""
    first, last = (_DAY.match(date.get(name) or "") for name in _SPAN)
    if first is None or last is None:
        return ""
    pairs = zip(first.groups(), last.groups(), strict=True)
    return "-".join(a for a, _ in takewhile(lambda pair: pair[0] is not None and pair[0] == pair[1], pairs))
