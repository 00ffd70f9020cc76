"""Hashes of files by their identity, so that an unchanged file is not read again every night.

Only a cache: it may be deleted at any time. The ledger records what was loaded. Another version of Broadsheet may find
out other facts about the same file, so that it takes over only the hashes.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar, cast

import orjson

from etl import store
from etl.intake import regular

Fact = TypeVar("Fact")


@dataclass
class StatCache:
    """The SHA-256 and other facts of each path; valid while its file is the same one (etl.intake.regular)."""

    path: Path
    known: dict[str, list[Any]] = field(default_factory=dict)
    """Identity, SHA-256, and a dict of what else was found out."""
    changed: bool = False

    @classmethod
    def load(cls, path: Path) -> StatCache:
        """Returns the cache as last saved; an empty one where it is missing. What is damaged in it is left out."""
        try:
            saved = orjson.loads(path.read_bytes())
        except (FileNotFoundError, orjson.JSONDecodeError):
            return cls(path)
        files = saved.get("files") if isinstance(saved, dict) else None
        known = {name: entry for name, entry in files.items() if _is_entry(entry)} if isinstance(files, dict) else {}
        if known and saved.get("version") != version("broadsheet"):
            known = {name: [identity, digest, {}] for name, (identity, digest, _) in known.items()}
        return cls(path, known)

    def has_seen(self, file: Path, stat: os.stat_result) -> bool:
        """Whether the file was hashed before as `stat` shows it now."""
        known = self.known.get(str(file))
        return known is not None and known[0] == regular.identity(stat)

    def sha256(self, file: Path, stat: os.stat_result) -> str:
        """Returns the file's hash, from the cache where `stat` shows that the file is unchanged.

        Raises FileNotFoundError when the file of that `stat` is no longer there, even if another one is.
        """
        if not self.has_seen(file, stat):
            identity = regular.identity(stat)
            self.known[str(file)] = [identity, regular.sha256(file, identity), {}]
            self.changed = True
        return str(self.known[str(file)][1])

    def fact(self, file: Path, find: Callable[[Path], Fact]) -> Fact:
        """Returns what a function finds out about a file (something that JSON can represent), asked only once."""
        self.sha256(file, store.stat(file))
        facts = self.known[str(file)][2]
        if find.__name__ not in facts:
            facts[find.__name__] = find(file)
            self.changed = True
        return cast(Fact, facts[find.__name__])

    def save(self) -> None:
        """Write the cache completely or not at all; do nothing where nothing has changed."""
        if self.changed:
            temporary = self.path.with_suffix(".tmp")
            files = {name: entry for name, entry in self.known.items() if _is_text(name)}
            temporary.write_bytes(orjson.dumps({"version": version("broadsheet"), "files": files}))
            with suppress(FileNotFoundError):  # another run has just moved it into place
                temporary.replace(self.path)


def _is_entry(entry: Any) -> bool:
    return isinstance(entry, list) and len(entry) == 3 and isinstance(entry[2], dict)


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:  # bytes that are not UTF-8, as file names may have
        return False
    return True
