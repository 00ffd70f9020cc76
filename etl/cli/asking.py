"""What a person asks of the published file: a table, a question of the cookbook, or SQL."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

from etl.cli.screen import WRONG_USE, stop
from etl.settings import SQL


def query_of(what: str) -> str:
    """The SQL of what was asked for: of a file of sql/queries by its name, of a table by its name, or as it stands."""
    if Path(what).suffix == ".sql" and Path(what).is_file():
        return Path(what).read_text("utf-8")
    if not what.isidentifier():
        is_name = all(part.isidentifier() for part in what.split("."))
        return f"from {what}" if is_name else what
    known = {file.stem: file for file in (SQL / "queries").glob("*.sql")}
    if what not in known and (near := get_close_matches(what, known)):
        stop(f"{what} is no question of sql/queries; did you mean {' or '.join(near)}?", WRONG_USE)
    return known[what].read_text("utf-8") if what in known else f"from {what}"
