"""The pages of a web archive, WARC or ARC, counted line by line: the length of no record is believed.

A page is what follows a record's head and is called HTML, or begins as HTML does under another name or none. A break of
the archive, or an end before the last record's, is one more, unless it is a page that breaks off there.
"""

from __future__ import annotations

import io
import re
import zlib
from typing import BinaryIO, NamedTuple

from etl.model import DumpError

_LINE_BYTES, _BEGINNING_BYTES, _HEAD_LINES = 65_536, 4_096, 1_000
_WARC = re.compile(rb"WARC/[0-9]")
_ARC = re.compile(rb"(?i)[a-z][a-z0-9.+-]{1,20}:[^ \r\n]*(?: [^ \r\n]*){2,8} ([0-9]{1,15})\r?\n\Z")
_FIELD = re.compile(rb"(?i)(warc-type|warc-target-uri|content-length|content-type)[ \t]{0,9}:[ \t]{0,9}([^;,\r\n]*)")
_TYPE = re.compile(rb"(?i)warc-type[ \t]*:")
_WARC_OR_TYPE = re.compile(rb"WARC/[0-9]|(?i:warc-type[ \t]*:)")
_OK = re.compile(rb"HTTP/[0-9.]{1,3} +200\b")
_HTML = (b"text/html", b"application/xhtml+xml")
_SAYS_NOTHING = re.compile(rb"(?:text/(?:plain|xml)|application/(?:octet-stream|xml|x-httpd-php)|.*unknown.*|[^/]*)\Z")
_OPENING = re.compile(rb"(?is)\s*(?:<\?[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b")
_HTML_FIELD = re.compile(rb"(?im)^content-type[ \t]*:[ \t]*text/html\b")
_NO_PAGES = (b"request", b"metadata", b"warcinfo", b"revisit", b"conversion", b"continuation")
_GZIP = b"\x1f\x8b"
_OTHER_LINES = re.compile(rb"(?:\n|[^\nWw][^\n]*+(?<![0-9])(?<![0-9]\r)\n)++")
"""Whole lines that begin no record: of WARC it would be a W, and ARC's end with a number."""
_FIRST_KIND = re.compile(rb"(?im)^warc-type[ \t]{0,9}:[ \t]{0,9}(?!warcinfo)([a-z]{1,20})")


class _Record(NamedTuple):
    """What the head of a record says of it."""

    kind: bytes
    length: int
    content_type: bytes = b""
    url: bytes = b""
    is_whole: bool = True
    is_endless: bool = False


class _Lines:
    """The lines of a stream, until it ends or breaks. Very long ones come in parts."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._waiting: bytes | None = None
        self._held, self._at = b"", 0
        self.offset, self.is_broken, self._is_at_start, self._was_at_start = 0, False, True, True

    def next(self) -> bytes:
        """The next line with its end; b"" at the end of the stream."""
        line, self._waiting = self._waiting, None
        if line is None:
            line = self._read()
        self.offset += len(line)
        self._was_at_start, self._is_at_start = self._is_at_start, line.endswith(b"\n")
        return line

    def seek(self) -> bytes:
        """The next line that begins a record, or names its type where none has begun; b"" where there is none."""
        while line := self._next_but_others():
            if self._was_at_start and (_WARC_OR_TYPE.match(line) or _is_arc(line)):
                return line
        return b""

    def beginning(self) -> bytes:
        """The first bytes of what follows, up to the next record."""
        found = b""
        while len(found) < _BEGINNING_BYTES and (line := self.next()):
            if self._was_at_start and (_WARC.match(line) or _ARC.match(line)):
                self._waiting, self._is_at_start = line, True
                self.offset -= len(line)
                break
            found += line
        return found

    def _next_but_others(self) -> bytes:
        """The next line, without those of what is held that surely begin no record."""
        if self._is_at_start and self._waiting is None and (others := _OTHER_LINES.match(self._held, self._at)):
            self.offset += others.end() - self._at
            self._at = others.end()
        return self.next()

    def _read(self) -> bytes:
        while (end := self._held.find(b"\n", self._at)) < 0 and len(self._held) - self._at < _LINE_BYTES:
            if not self._fill():
                break
        length = end + 1 - self._at if end >= 0 else len(self._held) - self._at
        line = self._held[self._at : self._at + min(length, _LINE_BYTES)]
        self._at += len(line)
        return line

    def _fill(self) -> bool:
        """Hold more of the stream. Where it breaks, the line that breaks off is not one."""
        if self.is_broken:
            return False
        try:
            # One read at a time, so that everything before a break is seen.
            read = self._stream.read1 if isinstance(self._stream, io.BufferedReader) else self._stream.read
            more = read(_LINE_BYTES)
        except DumpError:
            self.is_broken = True
            self._held, self._at = b"", 0
            return False
        self._held, self._at = self._held[self._at :] + more, 0
        return bool(more)


def _is_arc(line: bytes) -> bool:
    """Whether a line begins a record of ARC; asked of every line, so its cheap end comes first."""
    return line.rstrip()[-1:].isdigit() and _ARC.match(line) is not None


def count_pages(stream: BinaryIO, head: bytes = b"") -> int:
    """How many pages, or extracted texts, an archive holds, and one more where it breaks or ends early.

    `head`: with what the archive begins, if that is not the beginning of the stream.
    """
    lines = _Lines(stream)
    first = _FIRST_KIND.search(head)
    first_kind = first[1].lower() if first else b""
    marks, end, is_page, is_whole = 0, 0, False, True
    while line := lines.seek():
        if _TYPE.match(line):  # its first line is damaged
            marks, is_page = marks + 1, True
            continue
        record = _record(lines, line)
        end, is_whole = lines.offset + record.length, record.is_whole
        first_kind = first_kind or record.kind.replace(b"warcinfo", b"")
        is_page = _is_page(lines, record) or (first_kind == b"conversion" and _is_text(record))
        marks += is_page or record.is_endless
    is_cut = not is_whole or (lines.offset < end and not is_page)
    return marks + (lines.is_broken or is_cut)


def holds_record(block: bytes) -> bool:
    """Whether a line of a record's block looks like one that begins a record."""
    return any(_WARC.match(line) or _ARC.match(line + b"\n") or _TYPE.match(line) for line in block.split(b"\n"))


def _record(lines: _Lines, line: bytes) -> _Record:
    if arc := _ARC.match(line):
        return _Record(b"response", int(arc[1]), url=line.partition(b" ")[0])
    fields: dict[bytes, bytes] = {}
    for _ in range(_HEAD_LINES + 1):
        line = lines.next()
        if not line.strip():
            length = fields.get(b"content-length", b"").strip()
            return _Record(
                fields.get(b"warc-type", b"").strip().lower(),
                int(length) if re.fullmatch(rb"[0-9]{1,15}", length) else 0,
                fields.get(b"content-type", b"").strip().lower(),
                fields.get(b"warc-target-uri", b"").strip(b"<> "),
                is_whole=bool(line),
            )
        if field := _FIELD.match(line):
            fields[field[1].lower()] = field[2]
    return _Record(b"", 0, is_endless=True)


def _is_page(lines: _Lines, record: _Record) -> bool:
    if record.kind == b"resource":
        return record.content_type in _HTML
    if record.kind in _NO_PAGES or record.is_endless:
        return False
    status = lines.next()
    if not status.startswith(b"HTTP/"):
        beginning = status + lines.beginning()
        return _begins_as_html(beginning) or _HTML_FIELD.search(beginning) is not None
    if not _OK.match(status):
        return False
    kinds = []
    for _ in range(_HEAD_LINES):
        line = lines.next()
        if not line.strip():
            break
        if (field := _FIELD.match(line)) and field[1].lower() == b"content-type":
            kinds.append(field[2].strip().lower())
    kind = kinds[0] if kinds else b""
    if kind in _HTML or record.url.endswith(b"/robots.txt") or not _SAYS_NOTHING.match(kind):
        return kind in _HTML
    return _begins_as_html(lines.beginning())


def _is_text(record: _Record) -> bool:
    return record.kind == b"conversion" and record.content_type == b"text/plain"


def _begins_as_html(body: bytes) -> bool:
    at = body.find(_GZIP, 0, 20)
    if at >= 0:
        try:
            body = zlib.decompressobj(31).decompress(body[at:], _BEGINNING_BYTES)
        except zlib.error:
            return False
    start = body.find(b"<", 0, 200)
    return start >= 0 and _OPENING.match(body, start) is not None
