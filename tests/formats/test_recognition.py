"""Format `auto`: every real dump and every sample is known by its content, whatever its name."""

from __future__ import annotations

import json
from pathlib import Path

import orjson
import pytest
from sample_dumps import CORPORA, SAMPLES, corpus, samples

from etl import formats
from etl.intake.containers import members
from etl.intake.foreign import why_unrecognised

FOLDERS = {
    "pressreader-txt": "pressreader_txt",
    "reuters21578-sgml": "reuters_sgml",
    "nexis-html": "nexis_html",
    "lexisnexis-html": "nexis_html",
    "nexis-docx": "nexis_docx",
    "lexisnexis-txt": "nexis_txt",
    "factiva-html": "factiva_html",
    "factiva-xml": "factiva_xml",
    "europresse-html": "europresse_html",
    "html-benchmark/html": "html",
    "gbk-xml": "tagged_text",
    "warc": "warc",
    "databases/kikuzo": "kikuzo_html",
    "databases/yomidas": "yomidas_html",
    "databases/defacto": "defacto_html",
}
WITHOUT_SAMPLES = {"csv", "jsonl", "parquet", "xml"}


def recognised(path: Path) -> set[str | None]:
    """The formats of the members of a dump, by their content alone."""
    found = set()
    for member in members(path):
        with member.open() as stream:
            found.add(formats.recognise(stream.read(formats.HEAD_BYTES), ""))
    return found


@pytest.mark.parametrize(("folder", "expected"), FOLDERS.items())
def test_real_dumps_are_known_without_their_names(folder: str, expected: str) -> None:
    files = [path for path in sorted(corpus(folder).iterdir()) if path.is_file() and path.suffix != ".md"]
    assert files
    assert {path.name: recognised(path) for path in files} == {path.name: {expected} for path in files}


def test_agency_files_are_known_without_their_names() -> None:
    corpus("agency")
    truth = json.loads((SAMPLES.parent / "truth" / "agency_files.json").read_text())
    found = {row["file"]: recognised(CORPORA / row["file"]) for row in truth}
    assert found == {row["file"]: {row["format"]} for row in truth}


@pytest.mark.parametrize("name", sorted(set(formats.all_formats()) - WITHOUT_SAMPLES))
def test_samples_are_known_by_their_own_reader_alone(name: str) -> None:
    found = {path.name: recognised(path) for path in samples(name)}
    expected = {name} if hasattr(formats.named(name), "recognise") else {None}
    assert found == {path.name: expected for path in samples(name)}


def test_json_without_known_names_is_called_json() -> None:
    why = why_unrecognised(b'{"artikel": [{"kopfzeile": "Pier", "inhalt": "Er ist offen."}]}')
    assert "it is JSON, in which no field is known as a headline or a text" in why
    assert 'format = "jsonl"' in why


def heads_of(path: Path) -> list[bytes]:
    """How the members of a dump begin, but for those that are not text."""
    found = []
    for member in members(path):
        with member.open() as stream:
            found.append(stream.read(formats.HEAD_BYTES))
    return [head for head in found if b"\0" not in head]


def framed_in_csv(head: bytes, delimiter: str) -> bytes:
    cell = head.decode("utf-8", "ignore").replace('"', '""')
    return f'headline{delimiter}body\nOne{delimiter}"{cell}"\nTwo{delimiter}"{cell}"\n'.encode()


def framed_in_json(head: bytes) -> bytes:
    return b"".join(orjson.dumps({"headline": each, "body": head.decode("utf-8", "ignore")}) + b"\n" for each in "ab")


@pytest.mark.parametrize("name", sorted(set(formats.all_formats()) - WITHOUT_SAMPLES))
def test_a_table_or_lines_whose_texts_are_files_of_vendors_are_csv_and_jsonl(name: str) -> None:
    heads = [head for path in samples(name) for head in heads_of(path)]
    tables = [framed_in_csv(head, mark)[: formats.HEAD_BYTES] for head in heads for mark in ",;"]
    lines = [framed_in_json(head)[: formats.HEAD_BYTES] for head in heads]
    assert {formats.recognise(table, "") for table in tables} <= {"csv"}
    assert {formats.recognise(line, "") for line in lines} <= {"jsonl"}
    assert not any(map(formats.is_read_together, [*tables, *lines]))
