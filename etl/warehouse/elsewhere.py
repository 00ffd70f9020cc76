"""What is published, for other machines: the note, the front page and plain copies in a bucket (BROADSHEET_PUBLISHED).

There is no link in a bucket. The note names the copy, and is put there last; so who reads it finds what it names.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from etl import store
from etl.files import writing
from etl.settings import Settings

_NUMBERED = re.compile(r"^(\d+)/[^/]+\.duckdb$")


def share(settings: Settings, note: dict[str, Any], name: str) -> None:
    """Put what the note names, the pages beside it and at last the note, which has this name, into the bucket."""
    if (target := settings.published_elsewhere) is None:
        return
    with writing(target):
        _share(settings, note, name, target)


def _share(settings: Settings, note: dict[str, Any], name: str, target: Path) -> None:
    copy = settings.published_folder / note["file"]
    if copy.is_file() and not store.exists(target / note["file"]):
        store.put(copy, target / note["file"])
    pages = {page.name for page in settings.published_folder.glob("*.html")}
    store.remove([page for page in _beside(target) if page.suffix == ".html" and page.name not in pages])
    for page in pages:
        store.put(settings.published_folder / page, target / page)
    store.put(settings.published_folder / name, target / name)


def _beside(target: Path) -> list[Path]:
    with store.scan(target) as entries:
        return [Path(entry.path) for entry in entries if not entry.is_dir()]


def address(settings: Settings, note: dict[str, Any]) -> str | None:
    """Where other machines find the copy that the note names; None where nothing is shared."""
    target = settings.published_elsewhere
    return store.url_of(target / note["file"]) if target else None


def fetched(settings: Settings, note: dict[str, Any]) -> Path:
    """The copy that the note names on this machine, fetched if it is not there. Raises OSError."""
    copy = settings.published_folder / note["file"]
    if settings.published_elsewhere and not copy.exists():
        copy.parent.mkdir(parents=True, exist_ok=True)
        store.get(settings.published_elsewhere / note["file"], copy)
    return copy


def drop_copies(settings: Settings, keep: int) -> None:
    """Remove all copies but the last ones, so many, from the bucket."""
    if (target := settings.published_elsewhere) is None:
        return
    found = {file: _NUMBERED.match(file.relative_to(target).as_posix()) for file in store.files(target)}
    by_number = {int(numbered[1]): file for file, numbered in found.items() if numbered}
    store.remove([by_number[number] for number in sorted(by_number)[: max(0, len(by_number) - keep)]])
