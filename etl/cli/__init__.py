"""The command line: the same stages as the DAGs, without Airflow."""

from __future__ import annotations

import typer

from etl.cli import backfills, exports, health, maintenance, overview, questions, repairs, runs, searches
from etl.cli.screen import WRONG_USE, err, log_to_screen, stop
from etl.settings import SettingsError

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
        app()
    except SettingsError as error:
        stop(str(error), WRONG_USE)
    except (WarehouseError, NotPublished, DumpError, StorageError) as error:
        stop(str(error), 1)
    except SystemExit as ended:
        if ended.code == STOPPED:
            err.print("Stopped. Nothing is half done: give the same command again.")
        raise
