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
from etl.normalise._calendar_words import key_of, weekdays
from etl.normalise._date_words import MONTHS, WEEKDAYS, plain

_WHEN = ("when", "when-iso", "value")
"""`value` is that of P4."""
_SPANS = (("notBefore", "notAfter"), ("from", "to"), ("notBefore-iso", "notAfter-iso"), ("from-iso", "to-iso"))
_DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_NEW_WORD = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])")
_APART = re.compile(r"[\W_]+")
_WORDS_OF_A_DAY = re.compile(r"[^\W_](?:[^\W_]|[\s,.]|(?<=\d)[/-](?=\d))*")
"""No other sign: "5 January 2018–" is open, and "5 January 2018?" is in doubt."""
_NUMBER = re.compile(r"(\d{1,4})(?:st|nd|rd|th|er|e)?")
_BESIDE_A_DAY = frozenset(["the", "of", "on", "am", "den", "der", "le", "el", "il", "de", "del", "di", "op"])
"""Words with a day that do not say what it is an end of, as "from" and "until" do."""
_PUBLISHED = re.compile(r"publi|pub\Z|print|issue|original|appear|erschein|erschien|druck|gedruckt|paru|veroffentlich")
_OTHER = re.compile(
    r"access|retriev|download|crawl|harvest|fetch|scrap|visit|consult|captur|snapshot|digit|scan|ocr\Z|transcri|encod"
    r"|compil|record|upload|archiv|deposit|ingest|convert|revis|modif|updat|chang|electronic|event|birth|death|abgeruf"
    r"|abruf|zugriff|zugegriff|heruntergeladen|geander|aktualisi|gescannt|telecharg|numeris|raadple|geraadple|descarg"
    r"|reprint|reissu|republi|reedi|reimpr|ristamp|herdruk|nachdruck|neudruck|acqui|accession|purchas|donat|provenan"
)
_NAMES_OF_OTHERS = """
    acquisition additional author availability custevent editor event meeting note orgname persname physdesc provenance
    respstmt title
"""
_OTHERS = frozenset(_NAMES_OF_OTHERS.split())
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
    """The earliest and the latest day of the first date that states either, and its words."""
    date = next((date for date in dates if _is_span(date)), None)
    if date is None:
        return {}
    first, last = (next(filter(None, map(date.get, ends)), "") for ends in zip(*_SPANS, strict=True))
    return {"not_before": first, "not_after": last, "date_in_words": inline(date, _NO_NAMES)}


def other_days(dates: Iterable[etree._Element], published: str) -> dict[str, str]:
    """What dates state that are not the day of publication, by their types, or by what they stand in."""
    found: dict[str, list[str]] = {}
    for date in dates:
        kinds = (date.get("type") or "", _other(date), *_types(date))
        kind = next(filter(None, (label_key(each).replace("-", "_") for each in kinds)), "")
        day = _day(date) or inline(date, _NO_NAMES)
        if kind and day and day != published:
            days = found.setdefault(kind if "date" in kind else f"{kind}_date", [])
            days += [] if day in days else [day]
    return {kind: "; ".join(days) for kind, days in found.items()}


def _is_of_publication(date: etree._Element) -> bool | None:
    """Whether a date is the day of publication, by the first type around it that says; None where none does."""
    if _other(date):
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


def _other(date: etree._Element) -> str:
    """What a date is about that is not the text; of the history of a manuscript all but its origin."""
    around = [local_name(above) for above in date.iterancestors()]
    others = _OTHERS if "origin" in around else _OTHERS | {"history"}
    return next((name for name in map(_about, date.iterancestors()) if name in others), "")


def _about(above: etree._Element) -> str:
    """The name of an element; '' for the title of a newspaper, whose date is that of the issue."""
    name = local_name(above)
    return "" if name == "title" and above.get("level") == "j" else name


def _day(date: etree._Element) -> str:
    """The day that a date states; of a span what its ends have in common, for its words may name either, or the only
    end that it has, if its words name that."""
    when = next(filter(None, map(date.get, _WHEN)), "")
    return str(when or (_common(date) or _end_in_words(date) if _is_span(date) else inline(date, _NO_NAMES)))


def _is_span(date: etree._Element) -> bool:
    return any(date.get(name) for ends in _SPANS for name in ends)


def _end_in_words(date: etree._Element) -> str:
    """The only end that a span states, where its words are that day and no more ("Tuesday, 16 April 1912")."""
    ends = [end for names in _SPANS for end in map(date.get, names) if end]
    day = _DAY.fullmatch(ends[0]) if len(ends) == 1 else None
    return day[0] if day and day[3] and _is_said(plain(inline(date, _NO_NAMES)), *map(int, day.groups())) else ""


def _is_said(text: str, year: int, month: int, day: int) -> bool:
    """Whether a text is a day and no more: its month by its name, or three numbers, in any order."""
    if ".." in text or not _WORDS_OF_A_DAY.fullmatch(text):
        return False
    words = [word for word in _APART.split(text) if word and word not in _BESIDE_A_DAY and not _is_weekday(word)]
    names = [MONTHS[word] for word in words if word in MONTHS]
    numbers = sorted(int(number[1]) for number in map(_NUMBER.fullmatch, words) if number)
    expected = ([month], sorted((year, day))) if names else ([], sorted((year, month, day)))
    return len(names) + len(numbers) == len(words) and (names, numbers) == expected


def _is_weekday(word: str) -> bool:
    key = key_of(word)
    return word not in MONTHS and (key in WEEKDAYS or key in weekdays())


def _common(date: etree._Element) -> str:
    """The day, month or year of a date that both its earliest and its latest day have."""
    for names in _SPANS:
        first, last = (_DAY.match(date.get(name) or "") for name in names)
        if first and last:
            pairs = zip(first.groups(), last.groups(), strict=True)
            return "-".join(a for a, _ in takewhile(lambda pair: pair[0] is not None and pair[0] == pair[1], pairs))
    return ""
