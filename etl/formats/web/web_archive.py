"""The records of a web archive, WARC (ISO 28500, versions 0.17 to 1.1) or ARC (Internet Archive, versions 1 and 2).

WARC: a line `WARC/1.0`, header lines, a blank line, as many bytes as `Content-Length` says, two blank lines.
ARC: a line of address, IP, date, type and length (version 2 has more between), that many bytes, a blank line.
Lengths are trusted until one leads to a place where no record begins. After such a break, reading goes on at the next
line that begins a record.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from etl.model import DumpError

_CHUNK = 1 << 16
_LONGEST_LINE = 1 << 16
MOST_HEADERS = 1_000
_MOST_BREAKS = 100
_HEAD_BYTES = 2_000
_HEAD_LINE = re.compile(rb"^WARC-Type[ \t]*:", re.IGNORECASE | re.MULTILINE)
_UNKNOWN_LENGTH = 1 << 60
WARC_START = re.compile(rb"WARC/\d")
ARC_START = re.compile(
    rb"(?P<url>[a-z][a-z0-9+.-]{1,20}:\S*) (?P<ip>\S*) (?P<date>\S+) (?P<type>\S+)(?: .*)? (?P<length>\d{1,15})\r?\n",
    re.IGNORECASE,
)
_NEXT_START = re.compile(rb"\n(?=WARC/\d|(?i:[a-z][a-z0-9+.-]{1,20}:\S* \S* \S+ \S+(?: .*)? \d{1,15}\r?\n))")


@dataclass
class Source:
    """A stream that knows its offset, takes back what was read, and ends where it breaks; `fault` says why."""

    stream: BinaryIO
    offset: int = 0
    fault: str | None = None
    _held: bytes = b""
    _at: int = 0

    def line(self) -> bytes:
        """The next line with its end, cut where it is too long for a header; b"" at the end."""
        while (end := self._held.find(b"\n", self._at)) < 0 and self._waiting < _LONGEST_LINE and self._fill():
            pass
        return self._give(min(end + 1 - self._at if end >= 0 else self._waiting, _LONGEST_LINE))

    def take(self, count: int) -> bytes:
        """The next `count` bytes; fewer at the end."""
        parts = []
        while count and (self._waiting or self._fill()):
            parts.append(self._give(min(count, self._waiting)))
            count -= len(parts[-1])
        return b"".join(parts)

    def skip(self, count: int) -> int:
        """Skip `count` bytes; returns how many there were."""
        passed = 0
        while passed < count and (self._waiting or self._fill()):
            passed += len(self._give(min(count - passed, self._waiting)))
        return passed

    def skip_blank(self) -> None:
        """Skip white space."""
        while self._waiting or self._fill():
            blank = self._waiting - len(self._held[self._at :].lstrip())
            self._give(blank)
            if self._waiting:
                return

    def seek_record(self) -> bool:
        """From the start of a line, go to the next line that begins a record; False where there is none."""
        line = self.line()
        self.give_back(line)
        if WARC_START.match(line) or ARC_START.match(line):
            return True
        while not (found := _NEXT_START.search(self._held, self._at)):
            end = self._held.rfind(b"\n", self._at)
            # What follows the last line end may be the first half of such a line, but not if it is longer than one.
            self._give(end - self._at if end >= 0 and len(self._held) - end < _LONGEST_LINE else self._waiting)
            if not self._fill():
                self._give(self._waiting)
                return False
        self._give(found.end() - self._at)
        return True

    def peek(self, count: int) -> bytes:
        """The next bytes up to a blank line or so many, which are read again."""
        data = self.take(count)
        self.give_back(data)
        return data.replace(b"\r\n", b"\n")

    def give_back(self, data: bytes) -> None:
        """Give back what was read last: it is read again."""
        if self._at >= len(data):
            self._at -= len(data)
        else:
            self._held, self._at = data + self._held[self._at :], 0
        self.offset -= len(data)

    @property
    def _waiting(self) -> int:
        return len(self._held) - self._at

    def _give(self, count: int) -> bytes:
        data = self._held[self._at : self._at + count]
        self._at += count
        self.offset += count
        return data

    def _fill(self) -> bool:
        if self.fault:
            return False
        try:
            # One read at a time, so that everything before a break is handed on.
            more = self.stream.read1(_CHUNK) if isinstance(self.stream, io.BufferedReader) else self.stream.read(_CHUNK)
        except DumpError as error:
            self.fault = str(error)
            return False
        self._held, self._at = self._held[self._at :] + more, 0
        return bool(more)


@dataclass
class Record:
    """One record: its headers, with lower-case names, and its block, of which `left` bytes are not read yet."""

    source: Source
    offset: int
    kind: str
    """The `WARC-Type` of WARC; `filedesc` or `response` in ARC."""
    url: str
    date: str
    length: int
    fault: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    left: int = 0
    is_cut: bool = False
    """Whether the archive ended before the record did."""
    is_endless: bool = False
    """Whether its header has more lines than any real one."""
    is_broken: bool = False
    """Set by its reader where the block must not be skipped, but searched for the next record."""

    def __post_init__(self) -> None:
        self.left = self.length

    def line(self) -> bytes:
        """The next line of the block; b"" at its end."""
        line = self.source.line()
        if len(line) > self.left:
            self.source.give_back(line[self.left :])
            line = line[: self.left]
        return self._read(line, bool(line))

    def take(self, count: int) -> bytes:
        """The next bytes of the block."""
        asked = min(count, self.left)
        data = self.source.take(asked)
        return self._read(data, len(data) == asked)

    def peek(self, count: int) -> bytes:
        """The next bytes of the block, which are read again."""
        data = self.source.take(min(count, self.left))
        self.source.give_back(data)
        return data

    def skip(self) -> None:
        """Skip what is left of the block."""
        passed = self.source.skip(self.left)
        self.is_cut = self.is_cut or passed < self.left
        self.left = 0

    def give_up(self, data: bytes) -> None:
        """Search the block for the next record, because its length is wrong; `data` is what was read of it last."""
        self.source.give_back(data)
        self.left, self.is_broken = 0, True

    def _read(self, data: bytes, is_whole: bool) -> bytes:
        self.left -= len(data)
        self.is_cut = self.is_cut or (not is_whole and self.left > 0)
        return data


@dataclass(frozen=True)
class Rubbish:
    """Bytes where a record should begin, but none does."""

    offset: int
    found: bytes

    @property
    def is_record(self) -> bool:
        """Whether the head of a record is in it, of which only the first line is not one."""
        return _HEAD_LINE.search(self.found) is not None


def records(source: Source) -> Iterator[Record | Rubbish]:
    """The records in order. What is not read of a block is skipped before the next.

    Raises DumpError where it is broken in so many places that the search for the next record would never end.
    """
    breaks = 0
    was_broken = False
    source.skip_blank()
    while line := source.line():
        offset = source.offset - len(line)
        record = _warc(source, offset) if WARC_START.match(line) else _arc(source, offset, line)
        if record is None:
            if not was_broken:
                yield Rubbish(offset, line[:200] + source.peek(_HEAD_BYTES).partition(b"\n\n")[0])
            source.seek_record()
            was_broken = False
            continue
        yield record
        record.skip()
        source.skip_blank()
        was_broken = record.is_broken
        breaks += was_broken
        if breaks > _MOST_BREAKS:
            raise DumpError(
                f"is broken in more than {_MOST_BREAKS} places, the last at byte {offset:,}; fetch it again"
            )


def header_lines(source: Source) -> tuple[list[bytes], bytes]:
    """The lines up to a blank one, and the line that ended them: the blank one, b"" at the end, or one too many."""
    lines: list[bytes] = []
    while (line := source.line()).strip() and len(lines) < MOST_HEADERS:
        lines.append(line)
    return lines, line


def ends_well(source: Source) -> bool:
    """Whether a blank line, a record or the end of the archive follows, as it must where a block's length is right."""
    line = source.line()
    source.give_back(line)
    return not line.strip() or WARC_START.match(line) is not None or ARC_START.match(line) is not None


def _warc(source: Source, offset: int) -> Record | None:
    lines, last = header_lines(source)
    headers: dict[str, str] = {}
    name = ""
    for line in lines:
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        if text[0] in " \t" and name:
            headers[name] += " " + text.strip()
        else:
            name, _, value = text.partition(":")
            name = name.strip().lower()
            headers[name] = value.strip()
    length = headers.get("content-length", "")
    fault = (
        None if re.fullmatch("[0-9]{1,15}", length) else f"its Content-Length is {length!r}, expected up to 15 digits"
    )
    return Record(
        source=source,
        offset=offset,
        kind=headers.get("warc-type", "").lower(),
        url=headers.get("warc-target-uri", "").strip("<> "),
        date=headers.get("warc-date", ""),
        length=int(length) if fault is None else _UNKNOWN_LENGTH,
        fault=fault,
        headers=headers,
        is_endless=bool(last.strip()),
        is_cut=not last,
    )


def _arc(source: Source, offset: int, line: bytes) -> Record | None:
    found = ARC_START.fullmatch(line)
    if found is None:
        return None
    url = found["url"].decode("utf-8", "replace")
    date = found["date"].decode("ascii", "replace")
    return Record(
        source=source,
        offset=offset,
        kind="filedesc" if url.startswith("filedesc:") else "response",
        url=url,
        date=date,
        length=int(found["length"]),
        headers={"content-type": found["type"].decode("ascii", "replace")},
    )
