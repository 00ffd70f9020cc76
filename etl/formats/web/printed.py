"""Author and date of an article, as the page prints them near the headline."""

from __future__ import annotations

import re
from collections.abc import Iterable

from etl.formats.web import article_words as words
from etl.formats.web.date_lines import DATE_SIGN, is_date_line
from etl.formats.web.sentences import SENTENCE_ENDS

_NAME = r"[^\W\d_]{3,12}\.?"
_CLOCK = r"\d{1,2}(?:[:.h]\d\d(?::\d\d)?)?\s{0,2}(?:[ap]\.?m\b\.?|uhr|h)?(?:\s{0,2}\(?[A-Z]{2,5}\)?)?"
_DAY = (
    r"(?:\d{4}-\d\d-\d\d(?:T[\d:.]{5,15}(?:Z|[+-]\d\d:?\d\d)?)?"
    rf"|\d{{1,2}}(?:st|nd|rd|th|\.|º)?\s(?:of\s|de\s)?{_NAME},?\s(?:de\s|del\s)?\d{{4}}"
    rf"|{_NAME}\s\d{{1,2}}(?:st|nd|rd|th)?,?\s\d{{4}}"
    r"|\d{4}\s?[年년]\s?\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일]?"
    r"|\d{4}[./]\d{1,2}[./]\d{1,2}|\d{1,2}[./-]\d{1,2}[./-]\d{4})"
)
_DATE = re.compile(
    rf"(?:(?<![\d:]){_CLOCK},?\s{{1,2}}(?:{_NAME},?\s)?)?(?<!\d){_DAY}(?!\d)"
    rf"(?:,?\s{{1,2}}(?:(?:at|um|às|as|à|om|ore|alle|[|·-])\s)?(?=\d{{1,2}}[:.h]\d\d|\d{{1,2}}\s?[ap]\.?m){_CLOCK})?",
    re.IGNORECASE,
)
_CHANGE = (
    r"(?:(?:last |zuletzt )?(?:updated?|modified|edited|revised|aktualisiert|geändert|bearbeitet)|stand:|mise? à jour"
    r"|modifiée?|actualizad[oa]|modificad[oa]|atualizad[oa]|aggiornat[oa]|modificat[oa]|bijgewerkt|gewijzigd|uppdaterad"
    r"|opdateret|oppdatert|päivitetty|zaktualizowano|aktualizacja|aktualizováno|frissítve|güncelle\w*|diperbarui"
    r"|обновлено|изменено|оновлено|更新(?:日時|时间|時間)?|最終更新|수정|업데이트)"
)
_CHANGED = re.compile(rf"(?<!\w){_CHANGE}(?!\w)", re.I)
_CHANGED_BEFORE = re.compile(rf"\W*{_CHANGE}(?:\s(?:on|am|le|el|il|op))?\W*", re.I)
_TITLE_PART = re.compile(r"\s[|–—·«»-]\s")
_AMBIGUOUS = re.compile(r"(?:0?[1-9]|1[0-2])([/-])(?:0?[1-9]|1[0-2])\1\d{4}")
_GREENWICH = re.compile(r"(?:Z|[+-]00:?00)$")
_ISO_DAY = re.compile(r"\d{4}-\d\d-(?P<day>\d\d)")
_NUMBER = re.compile(r"\d+")
_CLOCK_TIME = re.compile(r"\d{1,2}[:.h]\d\d(?::\d\d)?|\d{1,2}\s?[ap]\.?m", re.IGNORECASE)
_TAIL = re.compile(
    r"\s{1,3}[|•·–—-]\s.*|\s{2,}.*|,?\s(?:am|on|posted|published|publiziert|updated|veröffentlicht|·)\b.*",
    re.IGNORECASE,
)
_LONGEST_BYLINE = 120


def published(lines: Iterable[str], said: str | None, title: str | None = None) -> str | None:
    """When the article was published: what the page's head said of it, or what is printed, or a part of the window's
    title that is a date.

    A date in Greenwich's time may be another day than the one printed where it was published; then the printed one
    counts, if it is the day before or after.
    """
    first, changed = _dates(lines)
    if said is None:
        return first or _part_of_title(title)
    if not _GREENWICH.search(said):
        return said
    printed = first or changed
    return printed if printed and _is_day_beside(printed, said) else said


def _dates(lines: Iterable[str]) -> tuple[str | None, str | None]:
    """The first date that a line is made of, and the first that is marked as that of a change."""
    first = changed = None
    before = ""
    for line in lines:
        at, is_led = 0, _CHANGED_BEFORE.fullmatch(before) is not None
        before = line
        dates = list(_DATE.finditer(line))
        has_time = any(_CLOCK_TIME.search(found[0]) for found in dates)
        if not dates or not is_date_line(_DATE.sub(DATE_SIGN, line), has_time):
            continue
        for found in dates:
            is_change = is_led or _CHANGED.search(line[at : found.start()]) is not None
            is_change = is_change or _CHANGED_BEFORE.fullmatch(line, found.end()) is not None
            at, is_led = found.end(), False
            if is_change:
                changed = changed or found[0].strip(" ,")
            else:
                first = first or found[0].strip(" ,")
    return first, changed


def _part_of_title(title: str | None) -> str | None:
    parts = _TITLE_PART.split(title or "")
    return next((part.strip() for part in reversed(parts[1:]) if _DATE.fullmatch(part.strip())), None)


def _is_day_beside(printed: str, said: str) -> bool:
    """Whether the printed day of the month is the one before or after; for that, month names need not be known."""
    stamp = _ISO_DAY.match(said)
    if stamp is None or _AMBIGUOUS.search(printed):
        return False
    day = int(stamp["day"])
    beside = {day - 1, day + 1} if 1 < day < 28 else {2, 27, 28, 29, 30, 31, 1} - {day}
    numbers = {int(number) for number in _NUMBER.findall(_CLOCK_TIME.sub(" ", printed))}
    return day not in numbers and not beside.isdisjoint(numbers)


def byline(lines: Iterable[str], signed: Iterable[str], houses: Iterable[str] = ()) -> str | None:
    """The first line that begins as a byline does, without what follows the names; and the next one marked as such.

    `houses`: names of the paper, which writes nothing.
    """
    own = {name.casefold() for name in houses}
    names = [_TAIL.sub("", line.split("\n", 1)[0]).strip() for line in signed]
    names = [name for name in names if 3 < len(name) <= _LONGEST_BYLINE and not _NUMBER.search(name)]
    names = [name for name in names if _unled(name) not in own]
    begun = _begun(line for line in lines if _unled(_TAIL.sub("", line)) not in own)
    if begun is None:
        return names[0] if names else None
    after = names[names.index(begun) + 1 :] if begun in names else []
    return "; ".join([begun, *after[:1]])


def _unled(line: str) -> str:
    """A line without the word that leads a byline."""
    lead = words.BY.match(line)
    return (line[lead.end() :] if lead else line).strip(" ,;|-–—").casefold()


def _begun(lines: Iterable[str]) -> str | None:
    for line in lines:
        text = line.split("\n", 1)[0]
        if len(text) <= _LONGEST_BYLINE and (lead := words.BY.match(text)):
            names = _TAIL.sub("", _DATE.split(text, maxsplit=1)[0]).strip(" ,;|-–—")
            if len(names) > lead.end() and not names.endswith(SENTENCE_ENDS):
                return names
    return None
