"""Dependencies point one way, the DAG files only wire, and generated pages are what the SQL files say."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from itertools import chain
from pathlib import Path

import pytest

from etl import docs, quality
from etl.catalogue import Table, catalogue, read_catalogue
from etl.settings import PROJECT, SQL

ETL = sorted((PROJECT / "etl").rglob("*.py"))
ABOVE = {"check", "load", "verify", "publish", "pipeline", "cli", "discover", "extract", "warehouse", "quality"}


def imports(path: Path) -> set[str]:
    """The modules that a file imports anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("path", ETL, ids=lambda path: str(path.relative_to(PROJECT)))
def test_etl_never_imports_airflow(path: Path) -> None:
    assert not [name for name in imports(path) if name.split(".")[0] == "airflow"]


def test_readers_and_normalisers_know_nothing_above_them() -> None:
    for path in [*(PROJECT / "etl" / "formats").glob("*.py"), *(PROJECT / "etl" / "normalise").glob("*.py")]:
        assert not imports(path) & {f"etl.{name}" for name in ABOVE}, path


def test_the_model_imports_nothing_of_ours() -> None:
    assert not [name for name in imports(PROJECT / "etl" / "model.py") if name.startswith("etl")]


def test_only_quality_runs_great_expectations() -> None:
    users = [path.name for path in ETL if any(name.startswith("great_expectations") for name in imports(path))]
    assert users == ["quality.py"]


def test_the_command_line_starts_without_what_it_does_not_need() -> None:
    heavy = ["pandas", "duckdb", "great_expectations", "airflow"]
    code = f"import etl.cli, sys; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_data_dictionary_is_not_stale() -> None:
    assert docs.stale_pages() == []


def test_a_missing_comment_is_an_error(tmp_path: Path) -> None:
    shutil.copytree(SQL, tmp_path / "sql")
    file = tmp_path / "sql" / "dim" / "dim_section.sql"
    file.write_text("\n".join(line for line in file.read_text().splitlines() if "section_name is" not in line))
    with pytest.raises(ValueError, match=r"no comment on: news\.dim_section\.section_name"):
        docs.data_dictionary(read_catalogue(tmp_path / "sql"))


def marts_without_a_test(tables: dict[str, Table], tests: Path) -> list[str]:
    """The marts that no tests/mart/test_<mart>.py asks."""
    files = {table.full_name: tests / f"test_{table.name}.py" for table in tables.values() if table.schema == "mart"}
    asked = re.compile(r"from (mart\.\w+)|(mart\.\w+)\(")  # a scalar macro is called, all others are selected from
    return [
        name
        for name, file in files.items()
        if not file.exists() or name not in chain.from_iterable(asked.findall(file.read_text()))
    ]


def test_every_mart_has_a_test_that_asks_it() -> None:
    assert marts_without_a_test(catalogue(), PROJECT / "tests" / "mart") == []


def test_a_mart_without_a_test_is_found(tmp_path: Path) -> None:
    shutil.copytree(SQL, tmp_path / "sql")
    view = "create or replace view mart.untested as select 1 as one; comment on view mart.untested is 'One';"
    (tmp_path / "sql" / "mart" / "untested.sql").write_text(view)
    assert marts_without_a_test(read_catalogue(tmp_path / "sql"), PROJECT / "tests" / "mart") == ["mart.untested"]


@pytest.mark.parametrize("path", sorted((PROJECT / "expectations").glob("[a-z]*.py")), ids=lambda path: path.stem)
def test_every_expectation_has_a_severity_and_a_reason_and_a_frame(path: Path) -> None:
    names = {table.name for table in catalogue().values()} | {
        "incoming_article",
        "incoming_dump",
        "mart_totals",
        "whole_warehouse",
    }
    assert path.stem in names
    for expectation in quality.suite_module(path.stem).expectations():
        assert expectation.severity is not None
        assert len(str(expectation.notes)) > 20


def test_no_sql_file_selects_a_star() -> None:
    guilty = [path.name for path in SQL.rglob("*.sql") if re.search(r"select\s+\*", path.read_text(), re.IGNORECASE)]
    assert guilty == []
