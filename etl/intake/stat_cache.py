"""Hashes of files by size, mtime and inode, so that an unchanged file is not read again every night.

Only a cache: it may be deleted at any time. The ledger records what was loaded.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from etl.intake import regular
from etl.model import DumpChanged


@dataclass
class StatCache:
    """The SHA-256 of each path and the parts that its file names; valid while size, mtime and inode are unchanged."""

    path: Path
    known: dict[str, list[Any]] = field(default_factory=dict)
    changed: bool = False

    @classmethod
    def load(cls, path: Path) -> StatCache:
        """Returns the cache as last saved; an empty one where it is missing or damaged."""
        try:
            return cls(path, orjson.loads(path.read_bytes()))
        except (FileNotFoundError, orjson.JSONDecodeError):
            return cls(path)

    def sha256(self, file: Path, stat: os.stat_result) -> str:
        """Returns the file's hash, from the cache where `stat` shows that the file is unchanged.

        Raises FileNotFoundError when the file of that `stat` is no longer there, even if another one is.
        """
        marks = [stat.st_size, stat.st_mtime_ns, stat.st_ino]
        known = self.known.get(str(file))
        if known and known[:3] == marks:
            return str(known[3])
        try:
            with regular.opened(file) as stream:
                if regular.identity(os.fstat(stream.fileno())) != regular.identity(stat):
                    raise DumpChanged("is another file by now")
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
        except DumpChanged as error:
            raise FileNotFoundError(f"{file}: {error}") from error
        self.known[str(file)] = [*marks, digest]
        self.changed = True
        return digest

    def parts(self, file: Path, find: Callable[[Path], list[str]]) -> list[str]:
        """Returns the parts that an index names, found only once. Ask for its hash first."""
        known = self.known[str(file)]
        if len(known) == 4:
            known.append(find(file))
            self.changed = True
        return list(known[4])

    def save(self) -> None:
        """Write the cache completely or not at all; do nothing where nothing has changed."""
        if self.changed:
            temporary = self.path.with_suffix(".tmp")
            temporary.write_bytes(orjson.dumps(self.known))
            with suppress(FileNotFoundError):  # another run has just moved it into place
                temporary.replace(self.path)
