"""A newsletter that somebody forwarded, and replies: whose text a letter is.

A mail program puts the head of the message that it forwards above its text: lines that begin with labels in its
language ("From:", "Von:"), below a line that announces it. Who published it, when, and its subject are those of that
head, and never those of who forwarded it. Labels and lines as Gmail, Outlook, Thunderbird and Apple Mail write them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from lxml import etree

from etl.formats.common.markup import BLOCKS, decode_page, local_name, parse_html

_LABELS = """
from: from von de van da od fra från от feladó lähettäjä kimden 差出人 发件人 寄件者 보낸사람
date: date sent datum gesendet envoyé verzonden inviato data enviado enviadoel fecha sendt dato skickat wysłano wysłane
 odesláno datum отправлено дата lähetetty päivämäärä küldve dátum gönderildi tarih 送信日時 日付 日時 发送时间 日期
 寄件日期 보낸날짜 날짜
subject: subject betreff objet onderwerp oggetto asunto assunto emne ämne temat předmět тема aihe tárgy konu 件名 主题
 主旨 제목
other: to an à aan a para per till til do komu кому címzett vastaanottaja kime 宛先 收件人 收件者 받는사람 cc kopie
 копия copie copia kopia kopi kópia reply-to antwortan répondreà antwoordaan importance wichtigkeit priority
 organization
"""
MOST_WORDS_ABOVE = 150
"""Of what the forwarder says before it."""
LOOKED_AT_BYTES = 200_000
"""Of a letter, to see whether it quotes."""
LONGEST_ANNOUNCED = 160
MOST_HEADS = 10
"""Of a message that was forwarded again and again."""

_LINE = re.compile(r"[ \t>\xa0*]*([^\W\d_][\w -]{0,24}?)[ \t\xa0*]*[:：][ \t\xa0*]*(.*)")
_ANNOUNCED = re.compile(
    r"[ \t>]*(?:-{2,}[^\n]{3,60}-{2,}|_{20,}|[^\n]{0,20}\b(?:forwarded|weitergeleitete\w*|transféré|réexpédié|"
    r"inoltrato|doorgestuurd|reenviado|encaminhada|videresendt|vidarebefordrat|przekazan\w+|пересылаем\w+)\b"
    r"[^\n]{0,40}:?)[ \t]*",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"\s*(?:fwd?|wg|tr|rv|enc|vs|vb|vl|vid|pd|i|ilt|doorst|转发|轉寄|전달)\s?[:：]\s*|\s*\[fwd:\s*",
    re.IGNORECASE,
)
_SURELY_FORWARDED = re.compile(r"\s*(?:fwd?|wg|转发|轉寄|전달)\s?[:：]|\s*\[fwd:", re.IGNORECASE)
_REPLIED = re.compile(
    r"\s*(?:re|aw|sv|antw|odp|ynt|rif|res|回复|答复|回覆|답장)(?:\s?\[\d+\]|\^\d)?\s?[:：]", re.IGNORECASE
)
_SIGN = re.compile(rb"gmail_quote|moz-forward|divRplyFwdMsg|-{5,}|_{20,}|forwarded message", re.IGNORECASE)
_QUOTED = re.compile(
    r"^(?:>|&gt;)|<blockquote[^<>]{0,200}\bcite\b|gmail_quote|moz-cite|yahoo_quoted|divRplyFwdMsg", re.I | re.M
)


class Original(NamedTuple):
    """What the head of a forwarded message states, and where in the letter the head and the text below it begin."""

    sender: str
    date: str
    subject: str
    head: int
    text: int


def is_forwarded(subject: str) -> bool:
    """Whether a subject is surely that of a forward."""
    return _SURELY_FORWARDED.match(subject) is not None


def plain_subject(subject: str) -> str:
    """A subject without what a mail program put before it."""
    return _FORWARDED.sub("", subject, count=1).removesuffix("]" if subject.lstrip().startswith("[") else "").strip()


def is_reply(subject: str, is_in_reply: bool, content: bytes) -> bool:
    """Whether a letter answers another one: by its subject, and that it says which one, or quotes from it."""
    return _REPLIED.match(subject) is not None and (
        is_in_reply or _QUOTED.search(content.decode("latin-1")) is not None
    )


def may_forward(content: bytes, subject: str) -> bool:
    """Whether a page may forward a message: by its subject, or by what a program announces that with."""
    return _FORWARDED.match(subject) is not None or _SIGN.search(content) is not None


def original(text: str, subject: str) -> Original | None:
    """The message that a letter forwards; the innermost, where there are several. None where it is none."""
    found: Original | None = None
    for _ in range(MOST_HEADS):
        start = found.text if found else 0
        head = _head(text, start, is_announced=found is not None or _FORWARDED.match(subject) is not None)
        if head is None:
            return found
        found = head._replace(head=found.head if found else head.head)
    return found


def _head(text: str, start: int, is_announced: bool) -> Original | None:
    """The first head behind `start` that little stands above, and a line that announces it, unless its subject does."""
    values: dict[str, str] = {}
    words, head, end, last = 0, start, start, ""
    for line_start, line in _lines(text, start):
        match = _LINE.fullmatch(line)
        field = _fields().get(_squeezed(match[1])) if match else None
        if match and field and (field == "other" or field not in values):
            head = head if values else line_start
            values.setdefault(field, match[2].strip())
            end = line_start + len(line)
        elif line.strip():
            is_whole = {"from", "subject"} <= values.keys() and len(values) > 2
            if is_whole and (is_announced or _announces(last)):
                return Original(values["from"], values.get("date", ""), values["subject"], head, end)
            words += len(line.split())
            values, last = {}, line
            if words > MOST_WORDS_ABOVE:
                return None
    return None


def _announces(line: str) -> bool:
    return len(line) <= LONGEST_ANNOUNCED and _ANNOUNCED.fullmatch(line) is not None


def _lines(text: str, start: int) -> Iterator[tuple[int, str]]:
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield start, text[start:end].rstrip("\r")
        start = end + 1


@cache
def _fields() -> dict[str, str]:
    lines = _LABELS.strip().replace("\n ", " ").splitlines()
    return {label: field for field, _, labels in (line.partition(": ") for line in lines) for label in labels.split()}


def _squeezed(label: str) -> str:
    return "".join(label.casefold().split())


class Page(NamedTuple):
    """The texts of a page in lines, and the places that each of them has."""

    text: str
    places: list[tuple[int, etree._Element, str]]
    root: etree._Element

    def without(self, end: int) -> bytes:
        """The page without its texts before `end`, in UTF-8 with a mark of it."""
        for start, element, name in self.places:
            if start < end:
                setattr(element, name, None)
        return b"\xef\xbb\xbf" + etree.tostring(self.root, encoding="utf-8", method="html")


def page_of(content: bytes) -> Page:
    """A page as lines. Raises DumpError where it cannot be read."""
    root = parse_html(decode_page(content, None)[0].encode("utf-8", "replace"), "utf-8")
    parts: list[str] = []
    places: list[tuple[int, etree._Element, str]] = []
    length = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        name = local_name(element)
        is_shown = isinstance(element.tag, str) and name not in ("head", "style", "script", "title")
        text = element.text if event == "start" and is_shown else element.tail if event == "end" else None
        if name in BLOCKS or (name in ("br", "td") and event == "end"):
            parts.append("\n")
            length += 1
        if text and text.strip():
            places.append((length, element, "text" if event == "start" else "tail"))
            parts.append(re.sub(r"\s+", " ", text))
            length += len(parts[-1])
    return Page("".join(parts), places, root)
