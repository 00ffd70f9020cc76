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


def count_articles(stream: BinaryIO, codec: str | None) -> int:
    """The divisions that are called articles, outermost; of a text without any, the text, and of a group its texts."""
    total = documents = 0
    texts = _Texts()
    for token in tokens(stream, codec):
        if _ROOT.match(token.name):
            documents += -1 if token.closes else not token.is_empty
            if not token.closes and documents <= 1:
                texts = _Texts()
                total += token.is_empty
            elif token.closes and not documents:
                total += texts.articles()
        elif documents and token.name.lower() == "text":
            texts.see_text(token)
        elif documents and _DIVISION.match(token.name):
            texts.see_division(token)
    return total + (texts.articles() if documents > 0 else 0)


class _Texts:
    """The articles in the texts of a document."""

    def __init__(self) -> None:
        self._ended = self._found = 0
        self._divisions: list[bool] = []
        self._open: list[bool] = []
        """For each text that is open, whether it holds no other one."""

    def articles(self) -> int:
        """How many there are; 1 at least."""
        return self._ended + self._found + (any(self._open[-1:]) and not self._found) or 1

    def see_text(self, token: Token) -> None:
        """Begin or end a text; what stands in one that holds others, beside them, is no article."""
        if token.opens:
            self._open = [*(False for _ in self._open), True]
            self._found, self._divisions = 0, []
        elif token.closes and self._open and self._open.pop():
            self._ended += self._found or 1
            self._found, self._divisions = 0, []

    def see_division(self, token: Token) -> None:
        """Begin or end a division."""
        if token.closes:
            self._divisions and self._divisions.pop()
        else:
            is_article = _KIND.match((token.value("type") or "").strip()) is not None
            self._found += is_article and not any(self._divisions)
            if token.opens:
                self._divisions.append(is_article)
