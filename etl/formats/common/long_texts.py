"""The texts of a nested value that are as long as an article's, whatever their names are, and where they stand.

Layout says nothing here: a long text is one, and so are short ones in a list that are long together, as paragraphs
are. Not looked for: what readers reply, notices of rights and notes to editors, unless a headline stands beside them;
and lists of what is short by nature, as captions, teasers and keywords.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from etl.formats.common.values import plain
from etl.formats.common.visible_text import count_words

FEWEST_WORDS = 100
"""Captions, teasers and most notes have fewer."""
SHORTEST_CHARACTERS = 100
"""So many are a hundred words only where each character counts as one."""
_FEWEST_WORDS_OF_ARTICLE = 25
"""Of the text in an object that has a headline and a date, too, as an article has."""
_FEWEST_WORDS_TOGETHER = 150
_FEWEST_WORDS_OF_PART = 8
_LONGEST_TITLE = 300
_MOST_LEVELS = 50
_SAMPLE = 2_000
_LEAST_LETTERS = 0.6
"""Of a text: numbers, addresses and codes have fewer."""

_TAGS = re.compile(r"<(script|style|head|nav|svg)\b.*?</\1\s*>|<!--.*?-->|<[/a-z!][^>]*>", re.IGNORECASE | re.DOTALL)
_BETWEEN, _NO_LETTER = re.compile(r"[\W_]+"), re.compile(r"[\W\d_]+")
_REPLIES = re.compile(r"comment|kommentar|comentario|repl(?:y|ies)|reaction", re.IGNORECASE)
_NOTICES = re.compile(r"copyright|rights|licen[cs]e|terms|legal|disclaimer|notepad|ed\w*note", re.IGNORECASE)
_SHORT_BY_NATURE = re.compile(
    r"image|photo|picture|video|media|galler|caption|audio|related|recommend|teaser|link|highlight",
    re.IGNORECASE,
)
_NO_ARTICLES = re.compile(
    r"image|photo|picture|video|media|galler|caption|audio|author|creator|contributor|byline|person|people|user"
    r"|publisher|source|section|categor|tag|topic|event|product|place|organi[sz]ation|correction|seo|meta",
    re.IGNORECASE,
)
"""What has a title, a description and a date without being an article."""
_TEASER = re.compile(
    r"\w*(?:desc|summar|abstract|teaser|excerpt|snippet|caption|standfirst|vorspann)"
    r"|(?:\w+_)?(?:alt|bio|deck|dek|lead|lede|intro|subtitle|trail|resum|sommair|riassunt|chapo|note)",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\s*(?:\w{2,9}, )?(?:\d{4}[-/.]?\d\d?[-/.]?\d\d?|\d\d?[-/.]\d\d?[-/.]\d{4}|\d\d?\.? \w{3,9}\.? \d{4})"
)
_LONGEST_DATE = 40


class LongText(NamedTuple):
    """A long text, without its tags, and the path of its field."""

    path: str
    text: str
    words: int


def find_long_texts(
    value: Any, path: str = "", taken: Collection[int] = (), fewest_words: int = FEWEST_WORDS
) -> Iterator[LongText]:
    """The long texts in a value, but not those in objects, lists and texts whose identities are `taken`."""
    if id(value) in taken or path.count(".") + path.count("[") > _MOST_LEVELS:
        return
    value = plain(value)
    if isinstance(value, str):
        if (text := _long(value, path, fewest_words)) and not _REPLIES.search(path) and not _NOTICES.search(path):
            yield text
    elif isinstance(value, dict):
        yield from _in_object(value, path, taken, fewest_words)
    elif isinstance(value, list):
        yield from _in_list(value, path, taken, fewest_words)


def may_hold_text(value: Any) -> bool:
    """Whether a value may be or hold a long text: a cheap first test."""
    kind = value.__class__
    return bool(value) and (kind is dict or kind is list or (kind is str and len(value) >= SHORTEST_CHARACTERS))


def bare(text: str) -> str:
    """A text without anything but its letters and digits, in lower case: alike however it is marked up."""
    return _BETWEEN.sub("", text).casefold()


def _in_object(value: dict[str, Any], path: str, taken: Collection[int], fewest_words: int) -> Iterator[LongText]:
    filled = [(key, item) for key, item in value.items() if may_hold_text(item)]
    is_titled = bool(filled) and any(map(_is_title, value.values()))
    is_article = is_titled and fewest_words == FEWEST_WORDS and _is_dated_article(value, path)
    for key, item in filled:
        where = f"{path}.{key}".lstrip(".")
        text = _below_title(item, taken) if is_titled else ""
        if text and not _NOTICES.search(key):
            fewest = _FEWEST_WORDS_OF_ARTICLE if is_article and not _TEASER.match(key) else fewest_words
            if id(item) not in taken and (found := _long(text, where, fewest)):
                yield found
        else:
            yield from find_long_texts(item, where, taken, fewest_words)


def _is_dated_article(value: dict[str, Any], path: str) -> bool:
    """Whether a titled object in another one has a date, and may be an article by its name."""
    if not path or _REPLIES.search(path) or _NOTICES.search(path) or _NO_ARTICLES.search(path.rpartition(".")[2]):
        return False
    own = [each for each in value.values() if isinstance(each, str) and len(each) < _LONGEST_TITLE]
    dates = [each for each in own if len(each) <= _LONGEST_DATE and _DATE.match(each)]
    titles = (each for each in own if each not in dates and _is_title(each))
    return bool(dates) and any(_words(each) < _FEWEST_WORDS_OF_ARTICLE for each in titles)


def _below_title(item: Any, taken: Collection[int]) -> str:
    """The text beside a title: one, or paragraphs."""
    if isinstance(item, list) and all(isinstance(each, str) for each in item):
        own = (each for each in item if id(each) not in taken)
        return "\n".join(each for each in own if _words(each) >= _FEWEST_WORDS_OF_PART)
    return item if isinstance(item, str) and item[0] not in "[{" else ""


def _in_list(values: list[Any], path: str, taken: Collection[int], fewest_words: int) -> Iterator[LongText]:
    if values and isinstance(values[0], int | float):
        return
    parts: dict[str, list[str]] = {}
    for item in values:
        if may_hold_text(item):
            yield from find_long_texts(item, f"{path}[]", taken, fewest_words)
        if id(item) not in taken and (part := _part(item, f"{path}[]")):
            parts.setdefault(part.path, []).append(part.text)
    if any(each.search(path) for each in (_REPLIES, _NOTICES, _SHORT_BY_NATURE)):
        return
    for where, texts in parts.items():
        if len(texts) > 1 and (text := _long("\n".join(texts), where, max(fewest_words, _FEWEST_WORDS_TOGETHER))):
            yield text


def _part(item: Any, path: str) -> LongText | None:
    """A short text that may be a paragraph: an item, or the only text of one that is an object."""
    if isinstance(item, dict):
        texts = [(key, held) for key, held in item.items() if isinstance(held, str) and " " in held.strip()]
        return _part(texts[0][1], f"{path}.{texts[0][0]}") if len(texts) == 1 else None
    if not isinstance(item, str) or len(item) < _FEWEST_WORDS_OF_PART:
        return None
    if _FEWEST_WORDS_OF_PART <= (count := _words(item)) < FEWEST_WORDS:
        return LongText(path, item, count)
    return None


def _long(value: str, path: str, fewest_words: int) -> LongText | None:
    """A text without its tags, if it has so many words, and letters."""
    if len(value) < SHORTEST_CHARACTERS:
        return None
    text = html.unescape(_TAGS.sub(" ", value)) if "<" in value else value
    count, sample = _words(text), text[:_SAMPLE]
    is_long = count >= fewest_words and len(_NO_LETTER.sub("", sample)) >= _LEAST_LETTERS * len(sample)
    return LongText(path, text, count) if is_long else None


def _words(text: str) -> int:
    """Its words; of scripts without spaces, two characters are one."""
    return (len(text.split()) + count_words(text)) // 2


def _is_title(value: Any) -> bool:
    """Whether a value may be the headline of a text beside it."""
    return isinstance(value, str) and len(value) < _LONGEST_TITLE and "://" not in value[:10] and count_words(value) > 2
