"""A packed file as a stream of what is in it: stopped where it breaks, and where it unpacks to more than it may."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO, Any, BinaryIO, cast

from etl.intake.spools import Meter
from etl.model import MemberError

_BUFFER = 1 << 18
# zipfile raises NotImplementedError where it does not know a member's compression method, struct.error and ValueError
# where a header ends too soon or points nowhere.
BROKEN = (
    EOFError,
    OSError,
    zlib.error,
    lzma.LZMAError,
    zipfile.BadZipFile,
    tarfile.TarError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
    struct.error,
)
FETCH = "fetch it again, or pack it again"


@dataclass(frozen=True)
class Part:
    """A file or a container, not yet known which: where it is, how to open it, and its packed size in bytes."""

    name: str
    place: str
    open: Callable[[], BinaryIO]
    packed: int
    kind: str = ""
    """What it is, where that is known from outside: a kind of container, or `file`, which holds no others."""
    format: str = ""
    """What it is read as where no format recognises it."""
    says: Mapping[str, Any] | None = None
    """What its delivery says of the articles in it, as fields of records."""

    def inside(self, name: str, open_: Callable[[], BinaryIO], packed: int) -> Part:
        """A member of this container."""
        return Part(self.name_of(name), f"{self.place}!{name}", open_, min(self.packed, packed))

    def name_of(self, name: str) -> str:
        """The name in the dump of a member of this container."""
        return f"{self.name}!{name}" if self.name else name

    def error(self, what: str) -> MemberError:
        """What is wrong with it, to be raised."""
        return MemberError(self.name, self.place, what)


def decompress(part: Part, kind: str, meter: Meter) -> BinaryIO:
    below = part.open()
    return guarded(_DECOMPRESSORS[kind](below), below, part, kind, meter)


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


def guarded(stream: IO[bytes], below: BinaryIO | None, part: Part, kind: str, meter: Meter) -> BinaryIO:
    return cast(BinaryIO, io.BufferedReader(_Guard(stream, below, part, kind, meter), _BUFFER))


class _Guard(io.RawIOBase):
    """A decompressing stream that says where it broke, and that stops where its meter does."""

    def __init__(self, stream: IO[bytes], below: BinaryIO | None, part: Part, kind: str, meter: Meter) -> None:
        self._stream, self._below, self._part, self._kind, self._meter = stream, below, part, kind, meter
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
        except BROKEN as error:
            raise self._part.error(
                f"the {self._kind} is truncated or damaged after {self._count:,} unpacked bytes ({error}); {FETCH}"
            ) from error
        self._count += len(data)
        self._meter.pass_on(self._count, f"{self._part.place}: the {self._kind}")
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
            if self._below:
                self._below.close()
        super().close()
