"""From zip, tar, gz, bz2, xz, zst and any nesting of them to streams. Recognised by magic bytes, never by suffix."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import shutil
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO, cast

from etl.intake import regular
from etl.model import DumpError

MAX_DEPTH = 4
FREE_BYTES = 32 << 20
"""Anything may unpack to this many bytes, whatever its ratio."""

_HEAD = 512
_BUFFER = 1 << 18
_IN_MEMORY = 8 << 20
# zipfile raises NotImplementedError where it does not know a member's compression method.
_BROKEN = (EOFError, OSError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, tarfile.TarError, NotImplementedError)
_FETCH = "fetch it again, or pack it again"
_JUNK = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$|\._[^/]*$)")


@dataclass(frozen=True)
class Member:
    """One file of a dump. `name` is its path inside the container ('' for a bare file; those of
    nested archives joined by `!`; a compressor adds no name). `open` returns a new stream each time."""

    name: str
    open: Callable[[], BinaryIO]


@dataclass(frozen=True)
class _Part:
    """A file or a container, not yet known which: where it is, how to open it, and its packed size in bytes."""

    name: str
    place: str
    open: Callable[[], BinaryIO]
    packed: int

    def inside(self, name: str, open_: Callable[[], BinaryIO], packed: int) -> _Part:
        joined = f"{self.name}!{name}" if self.name else name
        return _Part(joined, f"{self.place}!{name}", open_, min(self.packed, packed))


def members(path: Path, max_unpack_ratio: float = 100.0, planned: str = "") -> Iterator[Member]:
    """Yields the files in `path`, however they are packed. Use each before taking the next, because a tar's
    members are in temporary files.

    Raises DumpError when the dump is empty, broken, encrypted, nested too deep, unpacks to more than
    `max_unpack_ratio` times its size, or contains unsafe names or links. This may also happen while a member
    is being read.
    Raises DumpChanged when the file is gone, or is not the planned one (see etl.intake.regular).
    """
    part = _Part("", path.name, lambda: regular.opened(path, planned), _size(path, planned))
    found = False
    for member in _unpack(part, max_unpack_ratio, 0):
        found = True
        yield member
    if not found:
        raise DumpError(f"{path.name}: holds no files; expected at least one dump in it")


def _size(path: Path, planned: str) -> int:
    with regular.opened(path, planned) as stream:
        return stream.seek(0, io.SEEK_END)


def _unpack(part: _Part, ratio: float, depth: int) -> Iterator[Member]:
    with part.open() as stream:
        head = stream.read(_HEAD)
    if not head:
        raise DumpError(f"{part.place}: is empty (0 bytes); expected a dump; fetch it again")
    kind = _kind(head)
    if kind is None:
        yield Member(part.name, part.open)
        return
    if depth == MAX_DEPTH:
        raise DumpError(f"{part.place}: is a {kind} nested more than {MAX_DEPTH} levels deep; unpack it by hand")
    if kind == "zip":
        archive, length = _open_zip(part)
        if _is_document(archive):
            yield Member(part.name, part.open)
            return
        parts = _zipped(part, archive, length, ratio)
    elif kind == "tar":
        parts = _tar(part)
    else:
        parts = iter([_Part(part.name, part.place, partial(_decompress, part, kind, ratio), part.packed)])
    for inner in parts:
        yield from _unpack(inner, ratio, depth + 1)


def _kind(head: bytes) -> str | None:
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return "zip"
    if head[:3] == b"\x1f\x8b\x08":
        return "gz"
    if re.match(rb"BZh[1-9](1AY&SY|\x17rE8P\x90)", head):
        return "bz2"
    if head[:6] == b"\xfd7zXZ\0":
        return "xz"
    if head[:4] == b"(\xb5/\xfd" or re.match(rb"[\x50-\x5f]\x2a\x4d\x18", head):
        return "zst"
    try:
        tarfile.TarInfo.frombuf(head, "utf-8", "surrogateescape")  # it verifies the checksum
    except tarfile.HeaderError:
        return None
    return "tar"


# Compressors


def _decompress(part: _Part, kind: str, ratio: float) -> BinaryIO:
    below = part.open()
    return _guarded(_DECOMPRESSORS[kind](below), below, part.place, kind, _limit(part.packed, ratio))


def _zst(stream: BinaryIO) -> IO[bytes]:
    # Arrow's reader, because zstandard's takes a truncated stream for a complete one.
    import pyarrow as pa

    return cast(IO[bytes], pa.CompressedInputStream(pa.PythonFile(stream, mode="r"), "zstd"))


_DECOMPRESSORS: dict[str, Callable[[BinaryIO], IO[bytes]]] = {
    "gz": lambda stream: cast(IO[bytes], gzip.GzipFile(fileobj=stream)),
    "bz2": bz2.BZ2File,
    "xz": lzma.LZMAFile,
    "zst": _zst,
}


def _limit(packed: int, ratio: float) -> int:
    return max(FREE_BYTES, int(ratio * packed))


def _guarded(stream: IO[bytes], below: BinaryIO | None, place: str, kind: str, limit: int) -> BinaryIO:
    return cast(BinaryIO, io.BufferedReader(_Guard(stream, below, place, kind, limit), _BUFFER))


class _Guard(io.RawIOBase):
    """A decompressing stream that says where it broke, and that stops at `limit` bytes."""

    def __init__(self, stream: IO[bytes], below: BinaryIO | None, place: str, kind: str, limit: int) -> None:
        self._stream, self._below, self._place, self._kind, self._limit = stream, below, place, kind, limit
        # One step at a time, so that everything before a break is passed on.
        self._step: Callable[[int], bytes] = getattr(stream, "read1", stream.read)
        self._count = 0

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._count

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            data = self._step(len(buffer))
        except _BROKEN as error:
            raise DumpError(
                f"{self._place}: the {self._kind} is truncated or damaged after {self._count:,} unpacked "
                f"bytes ({error}); {_FETCH}"
            ) from error
        self._count += len(data)
        if self._count > self._limit:
            raise DumpError(
                f"{self._place}: the {self._kind} unpacks to more than {self._limit:,} bytes, far more than "
                "text does; if it is genuine, raise BROADSHEET_MAX_UNPACK_RATIO or unpack it by hand"
            )
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
            if self._below:
                self._below.close()
        super().close()


# Archives


def _open_zip(part: _Part) -> tuple[zipfile.ZipFile, int]:
    """Returns the zip, and its length in bytes."""
    try:
        # Left open: members share it, and it closes with the last of them.
        stream = _seekable(part)
        length = stream.seek(0, io.SEEK_END)
        return zipfile.ZipFile(stream), length
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise DumpError(f"{part.place}: the zip is truncated or damaged ({error}); {_FETCH}") from error


def _is_document(archive: zipfile.ZipFile) -> bool:
    """Whether the zip is a single document (docx, xlsx, epub), which a format reads whole, and not a container."""
    names = archive.namelist()
    return "[Content_Types].xml" in names or names[:1] == ["mimetype"]


def _zipped(part: _Part, archive: zipfile.ZipFile, length: int, ratio: float) -> Iterator[_Part]:
    infos = archive.infolist()
    if sum(info.compress_size for info in infos) > length:
        raise DumpError(f"{part.place}: the zip's members overlap, as in a zip bomb; {_FETCH}")
    for info in infos:
        if info.is_dir() or _JUNK.search(info.filename):
            continue
        _check_name(part.place, info.filename)
        if info.flag_bits & 1:
            raise DumpError(f"{part.place}!{info.filename}: is encrypted; unpack it by hand with its password")
        limit = _limit(min(part.packed, info.compress_size), ratio)
        opener = partial(_open_zipped, archive, info, f"{part.place}!{info.filename}", limit)
        yield part.inside(info.filename, opener, info.compress_size)


def _open_zipped(archive: zipfile.ZipFile, info: zipfile.ZipInfo, place: str, limit: int) -> BinaryIO:
    try:
        return _guarded(archive.open(info), None, place, "zip", limit)
    except _BROKEN as error:
        raise DumpError(f"{place}: the zip is damaged here ({error}); {_FETCH}") from error


def _seekable(part: _Part) -> BinaryIO:
    stream = part.open()
    if isinstance(stream, io.BufferedReader) and isinstance(stream.raw, io.FileIO | _Window):
        return stream
    with stream:
        return _spooled(stream)()


def _tar(part: _Part) -> Iterator[_Part]:
    with part.open() as stream:
        try:
            with tarfile.open(fileobj=stream, mode="r|", tarinfo=_StrictHeader) as archive:
                for info in archive:
                    yield from _tarred(part, archive, info)
        except (*_BROKEN, _BadHeader) as error:
            raise DumpError(
                f"{part.place}: the tar is truncated or damaged near byte {stream.tell():,} ({error}); {_FETCH}"
            ) from error


def _tarred(part: _Part, archive: tarfile.TarFile, info: tarfile.TarInfo) -> Iterator[_Part]:
    name = info.name.removeprefix("./")
    if info.isdir() or _JUNK.search(name):
        return
    _check_name(part.place, name)
    if not info.isfile():
        raise DumpError(
            f"{part.place}!{name}: is a link or device; expected regular files; pack it again with `tar -h`"
        )
    content = cast(BinaryIO, archive.extractfile(info))
    yield part.inside(name, _spooled(content), info.size)


def _check_name(place: str, name: str) -> None:
    steps = re.split(r"[/\\]", name)
    if ".." in steps or steps[0] == "" or re.match(r"[A-Za-z]:[/\\]", name):
        raise DumpError(
            f"{place}: a member is named {name!r}, which points outside the archive; pack it again with relative names"
        )


class _BadHeader(Exception):
    """Not a valid tar header."""


class _StrictHeader(tarfile.TarInfo):
    """Refuses a damaged or missing header. tarfile takes it for the end of the archive and would lose what follows."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str | None, errors: str) -> _StrictHeader:
        try:
            return super().frombuf(buf, encoding, errors)  # type: ignore[arg-type]
        except tarfile.HeaderError as error:
            if len(buf) == tarfile.BLOCKSIZE and not any(buf):
                raise  # the end mark
            raise _BadHeader(f"{error}, where a member or the end mark should be") from error


def _spooled(stream: BinaryIO) -> Callable[[], BinaryIO]:
    """Make a temporary copy of `stream` and return a function that opens it."""
    spool = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115, it closes with the last window on it
    shutil.copyfileobj(stream, spool, _BUFFER)
    return lambda: cast(BinaryIO, io.BufferedReader(_Window(cast(IO[bytes], spool)), _BUFFER))


class _Window(io.RawIOBase):
    """A stream over a shared file, with a position of its own."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._at = file, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._file.seek(0, io.SEEK_END)}[whence]
        self._at = base + offset
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._file.seek(self._at)
        data = self._file.read(len(buffer))
        self._at += len(data)
        buffer[: len(data)] = data
        return len(data)
