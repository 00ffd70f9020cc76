"""Compare what was loaded with what a person found in the same dumps; see tests/truth/README.md."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from etl.normalise._byline_words import AGENCIES

TRUTH = Path(__file__).resolve().parents[1] / "tests" / "truth"
FIELDS = (
    "headline",
    "body",
    "people",
    "agency",
    "publication",
    "date",
    "section",
    "language",
    "native_id",
    "labels",
    "status",
)
"""The fields that are judged, in the order of the scoreboard."""


def truths() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every article of the truth, with its format."""
    for path in sorted(TRUTH.glob("*.json")):
        if not path.stem.endswith("_files") and path.stem != "counts" and not path.stem.startswith("bylines"):
            for truth in json.loads(path.read_text()):
                yield path.stem, truth


def counts() -> dict[str, int]:
    """The number of articles that a correct reader finds, by the path of a file or folder below the corpora."""
    rows = json.loads((TRUTH / "counts.json").read_text())
    agency = TRUTH / "agency_files.json"
    files = json.loads(agency.read_text()) if agency.exists() else []
    return {row["path"]: row["articles"] for row in rows} | {
        row["file"]: row["articles"] for row in files if row["format"]
    }


def judge(truth: dict[str, Any], article: pd.Series | None) -> dict[str, tuple[bool, Any, Any]]:
    """For each judged field: whether it is right, what was expected, what was found.

    `article` is a row of articles-*.parquet (etl.schemas.ARTICLE), or None if there is none at this position.
    """
    found = facts(article) if article is not None else {}
    judged = {}
    for name, right in RULES.items():
        if name in truth:
            judged[name] = (bool(found) and right(truth[name], found[name]), truth[name], found.get(name))
    ends = [name for name in ("first_words", "last_words") if truth.get(name)]
    if ends:
        body = found.get("body") or ""
        right_ends = [
            body.startswith(_folded(truth[name])) if name == "first_words" else body.endswith(_folded(truth[name]))
            for name in ends
        ]
        expected = " ... ".join(truth[name] for name in ends)
        judged["body"] = (all(right_ends), expected, f"{body[:60]} ... {body[-60:]}")
    return judged


def facts(article: pd.Series) -> dict[str, Any]:
    """The fields of an article as the truth spells them; None or an empty list where a field is empty."""
    topics = article["topics"] if article["topics"] is not None else []
    authors = article["authors"] if article["authors"] is not None else []
    plain = {
        name: (None if pd.isna(article[column]) else article[column])
        for name, column in {
            "headline": "headline",
            "agency": "agency",
            "publication": "publication_name",
            "section": "section_name",
            "language": "language_code",
            "native_id": "native_id",
            "status": "status",
            "date": "published_date",
        }.items()
    }
    return plain | {
        "headline": _folded(plain["headline"] or "") or None,
        "date": plain["date"].isoformat() if plain["date"] is not None else None,
        "language": None if plain["language"] == "und" else plain["language"],
        "people": [author["name"] for author in authors],
        "labels": [word for topic in topics for word in (topic["name"], topic["code"]) if word],
        "body": _folded(article["body"]) if isinstance(article["body"], str) else None,
    }


def _same(expected: str | None, found: str | None) -> bool:
    return _key(expected) == _key(found)


def _starts(expected: str | None, found: str | None) -> bool:
    return (found or "").casefold().startswith(_key(expected)) if expected else not found


def same_agencies(expected: str | None, found: str | None) -> bool:
    """Whether the same agencies are named, whatever the spelling: the warehouse has one name for each."""
    return _agencies(expected) == _agencies(found)


def _agencies(names: str | None) -> set[str]:
    keys = [_key(name) for name in re.split(r"[,/]", names or "") if name.strip()]
    return {_key(AGENCIES.get(key, key)) for key in keys}


def same_names(expected: list[str], found: list[str]) -> bool:
    return sorted(map(_key, expected)) == sorted(map(_key, found))


def _among(expected: list[str] | None, found: list[str]) -> bool:
    return {_key(word) for word in expected} <= {_key(word) for word in found} if expected else not found


RULES = {
    "headline": _starts,
    "people": same_names,
    "agency": same_agencies,
    "publication": _same,
    "date": _same,
    "section": _same,
    "language": _same,
    "native_id": _same,
    "labels": _among,
    "status": _same,
}


def _folded(text: str) -> str:
    return " ".join(text.split())


def _key(text: str | None) -> str:
    return _folded(text or "").casefold()
