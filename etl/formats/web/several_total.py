"""How many articles a page says that it holds. For the scan of `several`."""

from __future__ import annotations

import re

from etl.formats.web import several_signs as signs
from etl.formats.web.page_lines import Line

_STATED = re.compile(
    r"(?P<before>\d[\d.,]{0,9})\s?(?:(?:\w+\s)?(?:documents?|results?|hits|articles?|records|items|dokument\w*|treffer"
    r"|artikel\w*|ergebnisse|fundstellen|résultats?|resultad[oa]s?|documentos?|artículos|artigos|risultat[io]|documenti"
    r"|articoli|resultaten|documenten|träffar|wynik\w*|sonuç|belge|документ\w*|стат\w*|результат\w*|сообщени\w*)\b"
    r"|件|건|条|篇|則|则)"
    r"|(?:total|results|hits|treffer|ergebnisse|найдено|件数|结果|結果)\W{0,3}(?P<after>\d[\d.,]{0,9})"
    r"|(?:documents|articles|records|dokument\w{1,3}|artiklar|résultats|documentos|artículos|artigos|resultados|documenti"
    r"|articoli|risultati|documenten|resultaten|документ\w{0,2})\s?[:：]\s?(?P<label>\d[\d.,]{0,9})",
    re.I,
)
_RANGE = re.compile(
    r"\W*(?P<before>[^\W\d_]{2,20})?\W{0,3}(?P<first>\d{1,6})\s?[-–—]\s?(?P<last>\d{1,6})"
    r"\s?(?:[^\W\d_]{1,5}|/)\s?(?P<all>\d{1,6})(?:\s(?P<after>[^\W\d_]{2,20}))?\W*"
)


def stated(line: Line) -> int:
    """How many articles this line says there are on the page; 0 where it says nothing of them."""
    if len(line.text) > signs.LONGEST_MARK or signs.is_date(line):
        return 0
    if shown := _RANGE.fullmatch(line.text):
        return _shown(shown)
    found = _STATED.search(line.text)
    digits = re.sub(r"\D", "", found["before"] or found["after"] or found["label"]) if found else ""
    return int(digits or 0)


def _shown(found: re.Match[str]) -> int:
    """How many of all results stand here: `Results 1 - 20 of 340`, in whatever language; not `pages 3 - 5 of 10`."""
    what = found["before"] or found["after"]
    first, last, number = int(found["first"]), int(found["last"]), int(found["all"])
    is_of_articles = what is not None and signs.NO_ARTICLE.fullmatch(what) is None
    return last - first + 1 if is_of_articles and 0 < first <= last <= number else 0
