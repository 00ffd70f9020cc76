"""What is read of a file of mail, short of loading it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from etl.intake import bundles
from etl.model import Feed, Skip


def read_of(path: Path) -> list[Any]:
    """The records of all its parts, and the kinds of those that are skipped."""
    found: list[Any] = []
    for member, reader in bundles.readable(path, lambda one: bundles.identified(one, path.name, "auto"), ()):
        if isinstance(reader, Skip):
            found.append(reader.kind)
        else:
            with member.open() as stream:
                found += [piece for piece in reader.read(stream, Feed("post")) if isinstance(piece, dict)]  # type: ignore[union-attr]
    return found
