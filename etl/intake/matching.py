"""The files elsewhere that the path of a feed matches: listed folder by folder, and no more than can be meant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from glob import has_magic
from itertools import takewhile

from etl import words
from etl.intake.kinds import is_set_aside
from etl.intake.landing import fits
from etl.intake.manifests import MANIFEST_SUFFIX
from etl.intake.remote import Entry, Parts, Place, Unreached

MOST_NAMES = 250_000
DEEPEST = 32
MOST_NAME_BYTES = 240
"""Less than disks can hold, as a file on its way has a longer name."""
SHOWN_NAMES = 3


def found_below(place: Place, pattern: Parts, warnings: list[str]) -> Iterator[tuple[Parts, Entry | None]]:
    """The files that a pattern matches, with their manifests, and what their listing says of them.

    `**` matches any folders. No link to a folder is followed but where its name is written out. Names that no file here
    may have are told in a warning. Raises Unreached, also where more is listed than can be meant.
    """
    if pattern[-1] == "**":
        pattern = (*pattern, "*")
    yield from (walk := _Walk(place)).matches((), pattern)
    warnings += walk.doubts
    if walk.odd:
        names = words.first_few([words.shown(name) for name in walk.odd], SHOWN_NAMES, walk.odd_total)
        warnings.append(
            f"{words.counted(walk.odd_total, 'name')} there can be no file's here: {names}; have it renamed"
        )


@dataclass
class _Walk:
    place: Place
    listed: int = 0
    odd: list[str] = field(default_factory=list)
    odd_total: int = 0
    doubts: list[str] = field(default_factory=list)
    """Of folders that list nothing of what is looked for."""

    def matches(self, folder: Parts, pattern: Parts) -> Iterator[tuple[Parts, Entry | None]]:
        plain = tuple(takewhile(lambda part: not has_magic(part), pattern))
        folder, pattern = (*folder, *plain), pattern[len(plain) :]
        if not pattern:
            yield folder, None
            return
        head, *rest = pattern
        while head == "**" and rest[0] == "**":
            head, *rest = rest
        if head == "**":
            yield from self._at_any_depth(folder, tuple(rest))
        else:
            yield from self._in(folder, list(self._names(folder)), head, tuple(rest))

    def _in(self, folder: Parts, entries: list[Entry], part: str, rest: Parts) -> Iterator[tuple[Parts, Entry | None]]:
        doubt = self.place.doubts.get(folder)
        if doubt and not any(fits(entry.name, part) and entry.is_folder == bool(rest) for entry in entries):
            self.doubts.append(doubt)
        for entry in entries:
            if rest and entry.is_folder and fits(entry.name, part):
                yield from self.matches((*folder, entry.name), rest)
            elif not rest and not entry.is_folder and fits(entry.name.removesuffix(MANIFEST_SUFFIX), part):
                yield (*folder, entry.name), entry if entry.size_bytes is not None else None

    def _at_any_depth(self, folder: Parts, rest: Parts) -> Iterator[tuple[Parts, Entry | None]]:
        if len(folder) > DEEPEST:
            raise Unreached(f"has folders more than {DEEPEST} deep, as where links lead in a circle")
        entries = list(self._names(folder))
        part, *below = rest
        if has_magic(part):
            yield from self._in(folder, entries, part, tuple(below))
        elif any(entry.name == part for entry in entries):
            yield from self.matches((*folder, part), tuple(below))
        for entry in entries:
            if entry.is_folder and not entry.name.startswith("."):
                yield from self._at_any_depth((*folder, entry.name), rest)

    def _names(self, folder: Parts) -> Iterator[Entry]:
        """What is in a folder, but for what no file here can be called, and what the landing folder sets aside."""
        for entry in self.place.entries(folder):
            self.listed += 1
            if self.listed > MOST_NAMES:
                raise Unreached(f"lists more than {MOST_NAMES:,} names; name narrower folders in the feed's path")
            if not _can_be_name(entry.name):
                self.odd_total += 1
                self.odd += [entry.name] * (self.odd_total <= SHOWN_NAMES)
            elif entry.is_folder or not is_set_aside(entry.name):
                yield entry


def _can_be_name(name: str) -> bool:
    return (
        name not in ("", ".", "..")
        and "/" not in name
        and name.isprintable()
        and len(name.encode("utf-8", "surrogatepass")) <= MOST_NAME_BYTES
    )
