"""Messages of a wire, one after another, each opened by SOH (byte 1) as a rule: what IPTC 7901 and ANPA 1312 share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import BinaryIO

from etl.formats.common.pieces import Unreadable, guarded
from etl.formats.common.sgml import KEPT_BYTES, cut, decoded
from etl.formats.common.streams import chunks
from etl.model import DumpError, Feed, Piece, RawRecord, Reject

LONGEST_MESSAGE_BYTES = 1 << 20
MOST_NOISE = 10_000
SOH, STX, ETX = "\x01", "\x02", "\x03"
MARK = re.compile(rb"\x01")
_NOISE = re.compile(rb"[\x00-\x20\x7f]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def messages(
    stream: BinaryIO, feed: Feed, article: Callable[[str], RawRecord], layout: str, mark: re.Pattern[bytes] = MARK
) -> Iterator[Piece]:
    """What `article` makes of each message, a Reject where it raises Unreadable or where text stands before the first.

    `mark` opens a message.

    Raises DumpError where there is no SOH, or where none of the first MOST_NOISE is a message.
    """
    before, count, is_wire = None, 0, False
    for line, data in cut(chunks(stream), mark):
        position = f"line {line}"
        if not mark.match(data):
            before = Reject(position, "found text before the first message (SOH); ask for it again", data[:KEPT_BYTES])
            continue
        if before and _NOISE.sub(b"", before.piece):
            yield before
        piece = guarded(partial(_piece, data, position, feed, article), position, data[:KEPT_BYTES])
        yield piece
        before, count, is_wire = None, count + 1, is_wire or not isinstance(piece, Reject)
        if count == MOST_NOISE and not is_wire:
            raise DumpError(f"none of its first {count:,} messages is one; expected {layout}; see what file this is")
    if before:
        raise DumpError(
            f"holds no message that begins with SOH (byte 1); expected {layout}; ask its sender for it again"
        )


def _piece(data: bytes, position: str, feed: Feed, article: Callable[[str], RawRecord]) -> Piece:
    try:
        return {"position": position, **message_of(data, feed, article)}
    except Unreadable as error:
        raise Unreadable(f"{error}; ask its sender for this message again") from None


def message_of(data: bytes, feed: Feed, article: Callable[[str], RawRecord]) -> RawRecord:
    """What `article` makes of the text of one message. Raises Unreadable."""
    if len(data) > LONGEST_MESSAGE_BYTES:
        raise Unreadable(f"is longer than {LONGEST_MESSAGE_BYTES >> 20} MB, which no message is")
    plain = data.replace(b"\0", b"").replace(b"\r\r\n", b"\n")  # teleprinters need two returns
    if feed.encoding is None and not _is_utf8(plain):
        article(plain.decode("latin-1"))  # raises where it is no message: to guess the codec of noise takes long
    return article(decoded(plain, feed.encoding))


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def parts(message: str, header: re.Pattern[str], expected: str) -> tuple[re.Match[str], str, str, str]:
    """The header, what stands between it and STX, the text, what follows ETX. Raises Unreadable if one is missing."""
    head, stx, rest = message.partition(STX)
    text, etx, footer = rest.partition(ETX)
    found = header.match(head.removeprefix(SOH))
    if found is None:
        raise Unreadable(f"has no header of {expected}")
    if not (stx and etx):
        raise Unreadable(f"has no {'ETX, so it breaks off' if stx else 'STX'}")
    return found, head.removeprefix(SOH)[found.end() :], text, footer


def printable(text: str) -> str:
    """A text without control characters except line ends and tabs."""
    return _CONTROL.sub("", text)
