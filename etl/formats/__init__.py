"""One module per dump format. A format is known because its file is here; there is no list of them.

A format module's name is the format's name. It has
- `recognise(head: bytes, name: str) -> float`: how sure it is (0 to 1) that a member that begins with `head` (up to
  64 KiB) and is called `name` is of this format. By content; the name may only break a tie. A format without it is
  used only where a stanza or the operator names it.
- `frames(head: bytes) -> bool` (optional): whether a member is surely of this format, in whose cells or values any text
  or page may stand: then formats without it are not asked.
- `count_marks(stream, feed) -> int`: the number of articles by a scan that is not the parser.
- `read(stream, feed) -> Iterator[Piece]`: raw records, rejects, skips and declared totals.
- `parts(stream) -> list[str] | None` and `read_with(stream, feed, part)` (optional, both): for an index that is read
  together with other files, such as a METS with its pages. `parts` gives their paths relative to the index, or None
  where the stream is not an index but one of those files; `read_with` reads as `read` does; `part(path)` opens a file,
  or gives None.
- `ranges(stream, feed, target_bytes) -> list[Range]` and `read_range(stream, feed, head, before)` (optional, both): for
  a format of which a stretch can be read by itself. `ranges` cuts a dump into stretches of about so many bytes, which
  cover it; none where it cannot be cut. `read_range` yields of a stretch, with its prologue before it, what `read`
  yields of it within the whole: what all of it means, its head decides (the first 64 KiB as they are, by the same
  functions in both), and never an earlier piece; `before` is that of the range. `count_marks_in_range`, of the same
  arguments, counts the marks of a stretch, where `count_marks` counts it otherwise than within the whole.
  A format whose files have an index of their own, as Parquet has, offers `read_within(stream, feed, range)` and
  `count_marks_within` in place of `read_range`: they are given all of the dump.
- `outline(stream, feed) -> list[str]` (optional): where the articles of a dump that it refuses seem to begin, with
  their first words, for `broadsheet inspect`.
- `NATIVE_ID_IS_GLOBAL` (optional, False): its native ids are unique worldwide.
- `LEAST_ACCOUNTED_SHARE` (optional, 0.9): of the visible words of a file, the share that ends in records, rejects and
  skips at least. Lower where much of a file is not its articles; `make fidelity` shows the shares of real dumps.
"""

from __future__ import annotations

import importlib
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from types import ModuleType
from typing import Any, BinaryIO, Protocol, TypeGuard, cast

from etl import words
from etl.declared.stanzas import format_names
from etl.formats.common.facts import with_facts
from etl.formats.common.streams import joined, opened_range
from etl.model import Doubt, DumpError, Feed, Piece, Range, Reject, Skip

HEAD_BYTES = 65_536

Part = Callable[[str], BinaryIO | None]
"""Opens the file at a path relative to an index; gives None where it is missing."""


class Format(Protocol):
    """What a format module offers."""

    @property
    def __name__(self) -> str: ...

    def count_marks(self, stream: BinaryIO, feed: Feed) -> int: ...
    def read(self, stream: BinaryIO, feed: Feed) -> Iterator[Piece]: ...


@cache
def all_formats() -> dict[str, Format]:
    """Every format by name."""
    return {name: named(name) for name in format_names()}


def named(name: str) -> Format:
    """The format called `name`. Raises DumpError where no format has that name."""
    if name not in format_names():
        raise DumpError(f"there is no format {name!r}; known formats: {', '.join(format_names())}")
    return cast(Format, importlib.import_module(f"{__name__}.{name}"))


def recognise(head: bytes, name: str) -> str | None:
    """The format that is surest of a member that begins with `head`; None where no format recognises it.

    Raises DumpError when two formats are equally sure: a guess would be an invention.
    """
    asked = _framing(head) or all_formats()
    scores = {fmt: score for fmt, module in asked.items() if (score := _score(module, head, name)) > 0}
    if not scores:
        return None
    best = max(scores.values())
    winners = [fmt for fmt, score in scores.items() if score == best]
    if len(winners) > 1:
        raise DumpError(f"{name} could be {' or '.join(winners)}; name the format in sources.toml or with --format")
    return winners[0]


class IndexFormat(Format, Protocol):
    """What a format offers if several of its files are read together."""

    def parts(self, stream: BinaryIO) -> list[str] | None: ...
    def read_with(self, stream: BinaryIO, feed: Feed, part: Part) -> Iterator[Piece]: ...


class _Around:
    """What a format that reads with another one says of itself: the same as that."""

    reader: Any

    @property
    def __name__(self) -> str:
        return str(self.reader.__name__)

    @property
    def NATIVE_ID_IS_GLOBAL(self) -> bool:
        return is_id_global(self.reader)

    @property
    def LEAST_ACCOUNTED_SHARE(self) -> float:
        return least_accounted(self.reader)


@dataclass(frozen=True)
class WithParts(_Around):
    """An index format together with `part`, which opens its other files: a format like any other."""

    reader: IndexFormat
    part: Part

    def count_marks(self, stream: BinaryIO, feed: Feed) -> int:
        """As the format counts them."""
        return self.reader.count_marks(stream, feed)

    def read(self, stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
        """What the index and its parts hold."""
        return self.reader.read_with(stream, feed, self.part)


@dataclass(frozen=True)
class WithFacts(_Around):
    """A format whose records also have what their delivery says of them, where they do not say it themselves."""

    reader: Format
    facts: Mapping[str, Any]

    def count_marks(self, stream: BinaryIO, feed: Feed) -> int:
        """As the format counts them."""
        return self.reader.count_marks(stream, feed)

    def read(self, stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
        """What the format reads, and the facts beside it."""
        return with_facts(self.reader.read(stream, feed), self.facts, feed)


_PICTURES = "only a picture stands on {} ({}), and no text; ask for the text, or have it recognised (OCR)"


@dataclass(frozen=True)
class OnPages(_Around):
    """A format that reads the text of a file with pages, and says where a piece is by them: a format like any other."""

    reader: Format
    pages: tuple[int, ...]
    """The line in which each page begins."""
    pictures: tuple[int, ...] = ()
    """The pages that hold only a picture."""

    def count_marks(self, stream: BinaryIO, feed: Feed) -> int:
        """As the format counts them."""
        return self.reader.count_marks(stream, feed)

    def read(self, stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
        """What the format reads, and a Doubt where pages are only pictures."""
        if self.pictures:
            yield Doubt(words.of_pages(_PICTURES, [str(page) for page in self.pictures]))
        yield from map(self._on_page, self.reader.read(stream, feed))

    def _on_page(self, piece: Piece) -> Piece:
        if isinstance(piece, dict):
            return {**piece, "position": self._place(piece["position"])}
        if isinstance(piece, Reject | Skip):
            return replace(piece, position=self._place(piece.position))
        return piece

    def _place(self, position: str) -> str:
        """`line 120` as `page 3, line 7`."""
        kind, _, line = position.partition(" ")
        if kind != "line" or not line.isdecimal():
            return position
        page = max(1, bisect_right(self.pages, int(line)))
        return f"page {page}, line {int(line) - self.pages[page - 1] + 1}"


class RangeFormat(Format, Protocol):
    """What a format offers if a stretch of a dump can be read by itself."""

    def ranges(self, stream: BinaryIO, feed: Feed, target_bytes: int) -> list[Range]: ...
    def read_range(self, stream: BinaryIO, feed: Feed, head: bytes, before: int) -> Iterator[Piece]: ...


@dataclass(frozen=True)
class OfRange(_Around):
    """A format that reads a stretch of a dump: a format like any other."""

    reader: RangeFormat
    head: bytes
    stretch: Range

    @classmethod
    def of(cls, reader: Format, opened: Callable[[], BinaryIO], stretch: Range) -> OfRange:
        """The same format for a stretch of what is opened."""
        with opened() as stream:
            return cls(cast(RangeFormat, reader), stream.read(HEAD_BYTES), stretch)

    def opener(self, opened: Callable[[], BinaryIO]) -> Callable[[], BinaryIO]:
        """Opens the stretch of what is opened; all of it for a format that finds the stretch in it by itself."""
        if hasattr(self.reader, "read_within"):
            return opened
        return partial(opened_range, opened, self.stretch.start, self.stretch.end)

    def count_marks(self, stream: BinaryIO, feed: Feed) -> int:
        """As the format counts them in a stretch."""
        if count := getattr(self.reader, "count_marks_within", None):
            return int(count(stream, feed, self.stretch))
        text = self._with_prologue(stream)
        if count := getattr(self.reader, "count_marks_in_range", None):
            return int(count(text, feed, self.head, self.stretch.before))
        return self.reader.count_marks(text, feed)

    def read(self, stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
        """What the stretch holds."""
        if read := getattr(self.reader, "read_within", None):
            return cast(Iterator[Piece], read(stream, feed, self.stretch))
        return self.reader.read_range(self._with_prologue(stream), feed, self.head, self.stretch.before)

    def _with_prologue(self, stream: BinaryIO) -> BinaryIO:
        return joined(self.head[: self.stretch.prologue_bytes], stream)


def has_ranges(reader: Format) -> bool:
    """Whether a stretch of a dump in this format can be read by itself."""
    return hasattr(reader, "ranges")


def ranges(reader: Format, stream: BinaryIO, feed: Feed, target_bytes: int) -> list[Range]:
    """The stretches of a dump that can be read by themselves; none where it cannot be cut."""
    return cast(RangeFormat, reader).ranges(stream, feed, target_bytes) if has_ranges(reader) else []


def name_of(reader: Format) -> str:
    """The format's name."""
    return reader.__name__.rpartition(".")[2]


def has_parts(reader: Format) -> TypeGuard[IndexFormat]:
    """Whether a format has an index that is read with other files."""
    return hasattr(reader, "read_with")


def parts_of(head: bytes, stream: BinaryIO) -> list[str] | None:
    """The files that an index, which begins with `head`, is read with; None where it is not an index.

    Raises DumpError where the index is broken.
    """
    return reader.parts(stream) if (reader := _read_with_others(head)) else None


def is_read_together(head: bytes) -> bool:
    """Whether a file that begins with `head` is an index, or may be one of the files that an index names."""
    return _read_with_others(head) is not None


def _read_with_others(head: bytes) -> IndexFormat | None:
    readers = () if _framing(head) else all_formats().values()
    return next((reader for reader in readers if has_parts(reader) and _score(reader, head, "")), None)


def outline(reader: Format, stream: BinaryIO, feed: Feed) -> list[str]:
    """Where the articles of a dump that the format refuses seem to begin; nothing where it cannot tell."""
    tell = getattr(reader, "outline", None)
    return list(tell(stream, feed)) if tell else []


def can_recognise(reader: Format) -> bool:
    """Whether a format knows its own by their content."""
    return hasattr(reader, "recognise")


def recognises(reader: Format, head: bytes, name: str) -> bool:
    """Whether a format takes a member that begins with `head` for its own."""
    return _score(reader, head, name) > 0


def is_id_global(reader: Format) -> bool:
    """Whether the ids that a format gives are unique worldwide."""
    return bool(getattr(reader, "NATIVE_ID_IS_GLOBAL", False))


def least_accounted(reader: Format) -> float:
    """Of the visible words of a file, the share that a format accounts for at least, if nothing is lost."""
    return float(getattr(reader, "LEAST_ACCOUNTED_SHARE", 0.9))


def _framing(head: bytes) -> dict[str, Format]:
    found = all_formats().items()
    return {fmt: module for fmt, module in found if hasattr(module, "frames") and module.frames(head)}


def _score(module: Format, head: bytes, name: str) -> float:
    recogniser = getattr(cast(ModuleType, module), "recognise", None)
    return float(recogniser(head, name)) if recogniser else 0.0
