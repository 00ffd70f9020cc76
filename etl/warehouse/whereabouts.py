"""Whether the settings name the warehouse that is in use, or one that was moved away from.

A warehouse that was moved stays where it was, so that nothing is lost. A process that still has the settings of that
place would go on in it, and publish it: it is refused, on every machine. The place that was left says so itself: beside
a file, in the catalogue of a lake. And the note of what is published says what kind the warehouse is.
"""

from __future__ import annotations

import json
import logging
import socket
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from etl import store
from etl.files import write_whole
from etl.settings import Settings, SettingsError
from etl.warehouse import WarehouseError, lake, lake_marks, places, published_note

log = logging.getLogger(__name__)

MOVED = "moved.json"
"""Beside a warehouse file that was moved: where to, and when."""

PAUSES_SECONDS = (0.2, 0.8, 2.0)
"""How long who reads waits for a note that is on its way, before it takes it for a wrong one."""

ADVICE = {
    places.LAKE: (
        "set BROADSHEET_WAREHOUSE and BROADSHEET_LAKE_DATA as they were (then, to bring it back: broadsheet "
        "move-warehouse --to file); where the lake is lost: broadsheet restore --number, with that of a copy; or, to "
        "go on with what the file here holds, or with nothing, move the folder published away"
    ),
    places.FILE: (
        "unset BROADSHEET_WAREHOUSE and BROADSHEET_LAKE_DATA, or move the file into an empty lake with: broadsheet "
        "move-warehouse; to begin anew, move the published folder away"
    ),
}


def other_than_noted(settings: Settings, note: dict[str, Any] | None) -> tuple[str, str] | None:
    """What is wrong where the settings name another warehouse than the note, and what to do; None where they do not."""
    noted = note and (note.get("warehouse") or (places.LAKE if "snapshot" in note else None))
    if not noted or noted == (kind := places.kind_of(settings)):
        return None
    place = _url_of_note(settings)
    return f"{place} says that the warehouse is a {noted}, and the settings name a {kind}", ADVICE[noted]


def refuse_wrong(settings: Settings) -> None:
    """Raise WarehouseError where what the settings name is not the warehouse that was published, or is older, or where
    the note of what is published is lost. For who only reads.
    """
    refuse_left(settings, is_note_read=True)
    refuse_older(settings)


def settle(settings: Settings) -> None:
    """The same for who holds the lock, and writes: a note that is lost is brought back."""
    bring_note_back(settings)
    refuse_left(settings)
    refuse_older(settings)


def why_wrong(settings: Settings) -> str | None:
    """Why what the settings name is not the warehouse that was published, or is older; None where it is that."""
    try:
        refuse_wrong(settings)
    except WarehouseError as error:
        return str(error)
    return None


def refuse_left(settings: Settings, is_note_read: bool = False) -> None:
    """Raise WarehouseError where the warehouse was moved, and the settings name the place that it was moved from, or
    where these have another note than the lake; for one who reads the note also where it is lost.
    """
    if wrong := _why_left(settings, is_note_read):
        raise WarehouseError(wrong)


def _why_left(settings: Settings, is_note_read: bool) -> str | None:
    """That the settings name a place that the warehouse was moved from, and what to do; None where they do not."""
    place, noted = _noted(settings)
    wrong = other_than_noted(place, noted)
    if target := _moved_to(settings):
        in_lake = lake.of(settings)
        removed = "drop the table broadsheet_moved in its database" if in_lake else f"remove {_mark_of(settings)}"
        note = f", and move {_url_of_note(place)} away" if wrong else ""
        return (
            f"{places.name_of(settings)}: was moved to {target}; let BROADSHEET_WAREHOUSE and BROADSHEET_LAKE_DATA "
            "name that, or neither be set, and only on that machine, where it is a file; to give that up, and go on "
            f"here as it was before, {removed}{note}"
        )
    if wrong:
        return "; ".join(wrong)
    return _why_note_is_wrong(settings, is_note_read)


def _why_note_is_wrong(settings: Settings, is_note_read: bool) -> str | None:
    """That the note in the place that the settings name does not know what was published of a lake last, so that here
    nobody knows which snapshots analysts need; and what to do. In its own place it is brought back by the next one who
    writes, and wrong only for one who reads it, unless what it names is still there: it may be about to be written.
    """
    unknown = _unknown_after_a_while(settings) if is_note_read else _unknown_publication(settings)
    if unknown is None:
        return None
    own = _place_of_note(settings)
    number = unknown.last["number"]
    name = unknown.in_lake.name
    if unknown.place == own:
        wrong = (
            f"{name}: its note, {published_note.NOTE} in {own}, does not know what was published last (number "
            f"{number}): it is lost, damaged or older; to write it as the lake has it, run: broadsheet publish"
        )
        return wrong if is_note_read and not unknown.is_kept else None
    return (
        f"{name}: what is published of it (number {number}) is noted in {unknown.place}, and these settings name "
        f"{own}; let BROADSHEET_PUBLISHED, or BROADSHEET_HOME, name the former, or copy its {published_note.NOTE} "
        "into the latter; where it is lost, drop the table broadsheet_published in the lake's database"
    )


def _unknown_after_a_while(settings: Settings) -> _Unknown | None:
    """What `_unknown_publication` finds, for one who reads: where the note has another place, by another machine's name
    for it, that machine may be about to write it.
    """
    unknown, own = _unknown_publication(settings), _place_of_note(settings)
    for pause_seconds in PAUSES_SECONDS:
        if unknown is None or unknown.place == own or not unknown.is_kept:
            break
        time.sleep(pause_seconds)
        unknown = _unknown_publication(settings)
    return unknown


class _Unknown(NamedTuple):
    """What a lake says of its last publication, and where its note is; and the note that does not know that."""

    in_lake: lake.Snapshot
    place: str
    last: dict[str, Any]
    note: dict[str, Any] | None

    @property
    def is_kept(self) -> bool:
        """Whether the note is of an earlier publication that analysts may still go back to."""
        note, kept = self.note or {}, self.last.get("snapshots", {})
        number = str(note.get("number"))
        return number in kept and kept[number] == note.get("snapshots", {}).get(number)


def _unknown_publication(settings: Settings) -> _Unknown | None:
    """The last publication of a lake, as that has it, where the note does not know it."""
    in_lake = lake.of(settings)
    marked = lake_marks.published(in_lake) if in_lake else None
    if not in_lake or not marked:
        return None
    try:
        note = published_note.read(settings)
    except WarehouseError:
        return None  # the bucket does not answer: who needs the note says so
    place, last = marked
    is_known = note is not None and _knows(note, last, place == _place_of_note(settings))
    return None if is_known else _Unknown(in_lake, place, last, note)


def _knows(note: dict[str, Any], last: dict[str, Any], is_in_its_place: bool) -> bool:
    """Whether a note is that of the last publication, or a later one of the same lake. In its own place it may be that
    of which the catalogue, brought back from a backup, knows nothing: see `refuse_older`.
    """
    if note["number"] <= last["number"]:
        same = ("number", "published_at", "snapshot", "restored")
        return all(note.get(name) == last.get(name) for name in same)
    return is_in_its_place or note.get("snapshots", {}).get(str(last["number"])) == last.get("snapshot")


def bring_note_back(settings: Settings) -> None:
    """Write the note of what is published as the lake has it, where it is lost or older, but in its own place."""
    unknown = _unknown_publication(settings)
    if unknown and unknown.place == _place_of_note(settings) and not lake_marks.moved_to(unknown.in_lake):
        published_note.write(settings, unknown.last)
        log.warning(
            "The note of what is published was lost or older: it is as the lake has it, number %s.",
            unknown.last["number"],
        )


def note_published(settings: Settings, note: dict[str, Any]) -> None:
    """Let a lake say to every machine where the note is that names this publication, and what it says."""
    if in_lake := lake.of(settings):
        lake_marks.mark_published(in_lake, _place_of_note(settings), note)


def last_published(settings: Settings) -> dict[str, Any] | None:
    """The note of the last publication, as the lake has it; None of a file, which says nothing of it."""
    in_lake = lake.of(settings)
    marked = lake_marks.published(in_lake) if in_lake else None
    return marked[1] if marked else None


def _url_of_note(settings: Settings) -> str:
    return store.url_of((settings.published_elsewhere or settings.published_folder) / published_note.NOTE)


def _place_of_note(settings: Settings) -> str:
    if settings.published_elsewhere:
        return store.url_of(settings.published_elsewhere)
    return f"{settings.published_folder} on {socket.gethostname()}"


def _noted(settings: Settings) -> tuple[Settings, dict[str, Any] | None]:
    """The note, from the bucket in which it is shared, or the one that this machine wrote where that has none or does
    not answer; and the settings that lead to it.
    """
    with suppress(WarehouseError):
        if note := published_note.read(settings):
            return settings, note
    here = on_this_machine(settings)
    return here, published_note.read(here)


def on_this_machine(settings: Settings) -> Settings:
    """The settings by which the note is read that this machine wrote: it is there when no bucket answers."""
    return replace(settings, published="")


def _mark_of(settings: Settings) -> Path:
    return settings.warehouse_file.with_name(MOVED)


def _moved_to(settings: Settings) -> str | None:
    """Where the place that the settings name says that the warehouse was moved to."""
    if in_lake := lake.of(settings):
        return lake_marks.moved_to(in_lake)
    try:
        return str(json.loads(_mark_of(settings).read_text("utf-8"))["to"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        return "another place"


def note_moved(source: Settings, target: Settings) -> None:
    """Note where the warehouse is from now on, and mark the place that it left, of which nothing counts any more. The
    note comes first: without it the new place would be refused.
    """
    if note := published_note.read(source):
        kept = {name: said for name, said in note.items() if name not in ("snapshot", "snapshots")}
        left = [*places.left_but(note, target), places.place_of(source)]
        published_note.write(source, {**kept, **places.whole(target), "left": left})
    _unmark(target)
    if in_lake := lake.of(source):
        lake_marks.mark_moved(in_lake, places.in_words(places.place_of(target)))
    else:
        said = {"to": places.in_words(places.place_of(target)), "at": datetime.now(UTC).isoformat(timespec="seconds")}
        write_whole(_mark_of(source), json.dumps(said) + "\n", 0o600)


def _unmark(settings: Settings) -> None:
    if in_lake := lake.of(settings):
        lake_marks.mark_in_use(in_lake)
    else:
        _mark_of(settings).unlink(missing_ok=True)


def note_restored(settings: Settings) -> None:
    """Note that a person restored the warehouse: it is here, and may lack what analysts have. The lake in which it was
    says so, where it can be reached.
    """
    _unmark(settings)
    if note := published_note.read(settings):
        note.pop("refused", None)
        left, before = places.left_but(note, settings), note.get("place")
        if note.get("warehouse", places.FILE) != places.kind_of(settings) and isinstance(before, dict):
            left.append(before)
            if "data" in before:
                with suppress(WarehouseError, SettingsError, KeyError):
                    gone = lake.Snapshot(before["catalogue"], before["data"])
                    lake_marks.mark_moved(gone, places.in_words(places.place_of(settings)))
        restored = {"restored": datetime.now(UTC).isoformat(), **places.whole(settings), "left": left}
        published_note.write(settings, {**note, **restored})
        note_published(settings, {**note, **restored})


def refuse_older(settings: Settings) -> None:
    """Raise WarehouseError where the catalogue of a lake is older than what analysts were handed: it would give the
    number of their snapshot to a load that is not verified, and take newer files for such that nothing names.
    """
    in_lake = lake.of(settings)
    kept = published_note.kept_snapshots(settings) if in_lake else {}
    if not in_lake or not kept:
        return
    there = lake.numbers_in_catalogue(in_lake) if lake.exists(in_lake) else set()
    if (handed := max(kept.values())) not in there:
        known = [number for number, snapshot in kept.items() if snapshot in there]
        older = f", or accept the older one with: broadsheet restore --number {max(known, default=0)}"
        raise WarehouseError(
            f"{in_lake.name}: its catalogue is older than what is published: it lacks snapshot {handed}, the last that "
            f"analysts were handed, and its own last is {max(there, default=0)}; bring back a newer backup of "
            f"PostgreSQL{older if known else _lost(settings)}"
        )


def _lost(settings: Settings) -> str:
    """What to do where the catalogue of a lake is lost for good, and a plain copy of what is published is kept."""
    note = published_note.read(settings) or {}
    if "copy" not in note:
        return ""
    number = note["number"]
    unset = "unset BROADSHEET_WAREHOUSE and BROADSHEET_LAKE_DATA"
    return f"; where it is lost, {unset}, and go on in a file: broadsheet restore --number {number}"
