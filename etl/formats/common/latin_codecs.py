"""Which codec of one byte a letter a text in Latin script is in, by the letters that languages have beyond ASCII.

A codec is right where what stands for the bytes above ASCII are letters of one language, in small letters within words,
and punctuation between words. Statistics of letter pairs, which charset-normalizer uses, need far longer texts.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from itertools import islice
from typing import NamedTuple

CODECS = ["cp1252", "cp1250", "iso8859-2", "cp1254", "cp1257", "cp850", "cp852", "mac-roman", "mac-latin2"]
"""The most usual first: it is taken where another does not fit better."""
_LANGUAGES = {
    "Albanian": "ëç",
    "Catalan": "àéèíïóòúüç",
    "Croatian, Slovene": "čćđšž",
    "Czech": "áčďéěíňóřšťúůýž",
    "Danish, Norwegian": "åæøéêóôòä",
    "Dutch": "ëïéèöüáóê",
    "Estonian": "äöüõšž",
    "Finnish, Swedish": "äöåéšž",
    "French": "éèàêçùâîôûëïüœæÿ",
    "German": "äöüßé",
    "Hungarian": "áéíóöőúüű",
    "Icelandic": "áðéíóúýþæö",
    "Italian": "àèéìòùîóú",
    "Latvian": "āčēģīķļņšūž",
    "Lithuanian": "ąčęėįšųūž",
    "Polish": "ąćęłńóśźż",
    "Portuguese": "ãçáéíóúâêôõàüªº",
    "Romanian": "ăâîşţșț",
    "Slovak": "áäčďéíĺľňóôŕšťúýž",
    "Spanish": "áéíóúñüªº",
    "Turkish": "çğıi\u0307öşüâîû",
}
_KNOWN = frozenset("".join(_LANGUAGES.values()))
_ALONE = frozenset("àáâäåæçèéêëíîòóôöőøùúûśŵŷ")
"""Small letters that are a word of some language: what another codec has for a sign (©, §) between words is none."""
_PUNCTUATION = frozenset("“”„‘’‚«»‹›–—…•·¿¡€£$¢§°©®™²³½¼¾×±\xa0\xad")
_HIGH = re.compile(rb"[\x80-\xff]+")
_SAMPLE_BYTES, _MOST_PLACES = 1 << 18, 5_000
_LONGEST_MEAN_RUN, _LARGEST_SHARE = 1.8, 0.3
_OWN, _OTHER, _FOREIGN, _MISPLACED, _CONTROL = 1.0, -1.5, -3.0, -3.0, -5.0
_LEAD = 1.0
"""By how much another codec must fit better than the most usual one."""
_CLEAR_LEAD = 2.0
"""With less, another one may be right."""
_OF_TODAY = ("cp125", "iso")


def is_latin(data: bytes) -> bool:
    """Whether single letters beyond ASCII stand among ASCII's, as in Latin script only."""
    runs = [len(run) for run in _HIGH.findall(data[:_SAMPLE_BYTES])]
    letters = sum(byte > 32 for byte in data[:4096])
    share = len(re.findall(rb"[\x80-\xff]", data[:4096])) / max(letters, 1)
    return bool(runs) and sum(runs) <= _LONGEST_MEAN_RUN * len(runs) and share <= _LARGEST_SHARE


class Fit(NamedTuple):
    """The codec that fits a text best, and another one by which it would be another text and that fits nearly as well;
    '' where there is none."""

    codec: str
    rival: str = ""


def latin_codec(data: bytes) -> Fit | None:
    """The codec that fits a text in Latin script best; None where none fits."""
    scores = {codec: score for codec in CODECS if (score := _score(data, codec)) is not None}
    best = max(scores, key=lambda codec: scores[codec], default=None)
    if best is None or scores[best] <= 0:
        return None
    usual = next(iter(scores))
    codec = best if scores[best] >= scores[usual] + _LEAD else usual
    return Fit(codec, _rival(data[:_SAMPLE_BYTES], codec, scores))


def _rival(data: bytes, codec: str, scores: dict[str, float]) -> str:
    """A codec that fits nearly as well; beside one of Windows, those of DOS and of Macs are not thought of."""
    text = data.decode(codec, "replace")
    near = (other for other in scores if scores[other] > scores[codec] - _CLEAR_LEAD)
    usual = (other for other in near if other.startswith(_OF_TODAY) or not codec.startswith(_OF_TODAY))
    return next((other for other in usual if data.decode(other, "replace") != text), "")


def _score(data: bytes, codec: str) -> float | None:
    """How well a codec fits; None where a byte has no character in it."""
    try:
        text = data.decode(codec)
    except UnicodeDecodeError:
        return None
    letters: Counter[str] = Counter()
    score = 0.0
    for found in islice(re.finditer(r"[^\x00-\x7f]", text), _MOST_PLACES):
        at, char = found.start(), found[0]
        before, after = text[at - 1 : at] if at else " ", text[at + 1 : at + 2]
        if not char.isalpha() or char in "ªº":
            score += _of_sign(char, before, after)
        elif _is_misplaced(char, before, after):
            score += _MISPLACED
        else:
            letters[char.lower()] += 1
    return score + max(_of_language(letters, own) for own in _alphabets())


def _is_misplaced(char: str, before: str, after: str) -> bool:
    """Whether a letter stands where no word has it: a capital within or alone, a small one by a digit or capital, or
    alone before a blank where that is no word."""
    is_alone = not (before.isalpha() or after.isalpha())
    if char.isupper():
        return before.islower() or is_alone
    is_sign = is_alone and not after.strip() and char not in _ALONE
    return is_sign or after.isupper() or before.isdigit() or after.isdigit()


def _of_sign(char: str, before: str, after: str) -> float:
    if "\x80" <= char < "\xa0":
        return _CONTROL
    is_within = before.isalpha() and after.isalpha()
    if char in "’\xa0" or (char in _PUNCTUATION and not is_within):
        return _OWN / 2
    return _OTHER if char in _PUNCTUATION or char in "ªº" else _MISPLACED


def _of_language(letters: Counter[str], own: frozenset[str]) -> float:
    known = sum(count for letter, count in letters.items() if letter in _KNOWN)
    of_it = sum(count for letter, count in letters.items() if letter in own)
    return of_it * _OWN + (known - of_it) * _OTHER + (letters.total() - known) * _FOREIGN


@cache
def _alphabets() -> tuple[frozenset[str], ...]:
    return tuple(map(frozenset, _LANGUAGES.values()))
