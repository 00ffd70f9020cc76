"""Columns that are one field together: a text in two columns, a date in three, the names of several authors.

The stanza joins them as `body = "introtext + fulltext"`. Without it those are joined whose names say that one goes on
where the other ends (Joomla's `introtext` and `fulltext`, `body` and `body2`, `text` and `text_continued`), the year,
month and day of a date, and the names of authors. Of a text that is in the other one, only the longer is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from etl.formats.common.converts import CONVERTS_OF_COLUMNS
from etl.formats.common.field_values import body, text
from etl.formats.common.people import byline
from etl.formats.common.stanza_columns import PLUS, asked_columns, pieces_of, usual_ones_serve
from etl.formats.common.usual_names import CANDIDATES, LONGEST_USUAL_NAME, fold, usual_name
from etl.formats.common.values import is_nothing
from etl.model import Feed

Key = str | int

_BEFORE = ("introtext", "firstparagraph", "openingparagraph")
"""What a text begins with where it has another column for the rest."""
_BASES = {
    "body": CANDIDATES["body"],
    "byline": tuple(name for name in CANDIDATES["byline"] if not name.endswith("s")),
}
_PARAGRAPHS = ("paragraph", "para", "absatz", "alinea", "paragrafo", "párrafo", "parrafo", "textblock", "bodypart")
_NUMBER = re.compile(r"(.+?)(?:part|pt|teil|partie|parte|deel|name)?0?([1-9]\d?)(?:name)?")
_REST = re.compile(
    r"(.+?)(?:cont|contd|continued|continuation|continues|rest|remainder|ctd|fortsetzung|forts|suite|seguito"
    r"|continuacion|continuación|continuacao|continuação|vervolg|part(?:two|ii))"
    r"|(?:continued|restof|remaining|remainder(?:of)?|second)(.+)"
)
_DATE = (
    *(("year", "month", "day"), ("jahr", "monat", "tag"), ("année", "mois", "jour"), ("annee", "mois", "jour")),
    *(("año", "mes", "día"), ("año", "mes", "dia"), ("ano", "mês", "dia"), ("ano", "mes", "dia")),
    *(("anno", "mese", "giorno"), ("jaar", "maand", "dag"), ("år", "månad", "dag"), ("år", "måned", "dag")),
    *(("rok", "miesiąc", "dzień"), ("rok", "měsíc", "den"), ("год", "месяц", "день"), ("yıl", "ay", "gün")),
    *(("tahun", "bulan", "tanggal"), ("tahun", "bulan", "hari"), ("年", "月", "日")),
)
_DAY_AND_TIME = (("дата", "время"),)
"""Of Integrum."""
_PREFIXES = ("", "pub", "published", "publication", "publish", "date", "issue", "p")
_PERSON = (
    *(("first", "last"), ("firstname", "lastname"), ("givenname", "familyname"), ("fname", "lname")),
    *(("firstname", "surname"), ("vorname", "nachname"), ("prénom", "nom"), ("prenom", "nom"), ("nome", "cognome")),
    *(("nombre", "apellido"), ("nombre", "apellidos"), ("voornaam", "achternaam"), ("förnamn", "efternamn")),
)
_OF_AUTHOR = ("author", "byline", "autor", "auteur", "autore", "writer", "reporter")


class Join(NamedTuple):
    """A column that a dump does not have, made of others of it."""

    name: str
    field: str
    keys: tuple[Key, ...]
    is_asked: bool
    """Whether the stanza names it."""


def joins_of(names: Sequence[str], feed: Feed, by_number: bool) -> list[Join]:
    """The columns of a dump with these ones that are to be joined."""
    asked = asked_columns(feed)
    found = [*_asked(names, asked)]
    taken = {i for _, _, indexes, _ in found for i in indexes}
    taken |= {names.index(column) for columns in asked.values() for column in columns if column in names}
    short = [(i, name) for i, name in enumerate(names) if len(name) <= LONGEST_USUAL_NAME]  # others are texts
    usual = {usual_name(name): i for i, name in reversed(short) if i not in taken}
    for field, groups in (("body", _texts(usual)), ("published", _dates(usual)), ("byline", _people(usual))):
        if field not in asked or usual_ones_serve(field, feed):
            found += [(PLUS.join(names[i] for i in indexes), field, indexes, False) for indexes in groups]
    return [
        Join(name, field, tuple(i if by_number else names[i] for i in indexes), is_asked)
        for name, field, indexes, is_asked in found
    ]


def with_joined(joins: Sequence[Join], row: Any) -> Any:
    """A row with the joined columns behind its own."""
    if isinstance(row, dict):
        return {**row, **{join.name: _joined(join, row) for join in joins}}
    return [*row, *(_joined(join, row) for join in joins)]


def _joined(join: Join, row: Any) -> str | None:
    values = [value for key in join.keys if not is_nothing(value := row[key])]
    match join.field:
        case "body":
            return _text_of([value if isinstance(value, str) else body(value) or "" for value in values])
        case "published" | "modified":
            return _date_of([value for value in (text(value, join.field) for value in values) if value])
        case "byline":
            between = "; " if not join.is_asked and not _is_person(join) else " "
            return between.join(filter(None, map(byline, values))) or None
        case _:
            return " ".join(filter(None, (text(value, join.field) for value in values))) or None


def _text_of(parts: list[str]) -> str | None:
    """The parts of a text, without those that are in another one."""
    found: list[str] = []
    for part in parts:
        if not any(part in other for other in found):
            found = [other for other in found if other not in part] + [part]
    return "\n\n".join(found) or None


def _date_of(parts: list[str]) -> str | None:
    """A date of its year, month and day; as they stand where they are not numbers."""
    numbers = [part.removesuffix(".0") for part in parts]
    if all(number.isdecimal() for number in numbers) and len(numbers) <= 3 and numbers and len(numbers[0]) == 4:
        return "-".join(number.zfill(2) for number in numbers)
    if len(numbers) == 3 and numbers[0].isdecimal() and not numbers[1].isdecimal():
        return " ".join(reversed(numbers))
    return " ".join(parts) or None


def _is_person(join: Join) -> bool:
    first, last = fold(str(join.name)).partition("+")[::2]
    return any(first.endswith(one) and last.endswith(other) for one, other in _PERSON)


def _asked(names: Sequence[str], asked: dict[str, tuple[str, ...]]) -> Iterator[tuple[str, str, list[int], bool]]:
    for field, columns in asked.items():
        for column in columns:
            if column not in names and len(pieces := pieces_of(column)) > 1:
                indexes = [names.index(piece) for piece in pieces if piece in names]
                if indexes:
                    yield column, field, indexes, True


def _texts(usual: dict[str, int]) -> Iterator[list[int]]:
    """A text and what goes on with it, perhaps in numbered columns; not where the headline has such a number too: then
    it is of another article."""
    if any((found := _NUMBER.fullmatch(name)) and found[1] in CANDIDATES["headline"] for name in usual):
        return
    parts = _numbered(usual, (*_BASES["body"], *_PARAGRAPHS))
    base = next((name for name in _BASES["body"] if name in usual), None)
    rest = [name for name in usual if (found := _REST.fullmatch(name)) and (found[1] or found[2]) in _BASES["body"]]
    before = [name for name in _BEFORE if name in usual]
    parts = parts or ([base] if base else [])
    whole = [*before[:1], *parts, *sorted(rest, key=usual.__getitem__)] if parts else []
    if len(whole) > 1:
        yield [usual[name] for name in whole]


def _dates(usual: dict[str, int]) -> Iterator[list[int]]:
    """The year, month and day, where no column has the date; or the day and the time of it."""
    if found := next((pair for pair in _DAY_AND_TIME if usual.keys() >= set(pair)), None):
        yield [usual[name] for name in found]
        return
    if any(name in usual for name in CANDIDATES["published"] if name not in CONVERTS_OF_COLUMNS):
        return
    for prefix in _PREFIXES:
        for parts in _DATE:
            if all(f"{prefix}{part}" in usual for part in parts[:2]):
                yield [usual[f"{prefix}{part}"] for part in parts if f"{prefix}{part}" in usual]
                return


def _people(usual: dict[str, int]) -> Iterator[list[int]]:
    for prefix in (*_OF_AUTHOR, ""):
        for first, last in _PERSON:
            if (prefix or len(first) > len("first")) and f"{prefix}{first}" in usual and f"{prefix}{last}" in usual:
                yield [usual[f"{prefix}{first}"], usual[f"{prefix}{last}"]]
                return
    if numbered := _numbered(usual, _BASES["byline"]):
        yield [usual[name] for name in numbered]


def _numbered(usual: dict[str, int], bases: Sequence[str]) -> list[str]:
    """The names with the same base and the numbers from 1 or 2, in their order, with that of the base alone before."""
    for base in bases:
        found = {int(part[2]): name for name in usual if (part := _NUMBER.fullmatch(name)) and part[1] == base}
        first = found.pop(1, base if base in usual else None)
        if first and found and min(found) == 2:
            return [first, *(found[number] for number in sorted(found))]
    return []
