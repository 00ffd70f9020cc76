"""Names that a person asked for and the published file does not have."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING

from etl.cli.screen import err
from etl.settings import SQL
from etl.words import one_of

if TYPE_CHECKING:
    import duckdb

NAMES = SQL / "overview" / "names.sql"


def tell_unknown(connection: duckdb.DuckDBPyConnection, asked: Mapping[str, str]) -> None:
    """Say which names are not there, by kind (author, publication, section, topic), and which ones are near.

    What is asked of any other kind, such as a word, is passed over.
    """
    from etl.warehouse.statements import rows

    for kind, name in asked.items():
        names = [row["name"] for row in rows(connection, NAMES, kind=kind)]
        if names and name not in names:
            folded = {each.casefold(): each for each in names}
            near = [folded[match] for match in get_close_matches(name.casefold(), folded)]
            hint = f"did you mean {one_of(near)}?" if near else f"for all: broadsheet query news.dim_{kind}"
            err.print(f"There is no {kind} {name}; {hint}", markup=False, highlight=False, soft_wrap=True)
