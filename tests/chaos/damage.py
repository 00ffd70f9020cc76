"""A damaged warehouse file: every command names it and says what to do; `broadsheet restore` does it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import duckdb

from chaos.aftermath import last_words, same_as, says, seen_by_analysts
from chaos.child import Ended
from chaos.homes import Home
from chaos.theatre import Theatre

FIRST_BLOCK, BLOCK_BYTES = 3 * 4096, 256 * 1024
"""Where the blocks of a DuckDB file begin, behind its three headers, and how long each is."""


def _garbage(file: Path) -> None:
    file.write_bytes(os.urandom(100_000))


def _truncate(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 3)


def _overwrite(file: Path) -> None:
    """Blocks in the middle: the file opens, and breaks where it is read."""
    size = file.stat().st_size
    with file.open("r+b") as written:
        written.seek(size // 4)
        written.write(os.urandom(size // 2))


def _block(file: Path) -> None:
    """One block of the articles: the file opens, and what is loaded today is sound."""
    with duckdb.connect(str(file), read_only=True) as connection:
        found = connection.execute("select max(block_id) from pragma_storage_info('news.fact_article')").fetchone()
    assert found
    with file.open("r+b") as written:
        written.seek(FIRST_BLOCK + found[0] * BLOCK_BYTES + BLOCK_BYTES // 2)
        written.write(os.urandom(256))


DAMAGES: dict[str, Callable[[Path], None]] = {
    "garbage": _garbage,
    "truncated": _truncate,
    "overwritten in the middle": _overwrite,
    "one block": _block,
    "gone": Path.unlink,
}


def damage(theatre: Theatre, what: str) -> list[str]:
    """Damage the warehouse that holds tonight's load, ingest, bring it back, ingest again."""
    home = theatre.copy_of("publish")
    file = home.folder / "warehouse" / "broadsheet.duckdb"
    DAMAGES[what](file)
    ended = home.broadsheet("ingest", "--force", str(home.landing))
    problems = [] if ended.code == 1 else [f"over the damaged file it ended with {ended.code}: {last_words(ended)}"]
    problems += says(ended, file.name, "broadsheet restore")
    problems += ["it shows a traceback"] if "Traceback" in ended.text else []
    problems += seen_by_analysts(home, theatre.expected)
    restored = _bring_back(home)
    problems += [f"restore ended with {restored.code}: {last_words(restored)}"] if restored.code else []
    problems += same_as(theatre.expected, home, home.ingest())
    return problems


def _bring_back(home: Home) -> Ended:
    return home.broadsheet("restore")
