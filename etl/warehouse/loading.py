"""The load statements of all tables, in their order, with what must come between them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from etl.settings import SQL
from etl.warehouse import statements, stories
from etl.warehouse.catalogue import Statement, Table, all_tables

Choice = Callable[[Table, Statement], bool]
"""Whether a load statement of a table is run."""


def every_statement(table: Table, statement: Statement) -> bool:
    """What a load runs."""
    return True


def derived_statements(table: Table, statement: Statement) -> bool:
    """What follows from `touched_article` and the tables alone, without anything coming in."""
    return statement.is_derived


def load_tables(connection: sa.Connection, parameters: dict[str, Any], is_chosen: Choice = every_statement) -> None:
    """Run the chosen load statements of all tables, each with those of `parameters` that it names.

    Stories are settled just before the table that holds them is filled; `articles_path`, where it is given, is the
    batch whose articles bring their own fingerprints.
    """
    for table in all_tables().values():
        if table.full_name == stories.TABLE:
            stories.settle(connection, parameters.get("articles_path"))
        for statement in table.load:
            if is_chosen(table, statement) and not statement.is_of_schema:
                statements.run(connection, statement, parameters)


def count_off(connection: sa.Connection) -> None:
    """Take what the articles in `touched_article` count for off the marts, before the articles change.

    What is derived afterwards counts the same articles, in `counted_article`, on again.
    """
    statements.run_file(connection, SQL / "stage" / "counted.sql", {})
    for table in all_tables().values():
        for statement in table.load:
            if statement.is_around:
                statements.run(connection, statement, {"sign": -1})
