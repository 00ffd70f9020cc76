"""Objects of an S3 bucket as files below /s3:, a folder that no disk has: s3://news/a/b.txt is /s3:/news/a/b.txt.

So what only computes with paths needs to know nothing of buckets, and what touches files asks etl.store. Credentials
are found by boto3, as everywhere: AWS_ACCESS_KEY_ID, AWS_PROFILE, the role of the machine; AWS_ENDPOINT_URL names an S3
server that is not Amazon's. Needs `pip install broadsheet[scale]`.
"""

from __future__ import annotations

import errno
import hashlib
import io
import os
import re
import stat
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from etl.model import DumpChanged

SCHEME = "s3://"
ROOT = "/s3:"

CONFIG = {
    "connect_timeout": 10,
    "read_timeout": 60,
    # About a minute, with pauses of up to 20 seconds. The defaults are spent after some seconds.
    "retries": {"mode": "standard", "total_max_attempts": 10},
    # What servers that are not Amazon's may not know is asked for only where S3 demands it.
    "request_checksum_calculation": "when_required",
    "response_checksum_validation": "when_required",
}

ODD = "(a name that no path has)"
"""Instead of an empty name, `.` and `..`, which keys may have between their slashes. It is seen, and refused."""

LISTED_SECONDS = 30.0
LISTINGS = 4
"""How many folders are remembered, and for how long. What is read is pinned to a content, whatever was listed."""

REMOVED_AT_ONCE = 1_000
"""What S3 takes."""

READ_AGAIN = 8
PAUSE_SECONDS = 0.5
"""The pause before the second try to read on; each pause is twice as long as the one before it: a minute in all."""


class Entry(NamedTuple):
    """What is in a folder: a twin of os.DirEntry."""

    path: str
    name: str
    found: os.stat_result

    def is_dir(self, *, follow_symlinks: bool = True) -> bool:
        """Whether it is a folder, that is, whether anything is below it."""
        return stat.S_ISDIR(self.found.st_mode)

    def is_symlink(self) -> bool:
        """Never."""
        return False

    def stat(self) -> os.stat_result:
        """As os.stat of a file."""
        return self.found


def path_of(text: str) -> Path:
    """The path of s3://bucket/name, also where somebody took it for one of a disk; of another text, that path."""
    found = re.match(r"(?i)s3:/{1,2}(?=[^/])", text)
    return Path(ROOT, text[found.end() :]) if found else Path(text)


def is_remote(path: Path | str) -> bool:
    """Whether a path is one in a bucket."""
    return os.fspath(path).startswith(f"{ROOT}/")


def url_of(path: Path | str) -> str:
    """How people write a path: s3://bucket/name."""
    return SCHEME + os.fspath(path).removeprefix(f"{ROOT}/") if is_remote(path) else os.fspath(path)


def stat_of(path: Path) -> os.stat_result:
    """As os.stat. The inode is derived from the tag that S3 gives to a content. Raises OSError.

    What was listed a moment ago is not asked for again: it takes five questions to find out that a file is nothing new.
    """
    if path.name == ODD:
        return _SOCKET
    until, listed = _LISTINGS.get(os.fspath(path.parent), (0.0, {}))
    if time.monotonic() < until:
        if path.name not in listed:
            raise FileNotFoundError(errno.ENOENT, "was not listed", url_of(path))
        return listed[path.name]
    bucket, key = _address(path)
    try:
        with _told(path):
            return _stat_of_object(_client().head_object(Bucket=bucket, Key=key)) if key else _FOLDER
    except FileNotFoundError:
        with _told(path):
            below = _client().list_objects_v2(Bucket=bucket, Prefix=f"{key}/", MaxKeys=1)
        if not below.get("KeyCount"):
            raise
        return _FOLDER


def scan(folder: Path) -> list[Entry]:
    """What is in a folder, by name; empty where there is none."""
    entries = []
    for name, told in listed(folder):
        is_odd = name in ("", ".", "..")
        name, found = (ODD, _SOCKET) if is_odd else (name, _FOLDER if told is None else _stat_of_object(told))
        entries.append(Entry(f"{folder}/{name}", name, found))
    _remember(folder, entries)
    return sorted(entries, key=lambda entry: entry.name)


def listed(folder: Path) -> Iterator[tuple[str, dict[str, Any] | None]]:
    """The names in a folder, which may be no names of files, with what S3 says of each; None of a folder."""
    bucket, key = _address(folder)
    prefix = f"{key}/" if key else ""
    with _told(folder):
        for page in _client().get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix, Delimiter="/"):
            for each in page.get("CommonPrefixes", ()):
                yield each["Prefix"].removesuffix("/").removeprefix(prefix), None
            for each in page.get("Contents", ()):
                if each["Key"] != prefix:
                    yield each["Key"].removeprefix(prefix), each


def _remember(folder: Path, entries: list[Entry]) -> None:
    while len(_LISTINGS) >= LISTINGS:
        _LISTINGS.pop(next(iter(_LISTINGS)))
    _LISTINGS[os.fspath(folder)] = (time.monotonic() + LISTED_SECONDS, {entry.name: entry.found for entry in entries})


_LISTINGS: dict[str, tuple[float, dict[str, os.stat_result]]] = {}
"""What the last folders held, and until when that is taken for true."""


def files(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """All files below a folder, by name."""
    bucket, key = _address(folder)
    prefix = f"{key}/" if key else ""
    with _told(folder):
        for page in _client().get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            for each in page.get("Contents", ()):
                if not each["Key"].endswith("/"):  # what consoles make for an empty folder
                    yield folder / each["Key"].removeprefix(prefix), _stat_of_object(each)


def opened(path: Path) -> tuple[Object, os.stat_result]:
    """An object for reading from any place, and what it is. Whatever is put in its place meanwhile is not read."""
    bucket, key = _address(path)
    with _told(path):
        head = _client().head_object(Bucket=bucket, Key=key)
    return Object(path, head["ETag"], head["ContentLength"]), _stat_of_object(head)


def put(file: Path, path: Path) -> None:
    """Make a file of the disk an object, whole or not at all."""
    bucket, key = _address(path)
    with _told(path), file.open("rb") as stream:
        _LISTINGS.clear()
        _client().upload_fileobj(stream, bucket, key)


def put_first(file: Path, path: Path) -> bool:
    """Make a file of the disk an object, whole or not at all, unless there is one of that name when all of it is there:
    then who was first keeps the name. Returns whether it was made.
    """
    bucket, key = _address(path)
    try:
        with _told(path), file.open("rb") as stream:
            _LISTINGS.clear()
            _client_of(os.getpid(), is_first=True).upload_fileobj(stream, bucket, key)
    except DumpChanged:
        return False
    return True


def put_new(content: bytes, path: Path) -> None:
    """Make a small object, unless there is one of that name: who comes first has made it."""
    bucket, key = _address(path)
    try:
        with _told(path):
            _client().put_object(Bucket=bucket, Key=key, Body=content, IfNoneMatch="*")
    except DumpChanged:
        pass


def get(path: Path, file: Path) -> None:
    """Make a copy of an object on the disk, whole or not at all."""
    bucket, key = _address(path)
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        with _told(path), part.open("wb") as stream:
            _client().download_fileobj(bucket, key, stream)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def remove(paths: Iterable[Path]) -> None:
    """Remove objects; of what is not there nothing is said. Raises OSError for the first that is left."""
    _LISTINGS.clear()
    by_bucket: dict[str, list[str]] = {}
    for path in paths:
        bucket, key = _address(path)
        by_bucket.setdefault(bucket, []).append(key)
    for bucket, keys in by_bucket.items():
        for some in (keys[start : start + REMOVED_AT_ONCE] for start in range(0, len(keys), REMOVED_AT_ONCE)):
            with _told(Path(ROOT, bucket, some[0])):
                asked = {"Objects": [{"Key": key} for key in some], "Quiet": True}
                left = _client().delete_objects(Bucket=bucket, Delete=asked).get("Errors", [])
            if left:
                place = f"{SCHEME}{bucket}/{left[0]['Key']}"
                raise OSError(errno.EACCES, f"the storage says: {left[0].get('Message', 'not removed')}", place)


class Object(io.RawIOBase):
    """An object as a stream. Its content is the one that had this tag: where it is another by now, DumpChanged."""

    def __init__(self, path: Path, tag: str, size: int) -> None:
        self._path, self.tag, self._size = path, tag, size
        self._place = 0
        self._body: Any = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        place = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        if place < 0:
            raise ValueError(f"negative seek position {place}")
        if place != self._place:
            self._leave_body()
        self._place = place
        return place

    def readinto(self, buffer: Any) -> int:
        wanted = min(len(buffer), max(0, self._size - self._place))
        data = self._read_on(wanted) if wanted else b""
        buffer[: len(data)] = data
        self._place += len(data)
        return len(data)

    def close(self) -> None:
        self._leave_body()
        super().close()

    def _read_on(self, wanted: int) -> bytes:
        """The next bytes; where the connection breaks, it is asked for them again."""
        from botocore.exceptions import HTTPClientError, IncompleteReadError, ResponseStreamingError
        from urllib3.exceptions import HTTPError

        for tried in count(1):
            try:
                data: bytes = self._opened_body().read(wanted)
                if data:
                    return data
                reason = OSError(errno.EIO, "its end came too soon", url_of(self._path))
            except (HTTPClientError, IncompleteReadError, ResponseStreamingError, HTTPError) as error:
                reason = OSError(errno.EIO, f"cannot be read on: {error}", url_of(self._path))
            self._leave_body()
            if tried == READ_AGAIN:
                raise reason
            time.sleep(PAUSE_SECONDS * 2 ** (tried - 1))
        raise AssertionError("it is tried again until it is given up")

    def _opened_body(self) -> Any:
        if self._body is None:
            bucket, key = _address(self._path)
            stretch = f"bytes={self._place}-"
            with _told(self._path):
                self._body = _client().get_object(Bucket=bucket, Key=key, Range=stretch, IfMatch=self.tag)["Body"]
        return self._body

    def _leave_body(self) -> None:
        if self._body is not None:
            self._body.close()
            self._body = None


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Raise what S3 says as the OSError that a disk would raise; DumpChanged for a content that is not there now."""
    try:
        from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, NoCredentialsError
    except ImportError:
        said = "a bucket needs more packages: pip install 'broadsheet[scale]'"
        raise OSError(errno.ENOSYS, said, url_of(path)) from None

    try:
        yield
    except ClientError as error:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        said = error.response.get("Error", {})
        if status == 412:
            raise DumpChanged("changed while the run was reading it; it is taken again next run") from None
        if said.get("Code") == "NoSuchBucket":
            raise OSError(errno.EIO, "the storage has no such bucket", url_of(path)) from error
        number = {404: errno.ENOENT, 401: errno.EACCES, 403: errno.EACCES}.get(status, errno.EIO)
        why = said.get("Message") or said.get("Code") or f"answer {status}"
        raise OSError(number, f"the storage says: {why}", url_of(path)) from error
    except NoCredentialsError as error:
        raise OSError(errno.EACCES, "no credentials for S3: set AWS_ACCESS_KEY_ID", url_of(path)) from error
    except HTTPClientError as error:
        raise OSError(errno.EIO, f"the storage cannot be reached: {error}", url_of(path)) from error
    except BotoCoreError as error:
        raise OSError(errno.EIO, f"the storage: {error}", url_of(path)) from error


def _address(path: Path) -> tuple[str, str]:
    """The bucket and the key of a path."""
    bucket, _, key = os.fspath(path).removeprefix(f"{ROOT}/").partition("/")
    return bucket, key


def _stat_of_object(told: dict[str, Any]) -> os.stat_result:
    """What a listing or a head says of an object, as os.stat would."""
    size = told["Size"] if "Size" in told else told["ContentLength"]
    inode = int.from_bytes(hashlib.sha256(told["ETag"].encode()).digest()[:7])
    # Whole seconds: more is told only in listings, and only by some servers.
    return _stat_result(stat.S_IFREG | 0o600, inode, size, int(told["LastModified"].timestamp()))


def _stat_result(mode: int, inode: int, size: int, seconds: int) -> os.stat_result:
    times: dict[str, float] = {f"st_{kind}time_ns": seconds * 10**9 for kind in "amc"}
    times |= {f"st_{kind}time": float(seconds) for kind in "amc"}
    return os.stat_result((mode, inode, 0, 1, 0, 0, size, seconds, seconds, seconds), times)


_FOLDER = _stat_result(stat.S_IFDIR | 0o700, 0, 0, 0)
_SOCKET = _stat_result(stat.S_IFSOCK, 0, 0, 0)
"""What is neither a file nor a folder."""


def _client() -> Any:
    return _client_of(os.getpid())


@cache
def _client_of(process: int, is_first: bool = False) -> Any:
    """A client of its own for each process: a forked one must not use its parent's connections. `is_first`: one that
    puts no object over another.
    """
    import boto3
    from botocore.config import Config

    client = boto3.session.Session().client("s3", config=Config(**CONFIG))
    if is_first:
        for call in ("PutObject", "CompleteMultipartUpload"):
            client.meta.events.register(f"before-call.s3.{call}", _ask_to_be_first)
    return client


def _ask_to_be_first(params: dict[str, Any], **_: Any) -> None:
    """Add to a request what `upload_fileobj` has no argument for."""
    params["headers"]["If-None-Match"] = "*"
