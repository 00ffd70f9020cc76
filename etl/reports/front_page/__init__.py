"""The front page: one HTML file beside the published warehouse that tells what is in it.

It asks for nothing from elsewhere and runs no script, so it can be mailed, copied and opened anywhere. Before the link
is switched to a new copy, the page gives way to a short notice; then it is drawn from that copy. So it is never older
than the file beside it, a headline that was taken down leaves with the copy, and whatever happens while it is drawn,
even a crash, the copy is published.
"""

from __future__ import annotations

import logging
from html import escape
from pathlib import Path
from typing import Any

from etl.files import sync
from etl.settings import Settings

log = logging.getLogger(__name__)

PAGE = "index.html"


def path_of(settings: Settings) -> Path:
    """Where the front page lies."""
    return settings.published / PAGE


def is_drawn(settings: Settings, note: dict[str, Any]) -> bool:
    """Whether the page of that note is there, or none is wanted."""
    if not settings.front_page:
        return True
    return note.get("front_page", "never tried") is None and path_of(settings).exists()


def give_way(settings: Settings, note: dict[str, Any]) -> None:
    """Put a notice in the place of the page, for the copy of that note is about to be published."""
    if settings.front_page:
        _notice(settings, note, "Its front page is being drawn. If this stays, run: broadsheet publish")
    else:
        path_of(settings).unlink(missing_ok=True)


def draw(settings: Settings, note: dict[str, Any]) -> str | None:
    """Draw the page of the published copy of that note. Gives what went wrong, None where nothing did; never raises."""
    if not settings.front_page:
        return None
    try:
        from etl.reports.front_page.page import html_of

        _replace(path_of(settings), html_of(settings, note))
    except Exception as error:
        log.exception("The front page of %s could not be drawn; the copy itself is published.", note["file"])
        trouble = f"the front page of {note['file']} could not be drawn: {type(error).__name__}: {error}"
        _notice(settings, note, f"But {trouble}. Once mended, run: broadsheet publish")
        return trouble
    log.info("Drew the front page of %s: %s.", note["file"], path_of(settings))
    return None


def _notice(settings: Settings, note: dict[str, Any], text: str) -> None:
    """A page that says only which copy is published, and a sentence about itself; none where even that fails."""
    try:
        _replace(path_of(settings), NOTICE.format(file=escape(note["file"]), text=escape(text)))
    except OSError:
        log.exception("no notice could be written")
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


def _replace(page: Path, html: str) -> None:
    """Readers see the old page or the new one, whole."""
    temporary = page.with_name(f".{page.name}.new")
    temporary.write_text(html, "utf-8")
    sync(temporary)
    temporary.replace(page)
    sync(page.parent)
