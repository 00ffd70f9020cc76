"""What of a JSON value is in none of its articles, although it is as long as one: told, never dropped in silence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from etl import words
from etl.formats.common.json_places import Aside, Doubtful
from etl.formats.common.long_texts import find_long_texts
from etl.model import Beside

_SHOWN = 3
_MOST = 1_000
_LONGEST_PATH = 60


class LeftOver:
    """The long texts that stand around the articles of one dump, by path."""

    def __init__(self) -> None:
        self._words: dict[str, int] = {}

    def look(self, value: Any, rows: list[Any], path: str = "") -> None:
        """Note what is in a value and in none of the rows that were made of it."""
        if len(rows) == 1 and rows[0] is value:
            return
        for text in find_long_texts(value, path, frozenset(_identities(rows))):
            where = text.path[:_LONGEST_PATH]
            if where in self._words or len(self._words) < _MOST:
                self._words[where] = max(self._words.get(where, 0), text.words)

    def add(self, other: LeftOver) -> None:
        """Note what another one noted."""
        self._words |= other._words

    def told(self) -> Iterator[Beside]:
        """What was noted, if anything was."""
        if self._words:
            yield Beside(self._words)


def says_beside(found: Mapping[str, int]) -> str:
    """What a person is told of long texts that no article holds."""
    shown = [f"the text of about {count:,} words in `{path}`" for path, count in found.items()][:_SHOWN]
    if len(found) > _SHOWN:
        shown.append(f"and in {words.counted(len(found) - _SHOWN, 'more field')}")
    return f"no article holds {', '.join(shown)}; if it is one, ask for it as an object like the others"


def beside(value: Any, rows: list[Any]) -> Iterator[Beside]:
    """The long texts of what is in one value and in none of its rows."""
    left_over = LeftOver()
    left_over.look(value, rows)
    yield from left_over.told()


def _identities(rows: list[Any]) -> Iterator[int]:
    """Of rows and of what is in them: a row may have been put together from the value's parts."""
    for row in rows:
        held = row.value if isinstance(row, Aside | Doubtful) else row
        yield id(held)
        for each in held.values() if isinstance(held, dict) else held if isinstance(held, list) else ():
            if isinstance(each, dict | list | str):
                yield id(each)
