"""Finds the text of an article in our Parquet files: rows are decoded and read, never searched as bytes."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

SHORTEST = 24
"""Shorter passages occur in many texts; they are not a trace of one."""

IN_A_ROW = 40
"""Characters of a passage by which a piece of a text is known that has no whole passage."""

NO_LONGER_QUOTED = "words that were taken down"
NOTHING_ELSE = f"what was found had {NO_LONGER_QUOTED}, and is not told any more; look into the dump"

TEXTS = ("body", "headline", "deck")

GOES_ON = re.compile(r"[\w%-]|[/.]\w")
"""What follows on an address that is only the beginning of another one: /1 of /12, of /1-b, of /1/comments."""


class Sought(NamedTuple):
    """What is looked for, folded."""

    passages: list[str]
    addresses: list[str]
    """Web and e-mail addresses, which are found only as a whole."""

    def is_in(self, text: str) -> bool:
        """Whether a folded text holds any of it."""
        return any(passage in text for passage in self.passages) or any(
            not GOES_ON.match(text, found.end())
            for address in self.addresses
            if address in text
            for found in re.finditer(re.escape(address), text)
        )


def passages(texts: Iterable[dict[str, Any]]) -> list[str]:
    """The passages of articles that are long enough to identify them, folded.

    `texts`: rows with the names in TEXTS; a body without such a passage counts as a whole.
    """
    found: dict[str, None] = {}
    for row in texts:
        body = fold(row["body"] or "")
        parts = [fold(paragraph) for name in TEXTS for paragraph in (row[name] or "").split("\n\n")]
        found |= {part: None for part in parts if len(part) >= SHORTEST}
        if body and not any(part in body for part in found):
            found[body] = None
    return list(found)


def fold(text: str) -> str:
    """The text in lower case, with every run of white space as one space."""
    return " ".join(text.lower().split())


def matching_rows(file: Path, sought: Sought) -> list[int]:
    """The places of the rows that hold what is sought."""
    return [place for place, row in enumerate(rows(file)) if holds(row, sought)]


def has_piece(row: dict[str, Any], pieces: set[str]) -> bool:
    """Whether a row has one of the parts of IN_A_ROW characters."""
    return has_part("\x1f".join(_strings(row)), pieces, IN_A_ROW)


def holds(value: Any, sought: Sought) -> bool:
    """Whether a value holds what is sought, however nested or escaped."""
    text = fold("\x1f".join(_strings(value)))
    plain = _plain(text)
    return sought.is_in(text) or (plain != text and sought.is_in(plain))


def parts(sought: Sought, characters: int = SHORTEST) -> set[str]:
    """Parts of so many characters of all passages, each half over the one before: what has half as much again of a
    passage in a row has a whole part, and so has what has its beginning.
    """
    return {
        passage[at : at + characters]
        for passage in sought.passages
        for at in range(0, len(passage) - characters + 1, characters // 2)
    }


def has_part(text: str, parts: set[str], characters: int = SHORTEST) -> bool:
    """Whether a text has one of the parts, folded, and however escaped."""
    if not parts:
        return False
    folded = _plain(text)
    return any(folded[at : at + characters] in parts for at in range(len(folded) - characters + 1))


def is_quoted_in(file: Path, parts: set[str]) -> bool:
    """Whether a reason in a file has one of the parts: readers quote the beginning of a line that they cannot read."""
    if "reason" not in pq.read_schema(file).names:
        return False
    reasons = pq.read_table(file, columns=["reason"])["reason"].unique().to_pylist()
    return any(has_part(reason, parts) for reason in reasons if reason)


def unquoted(reason: str, parts: set[str]) -> str | None:
    """A reason without those of its quotations that have one of the parts; None where it has none."""
    if not has_part(reason, parts):
        return None
    left = _QUOTED.sub(lambda found: NO_LONGER_QUOTED if has_part(found[0], parts) else found[0], reason)
    return NOTHING_ELSE if has_part(left, parts) else left


def without_rows(file: Path, places: list[int]) -> None:
    """Rewrite a Parquet file without these rows; remove it if none is left."""
    table = pq.read_table(file)
    dropped = set(places)
    left = table.take(pa.array([place for place in range(table.num_rows) if place not in dropped], pa.int64()))
    if not left.num_rows:
        file.unlink()
        return
    part = file.with_suffix(".part")
    pq.write_table(left, part, compression="zstd")
    part.replace(file)


def rows(file: Path) -> Iterator[dict[str, Any]]:
    """The rows of a Parquet file, decoded."""
    with pq.ParquetFile(file) as parquet:
        for batch in parquet.iter_batches(1_024):
            yield from batch.to_pylist()


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, bytes):
        yield value.decode("utf-8", "replace")
        # UTF-16 without a byte order mark, and anything else with a zero byte between its letters.
        yield value.replace(b"\0", b"").decode("latin-1")
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


_QUOTED = re.compile(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*\"""")
_UNSEEN = re.compile("[\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
"""What articles are stored without, like soft hyphens."""
_TAG = re.compile(r"</?[a-z][^<>]*>")
_ESCAPE = re.compile(r"""(?:\\u[0-9a-f]{4})+|\\x[0-9a-f]{2}|\\[nrt"'/\\]""")


def _plain(text: str) -> str:
    """The text folded, without the escapes of JSON and Python, the markup of HTML, and what nobody sees."""
    folded = text.lower()
    if "\\" in folded:
        folded = _ESCAPE.sub(_letters, folded)
    if "<" in folded or "&" in folded:
        folded = html.unescape(_TAG.sub("", folded))
    return fold(_UNSEEN.sub("", folded))


def _letters(escape: re.Match[str]) -> str:
    r"""What an escape stands for: \u00e9, \xe9, \n, \", and letters in two halves."""
    if escape[0][1] == "x":
        return chr(int(escape[0][2:], 16))
    if escape[0][1] != "u":
        return {"n": "\n", "r": "\r", "t": "\t"}.get(escape[0][1], escape[0][1])
    units = bytes.fromhex(escape[0].replace("\\u", ""))
    return units.decode("utf-16-be", "replace")
