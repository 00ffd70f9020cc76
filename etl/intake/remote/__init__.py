"""Folders elsewhere: each scheme is a module that lists a folder, looks at a file and opens it from any byte on.

What the other side does or says is not trusted: it may hang, end early, give more than it states or change meanwhile.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager
from importlib import import_module
from typing import NamedTuple, Protocol

from etl.declared.remote import Address

CONNECT_SECONDS = 10.0
SILENT_SECONDS = 60.0
"""For how long nothing may come."""
LEAST_BYTES = 60_000
"""What must come in SILENT_SECONDS, or it is taken for a server that only pretends to answer."""

Parts = tuple[str, ...]


class Unreached(Exception):
    """The other side cannot be reached, refuses, or does not do what it says. In words, without a user or password."""


class Broken(Unreached):
    """What may pass: it is tried again."""


class Entry(NamedTuple):
    """A file or folder elsewhere, as far as its listing tells."""

    name: str
    is_folder: bool
    size_bytes: int | None = None
    modified_at: float | None = None
    """In Unix time."""
    etag: str | None = None


class Login(NamedTuple):
    """Who we are there; without a password, keys, an agent or ~/.netrc say it."""

    user: str | None = None
    password: str | None = None

    def __repr__(self) -> str:
        return "Login(...)"


class Place(Protocol):
    """A host or bucket that is connected to. Its functions raise Unreached."""

    doubts: dict[Parts, str]
    """Of a folder why its listing may be none, for where it lists nothing of what is looked for."""

    def entries(self, folder: Parts) -> Iterator[Entry]:
        """What is in a folder, in no order; a name may be anything."""
        ...

    def looked_at(self, file: Parts, listed: Entry | None) -> Entry:
        """What a file is, exactly."""
        ...

    def read(self, file: Parts, known: Entry, offset: int) -> Generator[tuple[int, bytes]]:
        """The bytes of a file from an offset on, each chunk with its place: the first is at 0 where the other side
        begins anew. Raises Unreached where it is another file by now than the one that is known."""
        ...


def connected(address: Address, login: Login) -> AbstractContextManager[Place]:
    """The place of an address. Raises Unreached where it cannot be reached, or where the extra is not installed."""
    name = "https" if address.scheme == "http" else address.scheme
    try:
        module = import_module(f"{__name__}.{name}")
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("etl"):
            raise
        raise Unreached(f"needs {error.name}: pip install 'broadsheet[fetch]'") from None
    found: AbstractContextManager[Place] = module.connected(address, login)
    return found


CHANGED = "changed while it was fetched; the next run fetches it"


def paced(chunks: Iterator[tuple[int, bytes]]) -> Iterator[tuple[int, bytes]]:
    """The chunks, as long as they come at a speed at which a file ends. Raises Broken."""
    since, received = time.monotonic(), 0
    for place, chunk in chunks:
        yield place, chunk
        received += len(chunk)
        now = time.monotonic()
        if now - since > SILENT_SECONDS:
            if received < LEAST_BYTES:
                raise Broken(f"gives less than {LEAST_BYTES:,} bytes in {SILENT_SECONDS:.0f} s")
            since, received = now, 0
