"""What to ask of the published file: a table, a question of the cookbook, or SQL."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

from etl.cli.screen import WRONG_USE, stop
from etl.settings import SQL


def query_of(what: str) -> str:
    """The SQL of a request: the name or the words of a cookbook question, the name of a table, or SQL itself."""
    if Path(what).suffix == ".sql" and Path(what).is_file():
        return Path(what).read_text("utf-8")
    if what.endswith("?"):
        return _in_words(what)
    if not what.isidentifier():
        is_name = all(part.isidentifier() for part in what.split("."))
        return f"from {what}" if is_name else what
    known = {file.stem: file for file in (SQL / "queries").glob("*.sql")}
    if what not in known and (near := get_close_matches(what, known)):
        stop(f"{what} is not a question of sql/queries; did you mean {' or '.join(near)}?", WRONG_USE)
    return known[what].read_text("utf-8") if what in known else f"from {what}"


def _in_words(question: str) -> str:
    """The SQL of a cookbook question, which is the first line of its file."""
    texts = [file.read_text("utf-8") for file in sorted((SQL / "queries").glob("*.sql"))]
    known = {text.splitlines()[0].removeprefix("-- "): text for text in texts}
    if question in known:
        return known[question]
    near = get_close_matches(question, known, n=1, cutoff=0)
    stop(f"that is not a question of the cookbook; the nearest is: {near[0]}", WRONG_USE)
