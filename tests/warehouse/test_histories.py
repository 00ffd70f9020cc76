"""Nights and repairs in random order make the same tables in a lake as in a file (see benchmarks/histories.py)."""

from __future__ import annotations

import pytest
import services
import sqlalchemy as sa

from benchmarks import histories
from etl.warehouse import opening

pytestmark = services.needs_postgres()


@pytest.mark.parametrize("seed", [14, 16, 47])
def test_a_history_makes_the_same_tables(seed: int, postgres: services.Postgres) -> None:
    assert histories.different(histories.history(seed, between=2), postgres) == []


def test_a_lake_that_loses_a_row_is_noticed(postgres: services.Postgres) -> None:
    with histories.newsrooms(postgres) as (room, in_lake):
        assert histories.differences(histories.history(1, between=0), room, in_lake) == []
        with opening.opened(in_lake.settings, "test") as engine, engine.begin() as connection:
            connection.execute(sa.text("delete from news.article_text where article_key = 3"))
        (difference,) = histories.different_tables(room, in_lake)
    assert difference.startswith("news.article_text: 1 rows only in the file, first (3, ")
