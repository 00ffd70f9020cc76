"""Whether the settings name the warehouse that analysts' note speaks of, or one that was moved away from.

A warehouse that was moved stays where it was, so that nothing is lost. A process without the new settings would go on
in it, and publish it: it is refused.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from etl import store
from etl.settings import Settings
from etl.warehouse import WarehouseError, lake, published_note

FILE, LAKE = "file", "lake"
ADVICE = {
    LAKE: (
        "set BROADSHEET_WAREHOUSE and BROADSHEET_LAKE_DATA as they were, or bring it back with: broadsheet "
        "move-warehouse --to file; where the lake is lost: broadsheet restore --number, with that of a copy"
    ),
    FILE: (
        "unset BROADSHEET_WAREHOUSE and BROADSHEET_LAKE_DATA, or move the file there with: broadsheet move-warehouse; "
        "to begin anew, move the published folder away"
    ),
}


def kind_of(settings: Settings) -> str:
    """What the settings name as the warehouse: `file` or `lake`."""
    return LAKE if lake.of(settings) else FILE


def other_than_noted(settings: Settings, note: dict[str, Any] | None) -> tuple[str, str] | None:
    """What is wrong where the settings name another warehouse than the note, and what to do; None where they do not."""
    noted = note and (note.get("warehouse") or (LAKE if "snapshot" in note else None))
    if not noted or noted == (kind := kind_of(settings)):
        return None
    note_file = settings.published_folder / published_note.NOTE
    return f"{note_file} says that the warehouse is a {noted}, and the settings name a {kind}", ADVICE[noted]


def refuse_wrong(settings: Settings) -> None:
    """Raise WarehouseError where what the settings name is not the warehouse that was published, or is older."""
    refuse_left(settings)
    refuse_older(settings)


def refuse_left(settings: Settings) -> None:
    """Raise WarehouseError where the warehouse was moved, and the settings name the place that it was moved from."""
    if wrong := other_than_noted(settings, published_note.read(on_this_machine(settings))):
        raise WarehouseError("; ".join(wrong))


def on_this_machine(settings: Settings) -> Settings:
    """The settings by which the note is read that this machine wrote: it is there when no bucket answers."""
    return replace(settings, published="")


def note_moved(source: Settings, target: Settings) -> None:
    """Note where the warehouse is from now on, and the lake that it left, of which no snapshot counts any more."""
    if note := published_note.read(source):
        places = {*note.get("left", []), *_data(source)} - {*_data(target)}
        kept = {name: said for name, said in note.items() if name not in ("snapshot", "snapshots")}
        published_note.write(source, {**kept, "warehouse": kind_of(target), "left": sorted(places)})


def note_restored(settings: Settings) -> None:
    """Note that a person restored the warehouse: it is here, and may lack what analysts have."""
    if note := published_note.read(settings):
        note.pop("refused", None)
        restored = {"restored": datetime.now(UTC).isoformat(), "warehouse": kind_of(settings)}
        published_note.write(settings, {**note, **restored})


def _data(settings: Settings) -> list[str]:
    found = lake.of(settings)
    return [found.data] if found else []


def told(settings: Settings, before: dict[str, Any] | None) -> dict[str, Any]:
    """What the next note says of the warehouse: `warehouse`, and in `left` where lakes that it left kept their rows."""
    left = (before or {}).get("left")
    return {"warehouse": kind_of(settings)} | ({"left": left} if left else {})


def still_left(settings: Settings) -> list[str]:
    """Where the warehouse was before it was moved, as far as anything is there: nobody looks into it any more."""
    note = published_note.read(settings) or {}
    lakes = [f"the lake {data}" for data in note.get("left", []) if _is_there(data)]
    is_file_left = lake.of(settings) is not None and settings.warehouse_file.exists()
    return [*([str(settings.warehouse_file)] if is_file_left else []), *lakes]


def _is_there(data: str) -> bool:
    """Whether a lake may still have rows: what cannot be reached may."""
    try:
        return store.is_folder(store.path_of(data))
    except OSError:
        return True


def refuse_older(settings: Settings) -> None:
    """Raise WarehouseError where the catalogue of a lake is older than what analysts were handed: it would give the
    number of their snapshot to a load that is not verified, and take newer files for such that nothing names.
    """
    in_lake, note = lake.of(settings), published_note.read(settings)
    if not in_lake or not note or "snapshot" not in note:
        return
    newest = lake.newest_in_catalogue(in_lake) if lake.exists(in_lake) else 0
    if newest < note["snapshot"]:
        kept = published_note.kept_snapshots(settings)
        known = [number for number, snapshot in kept.items() if snapshot <= newest]
        accept = f", or accept the older one with: broadsheet restore --number {max(known)}" if known else ""
        raise WarehouseError(
            f"{in_lake.name}: its catalogue is older than what is published: found snapshot {newest}, expected "
            f"{note['snapshot']} or later; bring back a newer backup of PostgreSQL{accept}"
        )
