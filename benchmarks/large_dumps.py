"""Dumps as large as one likes, made from the samples of the tests, for benchmarks/readers.py.

Most are a sample in which a stretch stands again and again. A reader for which none is made here gets its sample many
times, each a file of a zip.
"""

from __future__ import annotations

import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import avro_files
import fastavro
import invented
import large_workbooks
import pypdfium2
from sample_dumps import SAMPLES, expected

from etl.formats.common import avro_file

Maker = Callable[[Path, int], int]
"""Writes a dump into a file, so many times as long as its sample, and returns the number of articles in it."""


@dataclass(frozen=True)
class Repeated:
    """A sample of which stretches stand again and again.

    `cuts`: how each stretch begins that stands again and again or once; the one before them stands once.
    """

    sample: str
    cuts: tuple[bytes, ...] = (b"",)
    once: int = 0
    """The articles in what stands once."""
    between: tuple[bytes, ...] = ()
    """What stands between the repetitions, for each stretch that is repeated."""
    numbers: bytes = b""
    """The digits that tell one repetition from another, as a pattern, and by how much each is larger."""
    step: int = 10
    without: tuple[bytes, bytes] | None = None
    """How what is left out begins, because a reader rejects it, and how what is behind it begins."""

    def __call__(self, target: Path, times: int) -> int:
        """Write it."""
        data = _left(SAMPLES / self.sample, self.without)
        with target.open("wb") as file:
            for at, stretch in enumerate(_cut(data, self.cuts)):
                if at % 2:
                    self._write(file, stretch, times, dict(enumerate(self.between)).get(at // 2, b""))
                else:
                    file.write(stretch)
        return self.once + (len(expected(SAMPLES / self.sample)) - self.once) * times

    def _write(self, file: BinaryIO, stretch: bytes, times: int, between: bytes) -> None:
        for number in range(times):
            file.write(between if number else b"")
            file.write(_raised(stretch, self.numbers, number * self.step))


def _left(sample: Path, without: tuple[bytes, bytes] | None) -> bytes:
    data = sample.read_bytes()
    if not without:
        return data
    begun = data.index(without[0])
    return data[:begun] + (data[data.index(without[1], begun) :] if without[1] else b"")


def _cut(data: bytes, cuts: tuple[bytes, ...]) -> Iterator[bytes]:
    begun = 0
    for cut in cuts:
        at = data.index(cut, begun)
        yield data[begun:at]
        begun = at
    yield data[begun:]


def _raised(stretch: bytes, pattern: bytes, by: int) -> bytes:
    """The digits that the pattern finds are raised, and keep their length."""
    if not pattern:
        return stretch
    return re.sub(pattern, lambda found: b"%0*d" % (len(found[0]), int(found[0]) + by), stretch)


def zipped(sample: Path, articles: int) -> Maker:
    """The sample, which holds so many articles, many times, as the files of a zip."""

    def write(target: Path, times: int) -> int:
        data = sample.read_bytes()
        with zipfile.ZipFile(target, "w") as archive:
            for number in range(times):
                archive.writestr(f"{number:06}{sample.suffix}", data)
        return times * articles

    return write


def _avro(target: Path, times: int) -> int:
    schema, rows = _avro_rows(SAMPLES / "avro" / "snapshot.avro")
    repeated = [
        {**row, "an": f"{row['an']}{seed}", "snippet": " ".join(invented.words(seed, 20))}
        for seed, row in enumerate(rows * times)
    ]
    target.write_bytes(avro_files.avro(schema, repeated, "snappy"))
    return len(repeated)


def _avro_rows(sample: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The schema and the records; fastavro itself would need another library for the codec."""
    with sample.open("rb") as stream:
        header = avro_file.header_of(stream)
        blocks = list(avro_file.blocks(stream, header.sync))
    schema = json.loads(header.schema)
    opened = [(block.records, io.BytesIO(avro_file.unpacked(block.packed, header.codec))) for block in blocks]
    rows: list[Any] = [fastavro.schemaless_reader(data, schema, None) for count, data in opened for _ in range(count)]
    return schema, rows


def _sqlite(target: Path, times: int) -> int:
    target.write_bytes((SAMPLES / "sqlite" / "scraper.db").read_bytes())
    with sqlite3.connect(target) as database:
        names = [name for _, name, *_ in database.execute("pragma table_info(article)") if name not in ("id", "url")]
        columns = ", ".join(names)
        database.execute(
            f"with recursive n(i) as (select 1 union all select i + 1 from n where i < ?) "
            f"insert into article (url, {columns}) select url || '/' || i, {columns} from n, article where i < ?",
            (times, times),
        )
        (articles,) = database.execute("select count(*) from article").fetchone()
    return int(articles)


def _pages(sample: str, pages: list[int], articles: int) -> Maker:
    """The first page of a PDF, and then these, again and again."""

    def write(target: Path, times: int) -> int:
        source, document = pypdfium2.PdfDocument(SAMPLES / sample), pypdfium2.PdfDocument.new()
        document.import_pages(source, [0])
        for _ in range(times):
            document.import_pages(source, pages)
        document.save(target)
        return articles * times

    return write


def _mailbox(target: Path, times: int) -> int:
    """Newsletters, one in plain text and one in HTML by turns."""
    letters = (SAMPLES / "mail" / "letters.mbox").read_bytes()
    plain, _, page, _ = re.split(rb"(?m)^(?=From letter@)", letters)[1:]
    with target.open("wb") as file:
        for number in range(times):
            file.write(plain.replace(b"<a@", b"<a%d@" % number) + page.replace(b"<c@", b"<c%d@" % number))
    return 2 * times


def _letter(target: Path, times: int) -> int:
    """A letter with the newsletter of the sample attached again and again."""
    newsletter = (SAMPLES / "mail" / "newsletter.eml").read_bytes()
    with target.open("wb") as file:
        file.write(b"From: Harbour <letter@harbour.example>\nSubject: Newsletters\nMessage-ID: <1@harbour.example>\n")
        file.write(b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=outer\n")
        for number in range(times):
            file.write(b"\n--outer\nContent-Type: message/rfc822\nContent-Disposition: attachment\n\n")
            file.write(newsletter.replace(b"20260309.17", b"20260309.%d" % number))
        file.write(b"\n--outer--\n")
    return times


def _mediargus(target: Path, times: int) -> int:
    """A numbered list, and behind it the texts."""
    data = (SAMPLES / "mediargus_txt" / "drie.txt").read_bytes()
    listed, texts = data[: data.index(b"\n14-03-2026")], data[data.index(b"\n14-03-2026") :]
    with target.open("wb") as file:
        for number in range(times):
            file.write(_raised(listed.lstrip(b"?"), rb"(?m)^\d(?=\. )", 3 * number).rstrip() + b"\n\n\n")
        file.write(b"\n\n\n")
        for _ in range(times):
            file.write(texts.rstrip() + b"\n\n\n\n\n\n\n")
    return 3 * times


def _didl(target: Path, times: int) -> int:
    """An index with the items of an issue again and again, and beside it the file of each text."""
    index = Repeated(
        "kb_didl/DDD_ddd_990000001_mpeg21_didl.xml",
        (b'<didl:Item dc:identifier="ddd:990000001:mpeg21:a0001">', b"</didl:Item>\n</didl:DIDL>"),
        numbers=rb"(?<=:a)\d{4}",
    )
    articles = index(target, times)
    for text in (SAMPLES / "kb_didl").glob("DDD_*_articletext.xml"):
        for number in range(times):
            name = _raised(text.name.encode(), rb"(?<=_)\d{4}(?=_)", 10 * number).decode()
            (target.parent / name).write_bytes(text.read_bytes())
    return articles


MAKERS: dict[str, Maker] = {
    "anpa": Repeated("anpa/kyodo.txt"),
    "apa_txt RTF": Repeated(
        "apa_txt/two.rtf", (rb'\plain\f0\fs20\i\cf2 "Hafen', rb'\plain\f0\fs20\i\cf2 "Die Tal'), once=1
    ),
    "avro": _avro,
    "belga": Repeated(
        "belga/archive.json",
        (b'  {\n   "newsObjectId": 70001', b"\n ],\n"),
        between=(b",\n",),
        numbers=rb"\b7000\d",
        without=(b',\n  {\n   "newsObjectId": 70004', b"\n ],\n"),
    ),
    "bibtex": Repeated("bibtex/archive.bib", (b"@article",)),
    "clippings_txt PDF": _pages("clippings_txt/three.pdf", [1, 2], 3),
    "csv": Repeated("csv/semicolons.csv", (b"K-1;",), numbers=rb"(?<=K-)\d", without=(b"K-3;", b"K-4;")),
    "defacto_html": Repeated("defacto_html/harbour.htm", (b'<div class="eintrag">', b"</div>\n\n</body>")),
    "excel xls": large_workbooks.xls,
    "excel xlsx": large_workbooks.xlsx,
    "excel ods": large_workbooks.ods,
    "factiva_txt RTF": Repeated(
        "factiva_txt/plain.rtf",
        (rb"{\pard\fs18 Harb", b"\n}\n"),
        between=(b"\n\\page\n",),
        numbers=rb"\d{5}(?=\\par)",
        step=1,
    ),
    "html_table": Repeated(
        "html_table/portal.xls", (b"<tr><td>1001", b"<tr><th>ID</th>"), once=1, numbers=rb"\b100[123]\b"
    ),
    "integrum_html": Repeated("integrum_html/harbour.html", (b'<br clear="all"', b"</body>")),
    "iptc7901": Repeated("iptc7901/wire.txt", without=(b"\x01hpa063", b"")),
    "jsonl": Repeated("jsonl/lines.jsonl", numbers=rb"(?<=T-)\d+", without=(b'{"id": "T-10"', b'{"id": "T-11"')),
    "kb_didl": _didl,
    "kikuzo_html": Repeated("kikuzo_html/harbour.html", (b"<hr>\n\n\t\t\t\t\t\t", b"<hr>\n\n\t\t\t\t<table"), once=1),
    "knipsels_html": Repeated(
        "knipsels_html/werkmap.html", (b'<DIV  id="r33_1"', b"</div>\r\n\r\n<!-- Prompt"), numbers=rb"0{8,}"
    ),
    "mail eml": _letter,
    "mail mbox": _mailbox,
    "mediargus_txt": _mediargus,
    "mediawiki": Repeated("mediawiki/harbour.xml", (b"  <page>", b"</mediawiki>")),
    "nexis_txt": Repeated(
        "nexis_txt/slice.txt", numbers=rb"1[12](?= of 40)", step=2, without=(b" " * 31 + b"13 of 40", b"")
    ),
    "nexis_uni PDF": _pages("nexis_uni/pages.pdf", [1, 2, 3], 2),
    "nexis_uni RTF": Repeated("nexis_uni/two.rtf", (rb"{\*\bkmkstart", b"\n}\n"), between=(b"\n\\page\n",)),
    "ninjs jsonl": Repeated("ninjs/lines.jsonl", (b"{",), numbers=rb"(?<=2026:)\d", without=(b"{torn", b'{"uri"')),
    "proquest_html": Repeated(
        "proquest_html/export.html",
        (b'<div style="margin-bottom:20px', b'<div class="copyright">'),
        numbers=rb"90000\d{4}",
    ),
    "proquest_txt": Repeated(
        "proquest_txt/two.txt",
        (b"Document 1 of 2", b"Contact us at"),
        numbers=rb"(?<=Document )\d(?= of)|9000\d{5}",
        step=2,
    ),
    "retriever_txt": Repeated(
        "retriever_txt/mediearkivet.txt",
        ("> Färjan".encode(), *["\nFärjan tillbaka vid norra kajen\nSaltby".encode()] * 2),
        between=(b"", b"=" * 78 + b"\n"),
    ),
    "ris": Repeated("ris/proquest.ris", (b"TY  - NEWS",)),
    "ritzau": Repeated("ritzau/queue.xml", (b"<RBNews>", b"    </ListOfRBNews>"), numbers=rb"(?<=-)0000000\d{5}"),
    "sqlite": _sqlite,
    "tei": Repeated(
        "tei/corpus.xml",
        (b'  <TEI xml:id="furt.1"', b"</teiCorpus>"),
        numbers=rb"(?<=furt\.)\d",
        without=(b'  <TEI xml:id="furt.2"', b"</teiCorpus>"),
    ),
    "warc warc": Repeated(
        "warc/crawl.warc",
        without=(b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://gazette.example/menu", b""),
    ),
    "warc wet": Repeated("warc/extract.wet", (b"WARC/1.0\r\nWARC-Type: conversion",)),
    "yomidas_html": Repeated("yomidas_html/harbour.html", (b'\t<div id="heiseiDetailArea">', b"\t</form>")),
    "zczc": Repeated("zczc/fields.tst"),
}
"""By the reader, and the kind of its files where it has several."""

MOST_TIMES = {"excel xls": 32_000, "kb_didl": 990, "mail eml": 1_000}
"""How often at most: an xls has 65,536 rows, an id in an issue four digits, and of a letter 1,000 parts are read."""
