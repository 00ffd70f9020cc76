"""Feeds that have another name now: what they delivered under a former one follows, so that nothing is loaded twice."""

from __future__ import annotations

import logging

import pyarrow as pa
import sqlalchemy as sa

from etl import words
from etl.declared.sources import Sources
from etl.settings import SQL
from etl.warehouse import statements

log = logging.getLogger(__name__)


def follow(engine: sa.Engine, sources: Sources) -> None:
    """Give deliveries, revisions and keys of former names the names that sources.toml has for their feeds today."""
    names = sources.names_today
    if not names:
        return
    table = pa.table({"former_name": list(names), "name": list(names.values())})
    with engine.begin() as connection, statements.registered(connection, "renamed_feed", table):
        dumps = statements.run_file(connection, SQL / "stage" / "renamed.sql", {}).scalar_one()
    if dumps:
        log.info("%s of renamed feeds have their feed's name now.", words.counted(dumps, "delivery", "deliveries"))
