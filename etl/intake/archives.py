"""The members of zips and tars, one after the other, each with a name of its own."""

from __future__ import annotations

import io
import re
import stat
import sys
import tarfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any, BinaryIO, TypeVar, cast

from etl.intake.spools import FREE_BYTES, Budget, Meter, Window, spooled
from etl.intake.streams import BROKEN, FETCH, Part, guarded
from etl.model import DumpError, Range, Reject

T = TypeVar("T")

MAX_ZIP_DIRECTORY_BYTES = 64 << 20
"""Of some 500,000 members; the directory is held in memory."""
MAX_TAR_HEADER_BYTES = 32 << 10
"""Of long names and extended attributes; tarfile takes a time that grows with their square."""
MAX_TAR_HEADERS = 100
"""Before one member."""

_JUNK = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$|\._[^/]*$)")


class Names(Counter[str]):
    """The names of an archive's members. The second of a name gets a number, to tell it from the first."""

    def unlike(self, name: str) -> str:
        self[name] += 1
        return name if self[name] == 1 else self.unlike(f"{name} ({self[name]})")


def open_zip(part: Part, budget: Budget) -> tuple[zipfile.ZipFile, int]:
    """Returns the zip, and its length in bytes."""
    try:
        # Left open: members share it, and it closes with the last of them.
        stream = seekable(part, budget)
        length = stream.seek(0, io.SEEK_END)
        end = cast(Any, zipfile)._EndRecData(stream)
        if end and end[_DIRECTORY_SIZE] > MAX_ZIP_DIRECTORY_BYTES:
            raise part.error(
                f"the zip lists its members in {end[_DIRECTORY_SIZE]:,} bytes; the limit is "
                f"{MAX_ZIP_DIRECTORY_BYTES:,}; pack it again in several"
            )
        return zipfile.ZipFile(stream), length
    except BROKEN as error:
        raise part.error(f"the zip is truncated or damaged ({error}); {FETCH}") from error


_DIRECTORY_SIZE = 5
"""Where zipfile's end record has the size of the list of members."""


def is_document(archive: zipfile.ZipFile) -> bool:
    """Whether the zip is a single document (docx, xlsx, epub, iWork), which a format reads whole or none, and not a
    container."""
    names = archive.namelist()
    return "[Content_Types].xml" in names or names[:1] == ["mimetype"] or "Index/Document.iwa" in names


def zip_members(
    part: Part, archive: zipfile.ZipFile, length: int, budget: Budget, within: Range | None = None
) -> Iterator[Part | Reject]:
    """The members of a zip; of those that begin within a stretch of it, where one is given."""
    infos = _listed(archive)
    if sum(info.compress_size for info in infos) > length:
        raise part.error(f"the zip's members overlap, as in a zip bomb; {FETCH}")
    if infos and all(map(_is_encrypted, infos)):
        raise part.error("the zip is encrypted; unpack it by hand with its password")
    names = Names()
    for info in infos:
        _check_name(part.place, info.filename)
        inner = part.inside(names.unlike(info.filename), io.BytesIO, info.compress_size)
        if within and not within.start <= info.header_offset < within.end:
            continue
        if _is_encrypted(info):
            yield Reject(inner.name, "is encrypted; unpack it by hand with its password")
        elif stat.S_ISLNK(info.external_attr >> 16):
            yield Reject(inner.name, "is a link; expected a regular file; pack it again without `zip -y`")
        else:
            yield replace(inner, open=partial(_open_zipped, archive, info, inner, budget.meter(inner.packed)))


def zip_heads(part: Part, archive: zipfile.ZipFile, budget: Budget, head_bytes: int) -> Iterator[tuple[int, bytes]]:
    """Where the members of a zip begin in it, and their first bytes.

    Raises DumpError where they may unpack to more than a dump may: only who reads all of them can tell.
    """
    infos = [info for info in _listed(archive) if not _is_encrypted(info)]
    fair = budget.limits.max_unpack_ratio
    if sum(max(0, info.file_size - int(fair * info.compress_size)) for info in infos) > FREE_BYTES:
        raise part.error("the zip may unpack to more than text does")
    for info in infos:
        inner = part.inside(info.filename, io.BytesIO, info.compress_size)
        with _open_zipped(archive, info, inner, budget.meter(inner.packed)) as stream:
            yield info.header_offset, stream.read(head_bytes)


def _listed(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    return [info for info in archive.infolist() if not info.is_dir() and not _JUNK.search(info.filename)]


def _is_encrypted(info: zipfile.ZipInfo) -> bool:
    return bool(info.flag_bits & 1)


def _open_zipped(archive: zipfile.ZipFile, info: zipfile.ZipInfo, part: Part, meter: Meter) -> BinaryIO:
    try:
        return guarded(archive.open(info), None, part, "zip", meter)
    except BROKEN as error:
        raise part.error(f"the zip is damaged here ({error}); {FETCH}") from error


def seekable(part: Part, budget: Budget) -> BinaryIO:
    """A part as a stream in which any place can be sought: itself, or a temporary copy of it."""
    stream = part.open()
    if isinstance(stream, io.BufferedReader) and isinstance(stream.raw, io.FileIO | Window):
        return stream
    with stream:
        return spooled(stream, budget, part.place)()


def tar_members(part: Part, budget: Budget, within: Range | None = None) -> Iterator[Part | Reject]:
    """The members of a tar, or of several put end to end; what stands behind the last end mark is a Reject.

    Of those that begin within a stretch of it, where one is given.
    """
    start, end = (within.start, within.end) if within else (0, sys.maxsize)
    members = partial(_tarred, part, names=Names(), budget=budget, start=start)
    yield from _walked(part, members, end)


def tar_heads(part: Part, head_bytes: int) -> Iterator[tuple[int, bytes]]:
    """Where the members of a tar begin in it, and their first bytes."""

    def head(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Iterator[tuple[int, bytes]]:
        if info.isfile() and not info.issparse() and not _JUNK.search(info.name):
            yield info.offset, cast(BinaryIO, archive.extractfile(info)).read(head_bytes)

    return (found for found in _walked(part, head) if not isinstance(found, Reject))


def _walked(
    part: Part, of_member: Callable[[tarfile.TarFile, tarfile.TarInfo], Iterator[T]], end: int = sys.maxsize
) -> Iterator[T | Reject]:
    """What is made of the members of a tar that begin before a byte of it."""

    class Header(_StrictHeader):  # of this archive alone, for it has a state
        pass

    with part.open() as stream:
        try:
            with tarfile.open(fileobj=stream, mode="r|", tarinfo=Header, ignore_zeros=True) as archive:
                for info in archive:
                    if info.offset >= end:
                        return
                    yield from of_member(archive, info)
                    cast(Any, archive).members = []  # tarfile would keep the headers of all of them
        except (*BROKEN, _BadHeader) as error:
            if Header.is_behind_end:
                name = part.name_of("(behind the end mark)")
                yield Reject(name, f"near byte {stream.tell():,} is what is not a tar ({error}); {FETCH}")
                return
            raise part.error(
                f"the tar is truncated or damaged near byte {stream.tell():,} ({error}); {FETCH}"
            ) from error


def _tarred(
    part: Part, archive: tarfile.TarFile, info: tarfile.TarInfo, *, names: Names, budget: Budget, start: int
) -> Iterator[Part | Reject]:
    name = info.name.removeprefix("./")
    if info.isdir() or _JUNK.search(name):
        return
    _check_name(part.place, name)
    name = names.unlike(name)
    if info.offset < start:
        return
    if not info.isfile():
        yield Reject(part.name_of(name), "is a link or device; expected a regular file; pack it again with `tar -h`")
    elif info.issparse():
        yield Reject(part.name_of(name), "is a sparse file, mostly holes; pack it again without `--sparse`")
    else:
        content = cast(BinaryIO, archive.extractfile(info))
        yield part.inside(name, spooled(content, budget, f"{part.place}!{name}", info.size), info.size)


def _check_name(place: str, name: str) -> None:
    steps = re.split(r"[/\\]", name)
    if ".." in steps or steps[0] == "" or re.match(r"[A-Za-z]:[/\\]", name):
        raise DumpError(
            f"{place}: a member is named {name!r}, which points outside the archive; pack it again with relative names"
        )


_EXTENDED = (
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
)
"""The types of headers that say more about the next member: its long name, its attributes."""


class _BadHeader(Exception):
    """Not a valid tar header."""


class _StrictHeader(tarfile.TarInfo):
    """Refuses a damaged or missing header. tarfile takes it for the end of the archive and would lose what follows."""

    is_behind_end = False
    """Whether the block before was an end mark."""
    extended = 0
    """How many headers in a row say more about the next member; tarfile takes a level of recursion for each."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str | None, errors: str) -> _StrictHeader:
        try:
            header = super().frombuf(buf, encoding, errors)  # type: ignore[arg-type]
        except tarfile.HeaderError as error:
            if len(buf) == tarfile.BLOCKSIZE and not any(buf):
                cls.is_behind_end = True
                raise
            if not buf and cls.is_behind_end:
                raise  # the end of the stream
            raise _BadHeader(f"{error}, where a member or the end mark should be") from error
        cls.is_behind_end = False
        cls.extended = cls.extended + 1 if header.type in _EXTENDED else 0
        if cls.extended > MAX_TAR_HEADERS:
            raise _BadHeader(f"more than {MAX_TAR_HEADERS} headers for one member")
        if header.size < 0 or (header.type in _EXTENDED and header.size > MAX_TAR_HEADER_BYTES):
            raise _BadHeader(f"a header of {header.size:,} bytes; the limit is {MAX_TAR_HEADER_BYTES:,}")
        return header
