"""The words that printed dates contain: data for `dates`.

All are in lower case and without accents, as `dates` compares them.
"""

from __future__ import annotations

from unicodedata import combining, normalize


def plain(text: str) -> str:
    """Returns a text in small letters, without accents (Turkish ı is i), with single spaces."""
    text = " ".join(text.lower().split())
    if text.isascii():
        return text
    bare = "".join(char for char in normalize("NFD", text) if not combining(char))
    return normalize("NFC", bare).replace("ı", "i").replace("’", "'")


# One entry per language, January to December; a month's spellings and abbreviations are joined by '|'.
_MONTH_NAMES = {
    "en": "january|jan february|feb march|mar april|apr may june|jun july|jul august|aug"
    " september|sept|sep october|oct november|nov december|dec",
    "de": "januar|janner|jan februar|feber|feb marz|maerz|mrz april|apr mai juni|jun juli|jul august|aug"
    " september|sept|sep oktober|okt november|nov dezember|dez",
    "fr": "janvier|janv|jan fevrier|fevr|fev mars avril|avr mai juin juillet|juil aout"
    " septembre|sept octobre|oct novembre|nov decembre|dec",
    "nl": "januari|jan februari|feb maart|mrt april|apr mei juni|jun juli|jul augustus|aug"
    " september|sept|sep oktober|okt november|nov december|dec",
    "it": "gennaio|genn|gen febbraio|febbr|feb marzo|mar aprile|apr maggio|mag giugno|giu luglio|lug"
    " agosto|ago settembre|sett|set ottobre|ott novembre|nov dicembre|dic",
    "es": "enero|ene febrero|feb marzo|mar abril|abr mayo|may junio|jun julio|jul agosto|ago"
    " septiembre|setiembre|sept|sep|set octubre|oct noviembre|nov diciembre|dic",
    "pt": "janeiro|jan fevereiro|fev marco|mar abril|abr maio|mai junho|jun julho|jul agosto|ago"
    " setembro|set outubro|out novembro|nov dezembro|dez",
    "ru": "январь|января|янв февраль|февраля|фев март|марта|мар апрель|апреля|апр маи|мая июнь|июня июль|июля"
    " август|августа|авг сентябрь|сентября|сен октябрь|октября|окт ноябрь|ноября|ноя декабрь|декабря|дек",
}

COMMON_LANGUAGES = frozenset(_MONTH_NAMES)
"""The languages whose words are here; those of others are in `_calendar_words`."""

MONTHS = {
    name: number
    for year in _MONTH_NAMES.values()
    for number, names in enumerate(year.split(), start=1)
    for name in names.split("|")
}

_WEEKDAY_NAMES = {
    "en": "monday|mon tuesday|tues|tue wednesday|wed thursday|thurs|thur|thu friday|fri saturday|sat sunday|sun",
    "de": "montag dienstag mittwoch donnerstag freitag samstag|sonnabend sonntag",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
}

WEEKDAYS = {
    name: number
    for week in _WEEKDAY_NAMES.values()
    for number, names in enumerate(week.split())
    for name in names.split("|")
}

DAYS_AGO = {
    "today": 0,
    "heute": 0,
    "aujourd'hui": 0,
    "yesterday": 1,
    "gestern": 1,
    "hier": 1,
}

# What stands between the parts of a date and says nothing: "2018 m. sausio 5 d.", "5 ta' Jannar", "2018. gada 5.",
# "2018ko", "พ.ศ. 2562", "2019 жылғы", "5 de gener del 2018". As `_calendar_words.key_of` writes them.
FILLERS = frozenset(
    ("m", "d", "gada", "ta'", "ko", "eko", "de", "del", "dels", "พศ", "คศ", "z", "den", "ng", "men", "ж", "жылғы", "මස")
)

# What Chinese, Japanese and Korean print before an hour of the 12-hour clock, and how many hours it adds.
HALVES = {
    **dict.fromkeys(("上午", "早上", "凌晨", "午前", "오전"), 0),
    **dict.fromkeys(("下午", "晚上", "午后", "午後", "오후"), 12),
}

# Hours east of Greenwich, of names with one meaning in the news.
ZONE_HOURS: dict[str, float] = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0,
    "bst": 1, "west": 1, "cet": 1, "mez": 1,
    "cest": 2, "mesz": 2, "eet": 2, "sast": 2,
    "eest": 3, "msk": 3, "мск": 3, "pkt": 5, "wib": 7, "hkt": 8, "sgt": 8, "awst": 8, "jst": 9, "kst": 9,
    "idt": 3, "wita": 8, "wit": 9,
    "acst": 9.5, "aest": 10, "acdt": 10.5, "aedt": 11, "nzst": 12, "nzdt": 13,
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
    "akst": -9, "akdt": -8, "hst": -10,
}  # fmt: skip

# Names of several zones: India, Ireland and Israel; America, China and Cuba; Britain and Bangladesh; the Atlantic and
# Arabia; Ecuador and the Caribbean; the Gulf and South Georgia; Samoa and Singapore; the Amazon and Armenia; Samoa and
# Western Australia; Newfoundland and Nepal; Brunei and Bangladesh; Bhutan.
_OF_SEVERAL_ZONES = "ist cst bst ast adt ect gst sst amt amst wst nst bdt bt"
OF_SEVERAL_ZONES = frozenset(_OF_SEVERAL_ZONES.split())

# Names that are valid in summer and winter.
ZONE_PLACES = {
    "et": "America/New_York",
    "ct": "America/Chicago",
    "mt": "America/Denver",
    "pt": "America/Los_Angeles",
}

# Languages whose papers write 05/10/2018 for the fifth of October wherever they are printed. English, Spanish
# and Filipino are not among them, because they are also printed in the United States.
_DAY_FIRST = (
    "af ar az bg bn bs ca cs cy da de el et fi fr ga gl gu he hi hr id is it ka kk kn lv mk ml mr ms nb nl nn no pa"
    " pl pt ro ru sk sl sq sr ta te th tr uk ur vi"
)
DAY_FIRST = frozenset(_DAY_FIRST.split())

# Languages whose papers may write 18/05/13 for the thirteenth of May 2018.
_YEAR_FIRST = "eu fa hu ja ko lt mn sv zh"
YEAR_FIRST = frozenset(_YEAR_FIRST.split())
