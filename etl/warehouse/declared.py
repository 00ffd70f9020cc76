"""Publications that publications.toml describes otherwise now: their country, time zone and local times follow it."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import sqlalchemy as sa

from etl.declared.publications import Publications
from etl.normalise.countries import country_code
from etl.normalise.publication_names import local_times
from etl.settings import SQL
from etl.warehouse import statements
from etl.warehouse.catalogue import statements_in

STAGE = SQL / "stage"

DECLARED = pa.schema({"publication_name": pa.string(), "country_code": pa.string(), "time_zone": pa.string()})


def follow(connection: sa.Connection, known: Publications) -> bool:
    """Give all publications what the file declares of them today, and their articles the local times of its zones.

    Returns whether anything is other than before. While something in the file is wrong, nothing follows: a slip of the
    pen takes nothing away.
    """
    if known.problems:
        return False
    rows = [
        {"publication_name": one.name, "country_code": country_code(one.country), "time_zone": one.time_zone}
        for one in known.stanzas
    ]
    with statements.registered(connection, "declared", pa.Table.from_pylist(rows, DECLARED)):
        *changes, question = statements_in(STAGE / "declared.sql")
        for statement in changes:
            statements.run(connection, statement, {})
        found = statements.raw(connection).execute(question.sql).to_arrow_table()
    is_moved = connection.exec_driver_sql("select count(*) from moved_publication").scalar_one() > 0
    return _set_local_times(connection, found.to_pandas(types_mapper=pd.ArrowDtype)) or is_moved


def _set_local_times(connection: sa.Connection, articles: pd.DataFrame) -> bool:
    """Write the local times of these articles that are others now. Returns whether any is."""
    today = local_times(articles["published_at"], articles["time_zone"])
    before = articles["published_local"]
    is_other = (today.isna() != before.isna()) | (today != before).fillna(False)
    if is_other.any():
        moved = articles[["article_key"]].assign(published_local=today)[is_other]
        with statements.registered(connection, "moved_article", pa.Table.from_pandas(moved, preserve_index=False)):
            statements.run_file(connection, STAGE / "local_times.sql", {})
    return bool(is_other.any())
