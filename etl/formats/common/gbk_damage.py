"""Text in GBK from which a transcoder lost single bytes: repaired where the repair is certain.

Seen in the Sogou news corpus of 2012: each paragraph mark became `?` and one stray byte, which pairs with the next byte
to a wrong character, and so do all that follow, until a later character lost its second byte to a `?`:

    ? S  b1 b2  c1 c2  d1 ?        read as   ?  Sb1  b2c1  c2d1  ?        meant   (new paragraph)  b1b2  c1c2  (lost)

Both readings are valid GBK. What was meant are frequent characters, what was read are rare ones.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_PAIR = rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]"
_PAIRS = re.compile(_PAIR)
_DAMAGE = re.compile(rb"\?[\x81-\xfe]((?:%b)*+)[\x81-\xfe]\?" % _PAIR)
_OTHER_ASCII = re.compile(rb"[!->@-~]")
_LOST = "\ufffd".encode("gb18030")
_MARK = b"\xfd\xa3".decode("gb18030")
"""A paragraph mark that survived: not a character of GBK, and only ever between paragraphs."""
_FREQUENT_LEADS = frozenset((0xA1, 0xA3, *range(0xB0, 0xD8)))
"""Signs, full-width letters and digits, and the 3,755 characters of the first level of GB 2312."""


class Repaired(NamedTuple):
    """A repaired text, and how many of its characters remain unknown: each stands as U+FFFD."""

    text: str
    lost: int


def is_damaged(text: bytes) -> bool:
    """Whether GBK text without any other ASCII in it has a `?`."""
    return b"?" in text and not _OTHER_ASCII.search(_PAIRS.sub(b"", text))


def repair(text: bytes) -> Repaired | None:
    """Damaged text as it was meant; None where that is uncertain.

    It is certain where every `?` pairs as above, and the characters become more frequent.
    """
    mended, count = _DAMAGE.subn(rb"\n\n\1" + _LOST, text)
    if b"?" in mended or _rare(mended.replace(_LOST, b"")) >= _rare(text):
        return None
    try:
        return Repaired(mended.decode("gb18030").replace(_MARK, "\n\n"), count)
    except UnicodeDecodeError:
        return None


def _rare(text: bytes) -> int:
    """How many characters are not among the frequent ones."""
    return sum(pair[0] not in _FREQUENT_LEADS or pair[1] < 0xA1 for pair in _PAIRS.findall(text))
