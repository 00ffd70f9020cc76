"""The second count of a MediaWiki dump: its texts, by a scan of tags that is no parser."""

from __future__ import annotations

import re
from typing import BinaryIO

from etl.formats.common.tag_scan import Token, tokens

_REDIRECT = re.compile(r"\s{0,99}#\w{2,40}\s{0,9}:?\s{0,9}\[\[")
_WIKITEXT = ("", "wikitext")


class _Count:
    """The texts of articles up to a place in a dump."""

    def __init__(self) -> None:
        self.articles = 0
        self._names: list[str] = []
        self._open = ""
        self._is_article, self._model, self._begins = True, "", False

    def take(self, token: Token) -> None:
        """Count what a tag, or a text between tags, tells."""
        name = token.name.lower()
        if not name:
            self._tell(token.text)
            return
        if name == "page" and token.opens:
            self._is_article = True
        elif name == "revision" and token.opens:
            self._model = ""
        self._begins = name == "text" and self._counts(token)
        self.articles += self._begins
        self._open = name if token.opens else ""

    def _counts(self, token: Token) -> bool:
        """Whether a text that this tag opens is that of an article."""
        is_there = not token.closes and "deleted=" not in token.attributes
        return is_there and self._is_article and self._model in _WIKITEXT

    def _tell(self, text: str) -> None:
        if self._open == "text":
            self.articles -= bool(self._begins and _REDIRECT.match(text))
        elif self._open == "namespace":
            self._names.append(text)
        elif self._open == "ns":
            self._is_article = text == "0"
        elif self._open == "title" and text.partition(":")[0] in self._names:
            self._is_article = False
        elif self._open == "model":
            self._model = text


def count_texts(stream: BinaryIO, codec: str | None) -> int:
    """The texts of pages in the main namespace that are wikitext, not deleted and not redirects."""
    count = _Count()
    for token in tokens(stream, codec):
        count.take(token)
    return count.articles
