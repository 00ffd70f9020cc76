"""An HTTP response as a crawler stored it: status, headers, and the body as the server meant it."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import brotli

from etl.model import DumpError

_STATUS = re.compile(rb"HTTP/\d(?:\.\d)? +(\d{3})")
_CHUNK_SIZE = re.compile(rb"([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]{0,200})?(?:\r?\n|\r?\Z)")
_BEFORE_FIRST = re.compile(rb"[\r\n]{0,4}")
_LINE_END = re.compile(rb"\r?\n")
_FIRST_CHUNK = re.compile(rb"[\r\n]{0,4}[0-9a-fA-F]{1,8}[ \t]*(?:;[^\r\n]{0,200})?\r?\n\s{0,9}(?:<|\x1f\x8b)")
_HTML = re.compile(r"(?:text/html|application/xhtml\+xml)(?![^;,\s])", re.IGNORECASE)
MOST_HEADERS = 1_000
_END_BYTES = 2_000
_MOST_MEMBERS = 100


@dataclass(frozen=True)
class Response:
    """Status and headers, by their names in lower case; where a name is repeated, the first."""

    status: int
    headers: dict[str, str]

    @property
    def is_html(self) -> bool:
        return _HTML.match(self.headers.get("content-type", "")) is not None

    @property
    def kind(self) -> str:
        """The type of its content, in lower case; '' where none is stated."""
        return re.split("[;,]", self.headers.get("content-type", ""))[0].strip().lower()

    @property
    def coding(self) -> str:
        """How its content is packed; '' where it is not."""
        return self.headers.get("content-encoding", "").strip().lower()

    @property
    def charset(self) -> str | None:
        """The encoding that the server states."""
        found = re.search(
            r"charset\s{0,9}=\s{0,9}[\"']?([\w.:-]{2,40})", self.headers.get("content-type", ""), re.IGNORECASE
        )
        return found[1] if found else None


def response(next_line: Callable[[], bytes]) -> Response | None:
    """The head of a response, read up to the blank line; None where it does not begin as one."""
    status = _STATUS.match(next_line())
    if status is None:
        return None
    headers: dict[str, str] = {}
    for _ in range(MOST_HEADERS):
        line = next_line()
        if not line.strip():
            break
        name, _, value = line.decode("latin-1").partition(":")
        headers.setdefault(name.strip().lower(), value.strip())
    return Response(int(status[1]), headers)


class Body(NamedTuple):
    """A body without its encodings. `gap`: why it is not all of what the server sent; None where it is."""

    data: bytes
    gap: str | None = None


def body(head: Response, data: bytes, limit: int) -> Body:
    """The body without its transfer and content encodings, at most one byte more than `limit`.

    A crawler may have taken an encoding off and left its header, or left the sizes of the chunks without the header.
    Raises DumpError where its encoding is unknown, or it is damaged.
    """
    stated = head.headers.get("content-length", "")
    gap = f"{len(data):,} of its {int(stated):,} bytes were stored" if _is_less(data, stated) else None
    is_chunked = "chunked" in head.headers.get("transfer-encoding", "").lower()
    if is_chunked or _FIRST_CHUNK.match(data):
        data, gap = _joined(data, is_chunked)
    for coding in reversed(head.headers.get("content-encoding", "").lower().split(",")):
        data, is_whole = _unpacked(data, coding.strip(), limit)
        gap = gap if is_whole else gap or f"its {coding.strip()} breaks off"
    return Body(data, gap if gap and not _has_end(data) else None)


def _has_end(data: bytes) -> bool:
    """Whether a page ends as it should, whatever is missing of the bytes that carry it."""
    return b"</html" in data[-_END_BYTES:].lower()


def _is_less(data: bytes, stated: str) -> bool:
    return stated.isascii() and stated.isdecimal() and len(stated) < 16 and len(data) < int(stated)


def _joined(data: bytes, is_stated: bool) -> Body:
    """The chunks as one. Data of which not even the first chunk is followed by another is not chunked.

    Raises DumpError where a chunk that is not the first has no size.
    """
    parts: list[bytes] = []
    at = _BEFORE_FIRST.match(data).end()  # type: ignore[union-attr]  # it matches the empty text, too
    is_sure, end = _FIRST_CHUNK.match(data) is not None, None
    while size := _CHUNK_SIZE.match(data, at):
        count, start = int(size[1], 16), size.end()
        if not count:
            return Body(b"".join(parts))
        parts.append(data[start : start + count])
        at = start + count
        if at > len(data):
            return Body(b"".join(parts), "its last chunk breaks off") if is_sure else Body(data)
        end = _LINE_END.match(data, at)
        is_sure = is_sure or end is not None
        at = end.end() if end else at
    if is_sure and parts and at == len(data):
        return Body(b"".join(parts), "its last chunk is missing")
    if len(parts) > 1 or (is_stated and parts and end):
        raise DumpError(f"no chunk begins at byte {at:,} of its body, where one should; crawl it again")
    return Body(data)


def _unpacked(data: bytes, coding: str, limit: int) -> tuple[bytes, bool]:
    """The data without this encoding, and whether it is whole."""
    if coding in ("", "identity", "none", "utf-8") or not data:
        return data, True
    try:
        if coding in ("gzip", "x-gzip"):
            return _from_gzip(data, limit) if data[:2] == b"\x1f\x8b" else (data, True)
        if coding == "deflate":
            is_wrapped = data[0] & 15 == 8 and (data[0] * 256 + data[1 % len(data)]) % 31 == 0
            unpacker = zlib.decompressobj(15 if is_wrapped else -15)
            unpacked = unpacker.decompress(data, limit + 1)
            return unpacked, unpacker.eof or len(unpacked) > limit
        if coding == "br":
            return _from_brotli(data, limit)
    except (zlib.error, brotli.error) as error:
        raise DumpError(f"its {coding} is damaged ({error}); crawl it again") from None
    raise DumpError(f"its content encoding is {coding!r}; expected gzip, deflate or br; crawl it without")


def _from_gzip(data: bytes, limit: int) -> tuple[bytes, bool]:
    """All members of a gzip one after another."""
    unpacked, is_whole = b"", True
    for _ in range(_MOST_MEMBERS):
        unpacker = zlib.decompressobj(31)
        unpacked += unpacker.decompress(data, limit + 1 - len(unpacked))
        is_whole = unpacker.eof or len(unpacked) > limit
        data = unpacker.unused_data
        if data[:2] != b"\x1f\x8b" or len(unpacked) > limit:
            return unpacked, is_whole
    raise DumpError(f"its gzip has more than {_MOST_MEMBERS} members, which no server sends; crawl it again")


def _from_brotli(data: bytes, limit: int) -> tuple[bytes, bool]:
    unpacker = brotli.Decompressor()
    unpacked = unpacker.process(data, output_buffer_limit=limit + 1)
    while len(unpacked) <= limit and not unpacker.is_finished():
        if not (more := unpacker.process(b"", output_buffer_limit=limit + 1)):
            break
        unpacked += more
    return unpacked, unpacker.is_finished() or len(unpacked) > limit
