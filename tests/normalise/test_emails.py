"""Authors' addresses: covered wherever the article has them, and nothing else touched."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from newsroom import Newsroom, article

from etl.normalise import STRING, topics
from etl.normalise.bylines import split_bylines
from etl.normalise.emails import Cover, cover_emails
from etl.normalise.text import clean_lines
from etl.schemas import ARTICLE, covered_columns
from etl.stages.email_secret import NAME, secret_of
from etl.warehouse import WarehouseError

MARA = "mara.lindqvist@courier.example"
BYLINE = f"By Mara Lindqvist, {MARA}"
EVERYWHERE = {
    "byline": BYLINE,
    "headline": f"Write to {MARA}",
    "deck": f"({MARA.upper()})",
    "dateline": f"FURT, {MARA}",
    "section": f"Mail {MARA}",
    "body": f"First.\n\nMail me.{MARA}.Thanks, and see mailto:mara.lindqvist%40courier.example or desk@courier.example",
    "tags": [MARA, "harbour"],
    "desk": {"notes": [f"line\n{MARA}"], MARA: 1, "author_email": "bo@courier.example"},
}


def loaded(newsroom: Newsroom, author_emails: str, is_published: bool = False) -> Newsroom:
    """The newsroom with one article loaded under that setting; also verified and published if asked for."""
    room = newsroom.with_settings(author_emails=author_emails)
    if not (room.landing / "a.jsonl").exists():
        room.stanza('[feed.wire]\npath = "*.jsonl"\nsettle_seconds = 0')
        room.drop("a.jsonl", [article(1, **EVERYWHERE)])
    report = room.ingest(force=True) if is_published else room.loaded(force=True)
    assert [dump["state"] for dump in report.dumps] == ["loaded"]
    return room


def everything(newsroom: Newsroom) -> str:
    """All that the published file holds, as one text."""
    tables = newsroom.ask_published("select schema_name, table_name from duckdb_tables() where not internal")
    return repr([newsroom.ask_published(f"from {schema}.{name}") for schema, name in tables])


@pytest.mark.parametrize("author_emails", ["hash", "drop"])
def test_no_table_that_is_published_holds_the_authors_address(newsroom: Newsroom, author_emails: str) -> None:
    text = everything(loaded(newsroom, author_emails, is_published=True)).lower()
    assert "mara.lindqvist" not in text
    assert "bo@courier" not in text  # only the metadata gives it
    assert "desk@courier.example" in text  # only the body gives it: that is news


def test_without_the_setting_all_stays_as_printed(newsroom: Newsroom) -> None:
    loaded(newsroom, "keep")
    assert newsroom.query("select email from news.bridge_article_author") == [(MARA,)]
    assert newsroom.query("select byline from news.article_text") == [(BYLINE,)]


def test_the_same_address_has_the_same_hash_everywhere_and_forever(newsroom: Newsroom) -> None:
    loaded(newsroom, "hash", is_published=True)
    ((email,),) = newsroom.query("select email from news.bridge_article_author")
    assert email == Cover(secret_of(newsroom.settings))(MARA)
    assert newsroom.query("select byline, headline, deck from news.article_text") == [
        (f"By Mara Lindqvist, {email}", f"Write to {email}", f"({email})")
    ]
    assert newsroom.query("select topic_code from news.dim_topic where topic_key > 0 order by all") == [
        (email,),
        ("harbour",),
    ]
    assert newsroom.query("select author_name from news.dim_author where author_key > 0") == [("Mara Lindqvist",)]
    failed = newsroom.query("select suite, reason from ops.quality_result where not success and column_name = 'email'")
    assert failed == []


def test_what_is_left_out_leaves_a_mark_and_the_metadata_stay_json(newsroom: Newsroom) -> None:
    loaded(newsroom, "drop")
    assert newsroom.query("select email from news.bridge_article_author") == [(None,)]
    ((byline, extra),) = newsroom.query("select byline, extra from news.article_text")
    assert byline == "By Mara Lindqvist, [e-mail]"
    assert json.loads(extra)["desk"] == {"notes": ["line\n[e-mail]"], "[e-mail]": 1, "author_email": "[e-mail]"}


def test_another_setting_makes_no_revision(newsroom: Newsroom) -> None:
    loaded(newsroom, "keep")
    before = newsroom.query("select content_hash, word_count, character_count from news.fact_article")
    report = loaded(newsroom, "hash").loaded(force=True)
    assert [(dump["unchanged"], dump["revised"]) for dump in report.dumps] == [(1, 0)]
    assert newsroom.query("select content_hash, word_count, character_count from news.fact_article") == before


CASES = [
    # byline, body, body covered
    ("ann@x.example", "Write to joann@x.example or ann@x.examples.", "Write to joann@x.example or ann@x.examples."),
    ("Ann, Ann@X.example", "ANN@x.EXAMPLE.", "[e-mail]."),
    ("Ann, ann@x.example.au", "ann@x.example.au", "[e-mail]"),
    ("记者zhang@x.example报道", "联系zhang@x.example吧", "联系[e-mail]吧"),
    ("Jörg Müller, müller@x.example", "An müller@x.example", "An [e-mail]"),
    ("Ann; ann@x.example; bo@y.example", "bo@y.example, ann@x.example", "[e-mail], [e-mail]"),
    ("Ann &lt;ann&#64;x.example&gt;", "ann@x.example", "[e-mail]"),
    ("By Ann", "ann@x.example", "ann@x.example"),
]


def test_an_address_is_covered_whole_and_no_other_one() -> None:
    frame = pd.DataFrame({name: pd.array([None] * len(CASES), dtype=STRING) for name in (*covered_columns(), "extra")})
    frame["byline"] = clean_lines(pd.Series([byline for byline, _, _ in CASES], dtype=STRING))
    frame["body"] = pd.Series([body for _, body, _ in CASES], dtype=STRING)
    frame["authors"] = split_bylines(frame["byline"])["people"]
    frame["topics"] = topics(frame["extra"])
    covered = cover_emails(frame, Cover(None))
    assert covered["body"].tolist() == [body for _, _, body in CASES]
    assert not covered["byline"].str.contains("@").any()
    assert [name for names in covered["authors"] for name in names if name["email"]] == []


def test_a_machine_with_another_secret_than_the_lake_was_loaded_with_is_refused(
    newsroom: Newsroom, in_lake: dict[str, Any], tmp_path: Path
) -> None:
    first = newsroom.with_settings(**in_lake)
    secret = secret_of(first.settings)
    other = first.with_settings(home=tmp_path / "other")
    other.settings.home.mkdir()
    with pytest.raises(
        WarehouseError, match=r"hashed with another secret than that in .*other/email_secret: copy over"
    ):
        secret_of(other.settings)
    (other.settings.home / NAME).write_bytes(secret)
    assert secret_of(other.settings) == secret == secret_of(first.settings)


def test_two_that_begin_together_read_one_secret_that_only_its_owner_may_read(newsroom: Newsroom) -> None:
    first = secret_of(newsroom.settings)
    assert first == secret_of(newsroom.settings)
    assert len(first) == 64
    assert [oct(path.stat().st_mode & 0o777) for path in newsroom.settings.home.iterdir()] == ["0o600"]


def test_a_text_column_that_nobody_thought_of_is_covered() -> None:
    people = pa.list_(pa.struct({"name": pa.string(), "since": pa.int32()}))
    grown = ARTICLE.append(pa.field("kicker", pa.string())).append(pa.field("translators", people))
    assert set(covered_columns(grown)) - set(covered_columns()) == {"kicker", "translators"}
    assert "words" not in covered_columns(ARTICLE.append(pa.field("words", pa.int32())))
