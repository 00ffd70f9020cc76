"""Names of months, weekdays and the halves of the day in other languages, from Unicode CLDR through babel.

The words of the languages in `_date_words` are looked for first; only where they do not suffice are these files read
(0.2 s, once per process). Each locale's own file is read and not `babel.Locale`: that resolves one locale's gaps with
another's words once both are loaded (stand-alone months of Hindi in Hebrew).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from etl.normalise._cldr import own_data
from etl.normalise._date_words import FILLERS, MONTHS, plain

# Languages that newspapers are printed in; of Arabic also the countries with month names of their own.
_LOCALES = """
af am ar ar_DZ ar_IQ ar_MA ar_SY ar_TN as az be bg bn bs bs_Cyrl ca ckb cs cy da de de_AT el es es_MX et eu fa fi fil fo
fr fy ga gd gl gu he hi hr hu hy id is it ka kk km kn ky lb lo lt lv mk ml mn mr ms mt my ne nl nn no or pa pl ps pt
pt_PT ro ru si sk sl sq sr sr_Latn sv sw ta te tg th tr uk ur uz vi
"""
_ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MOST_WORDS = 3
_SHORT_WORD = 3
"""So few Latin letters ("pro", "lis", "ara") are a month only in a text of the language."""
_WORD = re.compile(r"[^\s\d,;:/()\[\]|«»\"“”_\-–—]+")
_ELISION = re.compile(r"^(?:de |d['’])")
_USUAL_CODES = {"nb": "no", "nn": "no", "fil": "tl", "sh": "sr"}
_HALVES = {"am": 0, "pm": 12}
BUDDHIST = "th"
_BUDDHIST_YEAR = re.compile(r"(?<!\d)2[45]\d\d(?!\d)")
_BUDDHIST_OFFSET = 543  # years ahead of the Gregorian calendar
_SHORT_BUDDHIST_YEAR = re.compile(r"(?<=[a-z]\s)\d\d(?![\d:.])")
_LAST_COMMON = 31
_SPELLINGS = (
    *(("ंब", "मब"), ("अकत", "अकट"), ("अकट", "अकत"), ("अपरै", "अपरे"), ("अगसत", "अगसट")),
    *(("ারী", "ারি"), ("গসট", "গষট"), ("ઑ", "ઓ"), ("ಏಪ", "ಎಪ"), ("ఆగస", "ఆగష"), ("సటు", "సట"), ("బర", "బరు")),
    *(("பிப", "பெப"), ("டம", "டெம"), ("ிசம", "ிசெம"), ("அகட", "ஒகட"), ("ஆகஸட", "ஆகஸடு")),
    *(("ഓഗ", "ആഗ"), ("ർ", "ര"), ("ർ", "ര\u200d"), ("ൽ", "ല"), ("ൽ", "ല\u200d"), ("ൺ", "ണ"), ("ൺ", "ണ\u200d")),
    *(("يوليو", "يوليه"), ("يوليو", "يولية"), ("يونيو", "يونيه"), ("يونيو", "يونية"), ("מרץ", "מרס")),
)
"""Another way to spell a part of a month's name, as `plain` writes it, where CLDR has one: सितंबर or सितम्बर, জানুয়ারী or
জানুয়ারি; the letters of Malayalam that end a syllable, in Unicode before 5.1."""
_ALSO = {
    "id": "pebruari=2 nopember=11",
    "fa": "جولای=7 اگوست=8",
    "am": "ጃኑዋሪ=1",
    "vi": "thang_gieng=1 thang_mot=1 thang_hai=2 thang_ba=3 thang_tu=4 thang_nam=5 thang_sau=6 thang_bay=7 thang_tam=8"
    " thang_chin=9 thang_muoi=10 thang_muoi_mot=11 thang_muoi_hai=12 thang_chap=12",
}
"""Names that CLDR does not have, as `plain` writes them."""

# How a month ends in a date where CLDR has only its nominative: the genitives of South Slavic languages ("januara",
# "januarja", "septembra"), two cases of Basque ("urtarrilaren", "urtarrilak"), "in" or "on" in
# Latvian, Estonian and Georgian ("janvārī", "jaanuaril", "მაისს").
_SERBIAN = (
    (r"([tb])ar$", r"\1ra"),
    (r"([тб])ар$", r"\1ра"),
    (r"(?<=[a-z])(?<![aeiou])$", "a"),
    (r"(?<=[а-џ])(?<![аеиоу])$", "а"),
)
_CASES = {
    "bs": _SERBIAN,
    "sr": _SERBIAN,
    "sl": ((r"ec$", "ca"), (r"r$", "rja"), (r"(?<=[a-z])(?<![aeiou])$", "a")),
    "eu": ((r"a$", "aren"), (r"a$", "ak")),
    "lv": ((r"s$", ""),),
    "et": ((r"(?<!^ma)([aeiou])$", r"\1l"), (r"([^aeiou])$", r"\1il")),
    "ka": ((r"ი$", "ს"),),
}


class Meaning(NamedTuple):
    """What one word means, and in which languages."""

    number: int
    languages: frozenset[str]


def in_english(text: str, language: str | None) -> str | None:
    """Returns a date in plain letters with English months and common years; None where it names no other month.

    A word that is another month in another language ("listopad", "lip") counts only where `language` says which.
    """
    known = months()
    language = _USUAL_CODES.get(language or "", language)
    words = list(_WORD.finditer(text))
    pieces: list[str] = []
    end = number = 0
    is_thai = is_found = False
    while number < len(words):
        count, meaning = _longest(text, words[number : number + _MOST_WORDS], known, language)
        first, last = words[number], words[number + max(count, 1) - 1]
        pieces.append(text[end : first.start()])
        if meaning:
            is_found = True
            is_thai = is_thai or meaning.languages == {BUDDHIST}
            name = f" {_ENGLISH[meaning.number - 1]} "
            if not (len(pieces) > 1 and pieces[-2] == name and pieces[-1].strip() == "/"):  # "aug / aug"
                pieces.append(name)
            else:
                pieces.pop()
        elif key_of(first[0]) not in FILLERS:
            pieces.append(first[0])
        end, number = last.end(), number + max(count, 1)
    if not is_found:
        return None
    found = " ".join("".join([*pieces, text[end:]]).split()).replace(" ,", ",")
    return _SHORT_BUDDHIST_YEAR.sub(_full_year, in_common_era(found)) if is_thai else found


def in_common_era(text: str) -> str:
    """Returns the text with years of the Buddhist era as common ones."""
    return _BUDDHIST_YEAR.sub(lambda year: str(int(year[0]) - _BUDDHIST_OFFSET), text)


def _full_year(match: re.Match[str]) -> str:
    """The common year of two digits; nothing where they may be those of the common year itself."""
    year = int(match[0])
    return str(2500 + year - _BUDDHIST_OFFSET) if year > _LAST_COMMON else ""


def _longest(
    text: str, words: list[re.Match[str]], known: dict[str, list[Meaning]], language: str | None
) -> tuple[int, Meaning | None]:
    """Returns of how many words the longest name that begins here is, and what it means."""
    for count in range(len(words), 0, -1):
        key = key_of(text[words[0].start() : words[count - 1].end()])
        candidates = known.get(key) or known.get(_ELISION.sub("", key)) or known.get(key.removeprefix("ב")) or []
        if key.isascii() and len(key) <= _SHORT_WORD and key not in MONTHS:
            candidates = [one for one in candidates if language in one.languages]
        if candidates:
            return count, meant(candidates, language)
    return 0, None


def meant(candidates: list[Meaning], language: str | None) -> Meaning | None:
    """Returns the only meaning of a word, or the one that it has in a language; None where it has several."""
    if here := [one for one in candidates if language in one.languages]:
        candidates = here
    return candidates[0] if len(candidates) == 1 else None


def key_of(word: str) -> str:
    """Returns a word or name as it is looked up: in plain letters, without dots."""
    return " ".join(word.replace(".", " " if " " in word else "").split())


@cache
def months() -> dict[str, list[Meaning]]:
    """The months by their names and abbreviations, those of `_date_words` too."""
    found = _meanings("months", ("wide", "abbreviated"))
    for key, number in MONTHS.items():
        if key not in found:
            found[key] = [Meaning(number, frozenset())]
    for language, also in _ALSO.items():
        for name, _, month in (entry.partition("=") for entry in also.split()):
            found.setdefault(name.replace("_", " "), [Meaning(int(month), frozenset([language]))])
    for usual, other in _SPELLINGS:
        for key in [key for key in found if usual in key]:
            found.setdefault(key.replace(usual, other), found[key])
    return found


@cache
def weekdays() -> dict[str, list[Meaning]]:
    """The weekdays by their names, Monday is 0."""
    return _meanings("days", ("wide",))


@cache
def short_weekdays() -> dict[str, list[Meaning]]:
    """The weekdays by their abbreviations, too."""
    return _meanings("days", ("wide", "abbreviated"))


@cache
def halves() -> dict[str, list[Meaning]]:
    """The words for before (0) and after noon (12)."""
    return _meanings("day_periods", ("wide", "abbreviated", "narrow"))


def _meanings(kind: str, widths: tuple[str, ...]) -> dict[str, list[Meaning]]:
    numbers: dict[str, dict[int, set[str]]] = {}
    for locale in _LOCALES.split():
        language = _USUAL_CODES.get(locale, locale.partition("_")[0])
        for key, number in _names(locale, kind, widths):
            numbers.setdefault(key, {}).setdefault(number, set()).add(language)
    return {
        key: [Meaning(number, frozenset(languages)) for number, languages in meanings.items()]
        for key, meanings in numbers.items()
    }


def _names(locale: str, kind: str, widths: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """The names that a locale's own file has, as they are looked up, with their numbers."""
    for context in _own_data(locale)[kind].values():
        for width in widths if isinstance(context, dict) else ():
            names = context.get(width)
            for number, name in names.items() if isinstance(names, dict) else ():  # else it is an alias of others
                key = _ELISION.sub("", key_of(plain(name)))
                if kind == "day_periods":
                    number = _HALVES.get(number)
                if number is not None and not any(char.isdecimal() for char in key):
                    yield key, number
                    if kind == "months" and width == "wide":
                        for pattern, ending in _CASES.get(locale.partition("_")[0], ()):
                            yield re.sub(pattern, ending, key), number


@cache
def _own_data(locale: str) -> dict[str, Any]:
    data = own_data(locale)
    return {kind: data.get(kind, {}) for kind in ("months", "days", "day_periods")}
