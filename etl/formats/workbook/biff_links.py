"""The addresses behind the cells of an old Excel workbook."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from etl.formats.workbook.biff_records import HLINK, records
from etl.formats.workbook.links import MOST_LINKS, Places

_HEAD_BYTES = 32
_SHOWN, _FRAME, _LEADS = 0x10, 0x80, 0x01
_ADDRESS = bytes.fromhex("e0c9ea79f9bace118c8200aa004ba90b")
"""What tells an address on the web from a path."""


def links_in(stream: bytes, start: int) -> Places:
    """The web addresses that the cells of a sheet lead to."""
    found: Places = {}
    for number, record in enumerate(records(stream, start, (HLINK,))):
        if number < MOST_LINKS and len(record.data) > _HEAD_BYTES:
            row, _, column = struct.unpack_from("<3H", record.data)
            for address in _addresses(record.data):
                found.setdefault(column, {})[row] = address
    return found


def _addresses(data: bytes) -> Iterator[str]:
    (flags,) = struct.unpack_from("<I", data, 28)
    at = _HEAD_BYTES
    for flag in (_SHOWN, _FRAME):
        if flags & flag and at + 4 <= len(data):
            at += 4 + 2 * struct.unpack_from("<I", data, at)[0]
    if flags & _LEADS and data[at : at + 16] == _ADDRESS:
        address = data[at + 20 :].decode("utf-16-le", "replace").partition("\0")[0]
        if address.startswith(("http://", "https://")):
            yield address
