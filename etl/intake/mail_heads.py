"""Heads that a mail program puts above the text of a message that it forwards or answers.

Lines that begin with labels in its language ("From:", "Von:"), often below a line that announces them. Labels and lines
as Gmail, Outlook, Thunderbird and Apple Mail write them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

_LABELS = """
from: from von de van da od fra från frá feladó lähettäjä kimden gönderen dela от від από šalje saatja kellelt nuo no
 откого מאת من 差出人 发件人 寄件者 보낸사람
date: date sent datum gesendet envoyé envoyéle verzonden inviato data datadiinvio enviado enviada enviadoel enviadaem
 enviadoem enviat fecha fechadeenvío sendt dato skickat wysłano wysłane odesláno odoslané datum отправлено изпратено
 надіслано дата lähetetty päivämäärä päiväys küldve elküldve dátum gönderildi gönderim gönderimtarihi tarih trimis
 στάλθηκε ημερομηνία poslano poslato saadetud kuupäev nosūtīts išsiųsta נשלח תאריך التاريخ 送信日時 日付 日時 发送时间
 日期 寄件日期 已傳送 보낸날짜 날짜
subject: subject betreff objet sujet onderwerp oggetto asunto assunto assumpte emne ämne efni temat předmět predmet тема
 относно aihe tárgy konu subiect θέμα zadeva teema tēma tema נושא الموضوع 件名 主题 主旨 제목
other: to an à pour aan a para pera per till til do komu кому до címzett vastaanottaja vast.ott. kime alıcı
 către προς za prima kellele adressaat kam kam אל إلى 宛先 收件人 收件者 받는사람 cc cci bcc kopie копия copie
 copia cópia kopia kopi kópia kopio másolat κοιν 抄送 副本 参照 참조 reply-to antwortan répondreà copieà
 antwoordaan antwoord-aan responderpara rispondia importance wichtigkeit priority organization attachments
 anlagen piècesjointes bijlagen allegati datosadjuntos anexos bilagor vedhæftedefiler vedlegg załączniki
 sensitivity vertraulichkeit followupflag flagstatus categories kategorien
"""
MOST_CHARACTERS_ANNOUNCING = 160
MOST_CHARACTERS_WRAPPED = 200
LONGEST_LINE = 1_000
"""Of a subject or a sender, of which as much is looked at."""
MOST_LINES_WRAPPED = 40
"""Of a list of addressees."""

_SPACE = r"[ \t\xa0\u202f*]*"
_LINE = re.compile(rf"[ \t>\xa0*]*([^\W\d_][\w. -]{{0,24}}?){_SPACE}[:：]{_SPACE}(.*)")
_FORWARDED = (
    r"\b(?:forwarded|weitergeleitet|transféré|réexpédié|inoltrat|doorgestuurd|reenviado|encaminhad|reencaminhad|"
    r"videresendt|vidarebefordra|välitetty|przekazan|přeposlan|továbbított|iletilen|пересылаем|προωθημέν|転送|转发|轉寄|전달)"
)
_FORWARDS = re.compile(
    rf"[ \t>]*(?:[-=]{{2,}}+[^\n]{{0,40}}{_FORWARDED}[^\n]{{0,80}}|[^\n]{{0,30}}{_FORWARDED}[^\n]{{0,30}}:)[ \t]*",
    re.IGNORECASE,
)
_ANNOUNCES = re.compile(r"[ \t>]*-{2,}+[ \t]*[^\W\d_][^\n]{2,60}?-{2,}[ \t]*")
_RULE = re.compile(r"[ \t>]*_{20,}[ \t]*")
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_IN_BRACKETS = re.compile(rf"[<\[](?:mailto:)?({_ADDRESS.pattern})")
_ADDRESSEES = re.compile(r"(?:(?:[^<>@;,]{0,80}<[^<>\s@]+@[^<>\s@]+>|[ \t]*[^\s<>@;,]+@[^\s<>@;,]+)[ \t]*(?:[;,]|\Z))+")
_SENTENCE = re.compile(r"[.!?]\Z|[^.;,]{78}")
"""No line of addressees ends so, or goes on for so long."""
_ON_BEHALF = re.compile(
    r"\b(?:on behalf of|im auftrag von|namens|de la part de|au nom de|en nombre de|em nome de|per conto di|"
    r"på vegne af|på vegne av|för)\b[;:]?\s*(.+)",
    re.IGNORECASE,
)
TAG = r"(?:\s*\[[^\[\]\n]{1,40}\])?"
"""What a mailing list, or a filter of mail, puts before a subject."""
_MARK = re.compile(
    rf"{TAG}\s*(?:fwd?|wg|tr|rv|enc|vs|vb|vl|vid|pd|i|ilt|doorst|re|aw|sv|antw|odp|ynt|rif|res|r|vá|απ|σχετ|πρθ|转发|轉寄|"
    r"전달|回复|答复|回覆|답장)\.?(?:\s?\[\d+\]|\^\d)?\s?[:：]|\s*\[fwd:(?=.*\]\s*\Z)",
    re.IGNORECASE,
)
_TAGGED = re.compile(rf"{TAG}(?=\s*\S)")


class Head(NamedTuple):
    """What a head states, and where in the letter it begins, with the line that announces it, and its text."""

    sender: str
    date: str
    subject: str
    top: int
    start: int
    text: int
    above: str
    """The line that announces it; '' where none does."""
    is_quoted: bool
    """Whether its lines begin with ">", as those of its text do."""

    @property
    def is_forwarded(self) -> bool:
        """Whether the line above says that a message was forwarded."""
        return _says(_FORWARDS, self.above)

    @property
    def is_announced(self) -> bool:
        """Whether the line above says that a message follows."""
        return self.is_forwarded or _says(_ANNOUNCES, self.above)

    @property
    def is_below_rule(self) -> bool:
        """Whether a line is drawn above it, as the Outlook of browsers does."""
        return _says(_RULE, self.above)

    @property
    def has_address(self) -> bool:
        """Whether its sender has an address."""
        return _ADDRESS.search(self.sender) is not None

    def is_of(self, subject: str) -> bool:
        """Whether its subject is this, but for what mail programs put before it."""
        return bool(bare(subject)) and bare(self.subject) == bare(subject)


def bare(subject: str) -> str:
    """A subject without all that mail programs and lists put before it, for comparison."""
    subject = subject[:LONGEST_LINE]
    while mark := _MARK.match(subject):
        subject = subject[mark.end() :]
        subject = subject.rstrip().removesuffix("]") if "[" in mark[0] and "]" not in mark[0] else subject
    return " ".join(_TAGGED.sub("", subject, count=1).casefold().split())


def sender_of(line: str) -> tuple[str, str]:
    """The name and the address in a line that states a sender; '' for what it lacks. Never a piece of a name."""
    line = " ".join(line[:LONGEST_LINE].replace("*", " ").split())  # what makes it bold in plain text
    behalf = _ON_BEHALF.search(line) if _ADDRESS.search(line) else None
    if behalf and _ADDRESS.search(line[: behalf.start()]):
        name, address = sender_of(behalf[1])
        return name, address or sender_of(line[: behalf.start()])[1]
    found = _IN_BRACKETS.search(line)
    if found:
        return _name(line[: found.start()], found[1]), found[1]
    found = _ADDRESS.search(line)
    if found is None:
        return _name(line, ""), ""
    comment = re.fullmatch(r"\s*\((.+)\)\s*", line[found.end() :])  # as old programs put the name
    return comment[1] if comment and not line[: found.start()].strip() else "", found[0]


def _name(given: str, address: str) -> str:
    given = given.strip()
    if len(given) > 1 and given[0] == given[-1] and given[0] in "\"'":
        given = given[1:-1].replace('\\"', '"').strip()
    return "" if given.casefold() == address.casefold() else given


class _Growing:
    """A head while its lines are read."""

    def __init__(self, start: int, top: int, above: str, is_quoted: bool) -> None:
        self.values: dict[str, str] = {}
        self.start, self.top, self.above, self.is_quoted = start, top, above, is_quoted
        self.last, self.end, self.is_interrupted = "", start, False
        self.wrapped: list[tuple[str, int]] = []
        """Lines without labels below the last one: they go on with it, or are text. Another label below them tells."""

    @property
    def is_whole(self) -> bool:
        return {"from", "subject"} <= self.values.keys() and len(self.values) > 2

    def takes(self, field: str, value: str, end: int) -> bool:
        """Takes a line with a label, and what is wrapped above it; False where it is none of this head."""
        is_over = self.is_interrupted and (self.is_whole or self.wrapped)
        if is_over or (field != "other" and field in self.values) or (self.wrapped and not self._is_wrapped()):
            return False
        self.values[self.last] = " ".join([self.values.get(self.last, ""), *(line for line, _ in self.wrapped)])
        self.values[field] = value
        self.last, self.end, self.is_interrupted = field, end, False
        self.wrapped.clear()
        return True

    def _is_wrapped(self) -> bool:
        if self.last == "from":
            return _ADDRESS.search(self.wrapped[-1][0]) is not None
        return self.last == "subject" or not (self.is_whole or any(_SENTENCE.search(line) for line, _ in self.wrapped))

    def may_wrap(self, line: str, end: int) -> bool:
        """Takes a line without a label that may go on with the one above; False where it cannot."""
        most = {"other": MOST_LINES_WRAPPED, "subject": 3, "from": 1}.get(self.last, 0)
        if self.is_interrupted or len(self.wrapped) == most or len(line) > MOST_CHARACTERS_WRAPPED:
            return False
        self.wrapped.append((line.lstrip(" \t>").rstrip(), end))
        return not _announces(line)

    def head(self, subject: str) -> Head:
        """The whole head, with those lines at its end that surely go on with the one above."""
        for line, end in self.wrapped:
            value = self.values[self.last]
            if self.last == "subject":
                is_sure = bare(subject).startswith(bare(f"{value} {line}"))
            else:
                is_sure = value.endswith((",", ";")) or _ADDRESSEES.fullmatch(line) is not None
            if not is_sure:
                break
            self.values[self.last] = f"{value} {line}" if self.last == "subject" else line
            self.end = end
        stated = self.values["from"], self.values.get("date", ""), self.values["subject"]
        return Head(*stated, self.top, self.start, self.end, self.above, self.is_quoted)


def heads(text: str, subject: str = "") -> Iterator[Head]:
    """All heads in a text, from its beginning. By the subject of the letter it is known where one ends that is wrapped.

    A head states a sender, a subject and one thing more. A blank line ends it.
    """
    head: _Growing | None = None
    above, top, start = "", 0, 0
    while start < len(text) or head is not None:
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        line = text[start:end].rstrip("\r")
        field, value = _labelled(line)
        is_blank = not line.strip(" \t>\xa0")
        if head is not None and start < len(text):
            if is_blank:
                head.is_interrupted = True
            if is_blank or (head.takes(field, value, end) if field else head.may_wrap(line, end)):
                start = end + 1
                continue
        if head is not None:
            found, head, above = head, None, ""
            if found.is_whole:
                whole = found.head(subject)
                whole = whole._replace(text=_closed(text, whole))
                yield whole
                start = whole.text + 1
                continue
        if field and field != "other":
            head = _Growing(start, top if above else start, above, line.lstrip().startswith(">"))
            head.takes(field, value, end)
        elif not is_blank:
            above, top = line if _announces(line) else "", start
        start = end + 1


def _closed(text: str, head: Head) -> int:
    """Where the text below a head begins: below the line that announces it, too, if that closes it as well."""
    start = head.text + 1
    closing, below, *_ = f"{text[start : start + LONGEST_LINE]}\n\n".split("\n", 2)
    is_closed = head.is_forwarded and closing.strip() == head.above.strip() and not _labelled(below)[0]
    return start + len(closing) if is_closed else head.text


def _labelled(line: str) -> tuple[str, str]:
    """What a line with a label states, and its value; '' where it has none."""
    match = _LINE.fullmatch(line) if ":" in line or "：" in line else None
    return (_fields().get(_squeezed(match[1]), ""), match[2].strip()) if match else ("", "")


def _announces(line: str) -> bool:
    may_announce = "--" in line or "__" in line or "==" in line or line.rstrip().endswith(":")  # which is quick
    return may_announce and any(_says(one, line) for one in (_FORWARDS, _ANNOUNCES, _RULE))


def _says(pattern: re.Pattern[str], line: str) -> bool:
    return len(line) <= MOST_CHARACTERS_ANNOUNCING and pattern.fullmatch(line) is not None


@cache
def _fields() -> dict[str, str]:
    lines = _LABELS.strip().replace("\n ", " ").splitlines()
    stated = (line.partition(": ") for line in lines)
    return {_squeezed(label): field for field, _, labels in stated for label in labels.split()}


def _squeezed(label: str) -> str:
    """A label as it is looked up. Both sides of a comparison go through here: "Προς" folds to "προσ"."""
    return "".join(label.casefold().split()).rstrip(".")
