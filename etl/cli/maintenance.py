"""The commands that keep an installation tidy: maintain, move-warehouse."""

from __future__ import annotations

from typing import Annotated

import typer

from etl.cli.screen import WRONG_USE, out, stop
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


@app.command("move-warehouse")
def move_warehouse(
    to: Annotated[str, typer.Option(help="ducklake:postgres: and how to connect; or the word file.")],
    data: Annotated[str, typer.Option(help="Where a lake keeps its rows: an empty folder, s3://bucket/folder.")] = "",
) -> None:
    """Copy the whole warehouse to another place, compare every table, and say how to use it there."""
    from etl import words
    from etl.settings import SettingsError, of_text
    from etl.warehouse.moving import move

    if to == "file" and data:
        stop("--data is where a lake keeps its rows, and the warehouse is to be a file: leave it out", WRONG_USE)
    settings, is_lake = load_settings(), to != "file"
    try:
        target = of_text(settings, warehouse=to * is_lake, lake_data=data)
    except SettingsError as error:  # it is known by other names here
        told = str(error).replace("--lake-data", "--data")
        stop(f"{told.replace('--warehouse', '--to')}, or the word file" if "--warehouse" in told else told, WRONG_USE)
    if is_lake and not data:
        stop("say with --data where the lake is to keep its rows: a folder, or s3://bucket/folder", WRONG_USE)
    rows = move(settings, target)
    out.print(f"Moved {words.counted(sum(rows.values()), 'row')}; every table is what it was.", highlight=False)
    out.print(f"From now on set {_stated(target.warehouse, target.lake_data)}; then run: broadsheet publish")


def _stated(warehouse: str, lake_data: str) -> str:
    if not warehouse:
        return "neither BROADSHEET_WAREHOUSE nor BROADSHEET_LAKE_DATA"
    return f"BROADSHEET_WAREHOUSE to the same, and BROADSHEET_LAKE_DATA={lake_data}"


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
