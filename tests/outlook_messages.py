"""Messages of Outlook (.msg) with invented properties, laid out as [MS-OXMSG] says.

A property is named by a tag of eight hexadecimal digits: what it is, and its type. `0037001F` is the subject in UTF-16,
`0037001E` the same in 8-bit letters.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from compound_files import Tree, ole

Value = str | bytes | int | datetime
Properties = Mapping[str, Value]

HEADERS, SUBJECT, SENT, MESSAGE_ID, CLASS = "007D001F", "0037001F", "00390040", "1035001F", "001A001F"
SENDER, SENDER_ADDRESS, TEXT, HTML, CODE_PAGE = "0042001F", "5D02001F", "1000001F", "10130102", "3FDE0003"
RTF, ANSWERED = "10090102", "1042001F"
METHOD, DATA, LONG_NAME, MIME = "37050003", "37010102", "3707001F", "370E001F"
BY_VALUE, BY_REFERENCE, EMBEDDED = 1, 2, 5
_FIXED = {"0003": "<I4x", "000B": "<I4x", "0040": "<Q"}
_DAY_0 = datetime(1601, 1, 1, tzinfo=UTC)
_TOP_BYTES, _EMBEDDED_BYTES, _OTHER_BYTES = 32, 24, 8


def msg(properties: Properties, attached: Sequence[Tree] = (), sector_bytes: int = 512) -> bytes:
    """A file of one message."""
    recipient = storage({"3001001F": "the desk"})
    whole = message(properties, attached, _TOP_BYTES)
    return ole({"__nameid_version1.0": {}, "__recip_version1.0_#00000000": recipient, **whole}, sector_bytes)


def message(properties: Properties, attached: Sequence[Tree] = (), head_bytes: int = _EMBEDDED_BYTES) -> Tree:
    """A message as a storage, to be embedded in another one."""
    files = {f"__attach_version1.0_#{number:08X}": each for number, each in enumerate(attached)}
    return {**storage(properties, head_bytes), **files}


def file(name: str, content: bytes, mime: str = "application/octet-stream", **others: Value) -> Tree:
    """A file that is attached."""
    return storage({METHOD: BY_VALUE, DATA: content, LONG_NAME: name, MIME: mime, **others})


def embedded(inner: Tree, title: str) -> Tree:
    """A message that is attached."""
    return {**storage({METHOD: EMBEDDED, "3001001F": title}), "__substg1.0_3701000D": inner}


def storage(properties: Properties, head_bytes: int = _OTHER_BYTES) -> Tree:
    """Properties as streams: those of fixed size in one, each other one in its own."""
    values = {tag: _written(value) for tag, value in properties.items()}
    streams = {f"__substg1.0_{tag}": data for tag, data in values.items() if tag[4:] not in _FIXED}
    return {"__properties_version1.0": bytes(head_bytes) + b"".join(_rows(values.items())), **streams}


def _rows(values: Iterable[tuple[str, bytes]]) -> Iterable[bytes]:
    for tag, data in values:
        value = data if tag[4:] in _FIXED else struct.pack("<2I", len(data), 0)
        yield struct.pack("<2HI", int(tag[4:], 16), int(tag[:4], 16), 6) + value


def _written(value: Value) -> bytes:
    match value:
        case bytes():
            return value
        case str():
            return value.encode("utf-16-le")
        case datetime():
            return struct.pack("<Q", (value - _DAY_0) // timedelta(microseconds=1) * 10)
        case _:
            return struct.pack("<I4x", value)
