"""What the lead of a Chinese report says about the report: 新华社北京6月12日电（记者张三 李四）.

Agency or paper, perhaps place and day, "wire", "report" or "news", and who wrote it: agencies and papers have opened
reports like this for decades, and dumps of their sites have no other byline. The body keeps its lead.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import NamedTuple

import pandas as pd
import pyarrow as pa

from etl.normalise._byline_words import AGENCIES
from etl.normalise._columns import pc, to_arrow, to_frame

HEAD_CHARACTERS = 100
MOST_DAYS_BEFORE = 3
"""A report is printed at most this many days after the day in its lead."""

_HINT = "日.{0,6}(?:电|電|讯|訊|消息)|(?:电|電|讯|訊|消息|^).{0,4}记者|記者"
_LEAD = re.compile(
    r"(?P<house>[^\s，。：；！？《》“”（）()]{2,20}?)"
    r"(?:(?P<month>\d{1,2})月(?P<day>\d{1,2})日[\u4e00-\u9fff]{0,6}?)?"
    r"(?:专?[电電讯訊]|消息)(?![称稱说說])\s*"
    r"(?:[（(]\s*(?P<writers>(?:本[报報])?(?:[记記]者|通讯员|通訊員)[^（）()，。：；]{1,80})[）)])?"
)
_ADDRESS_DAY = re.compile(r"/(20\d\d)[-/]?(\d\d)[-/]?(\d\d)(?!\d)")


class Lead(NamedTuple):
    """What one lead says. Any field may be missing."""

    byline: str | None = None
    agency: str | None = None
    on: date | None = None


NOTHING = Lead()


def read_leads(bodies: pd.Series, addresses: pd.Series) -> pd.DataFrame:
    """Returns what the leads of clean bodies say.

    Out, on the same index: `byline` (string), `agency` (string), and `on` (date32): the lead's day, with the year
    from the article's address; null where the address has no day, or one before the lead's or long after it.
    """
    heads = pc.utf8_slice_codeunits(to_arrow(bodies), 0, HEAD_CHARACTERS)
    places = pc.indices_nonzero(pc.match_substring_regex(heads, _HINT))
    hinted = zip(heads.take(places).to_pylist(), to_arrow(addresses).take(places).to_pylist(), strict=True)
    leads = [NOTHING] * len(heads)
    for place, (head, address) in zip(places.to_pylist(), hinted, strict=True):
        leads[place] = _read(head, address or "")
    columns: dict[str, pa.Array] = {
        "byline": pa.array([lead.byline for lead in leads], pa.string()),
        "agency": pa.array([lead.agency for lead in leads], pa.string()),
        "on": pa.array([lead.on for lead in leads], pa.date32()),
    }
    return to_frame(columns, bodies.index)


def _read(head: str, address: str) -> Lead:
    lead = _LEAD.match(head)
    if not lead:
        return NOTHING
    names = [lead["house"][:length] for length in range(2, 5)]
    return Lead(
        lead["writers"], next((AGENCIES[name] for name in names if name in AGENCIES), None), _day(lead, address)
    )


def _day(lead: re.Match[str], address: str) -> date | None:
    printed = _ADDRESS_DAY.search(address)
    if not printed or not lead["month"]:
        return None
    try:
        posted = date(*map(int, printed.groups()))
        days = (posted - timedelta(days) for days in range(MOST_DAYS_BEFORE + 1))
        return next((day for day in days if (day.month, day.day) == (int(lead["month"]), int(lead["day"]))), None)
    except ValueError:
        return None
