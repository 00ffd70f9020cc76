"""A path of a stanza that is an address elsewhere, and where in the landing folder what is there arrives.

https://host/exports/*.zip    sftp://user@host:port/outgoing/*.xml    s3://bucket/prefix/*.jsonl.gz
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from glob import has_magic
from typing import NamedTuple
from urllib.parse import unquote

from etl.words import one_of, shown

SCHEMES = ("https", "http", "sftp", "s3")
MOST_PORT = 65_535

_WITH_SCHEME = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<place>[^/]*)(?P<path>.*)", re.DOTALL)
_PLACE = re.compile(r"(?:(?P<user>[^@]*)@)?(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(?P<port>\d{1,5}))?")
_FEED_NAME = re.compile(r"[A-Za-z0-9_-]+")


class Address(NamedTuple):
    """Where a feed's files are, and under which names: the parts of its path, each a name or a glob."""

    scheme: str
    host: str
    port: int | None
    user: str | None
    parts: tuple[str, ...]

    @property
    def place(self) -> str:
        """Scheme, host and port, without a user."""
        return f"{self.scheme}://{self.host}{f':{self.port}' if self.port else ''}"

    def of(self, parts: tuple[str, ...]) -> str:
        """The address of a file there: what people and the ledger call it. It never holds a user or a password."""
        return "/".join([self.place, *parts])

    @property
    def first_wildcard(self) -> int:
        """Which part is the first with a wildcard; the last part where none has one."""
        return next((at for at, part in enumerate(self.parts) if has_magic(part)), len(self.parts) - 1)


def is_address(path: str) -> bool:
    """Whether a stanza's path is an address and not a path of the landing folder."""
    return _WITH_SCHEME.match(path) is not None


def address_of(path: str) -> Address:
    """What a path of which `problems` finds nothing says."""
    found = _WITH_SCHEME.fullmatch(path)
    place = _PLACE.fullmatch(found["place"]) if found else None
    if found is None or place is None:
        raise ValueError("no address")
    scheme = found["scheme"].lower()
    written = [part for part in found["path"].split("/") if part]
    parts = tuple(map(unquote, written) if scheme.startswith("http") else written)
    return Address(scheme, place["host"], int(place["port"]) if place["port"] else None, place["user"], parts)


def landing_path(feed: str, path: str) -> str:
    """Where in the landing folder the files of an address arrive: below the feed's name, from its first wildcard on."""
    address = address_of(path)
    return "/".join([feed, *address.parts[address.first_wildcard :]])


def problems(feed: str, path: str) -> Iterator[str]:
    """What is wrong with an address: what was found; expected what. No password is repeated."""
    found = _WITH_SCHEME.fullmatch(path)
    if found is None:
        return
    scheme = found["scheme"].lower()
    if scheme not in SCHEMES:
        yield f"{shown(scheme + '://')}; expected {one_of(SCHEMES)}, or a path in the landing folder"
        return
    place = _PLACE.fullmatch(found["place"])
    if ":" in found["place"].rpartition("@")[0]:
        yield (
            "holds a password; leave it out, and set BROADSHEET_FETCH_<FEED>_USER and _PASSWORD in the environment, "
            "or make a connection of the feed's name in Airflow"
        )
    elif place is None or int(place["port"] or 1) not in range(1, MOST_PORT + 1):
        yield f"names no host that can be meant; expected {scheme}://host/folder/*.zip"
    elif scheme == "s3" and (place["user"] is not None or place["port"]):
        yield "has a user or a port; expected s3://bucket/folder/*.zip, with AWS_ACCESS_KEY_ID in the environment"
    else:
        yield from _problems_of_parts(address_of(path), found["path"])
    if not _FEED_NAME.fullmatch(feed):
        yield f"is fetched into a folder of the feed's name, {shown(feed)}; expected a name of A-Z, a-z, 0-9, _ and -"


def _problems_of_parts(address: Address, written: str) -> Iterator[str]:
    if address.scheme.startswith("http") and re.search(r"[?#]", written):
        yield "holds ? or #, which begin a query in an address of the web; expected * as a wildcard, and no token"
    if not address.parts or written.endswith("/"):
        yield "names a folder; end it in a wildcard: /* takes its files, /**/* those of its subfolders too"
    for part in address.parts:
        if part in (".", "..") or "/" in part or not part.isprintable():
            yield f"has the part {shown(part)}; expected names and wildcards between its slashes"
