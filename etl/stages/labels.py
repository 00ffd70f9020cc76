"""What stands in a dump beside each of its articles: labels, buttons and notices, which are no article's words.

Known by no layout: they are the words that come back as often as the articles do, and more often outside of them than
in them. The common words of articles that are lost are such, too: so labels are no more than a few words for each
article that was read.
"""

from __future__ import annotations

import re
from collections import Counter

from etl.formats.common.visible_text import count_words

FEWEST_TIMES = 2
ARTICLES_A_LABEL = 2
"""Every second article has it at least."""
MOST_WORDS = 40
"""Of labels beside one article. In texts that are missing common words come back as often as labels do."""
MOST_UNSPACED = 300
"""Of a script without spaces, so many are looked for in the articles, where no space parts them from the text."""
_UNSPACED = re.compile("[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_EVERY = 32


def words_of_labels(seen: str, claimed: str, articles: int) -> int:
    """How many of the words of a text are labels, by what was `claimed` of it for so many articles."""
    fewest = max(FEWEST_TIMES, articles // ARTICLES_A_LABEL)
    times = Counter(seen.split())
    if is_unspaced(seen):
        outside = {word: count - claimed.count(word) for word, count in times.most_common(MOST_UNSPACED)}
    else:
        inside = Counter(claimed.split())
        outside = {word: count - inside[word] for word, count in times.items()}
    labels = {word: count for word, count in outside.items() if count >= fewest and 2 * count > times[word]}
    found = sum(count * count_words(word) for word, count in labels.items())
    return min(found, articles * MOST_WORDS)


def is_unspaced(text: str) -> bool:
    """Whether much of a text is in a script without spaces between words, by one in so many of its characters."""
    sample = text[::_EVERY]
    return len(_UNSPACED.findall(sample)) * 3 > len(sample)
