"""An HTTP response as a crawler stored it: status, headers, and the body as the server meant it."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import brotli

from etl.model import DumpError

_STATUS = re.compile(rb"HTTP/\d(?:\.\d)? +(\d{3})")
_CHUNK_SIZE = re.compile(rb"\s*([0-9a-fA-F]{1,8})[^\n]{0,200}\n")
_HTML = re.compile(r"(?:text/html|application/xhtml\+xml)(?![^;,\s])", re.IGNORECASE)
MOST_HEADERS = 1_000


@dataclass(frozen=True)
class Response:
    """Status and headers, by their names in lower case; where a name is repeated, the first."""

    status: int
    headers: dict[str, str]

    @property
    def is_html(self) -> bool:
        return _HTML.match(self.headers.get("content-type", "")) is not None

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


def body(head: Response, data: bytes, limit: int) -> bytes:
    """The body without its transfer and content encodings, at most one byte more than `limit`.

    Raises DumpError where its encoding is unknown, or it is damaged.
    """
    if "chunked" in head.headers.get("transfer-encoding", "").lower():
        data = _joined(data)
    for coding in reversed(head.headers.get("content-encoding", "").lower().split(",")):
        data = _unpacked(data, coding.strip(), limit)
    return data


def _joined(data: bytes) -> bytes:
    """The chunks as one. Crawlers that joined them already often leave the header, so other data is not an error."""
    parts, at = [], 0
    while size := _CHUNK_SIZE.match(data, at):
        count = int(size[1], 16)
        parts.append(data[size.end() : size.end() + count])
        at = size.end() + count
        if not count:
            break
        at += 2 if data[at : at + 2] == b"\r\n" else 1 if data[at : at + 1] == b"\n" else 0
    return b"".join(parts) if parts else data


def _unpacked(data: bytes, coding: str, limit: int) -> bytes:
    if coding in ("", "identity", "none", "utf-8") or not data:
        return data
    try:
        if coding in ("gzip", "x-gzip"):
            # A crawler may have unpacked it and left the header.
            return zlib.decompressobj(31).decompress(data, limit + 1) if data[:2] == b"\x1f\x8b" else data
        if coding == "deflate":
            is_wrapped = data[0] & 15 == 8 and (data[0] * 256 + data[1 % len(data)]) % 31 == 0
            return zlib.decompressobj(15 if is_wrapped else -15).decompress(data, limit + 1)
        if coding == "br":
            return _from_brotli(data, limit)
    except (zlib.error, brotli.error) as error:
        raise DumpError(f"its {coding} is damaged ({error}); crawl it again") from None
    raise DumpError(f"its content encoding is {coding!r}; expected gzip, deflate or br; crawl it without")


def _from_brotli(data: bytes, limit: int) -> bytes:
    unpacker = brotli.Decompressor()
    unpacked = unpacker.process(data, output_buffer_limit=limit + 1)
    while len(unpacked) <= limit and not unpacker.is_finished():
        if not (more := unpacker.process(b"", output_buffer_limit=limit + 1)):
            break
        unpacked += more
    return unpacked
