"""mart.search_snippet: what a text says around the first word that was asked for."""

from __future__ import annotations

import duckdb
import pytest


@pytest.mark.parametrize(
    ("question", "body", "snippet"),
    [
        ("cafe", "The  Café\nburned.", "The **Café** burned."),
        ("bur* -x", "It burned.", "It **burned**."),
        ("東京", "本日、東京都庁で", "本日、**東京**都庁で"),
        ("上海 经济", "上海市长出席经济大会。", "**上海**市长出席**经济**大会。"),
        ("上海 经济 大会", "上海市长出席经济大会。", "**上海**市长出席**经济大会**。"),
        ("葛城", "葛\U000e0100城市と葛城\U000e0100。", "**葛\U000e0100城**市と**葛城\U000e0100**。"),
        ("1mladenovic", "1\ufe0f\u20e3Mladenović, 2", "**1\ufe0f\u20e3Mladenović**, 2"),
        ("absent", "Only this.", "Only this."),
        ('"on strike"', "On Monday, on a  strike;\non strike!", "On Monday, on a strike; **on strike**!"),
        ("on-str* monday", "On Monday all on strikes.", "On **Monday** all **on strikes**."),
        ('on OR "on strike"', "No strike, on,  Strike; on.", "No strike, **on, Strike**; **on**."),
        ("on-strike", "Not on, but on-strike.", "Not on, but **on-strike**."),
        ('"on strike"', "On and off, a strike.", "**On** and off, a **strike**."),
        ('"東京 tower"', "本日、東京 Tower, 東京", "本日、**東京 Tower**, 東京"),
        ('"at sea"', "sea " * 40 + "at sea", "… " + "sea " * 12 + "**at sea**"),
        (f'"{"all at sea " * 20}"', "at sea " + "all at sea " * 20, "at sea **" + "all at sea " * 15 + "all at** …"),
        ("pier", "one " * 40 + "pier" + " two" * 60, "… " + "one " * 12 + "**pier**" + " two" * 31 + " …"),
        ("a", None, ""),
    ],
)
def test_a_snippet_marks_whole_words_around_the_first(
    macros: duckdb.DuckDBPyConnection, question: str, body: str | None, snippet: str
) -> None:
    ((found,),) = macros.execute("select mart.search_snippet($1::varchar, $2)", [body, question]).fetchall()
    assert found == snippet
