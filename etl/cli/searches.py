"""The search commands: search, index."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any

import typer
from rich.text import Text

from etl.cli.answers import Output, print_in, tell_left
from etl.cli.names import tell_unknown
from etl.cli.screen import WRONG_USE, out, print_rows, stop, utf8
from etl.settings import load_settings
from etl.words import one_of

app = typer.Typer()

COLUMNS = ("article_id", "published_date", "publication", "headline", "snippet")


@app.command(context_settings={"ignore_unknown_options": True})
def search(
    question: Annotated[list[str], typer.Argument(help="What to find, as in: trams -strike (headline:mayor OR pier*)")],
    publication: Annotated[str | None, typer.Option(help="Only in this one.")] = None,
    section: Annotated[str | None, typer.Option(help="Only in this one.")] = None,
    language: Annotated[str | None, typer.Option(help="Only in this one, as in de.")] = None,
    topic: Annotated[str | None, typer.Option(help="Only with this one.")] = None,
    story: Annotated[int | None, typer.Option(help="Only in the story with this key.")] = None,
    published_from: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"])] = None,
    published_to: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"])] = None,
    limit: Annotated[int, typer.Option(help="How many to list.", min=1)] = 10,
    format: Annotated[Output, typer.Option(help="table, csv, tsv, json, jsonl or parquet.")] = Output.table,
) -> None:
    """Find articles in the published file, first those with all that is wanted in the headline, then the newest.

    All words must be in headline, deck or body, whatever their case and accents. There are OR, NOT or a minus sign,
    beginnings as in tram*, phrases in quotation marks (which the shell needs quoted: '"on strike"'), headline:word and
    parentheses. What is not understood is an error.
    """
    import duckdb

    from etl.warehouse import published, sandbox, statements
    from etl.warehouse.search import SEARCH, Narrowed, count, find

    settings = load_settings()
    seen = published.seen(settings)
    days = (_day(published_from), _day(published_to))
    narrowed = Narrowed(publication, section, language, topic, story, *days)
    asked = utf8(" ".join(question), "the question")
    for name in (publication, section, language, topic):
        utf8(name or "", "a name")
    if not asked.strip():
        stop("nothing is asked; name words, as in: broadsheet search trams -strike", WRONG_USE)
    if option := next((word for word in question if re.fullmatch("-[a-z]", word)), None):
        stop(f"there is no option {option}; see --help. To leave a word out: NOT {option[1]}", WRONG_USE)
    if published_from and published_to and published_from > published_to:
        stop("--from is after --to", WRONG_USE)
    try:
        with sandbox.sandboxed(seen, settings) as connection:
            if format is not Output.table:
                asked_for = {"question": asked, "top": limit, **narrowed._asdict()}
                best = statements.arrow(connection, SEARCH / "best.sql", **asked_for)
                printed = print_in(format, connection.from_arrow(best))
                if printed == limit:
                    tell_left(printed, count(connection, asked, narrowed)[0])
            else:
                found = find(connection, asked, limit, narrowed)
                _show(asked, found, *count(connection, asked, narrowed))
                if not found:
                    asked_names = {"publication": publication, "section": section}
                    tell_unknown(connection, {kind: name for kind, name in asked_names.items() if name})
    except duckdb.InvalidInputException as error:
        stop(str(error).removeprefix("Invalid Input Error: "), WRONG_USE)
    except duckdb.CatalogException as error:
        stop(f"{error}; if an older Broadsheet made this file, bring it up to date with: broadsheet publish", 1)
    except duckdb.Error as error:
        stop(str(error), 1)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _show(asked: str, found: list[dict[str, Any]], total: int, waiting: int) -> None:
    if found:
        print_rows(COLUMNS, ([_cell(article, column) for column in COLUMNS] for article in found))
        out.print(f"{len(found):,} of {total:,}. In SQL:  from mart.find_articles('...', top := 10)")
    else:
        out.print("No article is found. A word is found as a whole; its beginning with an asterisk, as in tram*.")
    if operators := [word for word in ("or", "and", "not") if f" {word} " in asked]:
        out.print(f"{one_of(operators)} was looked for as a word; operators are written in capitals.")
    if waiting > 0:
        out.print(f"{waiting:,} articles are not indexed yet and were read; faster after: broadsheet index")


def _cell(article: dict[str, Any], column: str) -> Any:
    """What is shown; a headline says if the article is not for publication, or not yet."""
    value = article[column]
    if column == "snippet" and value:
        return marked(value)
    if column == "headline" and (restriction := _restriction(article["status"], article["embargo_until"])):
        return f"{value or '-'} [{restriction}]"
    return value


def _restriction(status: str, embargo_until: datetime | None) -> str | None:
    """Why an article is not for publication, or not yet: a date that is to come holds whatever the status is."""
    if status == "withheld":
        return "withheld"
    if embargo_until and embargo_until > datetime.now(UTC).replace(tzinfo=None):
        return f"embargoed until {embargo_until}"
    if status == "embargoed":
        return f"embargo ended {embargo_until}" if embargo_until else "embargoed until further notice"
    return None


def marked(snippet: str) -> Text:
    """A snippet for the screen: bold instead of asterisks."""
    from etl.reports.printable import block

    text = Text()
    for number, piece in enumerate(re.split(r"\*\*", block(snippet))):
        text.append(piece, "bold" if number % 2 else "")
    return text


@app.command()
def index(
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Empty the index first and make it anew: where it is damaged.")
    ] = False,
) -> None:
    """Add what is new to the search index, and publish the index at once; until then, search reads the texts."""
    from etl.stages.publish import publish_index
    from etl.warehouse import search

    settings = load_settings()
    indexed = publish_index(settings, is_anew=rebuild)["articles_indexed"]
    if not indexed:  # what analysts have is indexed; whether the warehouse has more, and is well, is not known yet
        indexed = search.add_to_index(settings)["articles_indexed"]
    out.print(f"Added {indexed:,} articles to the search index.")
