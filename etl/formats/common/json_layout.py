"""Which objects of a JSON value are the articles: those that look like articles, wherever they stand.

An object with a headline and a body is an article, and what stands in it is its own: pictures, comments, related
articles. One without a body may be what stands around a list of articles: a feed, or a page of an API. Of several
lists, those are taken whose objects look most like articles, never the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from etl.formats.common.columns import fold
from etl.formats.common.json_looks import GROUPS, LISTS, PARTS, Looks, Strength, strength_of
from etl.formats.common.json_tables import rows_of_table
from etl.model import DumpError, Feed

_MOST_LEVELS = 12
"""Of lists and objects around articles."""
_MOST_WAITING = 1_000
_MOST_SURE = 1_000
_MOST_NAMES = 200


class Aside(NamedTuple):
    """An object beside or around articles that is not one, of a kind that is skipped."""

    kind: str


class Doubtful(NamedTuple):
    """An object that may be an article, or what stands around articles, and the reason why it is rejected."""

    value: Any
    reason: str


class Place(NamedTuple):
    """Where articles stand: a list, or one object."""

    path: str
    rows: list[Any]
    strength: Strength
    is_list: bool = True
    is_part: bool = False
    holds_lists: bool = False
    """Whether it is a list of objects that hold lists of articles: pages, or sections."""

    @property
    def is_usual(self) -> bool:
        """Whether it has a name under which feeds and APIs hold their articles."""
        return fold(self.path.rpartition(".")[2].removesuffix("[]")) in LISTS


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
        own = self._looks.fields(value)
        strength = strength_of(own)
        itself = [Place(path, [value], strength, is_list=False)] if strength else []
        if strength == Strength.strong and not any(map(_may_be_list, value.items())):
            sure = own["headline"], own["body"]
            is_small = len(names) <= _MOST_NAMES and len(self._sure) < _MOST_SURE
            if is_small and value.keys() >= set(sure) and LISTS.isdisjoint(map(fold, names)):
                self._sure[names] = sure
            return itself
        if not itself and self._is_keyed(value) and (keyed := self._in_list(list(value.values()), path, level + 1)):
            return keyed
        inner = best_of(self.inside(value, path, level))
        if inner and (not itself or _is_around(value, own, inner)):
            return single(inner)
        if not inner and "body" not in own and (name := _empty_list(value)):
            reason = f"has no text, and its list `{name}` is empty: a feed without articles, or an article without text"
            return [Place(path, [Doubtful(value, reason) if itself else Aside("page without articles")], strength)]
        return itself

    def inside(self, value: dict[str, Any], path: str, level: int = 0) -> list[Place]:
        """The places in the fields of an object."""
        found: list[Place] = []
        for name, held in value.items():
            if isinstance(held, dict | list) and held:
                places = self.places(held, f"{path}.{name}".lstrip("."), level + 1)
                is_part = fold(name) in PARTS
                is_group = fold(name) in GROUPS
                found += [
                    each._replace(is_part=each.is_part or (is_part and not (is_group and each.holds_lists)))
                    for each in places
                ]
        return found

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
    return value if is_flat or not isinstance(value, dict) else Aside("object beside lists of articles")


def _may_be_list(item: tuple[str, Any]) -> bool:
    name, held = item
    if isinstance(held, list) and len(held) > 1 and isinstance(held[0], dict):
        return fold(name) not in PARTS
    return isinstance(held, dict) and fold(name) in LISTS


def _empty_list(value: dict[str, Any]) -> str | None:
    return next((name for name, held in value.items() if held == [] and fold(name) in LISTS), None)


def _is_around(value: dict[str, Any], own: Mapping[str, str], inner: list[Place]) -> bool:
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
    if place.strength < Strength.strong or len(place.rows) < 2:
        return False
    lengths = sorted(map(_longest_text, place.rows))
    if lengths[len(lengths) // 2] > _longest_text(value, deep=False):
        raise DumpError(
            f"an article holds {len(place.rows):,} longer ones in `{place.path}`; whether they are part of it or "
            "articles themselves cannot be told; send them without what stands around them"
        )
    return False


def _longest_text(value: Any, deep: bool = True) -> int:
    """The characters of the longest text in an object; without `deep`, of its own fields."""
    if isinstance(value, dict):
        fields = (held for held in value.values() if deep or not isinstance(held, dict))
        return max((_longest_text(held, deep) for held in fields), default=0)
    if isinstance(value, list):
        return sum(len(each) for each in value if isinstance(each, str))
    return len(value) if isinstance(value, str) else 0


def best_of(places: list[Place]) -> list[Place]:
    """The places whose objects look most like articles: all that surely are some, else one, or those among which it
    cannot be told.
    """
    whole = [place for place in places if not place.is_part]
    if best := [place for place in whole if place.strength == Strength.strong]:
        return best + [_aside(place) for place in places if place.is_part and place.strength == Strength.strong]
    for strength in (Strength.weak, Strength.faint):
        lists = [place for place in whole if place.strength == strength and place.is_list]
        best = [place for place in lists if place.is_usual] or lists
        if len(best) == 1 or (best and strength == Strength.weak):
            return best
    parts = [place for place in places if place.strength == Strength.strong][:1]
    return parts or [place for place in whole if not place.strength]


def _aside(part: Place) -> Place:
    """Comments and the like beside articles: counted, but not read."""
    kind = "comment or the like beside articles"
    return Place(part.path, [Aside(kind) for _ in part.rows], Strength.none)


def single(places: list[Place]) -> list[Place]:
    """The places, if articles may stand in all of them. Raises DumpError where two lists may be the one of articles."""
    if len(places) > 1 and Strength.none < places[0].strength < Strength.strong:
        names = " and ".join(f"`{place.path}`" for place in places[:2])
        raise DumpError(f"{names} both look like lists of articles, without their texts; send only one of them")
    return places
