"""Every older schema, migrated, equals a fresh one; what it held is still there."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest
from newsroom import Newsroom, article, make_newsroom

from etl.doctor import examine
from etl.reports import docs
from etl.settings import SQL
from etl.warehouse import WarehouseError, opening, schema, statements
from etl.warehouse.catalogue import all_tables, live_columns, live_comments, read_catalogue
from etl.warehouse.restore import restore_from_copy
from etl.warehouse.schema import newest_migration

SCHEMAS = Path(__file__).parents[1] / "schemas"

# Three articles of one dump; the second has two revisions.
HELD = """
insert into ops.dump values (1, 'a.jsonl', 'wire', 'jsonl', repeat('a', 64), '', 9, timestamp '2026-03-14 02:00:00');
insert into ops.load_run values
    ('old', 'schedule', timestamp '2026-03-14 02:00:00', timestamp '2026-03-14 02:01:00', 'verified', '{}');
insert into ops.dump_load values
    ('old', 1, 'loaded', null, 4, 4, 3, 1, 0, 0, '{}', null, timestamp '2026-03-14 02:00:00');
insert into ops.article_alias values ('content', 'c1', 1), ('url', 'u2', 2), ('content', 'c2', 2), ('content', 'c3', 2);
insert into news.fact_article by name
select
    key as article_key, id as article_id, revision, revision = last as is_current,
    timestamp '2026-03-14' as valid_from, if(revision < last, timestamp '2026-03-14', null) as valid_to,
    timestamp '2026-03-14 02:00:00' as loaded_at, 0 as published_date_key, 'unknown' as date_basis,
    'unknown' as date_precision, 0 as publication_key, 0 as section_key, 0 as language_key,
    0 as language_confidence, 1 as dump_key, 'wire' as source, 'line ' || key as position,
    'content' as identity_basis, 'usable' as status, false as is_partial, 1 as word_count, 1 as character_count,
    1 as paragraph_count, 0 as author_count, 'h' || key as content_hash
from (values (1, 1, 1, 1), (2, 2, 1, 2), (3, 2, 2, 2)) as held (key, id, revision, last);
insert into news.article_text by name select unnest([1, 2, 3]) as article_key, 'Old' as headline, 'Old news.' as body;
insert into news.dim_publication by name select 0 as publication_key, 'unknown' as publication_name;
insert into news.article_story values (1, 1), (2, 2);
insert into news.dim_story values (1, null, 1, 0), (2, null, 1, 0);
"""

# As 0000.sql holds them, in the columns of 0001.sql; two of the three bodies are nearly the same.
HELD_BY_0001 = """
insert into ops.dump by name select
    1 as dump_key, 'a.jsonl' as path, 'wire' as source, 'jsonl' as format, repeat('a', 64) as sha256,
    '' as manifest_sha256, 9 as bytes, timestamp '2026-03-14 02:00:00' as first_seen_at;
insert into ops.load_run values
    ('old', 'schedule', timestamp '2026-03-14 02:00:00', timestamp '2026-03-14 02:01:00', 'verified', '{}');
insert into ops.dump_load by name select
    'old' as run_id, 1 as dump_key, 'loaded' as state, 3 as articles_read, 3 as inserted, 0 as revised, 0 as unchanged,
    0 as rejected, '{}' as skipped, timestamp '2026-03-14 02:00:00' as loaded_at, 'delivery' as kind;
insert into ops.article_alias select 'content', 'c' || id, id, 1 from range(1, 4) as held (id);
insert into news.dim_date (date_key) values (0);
insert into news.dim_publication (publication_key, publication_name) values (0, 'unknown');
insert into news.dim_section values (0, 'unknown');
insert into news.dim_language values (0, 'und', 'Unknown');
insert into news.fact_article by name
select
    id as article_key, id as article_id, 1 as revision, true as is_current,
    timestamp '2026-03-14' as valid_from, timestamp '2026-03-14 02:00:00' as loaded_at, 0 as published_date_key,
    'unknown' as date_basis, 'unknown' as date_precision, 0 as publication_key, 0 as section_key, 0 as language_key,
    0 as language_confidence, 1 as dump_key, 'wire' as source, 'line ' || id as position,
    'content' as identity_basis, 'usable' as status, false as is_partial, 1 as word_count, 1 as character_count,
    1 as paragraph_count, 0 as author_count, 'h' || id as content_hash, 'b' || id as body_hash
from range(1, 4) as held (id);
insert into news.article_text by name
select
    id as article_key,
    list_aggregate([word * word * if(id = 3, 7, 5) for word in range(80)], 'string_agg', ' ') || ' ' || id
    as body
from range(1, 4) as held (id);
insert into news.article_story select id, id from range(1, 4) as held (id);
insert into news.dim_story select id, null, 1, 0 from range(4) as held (id);
"""


A_RUN = """
insert into ops.load_run by name select
    'old' as run_id, 'schedule' as trigger, timestamp '2026-03-14 02:00:00' as started_at, 'verified' as state,
    '{{}}' as versions{}
"""


TOPICS_OF_0004 = """
insert into news.dim_topic values
(0, 'unknown', 'unknown', 'unknown'), (1, 'PLACES', 'furt', 'furt'), (2, 'tag', 'Furt', 'Furt'),
(3, 'geographic', 'FU', 'Furt'), (4, 'ticker', 'Furt', 'Furt'), (5, 'subj', '01000000', 'FURT')
"""


def described(newsroom: Newsroom) -> tuple[Any, Any]:
    """Columns (whatever their order) and comments of a warehouse, once it is opened."""
    with opening.opened(newsroom.settings, "test") as engine, engine.connect() as connection:
        raw = statements.raw(connection)
        return {name: set(columns) for name, columns in live_columns(raw).items()}, live_comments(raw)


@pytest.fixture
def old(newsroom: Newsroom, request: pytest.FixtureRequest) -> Newsroom:
    """A newsroom whose warehouse has an older schema."""
    newsroom.settings.warehouse_file.parent.mkdir(parents=True)
    with duckdb.connect(newsroom.settings.warehouse_file) as connection:
        schema = getattr(request, "param", "0000.sql")
        connection.execute((SCHEMAS / schema).read_text())
        connection.execute({"0000.sql": HELD, "0001.sql": HELD_BY_0001}.get(schema, ""))
    return newsroom


def migrated(old: Newsroom) -> Newsroom:
    with opening.opened(old.settings, "test"):
        return old


@pytest.mark.parametrize("old", [path.name for path in sorted(SCHEMAS.glob("*.sql"))], indirect=True)
def test_an_older_schema_migrated_equals_a_fresh_one(old: Newsroom, tmp_path: Path) -> None:
    (tmp_path / "fresh").mkdir()
    assert described(old) == described(make_newsroom(tmp_path / "fresh"))


def test_every_migration_has_the_schema_that_it_begins_with() -> None:
    migrations = [int(path.name[:4]) for path in sorted((SQL / "migrations").glob("*.sql"))]
    assert migrations == list(range(1, len(migrations) + 1))
    assert [int(path.stem) for path in sorted(SCHEMAS.glob("*.sql"))] == [0, *migrations]


def test_what_an_older_warehouse_held_is_still_there(old: Newsroom) -> None:
    assert migrated(old).query("select article_key, content_key from news.fact_article order by article_key") == [
        (1, "c1"),
        (2, None),  # which of its two contents came first was not kept
        (3, None),
    ]
    assert old.query("select distinct dump_key from ops.article_alias") == [(1,)]
    assert old.query("select path, state, attempts, inserted from ops.dump_status") == [("a.jsonl", "loaded", 1, 3)]


def test_an_older_warehouse_is_loaded_and_published(old: Newsroom) -> None:
    report = old.ingest(old.drop("b.jsonl", [article(1), article(1)]))
    assert report.failures == []
    assert (report.state, report.dumps[0]["inserted"], report.dumps[0]["unchanged"]) == ("succeeded", 1, 1)
    assert old.ask_published("select max(version) from ops.schema_version") == [(newest_migration(),)]


@pytest.mark.parametrize("old", ["0001.sql"], indirect=True)
def test_the_first_load_finds_the_stories_of_an_older_warehouse(old: Newsroom) -> None:
    stories = "select article_id, story_key from news.article_story order by article_id"
    assert migrated(old).query(stories) == [(1, 1), (2, 2), (3, 3)]
    assert old.ingest(old.drop("b.jsonl", [article(1)])).state == "succeeded"
    assert old.query(stories) == [(1, 1), (2, 1), (3, 3), (4, 4)]


@pytest.mark.parametrize("old", ["0004.sql"], indirect=True)
def test_the_topics_of_an_older_warehouse_get_their_kinds(old: Newsroom) -> None:
    with duckdb.connect(old.settings.warehouse_file) as connection:
        connection.execute(TOPICS_OF_0004)
    assert migrated(old).query("select topic_key, kind, same_as_key from news.dim_topic order by topic_key") == [
        (0, "subject", 0),
        (1, "place", 1),
        (2, "subject", 2),
        (3, "place", 1),
        (4, "code", 4),
        (5, "subject", 2),
    ]


@pytest.mark.parametrize("old", ["0004.sql"], indirect=True)
def test_what_recurred_in_an_older_warehouse_is_a_series(old: Newsroom) -> None:
    facts = HELD_BY_0001[HELD_BY_0001.index("insert into news.dim_date") :]
    held = facts.replace("news.article_story select id, id", "news.article_story select id, 0, 1, id = 1, 1")
    with duckdb.connect(old.settings.warehouse_file) as connection:
        connection.execute(held)
        connection.execute(
            "update news.fact_article set published_at = timestamp '2026-03-01' + article_id * interval 9 days"
        )
    assert migrated(old).query("select kind from news.dim_story where story_key = 1") == [("series",)]
    assert old.query("select place, kind from mart.story_article order by place") == [
        (place, "series") for place in (1, 2, 3)
    ]
    assert old.query("select sum(copies) from mart.daily_volume") == [(0,)]


@pytest.mark.parametrize("old", ["0008.sql"], indirect=True)
def test_results_of_a_run_that_is_not_in_the_ledger_stop_no_maintenance_any_more(old: Newsroom) -> None:
    result = "'check' as suite, 'unique' as expectation, 'critical' as severity, true as success, '' as reason"
    with duckdb.connect(old.settings.warehouse_file) as connection:
        connection.execute(A_RUN.format(", 1 as run_number"))
        for run_id in ("old", "again"):
            connection.execute(f"insert into ops.quality_result by name select '{run_id}' as run_id, {result}")
    assert migrated(old).query("select run_id from ops.quality_result") == [("old",)]


def test_a_table_that_changes_without_a_migration_is_not_written_down() -> None:
    kept = docs.newest_schema().read_text()
    docs.refuse_unmigrated(all_tables(), kept)
    with pytest.raises(ValueError, match=r"fact_article\.sql: other columns .* write sql/migrations/0\d+_<what>\.sql"):
        docs.refuse_unmigrated(all_tables(), kept.replace("    agency varchar,\n", "    agency integer,\n", 1))


def test_migrations_that_update_and_then_alter_the_same_table_go_through(old: Newsroom, tmp_path: Path) -> None:
    shutil.copytree(SQL, tmp_path / "sql")
    file = tmp_path / "sql" / "fact" / "fact_article.sql"
    text = file.read_text().replace("    source varchar", "    kicker varchar,\n    source varchar", 1)
    note = "comment on column news.fact_article.kicker is 'Kicker';"
    file.write_text(text.replace("\ninsert into", f"{note}\n\ninsert into", 1))
    migration = tmp_path / "sql" / "migrations" / "0099_kicker.sql"
    migration.write_text("alter table news.fact_article add column kicker varchar;")
    with opening._engine(old.settings, old.settings.warehouse_file) as engine:
        schema.migrate(engine, read_catalogue(tmp_path / "sql"), tmp_path / "sql")
        with engine.connect() as connection:
            names = {column.name for column in live_columns(statements.raw(connection))["news.fact_article"]}
    assert {"content_key", "kicker"} <= names


@pytest.mark.parametrize("old", [path.name for path in sorted(SCHEMAS.glob("*.sql"))], indirect=True)
def test_an_upgrade_and_the_way_back_are_as_the_guide_says(old: Newsroom) -> None:
    with duckdb.connect(old.settings.warehouse_file) as connection:
        if connection.execute("select count(*) from ops.load_run").fetchone() == (0,):
            columns = {column.name for column in live_columns(connection)["ops.load_run"]}
            connection.execute(A_RUN.format(", 1 as run_number" if "run_number" in columns else ""))
        (version,) = connection.execute("select max(version) from ops.schema_version").fetchone() or (0,)
        runs = connection.execute("select run_id, started_at from ops.load_run").fetchall()
    old.settings.published_folder.mkdir(parents=True)
    copy = old.settings.published_folder / "broadsheet-1.duckdb"
    shutil.copy(old.settings.warehouse_file, copy)
    before = copy.read_bytes()

    finding = dict(examine(old.settings))["schema"]
    if version < newest_migration():
        assert f"schema version {version} of {newest_migration()}" in finding.found
        assert finding.advice.startswith("nothing to do")
    assert migrated(old).query("select run_id, started_at from ops.load_run") == runs
    assert dict(examine(old.settings))["schema"].state == "ok"
    with opening.opened(old.settings, "test") as engine, engine.begin() as connection:
        connection.exec_driver_sql("update ops.load_run set run_id = 'spoilt by the new version'")

    done = restore_from_copy(old.settings, 1)
    assert (done.run_id, done.started_at) == runs[0]
    assert done.set_aside
    assert old.query("select run_id, started_at from ops.load_run") == runs
    assert copy.read_bytes() == before


def test_an_older_broadsheet_refuses_what_a_newer_one_has_migrated(newsroom: Newsroom, tmp_path: Path) -> None:
    with opening.opened(newsroom.settings, "test"):
        pass
    before = newsroom.settings.warehouse_file.read_bytes()
    shutil.copytree(SQL, tmp_path / "sql")
    for file in (tmp_path / "sql" / "migrations").glob(f"{newest_migration():04}_*.sql"):
        file.unlink()
    with (
        opening._engine(newsroom.settings, newsroom.settings.warehouse_file) as engine,
        pytest.raises(WarehouseError, match=r"has schema version \d+, this Broadsheet knows only up to \d+"),
    ):
        schema.migrate(engine, read_catalogue(tmp_path / "sql"), tmp_path / "sql")
    assert newsroom.settings.warehouse_file.read_bytes() == before
