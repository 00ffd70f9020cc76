"""A small dump whose articles are all rejected is refused, with its likely cause; a single article is not judged."""

from __future__ import annotations

import json
from typing import Any

import pyarrow.parquet as pq
import pytest
from newsroom import Newsroom, article, make_newsroom, read

from etl import pipeline
from etl.run import Request, begin

PROSE = "The bridge over the Furt is open again since Monday, the town said in the evening. " * 3


def judged(newsroom: Newsroom, *names: str) -> dict[str, tuple[str, str | None]]:
    """State and reason of each dump after the checks; nothing is loaded."""
    run = begin(newsroom.settings, "manual", Request(tuple(str(newsroom.landing / name) for name in names)))
    read(run)
    pipeline.check(run)
    return {row["path"]: (row["state"], row["reason"]) for row in pq.read_table(run.dumps).to_pylist()}


def lines(count: int, **fields: Any) -> list[dict[str, Any]]:
    return [article(number, **fields) for number in range(count)]


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, str | None]]:
    newsroom = make_newsroom(tmp_path_factory.mktemp("small"))
    newsroom.stanza('[feed.table]\npath = "ragged.csv"\nformat = "csv"')
    latin = "".join(json.dumps({"title": f"Brücke {n}", "text": "Größe"}, ensure_ascii=False) + "\n" for n in range(30))
    renamed = "".join(f"Brücke {number};{PROSE}\n" for number in range(30))
    dumps: dict[str, Any] = {
        "renamed.csv": f"title;Inhalt\n{renamed}",
        "latin.jsonl": latin.encode("latin-1"),
        "ragged.csv": "title;text\n" + "One;First;more\n" * 30,
        "headlines.jsonl": lines(30, body=None),
        "short.csv": "标题;文字\n" + "渡轮停航;港口议会周一决定关闭旧渡轮码头。居民表示将向法院上诉。\n" * 30,
        "chinese.csv": "标题;副标题\n" + "渡轮停航;港口议会决定关闭旧渡轮码头\n" * 30,
        "two.jsonl": lines(2, body=None),
        "listed.jsonl": lines(30, body=None, absaetze=["The harbour board met again on Monday, and said nothing."] * 5),
        "one.jsonl": lines(1, body=None),
        "some.jsonl": [*lines(29, body=None), article(30)],
        "good.jsonl": lines(3),
    }
    for name, content in dumps.items():
        newsroom.drop(name, content)
    return judged(newsroom, *dumps)


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        (
            "renamed.csv",
            'longest texts are in "Inhalt", which fills no field; if so, set columns = { body = "Inhalt" }',
        ),
        ("latin.jsonl", "its encoding has probably changed"),
        ("ragged.csv", "its columns, delimiter or quotes have probably changed"),
        ("headlines.jsonl", "probably headlines or excerpts were sent without the articles"),
        ("short.csv", 'longest texts are in "文字", which fills no field'),
        ("chinese.csv", "probably headlines or excerpts were sent without the articles"),
        ("two.jsonl", "probably headlines or excerpts were sent"),
        ("listed.jsonl", 'longest texts are in "absaetze", which fills no field'),
    ],
)
def test_a_dump_of_which_nothing_can_be_loaded_is_refused_with_its_likely_cause(
    verdicts: dict[str, tuple[str, str | None]], name: str, cause: str
) -> None:
    state, reason = verdicts[name]
    assert state == "refused"
    assert str(reason).startswith("every one of its articles is rejected (read ")
    assert "most often: " in str(reason)
    assert cause in str(reason)


@pytest.mark.parametrize("name", ["one.jsonl", "some.jsonl", "good.jsonl"])
def test_a_single_article_and_a_dump_of_which_something_can_be_loaded_are_not(
    verdicts: dict[str, tuple[str, str | None]], name: str
) -> None:
    assert verdicts[name] == ("loaded", None)
