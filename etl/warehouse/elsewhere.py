"""What is published, for other machines: the note, the front page and plain copies in a bucket (BROADSHEET_PUBLISHED).

There is no link in a bucket. The note names the copy, and is put there last; so who reads it finds what it names.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path
from typing import Any

import duckdb

from etl import store
from etl.files import writing
from etl.settings import Settings
from etl.warehouse import WarehouseError, reading

_NUMBERED = re.compile(r"^(\d+)/[^/]+\.duckdb$")


def share(settings: Settings, name: str) -> None:
    """Put the note, which has this name, into the bucket. What it names is there already."""
    if target := settings.published_elsewhere:
        with writing(target):
            store.put(settings.published_folder / name, target / name)


def share_copy(settings: Settings, name: str) -> None:
    """Put a plain copy that was just made into the bucket. Raises WarehouseError where another process, which took the
    lock meanwhile, put one of that number there: it may be published by now.
    """
    if (target := settings.published_elsewhere) is None:
        return
    with writing(target):
        is_made = store.put_first(settings.published_folder / name, target / name)
    if not is_made:
        raise WarehouseError(
            f"{store.url_of(target / name)}: another process put a copy there meanwhile, which stays; nothing of this "
            "load is lost; to publish it with the next number, run: broadsheet publish"
        )


def share_pages(settings: Settings) -> None:
    """Put the pages that were just drawn into the bucket, and take others out. For no one who has not drawn them: what
    another machine drew is newer than the pages here.
    """
    if (target := settings.published_elsewhere) is None:
        return
    pages = {page.name for page in settings.published_folder.glob("*.html")}
    with writing(target):
        store.remove([page for page in _beside(target) if page.suffix == ".html" and page.name not in pages])
        for page in pages:
            store.put(settings.published_folder / page, target / page)


def missing_copy(settings: Settings, note: dict[str, Any]) -> str | None:
    """The plain copy that the note names, where it should be in the bucket and is not; else None."""
    target, copy = settings.published_elsewhere, note.get("copy", note["file"])
    if target is None or not _NUMBERED.match(copy) or store.exists(target / copy):
        return None
    return store.url_of(target / copy)


def newest_number(settings: Settings) -> int:
    """The highest number of a plain copy in the bucket; 0 without any. One may be there that no note names: who put it
    there died before the note.
    """
    return max(numbers(settings), default=0)


def numbers(settings: Settings) -> list[int]:
    """The numbers of the plain copies in the bucket; none where nothing is shared."""
    return list(_copies(settings.published_elsewhere)) if settings.published_elsewhere else []


def _copies(target: Path) -> dict[int, Path]:
    """The plain copies in a bucket by their numbers."""
    found = {file: _NUMBERED.match(file.relative_to(target).as_posix()) for file in store.files(target)}
    return {int(numbered[1]): file for file, numbered in found.items() if numbered}


def _beside(target: Path) -> list[Path]:
    with store.scan(target) as entries:
        return [Path(entry.path) for entry in entries if not entry.is_dir()]


def address(settings: Settings, note: dict[str, Any]) -> str | None:
    """Where other machines find the copy that the note names; None where nothing is shared."""
    target = settings.published_elsewhere
    return store.url_of(target / note["file"]) if target else None


def fetched(settings: Settings, note: dict[str, Any]) -> Path:
    """The copy that the note names on this machine, fetched if it is not there, or is that of one who died before it
    was published. Raises OSError, and WarehouseError where that in the bucket is another one.
    """
    copy, run_id = settings.published_folder / note["file"], note.get("run_id")
    if (target := settings.published_elsewhere) is None or _holds_run(copy, run_id):
        return copy
    copy.parent.mkdir(parents=True, exist_ok=True)
    store.get(target / note["file"], copy)
    if not _holds_run(copy, run_id):
        raise WarehouseError(
            f"{store.url_of(target / note['file'])}: is not the copy that its note names: it cannot be read, or lacks "
            f"run {run_id}; to publish anew, run: broadsheet publish"
        )
    return copy


def _holds_run(copy: Path, run_id: str | None) -> bool:
    """Whether a copy is there, and holds that run where one is named."""
    if run_id is None or not copy.exists():
        return copy.exists()
    try:
        with reading.attached(copy) as connection:
            found = connection.execute("select count(*) from ops.load_run where run_id = $1", [run_id]).fetchone()
    except (WarehouseError, duckdb.Error):
        return False
    return found == (1,)


def fetch_numbered(settings: Settings, number: int, run_id: str | None = None) -> None:
    """Fetch the plain copy of that number, if there is one in the bucket and none on this machine, or, where a run is
    named, none that holds it. Raises OSError, and WarehouseError where that in the bucket does not hold it.
    """
    target = settings.published_elsewhere
    if target and (found := _copies(target).get(number)):
        fetched(settings, {"file": found.relative_to(target).as_posix(), "run_id": run_id})


def drop_copies(settings: Settings, kept: Collection[int]) -> None:
    """Remove all copies but those of these numbers from the bucket."""
    if target := settings.published_elsewhere:
        store.remove([copy for number, copy in _copies(target).items() if number not in kept])
