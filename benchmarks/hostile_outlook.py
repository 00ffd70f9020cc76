"""Hostile messages of Outlook (.msg), for benchmarks/hostile.py."""

from __future__ import annotations

import gzip
import os
import struct
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from compound_files import Tree, ole
from outlook_messages import DATA, HEADERS, SUBJECT, TEXT, embedded, file, message, msg, storage

GIGABYTE = 1 << 30
_LETTER = {SUBJECT: "Ferry", TEXT: "The ferry was late."}
_SECTOR_BYTES = 4_096
_BELOW, _START, _SIZE = 76, 116, 120
"""Where an entry of the directory has them."""
_written = partial(msg, sector_bytes=_SECTOR_BYTES)


def inputs() -> dict[str, Callable[[], bytes]]:
    """The files by name; each is made only when it is written."""
    return {
        "msg, 1,000 messages deep": lambda: ole({**_nested(1_000), **storage({}, 32)}),
        "msg, a message in itself": lambda: _changed(_round(), "__substg1.0_3701000D", _BELOW, 1),
        "msg, a million properties": lambda: ole({"__properties_version1.0": b"\x0b\0\1\0" * (4 << 20)}, _SECTOR_BYTES),
        "msg, 4 GB attached": lambda: _changed(
            _attached(b"Late. " * 1_000), f"__substg1.0_{DATA}", _SIZE, (1 << 32) - 1
        ),
        "msg, 48 MB attached": lambda: _attached(b"Late. " * (8 << 20)),
        "msg, a gigabyte attached": lambda: _attached(gzip.compress(bytes(GIGABYTE), 6)),
        "msg, 90,000 attachments": lambda: _written(_LETTER, [storage({})] * 90_000),
        "msg, 300,000 streams": lambda: ole({**_many(300_000, b""), **storage(_LETTER, 32)}, _SECTOR_BYTES),
        "msg, streams at one place": lambda: _at_one_place(b"x" * (40 << 20)),
        "msg, short streams at one place": lambda: _at_one_place(b"x" * 4_000),
        "msg, storages at one place": _storages_at_one_place,
        "msg, sectors in a circle": lambda: _circle(_written(_LETTER | {TEXT: "x" * (4 << 20)})),
        "msg, sectors of noise": lambda: _written(_LETTER)[:_SECTOR_BYTES] + os.urandom(20 << 20),
        "msg, tables at one place": lambda: _tables_again(_written(_LETTER), 10_000),
        "msg, headers of 40 MB": lambda: _written(_LETTER | {HEADERS: "X-Long: a\r\n" * (2 << 20)}),
        "msg, a header of 40 MB": lambda: _written(_LETTER | {HEADERS: "X-Long: " + "a\r\n " * (5 << 20)}),
        "msg, a name of 20 MB": lambda: _written(_LETTER, [file('"\\' * (5 << 20), b"Late.")]),
    }


def _nested(levels: int) -> Tree:
    inner = message(_LETTER)
    for _ in range(levels):
        inner = message({SUBJECT: "Ferry"}, [embedded(inner, "Ferry")])
    return inner


def _round() -> bytes:
    return msg(_LETTER, [embedded(message(_LETTER), "Ferry")])


def _attached(data: bytes) -> bytes:
    return _written(_LETTER, [file("a.txt", data)])


def _many(count: int, data: bytes) -> Tree:
    return {f"__substg1.0_{number:08X}": data for number in range(0x10000000, 0x10000000 + count)}


def _changed(data: bytes, name: str, place: int, value: int) -> bytes:
    """The file in whose directory each entry of that name has another value."""
    changed, entry, at = bytearray(data), (name + "\0").encode("utf-16-le").ljust(64, b"\0"), 0
    while (at := changed.find(entry, at)) >= 0:
        struct.pack_into("<I", changed, at + place, value)
        at += 128
    return bytes(changed)


def _at_one_place(data: bytes) -> bytes:
    """A message with a thousand attachments, all of which are the same bytes of the file."""
    whole = _written(_LETTER, [file("a.txt", data), *[file("a.txt", b"x")] * 999])
    name = f"__substg1.0_{DATA}"
    at = whole.index((name + "\0").encode("utf-16-le"))
    start, size = struct.unpack_from("<2I", whole, at + _START)
    return _changed(_changed(whole, name, _START, start), name, _SIZE, size)


def _storages_at_one_place() -> bytes:
    """A message with a thousand attachments, in all of which the same 150,000 streams are."""
    names = [f"__attach_version1.0_#{number:08X}" for number in range(1_000)]
    changed = bytearray(_written(_LETTER, [{**_many(150_000, b""), **storage({})}, *[storage({})] * 999]))
    places = [changed.index((name + "\0").encode("utf-16-le")) for name in names]
    for at in places:
        changed[at + _BELOW : at + _BELOW + 4] = changed[places[0] + _BELOW : places[0] + _BELOW + 4]
    return bytes(changed)


def _circle(data: bytes) -> bytes:
    """A file whose table of sectors leads from the first thousand of them back to the ninth."""
    tables, first = struct.unpack_from("<I", data, 44)[0], struct.unpack_from("<I", data, 76)[0]
    start, count = (first + 1) * _SECTOR_BYTES, tables * _SECTOR_BYTES // 4
    links = struct.unpack_from(f"<{count}I", data, start)
    return data[:start] + struct.pack(f"<{count}I", *[9 if 9 < link < 1_000 else link for link in links])


def _tables_again(data: bytes, times: int) -> bytes:
    """A file whose table is said to be in as many sectors as can be named, all of which are the same one."""
    sectors = len(data) // _SECTOR_BYTES - 1
    (first,) = struct.unpack_from("<I", data, 76)
    more = b"".join(
        struct.pack(f"<{_SECTOR_BYTES // 4 - 1}I", *[first] * (_SECTOR_BYTES // 4 - 1))
        + struct.pack("<I", sectors + number)
        for number in range(1, times + 1)
    )
    head = bytearray(data)
    struct.pack_into("<I", head, 44, 0xFFFFFF)
    struct.pack_into("<2I", head, 68, sectors, times)
    return bytes(head) + more
