"""The front page: one HTML file beside the published warehouse that shows what is in it, and its data dictionary.

It loads nothing from elsewhere and runs no script, so it can be mailed, copied and opened anywhere. Before the link is
switched to a new copy, a short notice replaces the page; then the page is drawn from that copy. So it is never older
than the file beside it, a headline that was taken down disappears with the old copy, and whatever happens while the
page is drawn, even a crash, the copy is published.
"""

from __future__ import annotations

import logging
from html import escape
from pathlib import Path
from typing import Any

from etl import store
from etl.files import write_whole
from etl.reports.front_page.names import DICTIONARY as DICTIONARY
from etl.reports.front_page.names import PAGE as PAGE
from etl.settings import Settings

log = logging.getLogger(__name__)


def path_of(settings: Settings) -> Path:
    """Where the front page is."""
    return settings.published_folder / PAGE


def is_drawn(settings: Settings, note: dict[str, Any]) -> bool:
    """Whether the page of that note is there, or no page is wanted."""
    if not settings.front_page:
        return True
    folders = filter(None, (settings.published_folder, settings.published_elsewhere))
    files = (folder / name for folder in folders for name in (PAGE, DICTIONARY))
    return note.get("front_page", "never tried") is None and all(map(store.exists, files))


def give_way(settings: Settings, note: dict[str, Any]) -> None:
    """Replace the page with a notice, because the copy of that note is about to be published."""
    if settings.front_page:
        _notice(settings, note, "Its front page is being drawn. If this notice stays, run: broadsheet publish")
    else:
        for name in (PAGE, DICTIONARY):
            (settings.published_folder / name).unlink(missing_ok=True)


def draw(settings: Settings, note: dict[str, Any]) -> str | None:
    """Draw the pages of the published copy of that note. Returns what went wrong, or None; never raises."""
    if not settings.front_page:
        return None
    try:
        from etl.reports.front_page.page import html_of

        for name, html in html_of(settings, note).items():
            _replace(settings.published_folder / name, html, settings)
    except Exception as error:
        log.exception("The front page of %s could not be drawn; the copy itself is published.", note["file"])
        trouble = f"the front page of {note['file']} could not be drawn: {type(error).__name__}: {error}"
        _notice(settings, note, f"But {trouble}. Once that is fixed, run: broadsheet publish")
        return trouble
    log.info("Drew the front page of %s: %s.", note["file"], path_of(settings))
    return None


def _notice(settings: Settings, note: dict[str, Any], text: str) -> None:
    """Write a page with only the published copy's name and a sentence about itself; remove it if even that fails."""
    try:
        _replace(path_of(settings), NOTICE.format(file=escape(note["file"]), text=escape(text)), settings)
    except OSError:
        log.exception("The notice in place of the front page could not be written.")
        path_of(settings).unlink(missing_ok=True)


NOTICE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Broadsheet</title>
<link rel="icon" href="data:,">
<body style="max-width: 40rem; margin: 3rem auto; padding: 0 1rem; font: 16px/1.5 system-ui, sans-serif">
<h1 style="font-family: Georgia, serif">Broadsheet</h1>
<p>Analysts see {file}. {text}</p>
</html>
"""


def _replace(file: Path, html: str, settings: Settings) -> None:
    write_whole(file, html, settings.published_mode.of_file)
