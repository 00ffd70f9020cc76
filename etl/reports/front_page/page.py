"""The front page and the data dictionary as HTML. What is from a dump is escaped, on one line, and cut if very long."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from etl import words
from etl.reports import docs, printable, style
from etl.reports.front_page import charts, facts, star
from etl.reports.front_page.names import DICTIONARY, PAGE
from etl.reports.overview import of_copy, published_of
from etl.settings import UTC, Settings
from etl.warehouse import lake, published, reading
from etl.warehouse.catalogue import all_tables

HERE = Path(__file__).parent
LONGEST_ADDRESS = 2000


def html_of(settings: Settings, note: dict[str, Any]) -> dict[str, str]:
    """The pages of the published copy that the note names, by file name."""
    copy = published.place_of(settings, note)
    with reading.attached(copy) as connection:
        connection.execute("set memory_limit = $1", [settings.memory_limit])
        connection.execute("set threads = $1", [settings.threads])
        found = facts.read(connection, settings, of_copy(connection, settings, published_of(note)))
        copy_bytes = copy.stat().st_size if isinstance(copy, Path) else lake.bytes_of(connection)
    return html(found, copy_bytes)


def html(found: facts.Facts, copy_bytes: int) -> dict[str, str]:
    """The pages that show these facts, by file name."""
    tables = star.star_of(all_tables())
    legend = _legend(found.daily_volume)
    shown: dict[str, Any] = {
        "found": found,
        "published": found.overview.published,
        "copy_bytes": copy_bytes,
        "icon": Markup(b64encode(style.ICON.read_bytes()).decode()),
        "styles": Markup(style.STYLES.read_text("utf-8") + (HERE / "page.css").read_text("utf-8")),
    }
    of_dictionary = {"star": tables, "drawing": star.drawing(tables), "dictionary": docs.by_folder(all_tables())}
    return {
        DICTIONARY: _templates().get_template("dictionary.html").render(**shown, **of_dictionary),
        PAGE: _templates()
        .get_template("page.html")
        .render(**shown, legend=legend, daily=_by_day(found.daily_volume, legend)),
    }


def _legend(volume: Iterable[facts.Row]) -> list[facts.Row]:
    """The publications of the daily chart: name, colour, and articles over all its days; the others last."""
    legend: dict[int, facts.Row] = {}
    for row in volume:
        rank = row["rank"]
        entry = {"rank": rank, "name": row["publication"], "colour": charts.colour(rank), "articles": 0}
        legend.setdefault(rank, entry)["articles"] += row["articles"]
    return [legend[rank] for rank in sorted(legend, key=lambda rank: (rank == 0, rank))]


def _by_day(volume: Iterable[facts.Row], legend: Iterable[facts.Row]) -> list[facts.Row]:
    """The days of the daily chart, the newest first, each with its articles in the order of the legend."""
    days: dict[date, dict[int, int]] = {}
    for row in volume:
        days.setdefault(row["day"], {})[row["rank"]] = row["articles"]
    ranks = [entry["rank"] for entry in legend]
    return [{"day": day, "articles": [days[day].get(rank, 0) for rank in ranks]} for day in sorted(days, reverse=True)]


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"words": words, "charts": charts, "limits": facts, "PAGE": PAGE, "DICTIONARY": DICTIONARY}
    filters = {"said": said, "web": web, "name": name, "anchor": anchor, "number": number, "day": day, "at": at}
    environment.filters |= {**filters, "share": share}
    return environment


def said(text: str | None, at_most: int = 300) -> str:
    """A text from a dump on one line, not too long, with nothing in it that acts on the lines around it."""
    shown = printable.line(text or "")
    return shown if len(shown) <= at_most else f"{shown[: at_most - 1].rstrip()}…"


def web(url: str | None) -> str | None:
    """The address of an article if a browser may follow it: http or https, nothing hidden in it; else None."""
    if not url or len(url) > LONGEST_ADDRESS or printable.line(url) != url or any(map(str.isspace, url)):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    # What stands before an @ is a name and a password, and looks like a host.
    return url if parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc else None


def anchor(title: str) -> str:
    """A heading as the end of an address: its first word."""
    return title.split()[0].strip(":").lower()


def name(text: str) -> Markup:
    """A name as `said` returns it, which may break after its underscores if the screen is narrow."""
    return Markup("_<wbr>").join(said(text, 80).split("_"))


def number(value: float | None) -> str:
    """`1,200`; `–` if there is none."""
    return "–" if value is None else words.rounded(value)


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
