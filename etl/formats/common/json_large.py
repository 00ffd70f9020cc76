"""The articles of a JSON object that is too large to be held: the lists in it are read as they come."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from etl.formats.common.json_layout import Finder, settled
from etl.formats.common.json_left_over import LeftOver
from etl.formats.common.json_looks import Strength
from etl.formats.common.json_places import Place, single
from etl.formats.common.json_values import LIST, OBJECT, JsonText
from etl.model import DumpError

_LONGEST_NAME_BYTES = 1_000
_LONGEST_TEXT_BYTES = 100_000
_NOTHING = (b"null", b'""', b"false", b"0")
_MOST_WAITING = 1_000
_LONGEST_FOUND = 300


class LargeObject:
    """The object that comes next in a text. What is in it is held if it has at most `whole_bytes`.

    `load` makes a value of its bytes, which are cut to `most_bytes`.
    """

    def __init__(
        self,
        text: JsonText,
        finder: Finder,
        left_over: LeftOver,
        load: Callable[[bytes], Any],
        whole_bytes: int,
        most_bytes: int,
    ) -> None:
        self._text, self._finder, self._left_over, self._load = text, finder, left_over, load
        self._whole_bytes, self._most_bytes = whole_bytes, most_bytes
        self._own: dict[str, Any] = {}
        self._names: list[str] = []
        self._strong: list[str] = []
        self._weak: list[str] = []
        """Where lists are that were read."""
        self._waiting: list[Place] = []
        self._first: list[Place] = []
        """Articles that were read, with which others are compared."""

    def rows(self) -> Iterator[Any]:
        """Its articles, as Finder.rows gives them.

        Raises BrokenOff, and DumpError where two places look like articles of which only one can be right.
        """
        yield from self._inside("")
        places = [*self._weak, *self._strong]
        if self._weak and len(places) > 1:
            raise DumpError(f"`{places[0]}` and `{places[1]}` both look like lists of articles; send only one of them")
        if self._finder.looks(self._own) == Strength.strong:
            raise DumpError(f"looks like an article of more than {self._whole_bytes >> 20} MB, which none has")
        if self._first:
            best = self._finder.best([*self._first, *self._waiting])[len(self._first) :]
        else:
            best = [] if places else single(self._finder.best(self._waiting))
        rows = [row for place in best for row in place.rows]
        if not rows and not places:
            raise DumpError(
                f"holds no list of articles; found {', '.join(self._names)[:_LONGEST_FOUND]}; if it is a table by "
                'column, write it by row: DataFrame.to_json(orient="records", lines=True)'
            )
        for place in self._waiting:
            self._left_over.look(place.rows, rows, place.path)
        yield from rows

    def _inside(self, path: str) -> Iterator[Any]:
        if self._text.mark() == LIST:
            yield from self._in_list(path)
            return
        name, is_keyed = "", False
        for mark in self._text.inside():
            if not name:
                name = self._text.value(_LONGEST_NAME_BYTES).strip(b'"').decode("utf-8", "replace") or "?"
                continue
            place = f"{path}.{name}".lstrip(".")
            if not path and len(self._names) < _MOST_WAITING:
                self._names.append(name)
            if mark not in (LIST, OBJECT):
                scalar = self._text.value(_LONGEST_TEXT_BYTES)
                if scalar not in _NOTHING and not path:
                    self._own[name] = "filled"
                self._left_over.look(scalar.strip(b'"').decode("utf-8", "replace"), [], place)
            elif (data := self._text.whole(self._whole_bytes)) is None:
                yield from self._inside(place)
            else:
                value = self._load(data)
                places = self._finder.inside({name: value}, path)
                self._left_over.look(value, [row for each in places for row in each.rows], place)
                found = list(self._sure(places))
                is_keyed = is_keyed or (bool(found) and any(map(str.isdigit, name)))
                yield from found or ([value] if is_keyed else [])
            name = ""

    def _sure(self, places: list[Place]) -> Iterator[Any]:
        """The articles in a value that is held, if they surely are some; others wait."""
        for place in places:
            if place.strength == Strength.strong and not place.is_part:
                self._strong = self._strong or [place.path]
                self._first = self._first or [place]
                yield from place.rows
            elif len(self._waiting) < _MOST_WAITING:
                self._waiting.append(place)

    def _in_list(self, path: str) -> Iterator[Any]:
        strength, unlike = Strength.none, LeftOver()

        def found() -> Iterator[tuple[Any, list[Place]]]:
            nonlocal strength
            for _ in self._text.inside():
                value = self._load(self._text.value(self._most_bytes))
                places = self._finder.places(value, level=1)
                strength = max([strength, *(place.strength for place in places)])
                self._first = self._first or [place for place in places if place.strength == Strength.strong][:1]
                rows = [row for place in places for row in place.rows]
                (self._left_over if places else unlike).look(value, rows, path)
                yield value, places

        yield from settled(found(), keep=False)
        if strength:
            (self._strong if strength == Strength.strong else self._weak).append(path)
        else:
            self._left_over.add(unlike)
