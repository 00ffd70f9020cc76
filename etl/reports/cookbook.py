"""The questions of the cookbook: a file of sql/queries each, and what may be asked for in place of its example.

The first line of a file is the question, in words; the rest is one query, which runs as it stands. A comment with a
name before a literal makes it a parameter, as in two-way SQL: `publication = /* publication */ 'Harbour Courier'`.
"""

from __future__ import annotations

import csv
import re
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from etl import words
from etl.settings import PROJECT, SQL

QUERIES = SQL / "queries"
ANSWERS = PROJECT / "docs" / "cookbook"
"""<question>.csv for each query: its answer on the invented archive of tests/sample_archive.py. The tests check it."""

SHOWN_ROWS = 8
LONGEST_CELL = 120

_PARAMETER = re.compile(r"/\* (?P<name>\w+) \*/ (?P<type>date |timestamp )?(?P<value>'(?:[^']|'')*'|\d+)")


class WrongValue(ValueError):
    """A value does not suit its parameter. The message says what is expected."""


@dataclass(frozen=True)
class Parameter:
    """What may vary in a question, and the example that stands in its SQL."""

    name: str
    kind: str
    """date, timestamp, number or text"""
    example: str

    @property
    def option(self) -> str:
        """The name as the command line has it: `--from-date`."""
        return f"--{self.name.replace('_', '-')}"

    def literal(self, value: str) -> str:
        """The value as an SQL literal. Raises WrongValue where it is not of this kind."""
        try:
            match self.kind:
                case "date":
                    return f"date '{date.fromisoformat(value)}'"
                case "timestamp":
                    return f"timestamp '{_in_utc(datetime.fromisoformat(value))}'"
                case "number":
                    return str(int(value))
        except ValueError:
            expected = {"date": "a day such as", "timestamp": "a time, UTC, such as", "number": "a number such as"}
            raise WrongValue(f"{value!r} is not {expected[self.kind]} {self.example}") from None
        return "'" + value.replace("'", "''") + "'"


@dataclass(frozen=True)
class Question:
    """A question in words, and the SQL that answers it."""

    name: str
    words: str
    sql: str

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """What may vary in it, in the order in which it is named first."""
        found = (_parameter(match) for match in _PARAMETER.finditer(self.sql))
        return tuple({parameter.name: parameter for parameter in found}.values())

    def asked(self, values: Mapping[str, str]) -> str:
        """The SQL with values in place of the examples. Raises WrongValue."""
        return _PARAMETER.sub(lambda match: self._value(match, values), self.sql)

    def _value(self, match: re.Match[str], values: Mapping[str, str]) -> str:
        parameter = _parameter(match)
        return parameter.literal(values[parameter.name]) if parameter.name in values else match[0]


def _in_utc(instant: datetime) -> datetime:
    """An instant without its offset, which an SQL timestamp would ignore."""
    return instant.astimezone(UTC).replace(tzinfo=None) if instant.tzinfo else instant


def _parameter(match: re.Match[str]) -> Parameter:
    name, type, value = match.group("name", "type", "value")
    if not value.startswith("'"):
        return Parameter(name, "number", value)
    return Parameter(name, (type or "text").strip(), value[1:-1].replace("''", "'"))


def question_in(path: Path) -> Question:
    """The question of a file; one that does not begin with a question is its SQL alone."""
    text = path.read_text("utf-8")
    first, _, rest = text.partition("\n")
    is_question = first.startswith("-- ") and first.endswith("?")
    return (
        Question(path.stem, first.removeprefix("-- "), rest.strip()) if is_question else Question(path.stem, "", text)
    )


def all_questions() -> dict[str, Question]:
    """Every question of the cookbook by its name."""
    return {path.stem: question_in(path) for path in sorted(QUERIES.glob("*.sql"))}


def page(questions: Iterable[Question]) -> str:
    """The analysts' cookbook in Markdown: every question, its SQL and its answer on the sample archive."""
    questions = list(questions)
    parts = [
        "# Cookbook",
        "Written by `make docs` from the files in `sql/queries/`; do not edit. Every query runs in the tests; the "
        "answers come from an invented archive of two months (`tests/sample_archive.py`). Run one by its name, with "
        "your own names and dates in place of the examples: the command is above each. Or copy the SQL, in which a "
        "comment such as `/* publication */` is before each of them. `broadsheet query` alone lists the questions.",
        "\n".join(f"- [{question.words}](#{question.name})" for question in questions),
        *map(_recipe, questions),
    ]
    return "\n\n".join(parts) + "\n"


def _recipe(question: Question) -> str:
    options = (f"{parameter.option} {shlex.quote(parameter.example)}" for parameter in question.parameters)
    command = " ".join(["broadsheet query", question.name, *options])
    heading = f'<a id="{question.name}"></a>\n\n## {question.words}'
    return f"{heading}\n\n```sh\n{command}\n```\n\n```sql\n{question.sql}\n```\n\n{_answer(question)}"


def _answer(question: Question) -> str:
    with (ANSWERS / f"{question.name}.csv").open(encoding="utf-8", newline="") as file:
        names, *rows = csv.reader(file)
    lines = [names, ["---"] * len(names), *rows[:SHOWN_ROWS]]
    table = "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)
    left = len(rows) - SHOWN_ROWS
    return f"{table}\n\n{words.and_more(left)}" if left > 0 else table


def _cell(value: str) -> str:
    """A value on one line of a table; of a long one the beginning."""
    text = " ".join(value.split())
    text = text if len(text) <= LONGEST_CELL else f"{text[:LONGEST_CELL]} ..."
    return text.replace("|", "\\|")
