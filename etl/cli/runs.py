"""Commands that bring dumps in: ingest, inspect, publish."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from etl.cli.screen import WRONG_USE, out, progress, stop, tell_trouble, wrong_use
from etl.model import Beside, Columns, Declared, Doubt, Reject, Skip, Trigger
from etl.reports.printable import block, line
from etl.settings import Settings, load_settings

if TYPE_CHECKING:
    from etl.formats import Format
    from etl.intake.containers import Member
    from etl.model import Delivery, Feed, Piece
    from etl.run import Request

app = typer.Typer()

SHOWN_DUMPS = 20
"""Of each feed in a dry run."""
SHOWN_BLOCKS = 100
"""Of the articles that a refused page seems to hold."""


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
    dry_run: Annotated[bool, typer.Option(help="Only say what would be taken; change nothing.")] = False,
) -> None:
    """Read, check, load and publish dumps. A dry run exits as the run would if it found nothing to take."""
    from etl import pipeline
    from etl.run import Request, begin
    from etl.stages.discover import RequestError

    issue = published_on.date() if published_on else None
    request = Request(tuple(paths or ()), source, format, issue, force, accept_alike)
    settings = load_settings()
    if dry_run:
        if as_json:
            stop("a dry run prints no JSON; leave out --dry-run or --json", WRONG_USE)
        with wrong_use(RequestError):
            sys.exit(_show_plan(settings, request))
    with wrong_use(RequestError), progress(quiet=as_json) as show_step:
        report = pipeline.run_all(begin(settings, Trigger.command_line, request), show_step)
    if as_json:
        print(json.dumps(report.as_json(), indent=1))
    else:
        report.show(out)
        show_published(report.published)
    if request.is_whole:
        from etl.reports.sign_of_life import ping_if_good

        tell_trouble(ping_if_good(settings))
    sys.exit(report.exit_code or int(strict and report.totals["rejected"] > 0))


def _show_plan(settings: Settings, request: Request) -> int:
    """Print what a run would take, by feed, and why it would not take the rest. Returns the exit status."""
    from etl import words
    from etl.declared.sources import load_sources
    from etl.intake.stat_cache import StatCache
    from etl.run import Run
    from etl.stages.discover import glance_at_known, wanted
    from etl.stages.finding import Notes
    from etl.stages.verdict import foreseen

    now = datetime.now(UTC).replace(tzinfo=None)
    run = Run(settings, "dry-run", now, Trigger.command_line, request)
    sources = load_sources(settings)
    cache = StatCache.load(settings.stat_cache)
    notes = Notes(sources.landing)
    deliveries = wanted(run, sources, glance_at_known(settings, sources), cache, notes)
    report = foreseen(run, sources, notes.summed())
    report.show(out)
    if not deliveries:
        out.print("Nothing would be taken.")
    by_feed: dict[str, list[Delivery]] = {}
    for delivery in deliveries:
        by_feed.setdefault(delivery.source, []).append(delivery)
    for feed, taken in by_feed.items():
        size = words.size(sum(delivery.bytes for delivery in taken))
        out.print(f"{feed}: {words.counted(len(taken), 'dump')}, {size}", style="bold", markup=False)
        for delivery in taken[:SHOWN_DUMPS]:
            what = f"would be refused: {delivery.refused}" if delivery.refused else words.size(delivery.bytes)
            out.print(f"  {line(delivery.path)}: {line(what)}", markup=False, soft_wrap=True)
        if len(taken) > SHOWN_DUMPS:
            out.print(f"  {words.and_more(len(taken) - SHOWN_DUMPS)}")
    return report.exit_code


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
    """Show what would be read, by which reader, and the first records; of a page that is refused, where the articles
    that it seems to hold begin. Writes nothing."""
    from etl import formats, store, words
    from etl.declared.sources import ad_hoc_feed, load_sources
    from etl.intake import bundles
    from etl.intake.containers import Member, members
    from etl.intake.spools import Limits
    from etl.model import DumpChanged, DumpError

    settings = load_settings()
    sources = load_sources(settings)
    feeds = sources.feeds
    if source and source not in feeds:
        stop(f"there is no feed {source!r} in {settings.sources.name}; known feeds: {', '.join(feeds)}", WRONG_USE)
    asked = store.path_of(str(path))
    path = asked if store.exists(asked) else sources.landing / asked
    if not store.exists(path):
        stop(f"there is no {store.url_of(path)}; expected a path, or one below the landing folder", WRONG_USE)
    feed = feeds[source] if source else ad_hoc_feed()
    wanted = format or feed.format
    files = store.files(path) if store.is_folder(path) else [path]
    is_any_read = False
    try:
        for file in files[:20]:
            for member in islice(members(file, Limits.of(settings), feed.exclude), 20):
                if not isinstance(member, Member):
                    out.rule(Text(line(f"{store.url_of(file)}!{member.position}: {_why(member)}")))
                    continue
                name = bundles.identified(member, str(file), wanted)
                found = name if isinstance(name, str) else _why(name) if name else "not recognised"
                out.rule(Text(line(f"{store.url_of(file)}{'!' + member.name if member.name else ''}: {found}")))
                if name is None:
                    out.print(Text(line(bundles.unrecognised(member).reason)), soft_wrap=True)
                elif isinstance(name, str):
                    is_any_read = True
                    _show_pieces(member, bundles.reader_of(member, formats.named(name)), feed, records)
    except (DumpError, DumpChanged) as error:
        stop(f"{path}: {error}", 1)
    if len(files) > 20:
        out.print(words.and_more(len(files) - 20, "files"))
    if not is_any_read:
        sys.exit(1)


def _show_pieces(member: Member, reader: Format, feed: Feed, records: int) -> None:
    """Print the first pieces of a member; where it is refused, what it seems to hold."""
    from etl import formats, words
    from etl.model import DumpError

    try:
        with member.open() as stream:
            for piece in islice(reader.read(stream, feed), records):
                out.print(_piece_table(piece))
    except DumpError:
        with member.open() as stream:
            found = formats.outline(reader, stream, feed)
        for text in found[:SHOWN_BLOCKS]:
            out.print(Text(line(text[:200])), soft_wrap=True)
        if len(found) > SHOWN_BLOCKS:
            out.print(words.and_more(len(found) - SHOWN_BLOCKS))
        raise


def _why(refused: Any) -> str:
    """Why a member is not read: a Reject or a Skip."""
    return getattr(refused, "reason", None) or f"skipped ({refused.kind})"


def _piece_table(piece: Piece) -> Table:
    table = Table(show_header=False, box=None, padding=(0, 1))
    for name, value in _rows_of(piece).items():
        if value not in (None, "", {}, []):
            text = str(value)
            shortened = text if len(text) <= 300 else f"{text[:300]} ... ({len(text):,})"
            table.add_row(Text(name, style="bold"), Text(block(shortened)))
    return table


def _rows_of(piece: Piece) -> dict[str, Any]:
    """What is shown of a piece, by the names under which people know it."""
    match piece:
        case Reject():
            text = piece.piece.decode("utf-8", "replace")
            return {"rejected": piece.reason, "position": piece.position, "piece": text}
        case Skip():
            return {"skipped": piece.kind, "position": piece.position, "text": piece.text}
        case Declared():
            return {"articles stated": piece.articles}
        case Columns():
            return {"columns": ", ".join(piece.found), "missing": ", ".join(sorted(piece.missing))}
        case Doubt():
            from etl import words

            return {"warning": words.of_pages(piece.warning, piece.pages)}
        case Beside():
            return {"in no article": piece.words}
        case _:
            return piece


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
