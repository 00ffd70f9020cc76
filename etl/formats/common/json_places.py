"""Of the places in a JSON value that may hold its articles, those that do, and what becomes of the others.

Nothing beside articles is dropped: what may be an article is rejected, and what is not one is skipped with its words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from etl.formats.common.columns import fold
from etl.formats.common.json_looks import ARTICLES, LISTS, Strength
from etl.model import DumpError

PROSE_CHARACTERS = 200
"""An object with as many in its texts says more than a heading does."""
BESIDE = "object beside lists of articles"
_DESCRIBED = frozenset(("channel", "feed", "publication", "publisher", "source"))
"""Objects that describe where articles beside them come from."""
_PART = "comment or the like beside articles"

FieldsOf = Callable[[dict[str, Any]], Mapping[str, str]]


class Aside(NamedTuple):
    """An object beside or around articles that is not one, of a kind that is skipped."""

    kind: str
    value: Any = None


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
    is_read: bool = True
    """Whether it looks like articles at all; otherwise it counts only beside others that do."""

    @property
    def is_usual(self) -> bool:
        """Whether it has a name under which feeds and APIs hold their articles."""
        return self.name in LISTS

    @property
    def is_of_articles(self) -> bool:
        """Whether its name is that of articles even in an article."""
        return self.name in ARTICLES

    @property
    def name(self) -> str:
        """The folded name of the field that holds it."""
        return fold(self.path.rpartition(".")[2].removesuffix("[]"))

    def has_dates(self, fields_of: FieldsOf) -> bool:
        """Whether one of its objects says when it appeared."""
        return any(isinstance(row, dict) and "published" in fields_of(row) for row in self.rows)


def unread(value: Any, path: str) -> list[Place]:
    """A list of objects with long texts, none of them under a name that is known."""
    if not isinstance(value, list) or not any(map(_is_prose, value)):
        return []
    return [Place(path, value, Strength.none, is_read=False)]


def best_of(places: list[Place], fields_of: FieldsOf) -> list[Place]:
    """The places whose objects look most like articles: all that surely are some, with what stands beside them; else
    one, or those among which it cannot be told.
    """
    whole = [place for place in places if not place.is_part and place.is_read]
    if strong := [place for place in whole if place.strength == Strength.strong]:
        return [each if each in strong else beside(each, strong, fields_of) for each in places]
    for strength in (Strength.weak, Strength.faint):
        lists = [place for place in whole if place.strength == strength and place.is_list]
        best = [place for place in lists if place.is_usual] or lists
        if len(best) == 1 or (best and strength == Strength.weak):
            return best
    parts = [place for place in places if place.strength == Strength.strong][:1]
    return parts or [place for place in whole if not place.strength]


def single(places: list[Place]) -> list[Place]:
    """The places, if articles may stand in all of them. Raises DumpError where two lists may be the one of articles."""
    if len(places) > 1 and Strength.none < places[0].strength < Strength.strong:
        names = " and ".join(f"`{place.path}`" for place in places[:2])
        raise DumpError(f"{names} both look like lists of articles, without their texts; send only one of them")
    return places


def beside(place: Place, strong: list[Place], fields_of: FieldsOf) -> Place:
    """What becomes of a place beside strong ones: articles, too, where they are as long and dated; else each of its
    objects is rejected or skipped.
    """
    if place.strength == Strength.strong and _is_alike(
        place.rows, [row for each in strong for row in each.rows], fields_of
    ):
        return place._replace(is_part=False)
    rows = [_told(row, place, strong[0].path, fields_of) if isinstance(row, dict) else row for row in place.rows]
    return place._replace(rows=rows, strength=Strength.none)


def _told(row: dict[str, Any], place: Place, other: str, fields_of: FieldsOf) -> Any:
    if place.is_part:
        return Aside(_PART, row)
    fields = fields_of(row)
    is_dated = "headline" in fields and "published" in fields
    if not place.is_list:
        is_article = is_dated and _is_prose(row) and place.name not in _DESCRIBED
    else:
        is_article = is_dated or _is_prose(row)
    if not is_article:
        return Aside(BESIDE, row)
    has = "has a headline and no text" if "headline" in fields else "has a text and no headline"
    return Doubtful(row, f"{has} that is known, in `{place.path}` beside the articles in `{other}`; name its columns")


def _is_alike(rows: list[Any], others: list[Any], fields_of: FieldsOf) -> bool:
    """Whether objects have texts about as long as those of others, and dates where those have."""

    def looks(values: Iterable[Any]) -> tuple[float, float]:
        objects = [value for value in values if isinstance(value, dict)]
        count = max(len(objects), 1)
        dated = sum("published" in fields_of(value) for value in objects)
        return sum(map(longest_text, objects)) / count, dated / count

    (length, dated), (other_length, other_dated) = looks(rows), looks(others)
    return 2 * length >= other_length and dated >= other_dated / 2


def _is_prose(value: Any) -> bool:
    return isinstance(value, dict) and prose(value) >= PROSE_CHARACTERS


def prose(value: Any) -> int:
    """The characters of all texts in a value that are not addresses."""
    if isinstance(value, str):
        return 0 if "://" in value[:10] else len(value)
    if isinstance(value, dict):
        return sum(map(prose, value.values()))
    return sum(map(prose, value)) if isinstance(value, list) else 0


def longest_text(value: Any, deep: bool = True) -> int:
    """The characters of the longest text in an object; without `deep`, of its own fields."""
    if isinstance(value, dict):
        fields = (held for held in value.values() if deep or not isinstance(held, dict))
        return max((longest_text(held, deep) for held in fields), default=0)
    if isinstance(value, list):
        return sum(len(each) for each in value if isinstance(each, str))
    return len(value) if isinstance(value, str) else 0
