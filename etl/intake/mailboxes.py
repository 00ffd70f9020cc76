"""A mailbox (mbox) as its messages, in bounded memory: each begins with a line `From sender date`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from itertools import chain
from typing import BinaryIO

from etl.formats.common.streams import chunks

LARGEST_MESSAGE_BYTES = 50 << 20
"""A message is held in memory; most servers refuse a longer one."""
TOO_LONG = f"is a message of more than {LARGEST_MESSAGE_BYTES >> 20} MB; save its attachments by hand"

FIRST = rb"From (?=[^\n]{0,300}\d\d:\d\d)(?=[^\n]{0,300}\b(?:19|20)\d\d\b)[^\n]{1,400}\n(?=[!-9;-~]{1,100}:|>From )"
_SEPARATOR = re.compile(rb"\n" + FIRST)
_LONGEST_SEPARATOR = 1_000
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
_LINE_BYTES = 1 << 16


def messages(stream: BinaryIO) -> Iterator[bytes | None]:
    """The messages, without the lines between them; None for one that is longer than a message may be.

    `>From ` at the beginning of a line, with which a mailbox quotes what would look like a separator, is `From ` again.
    """
    held, is_begun, is_too_long = bytearray(), False, False
    searched = 0
    for chunk in chain([b"\n"], chunks(stream)):
        held += chunk
        while found := _SEPARATOR.search(held, searched):
            if is_begun:
                yield None if is_too_long else _unquoted(held[: found.start()])
            del held[: found.end()]
            is_begun, is_too_long, searched = True, False, 0
        searched = max(0, len(held) - _LONGEST_SEPARATOR)
        if len(held) > LARGEST_MESSAGE_BYTES:
            is_too_long = True
        if is_too_long:
            del held[:searched]
            searched = 0
    if is_begun:
        yield None if is_too_long else _unquoted(held)


def _unquoted(message: bytearray) -> bytes:
    return _QUOTED.sub(rb"\1", message) if b"\n>" in message else bytes(message)


def count(stream: BinaryIO) -> int:
    """The messages by another scan: lines that begin with `From ` and hold a year and a time, before a header."""
    found, before, is_start = 0, b"", True
    for line in iter(partial(stream.readline, _LINE_BYTES), b""):
        is_from = line.startswith(b"From ")
        if before and not is_from and _is_header(line) and _is_dated(before):
            found += 1
        before = line[:400] if is_from and is_start else b""
        is_start = line.endswith(b"\n")
    return found


def _is_header(line: bytes) -> bool:
    name, colon, _ = line[:101].partition(b":")
    return line.startswith(b">From ") or (bool(colon and name) and b" " not in name and b"\t" not in name)


def _is_dated(line: bytes) -> bool:
    words = line.split()[1:]
    return any(word[:2] in (b"19", b"20") and len(word) == 4 for word in words) and any(b":" in word for word in words)
