"""Whether the words of a dump ended in articles, rejects or skips: the last net, which knows no layout.

What a reader does not take, it does not miss; so the words that a person sees in a file are counted without it, and
held against those of what it yielded. Where too many are missing, or many in a row, a warning says how many and where.
It does not quote them: a warning is published, and they may be what was taken down.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from typing import Any, BinaryIO, NamedTuple

from etl.formats.common.visible_text import Count, counter, is_json, look
from etl.model import Piece, Range, Reject, Skip, position_of
from etl.stages.labels import is_unspaced, words_of_labels
from etl.stages.sampling import is_sampled
from etl.stages.unfilled import Unfilled
from etl.stages.unheld import Unheld

LARGEST_SEARCHED_BYTES = 8 << 20
"""In a longer file the words are counted, and not looked for."""
FEWEST_JUDGED_WORDS = 200
"""Of a file of fewer words nothing is said: heads, codes and tails may be most of them."""
LONGEST_NOTE_CHARACTERS = 600
"""A longer value of `extra` may be an article that no column was known for: there it is not accounted for."""
LONGEST_NESTED_CHARACTERS = 200
STEP_WORDS = 24
PHRASE_WORDS = 4
CHARACTERS_A_WORD = 3
"""About, in scripts without spaces."""
STEP_CHARACTERS = STEP_WORDS * CHARACTERS_A_WORD
PHRASE_CHARACTERS = PHRASE_WORDS * CHARACTERS_A_WORD
FEWEST_MISSING_PHRASES = 5
NEAR_CHARACTERS = 200_000
_WORD = re.compile(r"\S+")
_LETTER = re.compile(r"\S")
SAMPLED = 32
"""In a long file, the words of every so many pieces are counted, and stand for so many; so do characters."""
SEARCHED = 0.5
"""A format of which at least this share is accounted for is searched for passages that are not."""
KNOWN = 0.45
"""Where so much is accounted for, the layout is a vendor's, and what is in `extra` the reader knows; where
less is, any column may be there."""
NEARLY_ALL = 0.99
"""Of the words of a file: with so many accounted for, nothing is searched."""


class Passage(NamedTuple):
    """A run of words that nothing was made of."""

    place: str
    """Where it begins, for people."""
    words: int


class Account:
    """The words of what was made of one file; of a file read in stretches, what is added up.

    `least_share`: of its words, what is at least accounted for where nothing is lost.
    """

    def __init__(self, head: bytes, least_share: float, is_long: bool = False, is_beginning: bool = True) -> None:
        """`is_long`: whether the file is known to be too long to be searched; `is_beginning`: whether what is made of
        it comes from its beginning, and not from a later stretch."""
        self.words = 0
        self.seen: float | None = 0
        """Those of the file, where it is read in stretches; None where they cannot be counted."""
        self.least_share = least_share
        self._is_long = is_long
        self._is_known_layout = least_share >= KNOWN
        self.unheld = Unheld(self._is_known_layout)
        self.unfilled = Unfilled(self._is_known_layout, is_beginning)
        self.is_json = is_json(head)
        self._count: Count = counter(head)
        self._texts: list[str] = []
        self._characters = 0
        self.articles = 0
        """Those read, also if rejected."""

    def add(self, piece: Piece) -> None:
        """Count the words of a record, a reject or a skip; in long files, some stand for all."""
        self.articles += isinstance(piece, (dict, Reject))
        if piece.__class__ is dict:
            self.unheld.look(piece)
            self.unfilled.look(piece)
        if self._is_long:
            self._sample(piece)
        elif self._characters <= LARGEST_SEARCHED_BYTES:
            for text in _claims(piece, self._is_known_layout):
                self.words += self._count(text)
                self._characters += len(text)
                self._texts.append(text)
        else:
            self._sample(piece)

    def _sample(self, piece: Piece) -> None:
        if isinstance(piece, (dict, Reject, Skip)) and is_sampled(position_of(piece), SAMPLED):
            self.words += SAMPLED * sum(map(self._count, _claims(piece, self._is_known_layout)))

    def add_up(self, other: Account) -> None:
        """Add what was made of the next stretch of the same file."""
        self.words += other.words
        self.seen = None if self.seen is None or other.seen is None else self.seen + other.seen
        self.unheld.add_up(other.unheld)
        self.unfilled.add_up(other.unfilled)

    def text(self) -> str | None:
        """Everything that was claimed; None where that is too much to be searched."""
        return "\n".join(self._texts) if self._characters <= LARGEST_SEARCHED_BYTES else None


class Balance(NamedTuple):
    """The words of a file, those accounted for, and what a person is told of the others."""

    seen: int
    accounted: int
    warning: str | None


def balance(stream: BinaryIO, account: Account) -> Balance | None:
    """Hold a file against what was made of it. None where its words cannot be counted."""
    visible = look(stream, LARGEST_SEARCHED_BYTES)
    return visible and _balanced(visible.text, visible.words, account)


def count_seen(stream: BinaryIO, account: Account, beginning: bytes, stretch: Range) -> None:
    """Count the words of a stretch of a file with that beginning, for `balance_of_all`."""
    visible = look(stream, 0, beginning, stretch)
    account.seen = visible.words if visible else None


def balance_of_all(account: Account) -> Balance | None:
    """Hold a file that was read in stretches against what was made of it. None where its words cannot be counted."""
    return None if account.seen is None else _balanced(None, account.seen, account)


def _balanced(text: str | None, visible: float, account: Account) -> Balance:
    seen = int(visible)
    accounted = min(seen, account.words)
    told = _missing(text, account, seen, accounted, account.least_share), account.unheld.told()
    return Balance(seen, accounted, "; ".join(filter(None, told)) or None)


def _missing(text: str | None, account: Account, seen: int, accounted: int, least_share: float) -> str | None:
    """What a person is told of the words that are not accounted for, if they are too many or some are in a row."""
    if seen < FEWEST_JUDGED_WORDS * (CHARACTERS_A_WORD if text and is_unspaced(text) else 1):
        return None
    claimed = account.text()
    is_short = accounted < least_share * seen and accounted < least_share * (seen - _labels(text, claimed, account))
    is_searched = is_short or (least_share >= SEARCHED and accounted < NEARLY_ALL * seen)
    passages = list(unclaimed(text, claimed)) if is_searched and text and claimed is not None else []
    if not is_short and not passages:
        return None
    warning = f"{accounted:,} of its {seen:,} words are in articles, rejects or skips; see if one is missing"
    return f"{warning}{_place(passages)}"


def _labels(text: str | None, claimed: str | None, account: Account) -> int:
    """How many words of a text are labels; of JSON, whose words are counted otherwise, none."""
    if not text or claimed is None or account.is_json:
        return 0
    return words_of_labels(text, claimed, account.articles)


def _place(passages: list[Passage]) -> str:
    if not passages:
        return ""
    longest = max(passages, key=lambda passage: passage.words)
    return f": the longest passage that is not, of about {longest.words:,} words, begins at {longest.place}"


def _claims(piece: Piece, is_known_layout: bool) -> Iterator[str]:
    """The texts of a piece. Long values of `extra` only of a layout whose reader knows what it puts there."""
    match piece:
        case dict():
            for name, value in piece.items():
                if value.__class__ is str and name != "position":
                    yield value
            for label in piece.get("labels") or ():
                yield from filter(None, label[1:])
            for value in (piece.get("extra") or {}).values():
                yield from _notes(value, LARGEST_SEARCHED_BYTES if is_known_layout else LONGEST_NOTE_CHARACTERS)
        case Reject():
            yield piece.piece.decode("utf-8", "replace")
        case Skip():
            yield piece.text


def _notes(value: Any, longest: int) -> Iterator[str]:
    if isinstance(value, str):
        if len(value) <= longest:
            yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _notes(item, _nested(longest))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _notes(item, _nested(longest) if isinstance(item, dict) else longest)


def _nested(longest: int) -> int:
    return LONGEST_NESTED_CHARACTERS if longest <= LONGEST_NOTE_CHARACTERS else longest


def unclaimed(seen: str, claimed: str) -> Iterator[Passage]:
    """The passages of a text that are not in what was claimed of it.

    Every so many words, a phrase is looked for, first near the one before it, because articles come in order. A few
    phrases that are missing are a head, or a line that was put together; many in a row are a passage. A text in a
    script without spaces is gone through by its characters: what spaces part in it are lines and marked words.
    """
    if is_unspaced(seen):
        letters, there = "".join(seen.split()), "".join(claimed.split())
        steps = range(0, len(letters) - PHRASE_CHARACTERS + 1, STEP_CHARACTERS)
        phrases = ((at, letters[at : at + PHRASE_CHARACTERS]) for at in steps)
        yield from _missing_of(phrases, there, len(letters), partial(_passage, seen, _LETTER))
        return
    words, there = _words(seen), f" {' '.join(_words(claimed))} "
    steps = range(0, len(words) - PHRASE_WORDS + 1, STEP_WORDS)
    phrases = ((at, f" {' '.join(words[at : at + PHRASE_WORDS])} ") for at in steps)
    yield from _missing_of(phrases, there, len(words), partial(_passage, seen, _WORD))


def _missing_of(
    phrases: Iterable[tuple[int, str]], there: str, length: int, passage: Callable[[int, int], Passage]
) -> Iterator[Passage]:
    """The stretches of phrases in a row, each with its place, that are not there."""
    at, missing, first = 0, 0, 0
    for number, phrase in phrases:
        found = there.find(phrase, at, at + NEAR_CHARACTERS)
        if found < 0 and missing % FEWEST_MISSING_PHRASES >= FEWEST_MISSING_PHRASES - 2:
            found = there.find(phrase)
        if found >= 0:
            if missing >= FEWEST_MISSING_PHRASES:
                yield passage(first, number)
            at, missing = found, 0
        else:
            first = first if missing else number
            missing += 1
    if missing >= FEWEST_MISSING_PHRASES:
        yield passage(first, length)


def _words(text: str) -> list[str]:
    """The words of a text, without the bars and dashes that stand between them."""
    return [word for word in text.split() if word[0].isalnum() or len(word) > 1]


def _passage(text: str, unit: re.Pattern[str], first: int, end: int) -> Passage:
    """A passage by the first and the last of the words, or the characters, of a text."""
    units = (found for found in unit.finditer(text) if unit is _LETTER or found[0][0].isalnum() or len(found[0]) > 1)
    before = next(islice(units, max(first, 0), None)).start()
    lines = text.count("\n", 0, before) + 1
    is_one_line = "\n" not in text.strip()
    words = (end - first) // CHARACTERS_A_WORD if unit is _LETTER else end - first
    return Passage(f"{before / len(text):.0%} of its only line" if is_one_line else f"line {lines:,}", words)
