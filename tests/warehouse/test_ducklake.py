"""The SQL files run on a DuckLake as they run on a DuckDB file, and give the same tables."""

from __future__ import annotations

from pathlib import Path

import duckdb_extension_ducklake
import pytest
import sqlalchemy as sa
from invented import paragraphs
from newsroom import Newsroom, article, read
from snapshot import QUERIES

from etl import pipeline
from etl.run import Request, Run, begin
from etl.stages import load, verify
from etl.warehouse import opening, schema


@pytest.fixture
def lake(tmp_path: Path) -> sa.Engine:
    """A DuckLake whose catalogue is a DuckDB file; the extension comes from its wheel."""
    (extension,) = Path(duckdb_extension_ducklake.__file__).parent.rglob("ducklake.duckdb_extension")
    engine = sa.create_engine("duckdb:///:memory:", poolclass=sa.StaticPool)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"load '{extension}'")
        connection.exec_driver_sql(f"attach 'ducklake:{tmp_path}/lake.ducklake' as lake (data_path '{tmp_path}/lake')")
        connection.exec_driver_sql("use lake")
    schema.migrate(engine)
    return engine


@pytest.fixture
def nights(newsroom: Newsroom) -> list[Run]:
    """Two nights, checked but not loaded: new articles, then a revision, a repetition and a reject."""
    newsroom.stanza('[feed.wire]\npath = "*.jsonl"\nid_column = "id"\nsettle_seconds = 0')
    wire = paragraphs(1)
    texts = [wire, wire[:5], wire[3:], *(paragraphs(seed) for seed in range(2, 39))]
    first = [
        article(n, id=f"w{n}", tags=["boats", f"pier {n % 3}"], section="Harbour", body="\n\n".join(texts[n]))
        for n in range(40)
    ]
    newsroom.drop("a.jsonl", first)
    runs = [prepared(newsroom, "first")]
    newsroom.drop(
        "b.jsonl",
        [
            first[0],
            article(1, id="w1", headline="Boat one comes back", body=first[2]["body"]),
            article(99, id="w99", body=""),
        ],
    )
    (newsroom.landing / "a.jsonl").unlink()
    return [*runs, prepared(newsroom, "second")]


def prepared(newsroom: Newsroom, name: str) -> Run:
    run = begin(newsroom.settings, "manual", Request(), name)
    read(run)
    pipeline.check(run)
    return run


def loaded(engine: sa.Engine, nights: list[Run]) -> dict[str, list[tuple[object, ...]]]:
    for night in nights:
        load._load_batch(engine, night, night.batch(0))
    with engine.begin() as connection:
        outcomes = verify.verify_touched(connection)
        assert [row for outcome in outcomes for row in outcome.critical] == []
        return {name: [tuple(row) for row in connection.exec_driver_sql(query)] for name, query in QUERIES.items()}


def test_a_lake_and_a_file_hold_the_same(newsroom: Newsroom, nights: list[Run], lake: sa.Engine) -> None:
    in_lake = loaded(lake, nights)
    with opening.opened(newsroom.settings, "test") as engine:
        in_file = loaded(engine, nights)
    assert len(in_file["articles"]) == 41
    assert in_lake == in_file
