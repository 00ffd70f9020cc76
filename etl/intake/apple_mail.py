"""A message as Apple Mail keeps it (.emlx): a line with its length in bytes, itself, and a property list about it."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from functools import partial

from etl.intake.mailboxes import LARGEST_MESSAGE_BYTES, TOO_LONG
from etl.intake.streams import Part

LENGTH = re.compile(rb"[ \t]{0,9}(\d{1,10})[ \t]{0,20}\r?\n")
"""The first line."""

_LONGEST_LINE = 50
_FLAGS = re.compile(rb"\s*(?:<\?xml|<!DOCTYPE plist|<plist|bplist|\Z)")
_OTHER_LENGTH = (
    "is a message of Apple Mail of another length than its first line says, cut off or changed; save it from Mail anew "
    "(File, Save As, Raw Message Source)"
)


def as_mail(part: Part) -> Part:
    """The message in a file of Apple Mail. Raises MemberError where the file has less of it or more, or it is too
    long."""
    with part.open() as stream:
        found = LENGTH.match(stream.readline(_LONGEST_LINE))
        length = int(found[1]) if found else 0
        if length > LARGEST_MESSAGE_BYTES:
            raise part.error(TOO_LONG)
        message, behind = stream.read(length), stream.read(_LONGEST_LINE)
    if len(message) < length or not _FLAGS.match(behind):
        raise part.error(_OTHER_LENGTH)
    return replace(part, open=partial(io.BytesIO, message), kind="mail")
