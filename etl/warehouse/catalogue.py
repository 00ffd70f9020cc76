"""The catalogue of the warehouse, read from the SQL files: they are the schema, DuckDB is their parser.

A file of sql/dim, sql/fact, sql/ops or sql/mart contains, in this order, the CREATE of one table, view or macro,
a COMMENT on it and on every column, and the statements that load it, with named parameters. Markers in comments:

- `-- after: a, b` on the first line: these must be created and loaded before it.
- `-- columns of: a`: a view that hands on columns of `a`; those without a comment of their own take the comment there.
- `-- derived` above a statement: it follows from the tables and `touched_article` alone, so it also runs where articles
  are taken out or replaced.
- `-- of the schema` above a statement: it follows from the SQL files themselves, so it runs when they have changed, and
  in no load.
- `-- around` above a statement: it runs before such a change of `counted_article` with $sign = -1, and with the derived
  statements, afterwards, with $sign = 1.

`Key: a, b.` in a table's comment tags a natural or surrogate key: DuckLake takes no constraints, so expectations
prove it.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import duckdb

from etl.settings import SQL

FOLDERS = ("dim", "fact", "ops", "mart")
SCHEMAS = ("news", "ops", "mart")

QUESTIONS = SQL / "catalogue"


@dataclass(frozen=True)
class Statement:
    """One SQL statement and the names of the parameters that it takes."""

    sql: str
    parameters: frozenset[str]

    @property
    def is_derived(self) -> bool:
        """Whether it follows from what is stored, and not from what comes in."""
        return self.sql.startswith("-- derived") or self.is_around

    @property
    def is_of_schema(self) -> bool:
        """Whether it brings stored rows up to the SQL files, and is of no load."""
        return self.sql.startswith("-- of the schema")

    @property
    def is_around(self) -> bool:
        """Whether it counts what the touched articles stand for: off before they change, on after."""
        return self.sql.startswith("-- around")


@dataclass(frozen=True)
class Column:
    """One column as DuckDB understands it."""

    name: str
    type: str
    is_nullable: bool
    comment: str | None

    @property
    def references(self) -> str | None:
        """The table whose key it holds: `see <table>` at the end of its comment says so."""
        found = re.search(r"see (\w+\.\w+)$", self.comment or "")
        return found[1] if found else None


@dataclass(frozen=True)
class Table:
    """One table, view or macro: what it is, how it is created and how it is loaded."""

    schema: str
    name: str
    kind: str
    """table, view or macro"""
    signature: str
    """The name; of a macro with its parameters."""
    comment: str | None
    keys: tuple[tuple[str, ...], ...]
    columns: tuple[Column, ...]
    create: tuple[str, ...]
    load: tuple[Statement, ...]
    path: Path

    @property
    def full_name(self) -> str:
        return f"{self.schema}.{self.name}"

    @property
    def is_view(self) -> bool:
        """Whether it has no rows of its own: a view, or a macro."""
        return self.kind != "table"


@dataclass(frozen=True)
class _File:
    path: Path
    kind: str
    full_name: str
    signature: str
    after: tuple[str, ...]
    handed_on: str | None
    """The relation whose columns, with their comments, it hands on."""
    create: tuple[str, ...]
    load: tuple[Statement, ...]


def statements_in(path: Path) -> list[Statement]:
    """The statements of one SQL file. Raises duckdb.ParserException naming the place."""
    return [
        Statement(statement.query.strip(), frozenset(statement.named_parameters))
        for statement in duckdb.extract_statements(path.read_text("utf-8"))
    ]


def read_catalogue(sql: Path = SQL) -> dict[str, Table]:
    """Every table, view and macro by full name, in the order in which they are to be created and loaded."""
    from sqlalchemy.schema import CreateSchema

    files = _in_load_order([_read_file(path) for folder in FOLDERS for path in sorted((sql / folder).glob("*.sql"))])
    with duckdb.connect() as memory:
        for schema in SCHEMAS:
            memory.execute(str(CreateSchema(schema)))
        files = [_created(memory, file) for file in sorted(files, key=lambda file: file.kind != "table")]
        comments, columns = live_comments(memory), live_columns(memory)
    return {
        file.full_name: Table(
            schema=file.full_name.split(".")[0],
            name=file.full_name.split(".")[1],
            kind=file.kind,
            signature=file.signature,
            comment=comments.get(file.full_name),
            keys=_keys(comments.get(file.full_name)),
            columns=columns.get(file.full_name, ()),
            create=file.create,
            load=file.load,
            path=file.path,
        )
        for file in _in_load_order(files)
    }


def _created(memory: duckdb.DuckDBPyConnection, file: _File) -> _File:
    """The file, with the comments that its columns take from those that it hands on; created in that database."""
    for statement in file.create:
        memory.execute(statement)
    if file.handed_on is None:
        return file
    columns = live_columns(memory)
    known = {column.name: column.comment for column in columns[file.handed_on]}
    inherited = tuple(
        _comment(f"{file.full_name}.{column.name}", str(known[column.name]))
        for column in columns[file.full_name]
        if column.comment is None and known.get(column.name)
    )
    for statement in inherited:
        memory.execute(statement)
    return replace(file, create=(*file.create, *inherited))


def _comment(column: str, comment: str) -> str:
    """COMMENT takes no parameter."""
    return "comment on column {} is '{}'".format(column, comment.replace("'", "''"))


@cache
def all_tables() -> dict[str, Table]:
    """The catalogue of this project's own sql/ folder, read once."""
    return read_catalogue()


def columns_created_by(script: str) -> dict[str, tuple[Column, ...]]:
    """The columns of every table and view that a whole SQL script creates, by full name."""
    with duckdb.connect() as memory:
        memory.execute(script)
        return live_columns(memory)


def live_columns(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[Column, ...]]:
    """The columns of every table and view that a connection sees, by full name."""
    rows = connection.execute((QUESTIONS / "columns.sql").read_text("utf-8")).fetchall()
    found: dict[str, tuple[Column, ...]] = {}
    for table, *column in rows:
        found[table] = (*found.get(table, ()), Column(*column))
    return found


def live_comments(connection: duckdb.DuckDBPyConnection) -> dict[str, str | None]:
    """The comment of every table, view and macro that a connection sees, by full name."""
    return dict(connection.execute((QUESTIONS / "comments.sql").read_text("utf-8")).fetchall())


def fingerprint(tables: dict[str, Table]) -> str:
    """SHA-256 over all that creates and comments: the same only where the schema is."""
    text = "\n".join(statement for name in sorted(tables) for statement in tables[name].create)
    return hashlib.sha256(text.encode()).hexdigest()


def _read_file(path: Path) -> _File:
    found = statements_in(path)
    schema_count = next((i for i, s in enumerate(found) if not _is_schema(s.sql)), len(found))
    create = tuple(statement.sql for statement in found[:schema_count])
    named = _CREATED.search(create[0] if create else "")
    if not named or named["name"].split(".")[1] != path.stem:
        raise ValueError(f"{path}: must begin with the CREATE of a table, view or macro called {path.stem}")
    head = path.read_text("utf-8")
    after = re.match(r"-- after: (.*)", head)
    names = tuple(name.strip() for name in after[1].split(",")) if after else ()
    columns_of = re.search(r"(?m)^-- columns of: (\S+)$", head)
    kind, name, parameters = named["kind"], named["name"], " ".join((named["parameters"] or "").split())
    handed_on = columns_of[1] if columns_of else None
    return _File(
        path,
        kind,
        name,
        name + parameters.replace("( ", "(").replace(" )", ")"),
        names,
        handed_on,
        create,
        tuple(found[schema_count:]),
    )


_CREATED = re.compile(
    r"(?m)^create (?:or replace )?(?P<kind>table|view|macro)\s+(?:if not exists\s+)?(?P<name>\w+\.\w+)"
    r"(?P<parameters>\([^)]*\)(?= as\b))?"
)


def _is_schema(sql: str) -> bool:
    opening = re.sub(r"(?m)^\s*--.*$", "", sql).lstrip().lower()
    return opening.startswith("comment on") or (
        opening.startswith("create") and not re.match(r"create (or replace )?temp ", opening)
    )


def _in_load_order(files: list[_File]) -> list[_File]:
    """Files in the order of their folders and names, but each after those that its `-- after:` names."""
    waiting = list(files)
    ordered: list[_File] = []
    while waiting:
        done = {file.full_name for file in ordered}
        ready = next((file for file in waiting if done.issuperset(file.after)), None)
        if ready is None:
            stuck = ", ".join(str(file.path) for file in waiting)
            raise ValueError(f"'-- after:' goes in a circle, or names a table that no file creates, in: {stuck}")
        waiting.remove(ready)
        ordered.append(ready)
    return ordered


def _keys(comment: str | None) -> tuple[tuple[str, ...], ...]:
    return tuple(
        tuple(name.strip() for name in key.split(",")) for key in re.findall(r"Key: ([\w, ]+)\.", comment or "")
    )
