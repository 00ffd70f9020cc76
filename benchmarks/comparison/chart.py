"""A bar chart as SVG, readable on light and dark pages: it brings its own paper, and the colours of our other pages."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from etl.reports.style import STYLES

WIDTH, LEFT, RIGHT, ROW, BAR, MARGIN, HEAD = 800, 290, 90, 34, 20, 16, 52


class Bar(NamedTuple):
    """A label, a length and whether it is the one the page is about."""

    label: str
    value: float
    ours: bool = False


def bars(title: str, rows: Sequence[Bar]) -> str:
    """The chart: a horizontal bar with its number for each row, in their order."""
    height = HEAD + ROW * len(rows) + MARGIN
    scale = (WIDTH - LEFT - RIGHT) / max(row.value for row in rows)
    drawn = "\n".join(_drawn(row, HEAD + ROW * number, scale) for number, row in enumerate(rows))
    told = "; ".join(f"{row.label} {row.value:,.0f}" for row in rows)
    size = f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
    return f"""<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">
<title>{escape(title)}</title>
<desc>{escape(told)}</desc>
<style>
{_colours()}
text {{ font: 14px system-ui, sans-serif; fill: var(--ink); }}
.title {{ font-weight: 600; }}
.paper {{ fill: var(--sheet); stroke: var(--line); }}
.bar {{ fill: var(--soft); }}
.ours {{ fill: var(--link); }}
</style>
<rect class="paper" x="0.5" y="0.5" width="{WIDTH - 1}" height="{height - 1}" rx="6"/>
<text x="{MARGIN}" y="32" class="title">{escape(title)}</text>
{drawn}
</svg>
"""


def _drawn(row: Bar, top: int, scale: float) -> str:
    length = max(1.0, row.value * scale)
    middle = top + BAR / 2 + 5
    return (
        f'<text x="{LEFT - 10}" y="{middle:.0f}" text-anchor="end">{escape(row.label)}</text>'
        f'<rect class="{"ours" if row.ours else "bar"}" x="{LEFT}" y="{top}" width="{length:.1f}" height="{BAR}"/>'
        f'<text x="{LEFT + length + 8:.1f}" y="{middle:.0f}">{row.value:,.0f}</text>'
    )


def _colours() -> str:
    """The part of the style sheet that names colours, for light and for dark."""
    named, _, _ = STYLES.read_text("utf-8").partition("* {")
    return named.strip()
