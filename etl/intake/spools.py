"""What unpacking a dump may cost: how many bytes may come out of it, and how many of them may lie in temporary files.

Every allowance is the dump's and not its members': ten thousand small bombs are a bomb.
"""

from __future__ import annotations

import io
import tempfile
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO, cast

from etl.files import writing
from etl.model import LimitError
from etl.settings import Settings

FREE_BYTES = 32 << 20
"""What a dump may unpack to beyond its ratio, all of its members together."""

_BUFFER = 1 << 18
_IN_MEMORY = 8 << 20


@dataclass(frozen=True)
class Limits:
    """How much may be unpacked from a dump, and lie in temporary files at any time."""

    max_unpack_ratio: float = Settings.max_unpack_ratio
    max_spool_bytes: int = Settings.max_spool_bytes

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """Returns the limits that the settings set."""
        return cls(settings.max_unpack_ratio, settings.max_spool_bytes)


DEFAULT = Limits()


class Budget:
    """What is left of the limits of one dump."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.free_bytes = FREE_BYTES
        self.spool_bytes = limits.max_spool_bytes

    def meter(self, packed: int) -> Meter:
        """Returns the meter of a stream that is packed in so many bytes."""
        return Meter(self, int(self.limits.max_unpack_ratio * packed))

    def take_spool(self, count: int, place: str) -> None:
        """Count bytes that are about to be written to a temporary file. Raises LimitError if there are too many."""
        if count > self.spool_bytes:
            raise LimitError(
                f"{place}: needs more than {self.limits.max_spool_bytes:,} bytes of temporary files; "
                "if it is genuine, raise BROADSHEET_MAX_SPOOL_BYTES or unpack it by hand"
            )
        self.spool_bytes -= count

    def give_back_spool(self, count: int) -> None:
        """Count bytes of temporary files that are gone."""
        self.spool_bytes += count


class Meter:
    """Counts what one stream unpacks to, however often it is opened."""

    def __init__(self, budget: Budget, fair_bytes: int) -> None:
        self.budget, self.fair_bytes, self.charged_bytes = budget, fair_bytes, 0

    def pass_on(self, count: int, what: str) -> None:
        """Note that `count` bytes came out so far. Raises LimitError where neither ratio nor allowance covers them."""
        more = count - self.fair_bytes - self.charged_bytes
        if more <= 0:
            return
        if more > self.budget.free_bytes:
            most = count - more + self.budget.free_bytes
            raise LimitError(
                f"{what} unpacks to more than {most:,} bytes, far more than text does; "
                "if it is genuine, raise BROADSHEET_MAX_UNPACK_RATIO or unpack it by hand"
            )
        self.budget.free_bytes -= more
        self.charged_bytes += more


def spooled(stream: BinaryIO, budget: Budget, place: str, size: int = 0) -> Callable[[], BinaryIO]:
    """Make a temporary copy of `stream`, of which `size` bytes are announced, and return a function that opens it.

    It is gone with the last that has it open. Raises LimitError where the budget does not cover it, StorageError where
    it cannot be written.
    """
    if size > budget.spool_bytes:
        budget.take_spool(size, place)
    spool = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115, it closes with the last window on it
    total = 0
    try:
        while data := stream.read(_BUFFER):
            budget.take_spool(len(data), place)
            total += len(data)
            with writing(Path(tempfile.gettempdir())):
                spool.write(data)
    finally:
        weakref.finalize(spool, budget.give_back_spool, total)
    return lambda: cast(BinaryIO, io.BufferedReader(Window(cast(IO[bytes], spool)), _BUFFER))


class Window(io.RawIOBase):
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
