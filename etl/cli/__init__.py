"""The command line: the same stages as the DAGs, without Airflow."""

from __future__ import annotations

import errno
import os
import sys

import typer

from etl.cli import backfills, exports, health, maintenance, overview, questions, repairs, runs, searches
from etl.cli.screen import WRONG_USE, err, log_to_screen, stop
from etl.settings import SettingsError
from etl.store import is_remote, path_of

app = typer.Typer(
    name="broadsheet",
    help="Turn dumps of news articles into a DuckDB star schema.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
for commands in (runs, backfills, overview, questions, searches, exports, repairs, health, maintenance):
    app.add_typer(commands.app)

STOPPED = 130
"""As shells have it for a command that Ctrl-C ended."""
UNWRITTEN = (errno.ENOSPC, errno.EDQUOT, errno.EPIPE)


def _run() -> None:
    """Run the command that is asked for, until all that it prints is written."""
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except OSError as error:
        if is_remote(str(path_of(str(error.filename)))):  # what a storage says, and which file of it that is about
            stop(f"{error.filename}: {error.strerror}", 1)
        if error.errno not in UNWRITTEN:
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python writes the rest once more at its end
        if error.errno == errno.EPIPE:  # who reads it has enough
            sys.exit(1)
        stop(f"{error.filename or 'the output'}: cannot be written: {error.strerror}", 1)


def main() -> None:
    """The entry point `broadsheet`.

    Exits with 2 on wrong usage or settings, with 1 when a run or command fails, with 130 when a person stops it.
    """
    from etl.files import StorageError, keep_private
    from etl.model import DumpError
    from etl.warehouse import WarehouseError
    from etl.warehouse.published import NotPublished

    keep_private()
    log_to_screen()
    try:
        _run()
    except SettingsError as error:
        stop(str(error), WRONG_USE)
    except (WarehouseError, NotPublished, DumpError, StorageError) as error:
        stop(str(error), 1)
    except SystemExit as ended:
        if ended.code == STOPPED:
            err.print("Stopped. Nothing is half done: give the same command again.")
        raise
