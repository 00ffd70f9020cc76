"""`broadsheet export`: whole files or none, never over another, and nothing in them that a spreadsheet runs."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow.dataset
import pyarrow.parquet as pq
import pytest
from newsroom import Newsroom, article, make_newsroom
from typer.testing import CliRunner, Result

from etl.cli import app
from etl.reports import cookbook
from etl.reports import export as exporting

FORMULA = '=HYPERLINK("https://evil.example",A1)'


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """A published file of four articles in two publications, one of them with a name that is a path."""
    newsroom = make_newsroom(tmp_path_factory.mktemp("export"))
    articles = [
        article(number, publication="../../Harbour Courier" if number == 4 else "Gazette") for number in range(1, 5)
    ]
    articles[0]["headline"] = FORMULA
    newsroom.ingest(newsroom.drop("a.jsonl", articles))
    return newsroom


@pytest.fixture
def export(house: Newsroom, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("BROADSHEET_HOME", str(house.settings.home))
    monkeypatch.setenv("BROADSHEET_SOURCES", str(house.settings.sources))

    def run(*arguments: object) -> Result:
        return CliRunner().invoke(app, ["export", *map(str, arguments)])

    return run


def test_a_mart_comes_out_the_same_in_parquet_and_json(export: Any, house: Newsroom, tmp_path: Path) -> None:
    for name in ("a.parquet", "a.json"):
        done = export("mart.article", "--to", tmp_path / name)
        assert done.exit_code == 0, done.output
        assert "Wrote 4 rows" in done.output
    expected = house.ask_published("select article_id, headline, body from mart.article order by all")
    read = duckdb.connect().execute
    for source in (f"'{tmp_path}/a.parquet'", f"read_json('{tmp_path}/a.json')"):
        assert read(f"select article_id, headline, body from {source} order by all").fetchall() == expected
    assert len(json.loads((tmp_path / "a.json").read_text())) == 4


def test_a_spreadsheet_runs_nothing_in_a_csv(export: Any, tmp_path: Path) -> None:
    assert (
        export("select headline, authors from mart.article where article_id = 1;", "--to", tmp_path / "a.csv").exit_code
        == 0
    )
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [["headline", "authors"], ["'" + FORMULA, '["Mara Lindqvist"]']]


def test_partitions_stay_below_the_folder_whatever_a_publication_is_called(export: Any, tmp_path: Path) -> None:
    done = export("mart.article", "--to", tmp_path / "out", "--partition-by", "publication")
    assert done.exit_code == 0, done.output
    folders = [path.name for path in (tmp_path / "out").iterdir()]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert sorted(folders) == ["publication=..%2F..%2FHarbour%20Courier", "publication=Gazette"]
    table = pyarrow.dataset.dataset(tmp_path / "out", partitioning="hive").to_table(
        columns=["publication", "article_id"]
    )
    assert sorted(table["publication"].to_pylist()) == ["../../Harbour Courier", "Gazette", "Gazette", "Gazette"]


def test_partitions_with_an_unknown_value_are_read_by_pandas(export: Any, tmp_path: Path) -> None:
    query = "select article_id, nullif(year(published_date), 2026) as year from mart.article where article_id < 3"
    done = export(query, "--to", tmp_path / "out", "--partition-by", "year", "--format", "parquet")
    assert done.exit_code == 0, done.output
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["year=unknown"]
    assert pd.read_parquet(tmp_path / "out")["article_id"].tolist() == [1, 2]


def test_partitions_never_mix_no_value_with_the_name_of_its_folder(
    export: Any, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    of_two = "select article_id, if(article_id = 1, null, 'unknown') as paper from mart.article where article_id < 3"
    done = export(of_two, "--to", tmp_path / "out", "--partition-by", "paper", "--format", "parquet")
    assert done.exit_code == 2
    assert (
        "some rows have no value and some the value 'unknown'" in " ".join(capfd.readouterr().err.split()) + done.output
    )
    assert list(tmp_path.iterdir()) == []
    named = f"select * replace (coalesce(paper, 'none') as paper) from ({of_two})"
    assert export(named, "--to", tmp_path / "out", "--partition-by", "paper", "--format", "parquet").exit_code == 0
    read = pd.read_parquet(tmp_path / "out")
    assert dict(zip(read["paper"], read["article_id"], strict=True)) == {"none": 1, "unknown": 2}


MANY_FOLDERS = """
    select number % 1000 as paper, number, repeat(md5(number::varchar), 100) as body
    from range(12000) as row (number) order by number desc
"""


def test_many_partitions_of_long_texts_take_little_memory_and_keep_the_order(
    export: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BROADSHEET_MEMORY_LIMIT", "120MB")
    done = export(MANY_FOLDERS, "--to", tmp_path / "out", "--partition-by", "paper", "--format", "parquet")
    assert done.exit_code == 0, capfd.readouterr().err
    files = sorted((tmp_path / "out").rglob("*.parquet"))
    assert len(files) == 1000
    assert pq.read_table(files[0], columns=["number"])["number"].to_pylist() == list(range(11000, -1, -1000))


def test_too_little_memory_is_told_with_the_setting(
    export: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BROADSHEET_MEMORY_LIMIT", "10MB")
    done = export(MANY_FOLDERS, "--to", tmp_path / "out", "--partition-by", "paper", "--format", "parquet")
    assert done.exit_code == 1
    assert "give it more with BROADSHEET_MEMORY_LIMIT, now 10MB" in done.output + capfd.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_tsv_and_json_lines_are_what_their_names_say(export: Any, tmp_path: Path) -> None:
    query = "select article_id, is_partial, authors from mart.article where article_id = 2"
    for name in ("a.tsv", "a.jsonl"):
        assert export(query, "--to", tmp_path / name).exit_code == 0
    assert (tmp_path / "a.tsv").read_text() == 'article_id\tis_partial\tauthors\n2\tfalse\t"[""Mara Lindqvist""]"\n'
    assert json.loads((tmp_path / "a.jsonl").read_text()) == {
        "article_id": 2,
        "is_partial": False,
        "authors": ["Mara Lindqvist"],
    }


EVERY_TYPE = """
    select
        sum(article_id) as whole, map {'a': 1, 'b': 2} as pairs, 1.50::decimal(10, 2) as price, null as nothing,
        interval 3 day as i, '\\xAA\\x00b'::blob as b, 'nan'::double as n, '-infinity'::double as infinite,
        {'x': 'infinity'::double, 'said': 'NaN, Infinity', 'y': [date '2026-03-14']} as parts, true as truth,
        timestamp '2026-03-14 06:00:00' as at, '{"a": 1}'::json as j, 'a' as twice, 'b' as twice, 'c\x9b' as said
    from mart.article
"""


@pytest.mark.parametrize("format", ["json", "jsonl", "csv", "tsv", "parquet"])
def test_a_query_prints_what_an_export_writes(export: Any, tmp_path: Path, format: str) -> None:
    query = EVERY_TYPE.replace("'b' as twice, ", "")  # which no file of Parquet may have
    assert export(query, "--to", tmp_path / "a", "--format", format).exit_code == 0
    printed = CliRunner().invoke(app, ["query", query, "--format", format]).stdout_bytes
    assert printed == (tmp_path / "a").read_bytes()


def test_json_has_the_value_of_every_type_and_is_json(export: Any, tmp_path: Path) -> None:
    assert export(EVERY_TYPE, "--to", tmp_path / "a.jsonl").exit_code == 0
    text = (tmp_path / "a.jsonl").read_text()
    assert "\x9b" not in text
    assert json.loads(text, parse_constant=pytest.fail) == {
        "whole": 10,
        "pairs": {"a": 1, "b": 2},
        "price": 1.5,
        "nothing": None,
        "i": "3 days",
        "b": "\\xAA\\x00b",
        "n": None,
        "infinite": None,
        "parts": {"x": None, "said": "NaN, Infinity", "y": ["2026-03-14"]},
        "truth": True,
        "at": "2026-03-14 06:00:00",
        "j": {"a": 1},
        "twice": "a",
        "twice_1": "b",
        "said": "c\x9b",
    }


def test_a_query_shows_intervals_and_bytes_as_duckdb_writes_them(export: Any) -> None:
    query = "select interval 3 day as i, '\\xAA'::blob as b, map {'k': 1} as m, 5::hugeint as h"
    shown = CliRunner().invoke(app, ["query", query]).stdout.splitlines()[3]
    assert [cell.strip() for cell in shown.split("│")[1:-1]] == ["3 days", "\\xAA", '{"k":1}', "5"]


def test_a_question_of_the_cookbook_goes_by_its_name_and_in_its_words(
    export: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "how_many.sql").write_text("-- How many?\nselect count(*) as n from mart.article; -- all\n")
    monkeypatch.setattr(cookbook, "QUERIES", tmp_path / "queries")
    assert export("how_many", "--to", tmp_path / "n.out", "--format", "parquet").exit_code == 0
    assert pq.read_table(tmp_path / "n.out").to_pylist() == [{"n": 4}]
    assert export(tmp_path / "queries" / "how_many.sql", "--to", tmp_path / "n.csv").exit_code == 0
    assert export("How many?", "--to", tmp_path / "w.csv").exit_code == 0
    assert (tmp_path / "w.csv").read_bytes() == (tmp_path / "n.csv").read_bytes()


def test_an_order_and_an_empty_result_are_kept(export: Any, tmp_path: Path) -> None:
    assert export("select article_id from mart.article order by 1 desc", "--to", tmp_path / "d.csv").exit_code == 0
    assert (tmp_path / "d.csv").read_text().split() == ["article_id", "4", "3", "2", "1"]
    for ending in ("csv", "json", "parquet"):
        target = tmp_path / f"e.{ending}"
        assert export("select article_id from mart.article where false", "--to", target).exit_code == 0
        assert target.exists()
    assert pq.read_table(tmp_path / "e.parquet").column_names == ["article_id"]
    assert json.loads((tmp_path / "e.json").read_text()) == []


@pytest.mark.parametrize("where", ["true", "false"])
def test_a_column_has_its_type_whatever_is_in_it(export: Any, tmp_path: Path, where: str) -> None:
    query = f"select article_id, embargo_until, authors, source from mart.article where {where}"
    assert export(query, "--to", tmp_path / "a.parquet").exit_code == 0
    assert export(query, "--to", tmp_path / "out", "--partition-by", "source", "--format", "parquet").exit_code == 0
    for written in ("a.parquet", "out"):
        schema = pyarrow.dataset.dataset(tmp_path / written, partitioning="hive").schema
        assert {name: str(schema.field(name).type) for name in ("article_id", "embargo_until", "authors")} == {
            "article_id": "int64",
            "embargo_until": "timestamp[us]",
            "authors": "list<element: string>",
        }
        assert schema.names[-1] == "source"


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["mart.article", "--to", "there.csv"], 2, "there.csv already exists"),
        (["mart.article", "--to", "new.txt"], 2, "no format given"),
        (["mart.article", "--to", "nowhere/a.csv"], 2, "no such folder"),
        (["mart.article", "--to", "."], 2, ". is a folder; name the file in it"),
        (["what_was_load", "--to", "new.csv"], 2, "did you mean what_was_loaded?"),
        (
            ["Which papers follow which others?", "--to", "new.csv"],
            2,
            "Which papers follow which others with a story, and",
        ),
        (["mart.artcle", "--to", "new.csv"], 1, 'Did you mean "article"?'),
        (["mart.article", "--to", "new.csv", "--partition-by", "publication"], 2, "works only with --format parquet"),
        (["mart.article", "--to", "new", "--partition-by", "publicaton"], 2, "did you mean publication or"),
        (["select 1 as a, 2 as b", "--to", "new", "--partition-by", "paper"], 2, "did you mean a or b?"),
        (["describe mart.article", "--to", "new.csv"], 2, "DESCRIBE, SHOW and SUMMARIZE are not exported"),
        (["mart.article", "--to", "-", "--format", "csv"], 2, "to print rows or pipe them: broadsheet query WHAT"),
        (["mart.articles", "--to", "new.csv"], 1, "does not exist"),
        (["delete from news.fact_article", "--to", "new.csv"], 2, "only a query"),
        (["select 1; select 2", "--to", "new.csv"], 2, "expected one SQL statement"),
        (["copy mart.article to 'new.csv'", "--to", "new.csv"], 2, "only a query"),
        (["explain from mart.article", "--to", "new.csv"], 2, "only a query"),
        (["from read_text('there.csv')", "--to", "new.csv"], 1, "disabled by configuration"),
        (["from read_text('there.csv')", "--to", "new.parquet"], 1, "disabled by configuration"),
        (["select headline from mart.article where error('no') = 1", "--to", "new.parquet"], 1, "no"),
    ],
)
def test_what_cannot_be_done_is_said_and_leaves_nothing(
    export: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    code: int,
    message: str,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("there.csv").write_text("mine")
    done = export(*arguments)
    assert done.exit_code == code
    assert message in " ".join((done.output + capfd.readouterr().err).split())
    assert [path.name for path in tmp_path.iterdir()] == ["there.csv"]
    assert Path("there.csv").read_text() == "mine"


@pytest.mark.parametrize("place", ["published/broadsheet-9.csv", "link/new.csv", "new"])
def test_nothing_is_written_among_our_own_files(
    export: Any, house: Newsroom, tmp_path: Path, place: str, capfd: pytest.CaptureFixture[str]
) -> None:
    home = house.settings.home
    (tmp_path / "link").symlink_to(home / "published")
    target = tmp_path / place if place.startswith("link") else home / place
    before = sorted(home.rglob("*"))
    done = export("mart.article", "--to", target, "--format", "parquet")
    assert done.exit_code == 2
    assert "choose a place outside it" in " ".join((done.output + capfd.readouterr().err).split())
    assert sorted(home.rglob("*")) == before


def test_a_file_that_appeared_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    target = tmp_path / "a.json"
    with pytest.raises(exporting.ExportError, match="already exists"), exporting._whole(target) as part:
        part.write_text("ours")
        target.write_text("theirs")
    assert target.read_text() == "theirs"
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]
