"""An article of LexisNexis, made from its blocks, for the readers of its text, HTML and Word exports.

All of them print the same parts: publication and date (and, in the newer layout, the headline before them) centred on
the page, then the headline, labelled fields, the body, more labelled fields, and a copyright line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from etl.formats.common.label_keys import label_key
from etl.formats.common.pieces import Unreadable, without_empty
from etl.formats.vendor.labels import field_of
from etl.formats.vendor.nexis_head import Block, has_rights, has_year, is_field, is_rights, keep, whole
from etl.model import RawRecord

LONGEST_LABEL = 30
RAW = frozenset(("byline", "dateline", "deck", "headline", "language", "url"))
"""Parts that are raw fields of the same name."""
HEAD = frozenset(("headline", "byline", "section", "length", "dateline", "deck", "body", "series", "column"))
"""Parts before the body; all others come after it."""
ONLY_FIELDS = frozenset(("load_date", "language", "publication_type", "document_type", "journal_code", "graphic"))
"""Parts whose labels no text uses."""
LONGEST_DATE = 60
_UPDATES = frozenset(("update", "updated", "aktualisierung", "mise-a-jour"))
_TERMS = "subject organization company ticker industry person geographic city state country"
TERMS = frozenset(_TERMS.split())
"""Parts that are lists of index terms."""
_RELEVANCE = re.compile(r"\s{0,9}\(\d{1,3}\s?%\)")
_PAGE = re.compile(
    r"(?i:pgs?\.?|pages?|pp\.?|[ps]\.|[ps](?=\s\d)|seiten?|blz\.?|p[aá]g(?:ina)?s?\.?)\s*"
    r"([A-Z]{0,3}\s?\d+[A-Z]?(?:[-–,]\s?[A-Z]?\d+)*)(?:\W.*)?"
)
_WEB_VERSION = re.compile(r"version:\s?\d+", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://\S+")
_COVER = re.compile(r"(?:time of request|job number|date and time|user name|download request)\s*:", re.IGNORECASE)


def is_cover(text: str) -> bool:
    """Whether what stands before the first article is a cover page: who asked for what, and perhaps a list of it."""
    return _COVER.search(text) is not None


def fill(record: RawRecord, blocks: Sequence[Block], has_headline: bool = False) -> RawRecord:
    """Add headline, fields and body to what `split_head` found; `has_headline` where the head held the headline.

    Raises Unreadable where another article begins after the body.
    """
    rest = _take_head(record, list(blocks), has_headline or "headline" in record)
    tail = _tail_at(rest)
    body, after = rest[:tail], rest[tail:]
    _refuse_second_article(rest if "length" in record["extra"] else after)
    while body and is_rights(body[-1]):
        after.insert(0, body.pop())
    record["body"] = "\n\n".join(whole(block) for block in body)
    for block in _joined(after):
        _add(record, block)
    if not record.get("headline") and "\n" not in record["extra"].get("below_publication", "\n"):
        record["headline"] = record["extra"].pop("below_publication")
    return without_empty(record)


def _tail_at(blocks: Sequence[Block]) -> int:
    """Where the fields after the body begin: at one that stands only there, or at those of the head before it."""
    at = end = next((at for at in range(len(blocks)) if _begins_tail(blocks[at:])), len(blocks))
    while at and (is_field(blocks[at - 1]) or (blocks[at - 1].is_centred and is_rights(blocks[at - 1]))):
        at -= 1
    return at if any(is_field(block) for block in blocks[at:end]) else end


def _take_head(record: RawRecord, blocks: list[Block], has_headline: bool) -> list[Block]:
    """Add headline and fields that stand before the body; returns the blocks that are left."""
    is_first = True
    while blocks and not (blocks[0].label and _opens_tail(blocks[0]) and _is_all_tail(blocks)):
        block = blocks[0]
        if block.label and field_of(block.label) == "body":
            return [Block(block.text), *blocks[1:]] if block.text else blocks[1:]
        if block.label and not (is_first and not has_headline and _is_titled(blocks)):
            _add(record, block)
        elif has_headline or not (is_first or _is_before_field(blocks)):
            break
        else:
            record["headline"] = " ".join(whole(block).split())
        has_headline, is_first, blocks = "headline" in record, False, blocks[1:]
    return blocks


def _is_titled(blocks: Sequence[Block]) -> bool:
    """Whether the first block, which has a label of no vendor's, is a headline with a colon: no other one follows."""
    head = blocks[1 : _end_of_head(blocks)]
    is_followed = any(not block.label and _is_before_field(blocks[at:]) for at, block in enumerate(head, 1))
    return (
        not is_field(blocks[0]) and not is_followed and not any(field_of(block.label) == "headline" for block in head)
    )


def _end_of_head(blocks: Sequence[Block]) -> int:
    """Where the second block without a label stands."""
    return ([at for at, block in enumerate(blocks) if not block.label] + [len(blocks)] * 2)[1]


def _is_before_field(blocks: Sequence[Block]) -> bool:
    """Whether the second block is a field of the head, so that the first is not the body."""
    return len(blocks) > 1 and bool(blocks[1].label) and field_of(blocks[1].label) in HEAD


def _refuse_second_article(after: Sequence[Block]) -> None:
    """Raises Unreadable where a centred date, and then a length or an author, follow the body."""
    dates = [
        at for at, block in enumerate(after) if block.is_centred and has_year(block.text) and not has_rights(block.text)
    ]
    heads = [at for at, block in enumerate(after) if block.label and field_of(block.label) in ("length", "byline")]
    if dates and heads and dates[0] < heads[-1]:
        found = " ".join(after[dates[0]].text.split())[:100]
        raise Unreadable(
            f"another article, of {found!r}, begins after its text; expected an end and a number before it; "
            "export these documents again"
        )


def _begins_tail(blocks: Sequence[Block]) -> bool:
    """Whether the fields after the body begin here. A word that texts use as a label, too (`STATE: no comment`), opens
    them only where hardly a paragraph follows."""
    first, *after = blocks
    if not _opens_tail(first):
        return False
    if field_of(first.label) in ONLY_FIELDS:
        return True
    return sum(not (block.label or block.is_centred) for block in after) <= sum(map(is_field, after))


def _opens_tail(block: Block) -> bool:
    field = field_of(block.label) if block.label else None
    if label_key(block.label) in _UPDATES:  # a text may have one, too
        return len(block.text) <= LONGEST_DATE and any(char.isdigit() for char in block.text)
    return field is not None and field not in HEAD


def _is_all_tail(blocks: Sequence[Block]) -> bool:
    """Whether none of these blocks is a paragraph of a body."""
    return all(block.label or block.is_centred for block in blocks)


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
        keep(extra, "copyright" if has_rights(text) else "below", text)
        return
    field = field_of(block.label) or label_key(block.label)
    if field == "section":
        record["section"], record["page"] = _section_and_page(text)
        if "; " in text or record["page"]:
            keep(extra, "section", text)
    elif field in TERMS:
        terms = [_RELEVANCE.sub("", term).strip() for term in re.split(r";|(?<=%\))", text)]
        record.setdefault("labels", []).extend([field, "", " ".join(term.split())] for term in terms if term)
        keep(extra, field, text)
    elif field in RAW and not record.get(field):
        record[field] = text
        address = _ADDRESS.search(text) if field == "deck" else None
        if address:
            record.setdefault("url", address[0].rstrip(".;,"))
    else:
        keep(extra, field, text)


def _section_and_page(text: str) -> tuple[str | None, str | None]:
    """`Section B; Column 0; Business Desk; Pg. 1`, or `Lokales, S. 7`: the page, and the rest as it stands."""
    parts = [part.strip() for part in text.split(";")]
    before, _, last = parts[-1].rpartition(",")
    if before and _PAGE.fullmatch(last.strip()) and not _PAGE.fullmatch(parts[-1]):
        parts[-1:] = [before, last.strip()]
    page = next((match[1].strip() for part in parts if (match := _PAGE.fullmatch(part))), None)
    kept = [part for part in parts if part and not _PAGE.fullmatch(part) and not _WEB_VERSION.fullmatch(part)]
    return "; ".join(kept) or None, page
