"""Ways of writing a date that are rewritten to a usual one before it is read: ordinal numbers (1° maggio, 1-го мая),
Roman months (5 IX 2018), letters of Japan's eras (H30.1.5), dashes for hyphens, Oracle's time stamps, a line that names
two dates.

All take and return text in plain letters, as `_date_words.plain` writes it.
"""

from __future__ import annotations

import re

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMERALS = dict(zip(("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"), _MONTHS, strict=True))
_NUMERAL = "(?P<month>x?i{1,3}|i?[vx]|vi{1,3}|xi?)"
_DAY_FIRST = re.compile(rf"(?<![\w.])(?P<day>\d{{1,2}})[.\s/-]{{1,2}}{_NUMERAL}[.\s/-]{{1,2}}(?P<year>\d{{4}})(?!\d)")
_YEAR_FIRST = re.compile(rf"(?<!\d)(?P<year>\d{{4}})(?:\.\s?|[/-]){_NUMERAL}(?:\.\s?|[/-])(?P<day>\d{{1,2}})(?!\d)")
_ERAS = {"m": 1867, "t": 1911, "s": 1925, "h": 1988, "r": 2018}
"""The year before each era's first: Meiji, Taisho, Showa, Heisei, Reiwa."""
_OF_ERA = re.compile(r"^(?P<era>[mtshr])\.?(?P<year>\d{1,2})[./-](?P<month>\d{1,2})[./-](?P<day>\d{1,2})(?!\d)")
_DIGIT = re.compile(r"\d")
_DASH = re.compile("(?<=\\d)[\u2010-\u2013\u2212](?=\\d)")
_ORDINAL = re.compile(
    r"(?<![\w.,:/-])(?P<day>\d\d?)(?:(?<=1)(?:e?r[oa]|r|o(?=\sde\s))"  # Spanish, Catalan, Portuguese
    r"|\.?\s?[º°ª]|\s?ᵉʳ?|:[ae]|ste|[dr]?e|ere"  # the same, French, Swedish, Dutch
    r"|af|ail|il|ydd|ed|fed|eg|ain|η[ςs]?|লা|রা|ঠা|ই|শে"  # Welsh, Greek, Bengali
    r"|-(?:go|ego|lea|ci|cu|te|го|ого|ое|е|[врмт]и|[вт]а|шы|ші|ին))(?![^\W_])"  # Slavic, Romanian, Turkic, Armenian
)
_FILIPINO_ORDINAL = "ika-"
_ORACLE = re.compile(r"(?<![\d.])(\d{1,2})\.(\d\d)\.(\d\d)(?:\.(\d{1,9}))?(?=\s?[ap]m\b)")
_PUBLISHED = re.compile(
    r"(?<!\w)(?:(?:first )?published|posted|created|veroffentlicht|erschienen|publie|publicad[oa]|pubblicat[oa]"
    r"|publicat|gepubliceerd|publicera[dt]|publisert|publiceret|offentliggjort|julkaistu|opublikowan[oay]|publikovano"
    r"|vydano|yayinlan(?:ma|di)(?: tarihi)?|kozzeteve|megjelent|objavljeno|diterbitkan|опубликован[оа]?|опубліковано"
    r"|публикувано|δημοσιευ(?:ση|θηκε)|פורסם|(?:تاريخ ال)?نشر|प्रकाशित|입력|등록|기사입력|发布(?:时间)?|發布(?:時間)?"
    r"|公開(?:日時?)?)(?!\w)"
)
_CHANGED = re.compile(
    r"(?<!\w)(?:(?:last )?(?:updated?|modified|edited|revised)|(?:zuletzt )?(?:aktualisiert|geandert)|mis(?:e)? a jour"
    r"|modifie|a[ck]?tuali[sz]ad[oa]|actuali[tz]z?at|aggiornat[oa]|modificad[oa]|bijgewerkt|uppdatera[dt]|oppdatert"
    r"|opdateret|endret|andrad|paivitetty|muokattu|z?aktualizowano|aktuali[zs]ova[nt]o?|aktualizacja|frissitve"
    r"|guncelle(?:me|ndi)(?: tarihi)?|modositva|azurirano|diperbarui|cap nhat|обновлен[оа]?|изменено|оновлено"
    r"|актуализирано|ενημερ(?:ωση|ωθηκε)|עודכן|(?:اخر )?تحديث|अपडेट|(?:최종)?수정|更新(?:时间|時間|日時?)?)(?!\w)"
)


def usual(text: str, is_publication: bool = False) -> str:
    """Returns a date as it is usually written; of one that was published and one that was changed only the first.

    Nothing of one that is only said to be that of a change, where the date of publication is wanted.
    """
    text = "" if is_publication and is_of_change(text) else published_part(text)
    if not text.isascii():
        text = _DASH.sub("-", text)
    if era := _OF_ERA.match(text):
        text = f"{_ERAS[era['era']] + int(era['year'])}-{era['month']}-{era['day']}{text[era.end() :]}"
    if "." in text:
        text = _ORACLE.sub(lambda clock: f"{clock[1]}:{clock[2]}:{clock[3]}.{clock[4] or 0}", text)
    for shape in (_DAY_FIRST, _YEAR_FIRST):
        text = shape.sub(_with_month, text)
    return text


def without_ordinals(text: str) -> str:
    """Returns a date with a plain number for the day: "1-го мая" as "1 мая"."""
    return _ORDINAL.sub(r"\g<day>", text.replace(_FILIPINO_ORDINAL, ""))


def is_of_change(text: str) -> bool:
    """Whether a date is said to be that of a change and no other: "Updated May 3, 2021"."""
    changed = _CHANGED.search(text)
    return changed is not None and not _PUBLISHED.search(text) and not _DIGIT.search(text[: changed.start()])


def published_part(text: str) -> str:
    """Returns what is called published, where something is called updated too; else the whole."""
    changed = _CHANGED.search(text)
    published = _PUBLISHED.search(text) if changed else None
    if not published or not changed or _DIGIT.search(text[: min(published.start(), changed.start())]):
        return text
    later = _CHANGED.search(text, published.end())
    return text[published.end() : later.start() if later else None].strip(" :;,|")


def _with_month(match: re.Match[str]) -> str:
    month = _NUMERALS.get(match["month"])
    return f"{match['day']} {month} {match['year']}" if month else match[0]
