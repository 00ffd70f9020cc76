"""Commands that bring dumps in: ingest, inspect, publish."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from etl.cli.screen import WRONG_USE, out, progress, stop, wrong_use
from etl.model import Trigger
from etl.reports.printable import block, line
from etl.settings import load_settings

app = typer.Typer()


@app.command()
def ingest(
    paths: Annotated[
        list[str] | None, typer.Argument(help="Files, folders or globs. Default: everything new.", show_default=False)
    ] = None,
    source: Annotated[str | None, typer.Option(help="Feed of sources.toml that the files belong to.")] = None,
    format: Annotated[str | None, typer.Option(help="Format, instead of recognising it.")] = None,
    published_on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Date of the issue, as a manifest would state it.")
    ] = None,
    force: Annotated[bool, typer.Option(help="Take deliveries again even if they are loaded or parked.")] = False,
    accept_alike: Annotated[
        bool, typer.Option(help="Take articles that are like one that was taken down: you have compared them.")
    ] = False,
    strict: Annotated[bool, typer.Option(help="Exit with 1 if any article was rejected.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the run as JSON and nothing else.")] = False,
) -> None:
    """Read, check, load and publish dumps."""
    from etl import pipeline
    from etl.run import Request, begin
    from etl.stages.discover import RequestError

    issue = published_on.date() if published_on else None
    request = Request(tuple(paths or ()), source, format, issue, force, accept_alike)
    settings = load_settings()
    with wrong_use(RequestError), progress(quiet=as_json) as show_step:
        report = pipeline.run_all(begin(settings, Trigger.command_line, request), show_step)
    if as_json:
        print(json.dumps(report.as_json(), indent=1))
    else:
        report.show(out)
        show_published(report.published)
    if report.state != "succeeded" or (strict and report.totals["rejected"]):
        sys.exit(1)


def show_published(published: str | None) -> None:
    """Print where the published file is, and how to look at it."""
    if published:
        from etl.reports.front_page import PAGE

        path = _shortest(published)
        out.print(f"\nPublished: {path}", soft_wrap=True, markup=False)
        if (page := Path(published).with_name(PAGE)).exists():
            out.print(f"Front page: {_shortest(str(page))}", soft_wrap=True, markup=False)
        out.print(
            'Look at it:  broadsheet query "select publication, headline from mart.article limit 5"', soft_wrap=True
        )


def _shortest(path: str) -> str:
    here = Path.cwd()
    return str(Path(path).relative_to(here)) if Path(path).is_relative_to(here) else path


@app.command()
def inspect(
    path: Annotated[Path, typer.Argument(help="A dump: a file or a container.")],
    source: Annotated[str | None, typer.Option(help="Feed of sources.toml whose stanza to use.")] = None,
    format: Annotated[str | None, typer.Option(help="Format, instead of recognising it.")] = None,
    records: Annotated[int, typer.Option(help="How many records to show, from the first.")] = 3,
) -> None:
    """Show what would be read, by which reader, and the first records. Writes nothing."""
    from etl import formats
    from etl.intake.containers import members
    from etl.model import DumpChanged, DumpError
    from etl.settings import ad_hoc_feed, load_sources
    from etl.stages.extract import recognised

    settings = load_settings()
    feeds = load_sources(settings.sources).feeds
    if source and source not in feeds:
        stop(f"there is no feed {source!r} in {settings.sources.name}; known feeds: {', '.join(feeds)}", WRONG_USE)
    feed = feeds[source] if source else ad_hoc_feed()
    wanted = format or feed.format
    files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
    try:
        for file in files[:20]:
            for member in islice(members(file, settings.max_unpack_ratio), 20):
                name = wanted if wanted != "auto" else recognised(member, str(file))
                title = f"{file}{'!' + member.name if member.name else ''}: {name or 'not recognised'}"
                out.rule(Text(line(title)))
                if name:
                    with member.open() as stream:
                        for piece in islice(formats.named(name).read(stream, feed), records):
                            out.print(_piece_table(piece))
    except (DumpError, DumpChanged) as error:
        stop(f"{path}: {error}", 1)
    if len(files) > 20:
        out.print(f"... and {len(files) - 20:,} more files")


def _piece_table(piece: Any) -> Table:
    table = Table(show_header=False, box=None, padding=(0, 1))
    rows = piece if isinstance(piece, dict) else {type(piece).__name__.lower(): piece}
    for name, value in rows.items():
        if value not in (None, "", {}, []):
            text = str(value)
            shortened = text if len(text) <= 300 else f"{text[:300]} ... ({len(text):,})"
            table.add_row(Text(name, style="bold"), Text(block(shortened)))
    return table


@app.command()
def publish() -> None:
    """Give analysts a copy of the last load, unless they already have it."""
    from etl.run import Request, begin
    from etl.stages.publish import publish_last_load
    from etl.stages.verify import VerifyFailed, verify_waiting

    run = begin(load_settings(), Trigger.command_line, Request())
    try:
        verify_waiting(run)
    except VerifyFailed as error:
        stop(str(error), 1)
    note = publish_last_load(run)
    if note["published"] is None:
        out.print("Nothing is loaded yet, so nothing is published.")
    elif note["is_new"]:
        show_published(note["published"])
    else:
        out.print(f"{note['file']} already contains the last load, {note['run_id']}.")
    if note.get("front_page"):
        out.print(note["front_page"], style="yellow", markup=False)
