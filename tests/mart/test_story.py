"""mart.story: stories, with how far they spread."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from newsroom import Newsroom, article

WIRE = {"body": "The bank left its lending rate where it was on Thursday, and said that it would wait for the spring."}


def wire_copy(number: int, publication: str | None, published: str | None, **fields: Any) -> dict[str, Any]:
    """The same agency report in a paper."""
    return article(number, publication=publication, published=published, **WIRE, **fields)


def test_a_story_is_shown_with_its_first_article_and_its_spread(newsroom: Newsroom) -> None:
    reports = [
        wire_copy(1, "Lamp", "2026-03-15T11:00:00Z"),
        wire_copy(2, "Lamp", "2026-03-16", headline="Once more"),
        wire_copy(3, "Wire", "2026-03-14T08:00:00Z", headline="Bank waits"),
        wire_copy(4, None, None),
        article(5),
    ]
    newsroom.load(newsroom.drop("a.jsonl", reports))
    columns = "headline, articles, publications, first_publication"
    assert newsroom.query(f"select {columns} from mart.story") == [("Bank waits", 4, 2, "Wire")]
    dates = "first_published_date::varchar, last_published_date::varchar"
    assert newsroom.query(f"select {dates} from mart.story") == [("2026-03-14", "2026-03-16")]


def test_what_recurs_is_a_series_and_no_copy(newsroom: Newsroom) -> None:
    carried = {
        "a tide table every week": [("Lamp", 1), ("Lamp", 8)],
        "a table of prices every day": [("Lamp", 1), ("Lamp", 2), ("Lamp", 3), ("Lamp", 5)],
        "a table that two papers have every week": [("Lamp", 1), ("Wire", 1), ("Lamp", 8), ("Wire", 8)],
        "a notice on many pages": [(None, None)] * 4,
        "a notice that papers print once in a long time": [("Lamp", 1), ("Wire", 40)],
        "a report that is sent again": [("Wire", 1), ("Wire", 1), ("Wire", 4)],
        "a feature that a weekly takes later": [("Lamp", 1), ("Wire", 20)],
        "a report that one of three papers repeats": [("Lamp", 1), ("Wire", 1), ("Mail", 2), ("Lamp", 12)],
        "a page that was delivered three times": [(None, None)] * 3,
    }
    dump = [
        article(
            100 * story + number,
            headline=f"{name} {number}",
            publication=paper,
            published=day and str(date(2026, 3, 1) + timedelta(day)),
            body=f"{name}, ".join(str(word * (story + 3) ** 5) for word in range(40)),
        )
        for story, (name, times) in enumerate(carried.items())
        for number, (paper, day) in enumerate(times)
    ]
    newsroom.load(newsroom.drop("a.jsonl", dump))
    kinds = dict(newsroom.query("select regexp_replace(headline, ' .$', ''), kind from mart.story"))
    assert [kinds[name] for name in carried] == ["series"] * 5 + ["story"] * 4
    assert newsroom.query("select sum(copies) from mart.daily_volume") == [(2 + 1 + 3 + 2,)]
    assert newsroom.query("select count(distinct story_key) from mart.syndication") == [(2,)]


PROSE = " ".join(f"The ferry {word} left the pier before the {word} bell had rung." for word in "abcdefghijklmnopqrst")


def kinds_of(newsroom: Newsroom, carried: dict[str, tuple[str, list[tuple[str, int | None]]]]) -> list[str]:
    """The kinds of texts that were printed by publications on days of March."""
    dump = [
        article(
            100 * story + number,
            headline=f"{name} {number}",
            publication=paper,
            published=day and str(date(2026, 3, 1) + timedelta(day)),
            body=body.replace("ferry", f"ferry{chr(97 + story)}").replace("pier", f"pier{chr(97 + story)}"),
        )
        for story, (name, (body, times)) in enumerate(carried.items())
        for number, (paper, day) in enumerate(times)
    ]
    newsroom.load(newsroom.drop("a.jsonl", dump))
    kinds = dict(newsroom.query("select regexp_replace(headline, ' .$', ''), kind from mart.story"))
    return [kinds[name] for name in carried]


def test_a_reprint_is_no_series(newsroom: Newsroom) -> None:
    twice = [("Lamp", 1), ("Wire", 1), ("Lamp", 8), ("Wire", 8)]
    table = " ".join(f"High water at the pier {hour:02}.{minute:02}" for hour in range(24) for minute in (10, 40))
    assert (
        kinds_of(
            newsroom,
            {
                "a report that two papers print again": (PROSE, twice),
                "a feature that its paper prints again on two days": (PROSE, [("Lamp", 1), ("Lamp", 15), ("Lamp", 15)]),
                "a text that comes every week": (PROSE, [*twice, ("Lamp", 15), ("Wire", 15)]),
                "a text that one paper has every week": (PROSE, [("Lamp", 1), ("Lamp", 8), ("Lamp", 15)]),
                "a notice": (" ".join(PROSE.split()[:60]), twice),
                "a table": (table, twice),
            },
        )
        == ["story"] * 2 + ["series"] * 4
    )


def test_a_notice_without_a_date_on_many_sites_is_a_series(newsroom: Newsroom) -> None:
    sites: list[tuple[str, int | None]] = [(f"Site {number}", None) for number in range(4)]
    short = " ".join(PROSE.split()[:60])
    assert kinds_of(
        newsroom,
        {
            "an error": (short, sites),
            "a report": (PROSE, sites),
            "a brief that one dates": (short, [("Lamp", 3), *sites[1:]]),
            "a brief of three": (short, sites[:3]),
        },
    ) == ["series", "story", "story", "story"]


def test_a_story_becomes_a_series_when_it_recurs(newsroom: Newsroom) -> None:
    kinds = "select kind from mart.story"
    newsroom.load(newsroom.drop("a.jsonl", [wire_copy(1, "Lamp", "2026-03-15"), wire_copy(2, "Lamp", "2026-03-16")]))
    assert newsroom.query(kinds) == [("story",)]
    newsroom.load(newsroom.drop("b.jsonl", [wire_copy(3, "Lamp", "2026-03-08")]))
    assert newsroom.query(kinds) == [("series",)]
    assert newsroom.query("select sum(copies) from mart.daily_volume") == [(0,)]
