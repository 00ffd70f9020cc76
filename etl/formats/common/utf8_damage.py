"""Text in UTF-8 of which a few places are not: a character cut in two, a quotation mark of Windows."""

from __future__ import annotations

import codecs

UNKNOWN = "\ufffd"


def is_about_utf8(head: bytes) -> bool:
    """Whether bytes, which may end within a character, are UTF-8, perhaps but for a few places."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return is_damaged_utf8(head)
    return True


def is_damaged_utf8(data: bytes) -> bool:
    """Whether bytes have places that are not UTF-8, but more letters that are: no other text has those by chance."""
    letters, bad = utf8_letters(data, is_whole=True)
    return 0 < bad <= letters


def utf8_letters(data: bytes, *, is_whole: bool = False) -> tuple[int, int]:
    """How many characters of UTF-8 beyond ASCII are in these bytes, and how many places that are not UTF-8."""
    if data.isascii():
        return 0, 0
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(data, final=is_whole)
    bad = text.count("\ufffd") - data.count("\ufffd".encode())
    return len(text) - len(text.encode("ascii", "ignore")) - bad, bad


def _mark_of_windows(error: UnicodeError) -> tuple[str, int]:
    """The character that a byte stands for in Windows' Western codec, if it is not a letter there."""
    assert isinstance(error, UnicodeDecodeError)
    char = error.object[error.start : error.start + 1].decode("cp1252", "ignore")
    if not char or char.isalpha() or error.object[error.start] >= 0xA0:
        raise error
    return char, error.start + 1


WINDOWS_MARKS = "marks of Windows"
codecs.register_error(WINDOWS_MARKS, _mark_of_windows)


def _mark_or_unknown(error: UnicodeError) -> tuple[str, int]:
    try:
        return _mark_of_windows(error)
    except UnicodeDecodeError as unknown:
        return UNKNOWN, unknown.end


MARKS_OR_UNKNOWN = "marks of Windows, or unknown"
codecs.register_error(MARKS_OR_UNKNOWN, _mark_or_unknown)
