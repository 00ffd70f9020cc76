"""No SQL is built from strings: what a dump or a person gives reaches the database as a parameter."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from etl.settings import PROJECT

FILES = sorted(path for folder in ("etl", "broadsheet_airflow", "dags") for path in (PROJECT / folder).rglob("*.py"))
RUNS = {"execute", "executemany", "exec_driver_sql", "sql", "query", "text", "from_query"}
"""Methods and functions whose first argument is SQL."""

SQL = re.compile(
    r"\b(select\s.+\sfrom\s|insert\s+into\s|delete\s+from\s|update\s+\S+\s+set\s|merge\s+into\s|truncate\s+table\s"
    r"|(create|alter|drop)\s+(or\s+replace\s+)?(temp\w*\s+)?(table|view|schema|macro|index|sequence)\b"
    r"|attach\s+['\"]|copy\s+(from\s+database|\(|\S+\s+(to|from)\s)|read_(parquet|csv|json)\w*\()",
    re.IGNORECASE | re.DOTALL,
)

ALLOWED = {
    # ATTACH takes no parameter. Of the path, which is ours and not a dump's, every quote is doubled.
    ("etl/warehouse/reading.py", "attach"),
    ("etl/warehouse/opening.py", "attach_new"),
    ("etl/warehouse/damage.py", "_attached"),
    ("etl/warehouse/sandbox.py", "shut"),
    # Nor do ATTACH, LOAD, CREATE SECRET and SET of a lake: they hold our own settings, every quote doubled.
    ("etl/warehouse/lake.py", "line"),
    ("etl/warehouse/lake.py", "attach"),
    ("etl/warehouse/lake.py", "load_extensions"),
    ("etl/warehouse/lake.py", "_secret"),
    ("etl/warehouse/moving.py", "_attach_source"),
    # Names of databases and tables take no parameter; these are our own catalogue's.
    ("etl/warehouse/compact.py", "_copy"),
    ("etl/warehouse/compact.py", "insert_in_order"),
    ("etl/warehouse/lake_restore.py", "take_back"),
    ("etl/warehouse/moving.py", "_copy_table"),
    ("etl/warehouse/moving.py", "_compared"),
    ("etl/warehouse/compact.py", "_refuse_other_rows"),
    ("etl/reports/front_page/facts.py", "_sizes"),
    # A view and COPY take none either: the query is the analyst's own, of a file that is open read-only; the path and
    # the column are quoted.
    ("etl/reports/export.py", "write"),
    ("etl/reports/export.py", "_copy"),
    ("etl/reports/export.py", "_view"),
    ("etl/reports/export.py", "_one_folder_at_a_time"),
    # Nor do names in a dump of SQLite: quoted, and asked of a copy that is read-only and has no functions of its own.
    ("etl/formats/sqlite.py", "read"),
    ("etl/formats/sqlite.py", "_count_of_view"),
    # A script for tests, written to a file and never run from there.
    ("etl/reports/docs.py", "schema_script"),
}


def built(source: str) -> Iterator[tuple[str, int]]:
    """The function and line of every SQL that is put together from strings."""
    tree = ast.parse(source)
    owners = {
        id(node): function.name
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        if _runs_what_is_put_together(node) or (_is_put_together(node) and SQL.search(_words(node))):
            yield owners.get(id(node), "<module>"), node.lineno


def _runs_what_is_put_together(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and _name(node.func) in RUNS and any(map(_is_put_together, node.args[:1]))


def _name(function: ast.expr) -> str:
    return getattr(function, "attr", getattr(function, "id", ""))


def _is_put_together(node: ast.AST) -> bool:
    """Whether an expression is an f-string with something in it, `+` or `%` on a text, `.format` or `.join`."""
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
        return any(isinstance(part, ast.Constant) and isinstance(part.value, str) for part in ast.walk(node))
    return isinstance(node, ast.Call) and _name(node.func) in ("format", "join", "replace")


def _words(node: ast.AST) -> str:
    """The fixed texts of an expression, one after the other, with a stop where something is put in."""
    texts = [
        part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else "?"
        for part in ast.walk(node)
        if isinstance(part, ast.Constant | ast.FormattedValue | ast.Name)
    ]
    return " ".join(texts)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_no_sql_is_built_from_strings(path: Path) -> None:
    name = str(path.relative_to(PROJECT))
    guilty = [f"{name}:{line} in {owner}" for owner, line in built(path.read_text()) if (name, owner) not in ALLOWED]
    assert guilty == []


@pytest.mark.parametrize(
    "code",
    [
        "connection.execute(f'select 1 from {table}')",
        "connection.exec_driver_sql('select 1 from t where a = ' + value)",
        "connection.exec_driver_sql('select 1 from t where a = %s' % value)",
        "duckdb.sql('from {}'.format(path))",
        "sa.text('select ' + ', '.join(columns))",
        "query = f'delete from news.fact_article where source = {source!r}'\nconnection.execute(query)",
        "query = 'insert into t ' + rows\nrun(query)",
        "query = 'drop table %s' % name",
        "query = 'select a from t where b = {}'.format(b)",
        "query = f\"attach '{path}' as other\"",
        "connection.execute(TEMPLATE.replace('$table', table))",
        "class A:\n    def f(self):\n        self.c.execute(f'{self.sql}')",
    ],
)
def test_it_would_be_found(code: str) -> None:
    assert list(built(code))


@pytest.mark.parametrize(
    "code",
    [
        "connection.execute('select 1 from t where a = $a', {'a': a})",
        "raise RequestError(f'{path}: no file there; expected a file, a folder with files, or a glob')",
        "log.info('load of run %s', run_id)",
        "raise Error(f'{column} is not in the table; select another')",
        "warehouse.run_file(connection, SQL / 'stage' / f'{name}.sql', {})",
    ],
)
def test_words_and_parameters_are_no_sql_by_string(code: str) -> None:
    assert list(built(code)) == []
