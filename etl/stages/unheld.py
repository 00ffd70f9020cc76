"""Texts as long as an article's that stand in records beside their fields: an attachment, a second article, a part.

They are kept, in `extra`, but nobody looks there; so a warning names the column, however small their share of the words
is. Not told: another version of the record's own text, and what a column repeats in several records.
"""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from etl import words
from etl.formats.common.long_texts import FEWEST_WORDS, LongText, bare, find_long_texts, may_hold_text
from etl.model import RawRecord
from etl.stages.sampling import mark_of

_FEWEST_WORDS_OF_VENDOR = 300
"""Where the layout is known: corrections, and captions of a gallery, are shorter."""
_TIMES_OF_NOTICE = 3
"""What comes as often is a notice and not an article."""
_SHOWN = 3
_MOST_REMEMBERED = 100_000
_LONGEST_PATH = 60
_WINDOW, _STEP = 20, 60
"""Characters that are looked for, each so many."""
_SAME_SHARE = 0.5
_LEAST_OF_PAGE = 0.2
"""What the body is of the page around it; a body that is less of a text is an excerpt of it."""


class _Seen(NamedTuple):
    """A text: where it stands first, how long it is, and how often it comes."""

    position: str
    words: int
    times: int = 1


class Unheld:
    """The long texts beside the fields of the records of one dump, by column."""

    def __init__(self, is_known_layout: bool) -> None:
        self._fewest_words = _FEWEST_WORDS_OF_VENDOR if is_known_layout else FEWEST_WORDS
        self._columns: dict[str, dict[bytes, _Seen]] = defaultdict(dict)
        self._remembered = 0

    def look(self, record: RawRecord) -> None:
        """Note the texts of a record that no field holds."""
        extra = record.get("extra")
        if not extra:
            return
        found: list[LongText] = []
        for name, value in extra.items():
            if may_hold_text(value):
                found += find_long_texts(value, name, fewest_words=self._fewest_words)
        if found:
            self._note(record, found)

    def add_up(self, other: Unheld) -> None:
        """Add what was noted of the next stretch of the same dump."""
        for path, texts in other._columns.items():
            for mark, seen in texts.items():
                self._add(path, mark, seen)

    def told(self) -> str | None:
        """What a person is told of them; None where there are none."""
        columns = (
            (path, [text for text in texts.values() if text.times < _TIMES_OF_NOTICE])
            for path, texts in self._columns.items()
        )
        found = [(path, texts) for path, texts in columns if texts]
        if not found:
            return None
        shown = [_told(path, texts) for path, texts in found[:_SHOWN]]
        if len(found) > _SHOWN:
            shown.append(f"and of {words.counted(len(found) - _SHOWN, 'more column')}")
        return (
            f"no field holds {', '.join(shown)}; if it is an article, ask for it as a record of its own, or name its "
            "column in `columns`"
        )

    def _note(self, record: RawRecord, found: list[LongText]) -> None:
        body = bare(record.get("body") or "")
        own = bare(record.get("headline") or "") + body + bare(record.get("deck") or "")
        for text in found:
            inside = bare(text.text)
            is_around_body = len(body) >= _LEAST_OF_PAGE * len(inside) and _is_in(body, inside)
            if is_around_body or _is_in(inside, own):
                continue
            self._add(text.path[:_LONGEST_PATH], mark_of(inside), _Seen(record["position"], text.words))

    def _add(self, path: str, mark: bytes, seen: _Seen) -> None:
        texts = self._columns[path]
        if mark in texts:
            texts[mark] = texts[mark]._replace(times=texts[mark].times + seen.times)
        elif self._remembered < _MOST_REMEMBERED:
            texts[mark] = seen
            self._remembered += 1


def _told(path: str, texts: list[_Seen]) -> str:
    first, longest = texts[0], max(text.words for text in texts)
    where = first.position if len(texts) == 1 else f"{len(texts):,} of them, the first in {first.position}"
    return f"the text of about {longest:,} words in `{path}` ({where})"


def _is_in(text: str, other: str) -> bool:
    """Whether much of a text stands in another one."""
    windows = [text[at : at + _WINDOW] for at in range(0, max(len(text) - _WINDOW, 1), _STEP)]
    return bool(text) and sum(window in other for window in windows) >= _SAME_SHARE * len(windows)
