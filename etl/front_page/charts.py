"""The charts of the front page: Altair's, drawn here and now as SVG that needs no script.

Colours are the page's own CSS variables, so that one drawing serves light and dark. A chart is drawn at about the width
of a phone or of a column, so that its letters are as large as those of the text. What a mark says when it is pointed
at is a `<title>` within it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import altair as alt
import vl_convert
from lxml import etree
from markupsafe import Markup

from etl.printable import line
from etl.words import counted

Row = dict[str, Any]

INK, SOFT, LINE, SHEET = "var(--ink)", "var(--soft)", "var(--line)", "var(--sheet)"
GAP_COLOURS = {"there": "var(--calm)", "thin": "var(--warn)", "missing": "var(--alarm)"}
QUALITY_COLOURS = {"met": "var(--calm)", "info": "var(--info)", "warning": "var(--warn)", "critical": "var(--alarm)"}
WIDE, COLUMN = 1120, 380
LABEL_WIDTH = 130


def colour(rank: int) -> str:
    """The colour of a publication by its rank from 1; 0 stands for all others."""
    return f"var(--series-{rank})"


def daily_volume(rows: Sequence[Row], days: int, width: int) -> Markup:
    """A bar per day, stacked by publication. `rows`: day, rank, publication, articles; `days` up to the newest."""
    newest = max(row["day"] for row in rows)
    shown = [newest - timedelta(days=back) for back in reversed(range(days))]
    marks = [
        {
            "day": row["day"].isoformat(),
            "articles": row["articles"],
            "rank": row["rank"],
            "order": row["rank"] or 99,
            "says": f"{row['day']:%a %-d %b %Y}, {row['publication']}: {counted(row['articles'], 'article')}",
        }
        for row in rows
    ]
    ranks = sorted({row["rank"] for row in rows})
    chart = _chart(marks).mark_bar(cornerRadius=1).encode(
        x=_days(shown, ticks=8 if width > COLUMN else 4),
        y=alt.Y("articles:Q", title=None, axis=alt.Axis(tickCount=4, format=",d", tickMinStep=1)),
        color=alt.Color("rank:O", legend=None, scale=alt.Scale(domain=ranks, range=[colour(rank) for rank in ranks])),
        order="order:Q",
        description="says:N",
    )
    return _svg(chart, width, 220, f"Articles per day and publication, the {days} days up to {newest:%-d %B %Y}")


def archive_volume(rows: Sequence[Row]) -> Markup:
    """A bar per month, year or decade. `rows`: period, step, articles."""
    step = rows[0]["step"]
    periods = list(_periods(rows[0]["period"], rows[-1]["period"], step))
    marks = [
        {
            "period": row["period"].isoformat(),
            "articles": row["articles"],
            "says": f"{_period_name(row['period'], step)}: {counted(row['articles'], 'article')}",
        }
        for row in rows
    ]
    chart = _chart(marks).mark_bar(cornerRadius=1, color=colour(1)).encode(
        x=alt.X(
            "period:O",
            title=None,
            scale=alt.Scale(domain=[period.isoformat() for period in periods], paddingInner=0.2),
            axis=_axis([period.isoformat() for period in _spread(periods, 6)], "%b %Y" if step == "month" else "%Y"),
        ),
        y=alt.Y("articles:Q", title=None, axis=alt.Axis(tickCount=4, format="~s", tickMinStep=1)),
        description="says:N",
    )
    return _svg(chart, COLUMN, 160, f"Articles per {step}, the whole archive")


def coverage_gaps(rows: Sequence[Row], days: int) -> Markup:
    """A square per publication and day: there, thin or missing."""
    newest = max(row["day"] for row in rows)
    shown = [newest - timedelta(days=back) for back in reversed(range(days))]
    marks = [
        {
            "day": row["day"].isoformat(),
            "publication": line(row["publication"]),
            "state": row["state"],
            "says": f"{row['publication']}, {row['day']:%a %-d %b}: {counted(row['articles'], 'article')}, "
            f"usual are {row['usual']:,.0f}",
        }
        for row in rows
    ]
    return _grid(
        marks, ("day", "publication", "state"), _days(shown, ticks=4), GAP_COLOURS,
        list(dict.fromkeys(mark["publication"] for mark in marks)),
        f"Coverage by publication and day, the {days} days up to {newest:%-d %B %Y}",
    )


def quality_trend(rows: Sequence[Row], runs: int) -> Markup:
    """A square per suite and run: the worst that was not met."""
    shown = list(dict.fromkeys(row["run_id"] for row in rows))
    place = {run_id: number for number, run_id in enumerate(shown, 1 + runs - len(shown))}
    marks = [
        {
            "run": place[row["run_id"]],
            "suite": row["suite"],
            "worst": row["worst"],
            "says": f"{row['suite']}, {row['started_at']:%-d %b %H:%M}: "
            f"{row['expectations'] - row['unmet']} of {counted(row['expectations'], 'expectation')} met",
        }
        for row in rows
    ]
    x = alt.X("run:O", title=None, scale=alt.Scale(domain=list(range(1, runs + 1))), axis=None)
    suites = sorted({row["suite"] for row in rows})
    return _grid(marks, ("run", "suite", "worst"), x, QUALITY_COLOURS, suites, f"Quality by suite, the last {runs} runs")


def _chart(marks: list[Row]) -> alt.Chart:
    """A chart over marks; what each `says` came from anywhere, and is told on one line."""
    return alt.Chart(alt.Data(values=[{**mark, "says": line(mark["says"])} for mark in marks]))


def _grid(marks: list[Row], fields: tuple[str, str, str], x: alt.X, colours: dict[str, str], names: list[str], title: str) -> Markup:
    _, name, state = fields
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    chart = _chart(marks).mark_rect(stroke=SHEET, strokeWidth=1.5, cornerRadius=2).encode(
        x=x,
        y=alt.Y(f"{name}:N", title=None, scale=alt.Scale(domain=names), axis=alt.Axis(domain=False, ticks=False, grid=False)),
        color=alt.Color(f"{state}:N", legend=None, scale=scale),
        description="says:N",
    )
    return _svg(chart, COLUMN, 30 + 15 * len(names), title)


def _days(shown: list[date], ticks: int) -> alt.X:
    scale = alt.Scale(domain=[day.isoformat() for day in shown], paddingInner=0.15)
    return alt.X("day:O", title=None, scale=scale, axis=_axis([day.isoformat() for day in _spread(shown, ticks)], "%-d %b"))


def _axis(values: list[str], written: str) -> alt.Axis:
    return alt.Axis(values=values, labelExpr=f"utcFormat(toDate(datum.value), '{written}')", labelAngle=0, grid=False)


def _spread(days: Sequence[date], ticks: int) -> list[date]:
    """Some of the days, at equal distances, the last among them."""
    step = -(-len(days) // ticks)
    return [day for back, day in enumerate(reversed(days)) if back % step == 0]


def _periods(first: date, last: date, step: str) -> Iterable[date]:
    period = first
    while period <= last:
        yield period
        if step == "month":
            period = date(period.year + period.month // 12, period.month % 12 + 1, 1)
        else:
            period = date(period.year + (1 if step == "year" else 10), 1, 1)


def _period_name(period: date, step: str) -> str:
    return {"month": f"{period:%B %Y}", "year": f"{period.year}", "decade": f"{period.year}s"}[step]


def _svg(chart: alt.Chart, width: int, height: int, title: str) -> Markup:
    """The chart as an element of a page; `title` for those who hear it."""
    whole = (
        chart.properties(width=width, height=height)
        .configure(
            autosize=alt.AutoSizeParams(type="fit", contains="padding"),
            background="transparent",
            font="system-ui, sans-serif",
            padding=1,
        )
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=SOFT, domainColor=LINE, tickColor=LINE, gridColor=LINE, labelFontSize=11, labelLimit=LABEL_WIDTH,
            labelPadding=5, domain=True, tickSize=4,
        )
        .configure_axisY(domain=False, ticks=False)
    )
    root = etree.fromstring(vl_convert.vegalite_to_svg(whole.to_dict()))
    for mark in root.iter("{http://www.w3.org/2000/svg}*"):
        says = mark.attrib.pop("aria-label", None)
        is_symbol = mark.attrib.pop("role", None) == "graphics-symbol" 
        mark.attrib.pop("aria-roledescription", None)
        if says and is_symbol and len(mark) == 0:
            etree.SubElement(mark, "title").text = says
    for name in ("width", "height"):
        del root.attrib[name]
    root.set("role", "img")
    root.set("aria-label", title)
    return Markup(etree.tostring(root, encoding="unicode"))
