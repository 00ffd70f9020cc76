"""mart.topic_output: what a paper published on a topic in a month. Also mart.topic_count, which holds its counts."""

from __future__ import annotations

from newsroom import Newsroom, article


def test_an_article_counts_for_each_of_its_topics(newsroom: Newsroom) -> None:
    dump = [
        article(1, tags=["boats", "ice"], body="One two three."),
        article(2, tags=["boats"], body="One.", publication="Lamp"),
        article(3, tags=[]),
        article(4, tags=["ice"], status="canceled"),
    ]
    newsroom.load(newsroom.drop("a.jsonl", dump))
    columns = "scheme, topic, publication, month_key, articles, words"
    assert newsroom.query(f"select {columns} from mart.topic_output order by all") == [
        ("tag", "boats", "Harbour Courier", 202603, 1, 3),
        ("tag", "boats", "Lamp", 202603, 1, 1),
        ("tag", "ice", "Harbour Courier", 202603, 1, 3),
    ]
