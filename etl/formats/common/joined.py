"""Whether a plain text, which should be one article, is several joined in one file: for readers that take it whole.

Nothing marks an article in plain text. But what stands where one begins or ends does not come again within it: a
headline above an author's name, a date or a dateline; a label such as `Headline:`; `-30-` or `###`; a copyright.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from etl import words
from etl.formats.common.visible_text import count_words
from etl.model import Doubt, DumpError

FEWEST_WORDS = 20
"""Of an article. Shorter stretches are headlines, captions, notes and addresses."""
LONGEST_HEADLINE = 150
FEWEST_WORDS_OF_HEADLINE = 3
FEWEST_WORDS_BELOW = 60
LONGEST_LINE = 200
"""Characters of a line where texts are broken into lines."""
_ENDS = '.!?"”’)。！？」』'
_NO_END = f"{_ENDS},;:、，；：…"
LOOK_AHEAD = 3
"""Lines below a headline among which its author or its date stands."""

_NAME = r"[^\W\d_a-z][\w.'’-]*"
_MONTH = r"[^\W\d_]{3,12}\.?"
_OF = r"\s?(?:of|/|von|de|sur|di|van)\s?"
_BYLINE = re.compile(
    rf"(?:By|BY|Von|VON|Par|PAR|Por|POR|Door|Di)\s{_NAME}(?:,?\s(?:and|und|et|y|e|en|&|de|van|von|der|la|{_NAME})){{1,9}}"
    r"|-\s[^\W\d_a-z]\S*\s[^@\n]{0,60}\S+@\S+"
)
_DATE = re.compile(
    rf"(?:[^\W\d_]{{2,12}}[.,:]?\s){{0,3}}(?:\d{{1,2}}(?:\.|st|nd|rd|th)?\s(?:de\s)?{_MONTH},?\s(?:de\s)?\d{{4}}"
    rf"|{_MONTH}\s\d{{1,2}},?\s\d{{4}}|\d{{4}}-\d\d-\d\d|\d{{1,2}}[./]\d{{1,2}}[./]\d{{4}}"
    r"|\d{4}\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日)(?:[\s,T-]{1,3}\d{1,2}[:.h]\d{2}.{0,20})?"
)
_DATELINE = re.compile(r"[^\W\d_a-z]{3}[^a-z\n.:]{0,40}(?:,\s[^\n.:—–()-]{3,30})?\s\([^()\n]{2,30}\)\s?(?:--?|—|–)\s")
_LABEL = re.compile(
    r"(?:headline|title|titel|titre|t[ií]tulo|titolo|überschrift|schlagzeile|kop)\s?[:=]\s?\S", re.IGNORECASE
)
_BREAK = re.compile(
    r"-\s?30\s?-|#{3}|# # #|[-–—*=]+\s?(?:end|ends|ende|fin|fine)\s?[-–—*=]+|\(?(?:ends?|ende)\)?|([-=_~#])\1{4,}|\f"
    rf"|\W*(?:do[ck]ument[eo]?|arti[ck](?:le|el)|story|item|result|treffer)\s\d{{1,4}}(?:{_OF}\d{{1,4}})?\W*"
    rf"|\W*\d{{1,4}}{_OF}\d{{1,4}}\s[^\W\d_]{{4,12}}\W*|(?:newspapers|magazines)\s(?:in|from)\s\w+|(?:©|\(c\)|copyright\b).{{0,100}}(?:19|20)\d\d.{{0,100}}",
    re.IGNORECASE,
)
_AFTERWORD = re.compile(
    r"(?:about|contact|notes?|media|for|editor|source|photo|über|kontakt|hinweis|à propos|acerca|informa)\b",
    re.IGNORECASE,
)


class Begin(NamedTuple):
    """Where an article seems to begin: the number of the line, and its text."""

    line: int
    text: str


def refuse_several(text: str) -> None:
    """Raises DumpError where a text seems to hold more than one article."""
    found = begins(text)
    if len(found) > 1:
        places = "; ".join(f"line {begin.line}: {begin.text[:50]!r}" for begin in found[:3])
        raise DumpError(
            f"holds about {len(found):,} articles, where a plain text is read as one, so nothing of it was loaded; "
            f"they seem to begin at {places}; deliver one article a file, or, if each file is one, say "
            "one_article = true in the feed's stanza of sources.toml"
        )


def begins(text: str) -> list[Begin]:
    """The lines at which articles seem to begin. Of several with hardly a text between them the first."""
    lines = text.split("\n")
    filled = list(_filled(lines))
    at = [index for index in range(len(filled)) if index == 0 or _is_begin(filled, index, lines)]
    found: list[Begin] = []
    first: Begin | None = None
    for start, end in pairwise([*at, len(filled)]):
        first = first or filled[start]
        if sum(len(line.text.split()) for line in filled[start:end]) >= FEWEST_WORDS:
            found.append(first)
            first = None
    return found


def doubt(text: str) -> Doubt | None:
    """That a text may be several articles: a long text stands more than once below short lines, at the top, or below a
    wide gap."""
    heads = possible_begins(text)
    if len(heads) < 2:
        return None
    return Doubt(
        f"it may hold {len(heads):,} articles: lines {words.first_few(heads, 3)} look like beginnings, each with a "
        "text; if so, deliver one article a file, else say one_article = true in the stanza"
    )


def possible_begins(text: str) -> list[int]:
    """The lines, from 1, at which a long text begins: with short lines without an end, apart; at the top; below a gap
    that is wider than those between paragraphs."""
    lines = [line.strip() for line in text.split("\n")]
    first = next((number for number, line in enumerate(lines) if line), 0)
    heads = sorted({(first, first), *_below_gaps(lines), *_heads(lines)})
    below = pairwise([*heads, (len(lines), len(lines))])
    return [
        start + 1
        for (start, end), (following, _) in below
        if count_words(" ".join(lines[end:following])) >= FEWEST_WORDS_BELOW
    ]


def _below_gaps(lines: list[str]) -> Iterator[tuple[int, int]]:
    """Where a text goes on below more blank lines than the fewest that stand between its paragraphs."""
    filled = [number for number, line in enumerate(lines) if line]
    gaps = [(following - number - 1, following) for number, following in pairwise(filled)]
    usual = min((gap for gap, _ in gaps if gap), default=0)
    return ((following, following) for gap, following in gaps if gap > max(usual, 1))


def _heads(lines: list[str]) -> Iterator[tuple[int, int]]:
    """Runs of short lines without an end, blank lines among them: where each begins, and where its text does."""
    start = None
    for number, line in enumerate([*lines, "."]):
        is_short = 0 < len(line) <= LONGEST_HEADLINE and line[-1] not in _NO_END
        if line and not is_short and start is not None:
            is_apart = not lines[number - 1] or len(line) > LONGEST_LINE
            is_head = any(count_words(some) >= FEWEST_WORDS_OF_HEADLINE for some in lines[start:number])
            if is_apart and is_head and number < len(lines):
                yield start, number
            start = None
        elif is_short and start is None and (number == 0 or not lines[number - 1] or lines[number - 1][-1] in _ENDS):
            start = number


def _filled(lines: list[str]) -> Iterator[Begin]:
    """The lines that are not blank; a form feed as a break where it stands between sentences, and not within one."""
    last = ""
    for number, line in enumerate(lines, 1):
        if "\f" in line and last[-1:] in tuple(".!?\"'”’)"):
            yield Begin(number, "\f")
        if text := line.strip():
            yield Begin(number, text)
            last = text


def _is_begin(lines: list[Begin], index: int, all_lines: list[str]) -> bool:
    number, text = lines[index]
    if _LABEL.match(text):
        return True
    if len(text) > LONGEST_HEADLINE or text[-1] in ".,;:!" or text[0].islower():
        return False
    if _is_of_head(text) or _BREAK.fullmatch(text):
        return False
    below = lines[index + 1 : index + 1 + LOOK_AHEAD]
    is_after_break = _BREAK.fullmatch(lines[index - 1].text) is not None
    if any(_is_of_head(line.text) for line in below):
        return is_after_break or not all_lines[number - 2].strip()
    return is_after_break and bool(below) and not all_lines[number].strip() and not _AFTERWORD.match(text)


def _is_of_head(text: str) -> bool:
    """Whether a line stands below a headline: an author, a date, or a text that begins with a dateline."""
    if len(text) > LONGEST_HEADLINE:
        return _DATELINE.match(text) is not None
    return any(kind.fullmatch(text) for kind in (_BYLINE, _DATE)) or _DATELINE.match(text) is not None
