"""Lines of a page that say when the article was published, and hardly more: a date, perhaps with a weekday, a time, a
place, a byline, or the word "Published". A date in a sentence, an entry or a caption says something else."""

from __future__ import annotations

import re

from etl.formats.web.sentences import SENTENCE_ENDS
from etl.normalise._calendar_words import key_of, months, weekdays
from etl.normalise._date_words import MONTHS, WEEKDAYS, plain

DATE_SIGN = "\0"
"""What stands in a line in place of each date."""

_LABEL_WORDS = """
a à al alle am as às at au date datum de del den der die di dia du el em en et first from ghi gmt h hora horas hrs
ora ore hours il in ist klo kl last le los min mins minute minutes minuten minuti minutos no o of om on op original
originally pm read reading lesezeit story time today um uhr utc und and y e vom von zuletzt zum est edt cst cdt mst
mdt pst pdt et pt cet cest hst ist bst mez mesz wib
created date-line dated issued modified posted posté published publish publication release released revised
edited updated update uploaded
aktualisiert bearbeitet erschienen erstellt geändert online publiziert stand veröffentlicht veröffentlichung
créé jour mis mise modifié modifiée paru parution publié publiée
actualizada actualizado creado fecha modificado publicada publicado publicación atualizada atualizado publicação
data aggiornato pubblicata pubblicato pubblicazione modificato
bijgewerkt gepubliceerd geplaatst gewijzigd opdateret oppdatert publicerad publicerat publiceret publisert
uppdaterad julkaistu päivitetty dodano opublikowano publikacja aktualizacja zaktualizowano publikováno aktualizováno
megjelent frissítve publicat actualizat yayın yayınlanma tarihi güncelleme güncellendi giriş diperbarui diterbitkan
ditayangkan terbit đăng lúc ngày cập nhật
дата обновлено изменено опубликовано опубликована публикации создано обновление оновлено опубліковано
发布 发布时间 发布于 时间 日期 发表 更新 更新时间 公開 公開日 掲載 配信 投稿日 投稿 更新日 更新日時 最終更新
来源 來源 發布 發布時間 時間 更新時間 입력 등록 수정 승인 기사입력 최종수정 업데이트 발행 작성 نشر تاريخ تحديث تم في
"""
_LABELS = frozenset(_LABEL_WORDS.split())
_SPLIT = re.compile(r"[|•·–—,;()\[\]\n/:：<>]|\s-\s|(?<=\0)\s(?=(?:by|von|par|por|di|door)\s)")
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_BY = re.compile(r"^\W*(?:written\s)?(?:by|von|par|por|di|door|text|texto|af|av|przez|автор|oleh)\b", re.IGNORECASE)
_OF_SOMETHING_ELSE = re.compile(
    r"(?<!\w)(?:archiv|berichtig|born|comment(?!ary)|copyright|correct|corrig|e-?paper|errat|foto|geboren|kommentar"
    r"|korrektur|korrigier|photo|rectif|terms|weather|wetter)|©|\(c\)",
    re.IGNORECASE,
)
_ARTICLES = frozenset(("the", "der", "die", "das", "den", "dem", "ein", "eine", "einen"))
_MOST_WORDS = 4
_MOST_WORDS_OF_BYLINE = 8
_MOST_OTHERS = 3
_LONGEST_PREPOSITION = 5
_SHORTEST_TELLING = 3


def is_date_line(line: str, has_time: bool) -> bool:
    """Whether a line with DATE_SIGN for its dates says hardly more than when something was published.

    `has_time`: whether the dates have a time of day, as those of pictures and events seldom do.
    """
    if DATE_SIGN not in line or _OF_SOMETHING_ELSE.search(line):
        return False
    after = line[line.rindex(DATE_SIGN) + 1 :]
    if after.lstrip().startswith((":", "：")) and _WORD.search(after):  # an entry: "12 May 2021: storm"
        return False
    if line.rstrip().endswith(SENTENCE_ENDS) and _WORD.search(after):
        return False
    if _is_led(line):
        return True
    others = 0
    may_lead = has_time or _BY.match(line) is not None
    for part in _SPLIT.split(line):
        words = [word for word in _WORD.findall(part) if not _is_label(word)]
        if not words:
            continue
        others += 1
        if others > _MOST_OTHERS or not _is_other(part, words, may_lead):
            return False
    return True


def telling_words(line: str) -> list[str]:
    """The words of a line, other than little ones, that say more than when something was published, and that."""
    words = (word for word in _WORD.findall(line) if len(word) >= _SHORTEST_TELLING)
    return [word for word in words if not any(map(str.isdigit, word)) and not _is_label(word) and not _is_month(word)]


def _is_led(line: str) -> bool:
    """Whether it begins with its date and a label: "5 May 2026 - Published by: ..."."""
    parts = [part for part in _SPLIT.split(line) if part.strip()]
    if len(parts) < 2 or parts[0].strip() != DATE_SIGN:
        return False
    first = _WORD.findall(parts[1])[:1]
    return bool(first) and len(first[0]) > _LONGEST_PREPOSITION and first[0].lower() in _LABELS


def _is_label(word: str) -> bool:
    return word.isdecimal() or word.lower().rstrip(".") in _LABELS or _is_weekday(word)


def _is_weekday(word: str) -> bool:
    key = key_of(plain(word))
    return key in WEEKDAYS or key in weekdays()


def _is_month(word: str) -> bool:
    key = key_of(plain(word)).rstrip(".")
    return key in MONTHS or key in months()


def _is_other(part: str, words: list[str], may_lead: bool) -> bool:
    """Whether a part of the line is a name: of a writer, a place, a section, a paper. `may_lead`: right before a date
    too ("Valley Wire 5 May 2026, 10:04")."""
    if _BY.match(part):
        return len(words) <= _MOST_WORDS_OF_BYLINE
    if DATE_SIGN in part:  # "5 May 2026 Ann Lee", not "Opened on 5 May 2026"
        after = _WORD.findall(part[part.rindex(DATE_SIGN) + 1 :])
        is_beside = (after == words and len(words) > 1) or (may_lead and not after)
        return is_beside and len(words) < _MOST_WORDS and all(word[0].isupper() for word in words)
    is_named = all(not word[0].islower() for word in words) and _WORD.findall(part)[0].lower() not in _ARTICLES
    return is_named and len(words) <= _MOST_WORDS
