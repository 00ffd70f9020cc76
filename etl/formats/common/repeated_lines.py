"""How many articles a plain text holds, counted in its bytes: by lines of one kind that come again.

Agencies, papers and exports print certain lines once for each article, before it or after it: an end, a copyright, a
label, a number, an author, a dateline. Two of them with a text between them are two articles. For the second count
of formats whose readers take a file for one article; the patterns fit UTF-8, the codecs of one byte, and UTF-16
without its zeros.
"""

from __future__ import annotations

import re

FEWEST_WORDS = 20
"""Between two lines of a kind."""

_PARTS = {
    b"blank": rb"(?:[ \t]|\xc2?\xa0)",
    b"capital": rb"(?:[A-Z]|[\xc3-\xf4][\x80-\xbf]|[\xc0-\xde])",
    b"dash": rb"(?:--?|[\x96\x97]|\xe2\x80[\x93\x94])",
    b"of": rb"(?:[ ](?:of|von|de|sur|van|di)[ ]|[ ]?/[ ]?)",
}
_KINDS = {
    "end": rb"(?:-[ ]?30[ ]?-|#{3}|#[ ]#[ ]#|[-*=(]+[ ]?(?i:ends?|ende|fin|fine)[ ]?[-*=)]+|ENDS|ENDE)%(blank)b*$",
    "copyright": rb"(?i:\xc2?\xa9|\(c\)|copyright\b)[^\n]{0,100}(?:19|20)\d\d",
    "label": rb"(?i:headline|titre|titel|title|t[^\n:=]{1,2}tulo|titolo|[^\n:=]{1,2}berschrift|schlagzeile)"
    rb"[ ]?[:=][ ]?\S",
    "stated": rb"(?i:byline|author|autor|auteur|publication|published)[ ]?[:=][ ]?\S",
    "number": rb"(?:(?i:do[ck]ument[eo]?|article|artikel|story|item|result|treffer)[ ]\d{1,4}(?:%(of)b\d{1,4})?"
    rb"|\d{1,4}%(of)b\d{1,4}[ ](?i:do[ck]u|arti|stor|item|resu|tref)\w{1,8})[ .:]{0,3}$",
    "author": rb"(?:By|BY|Von|VON|Par|PAR|Por|POR|Door|Di)[ ]%(capital)b[^\s]{1,20}(?:[ ][^\s.,:;!?]{1,20}){1,5}$",
    "dateline": rb"[A-Z]{3}[A-Z .'-]{0,30}(?:,[ ][^\n.()]{3,30})?[ ]\([^()\n]{2,30}\)[ ]?%(dash)b[ ]",
    "e-mail": rb"-[ ]%(capital)b[^\n@]{1,60}@[\w.-]{3,60}$",
    "collection": rb"(?:Newspapers|Magazines)[ ]in[ ][A-Z]\w{2,20}$",
}
_KIND = [re.compile((rb"^%(blank)b*" + kind) % _PARTS, re.MULTILINE) for kind in _KINDS.values()]
_BYTE_ORDER_MARK = re.compile(rb"\A(?:\xff\xfe|\xfe\xff)|(?:\A|(?<=[\r\n]))(?:\xef\xbb\xbf)+")
_FORM_FEED = re.compile(rb"[.!?\"'\x94\x9d)]\s*\f\s*(?=[^a-z\n]{1,4}[^\n]{8,100}[^.\n]\n\s*\n)")
"""Between the end of a sentence and a headline. Others only end a printed page."""


def count(data: bytes) -> int:
    """The articles of a text: 0 where it is blank, 1 where nothing in it comes again."""
    data = _BYTE_ORDER_MARK.sub(b"", data).replace(b"\0", b"").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if not data.strip():
        return 0
    pages = 1 + sum(1 for _ in _FORM_FEED.finditer(data))
    return max(1, pages, *(_with_text_between(data, kind) for kind in _KIND))


def _with_text_between(data: bytes, kind: re.Pattern[bytes]) -> int:
    """How many lines of a kind there are, each but the first after a text."""
    found, before = 0, 0
    for match in kind.finditer(data):
        if not found or len(data[before : match.start()].split()) >= FEWEST_WORDS:
            found += 1
            before = match.end()
    return found
