"""Which texts of a message are its letter: of alternatives the best known, and no footer that others added.

A mail program that shows a picture or a file between two paragraphs cuts the letter there: what follows is the rest of
it, in a part of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from etl import formats
from etl.formats.common import joined
from etl.formats.common.markup import paragraphs, parse_html
from etl.formats.common.pieces import Unreadable
from etl.intake.kinds import LONGER_TEXT
from etl.intake.mime import Leaf
from etl.model import DumpError

LETTER, REST = "letter", "rest of a letter"
TWIN, BESIDE, PAGE_BESIDE = "alternative text", "text beside HTML", "HTML beside a text"
FOOTER, BLANK = "footer", "blank text"

VENDOR, PAGE, TEXT, OTHER, PICTURE, BROKEN = 5, 4, 3, 2, 1, 0
"""How well a text is known: as a vendor's export, a page with words, plain text."""
SHORT_BYTES = 1_000
"""What a mailing list or a gateway appends has not more, nor a page that only says that there is a text."""
LONGEST_BELOW_LINE_BYTES = 150
"""What stands below a line behind the picture of a letter, and is no longer, is a footer and not the rest of it."""
TIMES_LONGER = 2
"""So much longer is a text that has more than the page beside it."""

ENCODED = re.compile(
    rb"^begin [0-7]{3,4} ([^\r\n]{1,200})\r?\n(?:[ -`]{1,62}\r?\n)++(?:end[ \t]*(?:\r?\n|\Z))?", re.MULTILINE
)
"""A file within a text (uuencode), and its name."""
_PIECE, _MOST_PIECES = 30, 50
"""Letters of the pieces of a text that are looked for in another one, and about how many of them."""
_LINK = re.compile(r"https?://[^\s>)\]]+")
_ADDED = re.compile(
    r"\s*(?:--[ \t]*$|(?:to |se )?(?:unsubscribe|désabonner|désinscrire)\b|"
    r"(?:confidentiality|legal) notice\b|disclaimer\b|sent from my |get outlook |"
    r"envoyé de(?:puis)? mon |von meinem .{1,40} gesendet|gesendet (?:von|mit) |enviado des?de mi |"
    r"inviato da |verstuurd vanaf |skickat från |"
    r"(?:the information (?:contained )?in )?(?:this|diese|deze|dit|cet?|este|esta|questa|questo) "
    r"(?:e-?mail|message|nachricht|bericht|courriel|mensaje|correo|mensagem|messaggio)\b"
    r"[^\n]{0,200}(?:confiden|intended|scanned|virus|vertraulich|bestimmt|riservat|vertrouwelijk|bestemd|destin))",
    re.IGNORECASE | re.MULTILINE,
)
"""How a short text begins that was added to the letter, and does not go on with it. What is written at its end may
stand below the rest of the letter as well."""
_RULE = re.compile(r"\s*[-_=*~#]{4}")
"""How what lists add begins; behind a picture, a letter may go on below a line as well."""
_LONG_WORD = re.compile(r"\w{4,40}")
_NO_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True, eq=False)
class Body:
    """A text of a message: how well it is known, and how much it shows."""

    leaf: Leaf

    @cached_property
    def rank(self) -> int:
        """How well it is known. A page counts as a picture only where there is something instead of it."""
        try:
            content = self.leaf.text()
        except Unreadable:
            return BROKEN
        if format_of(content) not in ("", "html"):
            return VENDOR
        if not self.leaf.is_html:
            return TEXT if self.leaf.kind == "text/plain" else OTHER
        if not self.leaf.alternatives:
            return PAGE
        return BROKEN if self.shown is None else PAGE if self.size else PICTURE

    @cached_property
    def shown(self) -> str | None:
        """Its words; None where it cannot be read."""
        try:
            return shown_in(self.leaf.text(), self.leaf.is_html)
        except (Unreadable, DumpError):
            return None

    @cached_property
    def size(self) -> int:
        """How long its words are, in bytes of UTF-8, a link as one letter; 0 where it shows none."""
        words = _LINK.sub("x", self.shown or "")
        return len("".join(words.split()).encode("utf-8", "replace")) if any(map(str.isalnum, words)) else 0

    @property
    def looks_added(self) -> bool:
        """Whether it is what lists, gateways and telephones write below a letter."""
        return self.size <= SHORT_BYTES and _ADDED.match(self.shown or "") is not None

    @cached_property
    def letters(self) -> str:
        """Its letters and digits in small, without links, for comparison."""
        return _NO_LETTERS.sub("", _LINK.sub("", self.shown or "").casefold())

    def shares_words(self, other: Body) -> bool:
        """Whether most of its long words are in another text, in any order: a short alert has a headline of its own."""
        own, others = (set(_LONG_WORD.findall((body.shown or "").casefold())) for body in (self, other))
        return 2 * len(own & others) > len(own)

    def is_in(self, other: Body) -> bool:
        """Whether most of it stands in another text; of a few words, all of them."""
        last = len(self.letters) - _PIECE
        if last < _PIECE:
            return bool(self.letters) and self.letters in other.letters
        starts = range(0, last + 1, max(_PIECE, last // _MOST_PIECES))
        return 2 * sum(self.letters[start : start + _PIECE] in other.letters for start in starts) > len(starts)


def shown_in(content: bytes, is_html: bool) -> str:
    """The words of a page or a text, without the files within it. Raises DumpError where it is no page."""
    if is_html:
        return paragraphs(parse_html(content, "utf-8"))
    return ENCODED.sub(b"", content).decode("utf-8", "replace")


def format_of(content: bytes) -> str:
    """The format of a file; '' where none recognises it."""
    try:
        return formats.recognise(content[: formats.HEAD_BYTES], "") or ""
    except DumpError:  # two are equally sure
        return "several"


def twins(bodies: Sequence[Body]) -> dict[Body, str]:
    """The texts that have a better alternative, each with its role."""
    groups: dict[int, dict[int, list[Body]]] = {}
    for body in bodies:
        for step in body.leaf.alternatives:
            groups.setdefault(step.start, {}).setdefault(step.child, []).append(body)
    best = {start: _best(branches) for start, branches in groups.items()}
    found = {}
    for body in bodies:
        others = [best[step.start] for step in body.leaf.alternatives if body not in best[step.start]]
        if others:
            is_told = body.rank == TEXT and _is_longer([body], others[0]) and _rank(others[0]) == PAGE
            found[body] = LONGER_TEXT if is_told else TWIN
    return found


def _best(branches: dict[int, list[Body]]) -> list[Body]:
    """Of alternatives the best known, of several the first; the text where the page only says that there is one."""
    best = max(branches.values(), key=_rank)
    texts = (branch for branch in branches.values() if _rank(branch) == TEXT)
    return next((text for text in texts if _rank(best) == PAGE and _is_stub(best, text)), best)


def _rank(branch: Iterable[Body]) -> int:
    ranks = [body.rank for body in branch]
    return BROKEN if BROKEN in ranks else max(ranks)


def _size(bodies: Iterable[Body]) -> int:
    return sum(body.size for body in bodies)


def _is_longer(texts: Iterable[Body], pages: Iterable[Body]) -> bool:
    return _size(texts) > TIMES_LONGER * _size(pages)


def _is_stub(pages: Sequence[Body], texts: Sequence[Body]) -> bool:
    """Whether short pages have other words than a text that has more, and not a part of it."""
    is_small = _size(pages) <= SHORT_BYTES and _is_longer(texts, pages)
    return is_small and not all(any(page.is_in(text) or page.shares_words(text) for text in texts) for page in pages)


def in_order(leaves: Sequence[Leaf], bodies: Mapping[Body, int]) -> dict[Body, str]:
    """The role of each text, of those that follow each other in a message: a letter, the rest of one, or what is added.

    `bodies`: which of the `leaves` each is.
    """
    if len(bodies) < 2:
        return dict.fromkeys(bodies, LETTER)
    found = dict.fromkeys(bodies, BLANK)
    letters: list[list[Body]] = []
    others = [leaf.within[-1].start if _may_cut(leaf) else None for leaf in leaves]
    shown = [each for each in bodies if each.shown is None or each.size] or list(bodies)
    for body in shown:
        above = letters[-1][-1] if letters else body
        is_cut = _is_cut(above, body, others[bodies[above] + 1 : bodies[body]])
        is_alone = above is body or above.shown is None or (is_cut and _begins_article(above, body))
        if not is_alone and _goes_on(letters[-1], body, is_cut):
            letters[-1].append(body)
        elif not is_alone and _is_footer(body, letters):
            found[body] = FOOTER
        else:
            letters.append([body])
    for letter, role in zip(letters, _beside(letters), strict=True):
        found |= dict.fromkeys(letter, REST if role == LETTER else role) | {letter[0]: role}
    return found


def _may_cut(leaf: Leaf) -> bool:
    """Whether a part may be shown within a letter: what is attached stands behind it, and before what others add."""
    return not leaf.is_body and bool(leaf.within) and leaf.headers.get_content_disposition() != "attachment"


def _is_cut(above: Body, below: Body, between: Sequence[int | None]) -> bool:
    """Whether something that is no text stands between two of them, in a multipart that they have in common.

    `between`: where the multipart begins that has what stands there; None for a text.
    """
    common = {step.start for step in above.leaf.within} & {step.start for step in below.leaf.within}
    return not common.isdisjoint(between)


def _begins_article(above: Body, below: Body) -> bool:
    """Whether a text begins like an article of its own: with a headline above its author or its day."""
    top = f"{(above.shown or '').strip()}\n\n"
    first = top.count("\n") + 1
    return any(begin.line == first for begin in joined.begins(top + (below.shown or "").strip()))


def _goes_on(letter: Sequence[Body], body: Body, is_cut: bool) -> bool:
    """Whether a text goes on with the letter above: it is neither broken, nor added, nor the same once more.

    Where nothing stands between, only a short text and a short page of like length do: either may be the letter.
    """
    above, size = letter[-1], _size(letter)
    if body.shown is None or body.looks_added or _are_twins(above, body):
        return False
    if is_cut:
        return not (_RULE.match(body.shown) and body.size <= LONGEST_BELOW_LINE_BYTES)
    if _RULE.match(body.shown):
        return False
    is_page = body.leaf.is_html
    is_like = size < TIMES_LONGER * body.size if is_page else size < body.size
    return is_page != _is_page(letter) and is_like and body.size <= min(TIMES_LONGER * size, SHORT_BYTES)


def _are_twins(above: Body, below: Body) -> bool:
    """Whether a text and a page are the same letter."""
    return above.leaf.is_html != below.leaf.is_html and (above.is_in(below) or below.is_in(above))


def _is_footer(body: Body, letters: Sequence[Sequence[Body]]) -> bool:
    """Whether a short text below a letter belongs to somebody else; a page could be the letter itself."""
    longest = max(map(_size, letters))
    if not 0 < body.size <= SHORT_BYTES:
        return False
    if body.looks_added or _RULE.match(body.shown or ""):
        return True
    if body.leaf.is_html:
        return TIMES_LONGER * body.size < longest and not _are_twins(letters[-1][-1], body)
    return body.size <= longest and not any(_is_page(letter) for letter in letters)


def _beside(letters: Sequence[Sequence[Body]]) -> list[str]:
    """The role of each letter, where texts and pages stand beside each other: one kind is read."""
    whole = [letter for letter in letters if all(body.shown is not None for body in letter)]
    pages = [body for letter in whole if _is_page(letter) for body in letter]
    texts = [body for letter in whole if not _is_page(letter) for body in letter]
    of_pages = of_texts = LETTER
    if pages and texts and _is_stub(pages, texts):
        of_pages = PAGE_BESIDE
    elif pages and texts:
        of_texts = LONGER_TEXT if _is_longer(texts, pages) else BESIDE
    return [LETTER if letter not in whole else of_pages if _is_page(letter) else of_texts for letter in letters]


def _is_page(letter: Iterable[Body]) -> bool:
    return any(body.leaf.is_html for body in letter)
