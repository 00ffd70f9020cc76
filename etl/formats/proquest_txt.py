"""ProQuest text: up to 100 documents in a file, as the site saves them ("Save as Text only").

Layout: lines of underscores around each document and around a cover ("Report Information from ProQuest"); in some
exports "Document 1 of 100" as a head; the headline; then fields, each a paragraph that begins with its label ("Full
text: "), of which only the full text has several as a rule. The labels are in the language of the interface.

A text may hold underscores, and paragraphs that begin with a label: a document ends where the next one has a head, or,
where heads have no numbers, a text or an abstract of its own; its text ends where all paragraphs up to the title of the
publication begin with known labels, each once. Directly below a document's head stands its headline, whatever it begins
with. An export ends with a line of underscores, or with how to reach ProQuest or a bibliography below one: if it does
not, its last document is looked at, and a field in which it breaks off is not believed.

Kept: all fields. Lost: the links of the library that bought the database. Not verified: written from descriptions and
from programs that read such files; no real export was at hand.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

from etl.formats.common.encoding import decode_head, unify_newlines
from etl.formats.common.markup import read_whole
from etl.formats.common.pieces import Unreadable, guarded
from etl.formats.common.utf8_stream import utf8
from etl.formats.common.whole_text import read_text
from etl.formats.vendor import endings, proquest
from etl.formats.vendor.labels import document_number
from etl.formats.vendor.proquest_blocks import LABELLED, RULE, Block, blocks_of, field_in
from etl.model import Doubt, DumpError, Feed, Piece, Reject, Skip

NATIVE_ID_IS_GLOBAL = True

LEAST_ACCOUNTED_SHARE = 0.45
"""Labels of fields stand between their values: between them no text is searched for."""

_CLOSING = re.compile(r"https?:|(?:©|\(C\)|copyright)\s*\d{4} ProQuest", re.IGNORECASE)
"""How to reach ProQuest, and whose the database is: the last block of an export."""
_LINK = re.compile(r"[^.:\n]{0,40}ProQuest[^.:\n]{0,40}")
_TITLES = """
Publication title|Título de publicación|Titre de la publication|Titel der Publikation|Titolo pubblicazione
Título da publicação|Tytuł publikacji|Название публикации|出版物のタイトル|출판물 제목|Název publikace|Publikáció címe
Utgivelsestittel|Judul publikasi|Udgivelsestitel|Publikationens titel|Publikationstitel|Publicatietitel|Yayın başlığı
出版物名称|出版物名稱
"""
_TITLED = re.compile(b"(?:%b):(?:[ \xc2\n]|$)" % "|".join(_TITLES.split("\n")).strip("|").encode())
_UNDERSCORES = re.compile(rb"^_{20,200}[^\S\n]*$", re.MULTILINE)
_CLOSED = re.compile(rb"https?:|(?:\xc2\xa9|\(c\)|copyright)\s*\d{4} proquest")
_NUMBERED = re.compile(rb"(?i:do[ck]u)\S{3,12} (\d{1,5}) \w{1,4} (\d{1,5})")
_LABEL = re.compile(rb"^[^\s:][^:\n]{1,99}:[ \xc2](?!http)", re.MULTILINE)
BEHIND_TEXT = frozenset(("publication", "published", "native_id"))
LABELLED_SHARE = 0.75
"""Of the paragraphs from the end of a text on, how many are labelled at least: a notice may have several."""
_TOPICS = frozenset(("title", *proquest.TOPICS))
_FIRST = frozenset(("title", "author", "publication_info", "abstract", "links", "body", "url")) | BEHIND_TEXT
"""Fields with which a document without a headline may begin."""


def recognise(head: bytes, name: str) -> float:
    """By a line of underscores at its beginning, the vendor's name, and the label of a text, a paper or a number."""
    text = unify_newlines(decode_head(head)).removeprefix("\ufeff").lstrip()
    names = {proquest.field_of(match[1]) for match in re.finditer(r"^([^:\n]{3,49}): ", text, re.MULTILINE)}
    return 1.0 if RULE.match(text) and "ProQuest" in text and proquest.is_document(names) else 0.0


def count_marks(stream: BinaryIO, feed: Feed) -> int:
    """The lines that number a document, or those that begin with the label of its publication, if they are more; and
    what is begun below the last line of underscores without either."""
    data = read_whole(utf8(stream, feed.encoding)).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    end = max((match.end() for match in _UNDERSCORES.finditer(data)), default=0)
    numbers = [match.groups() for line in io.BytesIO(data) if (match := _number_in(line))]
    titled = sum(1 for line in io.BytesIO(data) if _TITLED.match(line))
    is_whole = bool(numbers) and int(numbers[-1][0]) >= int(numbers[-1][1])
    return max(len(numbers), titled) + (not is_whole and _is_begun_in(data[:end], data[end:].strip()))


def _number_in(line: bytes) -> re.Match[bytes] | None:
    return _NUMBERED.fullmatch(line.strip()) if len(line) < 80 else None


def _is_begun_in(above: bytes, rest: bytes) -> bool:
    """Whether what stands below all documents begins another: with a label that they have, or a headline alone."""
    if not rest or any(_number_in(line) or _TITLED.match(line) for line in io.BytesIO(rest)):
        return False
    is_labelled = set(_LABEL.findall(above)) & set(_LABEL.findall(rest))
    return bool(is_labelled) or not (_CLOSED.search(rest.lower()) or re.search(rb"\n[^\S\n]*\n", rest))


def read(stream: BinaryIO, feed: Feed) -> Iterator[Piece]:
    """A record for each document, a Reject for one without fields or that breaks off above its text; a Skip for the
    cover and for what follows the last one; the total that is stated.

    Raises DumpError where there is no document, or it is not text.
    """
    text, doubts = read_text(stream, feed.encoding)
    blocks = list(blocks_of(text))
    numbers = [number for block in blocks for text in block.paragraphs[:1] if (number := document_number(text))]
    documents = [block for block in blocks if block.is_document]
    if not any(block.begins for block in blocks):
        raise DumpError(
            "holds no document with a text or an abstract between lines of underscores; expected one with 'Full text:' "
            "or 'Abstract:'; save the documents from ProQuest again, with their full text"
        )
    yield from doubts
    exports = endings.runs(numbers)
    yield from endings.stated(exports) if len(numbers) == len(documents) else endings.doubts(exports)
    *_, last = blocks
    if not last.is_open or not last.is_document:
        is_whole = bool(exports) and not endings.is_short(exports)
        last.is_cut = last.is_open and not is_whole and _is_begun(last, documents)
        yield from _pieces(blocks)
    elif endings.lacks_end(documents, _fields_below):
        yield from endings.with_open_end(_pieces(blocks), is_sure=True)
    else:
        last.is_cut = bool(_fields_below(last)) and not text.endswith("\n") and not _ends_with_like_value(documents)
        yield from _pieces(blocks)
        if last.is_cut or not _ends_like_others(documents):
            yield Doubt(
                "the last document breaks off among its fields, so facts of it may be missing (what it ends with is in "
                "`extra`); export or send the file again"
            )


def _ends_like_others(documents: list[Block]) -> bool:
    """Whether the last document has the last label of another one, or there are no others."""
    *others, last = documents
    labels = {_label(paragraph) for paragraph in last.paragraphs}
    return not others or any(_label(other.paragraphs[-1]) in labels for other in others)


def _ends_with_like_value(documents: list[Block]) -> bool:
    """Whether the last field of the last document is that of another one, but for its digits."""
    *others, last = (re.sub(r"\d", "0", document.paragraphs[-1]) for document in documents)
    return last in others


def _is_begun(block: Block, documents: list[Block]) -> bool:
    """Whether a block below all documents begins another: with a label that they have, or a headline alone."""
    labels = {_label(paragraph) for document in documents for paragraph in document.paragraphs} - {""}
    is_labelled = any(_label(paragraph) in labels for paragraph in block.paragraphs)
    return is_labelled or not (len(block.paragraphs) > 1 or _CLOSING.search(block.paragraphs[0]))


def _label(paragraph: str) -> str:
    match = LABELLED.match(paragraph)
    return match["label"] if match else ""


def _fields_below(block: Block) -> frozenset[str]:
    """The fields that stand below the text of a document, or below its abstract; "Publication info" stands above."""
    names = block.names
    text = next((names.index(name) for name in ("body", "abstract") if name in names), -1)
    return BEHIND_TEXT.intersection(filter(None, names[text + 1 :]))


def _pieces(blocks: list[Block]) -> Iterator[Piece]:
    for block in blocks:
        position, text = f"line {block.line}", "\n\n".join(block.paragraphs)
        if block.is_document:
            yield guarded(partial(_record, block, position), position, partial(text.encode, "utf-8", "replace"))
        elif block.is_cut:
            reason = "the file breaks off above the text of this document; export or send it again"
            yield Reject(position, reason, text.encode("utf-8", "replace"))
        else:
            yield Skip(position, "cover page", text)


def _record(block: Block, position: str) -> Piece:
    paragraphs = [text for text in block.paragraphs if not _LINK.fullmatch(text)]
    if paragraphs and document_number(paragraphs[0]):
        del paragraphs[0]
    names = [field_in(paragraph) for paragraph in paragraphs]
    if not any(names):
        raise Unreadable("has no labelled fields, such as 'Publication title:'; save it from ProQuest again")
    title = next((_value(text) for text, name in zip(paragraphs, names, strict=True) if name == "title"), "")
    first = _end_of_headline(paragraphs, names, title)
    start = names.index("body", first) if "body" in names[first:] else None
    end = _end_of_text(paragraphs, names, start + 1) if start is not None else len(names)
    fields: list[tuple[str, list[str]]] = []
    for at, paragraph in enumerate(paragraphs[first:], first):
        match = LABELLED.match(paragraph)
        is_text = start is not None and start < at < end
        if match and not is_text and (names[at] or at >= end):
            fields.append((match["label"], [(match["value"] or "").strip()]))
        else:
            fields[-1][1].append(paragraph)
    above = [" ".join(text.split("\n")) for text in paragraphs[:first]]
    headline = title if title in above else next(iter(above), "")
    if headline:
        above.remove(headline)
    broken = _without_end(fields) if block.is_cut and not _LINK.fullmatch(block.paragraphs[-1]) else ""
    joined = ((label, "\n\n".join(parts).strip()) for label, parts in fields)
    return proquest.record(position, headline, joined, {"below_headline": "\n".join(above), "breaks_off": broken})


def _without_end(fields: list[tuple[str, list[str]]]) -> str:
    """The last paragraph of the fields, which is no longer in them."""
    _, paragraphs = fields[-1]
    broken = paragraphs.pop()
    return broken if paragraphs else f"{fields.pop()[0]}: {broken}"


def _value(paragraph: str) -> str:
    return " ".join(paragraph.partition(":")[2].split())


def _end_of_headline(paragraphs: list[str], names: list[str | None], title: str) -> int:
    """Where the fields of a document begin. A headline may begin like a field: it is one if it is the title, or where
    no title is stated and no field comes first that has that name."""
    first = next((at for at, name in enumerate(names) if name), len(names))
    if first or not names:
        return first
    is_headline = " ".join(paragraphs[0].split()) == title if title else names[0] not in _FIRST
    return next((at for at, name in enumerate(names) if at and name), len(names)) if is_headline else 0


def _end_of_text(paragraphs: list[str], names: list[str | None], start: int) -> int:
    """Where the fields behind a text begin: at the first of those with labels, each once, right above the title of the
    publication. One label among them may be unknown. Where there is no title, nearly all from there on have one."""
    behind = [at for at in range(start, len(names)) if names[at] == "publication"]
    if not behind:
        return _end_by_share(paragraphs, names, start)
    end, seen = behind[-1], {"publication"}
    while end > start:
        above = end - 1
        if not names[above] and LABELLED.match(paragraphs[above]) and above > start and names[above - 1] in _TOPICS:
            above -= 1
        name = names[above]
        if name is None or name in seen:
            break
        end = above
        seen.add(name)
    return end


def _end_by_share(paragraphs: list[str], names: list[str | None], start: int) -> int:
    labels: set[str] = set()
    labelled, end = 0, len(paragraphs)
    for at in reversed(range(start, len(paragraphs))):
        match = LABELLED.match(paragraphs[at])
        labelled += match is not None
        if match and names[at]:
            if match["label"] in labels:
                return end
            labels.add(match["label"])
            if labelled >= LABELLED_SHARE * (len(paragraphs) - at):
                end = at
    return end
