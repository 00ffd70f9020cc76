"""The columns that a feed's stanza names: which serve for what, which a dump may lack, what is said where it does."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from etl.declared.stanzas import COLUMN_FIELDS
from etl.formats.common.paths import has_path
from etl.formats.common.usual_names import fold
from etl.model import DumpError, Feed

_OR = " or "
"""Between columns of which a dump must have one."""
PLUS = " + "
"""Between columns that are one field together."""
_LONGEST_FOUND = 300
_LONGEST_NAME = 100


def asked_columns(feed: Feed) -> dict[str, tuple[str, ...]]:
    """Field -> the columns or paths that the stanza names for it, in the order in which they are tried.

    Raises DumpError where it maps a field that raw records do not have.
    """
    if not feed.columns and not feed.id_column:
        return {}  # most often, and asked for each row
    asked = {field: (name,) if isinstance(name, str) else tuple(name) for field, name in feed.columns.items()}
    if feed.id_column:
        asked["native_id"] = (feed.id_column,)
    if wrong := sorted(set(asked) - set(COLUMN_FIELDS)):
        raise DumpError(f"`columns` of the feed maps {', '.join(wrong)}; known fields are {', '.join(COLUMN_FIELDS)}")
    return asked


def usual_ones_serve(field: str, feed: Feed) -> bool:
    """Whether columns with usual names may fill a field: where the stanza names none, or one that a dump may lack.

    What `id_column` names is an identity; no other column may take its place.
    """
    if field == "native_id" and feed.id_column:
        return False
    asked = asked_columns(feed).get(field, ())
    return not asked or bool(set(asked) & set(feed.optional))


def required_columns(feed: Feed) -> tuple[str, ...]:
    """The columns that the stanza names and that no dump may lack; of several for one field it must have one."""
    groups = (group for group in asked_columns(feed).values() if not set(group) & set(feed.optional))
    return tuple(dict.fromkeys(_OR.join(_without_optional(each, feed) for each in group) for group in groups))


def _without_optional(column: str, feed: Feed) -> str:
    return PLUS.join(piece for piece in pieces_of(column) if piece not in feed.optional) or column


def pieces_of(column: str) -> tuple[str, ...]:
    """The columns that a stanza joins into one field: `introtext + fulltext`."""
    return tuple(filter(None, map(str.strip, column.split(PLUS)))) or (column,)


def without_found(missing: Iterable[str], row: dict[str, Any]) -> set[str]:
    """Which required columns are still missing after a row."""
    return {column for column in missing if not any(_has(row, name) for name in (column, *column.split(_OR)))}


def _has(row: dict[str, Any], name: str) -> bool:
    return has_path(row, name) or (PLUS in name and all(has_path(row, piece) for piece in pieces_of(name)))


def refuse_missing(names: Sequence[str], feed: Feed) -> None:
    """Raise DumpError where a column that the stanza names is not among the dump's."""
    if missing := without_found(required_columns(feed), dict.fromkeys(names)):
        raise DumpError(says_missing([column for column in required_columns(feed) if column in missing], names))


def says_missing(missing: Iterable[str], names: Sequence[str]) -> str:
    """What a person reads of columns that a dump lacks: their names, names like them, and all that were found."""
    near = {_bare(name): name for name in reversed(names)}
    asked = []
    for column in missing:
        alike = difflib.get_close_matches(_bare(column), near, n=1)
        asked.append(f'"{column}"' + (f' (perhaps "{near[alike[0]]}")' if alike else ""))
    return (
        f"the stanza names {'the column' if len(asked) == 1 else 'the columns'} {' and '.join(asked)}, which it lacks; "
        f"found {listed(names) or 'none'}; correct `columns` or `id_column`, or list under "
        "`optional` what a dump may lack"
    )


def refuse_unmapped(fields: Iterable[str], names: Sequence[str], more_advice: str = "") -> None:
    """Raise DumpError where none of the fields that are filled is a headline or a body."""
    if not {"body", "headline"} & set(fields):
        longest = max(map(len, names), default=0)
        if longest > _LONGEST_NAME:
            raise DumpError(
                f"its first row is not a header: it has a cell of {longest:,} characters; ask for it with one, or set "
                "has_header = false in the stanza and name the columns by their numbers: columns = { headline = 1, "
                "body = 2 }"
            )
        raise DumpError(
            f"no column is known as a headline or body; found {listed(names)}; "
            f"name them in the stanza: columns = {{ headline = ..., body = ... }}{more_advice}"
        )


def listed(names: Sequence[str]) -> str:
    """Names of columns; of what is too long to be one, and may be a text, only the length."""
    shown = (name if len(name) <= _LONGEST_NAME else f"(a text of {len(name):,} characters)" for name in names)
    return ", ".join(shown)[:_LONGEST_FOUND]


def _bare(name: str) -> str:
    """A name without case, accents and punctuation."""
    letters = unicodedata.normalize("NFKD", fold(name))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
