"""What LexisNexis prints above the text of an article: publication and date, and perhaps a headline or a copyright.

For the readers of its text, HTML and Word exports (see `nexis`), which cut an article into blocks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile
from typing import NamedTuple

from etl.formats.common.label_keys import label_key
from etl.formats.common.pieces import Unreadable
from etl.formats.vendor.labels import WEEKDAYS, field_of
from etl.model import RawRecord


class Block(NamedTuple):
    """A paragraph: its text, whether it is centred on the page, and the label it begins with ('' without one)."""

    text: str
    is_centred: bool = False
    label: str = ""


LONGEST_RIGHTS = 300
MOST_HEADLINES = 3
"""Blocks of a headline that stands before the date."""
_YEAR = re.compile(r"(?<!\d)(?:1[6-9]|20)\d\d(?!\d)|[年년]")
_COPYRIGHT = re.compile(r"copyright\b|©|\(c\)\s?\d{4}", re.IGNORECASE)
_BRACKETED = re.compile(r"\s*\([^()]+\)\s*")
_TIME = re.compile(r"\d{1,2}[:.]\d{2}\b")
_CLOCK = re.compile(
    rf"{_TIME.pattern}(?::\d{{2}})?(?:\s?[AP]\.?M\.?)?(?:\s(?:GMT|UTC)(?:[+-]\d{{1,2}})?)?", re.IGNORECASE
)
_DATE_AGAIN = re.compile(r"(?:[^\W\d_]{3,12}\.?\s\d{1,2}|\d{1,2}\.?\s(?:de\s)?[^\W\d_]{3,12}\.?),?\s(?:de\s)?\d{4}")
_RESERVED = re.compile(
    r"all rights reserved|alle rechte[nr]? (?:vorbehalten|voorbehouden)|tous droits r[ée]serv|tutti i diritti riservati"
    r"|(?:reservados )?todos los derechos|todos os direitos",
    re.IGNORECASE,
)


def has_year(text: str) -> bool:
    """Whether a line may hold a date."""
    return _YEAR.search(text) is not None


def split_head(blocks: Sequence[Block], headline_first: bool) -> tuple[RawRecord, list[Block]]:
    """What is centred before the text, and the blocks after it.

    Raises Unreadable where there is neither a publication nor a date.
    """
    blocks = [block for block in blocks if block.label or (block.text.strip() if block.is_centred else block.text)]
    above = [] if headline_first else _rights_above(blocks)
    blocks = blocks[len(above) :]
    end = _end_of_centred(blocks)
    between = [] if headline_first else _headline_before_date(blocks, end)
    below = end + len(between)
    centred = [*blocks[:end], *blocks[below : (end := _end_of_centred(blocks, below))]]
    rights, head = _rights_apart([*above, *(block.text for block in centred)])
    at = next((at for at, text in enumerate(head) if at >= headline_first and _YEAR.search(text)), None)
    if not head or (at is None and headline_first and len(head) < 2):
        found = " ".join(" ".join(block.text.split()) for block in blocks)[:100]
        raise Unreadable(
            f"found {found!r}; expected a publication and a date, centred on the page; export this document again"
        )
    record: RawRecord = {"extra": {"copyright": rights} if rights else {}}
    if between:
        record["headline"] = " ".join(" ".join(map(whole, between)).split())
    names = head if at is None else head[:at]
    if headline_first and names:
        lines = 1 if at is None else _lines_of_headline(names)
        record["headline"], names = " ".join(names[:lines]), names[lines:]
    record["publication"] = names[0] if names else None
    if at is not None:
        record["published"], after = _date_and_others(head[at])
        after += head[at + 1 :]
        if after and _CLOCK.fullmatch(after[0]):
            record["published"] += f" {after.pop(0)}"
        kinds = [_kind_after_date(part) for part in after]
        editions = [part for part, kind in zip(after, kinds, strict=True) if not kind]
        record["edition"] = " ".join(" ".join(editions).split())
        for part, kind in zip(after, kinds, strict=True):
            keep(record["extra"], kind, part if kind else "")
    for name in names[1:]:
        keep(record["extra"], "below_publication", name)
    return record, blocks[end:]


def _lines_of_headline(names: list[str]) -> int:
    """How many lines stand above the publication: it is the last above the date, but for a blog's name in brackets."""
    last = len(names)
    while last > 2 and _BRACKETED.fullmatch(names[last - 1]):
        last -= 1
    return max(1, last - 1)


def _end_of_centred(blocks: Sequence[Block], start: int = 0) -> int:
    """Where the first block after `start` stands that is not centred."""
    return next((at for at in range(start, len(blocks)) if not blocks[at].is_centred), len(blocks))


def _rights_above(blocks: Sequence[Block]) -> list[str]:
    """A copyright that stands first and is not centred, because its line fills the page."""
    if not blocks or blocks[0].is_centred or not _COPYRIGHT.match(blocks[0].text):
        return []
    return [block.text for block in takewhile(is_rights, blocks)]


def _headline_before_date(blocks: Sequence[Block], end: int) -> Sequence[Block]:
    """The blocks between the publication and the date, where it stands below them; as agencies have it."""
    if any(has_year(block.text) and not _COPYRIGHT.match(block.text) for block in blocks[:end]):
        return []
    date = next((at for at in range(end, len(blocks)) if blocks[at].is_centred), end)
    between = blocks[end:date]
    is_head = 0 < len(between) <= MOST_HEADLINES and not any(is_field(block) for block in between)
    is_dated = is_head and has_year(blocks[date].text) and not _COPYRIGHT.match(blocks[date].text)
    return between if is_dated else []


def _rights_apart(head: list[str]) -> tuple[str, list[str]]:
    """The copyright, which stood before the publication until about 2004, and the lines below it.

    Of several lines the last is the publication, where the date comes next.
    """
    rights: list[str] = []
    while head and (_COPYRIGHT.match(head[0]) or (rights and _RESERVED.match(head[0]))):
        first, *head = head
        *lines, last = first.split("\n")
        is_name = lines and not _RESERVED.match(last) and (not head or has_year(head[0]))
        rights.append("\n".join(lines) if is_name else first)
        if is_name:
            head = [last, *head]
    return "\n".join(rights), head


def has_rights(text: str) -> bool:
    """Whether a text states a copyright."""
    return bool(_COPYRIGHT.search(text) or _RESERVED.match(text))


def is_rights(block: Block) -> bool:
    """Whether a block is only a copyright."""
    is_stated = _COPYRIGHT.match(block.text) or _RESERVED.match(block.text)
    return bool(is_stated) and not block.label and len(block.text) <= LONGEST_RIGHTS


def is_field(block: Block) -> bool:
    """Whether a block has a label that a vendor uses."""
    return bool(block.label) and field_of(block.label) is not None


def _date_and_others(text: str) -> tuple[str, list[str]]:
    """`October 23, 2013 Wednesday, Late Edition - Final`: the date, and what stands with it or on lines of its own."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    at = next((at for at, line in enumerate(lines) if _YEAR.search(line)), 0)
    date, *others = lines[at:]
    year = _YEAR.search(date)
    cut = date.find(",", year.end()) if year else -1
    if cut > 0:
        rest = date[cut + 1 :].strip()
        weekday, _, after = rest.partition(",")
        others.insert(0, after.strip(" ,") if label_key(weekday) in WEEKDAYS else rest)
        date = date[:cut]
    return date.strip(), [*lines[:at], *filter(None, others)]


def _kind_after_date(text: str) -> str:
    """What a line below the date is, for `extra`; '' for an edition. A time with a zone in words stays a text."""
    if _COPYRIGHT.match(text):
        return "copyright"
    return "time" if _TIME.match(text) else "date" if _DATE_AGAIN.fullmatch(text) else ""


def whole(block: Block) -> str:
    """A block as it stood, its label before its text."""
    return f"{block.label}: {block.text}".rstrip() if block.label else block.text


def keep(extra: dict[str, str], name: str, text: str) -> None:
    """Put a text into `extra`, below what stands there already under that name."""
    if text:
        extra[name] = f"{extra[name]}\n{text}" if name in extra else text
