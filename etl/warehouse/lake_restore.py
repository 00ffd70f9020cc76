"""A lake taken back to what it was when a snapshot was published: every table, in one transaction."""

from __future__ import annotations

from datetime import datetime

from etl import words
from etl.settings import Settings
from etl.warehouse import WarehouseError, lake, opening, published, published_note, reading, statements, whereabouts
from etl.warehouse.catalogue import all_tables
from etl.warehouse.schema import standing


def snapshot_to_restore(settings: Settings, number: int | None) -> tuple[int, lake.Snapshot]:
    """The publication of that number, by default the last, and its snapshot. Raises WarehouseError where it is gone."""
    in_lake = lake.of(settings)
    assert in_lake, "the warehouse is a lake"
    whereabouts.bring_note_back(settings)
    whereabouts.refuse_left(settings)
    there = lake.numbers_in_catalogue(in_lake)
    kept = published_note.kept_snapshots(settings)
    known = {publication: snapshot for publication, snapshot in kept.items() if snapshot in there}
    wanted = max(known, default=0) if number is None else number
    if wanted not in known:
        if kept and not known:
            whereabouts.refuse_older(settings)
        asked = f"has no publication number {number}" if number is not None else "has no publication"
        kept_are = f"kept are {words.first_few(sorted(known), 10)}" if known else "nothing is published"
        raise WarehouseError(f"{in_lake.name}: {asked}; {kept_are}")
    return wanted, published.at(in_lake, known[wanted])


def refuse_unrestorable(snapshot: lake.Snapshot) -> tuple[str, datetime]:
    """The last run of a snapshot that can be restored. Raises WarehouseError where it cannot."""
    with reading.attached(snapshot) as connection:
        if not standing(connection).is_current:
            raise WarehouseError(f"{snapshot.name}: has the schema of another version, so it cannot be restored")
        last_run = connection.execute(
            "select run_id, started_at from ops.load_run order by run_number desc limit 1"
        ).fetchone()
    if last_run is None:
        raise WarehouseError(f"{snapshot.name}: holds no run at all, so it cannot be restored")
    run_id, started_at = last_run
    return run_id, started_at


def let_see(settings: Settings, snapshot: lake.Snapshot, run_id: str) -> None:
    """Let analysts see the snapshot that is restored, with that as its last run, where the catalogue is older than the
    one that they see.
    """
    note = published_note.read(settings)
    assert note and snapshot.number is not None, "a publication is restored"
    kept = published_note.kept_snapshots(settings)
    there = lake.numbers_in_catalogue(snapshot)
    if (handed := max(kept.values())) not in there:
        if max(there) < handed:  # else one who was killed here comes again
            _pass_over(snapshot, handed)
        known = {number: old for number, old in kept.items() if old <= snapshot.number}
        undone = {"front_page", "copy"} if "snapshot" in note else {"front_page"}
        seen = {name: said for name, said in note.items() if name not in undone}
        if "snapshot" in note:  # a file that analysts have stays, with its run, until the next is published
            seen |= {"snapshot": snapshot.number, "file": f"snapshot {snapshot.number}", "run_id": run_id}
        published_note.write(settings, {**seen, "snapshots": known})


def _pass_over(in_lake: lake.Snapshot, last_handed: int) -> None:
    """Let the catalogue go on behind the last number that analysts were handed, which it does not know: given again, it
    would lead who still has it to rows that are not verified.
    """
    with lake.catalogue_of(in_lake) as connection, connection.cursor() as cursor:
        connection.autocommit = False
        cursor.execute(EMPTY_SNAPSHOT, [last_handed + 1])
        cursor.execute(ITS_CHANGES, [last_handed + 1])
        connection.commit()


EMPTY_SNAPSHOT = """
    insert into ducklake_snapshot (snapshot_id, snapshot_time, schema_version, next_catalog_id, next_file_id)
    select %s, now(), schema_version, next_catalog_id, next_file_id
    from ducklake_snapshot
    order by snapshot_id desc
    limit 1
"""
ITS_CHANGES = "insert into ducklake_snapshot_changes (snapshot_id, changes_made) values (%s, '')"


def take_back(settings: Settings, snapshot: lake.Snapshot) -> None:
    """Give every table the rows that it had. For who holds the lock; what was there stays in the snapshot before."""
    with opening.opened_unlocked(settings) as engine:
        with engine.connect() as connection:
            # Not `at (version => ...)`: that shows a table without what its own transaction has deleted.
            lake.attach(statements.raw(connection), snapshot, name="past")
        with engine.begin() as connection:
            for table in all_tables().values():
                if not table.is_view:
                    statements.raw(connection).execute(f"delete from {table.full_name}")
                    statements.raw(connection).execute(
                        f"insert into {table.full_name} by name from past.{table.full_name}"
                    )
