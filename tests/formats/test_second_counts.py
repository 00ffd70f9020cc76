"""The second count of a reader is another method: not a constant, and it shares no function or pattern with the reader.

Found in the source, through everything that the two functions call. What only opens a file, decodes it or limits it may
be shared; so may what is named here, each with its reason.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re

import pytest
from references import Named, reached

from etl import formats

NEUTRAL_MODULES = {
    f"{formats.__name__}.common.{name}"
    for name in ("encoding", "latin_codecs", "streams", "utf8_damage", "utf8_stream")
}
"""From bytes to text."""
NEUTRAL = {
    "common.markup.read_whole",
    "common.markup_codecs.codec_of",
    "common.markup_codecs.stated_codec",
    "common.markup_codecs._CHARSET",
    "common.markup_codecs._WIDER",
    "common.word_file.document_xml",
}
"""Open a file, and say its encoding."""
LIMIT = re.compile(r"_?(?:LIMIT|LONGEST|LARGEST|MOST|CHUNK|HEAD|STATED_WITHIN)_?[A-Z_]*")
SHARED = {
    "avro": r"common\.avro_file\..*",
    "belga": r"agency\.iptc\._?[A-Z_]+|agency\.json_documents\..*|common\.json_text\..*|common\.pieces\.Unreadable",
    "csv": r"common\.(?:csv_dialect|usual_names|stanza_columns|paths)\..*"
    r"|common\.csv_text\.(?:[oO]pened|lines_of|refuse_endless|NOT_IN_NAMES)",
    "excel": r"common\.(?:header_row|usual_names|stanza_columns|paths)\..*"
    r"|workbook\.(?:file|kinds|limits|ole_(?:file|kinds)|biff_(?:records|texts))\..*",
    "html": r"web\.(?:several|several_(?:bound|page|plain|series|signs|total)|page_lines|page_says|sentences)\..*"
    r"|html\._is_too_large",
    "html_table": r"common\.(?:header_row|usual_names|stanza_columns|paths|page_stream)\..*",
    "jsonl": r"jsonl\._as_utf8",
    "ninjs": r"agency\.(?:iptc|ninjs)\.(?:_?[A-Z_]+|is_ninjs)|agency\.json_documents\..*|common\.json_text\..*"
    r"|common\.pieces\.Unreadable",
    "parquet": r"common\.parquet_rows\.(?:opened|_texts)|parquet\.(?:_opened|_seekable|IN_MEMORY_BYTES)",
    "sqlite": r"common\.(?:sqlite_file|usual_names|stanza_columns|paths)\..*",
    "xml": r"xml\._name",
}
"""avro: where blocks begin and end. belga: which kinds are pictures, and where a document ends. csv: the notation of
the file (delimiter, quotes, where the header stands), without which it has no rows. excel: the zip, or the old
Office file with its records, what limits it, and where the header stands. html: the scan, which the reader asks only
whether to refuse, and how a sentence ends. html_table: the encoding, and where the header stands. ninjs:
which objects are items, and where a document ends. parquet: the footer, of which only the number of rows is taken.
jsonl: the encoding. sqlite: which table has the articles. xml: the element that the stanza names."""


def is_neutral(found: Named, format_name: str) -> bool:
    name = str(found)
    is_of_format = format_name in SHARED and re.fullmatch(SHARED[format_name], name) is not None
    is_opening = found.module in NEUTRAL_MODULES or name in NEUTRAL or LIMIT.fullmatch(found.name) is not None
    return is_opening or is_of_format or found.name.startswith(formats.__name__)


@pytest.mark.parametrize("name", formats.format_names())
def test_the_second_count_shares_nothing_with_the_reader(name: str) -> None:
    module = importlib.import_module(f"{formats.__name__}.{name}")
    readers = [function for function in ("read", "read_with") if hasattr(module, function)]
    read = set[Named]().union(*(reached(module, function) for function in readers))
    shared = [found for found in reached(module, "count_marks") & read if not is_neutral(found, name)]
    assert [str(found) for found in shared] == []


@pytest.mark.parametrize("name", formats.format_names())
def test_the_second_count_is_no_constant(name: str) -> None:
    module = importlib.import_module(f"{formats.__name__}.{name}")
    (function,) = ast.parse(inspect.getsource(module.count_marks)).body
    returned = [node.value for node in ast.walk(function) if isinstance(node, ast.Return)]
    assert not all(isinstance(value, ast.Constant) for value in returned)
    assert len(reached(module, "count_marks")) > 1


def test_what_is_shared_is_found() -> None:
    """The test itself: a function and a pattern of a module, and those of a module that it imports."""
    module = importlib.import_module(f"{formats.__name__}.nexis_docx")
    found = {str(named) for named in reached(module, "read")}
    assert {
        "nexis_docx._paragraphs",
        "vendor.nexis_paragraphs._piece",
        "vendor.nexis_paragraphs._LABEL",
        "vendor.labels.field_of",
    } <= found
