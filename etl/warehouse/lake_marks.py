"""What a lake says of itself to every machine, in tables of ours in its database: where it was moved to, where the note
of what is published of it is, and by which secret e-mail addresses in it are hashed.
"""

from __future__ import annotations

import json
from typing import Any

from etl.warehouse import WarehouseError
from etl.warehouse.lake import Snapshot, catalogue_of


def moved_to(lake: Snapshot) -> str | None:
    """Where a lake says that the warehouse was moved to; None where it was not."""
    found = _last(lake, "broadsheet_moved", "select target from broadsheet_moved order by moved_at desc limit 1")
    return str(found[0]) if found else None


def mark_moved(lake: Snapshot, target: str) -> None:
    """Let a lake say to every machine that the warehouse was moved away from it."""
    with catalogue_of(lake) as connection, connection.cursor() as cursor:
        cursor.execute("create table if not exists broadsheet_moved (moved_at timestamptz, target text)")
        cursor.execute("insert into broadsheet_moved values (now(), %s)", [target])


def mark_in_use(lake: Snapshot) -> None:
    """Take back that a warehouse was moved away from a lake: it is there again, and nothing of it is published yet."""
    with catalogue_of(lake) as connection, connection.cursor() as cursor:
        cursor.execute("drop table if exists broadsheet_moved, broadsheet_published")


def published(lake: Snapshot) -> tuple[str, dict[str, Any]] | None:
    """Where the note is that says what analysts have of a lake, and that note as it was written there last; None before
    the first.
    """
    found = _last(lake, "broadsheet_published", "select place, note from broadsheet_published")
    return (str(found[0]), json.loads(found[1])) if found else None


def mark_published(lake: Snapshot, place: str, note: dict[str, Any]) -> None:
    """Let a lake say to every machine where the note of what is published is, and what it says.

    Raises WarehouseError where another, who took the lock meanwhile, has published under that number or a later one.
    """
    with catalogue_of(lake) as connection, connection.cursor() as cursor:
        cursor.execute("create table if not exists broadsheet_published (place text, note text)")
        connection.autocommit = False
        cursor.execute("lock table broadsheet_published in exclusive mode")
        cursor.execute("select note from broadsheet_published")
        if (found := cursor.fetchone()) and _is_behind(note, json.loads(found[0])):
            raise WarehouseError(
                f"{lake.name}: another process has published meanwhile, because this one lost its lock; analysts see "
                "what that published, and nothing of this is lost; to see whether all is published, run: broadsheet "
                "publish"
            )
        cursor.execute("delete from broadsheet_published")
        cursor.execute("insert into broadsheet_published values (%s, %s)", [place, json.dumps(note)])
        connection.commit()


def first_secret(lake: Snapshot, fingerprint: str) -> str:
    """The fingerprint of the secret by which e-mail addresses were hashed first: this one, where none was before."""
    with catalogue_of(lake) as connection, connection.cursor() as cursor:
        cursor.execute("create table if not exists broadsheet_email_secret (fingerprint text)")
        connection.autocommit = False
        cursor.execute("lock table broadsheet_email_secret in exclusive mode")
        cursor.execute("select fingerprint from broadsheet_email_secret")
        found = cursor.fetchone()
        if not found:
            cursor.execute("insert into broadsheet_email_secret values (%s)", [fingerprint])
        connection.commit()
    return str(found[0]) if found else fingerprint


def _is_behind(note: dict[str, Any], last: dict[str, Any]) -> bool:
    is_same = note["number"] == last["number"] and note["published_at"] == last["published_at"]
    return bool(note["number"] <= last["number"]) and not is_same


def _last(lake: Snapshot, table: str, question: str) -> Any:
    """The answer to a question to a table of ours; None where there is no such table."""
    with catalogue_of(lake) as connection, connection.cursor() as cursor:
        cursor.execute("select to_regclass(%s) is not null", [table])
        if not cursor.fetchone()[0]:
            return None
        cursor.execute(question)
        return cursor.fetchone()
