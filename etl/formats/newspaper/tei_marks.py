"""The second count of TEI: its texts and the articles in them, by a scan of tags that is no parser."""

from __future__ import annotations

import re
from typing import BinaryIO

from etl.formats.common.tag_scan import Token, tokens

_ROOT = re.compile(r"(?:TEI(?:\.2)?|doc)\Z", re.IGNORECASE)
_DIVISION = re.compile(r"div[0-7]?\Z", re.IGNORECASE)
_KIND = re.compile(
    r"j?(?:news)?-?_?(?:article|item|story)\Z|arti(?:kel|kkeli?|col[oe]?|go)\Z|art[ií]culo\Z|artyku[lł]\Z|[cč]l[aá]nek\Z"
    r"|[cč]lanak\Z|cikk\Z|makale\Z|стат(?:ья|тя)\Z|άρθρο\Z|記事\Z|기사\Z|文章\Z",
    re.IGNORECASE,
)
_NAMES = re.compile(r"""(?<![\w.-])(id|part|prev|next)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


def count_articles(stream: BinaryIO, codec: str | None) -> int:
    """The divisions that are called articles, outermost, each with its later parts; of a text without any, the text;
    and of a group its texts."""
    total = 0
    opened: list[_Texts] = []
    for token in tokens(stream, codec):
        if _ROOT.match(token.name):
            if token.closes:
                total += opened.pop().articles() if opened else 0
                continue
            for around in opened[-1:]:
                around.least = 0
            total += token.is_empty
            opened += [_Texts()] if token.opens else []
        elif opened and token.name.lower() == "text":
            opened[-1].see_text(token)
        elif opened and _DIVISION.match(token.name):
            opened[-1].see_division(token)
    return total + sum(texts.articles() for texts in opened)


class _Texts:
    """The articles in the texts of a document."""

    def __init__(self) -> None:
        self.least = 1
        """None in a document that holds others."""
        self._ended = 0
        self._begin()
        self._open: list[bool] = []
        """For each text that is open, whether it holds no other one."""

    def articles(self) -> int:
        """How many there are; of a document without a text, one."""
        return self._ended + self._found + (any(self._open[-1:]) and not self._found) or self.least

    def see_text(self, token: Token) -> None:
        """Begin or end a text; what stands in one that holds others, beside them, is no article."""
        if token.opens:
            self._open = [*(False for _ in self._open), True]
            self._begin()
        elif token.closes and self._open and self._open.pop():
            self._ended += self._found or 1
            self._begin()

    def see_division(self, token: Token) -> None:
        """Begin or end a division."""
        if token.closes:
            self._divisions and self._divisions.pop()
        else:
            is_article = _KIND.match((token.value("type") or "").strip()) is not None
            self._found += is_article and not any(self._divisions) and not self._goes_on(token)
            if token.opens:
                self._divisions.append(is_article)

    def _goes_on(self, token: Token) -> bool:
        """Whether it is a later part of an article that is counted; the names of parts are noted."""
        named = {key: (a or b).strip().removeprefix("#") for key, a, b in _NAMES.findall(token.attributes)}
        own, last, following = (named.get(key, "") for key in ("id", "prev", "next"))
        is_known = last in self._seen or own in self._awaited
        self._seen |= {own} - {""}
        self._awaited |= {following} - {""}
        return is_known and named.get("part") in ("M", "F")

    def _begin(self) -> None:
        self._found = 0
        self._divisions: list[bool] = []
        self._seen: set[str] = set()
        self._awaited: set[str] = set()
