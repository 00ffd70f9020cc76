"""The note of what is published: what analysts have, since when, of which run, and where the warehouse is."""

from __future__ import annotations

import json
from typing import Any

from etl import store
from etl.files import write_whole, writing
from etl.settings import Settings
from etl.warehouse import WarehouseError, elsewhere

NOTE = "published.json"
NOTED = {"number": int, "run_id": str, "published_at": str, "file": str}
"""What a note says of the copy that is published."""


def read(settings: Settings) -> dict[str, Any] | None:
    """What was published when: `number`, `run_id`, `published_at`, `file`; None before the first.

    And `front_page`: what went wrong while it was drawn, if anything did; not there until that was tried. `refused`:
    why a later load was not published, if it was not. `restored`: when the warehouse was restored, if it was since.
    `copy`: the file, also beside a snapshot; of a lake `snapshot`, and the last ones by number in `snapshots`.
    `warehouse`, `place`, `left`: where the warehouse is and was (see etl.warehouse.whereabouts).
    Raises WarehouseError where the bucket that it is in does not answer.
    """
    file = (settings.published_elsewhere or settings.published_folder) / NOTE
    try:
        note = json.loads(store.read_text(file))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        if settings.published_elsewhere and isinstance(error, OSError):  # not to be taken for nothing published
            raise WarehouseError(
                f"{store.url_of(file)}: {error.strerror}; analysts keep what they have: see whether the storage can be "
                "reached, then run it again"
            ) from error
        return None
    return note if isinstance(note, dict) and _is_sound(note) else None


def _is_sound(note: dict[str, Any]) -> bool:
    """Whether a note says what one must, in the types in which it is written: people edit it."""
    said = note.keys() >= NOTED.keys() and all(type(note[name]) is kind for name, kind in NOTED.items())
    snapshots = note.get("snapshots", {})
    return (
        said
        and type(note.get("snapshot", 0)) is int
        and note.get("warehouse", "file") in ("file", "lake")
        and isinstance(snapshots, dict)
        and all(str(number).isdigit() and type(snapshot) is int for number, snapshot in snapshots.items())
    )


def write(settings: Settings, note: dict[str, Any]) -> None:
    """Keep the note, whole or not at all."""
    settings.published_folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(note, indent=1) + "\n"
    with writing(settings.published_folder):
        write_whole(settings.published_folder / NOTE, text, settings.published_mode.of_file)
    elsewhere.share(settings, NOTE)


def forget_refusal(settings: Settings) -> None:
    """Take back that a load was not published, because it is published by now, or no longer in the warehouse."""
    if (note := read(settings)) and note.pop("refused", None):
        write(settings, note)


def kept_snapshots(settings: Settings) -> dict[int, int]:
    """The snapshots of a lake that one may go back to, those published last: by their numbers of publication."""
    note = read(settings) or {}
    last = {note["number"]: note["snapshot"]} if "snapshot" in note else {}
    known = {int(number): snapshot for number, snapshot in note.get("snapshots", {}).items()} or last
    return dict([*known.items()][-settings.keep_published :])
