"""Writes pages of docs/ from the SQL catalogue, the cookbook and the readers, and checks that they are not stale."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable
from pathlib import Path

from etl import formats, words
from etl.formats.common.markup import LIMIT_BYTES
from etl.formats.common.whole_text import LIMIT_HELD_BYTES
from etl.reports import cookbook
from etl.settings import PROJECT
from etl.warehouse.catalogue import SCHEMAS as SCHEMA_NAMES
from etl.warehouse.catalogue import Column, Table, all_tables, columns_created_by, fingerprint
from etl.warehouse.schema import differences, newest_migration

DICTIONARY = PROJECT / "docs" / "data_dictionary.md"
FORMATS = PROJECT / "docs" / "formats.md"
COOKBOOK = PROJECT / "docs" / "cookbook.md"

SCHEMAS = PROJECT / "tests" / "schemas"
"""<version>.sql for each version of the schema: what tests migrate from. The newest is rewritten until a migration
is added; from then on it stays."""

TITLES = {
    "mart": "Marts: what to open first",
    "fact": "Facts",
    "dim": "Dimensions",
    "ops": "Operations: how it got there",
}
INNER = "What the search is made of"
"""The title of the macros of the search that other macros call: nobody opens them first."""


def pages() -> dict[Path, str]:
    """Every generated page by its path. Raises ValueError where a source is not fit to be written."""
    if newest_schema().exists():
        refuse_unmigrated(all_tables(), newest_schema().read_text("utf-8"))
    return {
        DICTIONARY: data_dictionary(all_tables()),
        FORMATS: formats_page(formats.all_formats()),
        COOKBOOK: cookbook.page(cookbook.all_questions().values()),
        newest_schema(): schema_script(all_tables()),
    }


def newest_schema() -> Path:
    """Where the schema of the newest version is kept."""
    return SCHEMAS / f"{newest_migration():04d}.sql"


def stale_pages() -> list[Path]:
    """The generated pages, by their path in the project, that no longer match their sources."""
    return [
        path.relative_to(PROJECT)
        for path, text in pages().items()
        if not path.exists() or path.read_text("utf-8") != text
    ]


def write_pages() -> None:
    """Write every generated page."""
    for path, text in pages().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def data_dictionary(tables: dict[str, Table]) -> str:
    """The data dictionary in Markdown: every table and column with its type and comment.

    Raises ValueError naming every table or column without a comment.
    """
    if bare := _without_comment(tables):
        raise ValueError(f"no comment on: {', '.join(bare)}; write one in the SQL file")
    parts = [
        "# Data dictionary",
        "Written by `make docs` from the files in `sql/`; do not edit. All instants are UTC.",
    ]
    for title, chosen in by_folder(tables).items():
        parts.append(f"## {title}")
        parts += map(_section, chosen)
    return "\n\n".join(parts) + "\n"


def refuse_unmigrated(tables: dict[str, Table], kept: str) -> None:
    """Raise ValueError where a table has other columns than the script of the newest version gives it: warehouses of
    that version exist, and only a migration makes them follow."""
    before = columns_created_by(kept)
    stored = {name: table for name, table in tables.items() if name in before and not table.is_view}
    if found := differences({name: before[name] for name in stored}, stored):
        names = ", ".join(str(difference.path and difference.path.name) for difference in found)
        raise ValueError(
            f"{names}: other columns than version {newest_migration()} of the schema has; write "
            f"sql/migrations/{newest_migration() + 1:04d}_<what>.sql first, then run: make docs"
        )


def schema_script(tables: dict[str, Table]) -> str:
    """The whole schema as one SQL script, with the row that says which one it is: what later migrations start from."""
    parts = ["-- Written by `make docs` from the files in `sql/`; do not edit."]
    parts += [f"create schema {schema};" for schema in SCHEMA_NAMES]
    for table in sorted(tables.values(), key=lambda table: table.is_view):
        parts += [f"{_without_notes(statement).rstrip(';')};" for statement in table.create]
    row = f"({newest_migration()}, '{fingerprint(tables)}', timestamp '2026-11-24 00:00:00')"
    parts.append(f"insert into ops.schema_version (version, fingerprint, applied_at) values {row};")
    return "\n\n".join(parts) + "\n"


def _without_notes(sql: str) -> str:
    return re.sub(r"(?m)^\s*--.*\n", "", sql)


def by_folder(tables: dict[str, Table]) -> dict[str, list[Table]]:
    """The tables by title, in the order in which a reader wants them; each list by name."""
    by_name = sorted(tables.values(), key=lambda table: table.full_name)
    inner = [table for table in by_name if _is_inner(table, by_name)]
    shown = {
        title: [table for table in by_name if table.path.parent.name == folder and table not in inner]
        for folder, title in TITLES.items()
    }
    return shown | ({INNER: inner} if inner else {})


def _is_inner(table: Table, tables: Iterable[Table]) -> bool:
    """Whether it is a macro of the search that another macro calls."""
    if table.kind != "macro" or not table.name.startswith("search_"):
        return False
    call = re.compile(rf"\b{re.escape(table.full_name)}\(")
    macros = (other for other in tables if other.kind == "macro" and other is not table)
    return any(call.search(_without_notes(other.create[0])) for other in macros)


def formats_page(readers: dict[str, formats.Format]) -> str:
    """The dump formats in Markdown: what each reader says about its layout, its marks and how it is recognised."""
    cut = [f"`{name}`" for name, reader in readers.items() if formats.has_ranges(reader)]
    whole = [f"`{name}`" for name, reader in readers.items() if hasattr(reader, "read_text")]
    parts = [
        "# Dump formats",
        "Written by `make docs` from the readers in `etl/formats/`; do not edit. Each can be read in any container: "
        "a folder, zip, tar, gz, bz2, xz, zst, a message of e-mail, one of Outlook (msg) or Apple Mail (emlx), a "
        "mailbox (mbox), a page saved as MHTML. A text may also come in an RTF or PDF file: it is read as if it had "
        'been delivered as plain text. `format = "auto"` recognises a dump by its content, whatever its name.',
        f"A large dump in {words.one_of(cut)} is read by several processes at once, each a stretch of it, where it is "
        "not compressed and, if it is text, is in UTF-8. A zip or tar of many files is read so in runs of its members, "
        "where none of them is packed itself, or read together with others. Any other dump is read by one process, and "
        "cleaned by several.",
        f"A text in {words.one_of(whole)} is read as a whole: at most {LIMIT_BYTES >> 20} MB, and "
        f"{LIMIT_HELD_BYTES >> 20} MB of memory. A single character beyond U+FFFF, as an emoji is, makes each one take "
        f"four bytes of it: a file with one that is larger than {LIMIT_HELD_BYTES >> 22} MB may be refused. What is "
        "refused as too large must be split between articles.",
    ]
    return "\n\n".join([*parts, *(_format_section(name, reader) for name, reader in readers.items())]) + "\n"


def _format_section(name: str, reader: formats.Format) -> str:
    recognise = getattr(reader, "recognise", None)
    recognised = inspect.getdoc(recognise) if recognise else "Only if a stanza or the operator names it."
    marks = inspect.getdoc(reader.count_marks)
    layout = inspect.cleandoc(reader.__doc__ or "")
    return f"## `{name}`\n\n{layout}\n\n- Recognised: {recognised}\n- Marks of articles: {marks}"


def _without_comment(tables: dict[str, Table]) -> list[str]:
    return [
        name
        for table in tables.values()
        for name, comment in [
            (table.full_name, table.comment),
            *((f"{table.full_name}.{column.name}", column.comment) for column in table.columns),
        ]
        if not comment
    ]


def _section(table: Table) -> str:
    rows = "\n".join(_row(column, table.is_view) for column in table.columns)
    kind = "" if table.kind == "table" else f"{table.kind.capitalize()}. "
    title = f"### {table.signature}\n\n{kind}{table.comment}"
    return f"{title}\n\n| column | type | meaning |\n|---|---|---|\n{rows}" if rows else title


def _row(column: Column, is_view: bool) -> str:
    optional = "" if is_view or not column.is_nullable else ", may be empty"
    return (
        f"| `{column.name}` | {column.type.lower()}{optional} | {(column.comment or '').replace('|', chr(92) + '|')} |"
    )
