"""The warehouse, a room for each thing that is done with it.

lock: who holds it · opening: the file, opened for a load · reading: files attached read-only · statements: SQL run
over a connection · catalogue: the schema, read from the SQL files · schema: the live tables made to follow it ·
loading: all tables filled · stories, search: what is derived from texts · published: the numbered copies ·
compact, restore, damage: the file written anew, brought back, found damaged.
"""

from __future__ import annotations


class WarehouseError(Exception):
    """The warehouse cannot be opened or does not follow the SQL files. The message says what to do."""
