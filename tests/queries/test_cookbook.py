"""Every question of the cookbook is answered as docs/cookbook/ says, and every query reads like the others."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import duckdb
import pytest
from newsroom import Newsroom, article, make_newsroom
from sample_archive import ANSWERS, QUESTIONS, answer

from etl.reports import cookbook
from etl.reports.cookbook import Parameter, Question, WrongValue
from etl.warehouse import reading
from etl.warehouse.published import LINK


def test_there_are_enough_questions_and_no_answer_without_one() -> None:
    assert len(QUESTIONS) >= 20
    assert sorted(path.stem for path in ANSWERS.glob("*.csv")) == [query.stem for query in QUESTIONS]


@pytest.mark.parametrize("query", QUESTIONS, ids=lambda query: query.stem)
def test_the_answer_is_the_one_that_is_written_down(archive: Newsroom, query: Path) -> None:
    with (ANSWERS / f"{query.stem}.csv").open(encoding="utf-8", newline="") as file:
        expected = list(csv.reader(file))
    assert len(expected) > 1, "an answer without a row shows nothing"
    assert answer(archive, query) == expected


@pytest.mark.parametrize("query", QUESTIONS, ids=lambda query: query.stem)
def test_a_query_is_one_question_and_one_statement_in_the_style_of_the_house(query: Path) -> None:
    question, sql = query.read_text("utf-8").split("\n", 1)
    assert re.fullmatch(r"-- [A-Z].{20,88}\?", question), "a line of the list of questions"
    assert len(duckdb.extract_statements(sql)) == 1
    code = re.sub(r"--.*|'[^']*'", "''", sql)
    assert not re.search(r"[A-Z]", code), "keywords and names are in lower case"
    assert not re.search(r"select\s+\*|(?<!as )\(\s*select\b", code), "columns and steps are named"
    assert "order by" in code or "mart.watermark" in code, "the same answer every time"
    for limit in re.findall(r"limit (\d+)", code):
        assert {"10": "ten", "100": "hundred"}[limit] in question, "an answer that is cut short is not the answer"


@pytest.mark.parametrize("query", QUESTIONS, ids=lambda query: query.stem)
def test_a_parameter_has_one_example_wherever_it_stands(query: Path) -> None:
    question = cookbook.question_in(query)
    for parameter in question.parameters:
        asked = question.asked({parameter.name: parameter.example})
        assert asked.count(parameter.literal(parameter.example)) == question.sql.count(f"/* {parameter.name} */")
    assert len(re.findall(r"/\*", question.sql)) == len(
        re.findall(r"/\* \w+ \*/ (?:date |timestamp )?['\d]", question.sql)
    )


PARAMETERS = Question(
    "days",
    "Which?",
    "select /* paper */ 'O''Hara', /* day */ date '2026-03-01', /* at */ timestamp '2026-03-01 12:00:00', /* most */ 5",
)


def test_the_parameters_of_a_question_stand_in_its_sql() -> None:
    assert PARAMETERS.parameters == (
        Parameter("paper", "text", "O'Hara"),
        Parameter("day", "date", "2026-03-01"),
        Parameter("at", "timestamp", "2026-03-01 12:00:00"),
        Parameter("most", "number", "5"),
    )


def test_values_take_the_place_of_the_examples_and_cannot_be_more_than_values() -> None:
    given = {"paper": "'; drop table news.fact_article; --", "day": "2026-04-02", "at": "2026-04-02T13:05", "most": "7"}
    sql = PARAMETERS.asked(given)
    row = duckdb.sql(sql).fetchall()[0]
    assert [str(value) for value in row] == [given["paper"], "2026-04-02", "2026-04-02 13:05:00", "7"]
    assert PARAMETERS.asked({}) == PARAMETERS.sql
    assert "timestamp '2026-04-02 11:05:00'" in PARAMETERS.asked({"at": "2026-04-02T13:05+02:00"})


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("day", "2026-02-30", "'2026-02-30' is not a day such as 2026-03-01"),
        ("at", "noon", "'noon' is not a time, UTC, such as 2026-03-01 12:00:00"),
        ("most", "5 or 1=1", "'5 or 1=1' is not a number such as 5"),
    ],
)
def test_a_value_of_another_kind_is_refused(name: str, value: str, message: str) -> None:
    with pytest.raises(WrongValue, match=re.escape(message)):
        PARAMETERS.asked({name: value})


TEXTS = {
    "en": "The ferry-boat left. Don’t wait: no Ferry today.",
    "zh": "新的渡轮在HK$300的港口。渡轮停了。",
    "fa": "من می\u200cخواهم بروم.",
}


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """A newsroom with what the invented archive lacks."""
    newsroom = make_newsroom(tmp_path_factory.mktemp("odd"))
    late = {"published": "2025-12-01", "headline": "Found late, then corrected"}
    records = [
        article(1, **late),
        article(1, **late, version=2, status="corrected", body="It was found in March, and read again."),
        article(2, published="2025-11-03", tags=["old"], headline="Once a subject"),
        article(3, published="2026-03-02", tags=["old"], headline="A subject again"),
        article(4, published="2026-03-03", status="withheld", headline="Nobody may print this"),
        article(5, published="2026-03-04", embargo_until="2026-03-05T06:00:00Z", headline="Free since then"),
    ]
    for number, (language, text) in enumerate(TEXTS.items(), 6):
        records.append(article(number, published="2026-03-17", headline="x", body=text, language=language))
    newsroom.load(newsroom.drop("a.jsonl", records))
    return newsroom


def test_an_answer_leaves_out_nothing_that_was_asked_for(odd: Newsroom) -> None:
    def answer(name: str, column: str) -> list[object]:
        sql = cookbook.all_questions()[name].sql.rstrip(";")
        return [row[0] for row in odd.query(f"select {column} from ({sql})")]

    assert "Found late, then corrected" in answer("late_arrivals", "headline")
    assert answer("topics_on_the_rise", "topic") == ["old"]
    assert answer("not_for_publication_yet", "headline") == ["Nobody may print this"]
    assert answer("articles_per_week", "articles") == [0, 0, 0, 3, 0, 3]


def test_a_morning_sees_what_is_missing_first_and_no_paper_of_which_nothing_is_expected(archive: Newsroom) -> None:
    def answer(name: str, **values: str) -> list[tuple[object, ...]]:
        sql = cookbook.all_questions()[name].asked(values)
        with reading.attached(archive.settings.published_folder / LINK) as connection:
            return connection.sql(sql).fetchall()

    usual = answer("day_against_usual", day="2026-03-18")
    shortfalls = [row[2] - row[1] for row in usual]
    assert usual[0][0] == "The Evening Lamp", "which is short of more than the papers before it by name"
    assert shortfalls == sorted(shortfalls, reverse=True)
    assert answer("day_against_usual", day="2030-03-18") == []
    assert {row[1] for row in answer("articles_per_week", publication="Valley%")} == {"Valley Wire"}
    between = answer("top_stories_between_days", from_date="2026-03-05", to_date="2026-03-05")
    assert {str(row[3]) for row in between} == {"2026-03-04", "2026-03-05"}, (
        "begun on that day, or carried on from before"
    )


def test_words_are_found_in_any_script(odd: Newsroom) -> None:
    context = cookbook.all_questions()["word_in_context"]

    def mentions(words: str) -> list[str]:
        return [" ".join(row[2:5]).strip() for row in odd.query(context.asked({"words": words}))]

    assert mentions("FERRY") == ["x | The ferry-boat left. Don’t wait: no Ferry today."] * 2
    assert mentions("don't") == mentions("ferry")[:1]
    assert mentions("Ferry today") == mentions("ferry")[:1]
    second = "渡 轮 在 HK$300 的 港 口 。 渡 轮 停 了 。"
    assert mentions("渡轮") == ["x | 新 的 渡 轮 在 HK$300 的 港 口 。 渡 轮", second]
    assert mentions("می\u200cخواهم") == ["x | من می\u200cخواهم بروم."]
    assert mentions("fer") == []
