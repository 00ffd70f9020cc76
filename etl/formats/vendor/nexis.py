"""An article of LexisNexis, made from its blocks, for the readers of its text, HTML and Word exports.

All of them print the same parts: publication and date (and, in the newer layout, the headline before them) centred on
the page, then the headline, labelled fields, the body, more labelled fields, and a copyright line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from etl.formats.common.pieces import Unreadable, without_empty
from etl.formats.vendor.labels import WEEKDAYS, field_of, label_key
from etl.model import RawRecord


class Block(NamedTuple):
    """A paragraph: its text, whether it is centred on the page, and the label it begins with ('' without one)."""

    text: str
    is_centred: bool = False
    label: str = ""


LONGEST_LABEL = 30
RAW = frozenset(("byline", "dateline", "deck", "headline", "language", "url"))
"""Parts that are raw fields of the same name."""
HEAD = frozenset(("headline", "byline", "section", "length", "dateline", "deck", "body", "series", "column"))
"""Parts before the body; all others come after it."""
_TERMS = "subject organization company ticker industry person geographic city state country"
TERMS = frozenset(_TERMS.split())
"""Parts that are lists of index terms."""

_RELEVANCE = re.compile(r"\s{0,9}\(\d{1,3}\s?%\)")
_PAGE = re.compile(
    r"(?i:pgs?\.?|pages?|pp\.?|[ps]\.|[ps](?=\s\d)|seiten?|blz\.?|p[aá]g(?:ina)?s?\.?)\s*"
    r"([A-Z]{0,3}\s?\d+[A-Z]?(?:[-–,]\s?[A-Z]?\d+)*)(?:\W.*)?"
)
_WEB_VERSION = re.compile(r"version:\s?\d+", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:1[6-9]|20)\d\d(?!\d)|[年년]")
_COPYRIGHT = re.compile(r"copyright\b|©|\(c\)\s?\d{4}", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://\S+")


def split_head(blocks: Sequence[Block], headline_first: bool) -> tuple[RawRecord, list[Block]]:
    """What is centred before the text, and the blocks after it.

    Raises Unreadable where there is neither a publication nor a date.
    """
    blocks = [block for block in blocks if block.text or block.label]
    end = next((at for at, block in enumerate(blocks) if not block.is_centred), len(blocks))
    rights, head = _rights_apart([block.text for block in blocks[:end]])
    at = next((at for at, text in enumerate(head) if at >= headline_first and _YEAR.search(text)), None)
    if not head or (at is None and headline_first and len(head) < 2):
        found = " ".join(" ".join(block.text.split()) for block in blocks)[:100]
        raise Unreadable(
            f"found {found!r}; expected a publication and a date, centred on the page; export this document again"
        )
    record: RawRecord = {"extra": {"copyright": rights} if rights else {}}
    names = head if at is None else head[:at]
    if headline_first and names:
        record["headline"], *names = names
    record["publication"] = names[0] if names else None
    if at is not None:
        record["published"], edition = _date_and_edition(head[at])
        after = [edition, *head[at + 1 :]]
        record["edition"] = " ".join(" ".join(part for part in after if not _COPYRIGHT.match(part)).split())
        for part in filter(_COPYRIGHT.match, after):
            _keep(record["extra"], "copyright", part)
    for name in names[1:]:
        _keep(record["extra"], "below_publication", name)
    return record, blocks[end:]


def _rights_apart(head: list[str]) -> tuple[str, list[str]]:
    """The copyright, which stood before the publication until about 2004, and the lines below it."""
    if not head or not _COPYRIGHT.match(head[0]):
        return "", head
    rights, _, below = head[0].partition("\n")
    return rights, [below, *head[1:]] if below else head[1:]


def fill(record: RawRecord, blocks: Sequence[Block], has_headline: bool = False) -> RawRecord:
    """Add headline, fields and body to what `split_head` found; `has_headline` where the head held the headline.

    Raises Unreadable where another article begins after the body.
    """
    rest = _take_head(record, list(blocks), has_headline)
    tail = next((at for at, block in enumerate(rest) if _opens_tail(block)), len(rest))
    body, after = rest[:tail], rest[tail:]
    _refuse_second_article(after)
    if body and body[-1].is_centred and _COPYRIGHT.match(body[-1].text):
        after.insert(0, body.pop())
    record["body"] = "\n\n".join(_whole(block) for block in body)
    for block in _joined(after):
        _add(record, block)
    return without_empty(record)


def _take_head(record: RawRecord, blocks: list[Block], has_headline: bool) -> list[Block]:
    """Add headline and fields that stand before the body; returns the blocks that are left."""
    is_first = True
    while blocks and not (blocks[0].label and _opens_tail(blocks[0]) and _is_all_tail(blocks)):
        block = blocks[0]
        if block.label and field_of(block.label) == "body":
            return [Block(block.text), *blocks[1:]] if block.text else blocks[1:]
        if block.label:
            _add(record, block)
        elif has_headline or not (is_first or _is_before_field(blocks)):
            break
        else:
            record["headline"] = " ".join(block.text.split())
        has_headline, is_first, blocks = "headline" in record, False, blocks[1:]
    return blocks


def _is_before_field(blocks: Sequence[Block]) -> bool:
    """Whether the second block is a field of the head, so that the first is not the body."""
    return len(blocks) > 1 and bool(blocks[1].label) and field_of(blocks[1].label) in HEAD


def _date_and_edition(text: str) -> tuple[str, str]:
    """`October 23, 2013 Wednesday, Late Edition - Final`, or the edition on lines of its own."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    at = next((at for at, line in enumerate(lines) if _YEAR.search(line)), 0)
    date, *edition = lines[at:]
    year = _YEAR.search(date)
    cut = date.find(",", year.end()) if year else -1
    if cut > 0:
        rest = date[cut + 1 :].strip()
        weekday, _, after = rest.partition(",")
        edition.insert(0, after.strip(" ,") if label_key(weekday) in WEEKDAYS else rest)
        date = date[:cut]
    return date.strip(), " ".join([*lines[:at], *edition])


def _refuse_second_article(after: Sequence[Block]) -> None:
    """Raises Unreadable where a centred date, and then a length or an author, follow the body."""
    dates = [
        at
        for at, block in enumerate(after)
        if block.is_centred and _YEAR.search(block.text) and not _COPYRIGHT.search(block.text)
    ]
    heads = [at for at, block in enumerate(after) if block.label and field_of(block.label) in ("length", "byline")]
    if dates and heads and dates[0] < heads[-1]:
        found = " ".join(after[dates[0]].text.split())[:100]
        raise Unreadable(
            f"another article, of {found!r}, begins after its text; expected an end and a number before it; "
            "export these documents again"
        )


def _opens_tail(block: Block) -> bool:
    field = field_of(block.label) if block.label else None
    return field is not None and field not in HEAD


def _is_all_tail(blocks: Sequence[Block]) -> bool:
    """Whether none of these blocks is a paragraph of a body."""
    return all(block.label or block.is_centred for block in blocks)


def _whole(block: Block) -> str:
    return f"{block.label}: {block.text}".rstrip() if block.label else block.text


def _joined(blocks: Iterable[Block]) -> list[Block]:
    """After the body, a block without a label continues the field before it, unless it is the copyright."""
    joined: list[Block] = []
    for block in blocks:
        if block.label or block.is_centred or not joined or not joined[-1].label:
            joined.append(block)
        else:
            joined[-1] = joined[-1]._replace(text=f"{joined[-1].text}\n\n{block.text}".strip())
    return joined


def _add(record: RawRecord, block: Block) -> None:
    """Add one field to the record; others to `extra`, under the name that the table or the dump gives them."""
    extra: dict[str, str] = record["extra"]
    text = block.text.strip()
    if not block.label:
        _keep(extra, "copyright" if _COPYRIGHT.search(text) else "below", text)
        return
    field = field_of(block.label) or label_key(block.label)
    if field == "section":
        record["section"], record["page"] = _section_and_page(text)
        if "; " in text or record["page"]:
            _keep(extra, "section", text)
    elif field in TERMS:
        terms = [_RELEVANCE.sub("", term).strip() for term in re.split(r";|(?<=%\))", text)]
        record.setdefault("labels", []).extend([field, "", " ".join(term.split())] for term in terms if term)
        _keep(extra, field, text)
    elif field in RAW and not record.get(field):
        record[field] = text
        address = _ADDRESS.search(text) if field == "deck" else None
        if address:
            record.setdefault("url", address[0].rstrip(".;,"))
    else:
        _keep(extra, field, text)


def _keep(extra: dict[str, str], name: str, text: str) -> None:
    """Put a text into `extra`, below what stands there already under that name."""
    if text:
        extra[name] = f"{extra[name]}\n{text}" if name in extra else text


def _section_and_page(text: str) -> tuple[str | None, str | None]:
    """`Section B; Column 0; Business/Financial Desk; Pg. 1`: the page, and the rest as it stands."""
    parts = [part.strip() for part in text.split(";")]
    page = next((match[1].strip() for part in parts if (match := _PAGE.fullmatch(part))), None)
    kept = [part for part in parts if part and not _PAGE.fullmatch(part) and not _WEB_VERSION.fullmatch(part)]
    return "; ".join(kept) or None, page
