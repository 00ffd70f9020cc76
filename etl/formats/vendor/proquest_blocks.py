"""The blocks of a text of ProQuest: what stands between its lines of underscores, a cover, documents, an end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from etl.formats.vendor import proquest
from etl.formats.vendor.labels import document_number

RULE = re.compile(r"_{20,200}\s*")
LABELLED = re.compile(r"(?P<label>[^\W\d_][^:\n]{1,49}?):(?:[ \xa0]+(?P<value>.*)|$)", re.DOTALL)


@dataclass
class Block:
    """What stands between two lines of underscores: its first line, and its paragraphs."""

    line: int
    paragraphs: list[str] = field(default_factory=list)
    is_open: bool = False
    """Whether no line of underscores stands below it."""
    is_cut: bool = False
    """Whether the file breaks off in its last paragraph, or, of what is no document yet, above its text."""

    @property
    def names(self) -> list[str | None]:
        """The fields that its paragraphs are labelled with."""
        return [field_in(paragraph) for paragraph in self.paragraphs]

    @property
    def begins(self) -> bool:
        """Whether it is the beginning of a document."""
        return self.is_numbered or bool({"body", "abstract"} & set(self.names))

    @property
    def is_numbered(self) -> bool:
        """Whether its head states its number."""
        return any(document_number(text) for text in self.paragraphs[:1])

    @property
    def is_document(self) -> bool:
        """Whether it is a document, perhaps one without a text, and no cover."""
        return self.begins or bool({"publication", "native_id"} & set(self.names))


def blocks_of(text: str) -> Iterator[Block]:
    """The parts of a file between its lines of underscores; those that a document's own text holds belong to it."""
    found = list(_cut(text))
    at = 0
    while at < len(found):
        block = found[at]
        for other in range(at + 1, _end_of_document(block, found, at + 1)):
            block.paragraphs += ["_" * 60, *found[other].paragraphs]
            block.is_open = found[other].is_open
            at = other
        yield block
        at += 1


def _end_of_document(block: Block, found: list[Block], start: int) -> int:
    """Where the rest of a document ends, whose fields behind the text are still to come."""
    if not block.begins or "publication" in block.names:
        return start
    is_next = (other.is_numbered if block.is_numbered else other.begins for other in found[start:])
    stop = next((at for at, begins in enumerate(is_next, start) if begins), len(found))
    return max((at + 1 for at in range(start, stop) if proquest.is_document(found[at].names)), default=start)


def _cut(text: str) -> Iterator[Block]:
    block, lines = Block(0), list[str]()
    for number, line in enumerate(text.split("\n"), 1):
        is_rule = RULE.fullmatch(line) is not None
        is_more = lines and line.strip() and not is_rule and field_in(line) is None
        if is_more and not document_number(lines[0]):
            lines.append(line.rstrip())
            continue
        if lines:
            block.paragraphs.append("\n".join(lines))
            lines = []
        if is_rule:
            if block.paragraphs:
                yield block
            block = Block(0)
        elif line.strip():
            block.line = block.line or number
            lines = [line.strip()]
    if lines:
        block.paragraphs.append("\n".join(lines))
    if block.paragraphs:
        block.is_open = True
        yield block


def field_in(paragraph: str) -> str | None:
    """The field that a paragraph is labelled with."""
    match = LABELLED.match(paragraph)
    return proquest.field_of(match["label"], match["value"] or "") if match else None
