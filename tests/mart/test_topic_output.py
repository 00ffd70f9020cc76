"""mart.topic_output: what a paper published on a topic in a month. Also mart.topic_count, which holds its counts."""

from __future__ import annotations

import pytest
from newsroom import Newsroom, article

LABELLED = """
<nitf><head><docdata><doc-id id-string="7"/><date.issue norm="20260314"/>
<key-list><keyword key="Boats"/><keyword key="boats"/><keyword key="Mara Ek"/></key-list>
<identified-content><classifier>BOATS</classifier><classifier type="ticker">EK (FRA)</classifier>
<person>Mara Ek</person><location>Furt</location><org>Ek &amp; Sons</org></identified-content></docdata></head>
<body><body.head><hedline><hl1>Boats</hl1></hedline></body.head>
<body.content><p>One two three.</p></body.content></body></nitf>
"""


def test_an_article_counts_for_each_of_its_topics(newsroom: Newsroom) -> None:
    dump = [
        article(1, tags=["boats", "ice"], body="One two three."),
        article(2, tags=["boats"], body="One.", publication="Lamp"),
        article(3, tags=[]),
        article(4, tags=["ice"], status="canceled"),
    ]
    newsroom.load(newsroom.drop("a.jsonl", dump))
    columns = "kind, topic, publication, month_key, articles, words"
    assert newsroom.query(f"select {columns} from mart.topic_output order by all") == [
        ("subject", "boats", "Harbour Courier", 202603, 1, 3),
        ("subject", "boats", "Lamp", 202603, 1, 1),
        ("subject", "ice", "Harbour Courier", 202603, 1, 3),
    ]


def test_kinds_are_apart_and_one_topic_under_many_labels_counts_once(newsroom: Newsroom) -> None:
    newsroom.load(newsroom.drop("a.xml", LABELLED))
    assert newsroom.query("select kind, topic, articles, words from mart.topic_output order by all") == [
        ("code", "EK (FRA)", 1, 3),
        ("organisation", "Ek & Sons", 1, 3),
        ("person", "Mara Ek", 1, 3),
        ("place", "Furt", 1, 3),
        ("subject", "Boats", 1, 3),
        ("subject", "Mara Ek", 1, 3),
    ]
    assert newsroom.query("select topics, people, places, organisations from mart.article") == [
        (["Boats", "Mara Ek"], ["Mara Ek"], ["Furt"], ["Ek & Sons"])
    ]


def test_kinds_that_json_states_are_kinds(newsroom: Newsroom) -> None:
    stated = {"subject": "Piers", "persons": "Ek, Mara", "glocations": "Furt", "organizations": "Ek & Sons"}
    keywords = [{"name": name, "value": value, "rank": 1} for name, value in stated.items()]
    newsroom.load(newsroom.drop("a.jsonl", [article(1, keywords=keywords)]))
    assert newsroom.query("select topics, people, places, organisations from mart.article") == [
        (["Piers"], ["Ek, Mara"], ["Furt"], ["Ek & Sons"])
    ]


def test_a_topic_that_is_spelled_otherwise_later_is_the_same(newsroom: Newsroom) -> None:
    newsroom.load(newsroom.drop("a.jsonl", [article(1, tags=["Ice", "BOATS"])]))
    newsroom.load(newsroom.drop("b.jsonl", [article(2, tags=["ice"]), article(3, tags=["boats", "Boats"])]))
    assert newsroom.query("select topic, articles from mart.topic_output order by all") == [("Boats", 2), ("Ice", 2)]


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0)])
def test_a_topic_is_spelled_alike_everywhere_and_in_capitals_only_where_it_always_is(
    newsroom: Newsroom, order: tuple[int, ...]
) -> None:
    dumps = [[["FISH FARMING", "NATO"]], [["Fish farming"]], [["fish farming", "渔业"]], [["Fish Farming"]]]
    for number in order:
        dump = [article(number, tags=tags) for tags in dumps[number]]
        newsroom.load(newsroom.drop(f"{number}.jsonl", dump))
    assert newsroom.query("select topics from mart.article order by all") == [
        (["Fish Farming"],),
        (["Fish Farming"],),
        (["Fish Farming", "NATO"],),
        (["Fish Farming", "渔业"],),
    ]
    for mart in ("topic_output", "topic_trend"):
        assert newsroom.query(f"select topic, articles from mart.{mart} order by all") == [
            ("Fish Farming", 4),
            ("NATO", 1),
            ("渔业", 1),
        ]
