"""Which language a text is in, where its writing system alone decides."""

from __future__ import annotations

import re
from collections import Counter
from unicodedata import name

# Writing systems of one language of the news, by the first word of their letters' Unicode names.
_LANGUAGES = {
    "THAI": "th",
    "LAO": "lo",
    "KHMER": "km",
    "MYANMAR": "my",
    "GREEK": "el",
    "HEBREW": "he",
    "GEORGIAN": "ka",
    "ARMENIAN": "hy",
    "TAMIL": "ta",
    "TELUGU": "te",
    "KANNADA": "kn",
    "MALAYALAM": "ml",
    "GUJARATI": "gu",
    "GURMUKHI": "pa",
    "BENGALI": "bn",
    "ORIYA": "or",
    "SINHALA": "si",
    "THAANA": "dv",
}
_EAST_ASIAN = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL")
_OF_ANOTHER = re.compile("[\u05f0-\u05f2\ufb1d-\ufb4f\u09f0\u09f1]|\u05d0[\u05b7\u05b8]")
"""Letters of Yiddish and Assamese, which share a system with Hebrew and Bengali."""
_HAN = re.compile("[\u3400-\u9fff]")
_BEYOND_LATIN = re.compile("[\u0370-\u1dff\u2c00-\ud7ff\uf900-\ufdff\ufe70-\ufeff\uff66-\uffdc]")

LETTERS_LOOKED_AT = 200
SURE_HAN_LETTERS = 8
"""So many, all of them of one of China's two ways of writing, and without one of Japan's syllables, are Chinese."""
LONG_HAN_LETTERS = 30
"""So many Chinese characters without one of Japan's syllables are not Japanese."""
UNDECIDED = "und"


def language_of_script(text: str) -> str | None:
    """Returns the language whose writing system a text is in.

    UNDECIDED where several share it and no words tell; None where several share it and the words tell (Latin, Cyrillic,
    Arabic, Devanagari).
    """
    text = text[:LETTERS_LOOKED_AT]
    if text.isascii() or not _BEYOND_LATIN.search(text):
        return None
    systems = Counter(name(char, "").partition(" ")[0] for char in text if char.isalpha())
    eastern = sum(systems[system] for system in _EAST_ASIAN)
    if eastern and 2 * eastern >= systems["LATIN"]:  # a Chinese character is worth two letters
        return _eastern(text, systems, eastern) or UNDECIDED
    system, letters = next(iter(systems.most_common(1)), ("", 0))  # a text may be marks alone
    if 2 * letters <= systems.total() or system not in _LANGUAGES or _OF_ANOTHER.search(text):
        return None
    return _LANGUAGES[system]


def _eastern(text: str, systems: Counter[str], letters: int) -> str | None:
    """Korean and Japanese by their own letters; Chinese by characters that Japan does not write, or by several without
    any of Japan's letters and forms. Han alone is never Japanese."""
    if 3 * systems["HANGUL"] >= letters:
        return "ko"
    han = "".join(_HAN.findall(text))
    kana = systems["HIRAGANA"] + systems["KATAKANA"]
    is_japanese_too = _is_in(han, "cp932")
    if kana:
        return "ja" if is_japanese_too or 4 * kana >= letters else None
    is_sure = len(han) >= SURE_HAN_LETTERS or not is_japanese_too
    if len(han) >= LONG_HAN_LETTERS or (is_sure and (_is_in(han, "gb2312") or _is_in(han, "big5"))):
        return "zh"
    return None


def _is_in(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
