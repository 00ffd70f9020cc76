"""Addresses that different articles share: none is lost under them, whatever comes first."""

from __future__ import annotations

from typing import Any

import pytest
from newsroom import Newsroom, article

from etl.model import Trigger
from etl.repair import RepairError
from etl.repair.takedown import Asked, preview
from etl.repair.unload import unload_delivery
from etl.run import Request, begin

SECTION = "https://courier.example/quay/"
CURRENT = """
    select headline, revision, identity_basis from news.fact_article inner join news.article_text using (article_key)
    where is_current order by 1
"""
LEDGER = "select inserted, revised, unchanged from ops.dump_load order by dump_key, run_id"
KNOWN = "select article_id from ops.article_alias where kind = 'url'"

PIER = article(
    1,
    url=SECTION,
    headline="Old pier to be rebuilt",
    body="The harbour council met on Monday evening and agreed to rebuild the old pier before the winter storms "
    "arrive, at a cost of two million crowns. Fishermen said that the plan leaves them no landing place until spring.",
)
PIER_CORRECTED = {**PIER, "headline": "Pier to be rebuilt by winter", "body": PIER["body"].replace("two", "three")}
BREAD = article(
    2,
    url=SECTION,
    headline="Bread that lasts nine days",
    body="A baker in the upper town has found a way to keep bread fresh for nine days by resting the dough in clay "
    "jars that stand in the cellar. Her neighbours first laughed at the jars, then asked for recipes.",
)


def load(newsroom: Newsroom, *dumps: list[dict[str, Any]]) -> None:
    """Load dumps, one after the other."""
    for number, dump in enumerate(dumps):
        newsroom.load(newsroom.drop(f"{number}.jsonl", dump))


def test_a_home_page_merges_nothing(newsroom: Newsroom) -> None:
    home = "https://courier.example/index.html?utm_source=mail"
    load(newsroom, [{**PIER, "url": home}], [{**BREAD, "url": home}])
    assert newsroom.query(LEDGER) == [(1, 0, 0), (1, 0, 0)]
    assert newsroom.query(CURRENT) == [(BREAD["headline"], 1, "content"), (PIER["headline"], 1, "content")]
    assert newsroom.query("select distinct url from news.fact_article") == [("https://courier.example/index.html",)]


def test_articles_of_one_section_page_are_all_kept_and_said_to_share_it(newsroom: Newsroom) -> None:
    load(newsroom, [PIER], [BREAD], [PIER])
    assert newsroom.query(LEDGER) == [(1, 0, 0), (1, 0, 0), (0, 0, 1)]
    assert newsroom.query(CURRENT) == [(BREAD["headline"], 1, "content"), (PIER["headline"], 1, "content")]
    assert newsroom.query(KNOWN) == [(0,)]
    ((reason,),) = newsroom.query("select reason from ops.dump_load where dump_key = 2")
    assert (
        reason
        == "1 article shares an id or address with a different text, without a version; identified by content instead"
    )


def test_dates_of_change_do_not_make_revisions_of_different_articles(newsroom: Newsroom) -> None:
    dated = [{**page, "modified": f"2026-03-14T0{hour}:00:00Z"} for hour, page in enumerate((PIER, BREAD), 7)]
    load(newsroom, dated)
    assert newsroom.query(LEDGER) == [(2, 0, 0)]
    assert newsroom.query(KNOWN) == [(0,)]


def test_an_edited_article_is_revised_even_when_its_headline_is_another(newsroom: Newsroom) -> None:
    load(newsroom, [PIER], [PIER_CORRECTED])
    assert newsroom.query(LEDGER) == [(1, 0, 0), (0, 1, 0)]
    assert newsroom.query(CURRENT) == [(PIER_CORRECTED["headline"], 2, "url")]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (0, 2, 1)])
def test_what_is_current_does_not_depend_on_what_came_first(newsroom: Newsroom, order: tuple[int, ...]) -> None:
    """The earlier state of the pier becomes current once another article shows that the address says nothing."""
    dumps = [[PIER], [PIER_CORRECTED], [BREAD]]
    load(newsroom, *(dumps[place] for place in order))
    headlines = [BREAD["headline"], PIER["headline"], PIER_CORRECTED["headline"]]
    assert newsroom.query(CURRENT) == sorted((headline, 1, "content") for headline in headlines)
    assert newsroom.query("select sum(articles) from mart.daily_volume") == [(3,)]
    assert newsroom.query("select count(*) from news.article_story") == [(3,)]
    told = newsroom.query(
        "select count(*) from ops.dump_load where reason like '%apart: different articles share the id or address%'"
    )
    assert told == [(1 if order == (0, 1, 2) else 0,)]


def test_what_an_id_ties_together_stays_one_article(newsroom: Newsroom) -> None:
    newsroom.stanza('[feed.wire]\npath = "*.jsonl"\nid_column = "id"\nsettle_seconds = 0')
    load(newsroom, [{**PIER, "id": "w1"}], [{**PIER_CORRECTED, "id": "w1"}], [{**BREAD, "id": None}])
    assert newsroom.query(CURRENT) == [
        (BREAD["headline"], 1, "content"),
        (PIER_CORRECTED["headline"], 2, "native_id"),
    ]


def test_a_shared_address_stays_that_when_the_delivery_that_showed_it_is_unloaded(newsroom: Newsroom) -> None:
    load(newsroom, [PIER], [BREAD])
    unload_delivery(begin(newsroom.settings, Trigger.unload, Request()), "1.jsonl", "not ours")
    assert newsroom.query(CURRENT) == [(PIER["headline"], 1, "content")]
    assert newsroom.query(KNOWN) == [(0,)]
    with pytest.raises(RepairError, match="no article"):
        preview(newsroom.settings, Asked("url", SECTION, "asked for", "Mara"))


def test_many_articles_of_a_page_known_for_one_are_no_reused_ids(newsroom: Newsroom) -> None:
    others = [article(n, url=SECTION, headline=f"Boat {n} sold", body=f"Buyer {n} paid {n} crowns.") for n in range(60)]
    load(newsroom, [PIER], others)
    assert newsroom.query(LEDGER) == [(1, 0, 0), (60, 0, 0)]


WIRE = '[feed.wire]\npath = "*.jsonl"\nid_column = "id"\nsettle_seconds = 0'
NIGHTS = [
    {**PIER, "headline": "Old pier to be rebuilt", "body": f"{PIER['body']} A floating jetty is to come until then."},
    {**BREAD, "body": f"{BREAD['body']} The museum of crafts wants to show one of the jars next spring."},
]


@pytest.mark.parametrize(
    "shared", ["/news/", "https://courier.example/section/sports", "www.courier.example/quay", "7"]
)
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_an_id_that_comes_with_quite_another_text_identifies_neither(
    newsroom: Newsroom, shared: str, order: tuple[int, int]
) -> None:
    """Row numbers that begin anew every night, and addresses of pages that show whatever is new."""
    newsroom.stanza(WIRE)
    pages = [{**text, "id": shared, "url": None} for text in NIGHTS]
    load(newsroom, *([pages[place]] for place in order), [pages[0]])
    assert newsroom.query(LEDGER) == [(1, 0, 0), (1, 0, 0), (0, 0, 1)]
    assert newsroom.query(CURRENT) == [(BREAD["headline"], 1, "content"), (PIER["headline"], 1, "content")]
    assert newsroom.query("select article_id from ops.article_alias where kind = 'native_id:wire'") == [(0,)]
    assert newsroom.query("select reason like '1 article shares an id%' from ops.dump_load where dump_key = 2") == [
        (True,)
    ]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0)])
def test_articles_whose_id_is_used_again_are_known_by_their_addresses(
    newsroom: Newsroom, order: tuple[int, ...]
) -> None:
    newsroom.stanza(WIRE)
    pier, bread = ({**text, "id": "7", "url": f"{SECTION}{place}"} for place, text in enumerate(NIGHTS))
    dumps = [[pier], [{**pier, "headline": PIER_CORRECTED["headline"]}], [bread]]
    load(newsroom, *(dumps[place] for place in order))
    found = newsroom.query(
        "select url, max(revision), any_value(identity_basis) from news.fact_article group by 1 order by 1"
    )
    assert found == [(pier["url"], 2, "url"), (bread["url"], 1, "url")]


@pytest.mark.parametrize("stated", [{"modified": "2026-03-14T07:00:00Z"}, {"version": "1"}])
def test_an_id_whose_texts_say_their_order_ties_them_together(newsroom: Newsroom, stated: dict[str, str]) -> None:
    newsroom.stanza(WIRE)
    later = {name: value.replace("1", "2", 1) for name, value in stated.items()}
    pages = [{**text, "id": "7", "url": None, **order} for text, order in zip(NIGHTS, (stated, later), strict=True)]
    load(newsroom, *([page] for page in pages))
    assert newsroom.query("select count(distinct article_id) from news.fact_article") == [(1,)]


@pytest.mark.parametrize("guid", ["https://lamp.example/latest", "https://lamp.example/section/news/"])
def test_the_page_that_shows_what_is_new_is_no_guid(newsroom: Newsroom, guid: str) -> None:
    for night, text in enumerate(NIGHTS):
        item = f"<title>{text['headline']}</title><description>{text['body']}</description>"
        item += f'<guid isPermaLink="false">{guid}</guid>'
        feed = f'<rss version="2.0"><channel><title>The Lamp</title><item>{item}</item></channel></rss>'
        newsroom.load(newsroom.drop(f"{night}.rss", feed))
    assert newsroom.query(LEDGER) == [(1, 0, 0), (1, 0, 0)]
    assert newsroom.query(CURRENT) == [(BREAD["headline"], 1, "content"), (PIER["headline"], 1, "content")]


def test_another_text_under_a_standing_headline_is_another_article(newsroom: Newsroom) -> None:
    nights = [
        {**text, "headline": "Editorial", "modified": f"2026-03-1{night}T07:00:00Z"}
        for night, text in enumerate((PIER, BREAD), 4)
    ]
    load(newsroom, *([night] for night in nights))
    assert newsroom.query(LEDGER) == [(1, 0, 0), (1, 0, 0)]
    assert newsroom.query(CURRENT) == [("Editorial", 1, "content")] * 2
