"""What an old Office file is, by the names at its top; and whether it is a workbook, or a message of Outlook."""

from __future__ import annotations

import re
from collections.abc import Collection

from etl.formats.workbook.ole_file import SIGNATURE, names_in

STREAMS = ("Workbook", "Book")
"""Where the cells of a workbook are: since Excel 97, and before."""
_AS_HTML = "save it as HTML"
_MESSAGE = (
    "__properties_version1.0",
    "__substg1.0_",
    "__nameid_version1.0",
    "__attach_version1.0_",
    "__recip_version1.0_",
)
"""With these begin all names at the top of a message of Outlook."""
_LARGE_MESSAGE = "an e-mail of Outlook (msg) that is truncated, damaged or larger than 50 MB"
_KINDS: tuple[tuple[str, str, str], ...] = (
    ("EncryptedPackage", "an Office file with a password", "save it without, as xlsx, CSV or HTML"),
    ("WordDocument", "an old Word document (doc)", f"{_AS_HTML}, or, if Nexis exported it, as docx or RTF"),
    ("PowerPoint Document", "an old PowerPoint presentation (ppt)", _AS_HTML),
    *((name, _LARGE_MESSAGE, "ask for it again, or save it as .eml or HTML") for name in _MESSAGE),
    ("VisioDocument", "a drawing of Visio", "ask for its texts as HTML or CSV"),
    ("Quill", "a publication of Publisher", _AS_HTML),
    (STREAMS[0], "an old Excel workbook (xls)", "save it as xlsx"),
)
_OTHER = ("an old Office file (xls, doc, msg)", "save it as xlsx or HTML")
_BEGINS = re.compile(rb"\x09\x08[\x08\x10]\0\0[\x05\x06]\x05\0")
"""The first record of a workbook."""
_SECTOR_BYTES = 512


def is_workbook(head: bytes) -> bool:
    """Whether a file with these first bytes is an old workbook: by a stream at its top, or, where its directory lies
    behind them, by the first record of one."""
    if not head.startswith(SIGNATURE):
        return False
    if names := names_in(head):
        return not names.isdisjoint(STREAMS)
    return any(_BEGINS.match(head, at) for at in range(_SECTOR_BYTES, len(head), _SECTOR_BYTES))


def is_message(head: bytes) -> bool | None:
    """Whether a file with these first bytes is a message of Outlook; None where its directory lies behind them."""
    if not head.startswith(SIGNATURE) or is_workbook(head):
        return False
    names = names_in(head)
    return any(name.startswith(_MESSAGE) for name in names) if names else None


def why_other(names: Collection[str], data: bytes = b"") -> str:
    """What an old Office file is that has these names at its top, or, where it is damaged, somewhere in its `data`, and
    what to do with it."""
    for start, what, advice in _KINDS:
        if any(name.startswith(start) for name in names) or start.encode("utf-16-le") in data:
            return f"it is {what}, which is not read; {advice}"
    what, advice = _OTHER
    return f"it is {what}, which is not read; {advice}"
