"""Which objects of a JSON value are the articles: those that look like articles, wherever they stand.

An object with a headline and a body is an article, and what stands in it is its own: pictures, comments, related
articles. One without a body may be what stands around a list of articles: a feed, or a page of an API. Of several
lists, those are taken whose objects look most like articles, never the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from etl.formats.common.columns import fold
from etl.formats.common.json_looks import ARTICLES, GROUPS, ISSUES, LISTS, PARTS, Looks, Strength, strength_of
from etl.formats.common.json_places import (
    BESIDE,
    PROSE_CHARACTERS,
    Aside,
    Doubtful,
    FieldsOf,
    Place,
    best_of,
    longest_text,
    prose,
    single,
    unread,
)
from etl.formats.common.json_tables import rows_of_table
from etl.model import DumpError, Feed

_MOST_LEVELS = 12
"""Of lists and objects around articles."""
_MOST_WAITING = 1_000
_MOST_SURE = 1_000
_MOST_NAMES = 200


class Finder:
    """Finds the articles in the values of one dump."""

    def __init__(self, feed: Feed) -> None:
        self._looks = Looks(feed)
        self._sure: dict[tuple[str, ...], tuple[str, str]] = {}
        """The fields with the headline and the body of objects that were articles, and can be nothing else."""

    def rows(self, value: Any) -> list[Any]:
        """The articles in a value; the value itself if nothing in it looks like one, so that it is not lost.

        Also what is rejected or skipped: Doubtful, Aside, and in a list values that are not objects.
        Raises DumpError where two places look like articles of which only one can be right.
        """
        places = self.places(value)
        return [row for place in places for row in place.rows] if places else [value]

    def looks(self, value: dict[str, Any]) -> Strength:
        """How much an object by itself looks like an article."""
        return strength_of(self._looks.fields(value))

    def places(self, value: Any, path: str = "", level: int = 0) -> list[Place]:
        """Where in a value the articles stand. Raises DumpError as `rows` does."""
        if level > _MOST_LEVELS:
            return []
        if isinstance(value, list):
            return self._in_list(value, path, level)
        return self._in_object(value, path, level) if isinstance(value, dict) else []

    def _in_list(self, values: list[Any], path: str, level: int) -> list[Place]:
        if table := rows_of_table(values):
            values = table
        found = [self.places(each, f"{path}[]", level + 1) for each in values]
        if not any(found) and (level or not any(isinstance(each, dict) for each in values)):
            return []
        strength = max((place.strength for places in found for place in places), default=Strength.none)
        pairs = list(zip(values, found, strict=True))
        is_flat = any(row is value for value, places in pairs for place in places for row in place.rows)
        return [Place(path, list(settled(pairs)), strength, holds_lists=not is_flat)]

    def _in_object(self, value: dict[str, Any], path: str, level: int) -> list[Place]:
        names = tuple(value)
        if (sure := self._sure.get(names)) and all(isinstance(value[name], str) and value[name] for name in sure):
            return [Place(path, [value], Strength.strong, is_list=False)]
        if table := rows_of_table(value):
            return self._in_list(table, path, level)
        value = _with_list(value)
        own = self._looks.fields(value)
        strength = strength_of(own)
        itself = [Place(path, [value], strength, is_list=False)] if strength else []
        if strength == Strength.strong and not any(map(_may_be_list, value.items())):
            sure = own["headline"], own["body"]
            is_small = len(names) <= _MOST_NAMES and len(self._sure) < _MOST_SURE
            if is_small and value.keys() >= set(sure) and LISTS.isdisjoint(map(fold, names)):
                self._sure[names] = sure
            return itself
        if not itself and self._is_keyed(value):
            values = [each for name, each in value.items() if not self._is_about(name, each)]
            if keyed := self._in_list(values, path, level + 1):
                about = [Aside(BESIDE, each) for name, each in value.items() if self._is_about(name, each)]
                return [*keyed, Place(path, about, Strength.none)] if about else keyed
        inner = self.best(self.inside(value, path, level))
        if strength == Strength.strong and (issue := _issue(value, path, inner, self._looks.fields)):
            return [issue]
        if inner and (not itself or _is_around(value, own, inner, self._looks.fields)):
            return single(inner)
        if not inner and "body" not in own and (name := _empty_list(value)):
            reason = f"has no text, and its list `{name}` is empty: a feed without articles, or an article without text"
            return [
                Place(path, [Doubtful(value, reason) if itself else Aside("page without articles", value)], strength)
            ]
        return itself

    def inside(self, value: dict[str, Any], path: str, level: int = 0) -> list[Place]:
        """The places in the fields of an object."""
        found: list[Place] = []
        for name, held in value.items():
            if isinstance(held, dict | list) and held:
                where = f"{path}.{name}".lstrip(".")
                places = self.places(held, where, level + 1) or unread(held, where)
                is_part = fold(name) in PARTS
                is_group = fold(name) in GROUPS
                found += [
                    each._replace(is_part=each.is_part or (is_part and not (is_group and each.holds_lists)))
                    for each in places
                ]
        return found

    def _is_about(self, name: str, held: Any) -> bool:
        """Whether a field beside articles under their ids says something of them all."""
        if any(map(str.isdigit, name)) or not isinstance(held, dict):
            return False
        return self.looks(held) == Strength.none and prose(held) < PROSE_CHARACTERS

    def best(self, places: list[Place]) -> list[Place]:
        """The places whose objects look most like articles, and what is told of those beside them."""
        return best_of(places, self._looks.fields)

    def _is_keyed(self, value: dict[str, Any]) -> bool:
        """Whether an object is a list under other brackets: its names are ids or months, its values articles."""
        if len(value) < 2 or not all(isinstance(held, dict | list) for held in value.values()):
            return False
        if all(any(map(str.isdigit, name)) for name in value):
            return True
        strong = sum(isinstance(held, dict) and self.looks(held) == Strength.strong for held in value.values())
        return 2 * strong > len(value)


def settled(found: Iterable[tuple[Any, list[Place]]], keep: bool = True) -> Iterator[Any]:
    """The articles in the values of a list, each with its places.

    A value without any is an article, too, a broken one; but beside objects that hold lists of articles it is Aside,
    and where nothing in the list looks like an article, it is one only if told to `keep` it.

    Raises DumpError where so much of a list did not look like articles before others do that it was not kept.
    """
    waiting: list[Any] | None = []
    is_flat, is_lost = True, False
    for value, places in found:
        if not places and waiting is not None and (len(waiting) < _MOST_WAITING or not keep):
            is_lost = len(waiting) >= _MOST_WAITING
            waiting += [] if is_lost else [value]
            continue
        if is_lost:
            raise DumpError("the first objects of a list do not look like articles, but later ones do; split it there")
        if waiting is not None:
            is_flat = not places or any(each is value for place in places for each in place.rows)
            yield from (_beside(each, is_flat) for each in waiting)
            waiting = None
        if places:
            yield from (row for place in places for row in place.rows)
        else:
            yield _beside(value, is_flat)
    yield from (waiting or ()) if keep else ()


def _beside(value: Any, is_flat: bool) -> Any:
    if is_flat or not isinstance(value, dict):
        return value
    if prose(value) < PROSE_CHARACTERS:
        return Aside(BESIDE, value)
    return Doubtful(value, "stands beside lists of articles, and has a text under no name that is known")


def _may_be_list(item: tuple[str, Any]) -> bool:
    name, held = item
    if isinstance(held, list) and held and isinstance(held[0], dict):
        return fold(name) not in PARTS if len(held) > 1 else fold(name) in ARTICLES
    return isinstance(held, dict) and fold(name) in LISTS


def _with_list(value: dict[str, Any]) -> dict[str, Any]:
    """A feed of XML with one item, which converters write as an object: with a list of it."""
    for name in ("item", "entry"):
        item = value.get(name)
        if isinstance(item, dict) and "title" in item and "title" in value:
            return value | {name: [item]}
    return value


def _issue(value: dict[str, Any], path: str, inner: list[Place], fields_of: FieldsOf) -> Place | None:
    """An issue with its editorial: the object without its list of articles, and those."""
    for place in inner:
        name = place.path.removeprefix(path).lstrip(".")
        if name in value and fold(name) in ISSUES and place.strength == Strength.strong and place.has_dates(fields_of):
            editorial = {each: held for each, held in value.items() if each != name}
            return Place(path, [editorial, *place.rows], Strength.strong, holds_lists=True)
    return None


def _empty_list(value: dict[str, Any]) -> str | None:
    return next((name for name, held in value.items() if held == [] and fold(name) in LISTS), None)


def _is_around(value: dict[str, Any], own: Mapping[str, str], inner: list[Place], fields_of: FieldsOf) -> bool:
    """Whether an object that looks like an article is only what stands around those in it.

    Raises DumpError where that cannot be told.
    """
    place = max(inner, key=lambda place: (not place.is_part, place.strength))
    if place.is_part:
        return False
    if "body" not in own:
        return place.strength == Strength.strong or (place.is_list and place.is_usual)
    if place.strength == Strength.strong and "headline" not in own:
        return place.is_usual or not isinstance(value.get(own["body"]), str)
    if place.strength < Strength.strong:
        return False
    lengths = sorted(map(longest_text, place.rows))
    middle, own_length = lengths[len(lengths) // 2], longest_text(value, deep=False)
    if len(place.rows) > 1 and middle > own_length:
        found = f"{len(place.rows):,} longer ones"
    elif place.is_list and place.is_of_articles and (4 * middle >= own_length or place.has_dates(fields_of)):
        found = f"{len(place.rows):,} with texts of their own"
    else:
        return False
    raise DumpError(
        f"an article holds {found} in `{place.path}`; whether they are part of it or articles themselves cannot be "
        "told; send them without what stands around them"
    )
