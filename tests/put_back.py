"""A newsroom that is made once, and put back before every test that changes it.

It is put back where it was, not copied elsewhere: where a warehouse was moved, notes name the places.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import services
from newsroom import Newsroom

from etl.warehouse import lake


@dataclass(frozen=True)
class Kept:
    """A newsroom with copies of what it was: of its folder and, where it has a lake, of its catalogue."""

    room: Newsroom
    copy: Path
    postgres: services.Postgres | None = None
    catalogue: str = ""

    def put_back(self) -> Newsroom:
        """The newsroom as it was, whatever a test did to it."""
        shutil.rmtree(self.room.folder)
        shutil.copytree(self.copy, self.room.folder, symlinks=True)
        if self.postgres and (in_lake := lake.of(self.room.settings)):
            self.postgres.put_back(in_lake.catalogue, self.catalogue)
        return self.room


def kept(room: Newsroom, copy: Path, postgres: services.Postgres | None = None) -> Kept:
    """Keep a newsroom, with its lake below its folder, in a folder that is not there yet."""
    shutil.copytree(room.folder, copy, symlinks=True)
    if postgres and (in_lake := lake.of(room.settings)):
        return Kept(room, copy, postgres, postgres.copied(in_lake.catalogue))
    return Kept(room, copy)
