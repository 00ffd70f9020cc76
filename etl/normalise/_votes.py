"""A vote of the function words of many texts on their languages, in NumPy and Arrow."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from etl.normalise._columns import pc
from etl.normalise._stopwords import LANGUAGES_BY_WORD, STOP_WORDS

MIN_VOTES = 6
MIN_LEAD = 1.5
MOST_CERTAIN = 0.99  # a detected language is never as certain as a declared one

_LANGUAGES = tuple(STOP_WORDS)
_WORDS = pa.array(LANGUAGES_BY_WORD)
_BELONGS = np.array([[code in languages for code in _LANGUAGES] for languages in LANGUAGES_BY_WORD.values()], np.int32)
"""For each function word, one vote for each language that it belongs to."""


def vote(texts: pa.Array) -> list[tuple[str, float] | None]:
    """Returns, for each text, the language that most of its function words belong to and how clear that is; None where
    no language leads clearly.

    In: clean strings, whose words stand between ASCII spaces; null has no words.
    """
    words = pc.ascii_split_whitespace(texts)
    found = pc.index_in(words.flatten(), _WORDS)
    is_found = found.is_valid()
    voters, first_words = np.unique(pc.list_parent_indices(words).filter(is_found), return_index=True)
    votes = np.zeros((len(texts), len(_LANGUAGES)), np.int32)
    if len(voters):
        votes[voters] = np.add.reduceat(_BELONGS[found.filter(is_found)], first_words)
    second, best = np.partition(votes, -2)[:, -2:].T
    is_decided = (best >= MIN_VOTES) & (best >= MIN_LEAD * second)
    confidences = np.minimum(best / np.maximum(best + second, 1), MOST_CERTAIN)
    rows = zip(is_decided.tolist(), votes.argmax(axis=1).tolist(), confidences.tolist(), strict=True)
    return [(_LANGUAGES[leader], confidence) if decided else None for decided, leader, confidence in rows]
