"""mart.coverage_gap: days on which a paper is missing, or much thinner than usual."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from newsroom import Newsroom, article
from sample_archive import FEEDS, MISSING

MONDAY = date(2026, 1, 5)
GAPS = """
    select publication, day::varchar, day_name, kind, articles, usual_articles, weeks
    from mart.coverage_gap order by day, publication
"""


def paper(name: str, counts: list[int], every: int = 7) -> list[dict[str, object]]:
    """A number of articles of a paper on each Monday, or on every n-th day from a Monday on."""
    return [
        article(1, url=f"https://{name}.example/{place}/{number}", publication=name, body=f"{name} {place} {number}")
        | {"published": f"{MONDAY + timedelta(every * place)}"}
        for place, count in enumerate(counts)
        for number in range(count)
    ]


def test_a_missing_and_a_thin_day_are_found_against_the_same_weekday(newsroom: Newsroom) -> None:
    newsroom.load(newsroom.drop("a.jsonl", paper("Courier", [14, 14, 15, 3, 14, 0, 13])))
    assert newsroom.query(GAPS) == [
        ("Courier", "2026-01-26", "Monday", "thin", 3, 14.0, 3),
        ("Courier", "2026-02-09", "Monday", "missing", 0, 14.0, 5),
    ]


def test_a_small_paper_is_missing_but_never_thin_and_nothing_is_usual_before_three_weeks(newsroom: Newsroom) -> None:
    newsroom.load(newsroom.drop("a.jsonl", paper("Lamp", [9, 0, 9, 9, 1, 9, 9]) + paper("Mail", [9, 9, 9, 1, 9, 0, 9])))
    assert newsroom.query(GAPS) == [("Mail", "2026-02-09", "Monday", "missing", 0, 9.0, 5)]


def test_an_empty_day_is_no_surprise_where_articles_come_at_random(newsroom: Newsroom) -> None:
    random, days = np.random.default_rng(11), 168
    rates = [0.5, 1.3, 1.3, 2, 3, 5, 8]
    papers = []
    for place, rate in enumerate(rates):
        papers += paper(f"P{place}", random.poisson(rate, days).tolist(), 1)
    newsroom.load(newsroom.drop("a.jsonl", papers))
    assert len(newsroom.query(GAPS)) < len(rates) * (days - 21) / 200


def test_a_weekly_that_misses_an_issue_is_missing_however_few_articles_it_has(newsroom: Newsroom) -> None:
    weeklies = {"Lamp": [1] * 12, "Mail": [3, 4, 3, 5, 4, 3, 3, 4, 5, 4, 3, 4], "Wire": [5, 1, 0, 2, 1] * 3}
    for name in ("Lamp", "Mail"):
        weeklies[name][9] = 0
    newsroom.load(newsroom.drop("a.jsonl", [each for name in weeklies for each in paper(name, weeklies[name])]))
    day = f"{MONDAY + timedelta(7 * 9)}"
    assert [row[:4] for row in newsroom.query(GAPS)] == [
        ("Lamp", day, "Monday", "missing"),
        ("Mail", day, "Monday", "missing"),
    ]


def test_an_empty_week_is_no_surprise_where_a_weekly_is_filled_at_random(newsroom: Newsroom) -> None:
    random, weeks = np.random.default_rng(14), 43
    rates = [1.5, 2, 2, 2.5, 3, 4]
    papers = []
    for place, rate in enumerate(rates):
        papers += paper(f"P{place}", random.poisson(rate, weeks).tolist())
    newsroom.load(newsroom.drop("a.jsonl", papers))
    assert len(newsroom.query(GAPS)) <= len(rates) * (weeks - 3) / 200


def test_a_gap_of_two_days_is_found_where_five_articles_a_day_come_at_random(newsroom: Newsroom) -> None:
    random, papers, gaps = np.random.default_rng(12), [], set()
    for place in range(5):
        counts = random.poisson(5, 100)
        counts[70 + place : 72 + place] = 0
        papers += paper(f"P{place}", counts.tolist(), 1)
        gaps |= {(f"P{place}", f"{MONDAY + timedelta(70 + place + day)}") for day in range(2)}
    newsroom.load(newsroom.drop("a.jsonl", papers))
    assert {(row[0], row[1]) for row in newsroom.query(GAPS)} >= gaps


def test_an_empty_day_is_no_surprise_where_the_weeks_before_had_some(newsroom: Newsroom) -> None:
    bursts = [20, 0, 0, 20, 20, 0, 20] * 6
    steady = [20] * 38 + [0] + [20] * 3
    newsroom.load(newsroom.drop("a.jsonl", paper("Bursts", bursts, every=1) + paper("Steady", steady, every=1)))
    assert [(row[0], row[1]) for row in newsroom.query(GAPS)] == [("Steady", "2026-02-12")]


def test_no_day_is_missing_between_the_issues_of_a_monthly_a_quarterly_or_a_fortnightly(newsroom: Newsroom) -> None:
    monthlies = {"Almanac": 9, "Review": 30}
    papers = [each for name, size in monthlies.items() for each in paper(name, [size] * 12, every=28)]
    papers += paper("Thirty", [9] * 11, every=30) + paper("Quarterly", [40] * 4, every=91)
    papers += paper("Fortnight", [20] * 24, every=14) + paper("Third", [5] * 16, every=21)
    newsroom.load(newsroom.drop("a.jsonl", papers))
    assert newsroom.query(GAPS) == []


def test_what_is_usual_does_not_fade_while_a_gap_lasts(newsroom: Newsroom) -> None:
    newsroom.load(newsroom.drop("a.jsonl", paper("Ended", [9] * 5) + paper("Courier", [9] * 20)))
    assert [row[4:] for row in newsroom.query(GAPS)] == [(0, 9.0, 5)] * 8


def test_a_day_that_its_feed_has_not_brought_yet_is_not_missing(newsroom: Newsroom) -> None:
    newsroom.stanza('[feed.a]\npath = "a/*"\nsettle_seconds = 0\n[feed.b]\npath = "b/*"\nsettle_seconds = 0')
    newsroom.drop("a/1.jsonl", paper("Courier", [9] * 5))
    newsroom.drop("b/1.jsonl", paper("Lamp", [9] * 6) + paper("Mail", [9] * 4))
    newsroom.load()
    assert [row[:2] for row in newsroom.query(GAPS)] == [("Mail", "2026-02-02"), ("Mail", "2026-02-09")]


def test_a_paper_that_ended_is_missing_only_for_eight_weeks(newsroom: Newsroom) -> None:
    newsroom.load(newsroom.drop("a.jsonl", paper("Ended", [9] * 4) + paper("Courier", [9] * 30)))
    missing = [row[1] for row in newsroom.query(GAPS) if row[0] == "Ended"]
    assert missing == [f"{MONDAY + timedelta(7 * week)}" for week in range(4, 12)]


def test_the_gaps_of_the_archive_are_the_days_left_out(archive: Newsroom) -> None:
    found = archive.ask_published("select publication, day from mart.coverage_gap where kind = 'missing'")
    assert set(found) == {(FEEDS[feed][0], day) for feed, day in MISSING}
