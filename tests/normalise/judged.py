"""Dates and languages held against what was written down before their code: the share that is read rightly.

Run as a program, it prints the shares and what is wrong; the real dumps count where they are at hand.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from etl import formats
from etl.model import Feed
from etl.normalise import STRING
from etl.normalise.dates import parse_dates
from etl.normalise.languages import detect_languages

TRUTH = Path(__file__).parent / "truth"
CORPORA = Path(__file__).parents[3] / "shared" / "corpora"
SETTINGS = {
    "csv/10kgnad_test.csv": {
        "columns": {"section": "1", "body": "2"},
        "has_header": False,
        "delimiter": ";",
        "quote": "'",
    }
}
HEADING = re.compile(r'<span class="font002">(.*?)</span>\s*<br>', re.DOTALL)


class PrintedDate(NamedTuple):
    """A date as a dump prints it, and what it means; `on` is ? where that is unknown."""

    text: str
    on: str
    at: str = ""
    language: str = ""
    timezone: str = ""
    date_order: str = ""


class Text(NamedTuple):
    """A text, and the languages that may be said of it; none where only unknown is right."""

    languages: tuple[str, ...]
    text: str


def lines(name: str) -> Iterator[list[str]]:
    """The fields of each line of a file of the truth."""
    for line in (TRUTH / name).read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            yield line.split("|")


def printed_dates() -> list[PrintedDate]:
    """All dates of the truth. A bar within a text stands between blanks."""
    whole = (line.replace(" | ", "\0") for line in (TRUTH / "dates.tsv").read_text(encoding="utf-8").splitlines())
    return [
        PrintedDate(*(field.replace("\0", " | ") for field in line.split("|")))
        for line in whole
        if not line.startswith("#")
    ]


def misread_dates() -> list[tuple[PrintedDate, str]]:
    """The dates that are not read as they should be, and how they are."""
    dates = printed_dates()
    columns = {
        name: pd.Series([getattr(date, name) or None for date in dates], dtype=STRING)
        for name in ("text", "timezone", "date_order", "language")
    }
    read = parse_dates(columns["text"], columns["timezone"], columns["date_order"], columns["language"])
    found = [_in_words(*row) for row in zip(read["on"], read["at"], read["precision"], strict=True)]
    return [(date, " ".join(was)) for date, was in zip(dates, found, strict=True) if was != _meant(date)]


def _meant(date: PrintedDate) -> tuple[str, str]:
    """Day and instant, to the second; a ~ in the truth only stresses that there is none."""
    instant = date.at.strip("~")
    return date.on, instant.replace("Z", ":00Z") if len(instant) == len("2018-01-05T10:30Z") else instant


def _in_words(on: object, at: object, precision: object) -> tuple[str, str]:
    if pd.isna(on):
        return "?", ""
    length = {"year": 4, "month": 7}.get(str(precision), 10)
    instant = "" if pd.isna(at) else f"{at:%Y-%m-%dT%H:%M:%S}Z"
    return str(on)[:length], instant


def titles() -> list[Text]:
    """The invented headlines."""
    found = []
    for line in (TRUTH / "titles.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            languages, _, text = line.partition("|")
            found.append(Text(tuple(languages.split(",")), text))
    return found


def texts_of_dumps(field: str) -> list[Text]:
    """The headlines or bodies of the real dumps; none where they are absent."""
    if not CORPORA.is_dir():
        return []
    return [
        Text((language,), text)
        for format_name, file, language in lines("corpora.tsv")
        for text in _texts(format_name, file, field)
        if text
    ]


def _texts(format_name: str, file: str, field: str) -> Iterator[str]:
    path = CORPORA / file
    if format_name == "headings":
        found = HEADING.findall(path.read_text(encoding="utf-8")) if field == "headline" else ()
        yield from (re.sub(r"<[^>]*>|\s+", " ", text).strip() for text in found)
        return
    for dump in sorted(path.rglob("*.txt")) if path.is_dir() else [path]:
        with dump.open("rb") as stream:
            feed = Feed("judged", **SETTINGS.get(file, {}))
            for piece in formats.named(format_name).read(stream, feed):
                if isinstance(piece, dict):
                    yield str(piece.get(field) or "")


class Score(NamedTuple):
    """How many texts there are, for how many a language was said, and the wrong ones with what was said."""

    texts: int
    answered: int
    wrong: list[tuple[Text, str]]

    def __str__(self) -> str:
        right = (self.answered - len(self.wrong)) / max(self.answered, 1)
        return f"{self.texts:,} texts, {self.answered / max(self.texts, 1):.1%} answered, {right:.2%} of these right"


def score(texts: list[Text]) -> Score:
    """Detect the languages of texts of which nothing is declared."""
    column = pd.Series([text.text for text in texts], dtype=STRING)
    codes = detect_languages(column, pd.Series([None] * len(texts), dtype=STRING))["language_code"].tolist()
    said = [(text, code) for text, code in zip(texts, codes, strict=True) if code != "und"]
    return Score(len(texts), len(said), [(text, code) for text, code in said if code not in text.languages])


def main() -> None:
    """Print the shares; with --wrong, what is wrong too."""
    misread = misread_dates()
    total = len(printed_dates())
    print(f"dates: {total - len(misread)} of {total} right ({1 - len(misread) / total:.1%})")
    scores = {
        "invented titles": score(titles()),
        "titles of the real dumps": score(texts_of_dumps("headline")),
        "bodies of the real dumps": score(texts_of_dumps("body")),
    }
    for name, found in scores.items():
        print(f"{name}: {found}")
    if "--wrong" in sys.argv:
        writer = csv.writer(sys.stdout, delimiter="\t")
        writer.writerows((*date, "read as", was) for date, was in misread)
        writer.writerows(
            (",".join(text.languages), code, text.text[:80]) for s in scores.values() for text, code in s.wrong
        )


if __name__ == "__main__":
    main()
