"""Commands that show what is there: rejected, query; and docs, which writes the generated pages."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated, Any

import typer

from etl.cli.cookbook import query_of
from etl.cli.screen import WRONG_USE, out, print_rows, stop
from etl.settings import SQL, load_settings

app = typer.Typer()


class Output(StrEnum):
    """How `broadsheet query` prints its result."""

    table = "table"
    csv = "csv"
    json = "json"
    parquet = "parquet"


@app.command()
def rejected(
    run: Annotated[str | None, typer.Option(help="Only those of this run.")] = None,
    limit: Annotated[int, typer.Option(help="How many to list.")] = 50,
) -> None:
    """List articles that were not loaded, with the reason and the place; a dump that was not loaded is one line."""
    from etl.warehouse import opening, statements

    settings = load_settings()
    if not opening.exists(settings):
        out.print("Nothing is loaded yet, so nothing is rejected.")
        return
    with opening.opened(settings, "list of rejected articles") as engine, engine.connect() as connection:
        found = statements.run_file(
            connection, SQL / "overview" / "rejected_articles.sql", {"run": run, "limit": limit}
        )
        rows = found.fetchall()
    if not rows:
        out.print("No article is rejected.")
        return
    print_rows(("run", "dump", "place", "stage", "reason"), rows)


@app.command()
def query(
    what: Annotated[str, typer.Argument(help="One SQL query, a name such as mart.article, or a file of sql/queries.")],
    format: Annotated[Output, typer.Option(help="table, csv, json or parquet.")] = Output.table,
) -> None:
    """Run one query over the published file, and nothing else: it reads no other file and writes none."""
    import duckdb

    from etl.warehouse import published, sandbox

    settings = load_settings()
    link = settings.published / published.LINK
    if not link.exists():
        stop("nothing is published yet; begin with: broadsheet ingest", 1)
    try:
        with sandbox.sandboxed(link, settings) as connection:
            found = connection.execute(sandbox.query_in(connection, query_of(what))).to_arrow_table()
    except sandbox.QueryRefused as error:
        stop(str(error), WRONG_USE)
    except duckdb.Error as error:
        stop(str(error), 1)
    _write(found, format)


def _write(found: Any, format: Output) -> None:
    import pyarrow.parquet

    from etl.reports.printable import json_text
    from etl.reports.spreadsheet import write_csv

    match format:
        case Output.table:
            print_rows(tuple(found.column_names), zip(*(column.to_pylist() for column in found.columns), strict=True))
        case Output.csv:
            write_csv(found, sys.stdout)
        case Output.json:
            print(json_text(found.to_pylist()))
        case Output.parquet:
            pyarrow.parquet.write_table(found, sys.stdout.buffer)


@app.command()
def docs(
    check: Annotated[bool, typer.Option(help="Write nothing; exit with 1 if a page is stale.")] = False,
) -> None:
    """Write the data dictionary, the cookbook and the page of formats."""
    from etl.reports.docs import stale_pages, write_pages

    try:
        stale = stale_pages()
    except ValueError as error:
        stop(str(error), 1)
    if check and stale:
        stop(f"stale: {', '.join(str(page) for page in stale)}; run `make docs` and commit", 1)
    if not check:
        write_pages()
    out.print("Every page is up to date." if not stale else f"Written: {', '.join(map(str, stale))}")
