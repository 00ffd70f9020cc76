"""What a line of a page is by its words and its looks: a date, a headline, a label. For the scan of `several`.

No pattern repeats a repetition, because they run over untrusted pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from etl.formats.web.page_lines import Line
from etl.formats.web.sentences import SENTENCE_ENDS

_YEAR = r"(?:(?:1[3-9]|2[0156])\d\d|(?:(?![0-9])\d){4})"
"""Of the calendars of the West, of Iran and of Thailand; in other digits, any."""
_LETTER = r"[^\s\d!-/:-@\[-`{-~\xa0-\xa9\xab-\xb9\xbb-\xbf\u2000-\u206f\u3000-\u303f\uff00-\uff0f]"
"""Also a vowel that combines with a letter, which Python counts among no letters."""
_MONTHS = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mär|mai|okt|dez|janv|févr|avr|juin|juil|août|déc|ene|abr|ago"
    r"|dic|maj|mrt|mei|gen|mag|giu|lug|set|ott|fev|out|янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек)"
)
DATE = re.compile(
    rf"(?<!\d){_YEAR}\s?(?P<sign>[-./年년])\s?\d{{1,2}}\s?(?:(?P=sign)|[月월])\s?\d{{1,2}}(?!\d)"
    r"|(?<!\d)\d{1,2}(?P<mark>[-./])\s?\d{1,2}(?P=mark)\s?(?:\d\d)?\d\d(?!\d)"
    rf"|(?<!\d)\d{{1,2}}(?:st|nd|rd|th|er|\.|º|ª)?[\s-](?:of |de )?{_LETTER}{{2,14}}(?:\.{_LETTER}{{1,4}})?\.?,?[\s-]"
    rf"(?:de |del |{_LETTER}{{1,3}}\.{_LETTER}{{1,3}}\.\s?)?{_YEAR}(?!\d)"
    rf"|(?<!\w){_LETTER}{{3,14}}\.?\s\d{{1,2}}(?:st|nd|rd|th)?,?\s{_YEAR}(?!\d)"
    rf"|(?<!\w)\d{{1,2}}-{_MONTHS}{_LETTER}{{0,6}}-\d\d(?!\d)"
    r"|(?<![\w.,])(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?![\w,])"
    r"|(?:明治|大正|昭和|平成|令和|民國|民国)\s?(?:\d{1,3}|元)年\s?\d{1,2}月\s?\d{1,2}日"
    r"|[〇一二三四五六七八九十]{2,4}年[〇一二三四五六七八九十]{1,3}月[〇一二三四五六七八九十]{1,3}日"
    rf"|(?<!\w)\d{{1,2}} tháng \d{{1,2}},? (?:năm )?{_YEAR}(?!\d)",
    re.I,
)
DATE_IN_PART = re.compile(
    rf"(?<!\w)(?:mon|tue|wed|thu|fri|sat|sun){_LETTER}{{0,6}}[.,]?\s"
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\s{_MONTHS}{_LETTER}{{0,7}}|{_MONTHS}{_LETTER}{{0,7}}\s\d{{1,2}})(?!\w)"
    rf"|(?<!\w){_MONTHS}{_LETTER}{{0,7}}\.?\s{_YEAR}(?!\d)",
    re.I,
)
"""A date without a year, or without a day: less sure."""
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
LABEL = re.compile(
    rf"\W?({_LETTER}[^!-&(-,:-@\[-^`{{-~\xa0-\xbf\u2000-\u206f\u3000-\u303f\uff00-\uff20]{{0,40}}?)"
    r"\s?[:：]|【([^【】]{1,12})】"
)
NAMED_TITLE = re.compile(
    r"head(?:ing|line)?|hl|title|titel|titre|título|titulo|titolo|überschrift|schlagzeile|kop|rubrik|заголовок|название"
    r"|見出し|題名|タイトル|标题|標題|제목|शीर्षक|العنوان|عنوان|หัวข้อ|หัวเรื่อง|tiêu đề|başlık|tytuł|otsikko",
    re.I,
)
SEPARATOR = re.compile(r"(?:https?://|www\.)\S+$|(?:©|\(c\)|copyright\b).{0,100}$", re.I)
"""What a database prints between two articles: an address, or whose they are."""
PRINTED_AT = re.compile(r".{3,90}\b(?:pp?|pg|pages?|s|seite|str|с|стр)\.\s?[A-Z]?\d{1,4}\W{0,2}$", re.I)
"""Where an article was printed: a name and a page."""
PAGE = re.compile(
    r"(?<!\w)(?:pp?|pg|page|s|seite|str|с|стр|sid|blz|pág|pag)\b\.?\s?[A-Z]?\d{1,4}\b|\d\s?[面版면]", re.I
)
OF_PAPERS = re.compile(
    r"papers say|press (?:review|clipping|cutting|digest|summar)|review of the press|clippings"
    r"|presse(?:schau|spiegel|echo|stimmen)|revue de (?:la )?presse|(?:revista|resumen) de (?:la )?prensa"
    r"|rassegna stampa|persoverzicht|knipselkrant|przegląd prasy|обзор (?:прессы|печати)|(?:revista|resumo) d[ae] impr"
    r"|切り抜き|剪报|剪報|언론 보도",
    re.I,
)
"""The headline of a collection of articles from papers."""
OF_PIECES = re.compile(
    r"\W*(?:letters?|readers[’']? letters|your views|in brief|briefs?|news in brief|obituar|deaths|births|diary"
    r"|timeline|chronolog|leserbrief|leserzuschrift|briefe an|nachruf|todesanzeigen|kurz (?:notiert|gemeldet)"
    r"|tagebuch|chronik|courrier des lecteurs|lettres|nécrolog|brèves|cartas|necrológ|obituario|breves|lettere"
    r"|necrolog|brieven|ingezonden|overleden|listy|nekrolog|insändare|læserbrev|leserbrev|письма|некролог|読者の声|投書|訃報|读者来信"
    r"|讀者來信|讣告|訃聞|독자 투고|부고)",
    re.I,
)
"""The beginning of the headline of one article that papers make of pieces, each with a date of its own."""
COUNTED = re.compile(r"\W*(\d{1,4})\s?(?:of|von|de|sur|di|van|av|из|/|／)\s?(\d{1,4})\W*", re.I)
OF_ARTICLES = re.compile(
    r"(?:^|>)(?:div|section|li|td)\.(?:doc(?:ument)?|article|story|record|result|hit|clip(?:ping)?|news(?:-?item)?"
    r"|artikel|dokument|beitrag|meldung|noticia|treffer)\d*\b(?!-)",
    re.I,
)
"""Elements named after an article."""
ELSEWHERE = re.compile(
    r"\W*(?:up next|read next|(?:also|further) read(?:ing)?|more (?:from|on|in|stories|news|like this)"
    r"|related\b|recommended|you (?:may|might) also|most (?:read|popular)|don['’]?t miss|à lire|lire aussi|sur le même"
    r"|lesen sie auch|mehr zum thema|das könnte|weitere (?:artikel|meldungen)|leggi anche|te puede interesar"
    r"|lea también|leia também|lees ook|meer over|читайте также|関連記事|相关新闻|相关阅读)",
    re.I,
)
"""The beginning of a line over what points at other articles."""
MORE = re.compile(
    r"\W*(?:(?:read|see|view) (?:more|on|the)|continue reading|full (?:story|article)|more\W*$|lire (?:la suite|plus)"
    r"|weiterlesen|mehr\W*$|zum artikel|lees (?:meer|verder)|leggi (?:tutto|di più)|(?:leer|seguir leyendo|ver) más"
    r"|(?:leia|ler|saiba) mais|l[äe]s mer|læs mere|lue lisää|czytaj|celý článek|číst|devamı|чита(?:ть|ти)|подробнее"
    r"|続きを読む|阅读全文)",
    re.I,
)
"""What a reader clicks to read a text of which this is the beginning."""
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
WIDE = re.compile(r"[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]")

_LONG = 40
"""Characters of a line that is text, not a label, a name or a button."""
LONGEST_MARK = 160
_LONGEST_SENTENCE = 80
"""Such a line that ends as a sentence does."""
_LONGEST_HEADLINE = 250
_LONGEST_NUMBER = 12
_LONGEST_REMARKS = 60
_LEAST_WHOLE = 400
_SOURCE = re.compile(r"[(\[（]([^()\[\]（）]{8,80})[)\]）]\W{0,3}$")
_NAME = re.compile(r"[^\W\d_]{2}")
_DIGIT = re.compile(r"[\d〇一二三四五六七八九十元]")
_LEVEL = re.compile(r"(?:^|>)h([1-6])\.")


def marks(line: Line) -> Iterator[str]:
    """What a line may begin an article as."""
    if "article" in line.opened:
        yield "article"
    if is_headline(line):
        yield "headline"
    if is_whole(line):
        yield "whole"
    if len(line.text) > LONGEST_MARK:
        return
    if "checkbox" in line.opened:
        yield "box"
    if (found := COUNTED.fullmatch(line.text)) and 0 < int(found[1]) <= int(found[2]) > 1:
        yield "of"
    if NAMED_TITLE.fullmatch(label(line.text) or line.text):
        yield "titled"
    if is_date(line):
        yield "date"
    elif PRINTED_AT.fullmatch(line.text):
        yield "printed"
    elif len(line.text) <= _LONG and ("datetime" in line.opened or DATE_IN_PART.search(line.text)):
        yield "time"
    elif SIGNED.match(line.text) and not line.text.endswith("."):
        yield "signed"
    if _is_number_of(line.text):
        yield "number"


def size(line: Line) -> int:
    """How much text it is, in characters; those that are words by themselves count for several."""
    own = len(line.text) - line.linked
    if own < _LONG // 3:
        return 0
    own += _wide(line.text)
    return own if own >= _LONG and not is_headline(line) else 0


def _wide(text: str) -> int:
    """By how much text is longer than its characters."""
    return 0 if text.isascii() else 2 * len(WIDE.findall(text))


def is_headline(line: Line) -> bool:
    """Whether it looks like one: a heading, bold, or called a title."""
    if not 3 <= len(line.text) <= _LONGEST_HEADLINE or line.text.endswith((":", "：")):
        return False
    return line.bold >= 0.9 * len(line.text) or TITLED.search(line.kind) is not None


def is_date(line: Line) -> bool:
    """Whether it is a short line with a date in it, and not a sentence."""
    text = line.text
    is_short = len(text) <= (_LONGEST_SENTENCE if text.endswith(SENTENCE_ENDS) else LONGEST_MARK)
    return is_short and _has_date(text)


@lru_cache(maxsize=2**12)
def _has_date(text: str) -> bool:
    """Cached, because it is asked of the same line again and again."""
    return _DIGIT.search(text) is not None and DATE.search(text) is not None


def is_whole(line: Line) -> bool:
    """Whether it is an article in one line: bold words, right after them a date, and sentences."""
    is_bold_first = line.kind.rpartition(">")[2].partition(".")[0] in ("b", "strong")
    if not is_bold_first or not 3 <= line.bold <= _LONGEST_HEADLINE or len(line.text) < _LEAST_WHOLE:
        return False
    return DATE.search(line.text[line.bold : line.bold + _LONGEST_SENTENCE]) is not None


def is_sourced(line: Line) -> bool:
    """Whether it is a text that ends with its source in brackets: a name and a date."""
    end = _SOURCE.search(line.text[-_LONGEST_SENTENCE:]) if len(line.text) >= _LEAST_WHOLE else None
    return end is not None and DATE.search(end[1]) is not None and _NAME.search(DATE.sub(" ", end[1])) is not None


def is_signed_or_dated(line: Line) -> bool:
    """Whether it says who wrote an article, or when."""
    return is_date(line) or "datetime" in line.opened or SIGNED.match(line.text) is not None


def is_of_words(text: str) -> bool:
    """Whether it is more than a name."""
    return len(text.split()) > 2 or len(WIDE.findall(text)) > 4


def level(line: Line) -> int | None:
    """Of which level of headings it is."""
    found = _LEVEL.search(line.kind)
    return int(found[1]) if found else None


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
    """Whether readers' comments may begin here. What also names a date is of the section Comment."""
    return len(line.text) <= _LONGEST_REMARKS and REMARKS.match(line.text) is not None and not is_date(line)


def is_elsewhere(line: Line) -> bool:
    """Whether what points at other articles may begin here."""
    return len(line.text) <= _LONGEST_REMARKS and ELSEWHERE.match(line.text) is not None


def is_more(line: Line) -> bool:
    """Whether it is what a reader clicks to read the rest."""
    return len(line.text) <= _LONGEST_REMARKS and MORE.match(line.text) is not None


def is_button(line: Line) -> bool:
    """Whether it is what a reader clicks to answer a post."""
    return len(line.text) <= _LONGEST_REMARKS and ANSWER.match(line.text) is not None


def label(text: str) -> str:
    """The label that it begins with, if its value is short; '' where there is none."""
    found = LABEL.match(text) if len(text) <= LONGEST_MARK else None
    return (found[1] or found[2]).casefold() if found else ""


def is_telling(text: str) -> bool:
    """Whether it says something by itself: not a number, a label or a name."""
    return len(text) + 2 * len(WIDE.findall(text)) >= _LONG // 2 and not label(text)


def names_a_page(text: str) -> bool:
    """Whether a line with a date also says on which page of a paper something was printed."""
    return PAGE.search(DATE.sub(" ", text)) is not None


def names_a_source(text: str) -> bool:
    """Whether there is more in a line with a date than the date: the name of a paper."""
    return len(re.findall(r"[^\W\d_]", DATE.sub(" ", text))) > 4
