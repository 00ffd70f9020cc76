"""The front page as HTML. Everything from a dump is escaped, kept to one line, and cut if it is very long."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from etl import words
from etl.reports import docs, printable, style
from etl.reports.front_page import charts, facts, star
from etl.reports.overview import of_copy, published_of
from etl.settings import UTC, Settings
from etl.warehouse import reading
from etl.warehouse.catalogue import all_tables

HERE = Path(__file__).parent


def html_of(settings: Settings, note: dict[str, Any]) -> str:
    """The page of the published copy that the note names."""
    copy = settings.published / note["file"]
    with reading.attached(copy) as connection:
        connection.execute("set memory_limit = $1", [settings.memory_limit])
        connection.execute("set threads = $1", [settings.threads])
        found = facts.read(connection, settings, of_copy(connection, settings, published_of(note)))
    return html(found, copy.stat().st_size)


def html(found: facts.Facts, copy_bytes: int) -> str:
    """The page that shows these facts."""
    tables = star.star_of(all_tables())
    return (
        _templates()
        .get_template("page.html")
        .render(
            found=found,
            copy_bytes=copy_bytes,
            icon=Markup(b64encode(style.ICON.read_bytes()).decode()),
            styles=Markup(style.STYLES.read_text("utf-8") + (HERE / "page.css").read_text("utf-8")),
            star=tables,
            drawing=star.drawing(tables),
            dictionary=docs.by_folder(all_tables()),
            legend=_legend(found.daily_volume),
        )
    )


def _legend(volume: Iterable[facts.Row]) -> list[facts.Row]:
    """The publications of the daily chart: name, colour, and articles over all its days; the others last."""
    legend: dict[int, facts.Row] = {}
    for row in volume:
        rank = row["rank"]
        entry = {"name": row["publication"], "colour": charts.colour(rank), "articles": 0}
        legend.setdefault(rank, entry)["articles"] += row["articles"]
    return [legend[rank] for rank in sorted(legend, key=lambda rank: (rank == 0, rank))]


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"words": words, "charts": charts, "limits": facts}
    environment.filters |= {"said": said, "name": name, "number": number, "day": day, "at": at, "share": share}
    return environment


def said(text: str | None, at_most: int = 300) -> str:
    """A text from a dump on one line, not too long, with nothing in it that acts on the lines around it."""
    shown = printable.line(text or "")
    return shown if len(shown) <= at_most else f"{shown[: at_most - 1].rstrip()}…"


def name(text: str) -> Markup:
    """A name as `said` returns it, which may break after its underscores if the screen is narrow."""
    return Markup("_<wbr>").join(said(text, 80).split("_"))


def number(value: float | None) -> str:
    """`1,200`; `–` if there is none."""
    return "–" if value is None else f"{value:,.0f}"


def day(value: date | None) -> str:
    """`3 Mar 2026`."""
    return "–" if value is None else f"{value:%-d %b %Y}"


def at(value: datetime, timezone: ZoneInfo = UTC) -> str:
    """A time in UTC as it is in a zone: `3 Mar 2026, 02:14 UTC`."""
    local = value.replace(tzinfo=UTC).astimezone(timezone)
    return f"{local:%-d %b %Y, %H:%M} {timezone.key}"


def share(part: float, whole: float) -> str:
    """A width in percent."""
    return f"{100 * part / whole:.2f}%" if whole else "0%"
