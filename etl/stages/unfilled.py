"""What the records of a dump lack though a column beside their fields has it: dates, or a part of the text; and what
shows that a column was taken for another's, or that rows are of a join.

Whether a column holds dates or prose is told by its values, whatever its name is.
"""

from __future__ import annotations

import html
import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from etl import words
from etl.formats.common.visible_text import count_words
from etl.model import RawRecord
from etl.stages.sampling import is_sampled, mark_of

ALL, EVERY = 200, 64
"""So many records are looked at, then one of so many."""
SHORTEST_PROSE, LONGEST_DATE, LONGEST_NAME = 40, 50, 60
"""Characters."""
FEWEST_WORDS = 8
LEAST_OF_RECORDS = 0.5
LEAST_OF_DATES = 0.8
"""Of the values of a column that is taken for dates."""
LEAST_OF_TEXT = 0.15
"""What the prose in a column is of the bodies, at least, to be told."""
FEWEST_RECORDS = 3
FEWEST_ALIKE = 10
SHORTEST_CUT = 200
_ENDS = frozenset(".!?…:;)]\"'”’»。।؟")
_MOST_COLUMNS, _MOST_REMEMBERED = 200, 100_000
_SHOWN = 3
_SAMPLE = 48

_NOT_OF_TEXT = re.compile(
    r"comment|kommentar|comentario|repl(?:y|ies)|copyright|rights|licen[cs]e|terms|legal|disclaimer|note|image|photo"
    r"|picture|video|media|galler|caption|audio|related|recommend|link|highlight|summar|descr|abstract|excerpt|teaser"
    r"|snippet|seo|meta|title|headline|bio|about|prompt|quer|url|path|class|tags?|keywords?|entit|categor|hash|json|alt"
    r"|question|claim|reason|explan",
    re.IGNORECASE,
)
_NOT_OF_PUBLISHING = re.compile(
    r"scrap|crawl|fetch|retriev|download|import|index|insert|ingest|updat|modif|edit|birth|access|captur|warc|expir",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[/a-z!][^>]*>", re.IGNORECASE)
_DATE = re.compile(
    r"(?:[^\W\d]{2,12}\.?,? )?(?:"
    r"(?:1[5-9]|20)\d\d(?:[-/. ]\d{1,2}){2}|\d{1,2}(?:[-/. ]+\d{1,2}[-/. ]+)(?:(?:1[5-9]|20)\d\d|\d\d)"
    r"|(?:1[5-9]|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
    r"|\d{1,2}(?:\.|º|°|er|st|nd|rd|th)?[ -](?:de |of )?[^\W\d]{3,12}\.?,?[ -](?:de |del )?(?:1[5-9]|20)\d\d"
    r"|[^\W\d]{3,12}\.? \d{1,2}(?:st|nd|rd|th)?,? (?:1[5-9]|20)\d\d"
    r"|(?:1[5-9]|20)\d\d ?[年년] ?\d{1,2} ?[月월] ?\d{1,2} ?[日일]"
    r")(?![\d])(?:[T ,].{0,30})?",
)


class Unfilled:
    """What is seen of the records of one dump."""

    def __init__(self, is_known_layout: bool, is_beginning: bool = True) -> None:
        """`is_beginning`: whether they are of the beginning of the dump, and not of a later stretch."""
        self._is_known_layout, self._is_beginning = is_known_layout, is_beginning
        self._records = self._seen = self._words = self._repeated = 0
        self._is_dated = False
        self._filled, self._dates = Counter[str](), Counter[str]()
        self._prose: dict[str, list[int]] = defaultdict(list)
        self._texts: dict[str, set[bytes]] = defaultdict(set)
        self._headlines, self._bodies = set[str | None](), set[bytes]()
        self._first: RawRecord = {}
        self._last: RawRecord = {}
        self._longest, self._cut = SHORTEST_CUT, set[bytes]()

    def look(self, record: RawRecord) -> None:
        """Note what a record has, and what stands beside its fields."""
        self._records += 1
        self._is_dated = self._is_dated or "published" in record
        if self._is_known_layout:
            return
        self._repeated += _is_same_but_author(record, self._last)
        self._first = self._first or record
        self._last = record
        if (body := record.get("body")) and len(body) >= self._longest:
            self._note_longest(body)
        if not (self._is_beginning and self._records <= ALL) and not is_sampled(record["position"], EVERY):
            return
        self._seen += 1
        self._words += count_words(body or "")
        if len(self._headlines) < FEWEST_ALIKE:
            self._headlines.add(record.get("headline"))
            self._bodies.add(mark_of(body or ""))
        for name, value in (record.get("extra") or {}).items():
            if value.__class__ is str and (name in self._filled or len(self._filled) < _MOST_COLUMNS):
                self._filled[name] += 1
                self._note(record, name, value)

    def add_up(self, other: Unfilled) -> None:
        """Add what was seen of the next stretch of the same dump."""
        self._repeated += other._repeated + _is_same_but_author(other._first, self._last)
        self._first, self._last = self._first or other._first, other._last or self._last
        self._records += other._records
        self._seen += other._seen
        self._words += other._words
        self._is_dated = self._is_dated or other._is_dated
        self._filled += other._filled
        self._dates += other._dates
        self._headlines |= other._headlines
        self._bodies |= other._bodies
        for name, counts in other._prose.items():
            self._prose[name] += counts
            self._texts[name] |= other._texts[name]
        if other._longest > self._longest:
            self._longest, self._cut = other._longest, set()
        if other._longest == self._longest:
            self._cut |= other._cut

    def told(self) -> Iterator[str]:
        """What a person is told."""
        if self._is_known_layout or not self._records:
            return
        if not self._is_dated and (columns := self._like_dates()):
            others = f" (so does {words.first_few(columns[1:], _SHOWN)})" if columns[1:] else ""
            yield (
                f"no article has a date; the column {columns[0]} looks like dates{others}: if it is when they were "
                f'published, name it in the stanza: columns = {{ published = "{columns[0]}" }}'
            )
        if found := self._like_text():
            yield self._of_text(found)
        if self._seen >= FEWEST_ALIKE and len(self._headlines) == 1 < len(self._bodies) and None not in self._headlines:
            yield (
                "all its articles have the same headline; if it is the newspaper's name, name the column with the "
                "headlines in `columns` of the stanza, and this one as `publication`"
            )
        if len(self._cut) >= FEWEST_RECORDS:
            yield (
                f"{len(self._cut):,} of its texts are exactly {self._longest:,} characters long, none is longer, and "
                "they end within a sentence: they are probably cut; ask for whole texts, or set is_partial = true"
            )
        if self._repeated:
            repeated = words.counted(self._repeated, "row repeats", "rows repeat")
            yield (
                f"{repeated} the one before but for the author, as the rows of an SQL join do: of each article the "
                "last author stays; ask for one row an article, with all its authors"
            )

    def _note_longest(self, body: str) -> None:
        if len(body) > self._longest:
            self._longest = len(body)
            self._cut.clear()
        if body.rstrip()[-1:] not in _ENDS and len(self._cut) < _MOST_REMEMBERED:
            self._cut.add(mark_of(body))

    def _note(self, record: RawRecord, name: str, value: str) -> None:
        if len(value) <= LONGEST_DATE and not self._is_dated and _DATE.fullmatch(value.strip()):
            self._dates[name] += 1
        if len(value) < SHORTEST_PROSE or _NOT_OF_TEXT.search(name) or (count := _prose_words(value)) < FEWEST_WORDS:
            return
        if not any(_is_in(value, record.get(field)) for field in ("body", "deck", "headline")):
            self._prose[name].append(count)
            self._texts[name].add(mark_of(value))

    def _like_dates(self) -> list[str]:
        return [
            name[:LONGEST_NAME]
            for name, count in self._dates.most_common()
            if count >= LEAST_OF_DATES * self._filled[name]
            and count >= LEAST_OF_RECORDS * self._seen
            and not _NOT_OF_PUBLISHING.search(name)
        ]

    def _like_text(self) -> list[str]:
        """The columns with prose that is no small part of the texts, and seldom the same."""
        return [
            name
            for name, counts in self._prose.items()
            if len(counts) >= max(FEWEST_RECORDS, LEAST_OF_RECORDS * self._seen)
            and len(self._texts[name]) >= LEAST_OF_RECORDS * len(counts)
            and sum(counts) >= LEAST_OF_TEXT * self._words
        ]

    def _of_text(self, names: list[str]) -> str:
        shown = ", ".join(
            f"`{name[:LONGEST_NAME]}` (about {sum(self._prose[name]) // len(self._prose[name]):,} words in a record)"
            for name in names[:_SHOWN]
        )
        more = f" and of {words.counted(len(names) - _SHOWN, 'more column')}" if len(names) > _SHOWN else ""
        name = names[0][:LONGEST_NAME]
        what = f'a part of the text, join it in the stanza: columns = {{ body = "... + {name}" }}'
        if not self._words:
            what = f'the text, name it in the stanza: columns = {{ body = "{name}" }}'
        return f"no field holds the prose in {shown}{more}; if it is {what}"


def _is_same_but_author(record: RawRecord, last: RawRecord) -> bool:
    return (
        bool(body := record.get("body"))
        and body == last.get("body")
        and record.get("byline") != last.get("byline")
        and all(record.get(name) == last.get(name) for name in ("headline", "native_id", "url", "published"))
    )


def _prose_words(value: str) -> int:
    """The words of what reads as prose; of anything else, none."""
    if "://" in value[:10] or value[0] in "[{" or not any(mark in value for mark in ".!?。।؟"):
        return 0
    return count_words(value)


def _is_in(value: str, other: str | None) -> bool:
    """Whether the beginning or the middle of a text stands in another one."""
    if not other:
        return False
    bare, there = " ".join(html.unescape(_TAG.sub(" ", value)).split()), " ".join(other.split())
    return any(bare[at : at + _SAMPLE] in there for at in (0, len(bare) // 2))
