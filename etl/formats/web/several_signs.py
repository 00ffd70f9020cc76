"""What a line of a page is by its words and its looks: a date, a headline, a label. For the scan of `several`.

No pattern repeats a repetition, because they run over untrusted pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from etl.formats.web.page_lines import Line

_YEAR = r"(?:1[3-9]|2[0156])\d\d"
DATE = re.compile(
    rf"(?<!\d){_YEAR}\s?(?P<sign>[-./年년])\s?\d{{1,2}}\s?(?:(?P=sign)|[月월])\s?\d{{1,2}}(?!\d)"
    r"|(?<!\d)\d{1,2}(?P<mark>[-./])\s?\d{1,2}(?P=mark)\s?(?:\d\d)?\d\d(?!\d)"
    rf"|(?<!\d)\d{{1,2}}(?:st|nd|rd|th|er|\.|º|ª)?[\s-](?:of |de )?[^\W\d_]{{3,14}}\.?,?[\s-](?:de |del )?{_YEAR}(?!\d)"
    rf"|(?<!\w)[^\W\d_]{{3,14}}\.?\s\d{{1,2}}(?:st|nd|rd|th)?,?\s{_YEAR}(?!\d)",
    re.I,
)
CLOCK = re.compile(r"(?<!\d)[012]?\d[:h.][0-5]\d(?!\d)(?:\s?[ap]\.?m\b|\s?uhr\b)?|(?<!\d)1?\d\s?[ap]\.?m\b", re.I)
SIGNED = re.compile(
    r"(?:by|von|par|por|di|door|av|af|autor\w{0,2}|autore|auteur|author|автор|от|text)\s{0,2}[:\s]\s{0,2}[^\W\d_]"
    r"|(?:作者|记者|記者|文)\s?[／/:：]|\S{2,20}(?:記者|记者|기자)$",
    re.I,
)
OF = re.compile(
    r"\W*(?P<before>[^\W\d_]{2,20})?\W{0,3}(?P<number>\d{1,6})\s(?:[^\W\d_]{1,5}|/)\s(?P<all>\d{1,6})"
    r"(?:\s(?P<after>[^\W\d_]{2,20}))?\W*",
)
NO_ARTICLE = re.compile(
    r"pag\w*|page\w*|seite\w*|sid[ae]\w*|str\w*|photo\w*|foto\w*|image\w*|bild\w*|slide\w*|video\w*|part\w*|teil\w*"
    r"|chapter\w*|kapitel\w*|imag\w*|стр\w*|фото\w*|step|question|frage|star\w*|stars?|rated|round|game|day|week|tag",
    re.I,
)
NUMBER = re.compile(r"[#(\[]?\s?(?:(?:no|nr|n°|№|doc\w*|art\w*)\.?\s?)?(\d{1,6})\s?[.)\]:]?(?=\s|$)", re.I)
LABEL = re.compile(r"\W?([^\W\d_][\w .'/-]{0,40}?)\s?[:：]")
TITLED = re.compile(r"title|titel|titre|titul|headline|heading|\bhead\b|\bhl\b|kop\b|rubrik|überschrift|midashi", re.I)
REMARKS = re.compile(
    r"\W*(?:\d+\s)?(?:(?:user|reader|leser)?\W?comments?|kommentare?|leserkommentare|commentaires|comentarios"
    r"|comentários|commenti|reacties|комментари\w*|评论|評論|コメント|댓글|replies|responses|discussion"
    r"|join the \w+)\b",
    re.I,
)
ANSWER = re.compile(
    r"\W*(?:reply|answer|antworten|zitieren|répondre|responder|rispondi|beantwoorden|svara?|odpowiedz|ответить"
    r"|返信|回复|回覆|답글)\b",
    re.I,
)
STATED = re.compile(
    r"(?P<before>\d[\d.,]{0,9})\s?(?:(?:\w+\s)?(?:documents?|results?|hits|articles?|records|items|dokumente?|treffer|artikel\w*"
    r"|ergebnisse|résultats?|resultad[oa]s?|documentos?|artículos|artigos|risultat[io]|documenti|articoli|resultaten"
    r"|träffar|wynik\w*|документ\w*|стат\w*|результат\w*|сообщени\w*)\b|件|건|条|篇|則|则)"
    r"|(?:total|results|hits|treffer|ergebnisse|найдено|件数|结果|結果)\W{0,3}(?P<after>\d[\d.,]{0,9})",
    re.I,
)
WIDE = re.compile(r"[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]")

_LONG = 40
"""Characters of a line that is text, not a label, a name or a button."""
_LONGEST_MARK = 160
_LONGEST_SENTENCE = 80
"""Such a line that ends as a sentence does."""
_LONGEST_HEADLINE = 250
_LONGEST_NUMBER = 12
_LONGEST_REMARKS = 60


def marks(line: Line) -> Iterator[str]:
    """What a line may begin an article as."""
    if "article" in line.opened:
        yield "article"
    if is_headline(line):
        yield "headline"
    if len(line.text) > _LONGEST_MARK:
        return
    if is_date(line):
        yield "date"
    elif SIGNED.match(line.text) and not line.text.endswith("."):
        yield "signed"
    if _is_number_of(line.text):
        yield "number"


def size(line: Line) -> int:
    """How much text it is, in characters; those that are words by themselves count for several."""
    own = len(line.text) - line.linked
    if own < _LONG // 3:
        return 0
    own += 2 * len(WIDE.findall(line.text))
    return own if own >= _LONG and not is_headline(line) else 0


def is_headline(line: Line) -> bool:
    """Whether it looks like one: a heading, bold, or called a title."""
    if not 3 <= len(line.text) <= _LONGEST_HEADLINE or line.text.endswith((":", "：")):
        return False
    return line.bold >= 0.9 * len(line.text) or TITLED.search(line.kind) is not None


def is_date(line: Line) -> bool:
    """Whether it is a short line with a date in it, and not a sentence."""
    text = line.text
    is_short = len(text) <= (_LONGEST_SENTENCE if text.endswith((".", "!", "?")) else _LONGEST_MARK)
    return is_short and DATE.search(text) is not None


def is_number(text: str) -> bool:
    """Whether it is nothing but the number of a result."""
    return len(text) <= _LONGEST_NUMBER and NUMBER.fullmatch(text) is not None


def _is_number_of(text: str) -> bool:
    """Whether it says `document 3 of 20`, in whatever language; not `page 3 of 20`."""
    found = OF.fullmatch(text)
    what = found and (found["before"] or found["after"])
    if not found or not what or NO_ARTICLE.fullmatch(what):
        return False
    return 0 < int(found["number"]) <= int(found["all"]) > 1


def is_remarks(line: Line) -> bool:
    """Whether readers' comments begin here."""
    return len(line.text) <= _LONGEST_REMARKS and REMARKS.match(line.text) is not None


def is_button(line: Line) -> bool:
    """Whether it is what a reader clicks to answer a post."""
    return len(line.text) <= _LONGEST_REMARKS and ANSWER.match(line.text) is not None


def label(text: str) -> str:
    """The label that it begins with, if its value is short; '' where there is none."""
    found = LABEL.match(text) if len(text) <= _LONGEST_MARK else None
    return found[1].casefold() if found else ""


def is_telling(text: str) -> bool:
    """Whether it says something by itself: not a number, a label or a name."""
    return len(text) + 2 * len(WIDE.findall(text)) >= _LONG // 2 and not label(text)


def names_a_source(text: str) -> bool:
    """Whether there is more in a line with a date than the date: the name of a paper."""
    return len(re.findall(r"[^\W\d_]", DATE.sub(" ", text))) > 4


def stated(line: Line) -> int:
    """How many articles this line says there are; 0 where it says nothing of them."""
    found = STATED.search(line.text) if len(line.text) <= _LONGEST_MARK and not is_date(line) else None
    digits = re.sub(r"\D", "", found["before"] or found["after"]) if found else ""
    return int(digits or 0)
