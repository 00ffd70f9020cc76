"""Commands that repair: replay, unload, renormalise, separate, release, dismiss, take-down."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from glob import escape
from typing import TYPE_CHECKING, Annotated

import typer

from etl.cli.runs import show_published
from etl.cli.screen import out, stop, wrong_use
from etl.model import Trigger
from etl.reports.printable import line
from etl.settings import load_settings

if TYPE_CHECKING:
    from etl.run import Run

app = typer.Typer()

Dump = Annotated[str, typer.Argument(help="Path of the delivery as in the ledger, or its key.", show_default=False)]
Reason = Annotated[str, typer.Option(help="Why; kept in the ledger.", show_default=False)]
Dumps = Annotated[
    str | None, typer.Argument(help="Path of the delivery as in the ledger, a glob of paths, or its key.")
]
OfFeed = Annotated[str | None, typer.Option("--source", help="All that is waiting of this feed.")]
All = Annotated[bool, typer.Option("--all", help="All that is waiting.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], show_default=False)]


@app.command()
def replay(
    run: Annotated[str | None, typer.Option(help="Only what this run rejected.")] = None,
    dump: Annotated[str | None, typer.Option(help="Only from this delivery: its path or key.")] = None,
    reason: Annotated[str | None, typer.Option(help="Only where the reason contains these words.")] = None,
    dismissed: Annotated[bool, typer.Option("--dismissed", help="Those that were dismissed, too.")] = False,
) -> None:
    """Run rejected articles of loaded dumps through today's reader and normaliser again."""
    from etl.repair.replay import Chosen, replay_chosen

    with _repair(Trigger.replay) as begun:
        sums = replay_chosen(begun, Chosen(run, dump, reason, dismissed))
        loaded = sums["inserted"] + sums["revised"] + sums["unchanged"]
        out.print(f"{sums['articles_read']:,} tried again: {loaded:,} passed, {sums['rejected']:,} rejected again.")


@app.command()
def unload(dump: Dump, reason: Reason) -> None:
    """Remove one delivery from the warehouse, as if it had never been loaded."""
    from etl import words
    from etl.repair.unload import unload_delivery

    with _repair(Trigger.unload) as begun:
        counts = unload_delivery(begun, dump, reason)
        revisions, kept = (words.counted(counts[name], "revision") for name in ("revisions", "handed_on"))
        articles = words.counted(counts["articles"], "article")
        out.print(f"Removed {revisions} and {articles}; {kept} kept because another delivery brought the same.")


@app.command()
def renormalise(
    source: Annotated[str | None, typer.Option(help="Only from this feed.")] = None,
    dump: Annotated[str | None, typer.Option(help="Only from this delivery: its path or key.")] = None,
    from_date: Day = None,
    to_date: Day = None,
) -> None:
    """Run accepted articles through today's normaliser again, in place."""
    from etl.repair.renormalise import Chosen, renormalise_chosen

    days = (day.date() if day else None for day in (from_date, to_date))
    with _repair(Trigger.renormalise) as begun:
        counts = renormalise_chosen(begun, Chosen(source, dump, *days))
        out.print(f"Normalised {counts['renormalised']:,} of {counts['chosen']:,} chosen revisions again.")


@app.command()
def separate() -> None:
    """Bring back articles that an address which several share, such as a home page, had made revisions of another."""
    from etl import words
    from etl.repair.separate import separate_merged

    with _repair(Trigger.separate) as begun:
        counts = separate_merged(begun)
        came_apart = words.counted(counts["revisions"], "revision is now an article", "revisions are now articles")
        out.print(f"{came_apart} apart; {words.counted(counts['articles'], 'article')} had absorbed them.")


@app.command()
def release(
    dump: Dumps = None, reason: Reason = "released by hand", source: OfFeed = None, everything: All = False
) -> None:
    """Try parked, refused or failed deliveries again at once; by its own name, one that was unloaded or dismissed."""
    from etl import pipeline
    from etl.declared.sources import load_sources
    from etl.repair.deliveries import Chosen
    from etl.repair.release import release_deliveries
    from etl.run import Request, begin

    settings = load_settings()
    with _refusals():
        released = release_deliveries(
            begin(settings, Trigger.release, Request()), Chosen(dump, source, everything), reason
        )
        landing = load_sources(settings).landing
        files = tuple(str(landing / escape(path)) for path, _ in released.dumps)
        report = pipeline.run_all(begin(settings, Trigger.command_line, Request(files)))
    for why in released.left:
        out.print(f"Not released: {line(why)}", style="yellow", markup=False, soft_wrap=True)
    report.show(out)
    show_published(report.published)
    if report.state != "succeeded":
        sys.exit(1)


@app.command()
def dismiss(
    reason: Reason,
    dump: Dumps = None,
    source: OfFeed = None,
    everything: All = False,
    run: Annotated[str | None, typer.Option(help="Only articles that this run rejected.")] = None,
    containing: Annotated[
        str | None, typer.Option(help="Only articles rejected for a reason that contains these words.")
    ] = None,
) -> None:
    """Let dumps that were not loaded, and rejected articles of those that were, wait no more. Nothing is removed."""
    from etl import words
    from etl.repair.deliveries import Chosen
    from etl.repair.dismiss import dismiss_waiting

    with _repair(Trigger.dismiss) as begun:
        everything = everything or (not (dump or source) and bool(run or containing))
        counts = dismiss_waiting(begun, Chosen(dump, source, everything), reason, run, containing)
        dumps, articles = words.counted(counts["dumps"], "dump"), words.counted(counts["articles"], "rejected article")
        out.print(f"Dismissed {dumps} and {articles}.")


@app.command("take-down")
def take_down(
    reason: Reason,
    requested_by: Annotated[str, typer.Option(help="Who requests it.", show_default=False)],
    approved_by: Annotated[str, typer.Option(help="Who approves it: another person.", show_default=False)],
    id: Annotated[str | None, typer.Option(help="Id from the dump, or our own as 'article 17'.")] = None,
    url: Annotated[str | None, typer.Option(help="Address of the article.")] = None,
    email: Annotated[str | None, typer.Option(help="E-mail address of an author: all their articles.")] = None,
    yes: Annotated[bool, typer.Option(help="Do not ask for confirmation.")] = False,
) -> None:
    """Remove articles from every table, file and published copy, for good."""
    from etl import words
    from etl.repair import takedown
    from etl.repair.asked import Asked
    from etl.repair.takedown import preview, refuse_same_person
    from etl.reports.printable import line

    given = {by: value for by, value in (("id", id), ("url", url), ("email", email)) if value}
    if len(given) != 1:
        stop("give exactly one of --id, --url and --email", 2)
    ((by, value),) = given.items()
    asked = Asked(by, value, reason, requested_by)
    with _repair(Trigger.takedown) as begun:
        refuse_same_person(requested_by, approved_by)
        shown = None if yes else preview(begun.settings, asked)
        if shown:
            for text in (
                *shown.lines,
                *(f"the same or nearly the same text, which stays: {other}" for other in shown.others),
            ):
                out.print(line(text), markup=False)
            articles = words.counted(len(shown.article_ids), "article")
            typer.confirm(f"Take down {articles} ({by} {value}) for good?", abort=True)
        outcome = takedown.take_down(begun, asked, approved_by, shown.article_ids if shown else None)
        out.print(
            f"Took down {words.counted(outcome.articles, 'article')}; "
            f"removed {words.counted(outcome.quarantined, 'record')} in quarantine, "
            f"{words.counted(outcome.work_folders, 'work folder')} and "
            f"{words.counted(outcome.published_copies, 'published copy', 'published copies')}."
        )
        for other in outcome.others:
            command = f"broadsheet take-down --id '{other.partition(':')[0]}'"
            out.print(line(f"Stays, with the same or nearly the same text: {other}; take it down with"), markup=False)
            out.print(f"  {command} --reason ... --requested-by ... --approved-by ...", markup=False)
        for by_hand in outcome.by_hand:
            out.print(line(f"{by_hand}."), markup=False)


@contextmanager
def _repair(kind: str) -> Iterator[Run]:
    """A separate run for a repair, verified and published at its end. Exits with 1 if that fails."""
    from etl import pipeline
    from etl.run import Request, begin

    run = begin(load_settings(), kind, Request())
    with _refusals():
        yield run
        report = pipeline.finish(run)
    if report.dumps or report.failures:
        report.show(out)
    if report.state != "succeeded":
        sys.exit(1)


@contextmanager
def _refusals() -> Iterator[None]:
    """Exit as on wrong usage if the request is impossible, as on a failure if the suites refuse it."""
    from etl.repair import RepairError
    from etl.stages.discover import RequestError
    from etl.stages.verify import VerifyFailed

    with wrong_use(RepairError, RequestError):
        try:
            yield
        except VerifyFailed as error:
            stop(str(error), 1)
