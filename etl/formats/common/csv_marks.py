"""The rows of a CSV that are articles, counted by quotes, delimiters and line ends alone."""

from __future__ import annotations

import io
import re
from itertools import islice

from etl.formats.common.csv_other_rows import REMOVED, Header, header_of, is_header, is_other
from etl.formats.common.csv_text import (
    LONGEST_LINE_BYTES,
    MOST_EMPTY,
    NOT_IN_NAMES,
    Opened,
    lines_of,
    refuse_endless,
)
from etl.model import Feed

_LONGEST_BESIDE_BYTES = 120
_COUNT_OF_ROWS = re.compile(
    rb"\(?(?:[a-z]{7,8}:? )?[\d.,]+ ?(?:(?:row|record|ligne|fila|linha)s?|row\(s\)|zeilen?|righ[ae]|rijen|wiersz\w?"
    rb"|\xd1\x81\xd1\x82\xd1\x80\xd0\xbe\xd0\xba[\x80-\xff]*)"
    rb"(?: (?:affe|sele|in s|retu|fetc)[^\n]{1,70})?[.)]{0,2}|(?:time taken|completion time): [^\n]+",
    re.IGNORECASE,
)


def count_rows(table: Opened, feed: Feed) -> int:
    """The number of records without those that are the header, or the header again."""
    dialect = table.dialect
    delimiter, quote = dialect.delimiter.encode(), dialect.quote.encode()
    blank = delimiter + quote + b" \t\n"
    escaped = re.compile(re.escape(dialect.escape.encode()) + b".", re.DOTALL) if dialect.escape else None
    count, is_open, is_within, header, held = 0, False, False, b"", b""
    columns = Header(0, None)
    longest_header, number, empty = LONGEST_LINE_BYTES, table.lines_before, 0
    for line in islice(lines_of(table.text), table.lines_before, None):
        number += 1
        refuse_endless(line, number)
        plain = escaped.sub(b"__", line) if escaped else line
        if is_open or (quote and quote in plain):
            is_open = _ends_open(plain, is_open, is_within, delimiter, quote)
        elif not held and (not plain.strip(blank) or _is_beside(plain, delimiter)):
            empty += 1
            if empty % MOST_EMPTY == 0:
                number += _pass_over_empty(table.text, delimiter)
            continue
        is_within = not is_open and line.endswith(b"\n") and not plain.endswith(b"\n")
        if is_open or is_within:
            held += line[: longest_header + 1 - len(held)]
            continue
        if not held and not plain.strip(blank):
            continue
        if header and (columns.kind is not None or REMOVED in line):
            row = held + (plain if escaped else line)
            if is_other(row, columns, delimiter, quote):
                held = b""
                continue
        if len(held) + len(line) > longest_header:
            count += 1
        else:
            names = (held + line).translate(None, NOT_IN_NAMES).lower()
            if not header:
                header, longest_header = names, 2 * len(held + line) + 100
                columns = header_of(held + line, delimiter, quote)
                if columns.kind is not None and feed.has_header:
                    longest_header = LONGEST_LINE_BYTES
                count += not feed.has_header
            elif not feed.has_header:
                count += 1
            elif names != header:
                count += 1
                if is_header(held + line, delimiter, quote):
                    header, longest_header = names, max(longest_header, 2 * len(held + line) + 100)
                    columns = header_of(held + line, delimiter, quote)
                    if columns.kind is not None:
                        longest_header = LONGEST_LINE_BYTES
        held = b""
    return count + bool(held)


def _pass_over_empty(text: io.BufferedReader, delimiter: bytes) -> int:
    """Go on to the next line that holds more than delimiters. Gives how many lines were passed."""
    number = 0
    while ahead := text.peek():
        empty = len(ahead) - len(ahead.lstrip(delimiter + b"\n"))
        passed = text.read(ahead.rfind(b"\n", 0, empty) + 1)
        number += passed.count(b"\n")
        if not passed:
            break
    return number


def _is_beside(line: bytes, delimiter: bytes) -> bool:
    """Whether a line is a rule, or the number of the rows, as programs of databases write them around a table."""
    if len(line) > _LONGEST_BESIDE_BYTES and not line.startswith((b"-", b"=", b"|", b":")):
        return False
    if not line.strip(delimiter + b'-=+: \n"'):
        return b"--" in line or b"==" in line
    text = line.strip(delimiter + b' \n"')
    return delimiter not in text and _COUNT_OF_ROWS.fullmatch(text) is not None


def _ends_open(line: bytes, is_open: bool, is_within: bool, delimiter: bytes, quote: bytes) -> bool:
    """Whether a quoted field is still open at the end of a line that begins in one, within another, or with one."""
    place = 0
    while True:
        if not is_open and not (is_within and place == 0) and line.startswith(quote, place):
            place, is_open = place + 1, True
        while is_open:
            place = line.find(quote, place) + 1
            if not place:
                return True
            if line.startswith(quote, place):  # a doubled quote is a character
                place += 1
            else:
                is_open = False
        place = line.find(delimiter, place) + 1
        if not place:
            return False
