"""A folder of an S3 bucket. Credentials are found as for a landing folder in one: see etl.bucket."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import boto3  # noqa: F401 - so that its absence is told before anything is asked

from etl import bucket
from etl.declared.remote import Address
from etl.intake.remote import CHANGED, Broken, Entry, Login, Parts, Unreached
from etl.model import DumpChanged

CHUNK_BYTES = 1 << 20


@contextmanager
def connected(address: Address, login: Login) -> Iterator[Bucket]:
    """A bucket; nothing is asked yet."""
    yield Bucket(Path(bucket.ROOT, address.host))


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except DumpChanged:
        raise Unreached(CHANGED) from None
    except FileNotFoundError:
        raise Unreached("is not there") from None
    except OSError as error:
        kind = Unreached if isinstance(error, PermissionError) else Broken
        raise kind(error.strerror or str(error)) from None


class Bucket:
    """See etl.intake.remote.Place."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.doubts: dict[Parts, str] = {}

    def entries(self, folder: Parts) -> Iterator[Entry]:
        with _told():
            for name, told in bucket.listed(self._root.joinpath(*folder)):
                if told is None:
                    yield Entry(name, True)
                else:
                    yield Entry(name, False, told["Size"], float(int(told["LastModified"].timestamp())), told["ETag"])

    def looked_at(self, file: Parts, listed: Entry | None) -> Entry:
        if listed:
            return listed
        with _told():
            found, stats = bucket.opened(self._root.joinpath(*file))
            return Entry(file[-1], False, stats.st_size, stats.st_mtime, found.tag)

    def read(self, file: Parts, known: Entry, offset: int) -> Generator[tuple[int, bytes]]:
        with _told(), bucket.Object(self._root.joinpath(*file), known.etag or "", known.size_bytes or 0) as stream:
            stream.seek(offset)
            while chunk := stream.read(CHUNK_BYTES):
                yield offset, chunk
                offset += len(chunk)
