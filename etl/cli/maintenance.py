"""The command that keeps an installation tidy: maintain."""

from __future__ import annotations

from typing import Annotated

import typer

from etl.cli.screen import out, stop
from etl.settings import load_settings

app = typer.Typer()

REMOVED = ("work_folders", "spill_files", "published_copies", "quarantine_files", "unfinished_rewrites")


@app.command()
def maintain(
    rewrite: Annotated[
        bool, typer.Option("--rewrite", help="Rewrite the warehouse file even if it saves little.")
    ] = False,
    recount: Annotated[bool, typer.Option("--recount", help="First recount the marts from what is stored.")] = False,
) -> None:
    """Verify every row, remove what is no longer kept, rewrite the warehouse file when it pays off; publish it."""
    from etl.maintain import maintain_warehouse
    from etl.model import Trigger
    from etl.run import Request, begin
    from etl.stages.publish import publish_last_load
    from etl.stages.verify import VerifyFailed

    run = begin(load_settings(), Trigger.maintenance, Request())
    try:
        counts = maintain_warehouse(run, rewrite, recount)
    except VerifyFailed as error:
        stop(f"nothing was removed: {error}", 1)
    note = publish_last_load(run)
    _show(counts)
    if note["is_new"]:
        out.print(f"Published: {note['file']}")


def _show(counts: dict[str, int]) -> None:
    from etl import words

    out.print(f"Verified: {words.counted(counts['expectations'], 'expectation')}, every critical one met.")
    removed = ", ".join(f"{counts[name]:,} {name.replace('_', ' ')}" for name in REMOVED if counts[name])
    out.print(
        f"Removed: {removed}; {words.size(counts['bytes_freed'])} freed." if removed else "Removed: nothing old enough."
    )
    before, after = counts["bytes_before"], counts["bytes_after"]
    if before == after:
        out.print(f"Warehouse: {words.size(after)}, left unchanged; a rewrite would not pay off.")
    else:
        out.print(f"Warehouse: {words.size(before)} before the rewrite, {words.size(after)} after.")
