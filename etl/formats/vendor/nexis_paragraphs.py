"""An export of Lexis Advance or Nexis Uni by its paragraphs, for the readers of its Word files and of its text.

Centred on the page are headline, publication and date with the edition; then come a copyright, labelled fields, `Body`,
the text, perhaps `Classification` and more fields, and last the words `End of Document`. The cover states
`Documents (50)`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import takewhile

from etl.formats.common.pieces import guarded, without_empty
from etl.formats.vendor import nexis
from etl.formats.vendor.labels import DOCUMENTS, END_OF_DOCUMENT, field_of
from etl.formats.vendor.nexis_head import Block, split_head
from etl.model import Declared, DumpError, Piece, Reject, Skip

_DECLARED = re.compile(rf"\s*(?:{DOCUMENTS})\s*\((\d{{1,6}})\)\s*", re.IGNORECASE)
_UNKNOWN_LABEL = re.compile(r"(?=[^\W\d_])[^\W\d_]{2,20}(?: [^\W\d_]{2,20}){0,2}")
_LABEL = re.compile(r"([^\W\d_][^:\n]*?):\s*")


def pieces(placed: Iterable[tuple[str, Block]], why_none: Callable[[list[Block]], str]) -> Iterator[Piece]:
    """A record for each article, a Reject for what takes the place of one, and the total that the cover states.

    In: each paragraph with its place, and what says why no article is found among them, with which DumpError is raised.
    """
    number = 0
    position = ""
    blocks: list[Block] = []
    for place, block in placed:
        position = position or place
        if not number and (declared := _DECLARED.fullmatch(block.text)):
            yield Declared(int(declared[1]))
        if not is_end(block.text):
            blocks.append(block)
            continue
        number += 1
        if number == 1 and nexis.is_cover(cover := _cover(blocks)):
            yield Skip(position, "cover page", cover)
        yield guarded(partial(_piece, blocks, position, number == 1), position, partial(_as_text, blocks))
        blocks, position = [], ""
    if not number:
        raise DumpError(why_none(blocks))
    if any(block.text.strip() for block in blocks):
        reason = "`End of Document` is missing after it; export it from Nexis again"
        yield Reject(position, reason, _as_text(blocks))


def _piece(blocks: list[Block], position: str, is_first: bool) -> Piece:
    start = _start(blocks)
    record, rest = split_head(blocks[start:], headline_first=True)
    before = "" if is_first else "\n".join(block.text.strip() for block in blocks[:start] if block.text.strip())
    notes = list(_unlabelled(rest))
    extra = {"note": "\n".join(" ".join(block.text.split()) for block in notes).strip(), "before": before}
    record["extra"] |= without_empty(extra)
    filled = nexis.fill(record, list(_labelled(rest[len(notes) :])), has_headline=True)
    return {"position": position, **filled}


def _start(blocks: list[Block]) -> int:
    """Where an article begins: at the first line that is centred."""
    return next((at for at, block in enumerate(blocks) if block.is_centred and block.text.strip()), 0)


def _cover(blocks: list[Block]) -> str:
    """What stands before the first article: who asked for what, and a list of the articles."""
    return "\n".join(block.text.strip() for block in blocks[: _start(blocks)] if block.text.strip())


def _unlabelled(blocks: list[Block]) -> Iterator[Block]:
    """The paragraphs before the first field: a copyright line."""
    for block in blocks:
        if split(block.text)[0]:
            return
        yield block


def _labelled(blocks: list[Block]) -> Iterator[Block]:
    """The paragraphs with their labels: before the body all known ones, after it those that open a part.

    Where no known label opens the body, it begins after the fields of the head, perhaps below one that is not known.
    """
    has_body = any(field_of(block.text) == "body" for block in blocks)
    place = "head" if has_body else "body"
    if has_body:
        blocks = list(_continued(blocks))
    else:
        head = list(takewhile(_is_of_head, blocks))
        yield from (Block(text, label=label) for label, text in (split(block.text) for block in head) if label)
        blocks = blocks[len(head) :]
        if head and blocks[1:] and _UNKNOWN_LABEL.fullmatch(blocks[0].text.strip()):
            yield Block(blocks[0].text.strip(), label="heading")
            blocks = blocks[1:]
    tail = _tail_at(blocks)
    for at, block in enumerate(blocks):
        label, text = split(block.text)
        field = field_of(label) if label else None
        opens = field is not None and field not in nexis.HEAD and (block.text.startswith("\n") or not text)
        if place == "head" and field == "body":
            place = "body"
        elif place == "body" and (opens or field == "classification" or at >= tail):
            place = "tail"
        if place == "body" and field != "body":
            yield Block(block.text.strip(), label=_address(block.text))
        else:
            yield Block(text, label=label)


def _is_of_head(block: Block) -> bool:
    """Whether a paragraph is a field of the head, or empty."""
    label, text = split(block.text)
    return not block.text.strip() or (bool(text) and field_of(label) in nexis.HEAD)


def _tail_at(blocks: list[Block]) -> int:
    """Where the fields begin that are all that follows: `Load-Date`, perhaps with no heading before them.

    Before a heading, only those that no text uses.
    """
    start = len(blocks)
    has_heading = False
    for at in range(len(blocks) - 1, -1, -1):
        field = field_of(split(blocks[at].text)[0])
        if field in nexis.ONLY_FIELDS or (field not in (None, *nexis.HEAD) and not has_heading):
            start = at
            has_heading = has_heading or field == "classification"
        elif blocks[at].text.strip():
            break
    return start


def _continued(blocks: list[Block]) -> Iterator[Block]:
    """The paragraphs; before the body, one without a label is joined to the field before it."""
    held: Block | None = None
    for at, block in enumerate(blocks):
        if field_of(block.text) == "body":
            yield from [held] if held else []
            yield from blocks[at:]
            return
        text = " ".join(block.text.split())
        if split(block.text)[0] or held is None:
            yield from [held] if held else []
            held = block
        elif text and text not in " ".join(held.text.split()):
            held = Block(f"{held.text.strip()}; {text}")


def _address(text: str) -> str:
    """The label of a paragraph that is only the article's address on the web."""
    return "url" if text.startswith("\n") and re.fullmatch(r"https?://\S+", text.strip()) else ""


def split(text: str) -> tuple[str, str]:
    """A paragraph's label, if the vendor uses it, and the rest; a heading is a label without a colon."""
    text = text.strip()
    if len(text) <= nexis.LONGEST_LABEL and field_of(text):
        return text, ""
    match = _LABEL.match(text)
    if match and len(match[1]) <= nexis.LONGEST_LABEL and field_of(match[1]):
        return match[1], text[match.end() :]
    return "", text


def is_end(text: str) -> bool:
    """Whether a paragraph ends a document."""
    return text.strip().casefold() in END_OF_DOCUMENT


def _as_text(blocks: list[Block]) -> bytes:
    return "\n".join(block.text for block in blocks).encode()
