"""Bytes to text: byte order mark, then what is declared, then UTF-8, then the best guess."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from etl.formats.common.latin_codecs import Fit, is_latin, latin_codec
from etl.formats.common.utf8_damage import (
    MARKS_OR_UNKNOWN,
    UNKNOWN,
    WINDOWS_MARKS,
    is_about_utf8,
    is_damaged_utf8,
    utf8_letters,
)
from etl.model import Doubt, DumpError
from etl.text_codecs import text_codec
from etl.words import counted

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    # UTF-32 first: its little-endian mark begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FIRST_OF_BOM = frozenset(bom[:1] for bom, _ in _BOMS)
_ESCAPES = (
    (re.compile(rb"\x1b\$\)C"), "iso2022_kr"),
    (re.compile(rb"\x1b\$(?:[@B]|\(D)[!-~]{2}"), "iso2022_jp_ext"),
)
_MAINFRAMES_DOS_AND_MACS = """
cp037 cp1006 cp1026 cp1125 cp1140 cp273 cp424 cp437 cp500 cp720 cp737 cp775 cp850 cp857 cp858 cp860 cp861 cp862 cp863
cp864 cp865 cp869 hp_roman8 johab kz1048 mac_croatian mac_farsi mac_greek mac_iceland mac_latin2 mac_roman mac_romanian
mac_turkish ptcp154
"""
_NEVER_GUESSED = _MAINFRAMES_DOS_AND_MACS.split()
"""Codecs that hardly any dump uses, but that fit as well as any other where few letters have accents."""
_OF_TWO_BYTES = re.compile(r"(?:gb|big5|euc|shift|johab|iso2022|hz|cp932|cp949|cp950).*")
_SURE_LETTERS = 10
"""So many characters are not UTF-8 by chance, even in a codec of two bytes a letter."""
_MARK = "\ufeff"
_MARK_OF_LINE = re.compile(r"(?:\A|(?<=[\r\n]))\ufeff+")
_GREEK = ("cp1253", "iso8859_7")
_NEAR_CHAOS, _NEAR_COHERENCE = 0.02, 0.1
_ADVICE = "set `encoding` of the feed in sources.toml to the right codec"


def bom_codec(head: bytes) -> str | None:
    """The codec that the byte order mark at the start of `head` stands for, or the escape sequences in it; None without
    either. Text with those (ISO 2022) is ASCII otherwise, so nothing else tells it."""
    marked = next((codec for bom, codec in _BOMS if head.startswith(bom)), None) if head[:1] in _FIRST_OF_BOM else None
    if marked is None and b"\x1b" in head and head.isascii():
        return next((codec for escape, codec in _ESCAPES if escape.search(head)), None)
    return marked


def decode(data: bytes, declared: str | None) -> str:
    """All of `data` as text, line ends as they stood, without byte order marks: files that were joined have several.

    Raises DumpError when the declared codec does not fit, when no codec fits, and on NUL bytes. What is UTF-8 but for
    a few places is nothing else, and does not fit.
    """
    return _without_marks(_refuse_nul(_decoded(data, bom_codec(data) or declared)))


def decode_damaged(data: bytes, declared: str | None) -> tuple[str, list[Doubt]]:
    """The same, and what is doubtful in it: that the codec is a guess, or that a few places are not UTF-8.

    Those are U+FFFD, or the quotation mark of Windows that such a byte stands for.
    """
    named = bom_codec(data) or declared
    if not (named is None or is_utf8_codec(named)) or not is_damaged_utf8(data):
        doubts = list(doubts_of_codec(data, declared))  # before the text is there, too: it may be four times as large
        return decode(data, declared), doubts
    text = _refuse_nul(data.decode("utf-8", MARKS_OR_UNKNOWN))
    lost = text.count(UNKNOWN) - data.count(UNKNOWN.encode())
    line = text.count("\n", 0, text.find(UNKNOWN)) + 1
    doubt = Doubt(
        f"is UTF-8 but for {counted(lost, 'place')}, the first in line {line:,}: what stood there is not known, and is "
        "read as U+FFFD; ask for the dump again if those letters matter"
    )
    return _without_marks(text), [doubt] if lost else []


def _refuse_nul(text: str) -> str:
    if "\0" in text:
        raise DumpError(
            f"holds NUL bytes at character {text.index(chr(0)):,}, so it is not text; "
            "if it is UTF-16 without a byte order mark, set `encoding` of the feed in sources.toml"
        )
    return text


def _without_marks(text: str) -> str:
    return _MARK_OF_LINE.sub("", text) if _MARK in text else text


def sniff(head: bytes, declared: str | None) -> str:
    """The codec for reading a stream that begins with `head`, which may end within a character.

    Raises DumpError when `declared` is not a codec, or no codec fits. A text that is UTF-8 but for a few places, as
    where a character was cut in two, is UTF-8.
    """
    named = bom_codec(head) or declared
    if named:
        return known_codec(named)
    return "utf-8" if is_about_utf8(head) else _guess(_whole_lines(head)).codec


def doubts_of_codec(head: bytes, declared: str | None) -> Iterator[Doubt]:
    """That a text, read by the codec that `sniff` guesses, was read by a guess.

    Nothing where it is UTF-8 or declared, and where the guess is Windows' Western codec or one of two bytes a letter,
    which bytes fit by no chance, and no other fits nearly as well.
    """
    if bom_codec(head) or declared or is_about_utf8(head):
        return
    fit = _guess(_whole_lines(head))
    if fit.rival or not (fit.codec == "cp1252" or _OF_TWO_BYTES.fullmatch(fit.codec)):
        rival = f" ({fit.rival} fits nearly as well)" if fit.rival else ""
        yield Doubt(f"read as {fit.codec}, guessed{rival}; {_ADVICE}")


def _whole_lines(head: bytes) -> bytes:
    """Half a character at the end would mislead the guess."""
    return head[: head.rfind(b"\n") + 1] or head


def true_codec(head: bytes, declared: str | None) -> str:
    """The codec of a document of which `head` is the beginning and which declares a codec, or none.

    What is declared is refuted where the bytes are UTF-8, which no other text is by chance, or where they are surely
    not what is declared. Raises DumpError where no codec fits.
    """
    if marked := bom_codec(head):
        return marked
    named = text_codec(declared) if declared else None
    letters, bad = utf8_letters(head)
    if named and _OF_TWO_BYTES.fullmatch(named):
        return "utf-8" if letters >= _SURE_LETTERS and not bad else named
    if letters and letters >= bad:
        return "utf-8"
    if named and named != "utf-8":
        return named
    return sniff(head, None) if bad else "utf-8"


def is_utf8_codec(codec: str) -> bool:
    """Whether a name stands for UTF-8."""
    return text_codec(codec) in ("utf-8", "utf-8-sig")


def valid_utf8(data: bytes) -> bytes:
    """A piece of a document in UTF-8, which may be in another codec itself, or hold quotation marks of Windows.

    Raises DumpError where it is neither: what a broken letter was is not guessed.
    """
    try:
        return data.decode("utf-8", WINDOWS_MARKS).encode("utf-8", "surrogatepass")
    except UnicodeDecodeError as error:
        if is_damaged_utf8(data):
            raise unfit("utf-8", error.start, error) from None
    return decode(data, None).encode("utf-8", "surrogatepass")


def decode_head(head: bytes) -> str:
    """The text that a file begins with, by the codec that fits; '' where none does. It may end within a character."""
    try:
        return head_in(head, sniff(head, None))
    except DumpError:
        return ""


def head_in(head: bytes, codec: str) -> str:
    """The text that a file begins with, which is in that codec. It may end within a character."""
    return _without_marks(head.decode(codec, "ignore"))


def with_ascii_tags(data: bytes) -> bytes:
    """Bytes in which the tags of markup are ASCII: those with a byte order mark (UTF-16, UTF-32, UTF-8) as UTF-8."""
    codec = bom_codec(data)
    return data.decode(codec, "ignore").encode() if codec else data


def unify_newlines(text: str) -> str:
    r"""`text` with every line end (CRLF, CR) as \n."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(data: bytes, codec: str | None) -> str:
    if codec is None:
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            codec = "utf-8" if is_damaged_utf8(data) else _guess(data).codec
    try:
        return data.decode(known_codec(codec))
    except UnicodeDecodeError as error:
        raise unfit(codec, error.start, error) from None


def known_codec(codec: str) -> str:
    """The name of a codec. Raises DumpError where it is not one of characters."""
    if text_codec(codec) is None:
        raise DumpError(f"there is no text encoding {codec!r}; {_ADVICE}, such as utf-8 or cp1252")
    return codec


def unfit(codec: str, offset: int, error: UnicodeDecodeError) -> DumpError:
    """What to raise where bytes are not in that codec."""
    found = error.object[error.start : error.start + 4].hex(" ")
    return DumpError(f"is not {codec}: found {found} at byte {offset:,} ({error.reason}); {_ADVICE}")


def _guess(data: bytes) -> Fit:
    """The likeliest codec of text that is not UTF-8."""
    if is_latin(data) and (fit := latin_codec(data)):
        return fit
    if _barely_accented(data):
        return Fit("cp1252")
    from charset_normalizer import from_bytes  # slow to import, and seldom needed

    matches = from_bytes(data, cp_exclusion=_NEVER_GUESSED)
    best = matches.best()
    if best is None:
        raise DumpError(f"is not UTF-8, and no other text encoding could be recognised; {_ADVICE}")
    # Western text fits several codecs equally well; then take the one in common use.
    as_good = any(
        match.encoding == "cp1252" and match.chaos <= best.chaos and match.coherence > best.coherence - 0.02
        for match in matches
    )
    if as_good or "cp1252" in best.could_be_from_charset:
        return Fit("cp1252")
    rivals = (
        match.encoding
        for match in matches
        if match.chaos <= best.chaos + _NEAR_CHAOS and match.coherence >= best.coherence - _NEAR_COHERENCE
    )
    if best.encoding in _GREEK:
        return Fit(_greek(data))
    return Fit(best.encoding, next((codec for codec in rivals if codec not in best.could_be_from_charset), ""))


def _greek(data: bytes) -> str:
    """Which of both codecs of Greek: they are alike but for the capital alpha with an accent, and quotation marks."""
    windows, iso = (
        len(re.findall(rb"(?<![\xdc-\xfe])" + alpha + rb"(?=[\xdc-\xfe])", data)) for alpha in (rb"\xa2", rb"\xb6")
    )
    has_marks = re.search(rb"[\x80-\x9f]", data) is not None
    return "cp1253" if has_marks or windows >= iso else "iso8859_7"


def _barely_accented(data: bytes) -> bool:
    """Whether so few and isolated bytes are not ASCII (a pound sign, an apostrophe) that a guess by
    letter frequency is a lottery, while Windows' Western codec fits."""
    high = re.findall(rb"[\x80-\xff]+", data)
    if len(high) * 50 > len(data) or any(len(run) > 1 for run in high):
        return False
    return not re.search(rb"[\x81\x8d\x8f\x90\x9d]", data)  # not assigned in cp1252
