"""IPTC 7901, the wire format of the news agencies of Europe (dpa, AFP, APA, SDA): many messages a file.

SOH, then service and number, priority, category, number of words, and more (`eca062 4 i 211 ccccb dpa 061`); a line of
keywords between slashes; STX; notes (`1ST LEAD`), headline, byline, the last of them ending in `=`; the text,
hard-wrapped; at dpa a notebook for editors; ETX, and day, time, month and year of sending (`131137 GMT Nov 13`). Files
from which programs removed the control bytes are read, too: a message then begins with a header line that ends in its
sender's number (`eca00075 3 i 510 dpa 1003`), and one that breaks off cannot be told. Text of eight bits is Latin-1 as
a rule. Numbers start again every day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from etl.formats.agency.iptc7901 import article
from etl.formats.agency.wire_marks import count_messages
from etl.formats.agency.wires import MARK, messages
from etl.formats.common.streams import joined
from etl.model import Feed, Piece

_HEAD_BYTES = 65_536
_START = re.compile(rb"[\x00-\x20\x7f]{0,99}\x01[A-Za-z]{2,5}[ -]?\d{1,6} +[1-9] +[A-Za-z]{1,4} +\d{1,5}\b")
_UNFRAMED = re.compile(
    rb"(?m)^[\x7f ]{0,2}(?=[A-Za-z])"
    rb"[A-Za-z]{2,5}\d{1,6} {1,2}[1-9] {1,2}[A-Za-z]{1,3} {1,2}\d{1,5} {1,6}[A-Za-z][A-Za-z -]{1,15} \d{1,6} {0,2}\r?$"
)
_TITLE_END = re.compile(rb"=[ \t]{0,9}\r{0,2}\n")
_TITLE_BYTES = 1_500


def recognise(head: bytes, name: str) -> float:
    """By the header of the first message; without control bytes, also by the line that ends its title."""
    if _START.match(head):
        return 1.0 if b"\x02" in head else 0.0
    first = _UNFRAMED.match(head.lstrip(b"\0\r\n\x7f "))
    is_titled = first and b"\x01" not in head and _TITLE_END.search(head, 0, _TITLE_BYTES)
    return 1.0 if is_titled else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """The control bytes of messages, their first lines or their times of sending, whichever are more."""
    return count_messages(stream)


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """A record for each message, a Reject for one that breaks off or has no text.

    Raises DumpError where there is neither SOH nor a header line.
    """
    head = stream.read(_HEAD_BYTES)
    is_unframed = b"\x01" not in head and _UNFRAMED.search(head)
    return messages(joined(head, stream), feed, article, "IPTC 7901", _UNFRAMED if is_unframed else MARK)
