"""One dump with fifty bodies changed, three articles canceled, two older versions that arrive late: the exact rows."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from newsroom import Newsroom, article, make_newsroom
from side_by_side import by_feed, load_side_by_side

from etl.reports.report import Report

FEED = '[feed.wire]\npath = "*.jsonl"\nid_column = "id"\nsettle_seconds = 0'
CHANGED, CANCELED, LATE = range(1, 51), range(51, 54), range(54, 56)


def version(number: int, of: int, **fields: Any) -> dict[str, Any]:
    """A version of an article; the first is of six o'clock, every later one of the hour after."""
    stated = {"id": f"w{of:02d}", "url": None, "version": number, "modified": f"2026-03-14T{5 + number:02d}:00:00Z"}
    return article(of, **stated | fields)


def changed(number: int, of: int) -> dict[str, Any]:
    """The same article with two words for another."""
    body = article(of)["body"].replace("on Saturday", "on Sunday morning")
    return version(number, of, body=body, headline=f"Version {number}")


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> tuple[Newsroom, list[Report]]:
    """Fifty-five articles, then the dump."""
    newsroom = make_newsroom(tmp_path_factory.mktemp("revisions"))
    newsroom.stanza(FEED)
    first = [version(1, of) for of in (*CHANGED, *CANCELED)] + [changed(3, of) for of in LATE]
    second = [
        *(changed(2, of) for of in CHANGED),
        *(version(2, of, status="canceled") for of in CANCELED),
        *(version(2, of) for of in LATE),
    ]
    reports = []
    for night, dump in enumerate((first, second), 1):
        newsroom.drop(f"{night}.jsonl", dump)
        reports.append(newsroom.ingest(run_id=f"night-{night}"))
    return newsroom, reports


def test_the_ledger_tells_of_every_one(nights: tuple[Newsroom, list[Report]]) -> None:
    counts = [(r.state, r.totals["articles_read"], r.totals["inserted"], r.totals["revised"]) for r in nights[1]]
    assert counts == [("succeeded", 55, 55, 0), ("succeeded", 55, 0, 55)]


def test_the_rows_are_exactly_these(nights: tuple[Newsroom, list[Report]]) -> None:
    rows = nights[0].ask_published(
        """
        select
            native_id, native_version, revision, is_current, status, hour(valid_from), hour(valid_to),
            path
        from news.fact_article inner join ops.dump using (dump_key)
        order by native_id, revision
        """
    )
    expected: list[tuple[Any, ...]] = []
    for of in CHANGED:
        expected += [
            (f"w{of:02d}", "1", 1, False, "usable", 6, 7, "1.jsonl"),
            (f"w{of:02d}", "2", 2, True, "usable", 7, None, "2.jsonl"),
        ]
    for of in CANCELED:
        expected += [
            (f"w{of:02d}", "1", 1, False, "usable", 6, 7, "1.jsonl"),
            (f"w{of:02d}", "2", 2, True, "canceled", 7, None, "2.jsonl"),
        ]
    for of in LATE:
        expected += [
            (f"w{of:02d}", "2", 1, False, "usable", 7, 8, "2.jsonl"),
            (f"w{of:02d}", "3", 2, True, "usable", 8, None, "1.jsonl"),
        ]
    assert rows == expected


def test_the_marts_show_the_last_version_of_what_is_not_canceled(nights: tuple[Newsroom, list[Report]]) -> None:
    newsroom = nights[0]
    assert newsroom.ask_published("select headline, count(*) from mart.article group by all order by all") == [
        ("Version 2", 50),
        ("Version 3", 2),
    ]
    assert newsroom.ask_published("select articles, words from mart.daily_volume") == [(52, 52 * 14)]
    assert newsroom.ask_published("select author, articles from mart.author_output") == [("Mara Lindqvist", 52)]


def test_what_changed_is_told_word_by_word(nights: tuple[Newsroom, list[Report]]) -> None:
    assert nights[0].ask_published(
        """
        select
            is_headline_changed, is_body_changed, words_added, words_removed, previous_status, status,
            hours_after_previous, count(*)
        from mart.revision_history group by all order by all
        """
    ) == [
        (False, False, 0, 0, "usable", "canceled", 1.0, 3),
        # "Saturday." became "Sunday morning.", in what arrived now and in what was there before its forerunner came.
        (True, True, 2, 1, "usable", "usable", 1.0, 52),
    ]


FIRST_NIGHT = "known_at := (select started_at from mart.load_history where run_id = 'night-1')"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("timestamp '2026-03-14 05:59'", []),
        ("timestamp '2026-03-14 06:00'", [(1, 53)]),
        ("timestamp '2026-03-14 07:00'", [(2, 52)]),
        ("timestamp '2026-03-14 08:00'", [(2, 50), (3, 2)]),
        (f"timestamp '2026-03-14 07:00', {FIRST_NIGHT}", [(1, 53)]),
        (f"timestamp '2026-03-14 08:00', {FIRST_NIGHT}", [(1, 53), (3, 2)]),
        ("timestamp '2026-03-14 08:00', known_at := timestamp '2000-01-01'", []),
    ],
)
def test_as_of_before_and_after(
    nights: tuple[Newsroom, list[Report]], asked: str, expected: list[tuple[int, int]]
) -> None:
    versions = f"""
        select fact_article.native_version::integer as version, count(*)
        from mart.article_as_of({asked}) as article inner join news.fact_article using (article_key)
        group by all order by all
    """
    assert nights[0].ask_published(versions) == expected


LAID_OUT = {
    "revisions": """
        select source, content_hash, revision, is_current, valid_from, valid_to, status
        from news.fact_article order by all
    """,
    "changes": """
        select
            source, content_hash, is_headline_changed, is_byline_changed, is_body_changed, words_added, words_removed,
            previous_status, hours_after_previous
        from mart.revision_history inner join news.fact_article using (article_key) order by all
    """,
    "days": """
        select publication, split_part(publication, ' ', 1), published_date_key, articles, partial_articles, words
        from mart.daily_volume order by all
    """,
    "authors": """
        select publication, author, split_part(publication, ' ', 1), month_key, articles, words
        from mart.author_output order by all
    """,
}

drawn_version = st.fixed_dictionaries(
    {
        "body": st.sampled_from(["One two.", "One two three.", "Three boats went out at dawn, and two came home."]),
        "publication": st.sampled_from(["Courier", "Lamp"]),
        "byline": st.sampled_from(["By Mara Lindqvist", "By Tom Okafor"]),
        "status": st.sampled_from(["usable", "usable", "canceled"]),
    }
)
drawn_versions = st.dictionaries(st.tuples(st.integers(1, 4), st.sampled_from([1, 2])), drawn_version, min_size=3)


drawn_pages = st.sets(st.sampled_from(["pier", "bread", "lamps"]))
"""Different articles that all have the address of one section page."""

PAGES = {
    "pier": {
        "headline": "Old pier to be rebuilt",
        "body": "The council agreed to rebuild it before the storms arrive.",
    },
    "bread": {
        "headline": "Bread that lasts nine days",
        "body": "A baker keeps it in clay jars that stand in her cellar.",
    },
    "lamps": {"headline": "Lamps for the valley", "body": "Forty of them will light our road from next spring."},
}


def page(name: str) -> dict[str, Any]:
    """Without an id, but with its column: a dump that lacks a column which the stanza names is refused as a whole."""
    return article(0, id=None, url="https://courier.example/quay/", byline="By Tom Okafor", **PAGES[name])


def in_two_orders(records: dict[Any, Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.tuples(st.just(records), st.permutations([*records]), st.permutations([*records]))


BOATS = {"byline": "By Mara Lindqvist", "body": "Three boats went out at dawn, and two came home."}
ONE_PAGE_LAST = {
    (3, 1): {**BOATS, "publication": "Lamp", "status": "usable"},
    (1, 1): {**BOATS, "publication": "Courier", "status": "canceled"},
    (4, 1): {**BOATS, "publication": "Lamp", "status": "usable"},
    "lamps": {},
    "bread": {},
    "pier": {},
}
"""The last of them comes in a dump of its own, which holds nothing with an id."""


ONE_PAGE_LAST_CASE = (ONE_PAGE_LAST, [*ONE_PAGE_LAST], [*reversed(ONE_PAGE_LAST)]), 5
drawn_cases = st.tuples(
    st.tuples(drawn_versions, drawn_pages)
    .map(lambda two: two[0] | {name: {} for name in two[1]})
    .flatmap(in_two_orders),
    st.integers(1, 3),
)


# One example of several cases, because each example is a warehouse; different ones, so not only the simplest.
@settings(max_examples=1, deadline=None, phases=[Phase.reuse, Phase.generate])
@given(st.lists(drawn_cases, min_size=4, max_size=4, unique_by=repr))
def test_the_order_of_arrival_changes_nothing(drawn: list[tuple[tuple[Any, ...], int]]) -> None:
    """Versions of articles, by number and article, and articles of one page arrive in two orders, so many in a dump."""
    cases = [
        [records_of(records, order[start : start + size]) for start in range(0, len(order), size)]
        for (records, *orders), size in (ONE_PAGE_LAST_CASE, *drawn)
        for order in orders
    ]
    with TemporaryDirectory() as folder:
        newsroom = make_newsroom(Path(folder))
        feeds = load_side_by_side(newsroom, *cases)
        found = {name: by_feed(newsroom, query) for name, query in LAID_OUT.items()}
        assert newsroom.query("select reason from ops.dump_load where state <> 'loaded'") == []
    for one, other in zip(feeds[::2], feeds[1::2], strict=True):
        assert found["revisions"][one]
        for rows in found.values():
            assert rows.get(one) == rows.get(other)


def records_of(records: dict[Any, Any], keys: list[Any]) -> list[dict[str, Any]]:
    return [page(key) if key in PAGES else version(*key, headline=f"Version {key}", **records[key]) for key in keys]
