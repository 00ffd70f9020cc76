"""Languages that are taken for a greater one, by words that only they have: Afrikaans for Dutch, Luxembourgish for
German, Swahili for English, Yiddish for Hebrew."""

from __future__ import annotations

import re

_WORDS_OF_OTHERS = {
    "nl": "'n ŉ baie gesê hierdie hulle hy kry nie sal sê sy vanjaar vir",
    "de": "ass awer datt déi ech een eng fir gouf gëtt huet hunn iwwer mam mat nach net nei sech si sinn"
    " vum vun wéi zanter ze",
    "en": "baada cha hii huku jana katika kuwa kwa kwamba leo mjini mpya rais serikali vya wa wake watu ya yake za",
    "he": "איז און אויף ביי דאס די דער האט וועט ווערט מיט נישט פון זענען",
}
_OTHERS = {code: frozenset(words.split()) for code, words in _WORDS_OF_OTHERS.items()}
_OWN = {
    "nl": frozenset(("bij", "door", "een", "hij", "maar", "naar", "niet", "voor", "werd", "wordt", "zij", "zijn")),
    "de": frozenset(("das", "die", "ein", "eine", "für", "hat", "ist", "mit", "nicht", "sich", "sind", "und", "von")),
    "en": frozenset(("after", "and", "are", "for", "in", "is", "of", "on", "over", "that", "the", "to", "was", "with")),
    "he": frozenset(("את", "של", "על", "לא", "כי", "הוא", "היא", "גם", "זה", "עם")),
}
_WORD = re.compile(r"'n\b|[^\W\d_]+")
_LEAST_WORDS = 2


def may_be_another(code: str, text: str) -> bool:
    """Whether a text, taken for a language, has more words that only a look-alike of it has than its own."""
    others = _OTHERS.get(code)
    if others is None:
        return False
    text = text.lower()
    if others.isdisjoint(text.split()):  # nearly all; of two words, one stands between spaces
        return False
    words = frozenset(_WORD.findall(text))
    foreign = words & others
    return len(foreign) >= _LEAST_WORDS and len(foreign) > len(words & _OWN[code])
