"""Addresses that different articles share: none is lost under them, whatever comes first."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from newsroom import Newsroom, article, make_newsroom
from side_by_side import by_feed, load_side_by_side

from etl.model import Trigger
from etl.normalise.other_articles import Verdict
from etl.repair import RepairError
from etl.repair.asked import Asked
from etl.repair.takedown import preview
from etl.repair.unload import unload_delivery
from etl.run import Request, begin
from etl.warehouse import comparison

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
LAMPS = (
    "Forty lamps will light the valley road from next spring, after a petition by the pupils of the evening school, "
    "who walk home in the dark for half of the year and count the cars that pass without slowing down."
)


def load(newsroom: Newsroom, *dumps: list[dict[str, Any]]) -> None:
    """Load dumps, one after the other."""
    for number, dump in enumerate(dumps):
        newsroom.load(newsroom.drop(f"{number}.jsonl", dump))


LEDGERS = """
    select source, inserted, revised, unchanged from ops.dump_load inner join ops.dump using (dump_key) order by path
"""
ALL_CURRENT = """
    select source, headline, revision, identity_basis from news.fact_article
    inner join news.article_text using (article_key) where is_current order by all
"""


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


PIER_AGAIN = {**PIER_CORRECTED, "body": f"{PIER_CORRECTED['body']} The mayor promised an answer by Friday."}


def test_states_of_one_text_stay_one_article_when_another_article_comes_under_their_address(
    newsroom: Newsroom,
) -> None:
    states = [{**PIER, "published": "2026-03-14T06:00:00Z"}, {**PIER_CORRECTED, "published": "2026-03-14T07:00:00Z"}]
    dumps = [[page] for page in (*states, {**PIER_AGAIN, "published": "2026-03-14T08:00:00Z"}, BREAD)]
    orders = [(0, 1, 2, 3), (3, 0, 1, 2), (0, 3, 2, 1)]
    feeds = load_side_by_side(newsroom, *([dumps[place] for place in order] for order in orders))
    current = [(BREAD["headline"], 1, "content"), (PIER_AGAIN["headline"], 3, "content")]
    assert by_feed(newsroom, ALL_CURRENT) == dict.fromkeys(feeds, current)
    assert newsroom.query(KNOWN) == [(0,)] * len(feeds)
    volume = "select publication, sum(articles) from mart.daily_volume group by all"
    assert by_feed(newsroom, volume) == {feed: [(2,)] for feed in feeds}
    assert newsroom.query("select count(*) from news.article_story") == [(2 * len(feeds),)]


def test_an_article_that_comes_apart_is_told_and_its_later_states_are_not(newsroom: Newsroom) -> None:
    with pytest.MonkeyPatch.context() as before:
        before.setattr(comparison, "judge", lambda texts, pairs: [Verdict(False, False)] * len(pairs))
        load(newsroom, [PIER], [BREAD])
    lamps = {**PIER, "headline": "Lamps for the valley", "body": LAMPS}
    newsroom.load(newsroom.drop("2.jsonl", [lamps]))
    newsroom.load(newsroom.drop("3.jsonl", [PIER_CORRECTED]))
    told = newsroom.query("select dump_key, reason from ops.dump_load where reason is not null order by 1")
    assert [(dump_key, reason[:42]) for dump_key, reason in told] == [(3, "1 revision is now an article apart: differ")]
    assert newsroom.query(CURRENT) == [
        (BREAD["headline"], 1, "content"),
        (lamps["headline"], 1, "content"),
        (PIER_CORRECTED["headline"], 2, "content"),
    ]


def test_copies_of_a_text_in_two_papers_stay_two_articles_under_an_address_that_is_shared(newsroom: Newsroom) -> None:
    """As a vendor's search page is the address of all that was found."""
    load(newsroom, [PIER], [BREAD], [{**PIER_CORRECTED, "publication": "The Lamp"}])
    assert newsroom.query("select count(distinct article_id) from news.fact_article") == [(3,)]


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
    with pytest.raises(RepairError, match=r"different articles can have it.*stored under it: article 1"):
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


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_an_id_that_comes_with_quite_another_text_identifies_neither(
    newsroom: Newsroom, order: tuple[int, int]
) -> None:
    """Row numbers that begin anew every night, and addresses of pages that show whatever is new."""
    shared = ("/news/", "https://courier.example/section/sports", "www.courier.example/quay", "7")
    pages = [[{**text, "id": id_, "url": None} for text in NIGHTS] for id_ in shared]
    feeds = load_side_by_side(newsroom, *([*([each[place]] for place in order), [each[0]]] for each in pages))
    assert by_feed(newsroom, LEDGERS) == {feed: [(1, 0, 0), (1, 0, 0), (0, 0, 1)] for feed in feeds}
    current = [(BREAD["headline"], 1, "content"), (PIER["headline"], 1, "content")]
    assert by_feed(newsroom, ALL_CURRENT) == dict.fromkeys(feeds, current)
    known = "select kind, article_id from ops.article_alias where kind like 'native_id:%'"
    assert by_feed(newsroom, known) == {f"native_id:{feed}": [(0,)] for feed in feeds}
    said = (
        "select source, reason like '1 article shares an id%' from ops.dump_load inner join ops.dump using (dump_key)"
    )
    assert by_feed(newsroom, f"{said} where path like '%/1.jsonl'") == {feed: [(True,)] for feed in feeds}


def test_articles_whose_id_is_used_again_are_known_by_their_addresses(newsroom: Newsroom) -> None:
    pier, bread = ({**text, "id": "7", "url": f"{SECTION}{place}"} for place, text in enumerate(NIGHTS))
    dumps = [[pier], [{**pier, "headline": PIER_CORRECTED["headline"]}], [bread]]
    orders = [(0, 1, 2), (2, 0, 1), (1, 2, 0)]
    feeds = load_side_by_side(newsroom, *([dumps[place] for place in order] for order in orders))
    revisions = "select source, url, max(revision), any_value(identity_basis) from news.fact_article group by all"
    assert by_feed(newsroom, f"{revisions} order by all") == {
        feed: [(page["url"].replace("courier", feed), revision, "url") for page, revision in ((pier, 2), (bread, 1))]
        for feed in feeds
    }


def test_an_id_whose_texts_say_their_order_ties_them_together(newsroom: Newsroom) -> None:
    cases = []
    for stated in ({"modified": "2026-03-14T07:00:00Z"}, {"version": "1"}):
        later = {name: value.replace("1", "2", 1) for name, value in stated.items()}
        pages = ({**text, "id": "7", "url": None, **order} for text, order in zip(NIGHTS, (stated, later), strict=True))
        cases.append([[page] for page in pages])
    feeds = load_side_by_side(newsroom, *cases)
    articles = "select source, count(distinct article_id) from news.fact_article group by all"
    assert by_feed(newsroom, articles) == {feed: [(1,)] for feed in feeds}


@pytest.mark.parametrize("guid", ["https://lamp.example/latest", "https://lamp.example/section/news/"])
def test_the_page_that_shows_what_is_new_is_no_guid(newsroom: Newsroom, guid: str) -> None:
    for night, text in enumerate(NIGHTS):
        item = f"<title>{text['headline']}</title><description>{text['body']}</description>"
        item += f'<guid isPermaLink="false">{guid}</guid>'
        feed = f'<rss version="2.0"><channel><title>The Lamp</title><item>{item}</item></channel></rss>'
        newsroom.load(newsroom.drop(f"{night}.rss", feed))
    assert newsroom.query(LEDGER) == [(1, 0, 0), (1, 0, 0)]
    assert newsroom.query(CURRENT) == [(BREAD["headline"], 1, "content"), (PIER["headline"], 1, "content")]


TAG = "tag:lamp.example,2026-03-14:1"


def entry(text: dict[str, Any], **fields: str) -> str:
    """An Atom entry, with its fields in the order in which they are given."""
    stated = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
    link = '<link href="https://lamp.example/section/news/"/>'
    body = f'<content type="text">{text["body"]}</content>'
    return f"<entry>{stated}<title>{text['headline']}</title>{link}{body}</entry>"


def load_atom(newsroom: Newsroom, *nights: str) -> list[tuple[Any, ...]]:
    """Load a feed each night. Returns what is current, with how it was identified."""
    for night, entries in enumerate(nights):
        feed = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>The Lamp</title>{entries}</feed>'
        newsroom.load(newsroom.drop(f"{night}.atom", feed))
    return newsroom.query(CURRENT)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_an_atom_entry_whose_id_is_the_address_of_a_page_is_known_by_its_text(
    newsroom: Newsroom, order: tuple[int, int]
) -> None:
    entries = [
        entry(text, id="https://lamp.example/section/news/", updated=f"2026-03-1{night}T07:00:00Z")
        for night, text in enumerate(NIGHTS, 4)
    ]
    assert load_atom(newsroom, *(entries[place] for place in order)) == [
        (BREAD["headline"], 1, "content"),
        (PIER["headline"], 1, "content"),
    ]


def test_an_atom_id_that_is_not_an_address_identifies_its_entry_whatever_the_entries_link_to(
    newsroom: Newsroom,
) -> None:
    tags = [f"tag:lamp.example,2026-03-14:{number}" for number in (1, 2)]
    entries = [entry(text, id=tag, updated="2026-03-14T07:00:00Z") for text, tag in zip(NIGHTS, tags, strict=True)]
    assert load_atom(newsroom, *entries) == [(BREAD["headline"], 1, "native_id"), (PIER["headline"], 1, "native_id")]


@pytest.mark.parametrize("atom_id", [TAG, "https://lamp.example/section/news/"])
def test_an_atom_entry_that_is_updated_is_revised(newsroom: Newsroom, atom_id: str) -> None:
    corrected = {**PIER_CORRECTED, "body": f"{PIER_CORRECTED['body']} A floating jetty is to come until then."}
    entries = [
        entry(text, id=atom_id, published="2026-03-14T07:00:00Z", updated=f"2026-03-14T0{hour}:00:00Z")
        for hour, text in enumerate((NIGHTS[0], corrected), 7)
    ]
    assert load_atom(newsroom, *entries) == [(PIER_CORRECTED["headline"], 2, "native_id")]


def test_a_tag_that_is_written_anew_stays_one_article(newsroom: Newsroom) -> None:
    """Its entries say when they were published and updated: an order, as versions are."""
    entries = [
        entry(text, id=TAG, published="2026-03-14T07:00:00Z", updated=f"2026-03-14T1{hour}:00:00Z")
        for hour, text in enumerate(NIGHTS)
    ]
    assert load_atom(newsroom, *entries) == [(BREAD["headline"], 2, "native_id")]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_tag_and_a_page_with_quite_another_text_and_no_date_of_change_identify_neither(
    newsroom: Newsroom, order: tuple[int, int]
) -> None:
    entries = [entry(text, id=TAG, updated=f"2026-03-1{day}T07:00:00Z") for day, text in enumerate(NIGHTS, 4)]
    assert load_atom(newsroom, *(entries[place] for place in order)) == [
        (BREAD["headline"], 1, "content"),
        (PIER["headline"], 1, "content"),
    ]


def test_another_text_under_a_standing_headline_is_another_article(newsroom: Newsroom) -> None:
    nights = [
        {**text, "headline": "Editorial", "modified": f"2026-03-1{night}T07:00:00Z"}
        for night, text in enumerate((PIER, BREAD), 4)
    ]
    load(newsroom, *([night] for night in nights))
    assert newsroom.query(LEDGER) == [(1, 0, 0), (1, 0, 0)]
    assert newsroom.query(CURRENT) == [("Editorial", 1, "content")] * 2


BOATS = (
    "Three boats from the northern quay went out at dawn to look for the missing nets, and two of them came home by "
)
BOATS += "noon; the third was towed in by the ferry, whose captain had seen its lamp between the islands after dark."
TEXTS = {
    "pier": (NIGHTS[0]["headline"], NIGHTS[0]["body"]),
    "bread": (NIGHTS[1]["headline"], NIGHTS[1]["body"]),
    "boats": ("Third boat towed home", BOATS),
}
KEYS = {
    "page": {"url": SECTION, "id": None},
    "front": {"url": "https://courier.example/town/", "id": None},
    "row": {"url": None, "id": "7"},
    "row of a page": {"url": SECTION, "id": "7"},
    "page as id": {"url": None, "id": "/quay/news"},
}


def state(name: str, number: int, keys: dict[str, Any]) -> dict[str, Any]:
    """A text in the state of a certain hour."""
    headline, body = TEXTS[name]
    body += "".join(f" At {hour} o'clock the desk added a line." for hour in range(1, number + 1))
    return article(0, headline=headline, body=body, published=f"2026-03-14T0{number}:00:00Z", **keys)


drawn_states = st.fixed_dictionaries({name: st.sampled_from([*KEYS]) for name in TEXTS}).flatmap(
    lambda keys: st.tuples(
        st.just(keys),
        st.permutations([(name, number) for name in TEXTS for number in (1, 2)]),
    )
)


ROWS_OF_A_PAGE = {"pier": "page as id", "boats": "row of a page", "bread": "row of a page"}
"""Neither the id nor the address that comes with it tells the boats from the bread."""


drawn_cases = st.tuples(drawn_states, st.integers(1, 3))
KNOWN_CASE = (ROWS_OF_A_PAGE, [("bread", 1), ("boats", 2), ("bread", 2), ("boats", 1), ("pier", 1), ("pier", 2)]), 2


# One example of several cases, because each example is a warehouse; different ones, so not only the simplest.
@settings(max_examples=1, deadline=None, phases=[Phase.reuse, Phase.generate])
@given(st.lists(drawn_cases, min_size=3, max_size=3, unique_by=repr))
def test_in_whatever_order_they_come_each_article_has_its_own_states(
    drawn: list[tuple[tuple[dict[str, str], list[tuple[str, int]]], int]],
) -> None:
    """Two states each of three articles, some of which share an address or an id, so many in a dump."""
    cases = [dumps_of(keys, order, size) for (keys, order), size in [KNOWN_CASE, *drawn]]
    with TemporaryDirectory() as folder:
        newsroom = make_newsroom(Path(folder))
        feeds = load_side_by_side(newsroom, *cases)
        found = by_feed(
            newsroom,
            "select source, headline, revision, hour(published_at), is_current from news.fact_article "
            "inner join news.article_text using (article_key) order by all",
        )
        counted = by_feed(newsroom, "select publication, sum(articles) from mart.daily_volume group by all")
    headlines = sorted(headline for headline, _ in TEXTS.values())
    states = [(headline, number, number, number == 2) for headline in headlines for number in (1, 2)]
    assert found == dict.fromkeys(feeds, states)
    assert counted == {feed: [(3,)] for feed in feeds}


def dumps_of(keys: dict[str, str], order: list[tuple[str, int]], size: int) -> list[list[dict[str, Any]]]:
    dumps: list[list[tuple[str, int]]] = [[]]
    for name, number in order:  # two states side by side are two articles where nothing gives their order
        if len(dumps[-1]) == size or name in dict(dumps[-1]):
            dumps.append([])
        dumps[-1].append((name, number))
    return [[state(name, number, KEYS[keys[name]]) for name, number in dump] for dump in dumps]
