"""mart.search: the former name of mart.find_articles."""

from __future__ import annotations

from newsroom import Newsroom, article


def test_the_former_name_still_answers(newsroom: Newsroom) -> None:
    newsroom.load(newsroom.drop("a.jsonl", [article(1, headline="São Paulo in rain"), article(2, headline="Dry")]))
    assert newsroom.query("select headline from mart.search('sao paulo')") == [("São Paulo in rain",)]
