"""Commands that show what is there: rejected, query; and docs, which writes the generated pages."""

from __future__ import annotations

from typing import Annotated

import typer

from etl.cli.answers import Output, print_answer
from etl.cli.cookbook import AskingCommand, hint_to, list_questions, names_beginning, sql_of, values_of
from etl.cli.names import tell_unknown
from etl.cli.screen import WRONG_USE, out, print_rows, stop
from etl.settings import SQL, load_settings

app = typer.Typer()


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


@app.command(cls=AskingCommand)
def query(
    context: typer.Context,
    what: Annotated[
        str | None,
        typer.Argument(
            help="A question of the cookbook, a table such as mart.article, an SQL file, - for standard input, or one "
            "SQL query. Without it, the questions are listed.",
            autocompletion=names_beginning,
        ),
    ] = None,
    format: Annotated[Output, typer.Option(help="How to print the rows.")] = Output.table,
    limit: Annotated[
        int | None, typer.Option(help="The most rows to print. Default: a page on a terminal, else all.", min=1)
    ] = None,
) -> None:
    """Run one query over the published file, and nothing else: it reads no other file and writes none.

    The parameters of a question of the cookbook are options: broadsheet query authors_of_a_paper --help
    """
    import duckdb

    from etl.warehouse import published, sandbox

    if what is None:
        list_questions()
        return
    settings = load_settings()
    seen = published.seen(settings)
    sql = sql_of(what, context)
    try:
        with sandbox.sandboxed(seen, settings) as connection:
            found = connection.sql(sandbox.query_in(connection, sql))
            if not print_answer(found, format, limit):
                tell_unknown(connection, values_of(context))
    except sandbox.QueryRefused as error:
        stop(str(error), WRONG_USE)
    except duckdb.Error as error:
        stop(f"{error}{hint_to(error, context)}", 1)


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
