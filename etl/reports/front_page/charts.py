"""The charts of the front page: made with Altair and drawn here as SVG, which needs no script.

Colours are the page's own CSS variables, so that one drawing serves light and dark. A chart is drawn at about the width
of a phone or of a column, so that its letters are as large as those of the text. The label shown when a mark is pointed
at is a `<title>` within it; the same numbers are in a table below the chart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import altair as alt
import vl_convert
from lxml import etree
from markupsafe import Markup

from etl.reports.printable import line
from etl.words import counted, rounded

Row = dict[str, Any]

SOFT, LINE, SHEET = "var(--soft)", "var(--line)", "var(--sheet)"
GAP_COLOURS = {"nothing": "var(--none)", "there": "var(--calm)", "thin": "var(--warn)", "missing": "var(--alarm)"}
QUALITY_COLOURS = {"met": "var(--calm)", "info": "var(--info)", "warning": "var(--warn)", "critical": "var(--alarm)"}

WIDE, COLUMN = 1160, 380
"""The width of the whole page, and of a column or a phone."""

LABEL_WIDTH, SHORT = 130, 30
COUNT = alt.Y(
    "articles:Q",
    title=None,
    axis=alt.Axis(tickCount=4, format="~s", tickMinStep=1, labelExpr="datum.value ? datum.label : '0'"),
)

SVG = "http://www.w3.org/2000/svg"
NEEDLESS = ("aria-hidden", "aria-roledescription", "pointer-events", "class", "opacity", "stroke-miterlimit")
LONG_NUMBER = re.compile(r"\d+\.\d{3,}")


def colour(rank: int) -> str:
    """The colour of a publication by its rank from 1; 0 means all others."""
    return f"var(--series-{rank})"


def daily_volume(rows: Sequence[Row], days: int, width: int) -> Markup:
    """A bar per day, stacked by publication. `rows`: day, rank, publication, articles; shows the last `days`.

    A narrow one has no labels: there is nothing to point with on a phone.
    """
    shown = _up_to_newest(rows, days)
    marks = [
        {
            "day": row["day"].isoformat(),
            "articles": row["articles"],
            "rank": row["rank"],
            "order": row["rank"] or len(rows),
            "says": f"{row['day']:%a %-d %b %Y}, {_short(row['publication'])}: {counted(row['articles'], 'article')}",
        }
        for row in rows
    ]
    ranks = sorted({row["rank"] for row in rows})
    colours = alt.Scale(domain=ranks, range=[colour(rank) for rank in ranks])
    chart = alt.Chart(width=width, height=220).mark_bar()
    chart = chart.encode(
        _days(shown, 8 if width > COLUMN else 4), COUNT, alt.Color("rank:O", legend=None, scale=colours)
    )
    title = f"Articles per day and publication, the {days} days up to {shown[-1]:%-d %B %Y}"
    return _svg(chart.encode(order="order:Q"), marks, title, has_labels=width > COLUMN)


def archive_volume(rows: Sequence[Row]) -> Markup:
    """A bar per month, year or decade. `rows`: period, step, articles."""
    step = rows[0]["step"]
    periods = list(_periods(rows[0]["period"], rows[-1]["period"], step))
    marks = [
        {
            "period": row["period"].isoformat(),
            "articles": row["articles"],
            "says": f"{period_name(row['period'], step)}: {counted(row['articles'], 'article')}",
        }
        for row in rows
    ]
    x = _times("period", periods, 5, "%b %Y" if step == "month" else "%Y")
    chart = alt.Chart(width=COLUMN, height=160).mark_bar(color=colour(1)).encode(x, COUNT)
    return _svg(chart, marks, f"Articles per {step}, the whole archive")


def coverage_gaps(rows: Sequence[Row], days: int) -> Markup:
    """A square per publication and day. `rows`: publication, day, articles, usual, state."""
    shown = _up_to_newest(rows, days)
    marks = [
        {
            "day": row["day"].isoformat(),
            "name": _short(row["publication"]),
            "state": row["state"],
            "says": f"{_short(row['publication'])}, {row['day']:%a %-d %b}: {counted(row['articles'], 'article')}"
            + (f", usually {rounded(row['usual'])}" if row["usual"] else ""),
        }
        for row in rows
    ]
    title = f"Coverage by publication and day, the {days} days up to {shown[-1]:%-d %B %Y}"
    return _squares(marks, _days(shown, 4), GAP_COLOURS, title)


def quality_trend(rows: Sequence[Row]) -> Markup:
    """A square per suite and run, the newest on the right, coloured by `worst`, the most severe that was not met."""
    shown = list(dict.fromkeys(row["run_id"] for row in rows))
    places = list(range(max(len(shown), 8)))
    place = dict(zip(reversed(shown), reversed(places), strict=False))
    marks = [
        {
            "run": place[row["run_id"]],
            "name": row["suite"],
            "state": row["worst"],
            "says": f"{row['suite']}, {row['started_at']:%-d %b %H:%M}: "
            f"{row['expectations'] - row['unmet']} of {counted(row['expectations'], 'expectation')} met",
        }
        for row in rows
    ]
    x = alt.X("run:O", title=None, scale=alt.Scale(domain=places), axis=None)
    return _squares(marks, x, QUALITY_COLOURS, f"Quality by suite, the last {counted(len(shown), 'run')}")


def _squares(marks: list[Row], x: alt.X, colours: dict[str, str], title: str) -> Markup:
    """A row of squares for every name, coloured by state."""
    names = list(dict.fromkeys(mark["name"] for mark in marks))
    chart = alt.Chart(width=COLUMN, height=30 + 15 * len(names)).mark_rect(stroke=SHEET, strokeWidth=2)
    y = alt.Y("name:N", title=None, scale=alt.Scale(domain=names), axis=alt.Axis(domain=False, ticks=False, grid=False))
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    return _svg(chart.encode(x, y, alt.Color("state:N", legend=None, scale=scale)), marks, title)


def _short(name: str) -> str:
    """A name that is written on every mark; the whole of it is in the table."""
    shown = line(name)
    return shown if len(shown) <= SHORT else f"{shown[: SHORT - 1]}…"


def _up_to_newest(rows: Sequence[Row], days: int) -> list[date]:
    newest = max(row["day"] for row in rows)
    return [newest - timedelta(days=back) for back in reversed(range(days))]


def _days(shown: Sequence[date], ticks: int) -> alt.X:
    return _times("day", shown, ticks, "%-d %b")


def _times(field: str, shown: Sequence[date], ticks: int, written: str) -> alt.X:
    """A place for each date; some of them are written below, always including the last."""
    step = -(-len(shown) // ticks)
    named = [day.isoformat() for back, day in enumerate(reversed(shown)) if back % step == 0]
    label = f"utcFormat(toDate(datum.value), '{written}')"
    axis = alt.Axis(values=named, labelExpr=label, labelAngle=0, labelOverlap=True, grid=False)
    scale = alt.Scale(domain=[day.isoformat() for day in shown], paddingInner=0.15)
    return alt.X(f"{field}:O", title=None, scale=scale, axis=axis)


def _periods(first: date, last: date, step: str) -> Iterable[date]:
    period = first
    while period <= last:
        yield period
        if step == "month":
            period = date(period.year + period.month // 12, period.month % 12 + 1, 1)
        else:
            period = date(period.year + (1 if step == "year" else 10), 1, 1)


def period_name(period: date, step: str) -> str:
    return {"month": f"{period:%B %Y}", "year": f"{period.year}", "decade": f"{period.year}s"}[step]


def _svg(chart: alt.Chart, marks: list[Row], title: str, has_labels: bool = True) -> Markup:
    """The chart of these marks as an element of a page; `title` is for screen readers."""
    # A mark's label may come from a dump: put it on one line, without the characters that XML forbids. The marks are
    # added last because Altair would check every one of them.
    values = [{**mark, "says": line(mark["says"])} for mark in marks]
    spec = {**_styled(chart.encode(description="says:N")).to_dict(), "data": {"values": values}}
    root = etree.fromstring(vl_convert.vegalite_to_svg(spec))
    for element in root.iter(f"{{{SVG}}}*"):
        _simplify(element, has_labels)
    for name in ("width", "height"):
        del root.attrib[name]
    root.set("role", "img")
    root.set("aria-label", title)
    etree.cleanup_namespaces(root)
    return Markup(etree.tostring(root, encoding="unicode"))


def _styled(chart: alt.Chart) -> alt.Chart:
    """The chart in the page's own font, colours and width."""
    return (
        chart.configure(
            autosize=alt.AutoSizeParams(type="fit", contains="padding"),
            background="transparent",
            font="system-ui, sans-serif",
            padding={"left": 12, "top": 4, "right": 14, "bottom": 0},
        )
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=SOFT,
            domainColor=LINE,
            tickColor=LINE,
            gridColor=LINE,
            labelFontSize=11,
            labelLimit=LABEL_WIDTH,
            labelPadding=5,
            tickSize=4,
        )
        .configure_axisY(domain=False, ticks=False)
    )


def _simplify(element: etree._Element, has_labels: bool) -> None:
    """Turn a mark's label into its title, and remove what only makes the page longer."""
    says = element.attrib.pop("aria-label", None)
    if element.attrib.pop("role", None) == "graphics-symbol" and has_labels and says and len(element) == 0:
        etree.SubElement(element, f"{{{SVG}}}title").text = says
    for name in NEEDLESS:
        element.attrib.pop(name, None)
    for name in ("d", "transform"):
        if value := element.get(name):
            element.set(name, LONG_NUMBER.sub(lambda found: f"{float(found[0]):.2f}", value))
