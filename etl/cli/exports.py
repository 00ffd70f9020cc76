"""`broadsheet export`: a table, mart, view or query of the published file, written to a file for another tool."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from etl.cli.cookbook import AskingCommand, names_beginning, sql_of
from etl.cli.screen import WRONG_USE, out, stop
from etl.settings import load_settings
from etl.words import one_of

app = typer.Typer()


class Format(StrEnum):
    """The formats that `broadsheet export` writes."""

    parquet = "parquet"
    csv = "csv"
    tsv = "tsv"
    json = "json"
    jsonl = "jsonl"


NAMES = one_of(list(Format))
ENDINGS = one_of([f".{name}" for name in Format])


@app.command(cls=AskingCommand)
def export(
    context: typer.Context,
    what: Annotated[
        str,
        typer.Argument(
            help="A table such as mart.article, a question of the cookbook, an SQL file, - for standard input, or one "
            "SQL query.",
            autocompletion=names_beginning,
        ),
    ],
    to: Annotated[Path, typer.Option(help="The file, or with --partition-by the folder. Must not exist yet.")],
    format: Annotated[Format | None, typer.Option(help=f"{NAMES}. Default: the ending of the file's name.")] = None,
    partition_by: Annotated[
        str | None, typer.Option(help="Write Parquet into a folder, with a subfolder for each value of this column.")
    ] = None,
) -> None:
    """Write a table, mart, view or query of the published file to a file, whole or not at all."""
    import duckdb

    from etl import words
    from etl.reports.export import ExportError, write
    from etl.warehouse import published, reading, sandbox

    if str(to) == "-":
        stop("export writes a file; to print rows or pipe them: broadsheet query WHAT --format csv", WRONG_USE)
    settings = load_settings()
    seen = published.seen(settings)
    chosen = format or _by_name(to, partition_by)
    query = sql_of(what, context)
    try:
        with reading.attached(seen) as connection:
            rows = write(connection, query, to, chosen, settings, partition_by)
    except (ExportError, sandbox.QueryRefused) as error:
        stop(str(error), WRONG_USE)
    except duckdb.OutOfMemoryException as error:
        stop(f"{str(error).splitlines()[0]}; give it more with BROADSHEET_MEMORY_LIMIT, now {settings.memory_limit}", 1)
    except (duckdb.Error, OSError) as error:
        stop(str(error), 1)
    out.print(f"Wrote {words.counted(rows, 'row')} to {to}.", markup=False, soft_wrap=True)


def _by_name(to: Path, partition_by: str | None) -> Format:
    ending = to.suffix.lower().lstrip(".")
    if ending in list(Format):
        return Format(ending)
    if partition_by:
        return Format.parquet
    if to.is_dir():
        stop(f"{to} is a folder; name the file in it, such as {to / 'articles.csv'}", WRONG_USE)
    stop(f"{to}: no format given; end the name in {ENDINGS}, or give --format", WRONG_USE)
