"""Single names in bylines: what is an agency, what can be a person, and how it is spelled."""

from __future__ import annotations

import re

from etl.normalise._byline_words import AGENCIES, PARTICLES

LONGEST_NAME = 6  # words; more is a sentence
UPPER = "".join(char for char in map(chr, range(0x530)) if char.isupper())
LOWER = "".join(char for char in map(chr, range(0x530)) if char.islower())
EDGES = " \t,:;|*•·–—-_\"“”'‘’()[]<>"
_WORD = re.compile(r"\w")
_LETTER = re.compile(r"[^\W\d_]")
_DOTTED_END = re.compile(r"(?:\b\w\.|\b(?:jr|sr)\.)$", re.IGNORECASE)  # an initial, or Jr.
INITIALS = re.compile(rf"[{UPPER}]\.?(?:\s?[{UPPER}]\.)*")
_DIGIT = re.compile(r"\d")
_JUNK = re.compile(r"[@<>={}\\]|https?\b|\bwww\b|\bcom\b", re.IGNORECASE)
_RUN = re.compile(r"[^\W\d_]+")
_NUMERALS = {"II", "III", "IV", "VI", "VII"}
_TURKISH = re.compile("[İıĞğ]")
"""Letters of no other alphabet than the Turkic ones."""
_FOREIGN = re.compile("[QWX]")


def folded(text: str) -> str:
    """Returns a text as the words of bylines are looked up: in small letters, İ as i."""
    return text.casefold().replace("i\u0307", "i")


def agency_of(words: str) -> str | None:
    """Returns the agency of that name. A short name must be spelled as agencies spell theirs: AP, dpa, never Ap."""
    words = words.rstrip(".")
    agency = AGENCIES.get(folded(words))
    return agency if agency and (len(words) > 3 or words == agency or words == words.upper()) else None


def clean_name(words: list[str]) -> str | None:
    """Returns the words as a name; None where they cannot be one."""
    words = [word for word in " ".join(words).strip(EDGES).split() if _WORD.search(word)]
    name = " ".join(words)
    if not 0 < len(words) <= LONGEST_NAME or len(name) < 2 or not _LETTER.search(name) or _JUNK.search(name):
        return None
    if agency_of(name) or INITIALS.fullmatch(name) or any(map(_DIGIT.search, words)):
        return None
    if len(words) == 1 and (name.islower() or (len(name) == 2 and name.isupper())):
        return None  # initials, or a login
    if name.endswith(".") and not _DOTTED_END.search(name):
        words[-1] = words[-1].rstrip(".")
    return _recase(words) if name.isupper() and len(name) > 3 else " ".join(words)


def turkish_spellings(text: str) -> dict[str, str]:
    """Returns the words of a Turkish text that are all in capitals, by how `clean_name` puts them into title case
    where nothing tells that they are Turkish: Yilmaz is Yılmaz."""
    runs = [run for run in _RUN.findall(text) if "I" in run and run.isupper() and not _FOREIGN.search(run)]
    return {_recase_run(run): _recase_run(run, is_turkish=True) for run in runs}


def respelled(name: str, spellings: dict[str, str]) -> str:
    """Returns a name with other spellings of its words."""
    return _RUN.sub(lambda run: spellings.get(run[0], run[0]), name)


def _recase(words: list[str]) -> str:
    """Returns JOHN O'NEIL-SMITH III as John O'Neil-Smith III."""
    inner = range(1, len(words) - 1)
    is_turkish = _TURKISH.search(" ".join(words)) is not None
    return " ".join(
        word.lower()
        if place in inner and word.casefold() in PARTICLES
        else _RUN.sub(lambda run: _recase_run(run[0], is_turkish), word)
        for place, word in enumerate(words)
    )


def _recase_run(run: str, is_turkish: bool = False) -> str:
    if run in _NUMERALS or len(run) == 1:
        return run
    if run.startswith("MC") and len(run) > 3:
        return f"Mc{run[2]}{run[3:].lower()}"
    small = run[1:].replace("İ", "i")  # its small letter in Unicode is two: i and a dot above
    return run[0] + (small.replace("I", "ı") if is_turkish else small).lower()
