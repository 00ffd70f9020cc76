"""Leads of Chinese reports: who wrote it, for which agency, on which day; and nothing from a text that has none."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from etl.normalise.bylines import split_bylines
from etl.normalise.lead_sentences import read_leads

ADDRESS = "http://news.example.com/20120613/n1.shtml"


def lead(body: str | None, address: str | None = ADDRESS) -> tuple[str | None, str | None, date | None]:
    row = read_leads(pd.Series([body], dtype="str"), pd.Series([address], dtype="str")).iloc[0]
    return tuple(None if pd.isna(row[name]) else row[name] for name in ("byline", "agency", "on"))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("body", "names", "agency", "on"),
    [
        ("新华社惠灵顿6月12日电（记者张三 李四）渡轮星期一再次晚点。", ["张三", "李四"], "Xinhua", "2012-06-12"),
        ("中新社惠灵顿６月１３日电 （记者 张三）渡轮再次晚点。", ["张三"], "China News Service", "2012-06-13"),
        ("港口网６月１２日消息（记者张三 通讯员李四、王五）渡轮", ["张三", "李四", "王五"], None, "2012-06-12"),
        ("本报讯（记者 张三）渡轮星期一再次晚点。", ["张三"], None, None),
        ("港口晚报5月31日惠灵顿讯 （記者 張三） 渡輪再次延誤。", ["張三"], None, None),  # too long before
        ("港口０８网惠灵顿６月１２日电 （记者张三）渡轮再次晚点。", ["张三"], None, "2012-06-12"),
        ("港口网６月１２日消息 据报道，渡轮再次晚点。", [], None, "2012-06-12"),
    ],
)
def test_leads(body: str, names: list[str], agency: str | None, on: str | None) -> None:
    byline, found_agency, found_on = lead(body)
    people = split_bylines(pd.Series([byline], dtype="str")).iloc[0]["people"] if byline else []
    assert [person["name"] for person in people] == names
    assert (found_agency, found_on and found_on.isoformat()) == (agency, on)


@pytest.mark.parametrize(
    "body",
    [
        None,
        "",
        "The reporter said on 12 June that the ferry was late.",
        "渡轮星期一再次晚点，记者昨天获悉，船长没有说明原因。",
        "昨天，网上消息（记者张三）说，渡轮晚点。",
        "２０１２年６月１２日，船长接受记者采访。",
        "港口晚报记者获悉，渡轮再次晚点。",
        "《港口晚报》６月６日消息，渡轮再次晚点。",
        "港口网６月６日消息称，渡轮再次晚点。",
    ],
)
def test_a_text_without_a_lead_names_nobody(body: str | None) -> None:
    assert lead(body) == (None, None, None)


@pytest.mark.parametrize(
    ("address", "on"),
    [
        ("http://x.example/2012/06/13/n1.html", date(2012, 6, 12)),
        ("http://x.example/2012-06-12/n1.html", date(2012, 6, 12)),
        ("http://x.example/20120611/n1.html", None),  # posted before the day of the lead
        ("http://x.example/20121345/n1.html", None),
        ("http://x.example/n20120612.html", None),
        (None, None),
    ],
)
def test_the_year_is_that_of_the_address(address: str | None, on: date | None) -> None:
    assert lead("新华社惠灵顿6月12日电 渡轮再次晚点。", address)[2] == on


def test_a_lead_of_december_in_an_address_of_january() -> None:
    assert lead("新华社惠灵顿12月31日电 渡轮", "http://x.example/20130101/a")[2] == date(2012, 12, 31)
