"""`broadsheet query`: what may be asked and how, with the questions of the cookbook; a page on a screen, else all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from newsroom import Newsroom
from typer.testing import CliRunner, Result

from etl.cli import answers, app, screen
from etl.cli.names import tell_unknown
from etl.reports import cookbook
from etl.reports.printable import Screen

Ask = Callable[..., Result]

BROADSHEET = str(Path(sys.executable).with_name("broadsheet"))


def environment(archive: Newsroom) -> dict[str, str]:
    """For a process of its own, because what is told depends on its pipes and its arguments as bytes."""
    home, sources = archive.settings.home, archive.settings.sources
    return {**os.environ, "BROADSHEET_HOME": str(home), "BROADSHEET_SOURCES": str(sources)}


@pytest.fixture
def ask(archive: Newsroom, monkeypatch: pytest.MonkeyPatch) -> Ask:
    monkeypatch.setenv("BROADSHEET_HOME", str(archive.settings.home))
    monkeypatch.setenv("BROADSHEET_SOURCES", str(archive.settings.sources))
    monkeypatch.setenv("TERMINAL_WIDTH", "100")

    def run(*arguments: str, given: str | None = None) -> Result:
        return CliRunner().invoke(app, ["query", *arguments], input=given)

    return run


def authors(done: Result) -> set[str]:
    assert done.exit_code == 0, done.output
    return {json.loads(line)["author"] for line in done.stdout.splitlines()}


def test_a_question_takes_its_parameters_as_options(ask: Ask) -> None:
    asked = ("authors_of_a_paper", "--format", "jsonl")
    assert authors(ask(*asked, "--publication", "Valley Wire")) == {"Ines Carvalho", "Jonas Keller"}
    assert authors(ask("--publication=Valley Wire", *asked)) == {"Ines Carvalho", "Jonas Keller"}
    assert authors(ask(*asked, "--publication", "O'Hara's Paper")) == set()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("authors_of_a_paper", "--publication", "VALEY WIRE"), "no publication VALEY WIRE; did you mean Valley Wire?"),
        (("subjects_of_an_author", "--author", "Mara Lindquist"), "did you mean Mara Lindqvist?"),
        (
            ("authors_on_a_topic", "--topic", "Schols", "--format", "jsonl"),
            "There is no topic Schols; did you mean schools or",
        ),
        (("authors_of_a_paper", "--publication", "Qqq"), "for all: broadsheet query news.dim_publication"),
    ],
)
def test_where_no_row_is_found_a_name_that_is_not_there_is_told(
    ask: Ask, arguments: tuple[str, ...], told: str
) -> None:
    assert told in ask(*arguments).stderr


def test_no_name_is_told_where_rows_are_found_or_every_name_is_there(ask: Ask) -> None:
    later = ("topic_in_a_month", "--topic", "harbour", "--from-date", "2031-01-01", "--to-date", "2031-01-31")
    assert ask(*later, "--format", "jsonl").stdout == ask(*later).stderr == ""
    assert "There is no" not in ask("topic_by_paper", "--topic", "Schols").stderr


@pytest.mark.parametrize(("name", "is_told"), [("Ann Lee", False), ("ANN LEE", False), ("ann lee", True)])
def test_names_that_differ_in_capitals_are_all_there(
    name: str, is_told: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    with duckdb.connect() as connection:
        connection.execute("create schema news")
        connection.execute("create view news.dim_author as select unnest(['Ann Lee', 'ANN LEE']) as author_name")
        connection.execute("create view news.dim_publication as select '' as publication_name")
        connection.execute("create view news.dim_section as select '' as section_name")
        connection.execute("create view news.topic as select '' as kind, '' as name")
        tell_unknown(connection, {"author": name})
    assert bool(capsys.readouterr().err) == is_told


def test_an_example_that_is_kept_is_named(ask: Ask) -> None:
    assert "As in the example: --publication 'Harbour Courier'" in ask("authors_of_a_paper").stderr
    assert ask("authors_of_a_paper", "--publication", "Valley Wire").stderr == ""


def test_the_help_of_a_question_names_its_parameters(ask: Ask) -> None:
    shown = ask("authors_of_a_paper", "--help").output
    assert "Who writes for the Harbour Courier" in shown
    assert "--publication" in shown
    assert "--publication" not in ask("--help").output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("authors_of_a_paper", "--publicaton", "Valley Wire"), "--publication"),
        (("from mart.article", "--publication", "Valley Wire"), "No such option: --publication"),
        (("topic_in_a_month", "--from-date", "1.3.2026"), "'1.3.2026' is not a day such as 2026-03-01"),
        (("articles",), "did you mean mart.article"),
        (("authors_of_paper",), "did you mean authors_of_a_paper"),
        (("zzz",), "for a list of the questions: broadsheet query"),
        (("Who writes for the Harbor Courier?",), "the nearest is authors_of_a_paper: Who writes for the Harbour"),
        (("no-such.sql",), "no-such.sql: no such file"),
        (("-",), "standard input is empty; expected one SQL query there"),
        (("pivot mart.daily_volume on publication using sum(articles)",), "a PIVOT must name its columns here"),
    ],
)
def test_what_cannot_be_asked_exits_with_2_and_names_what_is_near(
    ask: Ask, arguments: tuple[str, ...], message: str
) -> None:
    done = ask(*arguments)
    assert done.exit_code == 2
    assert message in " ".join(done.stderr.replace("│", "").split())


def test_a_question_to_a_file_of_another_version_says_what_to_wait_for(
    ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "later.sql").write_text("-- What will be there?\nfrom mart.later;\n")
    monkeypatch.setattr(cookbook, "QUERIES", tmp_path)
    hint = "Another version of Broadsheet published this file"
    assert hint in ask("later").stderr
    assert hint not in ask("mart.later").stderr


def test_sql_comes_from_standard_input_or_a_file_as_well(ask: Ask, tmp_path: Path) -> None:
    sql = "select count(*) as articles from mart.article where publication = /* publication */ 'Valley Wire';\n"
    (tmp_path / "mine.sql").write_text(sql)
    assert ask("-", "--format", "csv", given=sql).stdout.split() == ["articles", "167"]
    file = str(tmp_path / "mine.sql")
    assert ask(file, "--format", "csv").stdout.split() == ["articles", "167"]
    assert ask(file, "--format", "csv", "--publication", "Harbour Courier").stdout.split() == ["articles", "191"]


LATIN_1 = "select count(*) from mart.article\nwhere headline = 'Ärger'".encode("latin-1")
PLACE = "is not UTF-8: found the byte 0xc4 in line 2, byte 19"


@pytest.mark.parametrize("command", [("query",), ("export", "--to", "x.csv")])
def test_sql_in_another_encoding_is_told_with_its_place(
    archive: Newsroom, tmp_path: Path, command: tuple[str, ...]
) -> None:
    (tmp_path / "mine.sql").write_bytes(LATIN_1)
    typed = LATIN_1.decode("utf-8", "surrogateescape")
    options = {"env": environment(archive), "capture_output": True, "input": LATIN_1, "cwd": tmp_path}
    for what, name in (
        (str(tmp_path / "mine.sql"), f"{tmp_path}/mine.sql"),
        ("-", "standard input"),
        (typed, "the query"),
    ):
        done = subprocess.run([BROADSHEET, command[0], what, *command[1:]], **options)
        assert (done.returncode, done.stderr.decode()) == (2, f"broadsheet: {name} {PLACE}\n")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.sql"]


def test_a_value_in_another_encoding_is_told(archive: Newsroom) -> None:
    options = {"env": environment(archive), "capture_output": True}
    for asked in (("query", "authors_of_a_paper"), ("search", "boat")):
        done = subprocess.run([BROADSHEET, *asked, "--publication", b"K\xf6lner Blatt"], **options)
        assert (done.returncode, b"is not UTF-8" in done.stderr, b"Traceback" in done.stderr) == (2, True, False)


def test_a_full_disk_on_standard_output_is_one_line(archive: Newsroom) -> None:
    told = "broadsheet: the output: cannot be written: No space left on device\n"
    for asked in (
        ("query", "mart.article"),
        ("query", "mart.article", "--format", "jsonl"),
        ("query", "select 1 as a"),
    ):
        with Path("/dev/full").open("wb") as full:
            done = subprocess.run(
                [BROADSHEET, *asked], env=environment(archive), stdout=full, stderr=subprocess.PIPE, text=True
            )
        assert (done.returncode, done.stderr) == (1, told), asked


def test_who_reads_no_further_ends_a_query_in_silence(archive: Newsroom) -> None:
    for asked in (("query", "mart.article", "--format", "jsonl"), ("query", "select 1 as a", "--format", "csv")):
        reader, writer = os.pipe()
        os.close(reader)
        done = subprocess.run([BROADSHEET, *asked], env=environment(archive), stdout=writer, stderr=subprocess.PIPE)
        os.close(writer)
        assert (done.returncode, done.stderr) == (1, b""), asked


def test_without_a_question_all_of_them_are_listed(ask: Ask) -> None:
    shown = [" ".join(line.split()) for line in ask().stdout.splitlines()]
    assert "authors_of_a_paper * Who writes for the Harbour Courier, how much, and since when?" in shown
    assert "which_file_is_this Which published file is this, from which load, and how far do its data go?" in shown


def test_a_limit_says_how_many_rows_are_left_and_keeps_the_output_clean(ask: Ask) -> None:
    done = ask("from mart.article", "--format", "jsonl", "--limit", "2")
    assert len(done.stdout.splitlines()) == 2
    assert done.stderr == "2 of 509 rows, 507 left. To see all: --limit 509\n"
    assert ask("from mart.article", "--format", "jsonl", "--limit", "509").stderr == ""


def test_all_rows_are_printed_where_nobody_looks(ask: Ask) -> None:
    shown = ask("select headline from mart.article")
    assert shown.stdout.count("│\n") == 509
    assert shown.stderr == ""


@pytest.mark.parametrize(
    ("sql", "rows"), [("select headline from mart.article", 33), ("from mart.article", 1), ("from range(33)", 33)]
)
def test_a_screen_shows_a_page(ask: Ask, monkeypatch: pytest.MonkeyPatch, sql: str, rows: int) -> None:
    terminal = Screen(force_terminal=True, width=100, height=40, record=True)
    monkeypatch.setattr(screen, "out", terminal)
    monkeypatch.setattr(answers, "out", terminal)
    done = ask(sql)
    total = 33 if "range" in sql else 509
    left = f"{rows} of {total} rows, {total - rows} left. To see all: --limit {total}\n"
    assert done.stderr == ("" if rows == total else left)


def test_truth_and_lists_read_as_people_write_them(ask: Ask) -> None:
    shown = ask("select true as is_true, ['a', 'b'] as list, 1.5 as number, null as nothing").stdout
    assert shown.splitlines()[3].split("│")[1:-1] == [" true    ", " a, b ", "    1.5 ", " -       "]


def test_a_shell_is_offered_questions_tables_and_parameters(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def offered(*typed: str) -> list[str]:
        monkeypatch.setenv("_BROADSHEET_COMPLETE", "complete_bash")
        monkeypatch.setenv("COMP_WORDS", " ".join(("broadsheet", *typed)))
        monkeypatch.setenv("COMP_CWORD", str(len(typed)))
        return CliRunner().invoke(app, [], prog_name="broadsheet").stdout.split()

    assert offered("query", "authors_of_a") == ["authors_of_a_paper"]
    assert offered("query", "mart.daily") == ["mart.daily_count", "mart.daily_volume"]
    assert offered("query", "authors_of_a_paper", "--pub") == ["--publication"]
    assert offered("export", "authors_of_a_paper", "--pub") == ["--publication"]
