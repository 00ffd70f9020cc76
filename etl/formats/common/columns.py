"""From a dump's columns to the fields of a raw record. Shared by the tabular formats.

The default mapping takes the names that public news data sets use (CC-News, news-please, NewsAPI,
AG News, Kaggle collections), and their German, French, Dutch, Italian, Spanish and Portuguese
equivalents; a feed's `columns` and `id_column` take precedence. Columns that are not mapped go into `extra`.
"""

from __future__ import annotations

import difflib
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from etl.formats.common.pieces import Unreadable
from etl.model import DumpError, Feed, RawRecord
from etl.sources import COLUMN_FIELDS

_USUAL = {
    "native_id": "id guid uuid article_id news_id",
    "native_version": "version revision",
    "url": "url link canonical_url article_url",
    "publication": "publication source publisher outlet newspaper source_name publication_name source_domain",
    "country": "country country_code source_country",
    "headline": "title headline titel titre titolo título titulo",
    "deck": "deck subtitle description summary standfirst vorspann chapeau untertitel",
    "byline": "author authors byline creator autor autoren auteur autore auteurs autores",
    "dateline": "dateline",
    "body": "text body content maintext article full_text article_text article_body volltext texte testo texto tekst",
    "published": "date published published_at date_published date_publish pubdate publish_date "
    "published_date publication_date datum fecha date_publication data_pubblicazione fecha_publicacion data_publicacao",
    "modified": "modified updated date_modify date_modified modified_at updated_at last_modified",
    "section": "section category ressort rubrik rubrique rubriek sezione sección seccion seção secao",
    "page": "page page_number",
    "edition": "edition",
    "language": "language lang sprache langue lingua idioma taal",
    "labels": "tags keywords topics",
    "agency": "agency news_agency",
    "status": "status pubstatus",
    "embargo_until": "embargo_until embargo embargoed embargoed_until",
    "is_partial": "is_partial",
}
_LONGEST_FOUND = 300
_LONGEST_NAME = 200
"""Characters of a name that is remembered: dumps of one feed have the same ones."""
_INTEGERS_TO = 2**63
"""JSON is read by programs that know no larger numbers."""
_YES, _NO = ("true", "1", "yes"), ("false", "0", "no")

Key = str | int
Convert = Callable[[Any], Any]


def fold(name: str) -> str:
    """A column's name without case, spaces and punctuation: `Published At` is `published_at`."""
    return _folded(name) if len(name) <= _LONGEST_NAME else _folded.__wrapped__(name)


@lru_cache(maxsize=10_000)
def _folded(name: str) -> str:
    return re.sub(r"[\s_\-.]", "", name.casefold())


_CANDIDATES = {field: tuple(fold(name) for name in names.split()) for field, names in _USUAL.items()}
_KNOWN = frozenset(name for names in _CANDIDATES.values() for name in names)
_ARTICLE = frozenset(_CANDIDATES["body"] + _CANDIDATES["headline"])


@dataclass(frozen=True)
class Plan:
    """Which column fills which field. A key indexes a row: a name or a number."""

    texts: tuple[tuple[str, Key, str], ...]
    """(field, key, column) of the fields that are plain text."""
    others: tuple[tuple[str, Key, str, Convert], ...]
    """(field, key, column, convert) of the fields that are not."""
    rest: tuple[tuple[str, Key], ...]
    """(column, key) of what goes into `extra`."""

    @property
    def columns(self) -> dict[str, str]:
        """Field -> column."""
        return {field: column for field, _, column in self.texts} | {
            field: column for field, _, column, _ in self.others
        }


def known(names: Iterable[str]) -> tuple[int, bool]:
    """How many of `names` are usual names of columns, and whether a body or headline is among them."""
    folded = {fold(name) for name in names}
    return len(folded & _KNOWN), bool(folded & _ARTICLE)


def make_plan(
    names: Sequence[str], feed: Feed, *, by_number: bool = False, description_may_be_body: bool = True
) -> Plan:
    """The plan for rows with these columns: dicts by name, or sequences where `by_number`.

    Where no column is a body's, a description is taken for it, unless other rows show that it is not one.

    Raises DumpError when the feed maps a field that raw records do not have.
    """
    chosen = _chosen(names, feed, description_may_be_body)
    keys: Sequence[Key] = range(len(names)) if by_number else names
    texts = tuple((f, keys[i], names[i]) for f, i in chosen.items() if f not in _CONVERTS)
    others = tuple((f, keys[i], names[i], _CONVERTS[f]) for f, i in chosen.items() if f in _CONVERTS)
    used = set(chosen.values())
    rest = tuple((name, keys[i]) for i, name in enumerate(names) if i not in used)
    return Plan(texts, others, rest)


def refuse_unmapped(plan: Plan, names: Sequence[str], more_advice: str = "") -> None:
    """Raise DumpError where no column fills a headline or a body."""
    if not {"body", "headline"} & set(plan.columns):
        raise DumpError(
            f"no column is known as a headline or body; found {', '.join(names)[:_LONGEST_FOUND]}; "
            f"name them in the stanza: columns = {{ headline = ..., body = ... }}{more_advice}"
        )


def required_columns(feed: Feed) -> tuple[str, ...]:
    """The columns that the stanza names and that no dump may lack."""
    named = [*feed.columns.values(), *([feed.id_column] if feed.id_column else [])]
    return tuple(column for column in dict.fromkeys(named) if column not in feed.optional)


def refuse_missing(names: Sequence[str], feed: Feed) -> None:
    """Raise DumpError where a column that the stanza names is not among the dump's."""
    missing = [column for column in required_columns(feed) if column not in names]
    if missing:
        raise DumpError(says_missing(missing, names))


def says_missing(missing: Iterable[str], names: Sequence[str]) -> str:
    """What a person reads of columns that a dump lacks: their names, names like them, and all that were found."""
    near = {_bare(name): name for name in reversed(names)}
    asked = []
    for column in missing:
        alike = difflib.get_close_matches(_bare(column), near, n=1)
        asked.append(f'"{column}"' + (f' (perhaps "{near[alike[0]]}")' if alike else ""))
    return (
        f"the stanza names {'the column' if len(asked) == 1 else 'the columns'} {' and '.join(asked)}, which it lacks; "
        f"found {', '.join(names)[:_LONGEST_FOUND] or 'none'}; correct `columns` or `id_column`, or list under "
        "`optional` what a dump may lack"
    )


def _bare(name: str) -> str:
    """A name without case, accents and punctuation."""
    letters = unicodedata.normalize("NFKD", fold(name))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def record(plan: Plan, row: Any, position: str) -> RawRecord:
    """The raw record of one row. Raises Unreadable when a value does not fit its field."""
    found: RawRecord = {"position": position}
    extra: dict[str, Any] = {}
    for field, key, column in plan.texts:
        value = row[key]
        if value.__class__ is str:
            if value:
                found[field] = value
        elif value is not None:
            _put(found, extra, field, column, value, text)
    for field, key, column, convert in plan.others:
        value = row[key]
        if value is not None and value != "":
            _put(found, extra, field, column, value, convert)
    for column, key in plan.rest:
        value = row[key]
        if value is not None and value != "":
            extra[column] = value if value.__class__ is str else storable(value)
    if extra:
        found["extra"] = extra
    return found


def text(value: Any) -> str | None:
    """A scalar as text, a list of them joined by "; ", the name of an object; None for anything else."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return text(value.get("name"))
    if isinstance(value, list | tuple):
        return "; ".join(part for item in value if (part := text(item))) or None
    plain = storable(value)
    return None if plain is None else str(plain)


def storable(value: Any) -> Any:
    """`value` as JSON can hold it: times in ISO form, bytes, decimals, numbers beyond 64 bits and the like as text."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int):
        return value if -_INTEGERS_TO <= value < _INTEGERS_TO else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): storable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [storable(item) for item in value]
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _chosen(names: Sequence[str], feed: Feed, description_may_be_body: bool) -> dict[str, int]:
    """Field -> index of its column: what the feed says, else the first usual name among the columns."""
    asked = feed.columns | ({"native_id": feed.id_column} if feed.id_column else {})
    if wrong := sorted(set(asked) - set(COLUMN_FIELDS)):
        raise DumpError(f"`columns` of the feed maps {', '.join(wrong)}; known fields are {', '.join(COLUMN_FIELDS)}")
    where = {name: i for i, name in reversed(list(enumerate(names)))}
    chosen = {field: where[column] for field, column in asked.items() if column in where}
    taken = set(chosen.values())
    folded = {fold(name): i for name, i in where.items() if i not in taken}
    usual = {
        field: next((folded[name] for name in candidates if name in folded), None)
        for field, candidates in _CANDIDATES.items()
        if field not in asked
    }
    if description_may_be_body and "body" not in asked and usual["body"] is None and "description" in folded:
        usual["body"] = folded["description"]
        if usual.get("deck") == usual["body"]:
            usual["deck"] = folded.get("summary")
    return chosen | {field: i for field, i in usual.items() if i is not None}


def _put(found: RawRecord, extra: dict[str, Any], field: str, column: str, value: Any, convert: Convert) -> None:
    """Set `field`, and keep the whole value in `extra` where the field cannot hold all of it."""
    result = convert(value)
    if result is not None:
        found[field] = result
    nested = isinstance(value, dict) or (
        isinstance(value, list | tuple) and any(isinstance(item, dict | list | tuple) for item in value)
    )
    if nested or (result is None and value not in ([], ())):
        kept = storable(value)
        if kept is not None and kept != {}:
            extra[column] = kept


_KINDS = {bool: "true or false", int: "a number", float: "a number", dict: "an object", list: "a list of other things"}
"""What a person calls the types of JSON."""


def _body(value: Any) -> str | None:
    if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
        return "\n\n".join(item for item in value if item) or None
    if not isinstance(value, str):
        found = _KINDS.get(type(value), type(value).__name__)
        raise Unreadable(f"the body is {found}; expected text or a list of paragraphs")
    return value


def _labels(value: Any) -> list[list[str]] | None:
    names = re.split("[;,]", value) if isinstance(value, str) else value
    if not isinstance(names, list | tuple):
        names = [names]
    tags = [["tag", "", name.strip()] for item in names if (name := text(item)) and name.strip()]
    return tags or None


def _flag(value: Any) -> bool | None:
    word = str(value).strip().casefold()
    return True if word in _YES else False if word in _NO else None


_CONVERTS: dict[str, Convert] = {"body": _body, "labels": _labels, "is_partial": _flag}
