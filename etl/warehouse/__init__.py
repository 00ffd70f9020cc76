"""The warehouse, a room for each thing that is done with it.

lock: who holds it · opening: the file, opened for a load · reading: files attached read-only · sandbox: other
people's SQL over one · statements: SQL run over a connection · catalogue: the schema, read from the SQL files ·
schema: the live tables made to follow it · assignment: which article a candidate is · addresses: those that
several articles share · loading: all tables filled · renames: feeds that have another name · declared: what
publications.toml says · stories, search: what is derived from texts · published: the numbered copies · compact,
restore, damage, blocks: the file written anew, brought back, found damaged, checked block by block · lake: the
warehouse in DuckLake instead of a file; lake_lock, lake_upkeep, lake_restore: what is done otherwise there · moving:
from the one into the other.
"""

from __future__ import annotations


class WarehouseError(Exception):
    """The warehouse cannot be opened or does not follow the SQL files. The message says what to do."""
