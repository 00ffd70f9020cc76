"""Texts as long as an article's that stand in records beside their fields: an attachment, a second article, a part.

They are kept, in `extra`, but nobody looks there; so a warning names the column, however small their share of the words
is. Not told: another version of the record's own text, and what a column repeats from record to record.
"""

from __future__ import annotations

from etl import words
from etl.formats.common.long_texts import FEWEST_WORDS, LongText, find_long_texts, letters, may_hold_text
from etl.model import RawRecord

_FEWEST_WORDS_OF_VENDOR = 300
"""Where the layout is known: corrections, and captions of a gallery, are shorter."""
_SHOWN = 3
_MOST_REMEMBERED = 100_000
_LONGEST_PATH = 60
_WINDOW, _STEP = 20, 60
"""Letters that are looked for, each so many."""
_SAME_SHARE = 0.5


class _Column:
    """The long texts of one column."""

    def __init__(self, position: str) -> None:
        self.position = position
        self.records = self.words = 0
        self.distinct: set[int] = set()


class Unheld:
    """The long texts beside the fields of the records of one dump, by column."""

    def __init__(self, is_known_layout: bool) -> None:
        self._fewest_words = _FEWEST_WORDS_OF_VENDOR if is_known_layout else FEWEST_WORDS
        self._columns: dict[str, _Column] = {}

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

    def told(self) -> str | None:
        """What a person is told of them; None where there are none."""
        found = [(path, each) for path, each in self._columns.items() if 2 * len(each.distinct) > each.records]
        if not found:
            return None
        shown = [_told(path, column) for path, column in found[:_SHOWN]]
        if len(found) > _SHOWN:
            shown.append(f"and of {words.counted(len(found) - _SHOWN, 'more column')}")
        return (
            f"no field holds {', '.join(shown)}; if it is an article, ask for it as a record of its own, or name its "
            "column in `columns`"
        )

    def _note(self, record: RawRecord, found: list[LongText]) -> None:
        body = letters(record.get("body") or "")
        own = letters(record.get("headline") or "") + body + letters(record.get("deck") or "")
        for text in found:
            inside = letters(text.text)
            if _is_in(inside, own) or _is_in(body, inside):
                continue
            path = text.path[:_LONGEST_PATH]
            if path not in self._columns and len(self._columns) >= _MOST_REMEMBERED:
                continue
            column = self._columns.setdefault(path, _Column(record["position"]))
            column.records += 1
            column.words = max(column.words, text.words)
            if len(column.distinct) < _MOST_REMEMBERED:
                column.distinct.add(hash(inside))


def _told(path: str, column: _Column) -> str:
    where = column.position if column.records == 1 else f"{column.records:,} times, first in {column.position}"
    return f"the text of about {column.words:,} words in `{path}` ({where})"


def _is_in(text: str, other: str) -> bool:
    """Whether much of a text stands in another one."""
    windows = [text[at : at + _WINDOW] for at in range(0, max(len(text) - _WINDOW, 1), _STEP)]
    return bool(text) and sum(window in other for window in windows) >= _SAME_SHARE * len(windows)
