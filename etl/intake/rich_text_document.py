"""A Rich Text file as far as it was read: what holds at a place in it, and the text up to there."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from etl.formats.common.headings import as_heading
from etl.intake import rich_text_words as words
from etl.text_codecs import text_codec

MOST_LEVELS = 1_000
"""Of groups in groups; the deepest real file has some twenty."""
MOST_EMPTY_TOKENS = 1_000_000
"""In a row, without a letter of text among them."""
PAGE_COLUMNS = 80
LEAST_INDENT = 8
MOST_OF_HEADLINE = 4
"""Lines of a headline within one paragraph: it is bold, and becomes one line."""
LARGE = 28
"""Half points from which on letters are those of a heading, as a text has 20 to 24."""
LONGEST_PARAGRAPH = 4 << 20
"""A longer one is passed on in parts."""


_BOLD_LINE = "\v"


class RichTextError(Exception):
    """The file ends too soon, or is built as no text is. The message says which."""


@dataclass(frozen=True, slots=True)
class State:
    """What holds within a group."""

    is_text: bool = True
    is_fonts: bool = False
    is_hidden: bool = False
    is_centred: bool = False
    is_note: bool = False
    is_bold: bool = False
    size: int = 0
    """In half points; 0 where it is not stated."""
    font: int | None = None
    fallback: int = 1
    """So many characters after one by its number stand for it."""


@dataclass
class Document:
    """The document up to a token."""

    state: State = State()
    levels: list[State] = field(default_factory=list)
    codec: str = "cp1252"
    fonts: dict[int, str] = field(default_factory=dict)
    default_font: int | None = None
    done: list[str] = field(default_factory=list)
    paragraph: list[str] = field(default_factory=list)
    is_heading: bool = True
    """Whether all of the paragraph is bold or large so far."""
    size: int = 0
    letters: bytearray = field(default_factory=bytearray)
    """Not decoded yet: a character may have two bytes."""
    is_raw: bool = True
    """Whether the letters stood as they are, and not by their numbers."""
    half: int = 0
    """The first half of a character beyond U+FFFF."""
    skip: int = 0
    empty: int = 0

    def passed_on(self) -> str:
        """What was read to its end, once."""
        text = "".join(self.done)
        self.done = []
        return text

    def take(self, token: re.Match[bytes]) -> None:
        """Read a token."""
        kind = token.lastgroup
        if kind == "text":
            self._letters(token[0], is_raw=True)
        elif kind is not None:
            self._count_empty()
            value = token["word"] if kind == "number" else token[kind]
            _ACTIONS[kind](self, value, token["number"])

    def _count_empty(self) -> None:
        self.empty += 1
        if self.empty > MOST_EMPTY_TOKENS:
            raise RichTextError(f"{MOST_EMPTY_TOKENS:,} groups and commands follow each other without any text")

    def _open(self, _value: bytes, _number: bytes | None) -> None:
        self.skip = 0
        self.levels.append(self.state)
        if len(self.levels) > MOST_LEVELS:
            raise RichTextError(f"its groups are nested more than {MOST_LEVELS:,} levels deep")

    def _close(self, _value: bytes, _number: bytes | None) -> None:
        self.skip = 0
        if self.levels:
            outer = self.levels.pop()
            if self.state.is_note and not outer.is_note:
                self._character("]")
            self._state(outer)

    def _hex(self, value: bytes, _number: bytes | None) -> None:
        self._letters(bytes.fromhex(value.decode()), is_raw=False)

    def _symbol(self, value: bytes, _number: bytes | None) -> None:
        if value == b"*":
            self._state(replace(self.state, is_text=False))
        elif value in b"\r\n":
            self._break("\n")
        elif value in words.SYMBOLS:
            self._character(words.SYMBOLS[value])

    def _word(self, word: bytes, number: bytes | None) -> None:
        if word in words.CHARACTERS:
            self._character(words.CHARACTERS[word])
        elif word in words.BREAKS:
            self._break(words.BREAKS[word])
        elif word == b"u" and number:
            self._unicode(int(number) % 0x10000)
        elif word in words.LEFT_OUT:
            self._state(replace(self.state, is_text=False, is_fonts=False))
        elif word in _WORDS:
            _WORDS[word](self, int(number) if number else None)
        elif word in words.OF_MACHINES:
            self.codec = words.OF_MACHINES[word]

    def _letters(self, letters: bytes, is_raw: bool) -> None:
        if self.skip:
            skipped = min(self.skip, len(letters))
            self.skip -= skipped
            letters = letters[skipped:]
        if not letters or not self._is_shown():
            return
        self.empty = 0
        if is_raw != self.is_raw and self._codec() not in words.OF_TWO_BYTES:
            self._decode()
        self.is_raw = is_raw and (self.is_raw or not self.letters)
        self._weigh(bool(letters.strip()))
        self.letters += letters
        self.size += len(letters)
        if self.size > LONGEST_PARAGRAPH:
            self.end_paragraph("")

    def _weigh(self, is_letter: bool) -> None:
        """Note whether the paragraph may still be a heading after a letter."""
        if is_letter and not (self.state.is_bold or self.state.size >= LARGE):
            self.is_heading = False

    def _is_shown(self) -> bool:
        return self.state.is_text and not self.state.is_hidden

    def _character(self, text: str) -> None:
        if self.skip:
            self.skip -= 1
        elif self._is_shown():
            self._decode()
            self.paragraph.append(text)

    def _unicode(self, code: int) -> None:
        if self._is_shown():
            self._weigh(is_letter=True)
            self._decode(is_half_kept=True)
            if 0xD800 <= code < 0xDC00:
                self._end_half()
                self.half = code
            elif 0xDC00 <= code < 0xE000:
                whole = 0x10000 + ((self.half - 0xD800) << 10) + code - 0xDC00 if self.half else 0xFFFD
                self.half = 0
                self.paragraph.append(chr(whole))
            else:
                self._end_half()
                self.paragraph.append(chr(code) if code else "")
        self.skip = self.state.fallback

    def _end_half(self) -> None:
        if self.half:
            self.paragraph.append("\ufffd")
            self.half = 0

    def _decode(self, is_half_kept: bool = False) -> None:
        """Make text of the letters that are waiting."""
        if self.letters or not is_half_kept:
            self._end_half()
        if self.letters:
            self.paragraph.append(_decoded(bytes(self.letters), self._codec(), self.is_raw))
            self.letters.clear()
        self.is_raw = True

    def _codec(self) -> str:
        font = self.default_font if self.state.font is None else self.state.font
        return self.codec if font is None else self.fonts.get(font, self.codec)

    def _state(self, state: State) -> None:
        if state.font != self.state.font:
            self._decode()
        self.state = state

    def _break(self, end: str) -> None:
        if self.state.is_note:
            self._character(" ")
        elif self._is_shown():
            self.end_paragraph(end)

    def end_paragraph(self, end: str) -> None:
        """Pass on the paragraph, with this line end."""
        self._decode()
        text = "".join(self.paragraph)
        is_headline = text.count(_BOLD_LINE) < MOST_OF_HEADLINE and "\n" not in text
        text = text.replace(_BOLD_LINE, " " if is_headline else "\n")
        if self.state.is_centred and text.strip():
            text = "\n".join(map(_centred, text.split("\n")))
        elif self.is_heading:
            text = as_heading(text)
        self.done.append(text + end)
        self.paragraph.clear()
        self.is_heading = True
        self.size = 0

    def _plain(self, _number: int | None) -> None:
        self._state(replace(self.state, font=None, is_hidden=False, is_bold=False, size=0))

    def _paragraph_default(self, _number: int | None) -> None:
        self.state = replace(self.state, is_centred=False)

    def _align(self, is_centred: bool) -> None:
        self.state = replace(self.state, is_centred=is_centred)

    def _hide(self, number: int | None) -> None:
        self.state = replace(self.state, is_hidden=number != 0)

    def _bold(self, number: int | None) -> None:
        self.state = replace(self.state, is_bold=number != 0)

    def _letter_size(self, number: int | None) -> None:
        self.state = replace(self.state, size=max(0, number or 0))

    def _line(self, _number: int | None) -> None:
        self._character(_BOLD_LINE if self.state.is_bold else "\n")

    def _note(self, _number: int | None) -> None:
        """Begin a footnote: it stands in brackets where it is called."""
        if not self.state.is_note:
            self._character(" [")
            self.state = replace(self.state, is_note=True)

    def _fallback(self, number: int | None) -> None:
        self.state = replace(self.state, fallback=max(0, 1 if number is None else number))

    def _font(self, number: int | None) -> None:
        self._state(replace(self.state, font=number))

    def _default_font(self, number: int | None) -> None:
        self.default_font = number

    def _font_table(self, _number: int | None) -> None:
        self._state(replace(self.state, is_text=False, is_fonts=True))

    def _charset(self, number: int | None) -> None:
        if self.state.is_fonts and self.state.font is not None and number in words.CHARSETS:
            self.fonts[self.state.font] = words.CHARSETS[number]

    def _font_page(self, number: int | None) -> None:
        if self.state.is_fonts and self.state.font is not None and (codec := text_codec(f"cp{number}")):
            self.fonts[self.state.font] = codec

    def _page(self, number: int | None) -> None:
        self.codec = text_codec(f"cp{number}") or self.codec


def _decoded(letters: bytes, codec: str, is_raw: bool) -> str:
    """Letters as text. What stands as it is, against the specification, is UTF-8 wherever it can be."""
    if is_raw:
        try:
            return letters.decode("utf-8")
        except UnicodeDecodeError:
            pass
    return letters.decode(codec, "replace")


def _centred(line: str) -> str:
    text = line.strip()
    return " " * max(LEAST_INDENT, (PAGE_COLUMNS - len(text)) // 2) + text if text else ""


_ACTIONS: dict[str, Callable[[Document, bytes, bytes | None], None]] = {
    "open": Document._open,
    "close": Document._close,
    "hex": Document._hex,
    "symbol": Document._symbol,
    "word": Document._word,
    "number": Document._word,
}
_WORDS: dict[bytes, Callable[[Document, int | None], None]] = {
    b"pard": Document._paragraph_default,
    b"plain": Document._plain,
    b"qc": lambda document, _: document._align(True),
    **dict.fromkeys((b"ql", b"qr", b"qj"), lambda document, _: document._align(False)),
    b"b": Document._bold,
    b"fs": Document._letter_size,
    b"line": Document._line,
    b"v": Document._hide,
    b"deleted": Document._hide,
    b"footnote": Document._note,
    b"uc": Document._fallback,
    b"f": Document._font,
    b"deff": Document._default_font,
    b"fonttbl": Document._font_table,
    b"fcharset": Document._charset,
    b"cpg": Document._font_page,
    b"ansicpg": Document._page,
}
