"""Nights and repairs in random order make the same tables in a lake as in a file (see benchmarks/histories.py)."""

from __future__ import annotations

import services
import sqlalchemy as sa

from benchmarks import histories
from etl.warehouse import opening

pytestmark = services.needs_postgres()


def test_a_history_makes_the_same_tables_and_a_row_that_the_lake_loses_is_noticed(postgres: services.Postgres) -> None:
    with histories.newsrooms(postgres) as (room, in_lake):
        assert histories.differences(histories.history(47, between=2), room, in_lake) == []
        with opening.opened(in_lake.settings, "test") as engine, engine.begin() as connection:
            lost = connection.execute(sa.text("select max(article_key) from news.article_text")).scalar_one()
            connection.execute(sa.text("delete from news.article_text where article_key = :lost"), {"lost": lost})
        (difference,) = histories.different_tables(room, in_lake)
    assert difference.startswith(f"news.article_text: 1 rows only in the file, first ({lost}, ")
