"""What to ask of the published file: a table, a question of the cookbook, an SQL file, or SQL."""

from __future__ import annotations

import inspect
import os
import re
import sys
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Column, Table
from typer.core import TyperCommand

from etl import words
from etl.cli.screen import WRONG_USE, err, out, stop, utf8
from etl.reports import cookbook
from etl.reports.cookbook import Parameter, Question, WrongValue
from etl.settings import SQL

if TYPE_CHECKING:
    from typer import Context

GIVEN = "etl.cli.cookbook.given"
QUESTION = "etl.cli.cookbook.question"
STANDARD_INPUT = "-"

CREATED = re.compile(r"^create (?:or replace view|table if not exists) (\w+\.\w+)", re.MULTILINE)


class AskingCommand(TyperCommand):
    """A command whose argument may be a question: the parameters of the question asked are options of the command."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        ctx.meta[QUESTION] = next(filter(None, map(_question, args)), None)
        ctx.meta[GIVEN] = {}
        return super().parse_args(ctx, args)

    def get_params(self, ctx: Any) -> list[Any]:
        question = ctx.meta.get(QUESTION)
        return [*super().get_params(ctx), *(_options_of(question) if question else ())]


def _options_of(question: Question) -> list[Any]:
    """The parameters of a question as options, made by Typer from a function that takes them."""

    def remembered(ctx: typer.Context, param: typer.CallbackParam, value: str | None) -> None:
        if value is not None:
            ctx.meta[GIVEN][param.name] = value

    def ask(**values: str | None) -> None: ...

    ask.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter(
                parameter.name,
                inspect.Parameter.KEYWORD_ONLY,
                default=None,
                annotation=Annotated[
                    str | None,
                    typer.Option(
                        parameter.option,
                        help=f"In place of {parameter.example}.",
                        metavar=parameter.kind.upper(),
                        callback=remembered,
                        expose_value=False,
                        rich_help_panel=question.words,
                    ),
                ],
            )
            for parameter in question.parameters
        ]
    )
    app = typer.Typer(add_completion=False)
    app.command()(ask)
    return typer.main.get_command(app).params


def sql_of(what: str, ctx: Context) -> str:
    """The SQL that is asked for, with the values that were given. Says which examples of the cookbook it keeps."""
    question = ctx.meta[QUESTION]
    if question is None:
        return utf8(_sql(what), "the query")
    given: dict[str, str] = ctx.meta[GIVEN]
    try:
        sql = question.asked(given)
    except WrongValue as error:
        stop(str(error), WRONG_USE)
    if kept := [_as_typed(parameter) for parameter in question.parameters if parameter.name not in given]:
        err.print(f"As in the example: {', '.join(kept)}", style="dim", markup=False, highlight=False, soft_wrap=True)
    return utf8(sql, "the query")


def values_of(ctx: Context) -> dict[str, str]:
    """What is asked for by each parameter of the question: the value that was given, else its example."""
    question = ctx.meta[QUESTION]
    examples = {parameter.name: parameter.example for parameter in question.parameters} if question else {}
    return examples | ctx.meta[GIVEN]


def hint_to(error: Exception, ctx: Context) -> str:
    """What to do where a question of the cookbook asks for what the published file does not have; else nothing."""
    import duckdb

    question = ctx.meta[QUESTION]
    if not (question and question.words and isinstance(error, duckdb.CatalogException)):
        return ""
    return "\nAnother version of Broadsheet published this file; the next one that is published has what is missing."


def list_questions() -> None:
    """Print what can be asked by name: every question of the cookbook, and which have options."""
    listed = Table.grid(Column(no_wrap=True), Column(), padding=(0, 2, 0, 0))
    for question in cookbook.all_questions().values():
        listed.add_row(f"{question.name}{' *' if question.parameters else ''}", question.words)
    out.print(listed)
    out.print("\n* with your own names and dates; which: broadsheet query NAME --help", highlight=False)


def names_beginning(incomplete: str) -> Iterator[tuple[str, str]]:
    """What a shell offers for WHAT: the questions, with their words, and the tables."""
    offered = {name: question.words for name, question in cookbook.all_questions().items()}
    offered |= dict.fromkeys(_tables(), "")
    return ((name, help) for name, help in offered.items() if name.startswith(incomplete))


def _question(what: str) -> Question | None:
    """The question that is meant by its name, its words or its file, if any is."""
    path = cookbook.QUERIES / f"{what}.sql" if what.isidentifier() else Path(what)
    if path.suffix == ".sql" and os.path.isfile(path):  # which takes a long text for what it is: not a file
        utf8(path.read_bytes(), str(path))
        return cookbook.question_in(path)
    if not what.endswith("?"):
        return None
    return next((known for known in cookbook.all_questions().values() if known.words == what), None)


def _sql(what: str) -> str:
    """The SQL that is asked for by anything but a question."""
    if what == STANDARD_INPUT:
        return utf8(sys.stdin.buffer.read(), "standard input") or stop(
            "standard input is empty; expected one SQL query there", WRONG_USE
        )
    if what.endswith(".sql"):
        stop(f"{what}: no such file", WRONG_USE)
    if what.endswith("?"):
        known = {question.words: question.name for question in cookbook.all_questions().values()}
        (near,) = get_close_matches(what, known, n=1, cutoff=0)
        stop(f"that is not a question of the cookbook; the nearest is {known[near]}: {near}", WRONG_USE)
    if what.isidentifier():
        stop(f"{what} is neither a table nor a question of the cookbook; {_nearest(what)}", WRONG_USE)
    is_name = all(part.isidentifier() for part in what.split("."))
    return f"from {what}" if is_name else what


def _nearest(name: str) -> str:
    known = {table.partition(".")[2]: table for table in _tables()} | {name: name for name in cookbook.all_questions()}
    near = [known[match] for match in get_close_matches(name, known)]
    return f"did you mean {words.one_of(near)}?" if near else "for a list of the questions: broadsheet query"


def _tables() -> list[str]:
    """The tables and views of the schema, the marts first."""
    files = [path for folder in ("mart", "fact", "dim", "ops") for path in sorted((SQL / folder).glob("*.sql"))]
    return [name for path in files for name in CREATED.findall(path.read_text("utf-8"))]


def _as_typed(parameter: Parameter) -> str:
    return f"{parameter.option} {parameter.example!r}"
