"""Dates of East Asia with years of an era or numbers in words, rewritten with common years and digits: 平成30年1月5日,
民國107年1月5日, 二〇一八年一月五日."""

from __future__ import annotations

import re
from unicodedata import numeric

# The year before an era's first; an era's first year is also called 元年.
_ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018, "民國": 1911, "民国": 1911}
_OF_ERA = re.compile(rf"(?P<era>{'|'.join(_ERAS)})\s?(?P<year>\d{{1,3}}|元)\s?年")
_WORDS = re.compile(r"[〇零一二三四五六七八九十]+(?=\s?[年月日])")


def in_common_years(text: str) -> str:
    """Returns the text with the years of eras as common years, and years, months and days in digits."""
    if "年" not in text:
        return text
    return _OF_ERA.sub(_common_year, _WORDS.sub(_in_digits, text))


def _common_year(match: re.Match[str]) -> str:
    year = 1 if match["year"] == "元" else int(match["year"])
    return f"{_ERAS[match['era']] + year}年"


def _in_digits(match: re.Match[str]) -> str:
    """Four digits of a year, or a number below a hundred; anything else stays as it is."""
    word = match[0]
    if "十" not in word:
        return "".join(str(0 if char in "〇零" else int(numeric(char))) for char in word)
    tens, _, ones = word.partition("十")
    if len(tens) > 1 or len(ones) > 1:
        return word
    return str(10 * int(numeric(tens or "一")) + int(numeric(ones) if ones else 0))
