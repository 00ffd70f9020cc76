"""Mediargus: which text belongs to which article of the list."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Collection, Container, Hashable, Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import NamedTuple, TypeVar

MOST_ABOVE_HEADLINE = 3
"""Paragraphs between the day and the headline of a text: the section, or the regions of an edition."""

_MOST_COMPARED = 100
"""Articles of one day and page."""

Key = tuple[int, str, str]
"""Day of the month, year and page."""
_Name = TypeVar("_Name", bound=Hashable)


class Listed(NamedTuple):
    """An article in the list."""

    line: int
    headline: str
    publication: str
    published: str
    length: str
    key: Key
    begins: str
    """Its first words."""


def places_of(listed: list[Listed], keys: list[Key], texts: list[list[str]]) -> list[int | None]:
    """Where in the list each text is: by day, page and headline, the next one first; else by day and page alone, where
    one is left between those of the texts before and after it.

    Where papers share these, by its first words and its length; None where they do not tell.
    """
    groups = _grouped(((each.key, bare(each.headline)), place) for place, each in enumerate(listed))
    shared = {name: group for name, group in groups.items() if _is_shared(group, listed)}
    asking = _grouped((name, at) for at, name in enumerate(_names(groups, keys, texts)) if name in shared)
    places = dict(chain.from_iterable(_told(shared[name], own, listed, texts) for name, own in asking.items()))
    unclear = set(chain.from_iterable(asking.values())).difference(places)
    held = set(chain.from_iterable(shared[name] for name, own in asking.items() if unclear.intersection(own)))
    _take_next(places, unclear, {name: group for name, group in groups.items() if name not in shared}, keys, texts)
    taken = held.union(places.values())
    left = _grouped((each.key, place) for place, each in enumerate(listed) if place not in taken)
    places |= _told_of_pages(left, places.keys() | unclear, listed, keys, texts)
    queues = {key: deque(group) for key, group in left.items()}
    waiting_for = [deque() if at in unclear else queues.get(key, deque()) for at, key in enumerate(keys)]
    return list(_filled([places.get(at) for at in range(len(texts))], waiting_for, len(listed)))


def _grouped(named: Iterable[tuple[_Name, int]]) -> dict[_Name, list[int]]:
    groups: dict[_Name, list[int]] = defaultdict(list)
    for name, number in named:
        groups[name].append(number)
    return dict(groups)


def _names(
    groups: Container[tuple[Key, str]], keys: list[Key], texts: list[list[str]]
) -> Iterator[tuple[Key, str] | None]:
    """The day, page and headline of each text, as the list has them; None where none of its first paragraphs is one."""
    for key, own in zip(keys, texts, strict=True):
        yield next((name for line in first_paragraphs(own) if (name := (key, bare(line))) in groups), None)


def _told_of_pages(
    left: dict[Key, list[int]], done: Collection[int], listed: list[Listed], keys: list[Key], texts: list[list[str]]
) -> dict[int, int]:
    """Texts without a place, and theirs among those that are left of a page that papers share; takes these out."""
    shared = {key for key, group in left.items() if _is_shared(group, listed)}
    waiting = _grouped((key, at) for at, key in enumerate(keys) if at not in done and key in shared)
    return dict(chain.from_iterable(_told(left.pop(key), own, listed, texts) for key, own in waiting.items()))


def _take_next(
    places: dict[int, int],
    unclear: set[int],
    groups: Mapping[tuple[Key, str], list[int]],
    keys: list[Key],
    texts: list[list[str]],
) -> None:
    """Add the places of the texts whose day, page and headline are those of one paper, each the next one first."""
    named = {name: _Waiting(group) for name, group in groups.items()}
    at = 0
    for number, (key, own) in enumerate(zip(keys, texts, strict=True)):
        if number not in places and number not in unclear:
            waiting = (named.get((key, bare(line))) for line in first_paragraphs(own))
            found = (place for each in waiting if each and (place := each.take(at)) is not None)
            places.update((number, place) for place in islice(found, 1))
        at = max(at, places.get(number, -1) + 1)


def _is_shared(group: list[int], listed: list[Listed]) -> bool:
    return len({listed[place].publication for place in group}) > 1


def _told(
    group: list[int], waiting: list[int], listed: list[Listed], texts: list[list[str]]
) -> Iterator[tuple[int, int]]:
    """Texts and their places in a group of the list: by their first words and, where several have these, their length;
    the others in their order, where there are as many of both."""
    claims = {at: place for at in waiting if (place := _own(group, listed, texts[at])) is not None}
    claimed = Counter(claims.values())
    sure = {at: place for at, place in claims.items() if claimed[place] == 1}
    others = [at for at in waiting if at not in sure]
    free = sorted(set(group).difference(sure.values()))
    yield from sure.items()
    if len(others) == len(free):
        yield from zip(others, free, strict=True)


def _own(group: list[int], listed: list[Listed], text: list[str]) -> int | None:
    """The only one of a group that begins with words of this text; or is as long, too."""
    words = bare(" ".join(text))
    begun = [place for place in group[:_MOST_COMPARED] if listed[place].begins and listed[place].begins in words]
    as_long = [place for place in begun if listed[place].length == f"{length_of(listed[place], text)}w"]
    return next((each[0] for each in (begun, as_long) if len(each) == 1), None)


def length_of(listed: Listed, text: list[str]) -> int:
    """The words of a text without its headline and what stands above that, and without its copyright."""
    paragraphs = list(filter(None, text))
    at = headline_at(paragraphs, listed)
    below = paragraphs if at is None else paragraphs[at + 1 :]
    return sum(len(each.split()) for each in below if not each.startswith("©"))


def headline_at(lines: list[str], listed: Listed) -> int | None:
    """Which of the first paragraphs of a text is its headline; None where none is."""
    headline = bare(listed.headline)
    return next((at for at, text in enumerate(first_paragraphs(lines)) if bare(text) == headline), None)


def _filled(places: list[int | None], left: list[deque[int]], end: int) -> Iterator[int | None]:
    """The places, and for a text without one the first that is left for it before that of the next text."""
    nexts = [end]
    for place in reversed(places):
        nexts.append(nexts[-1] if place is None else place)
    at = 0
    for place, waiting, before in zip(places, left, reversed(nexts[:-1]), strict=True):
        while waiting and waiting[0] < at:
            waiting.popleft()
        if place is None and waiting and (waiting[0] < before or before < at):
            place = waiting.popleft()
        yield place
        at = at if place is None else max(at, place + 1)


class _Waiting:
    """Articles of the list with one day, page and headline, of which no text was found yet."""

    def __init__(self, places: list[int]) -> None:
        self._next = deque(places)
        self._passed: deque[int] = deque()

    def take(self, at: int) -> int | None:
        """The first from `at` on, which never gets less; else the first before it."""
        while self._next and self._next[0] < at:
            self._passed.append(self._next.popleft())
        waiting = self._next or self._passed
        return waiting.popleft() if waiting else None


def first_paragraphs(lines: list[str]) -> Iterator[str]:
    """The paragraphs of a text among which its headline is."""
    return islice(filter(None, lines), MOST_ABOVE_HEADLINE + 1)


def bare(text: str) -> str:
    """A text with one blank between its words."""
    return " ".join(text.split())
