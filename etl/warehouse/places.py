"""Where a warehouse is and was, as the note of what is published says it, and as people read it."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

from etl import store
from etl.settings import Settings, SettingsError
from etl.warehouse import lake, published_note

FILE, LAKE = "file", "lake"


def kind_of(settings: Settings) -> str:
    """What the settings name as the warehouse: `file` or `lake`."""
    return LAKE if lake.of(settings) else FILE


def name_of(settings: Settings) -> str:
    """Where the warehouse is, as it is called on a screen."""
    found = lake.of(settings)
    return found.name if found else str(settings.warehouse_file)


def told(settings: Settings, before: dict[str, Any] | None) -> dict[str, Any]:
    """What the next note says: of what kind the warehouse is and where, and in `left` where it was."""
    left = (before or {}).get("left")
    return whole(settings) | ({"left": left} if left else {})


def whole(settings: Settings) -> dict[str, Any]:
    """Of what kind the warehouse is and where, for a note that says where it is from now on."""
    return {"warehouse": kind_of(settings), "place": place_of(settings)}


def place_of(settings: Settings) -> dict[str, str]:
    """Where the warehouse is, for a note that everybody may read."""
    if found := lake.of(settings):
        return {"data": found.data, "catalogue": lake.without_password(found.catalogue)}
    return {"file": str(settings.warehouse_file), "machine": socket.gethostname()}


def in_words(place: Any) -> str:
    """A place of a note as a person reads it."""
    match place:
        case {"file": file, "machine": machine}:
            return f"{file} on {machine}"
        case {"data": data, "catalogue": catalogue}:
            return f"the lake {data} with its database ({catalogue})"
    return f"what `left` in {published_note.NOTE} calls {place!r}"


def left_but(note: dict[str, Any], settings: Settings) -> list[Any]:
    """The places that were left, but for that which the settings name."""
    left = note.get("left")
    return [place for place in left if place != place_of(settings)] if isinstance(left, list) else []


def still_left(settings: Settings) -> list[str]:
    """Where the warehouse was before it was moved, as far as anything may be there: nobody looks into it any more."""
    left = left_but(published_note.read(settings) or {}, settings)
    named = [in_words(place) for place in left if _may_be_there(place)]
    own = settings.warehouse_file
    is_own_named = any(name.startswith(f"{own} on ") for name in named)
    return [*named, *([str(own)] if lake.of(settings) and own.exists() and not is_own_named else [])]


def _may_be_there(place: Any) -> bool:
    """What cannot be reached, or is not understood, may be there."""
    match place:
        case {"file": str(file), "machine": machine}:
            return machine != socket.gethostname() or Path(file).exists()
        case {"data": str(), "catalogue": str()}:
            return _may_be_lake(place)
    return True


def _may_be_lake(place: dict[str, str]) -> bool:
    try:
        found = lake.Snapshot(place["catalogue"], place["data"])
        return store.is_folder(store.path_of(place["data"])) or lake.data_path(found) == found.data.rstrip("/")
    except lake.Unreachable as error:
        return "does not exist" not in str(error)
    except (OSError, SettingsError):
        return True
