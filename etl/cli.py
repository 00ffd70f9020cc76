"""The command line: the same stages as the DAG, without Airflow."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from etl.settings import SettingsError, load_settings

app = typer.Typer(
    name="broadsheet",
    help="Turn dumps of news articles into a DuckDB star schema.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
NARROWEST = 120
"""Columns for tables where the output is no terminal and so has no width."""

out = Console(width=None if sys.stdout.isatty() else NARROWEST)
err = Console(stderr=True)

WRONG_USE = 2


class Output(StrEnum):
    """How `broadsheet query` prints its result."""

    table = "table"
    csv = "csv"
    json = "json"
    parquet = "parquet"


def main() -> None:
    """The entry point `broadsheet`. Wrong use and wrong settings end with 2, a run or command that failed with 1."""
    from etl.model import DumpError
    from etl.publish import NotPublished
    from etl.warehouse import WarehouseError

    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(message)s")
    try:
        app()
    except SettingsError as error:
        _stop(str(error), WRONG_USE)
    except (WarehouseError, NotPublished, DumpError) as error:
        _stop(str(error), 1)


def _stop(message: str, code: int) -> None:
    err.print(f"[red]broadsheet: {escape(message)}[/red]", soft_wrap=True)
    sys.exit(code)


@app.command()
def ingest(
    paths: Annotated[list[str], typer.Argument(help="Files, folders or globs.", show_default=False)],
    source: Annotated[str | None, typer.Option(help="Feed of sources.toml that the files belong to.")] = None,
    format: Annotated[str | None, typer.Option(help="Format, where it is not to be recognised.")] = None,
    published_on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Date of the issue, as a manifest would state it.")
    ] = None,
    force: Annotated[bool, typer.Option(help="Take deliveries that are loaded or parked once more.")] = False,
    strict: Annotated[bool, typer.Option(help="Exit with 1 if any article was rejected.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the run as JSON and nothing else.")] = False,
) -> None:
    """Read, check, load and publish dumps."""
    from etl import pipeline
    from etl.discover import RequestError
    from etl.run import Request, begin

    request = Request(tuple(paths), source, format, published_on.date() if published_on else None, force)
    settings = load_settings()
    with _wrong_use(RequestError), _progress(quiet=as_json) as tell:
        report = pipeline.run_all(begin(settings, "command_line", request), tell)
    if as_json:
        print(json.dumps(report.as_json(), indent=1))
    else:
        report.show(out)
        _show_published(report.published)
    if report.state != "succeeded" or (strict and report.totals["rejected"]):
        sys.exit(1)


@contextmanager
def _wrong_use(*errors: type[Exception]) -> Iterator[None]:
    try:
        yield
    except errors as error:
        _stop(str(error), WRONG_USE)


@contextmanager
def _progress(quiet: bool) -> Iterator[Any]:
    """Gives the function that tells a run's steps: on a bar where a person looks, else to nobody."""
    if quiet or not err.is_terminal:
        yield lambda step, share: None
        return
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as progress:
        bar = progress.add_task("discover", total=1.0)
        yield lambda step, share: progress.update(bar, description=step, completed=share)


def _show_published(published: str | None) -> None:
    if published:
        path = _shortest(published)
        out.print(f"\nPublished: {escape(path)}", soft_wrap=True)
        out.print(
            'Look at it:  broadsheet query "select publication, headline from mart.article limit 5"', soft_wrap=True
        )


def _shortest(path: str) -> str:
    here = Path.cwd()
    return str(Path(path).relative_to(here)) if Path(path).is_relative_to(here) else path


@app.command()
def inspect(
    path: Annotated[Path, typer.Argument(help="A dump: a file or a container.")],
    source: Annotated[str | None, typer.Option(help="Feed of sources.toml whose stanza is to be used.")] = None,
    format: Annotated[str | None, typer.Option(help="Format, where it is not to be recognised.")] = None,
    records: Annotated[int, typer.Option(help="How many first records to show.")] = 3,
) -> None:
    """Show what would be read, by which reader, and the first records. Writes nothing."""
    from etl import formats
    from etl.containers import members
    from etl.extract import recognised
    from etl.model import DumpChanged, DumpError
    from etl.settings import ad_hoc_feed, load_sources

    settings = load_settings()
    feeds = load_sources(settings.sources).feeds
    if source and source not in feeds:
        _stop(f"there is no feed {source!r} in {settings.sources.name}; known are: {', '.join(feeds)}", WRONG_USE)
    feed = feeds[source] if source else ad_hoc_feed()
    wanted = format or feed.format
    files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
    try:
        for file in files[:20]:
            for member in islice(members(file, settings.max_unpack_ratio), 20):
                name = wanted if wanted != "auto" else recognised(member, str(file))
                out.rule(escape(f"{file}{'!' + member.name if member.name else ''}: {name or 'not recognised'}"))
                if name:
                    with member.open() as stream:
                        for piece in islice(formats.named(name).read(stream, feed), records):
                            out.print(_piece_table(piece))
    except (DumpError, DumpChanged) as error:
        _stop(f"{path}: {error}", 1)
    if len(files) > 20:
        out.print(f"... and {len(files) - 20:,} more files")


def _piece_table(piece: Any) -> Table:
    table = Table(show_header=False, box=None, padding=(0, 1))
    rows = piece if isinstance(piece, dict) else {type(piece).__name__.lower(): piece}
    for name, value in rows.items():
        if value not in (None, "", {}, []):
            text = str(value)
            table.add_row(
                f"[bold]{name}[/bold]", escape(text if len(text) <= 300 else f"{text[:300]} ... ({len(text):,})")
            )
    return table


@app.command()
def status(limit: Annotated[int, typer.Option(help="How many deliveries to list.")] = 20) -> None:
    """Show what is loaded, what was refused, and what analysts see."""
    from etl import publish, warehouse

    settings = load_settings()
    if not warehouse.exists(settings):
        out.print(f"Nothing is loaded yet in {settings.home}. Begin with: broadsheet ingest PATH")
        return
    with warehouse.opened(settings, "status") as engine, engine.connect() as connection:
        states = connection.exec_driver_sql("select state, count(*) from ops.dump_status group by state order by state")
        out.print("Deliveries: " + ", ".join(f"{count:,} {state}" for state, count in states))
        runs = connection.exec_driver_sql(
            "select run_id, state, started_at from ops.load_run order by started_at desc limit 1"
        ).first()
        if runs:
            out.print(f"Last load: {runs[0]}, {runs[1]}, started {runs[2]:%Y-%m-%d %H:%M:%S} UTC")
        rows = connection.exec_driver_sql(
            """
            select path, state, attempts, articles_read, rejected, reason
            from ops.dump_status where state <> 'loaded' order by path limit $limit
            """,
            {"limit": limit},
        ).fetchall()
    note = publish.read_note(settings)
    if note:
        out.print(f"Published: {note['file']} at {note['published_at']}, carrying run {note['run_id']}")
    if rows:
        _print_rows(("dump", "state", "attempts", "read", "rejected", "reason"), rows)


@app.command()
def rejected(
    run: Annotated[str | None, typer.Option(help="Only of this run.")] = None,
    limit: Annotated[int, typer.Option(help="How many to list.")] = 50,
) -> None:
    """List articles that were not loaded, with the reason and the place."""
    from etl import warehouse

    settings = load_settings()
    if not warehouse.exists(settings):
        out.print("Nothing is loaded yet, and nothing rejected.")
        return
    with warehouse.opened(settings, "list of rejected articles") as engine, engine.connect() as connection:
        rows = connection.exec_driver_sql(
            """
            select rejected_article.run_id, dump.path, rejected_article.position, rejected_article.stage,
                rejected_article.reason
            from ops.rejected_article inner join ops.dump on dump.dump_key = rejected_article.dump_key
            where $run is null or rejected_article.run_id = $run
            order by rejected_article.run_id desc, dump.dump_key, rejected_article.ordinal
            limit $limit
            """,
            {"run": run, "limit": limit},
        ).fetchall()
    if not rows:
        out.print("No article is rejected.")
        return
    _print_rows(("run", "dump", "place", "stage", "reason"), rows)


def _print_rows(headings: tuple[str, ...], rows: Any) -> None:
    table = Table(*headings)
    for row in rows:
        table.add_row(*("-" if value is None else escape(str(value)) for value in row))
    out.print(table)


@app.command()
def query(
    sql: Annotated[str, typer.Argument(help="One SQL statement.")],
    format: Annotated[Output, typer.Option(help="table, csv, json or parquet.")] = Output.table,
) -> None:
    """Query the published file, read-only."""
    import duckdb

    from etl import publish, warehouse

    settings = load_settings()
    link = settings.published / publish.LINK
    if not link.exists():
        _stop("nothing is published yet; begin with: broadsheet ingest PATH", 1)
    try:
        with warehouse.reading(link) as connection:
            found = connection.execute(warehouse.single_statement(sql)).to_arrow_table()
    except ValueError as error:
        _stop(str(error), WRONG_USE)
    except duckdb.Error as error:
        _stop(str(error), 1)
    _write(found, format)


def _write(found: Any, format: Output) -> None:

    import pyarrow.parquet

    match format:
        case Output.table:
            _print_rows(tuple(found.column_names), zip(*(column.to_pylist() for column in found.columns), strict=True))
        case Output.csv:
            found.to_pandas().to_csv(sys.stdout, index=False)
        case Output.json:
            print(json.dumps(found.to_pylist(), default=str, ensure_ascii=False, indent=1))
        case Output.parquet:
            pyarrow.parquet.write_table(found, sys.stdout.buffer)


@app.command()
def publish() -> None:
    """Give analysts a copy of the last load, unless they have it."""
    from etl.publish import publish as publish_run
    from etl.run import Request, begin
    from etl.verify import VerifyFailed, verify

    run = begin(load_settings(), "command_line", Request())
    try:
        verify(run)
    except VerifyFailed as error:
        _stop(str(error), 1)
    note = publish_run(run)
    if note["published"] is None:
        out.print("Nothing is loaded yet, so nothing is published.")
    elif note["is_new"]:
        _show_published(note["published"])
    else:
        out.print(f"{note['file']} already carries the last load, {note['run_id']}.")


@app.command()
def docs(
    check: Annotated[bool, typer.Option(help="Write nothing; exit with 1 if a page is stale.")] = False,
) -> None:
    """Write the data dictionary from the SQL catalogue."""
    from etl.docs import stale_pages, write_pages

    stale = stale_pages()
    if check and stale:
        _stop(f"stale: {', '.join(str(page) for page in stale)}; run `make docs` and commit", 1)
    if not check:
        write_pages()
    out.print("Every page is as the catalogue says." if not stale else f"Written: {', '.join(map(str, stale))}")
