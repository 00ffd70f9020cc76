"""How many articles an export of LexisNexis holds, counted in its bytes and not as its readers cut it.

Each article has a number, or an end; and it states its length, its language and the day it was loaded once. What is
taken for a number here is any short line `word 3 word 10`, or `3 word 10 word`, that states the same total as one
that speaks of documents; a label is known by what follows it. So an article whose number is written in a way that the
reader does not know, or is lost, still counts. The patterns are bytes: they fit UTF-8 and the codecs of one byte, and
UTF-16 without its zeros.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

_PARTS = {
    b"word": rb"[^\s\d:.,;]{1,20}",
    b"blank": rb"[ \t\xa0\xc2]",  # a no-break space has one or two of these bytes
    b"number": rb"\d[\d.,]{0,8}",
    b"load_date": rb"(?:LOAD|LAA[DT]|LADE|UP)[A-Z-]{0,8}DAT|(?:DAT[EA]|FECHA)-[A-Z-]{0,6}CA?[HR]",
}
_NUMBERED = re.compile(
    rb"^(?:%(blank)b{8,90}|\t+)(?:%(word)b%(blank)b?-%(blank)b?)?(%(word)b%(blank)b)?(%(number)b)"
    rb"(?:%(blank)b%(word)b%(blank)b|%(blank)b?/%(blank)b?)(%(number)b)(%(blank)b%(word)b)?%(blank)b*$" % _PARTS,
    re.MULTILINE,
)
_DOCUMENT = re.compile(rb"do[ck]um", re.IGNORECASE)
_LENGTH = re.compile(
    rb"^%(blank)b*(?:L[^\s:\d]{1,6}NG[^\s:\d]{0,5}|UMFANG|EXTENS[^\s:\d]{1,4}|COMPRIMENTO|TAMANHO)%(blank)b?:"
    rb"%(blank)b{0,4}%(number)b%(blank)b{1,3}(?:w|mot|pala|paro)[^\s\d]{0,14}%(blank)b*$" % _PARTS,
    re.MULTILINE | re.IGNORECASE,
)
_LANGUAGE = re.compile(
    rb"^%(blank)b*(?:LANGU[AE]|SPRACHE|TAAL|IDIOMA|LINGUA)[A-Z]{0,3}%(blank)b?:%(blank)b*"
    rb"[A-Z\x80-\xff][A-Z\x80-\xff;,/ ]{1,60}$" % _PARTS,
    re.MULTILINE,
)
_LOADED = re.compile(
    rb"^%(blank)b*(?:%(load_date)b)[A-Z-]{0,12}%(blank)b?:[^\n]{1,30}(?:19|20)\d\d%(blank)b*$" % _PARTS,
    re.MULTILINE | re.IGNORECASE,
)
_FULL = re.compile(rb"<DOCFULL>", re.IGNORECASE)
_BLOCK = re.compile(rb"</?(?:p|div|br|table|tr|h\d)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(rb"<[^<>]*>")
_END = re.compile(rb"\s*(?:end|fin|fim|einde)[^\d.:;]{1,20}do[ck]um[^\d.:;]{1,8}\s*", re.IGNORECASE)
_ERROR_PAGE = b"We are sorry but there is an error in this document"


def in_text(data: bytes) -> int:
    """The articles of a text export."""
    data = _plain(data)
    numbers = list(_new_numbers(data))
    starts = [0, *(match.start() for match in numbers), len(data)]
    return sum(_articles(data[start:end], at > 0) for at, (start, end) in enumerate(pairwise(starts)))


def in_html(data: bytes) -> int:
    """The articles of a page: the comments that open one, or what its text numbers, if more."""
    lines = _TAG.sub(b"", _BLOCK.sub(b"\n        ", _plain(data).replace(b"\n", b" ").replace(b"&nbsp;", b" ")))
    return max(len(_FULL.findall(data)), in_text(lines))


def in_paragraphs(texts: Iterable[bytes]) -> int:
    """The articles of a document in Word, by its paragraphs' texts."""
    count = 0
    held: list[bytes] = []
    for text in texts:
        if _END.fullmatch(text):
            count += _articles(b"\n".join(held), True)
            held = []
        else:
            held.append(text)
    return count + _articles(b"\n".join(held), False)


def _plain(data: bytes) -> bytes:
    return data.replace(b"\xef\xbb\xbf", b"").replace(b"\0", b"").replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _new_numbers(data: bytes) -> Iterator[re.Match[bytes]]:
    """The lines that number a document, without those that a text repeats: no length follows them."""
    lines = [match for match in _NUMBERED.finditer(data) if bool(match[1]) != bool(match[4])]
    totals = {match[3] for match in lines if _DOCUMENT.search(match[0])}
    lines = [match for match in lines if match[3] in totals]
    ends = [*(match.start() for match in lines[1:]), len(data)]
    seen: set[bytes] = set()
    total = b""
    for match, end in zip(lines, ends, strict=False):
        begins_anew = match[2] == b"1" and total in seen
        if match[3] != total or begins_anew or (match[2] in seen and _LENGTH.search(data, match.end(), end)):
            seen.clear()
        if match[2] not in seen:
            yield match
        total = match[3]
        seen.add(match[2])


def _articles(text: bytes, is_marked: bool) -> int:
    """How many articles a stretch of text has by the labels that each has once, and by what marks its begin or end.

    An error page in the place of an article has no labels.
    """
    labels = max(sum(1 for _ in kind.finditer(text)) for kind in (_LENGTH, _LANGUAGE, _LOADED))
    return max(int(is_marked), labels + text.count(_ERROR_PAGE))
