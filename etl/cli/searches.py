"""The search commands: search, index."""

from __future__ import annotations

from typing import Annotated

import typer

from etl.cli.screen import out, print_rows, stop
from etl.settings import load_settings

app = typer.Typer()


@app.command()
def search(
    words: Annotated[list[str], typer.Argument(help="Words that must all be in headline, deck or body.")],
    limit: Annotated[int, typer.Option(help="How many to list.", min=1)] = 10,
) -> None:
    """Find articles in the published file by their words: first those with all in the headline, then the newest."""
    import duckdb

    from etl.warehouse import published, reading
    from etl.warehouse.search import find

    link = load_settings().published / published.LINK
    if not link.exists():
        stop("nothing is published yet; begin with: broadsheet ingest", 1)
    try:
        with reading.attached(link) as connection:
            found, total = find(connection, " ".join(words), limit)
    except duckdb.Error as error:
        stop(f"{error}; if an older Broadsheet made this file, bring it up to date with: broadsheet publish", 1)
    if not found:
        out.print("No article has all these words. Only whole words match, not their beginnings.")
        return
    columns = ("article_id", "published_date", "publication", "headline", "snippet")
    print_rows(columns, [tuple(article[column] for column in columns) for article in found])
    out.print(f"{len(found):,} of {total:,}. In SQL:  from mart.search('...')")


@app.command()
def index() -> None:
    """Add what is new to the search index. Analysts get it with the next publish; until then, search reads texts."""
    from etl.warehouse import search

    indexed = search.add_to_index(load_settings())["articles_indexed"]
    out.print(f"Added {indexed:,} articles to the search index.")
