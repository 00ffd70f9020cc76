"""The members of zips and tars, one after the other, each with a name of its own."""

from __future__ import annotations

import io
import re
import stat
import tarfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any, BinaryIO, cast

from etl.intake.spools import Budget, Meter, Window, spooled
from etl.intake.streams import BROKEN, FETCH, Part, guarded
from etl.model import DumpError, Reject

MAX_ZIP_DIRECTORY_BYTES = 64 << 20
"""Of some 500,000 members; the directory is held in memory."""
MAX_TAR_HEADER_BYTES = 32 << 10
"""Of long names and extended attributes; tarfile takes a time that grows with their square."""
MAX_TAR_HEADERS = 100
"""Before one member."""

_JUNK = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$|\._[^/]*$)")


class _Names(Counter[str]):
    """The names of an archive's members. The second of a name gets a number, to tell it from the first."""

    def unlike(self, name: str) -> str:
        self[name] += 1
        return name if self[name] == 1 else self.unlike(f"{name} ({self[name]})")


def open_zip(part: Part, budget: Budget) -> tuple[zipfile.ZipFile, int]:
    """Returns the zip, and its length in bytes."""
    try:
        # Left open: members share it, and it closes with the last of them.
        stream = _seekable(part, budget)
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
    """Whether the zip is a single document (docx, xlsx, epub), which a format reads whole, and not a container."""
    names = archive.namelist()
    return "[Content_Types].xml" in names or names[:1] == ["mimetype"]


def zip_members(part: Part, archive: zipfile.ZipFile, length: int, budget: Budget) -> Iterator[Part | Reject]:
    infos = [info for info in archive.infolist() if not info.is_dir() and not _JUNK.search(info.filename)]
    if sum(info.compress_size for info in infos) > length:
        raise part.error(f"the zip's members overlap, as in a zip bomb; {FETCH}")
    if infos and all(map(_is_encrypted, infos)):
        raise part.error("the zip is encrypted; unpack it by hand with its password")
    names = _Names()
    for info in infos:
        _check_name(part.place, info.filename)
        inner = part.inside(names.unlike(info.filename), io.BytesIO, info.compress_size)
        if _is_encrypted(info):
            yield Reject(inner.name, "is encrypted; unpack it by hand with its password")
        elif stat.S_ISLNK(info.external_attr >> 16):
            yield Reject(inner.name, "is a link; expected a regular file; pack it again without `zip -y`")
        else:
            yield replace(inner, open=partial(_open_zipped, archive, info, inner, budget.meter(inner.packed)))


def _is_encrypted(info: zipfile.ZipInfo) -> bool:
    return bool(info.flag_bits & 1)


def _open_zipped(archive: zipfile.ZipFile, info: zipfile.ZipInfo, part: Part, meter: Meter) -> BinaryIO:
    try:
        return guarded(archive.open(info), None, part, "zip", meter)
    except BROKEN as error:
        raise part.error(f"the zip is damaged here ({error}); {FETCH}") from error


def _seekable(part: Part, budget: Budget) -> BinaryIO:
    stream = part.open()
    if isinstance(stream, io.BufferedReader) and isinstance(stream.raw, io.FileIO | Window):
        return stream
    with stream:
        return spooled(stream, budget, part.place)()


def tar_members(part: Part, budget: Budget) -> Iterator[Part | Reject]:
    """The members of a tar, or of several put end to end; what stands behind the last end mark is a Reject."""

    class Header(_StrictHeader):  # of this archive alone, for it has a state
        pass

    with part.open() as stream:
        try:
            with tarfile.open(fileobj=stream, mode="r|", tarinfo=Header, ignore_zeros=True) as archive:
                names = _Names()
                for info in archive:
                    yield from _tarred(part, archive, info, names, budget)
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
    part: Part, archive: tarfile.TarFile, info: tarfile.TarInfo, names: _Names, budget: Budget
) -> Iterator[Part | Reject]:
    name = info.name.removeprefix("./")
    if info.isdir() or _JUNK.search(name):
        return
    _check_name(part.place, name)
    name = names.unlike(name)
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
