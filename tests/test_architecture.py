"""Dependencies point one way, the DAG files only wire, and generated pages are what the SQL files say."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
from itertools import chain
from pathlib import Path

import duckdb
import import_graph
import pytest

from etl.reports import docs
from etl.settings import PROJECT, SQL
from etl.stages import quality
from etl.warehouse.catalogue import Table, all_tables, read_catalogue

ETL = sorted((PROJECT / "etl").rglob("*.py"))
MODULES = import_graph.modules_in(PROJECT)


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


def test_every_module_has_a_home() -> None:
    assert import_graph.homeless(MODULES) == []


def test_imports_go_in_no_circle() -> None:
    assert import_graph.circles(import_graph.arrows_between(MODULES)) == []


def test_imports_only_go_down_the_layers() -> None:
    assert import_graph.wrong_arrows(import_graph.arrows_between(MODULES)) == []


def with_import(tmp_path: Path, path: str, line: str) -> set[import_graph.Arrow]:
    """The arrows of the project, were this line in that file too."""
    changed = tmp_path / "changed.py"
    changed.write_text((PROJECT / path).read_text() + f"\n{line}\n")
    name = next(name for name, known in MODULES.items() if known == PROJECT / path)
    return import_graph.arrows_between({**MODULES, name: changed})


@pytest.mark.parametrize(
    ("path", "line", "wrong"),
    [
        ("etl/stages/check.py", "from etl.repair import rows", "etl.stages.check -> etl.repair.rows"),
        ("etl/normalise/text.py", "import etl.warehouse.opening", "etl.normalise.text -> etl.warehouse.opening"),
        ("etl/formats/common/sgml.py", "from etl.formats import csv", "etl.formats.common.sgml -> etl.formats.csv"),
        ("etl/formats/web/http.py", "from etl.formats.agency.iptc import filled", "-> etl.formats.agency.iptc"),
        ("etl/doctor/finding.py", "from etl.repair import rows", "etl.doctor.finding -> etl.repair.rows"),
        ("etl/normalise/text.py", "from ..warehouse import opening", "etl.normalise.text -> etl.warehouse.opening"),
        ("etl/normalise/__init__.py", "from .. import pipeline", "etl.normalise -> etl.pipeline"),
        ("etl/run.py", "import importlib; importlib.import_module('etl.pipeline')", "etl.run -> etl.pipeline"),
        ("etl/__init__.py", "from etl.pipeline import run_all", "etl -> etl.pipeline"),
        ("etl/model.py", "def late():\n    from etl.settings import Settings", "etl.model -> etl.settings"),
    ],
)
def test_an_arrow_that_points_up_or_sideways_is_found(tmp_path: Path, path: str, line: str, wrong: str) -> None:
    (found,) = import_graph.wrong_arrows(with_import(tmp_path, path, line))
    assert found.endswith(wrong)


def test_a_circle_is_found(tmp_path: Path) -> None:
    arrows = with_import(tmp_path, "etl/warehouse/lock.py", "from etl.warehouse import opening")
    (circle,) = import_graph.circles(arrows)
    assert {"etl.warehouse.lock", "etl.warehouse.opening"} <= set(circle)


def test_modules_and_functions_share_no_names() -> None:
    shared = [
        f"{name}.{node.name}"
        for name, path in MODULES.items()
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef) and name.startswith("etl.") and node.name == name.rpartition(".")[2]
    ]
    assert shared == []


def test_the_model_imports_nothing_of_ours() -> None:
    assert not [name for name in imports(PROJECT / "etl" / "model.py") if name.startswith("etl")]


def test_only_quality_runs_great_expectations() -> None:
    users = {path.name for path in ETL if any(name.startswith("great_expectations") for name in imports(path))}
    assert users == {"gx.py", "quality.py"}


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
    """The marts that no tests/mart/test_<mart>.py asks; macros that only other marts call are tested with those."""
    asked = re.compile(r"from (mart\.\w+)|(mart\.\w+)\(")  # a scalar macro is called, all others are selected from
    called = {
        name for table in tables.values() for name in re.findall(r"(mart\.\w+)\(", table.create[0].partition(" as")[2])
    }
    files = {
        table.full_name: tests / f"test_{table.name}.py"
        for table in tables.values()
        if table.schema == "mart" and not (table.kind == "macro" and table.full_name in called)
    }
    return [
        name
        for name, file in files.items()
        if not file.exists() or name not in chain.from_iterable(asked.findall(file.read_text()))
    ]


def test_every_mart_has_a_test_that_asks_it() -> None:
    assert marts_without_a_test(all_tables(), PROJECT / "tests" / "mart") == []


def test_a_mart_without_a_test_is_found(tmp_path: Path) -> None:
    shutil.copytree(SQL, tmp_path / "sql")
    view = "create or replace view mart.untested as select 1 as one; comment on view mart.untested is 'One';"
    (tmp_path / "sql" / "mart" / "untested.sql").write_text(view)
    assert marts_without_a_test(read_catalogue(tmp_path / "sql"), PROJECT / "tests" / "mart") == ["mart.untested"]


@pytest.mark.parametrize("path", sorted((PROJECT / "expectations").glob("[a-z]*.py")), ids=lambda path: path.stem)
def test_every_expectation_has_a_severity_and_a_reason_and_a_frame(path: Path) -> None:
    names = {table.name for table in all_tables().values()} | {
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


def inserted_by_name(table: Table) -> list[set[str]]:
    """The columns that each `insert into <table> by name select` fills."""
    found = []
    for statement in table.load:
        _, by_name, select = statement.sql.partition(f"insert into {table.full_name} by name\n")
        if by_name:
            ((text,),) = duckdb.execute("select json_serialize_sql($1)", [select]).fetchall()
            columns = json.loads(text)["statements"][0]["node"]["select_list"]
            found.append({column["alias"] or column["column_names"][-1] for column in columns})
    return found


@pytest.mark.parametrize("name", ["news.fact_article", "news.article_text"])
def test_no_column_of_a_fact_is_forgotten_in_its_insert(name: str) -> None:
    (filled,) = inserted_by_name(all_tables()[name])
    assert {column.name for column in all_tables()[name].columns} == filled


def test_what_only_the_search_calls_is_not_among_what_analysts_open_first() -> None:
    tables = docs.by_folder(docs.all_tables())
    first, inner = ({table.name for table in tables[title]} for title in (docs.TITLES["mart"], docs.INNER))
    assert {"article", "find_articles", "search", "search_snippet", "words_of"} <= first
    assert {"search_ranked", "search_pattern"} <= inner
    assert not first & inner
