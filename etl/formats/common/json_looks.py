"""How much an object of JSON looks like an article: by the usual names of the fields that it fills."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import IntEnum
from itertools import islice
from typing import Any

from etl.formats.common.columns import fold, make_plan
from etl.formats.common.usual_names import PARTS_OF_BODY
from etl.formats.common.values import parts_of_body
from etl.model import Feed

_PART_NAMES = """
    comment comments replies related related_articles related_content recommended see_also read_more links image images
    media multimedia gallery galleries picture pictures photo photos video videos audio attachments enclosures
    associations renditions tags keywords entities concepts people persons organizations places locations author authors
    contributors byline bylines creators categories sections blocks paragraphs chapters facets aggregations suggestions
    highlighting ads embeds widgets quotes footnotes sources breadcrumbs translations revisions versions
"""
PARTS = frozenset(map(fold, _PART_NAMES.split()))
"""Fields whose objects belong to an article or describe a search: no list of articles where there is another."""
GROUPS = frozenset(("categories", "sections"))
"""Of these, those that may hold lists of articles."""
_LIST_NAMES = """
    articles article items item entries entry results result docs documents stories news posts records rows hits data
    edges nodes value values newsitems pages list feed _items _embedded
"""
LISTS = frozenset(map(fold, _LIST_NAMES.split()))
"""Fields of feeds and of APIs that hold articles."""
ARTICLES = frozenset(("articles", "entries", "items", "newsitems", "posts", "stories"))
"""Of these, those that hold nothing else even in what has a text of its own: an issue with its editorial."""
ISSUES = frozenset(("articles", "stories"))
"""Of these, those that no article has for its parts."""

_ENOUGH_FIELDS = 3
_DEEPEST_NAME = 3
_MOST_NAMES = 500
"""Of an object that are looked at."""
_MOST_OF_LIST = 20
"""Values of a list that are looked at."""
_MOST_REMEMBERED = 1_000
_TEXTS_WITH_PARTS = ("byline", "author", "authors")
"""Fields that are a fact of their article, although they may be objects."""


class Strength(IntEnum):
    """How much an object looks like an article."""

    none = 0
    faint = 1
    """A headline or a body."""
    weak = 2
    """One of them, and other usual fields."""
    strong = 3
    """Both."""


def strength_of(fields: Mapping[str, str]) -> Strength:
    """How much an object looks like an article that fills these fields of a record."""
    if "headline" in fields and "body" in fields:
        return Strength.strong
    if "headline" not in fields and "body" not in fields:
        return Strength.none
    return Strength.weak if len(fields) >= _ENOUGH_FIELDS else Strength.faint


class Looks:
    """Which fields of a record the objects of one dump fill; remembered by their names."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._seen: dict[tuple[str, ...], dict[str, str]] = {}

    def fields(self, value: dict[str, Any]) -> Mapping[str, str]:
        """The fields that an object or objects in it fill, each with the name or path of what fills it.

        A description is not taken for a body.
        """
        return self._fields(tuple(islice(self._names(value, 0), _MOST_NAMES)))

    def _fields(self, names: tuple[str, ...]) -> Mapping[str, str]:
        fields = self._seen.get(names)
        if fields is None:
            if len(self._seen) >= _MOST_REMEMBERED:
                self._seen.clear()
            fields = make_plan(names, self._feed, description_may_be_body=False).columns
            self._seen[names] = fields
        return fields

    def _names(self, value: dict[str, Any], level: int) -> Iterator[str]:
        """The names of what is filled. What is in an object in it has a path (`fields.body`), and in a wrapper also its
        own name; the object itself has one unless it is an article.
        """
        for name, held in value.items():
            if held is None or isinstance(held, bool) or held in ("", [], {}):
                continue
            if name == "data" and isinstance(held, list):  # not the date that it is in other languages
                continue
            if isinstance(held, dict) and level < _DEEPEST_NAME and fold(name) not in PARTS:
                inner = tuple(islice(self._names(held, level + 1), _MOST_NAMES))
                yield from (f"{name}.{each}" for each in inner)
                if strength_of(self._fields(inner)) == Strength.strong:
                    continue
            is_titled = isinstance(held, list) and self._are_titled(held)
            is_whole = fold(name) in PARTS or not is_titled
            if isinstance(held, list) and fold(name) in PARTS_OF_BODY and is_whole and parts_of_body(held):
                yield "text"
            if is_titled:
                continue
            if fold(name) not in PARTS or fold(name) in _TEXTS_WITH_PARTS:
                yield name

    def _are_titled(self, values: list[Any]) -> bool:
        """Whether most values are objects with a headline: a list of articles rather than the parts of a text."""
        looked_at = [each for each in values[:_MOST_OF_LIST] if isinstance(each, dict)]
        titled = sum("headline" in self._fields(tuple(islice(each, _MOST_NAMES))) for each in looked_at)
        return 2 * titled > len(looked_at)
