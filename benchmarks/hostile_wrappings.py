"""Hostile RTF, PDF and Word files, for benchmarks/hostile.py."""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable

from hostile_tables import zipped

GIGABYTE = 1 << 30
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def inputs(external: str, network: str) -> dict[str, Callable[[], bytes]]:
    """The files by name; each is made only when it is written.

    `external`, `network`: declarations of an entity x, which is a file of this machine or in the network.
    """
    return {
        "a gigabyte in docx": lambda: zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": _bomb_document()}),
        "docx, macros and links": _docx_with_macros,
        "docx, entities of a file": lambda: _docx_with_entities(external),
        "docx, entities of the network": lambda: _docx_with_entities(network),
        "rtf, a gigabyte of groups": lambda: rb"{\rtf1 " + b"{}" * (GIGABYTE // 2) + b"}",
        "rtf, 200 MB of open groups": lambda: rb"{\rtf1 " + b"{" * (200 << 20),
        "rtf, a paragraph of 200 MB": lambda: rb"{\rtf1 " + b"word " * (40 << 20) + b"}",
        "rtf, a picture of 200 MB": lambda: rb"{\rtf1 {\pict " + b"89ab" * (50 << 20) + b"}a}",
        "rtf, binary without end": lambda: rb"{\rtf1 {\pict\bin9999999999 " + bytes(1000) + b"}}",
        "rtf, links without end": lambda: rb"{\rtf1 " + rb'{\field{\*\fldinst{HYPERLINK "x"' * 300 + b"}",
        "rtf, halves of characters": lambda: rb"{\rtf1 " + rb"\u-10179?" * 100_000 + b"}",
        "rtf, narrow and centred": lambda: rb"{\rtf1\qc " + rb"a\par" * 5_000_000 + b"}",
        "pdf, a gigabyte in a stream": lambda: _page(_packed(b"BT /F 9 Tf (b) Tj ET ", GIGABYTE)),
        "pdf, a gigabyte packed twice": lambda: _page(
            zlib.compress(_packed(b" ", GIGABYTE)), "[/FlateDecode/FlateDecode]"
        ),
        "pdf, pages in a circle": lambda: _pdf("<</Type/Pages/Kids[2 0 R 2 0 R]/Count 1000>>"),
        "pdf, a billion pages": lambda: _pdf(
            "<</Type/Pages/Kids[3 0 R]/Count 1000000000>>", "<</Type/Page/Parent 2 0 R>>"
        ),
        "pdf, 100,000 levels": lambda: _pdf("<</Type/Pages/Kids" + "[" * 100_000 + "]" * 100_000 + "/Count 1>>"),
        "pdf, a form in itself": lambda: _pdf(
            "<</Type/Pages/Kids[3 0 R]/Count 1>>",
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<</XObject<</X 4 0 R>>>>/Contents 4 0 R>>",
            "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 4 0 R>>>>/Length 10>>stream\n"
            "/X Do /X Do\nendstream",
        ),
        "pdf, a million letters": lambda: _page(_packed(b"BT /F 9 Tf (letters) Tj ET ", 20_000_000)),
        "pdf, a script and a link": lambda: _pdf(
            "<</Type/Pages/Kids[3 0 R]/Count 1>>",
            "<</Type/Page/Parent 2 0 R/AA<</O<</S/URI/URI(http://127.0.0.1:9/)>>>>>>",
            root="/OpenAction<</S/JavaScript/JS(app.launchURL\\('http://127.0.0.1:9/'\\))>>",
        ),
    }


def _packed(piece: bytes, size: int) -> bytes:
    packer = zlib.compressobj(6)
    block = piece * (1_000_000 // len(piece))
    packed = b"".join(packer.compress(block) for _ in range(size // len(block)))
    return packed + packer.flush()


def _page(content: bytes, filters: str = "/FlateDecode") -> bytes:
    head, _, tail = _pdf(
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 4 0 R>>>>/Contents 5 0 R>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Courier>>",
        f"<</Length {len(content)}/Filter{filters}>>stream\nCONTENT\nendstream",
    ).partition(b"CONTENT")
    return head + content + tail


def _pdf(*objects: str, root: str = "") -> bytes:
    """A file with these objects, from the second on; without a table of them, as a reader has to repair it."""
    numbered = enumerate((f"<</Type/Catalog/Pages 2 0 R{root}>>", *objects), 1)
    body = "".join(f"{number} 0 obj{content}\nendobj\n" for number, content in numbered)
    return f"%PDF-1.4\n{body}trailer<</Root 1 0 R>>\n%%EOF".encode()


def _bomb_document() -> bytes:
    head = f'<w:document xmlns:w="{_WORD}"><w:body>'.encode()
    return head + b"<w:p><w:r><w:t>bomb</w:t></w:r></w:p>" * (GIGABYTE // 38)


def _docx_with_macros() -> bytes:
    link = '<Relationships><Relationship Id="r1" Type="attachedTemplate" TargetMode="External" Target="http://127.0.0.1:9/">'
    body = f'<w:document xmlns:w="{_WORD}"><w:body><w:p><w:r><w:t>x</w:t></w:r></w:p></w:body></w:document>'
    return zipped(
        {
            "[Content_Types].xml": b"<Types/>",
            "word/vbaProject.bin": os.urandom(50_000),
            "word/_rels/document.xml.rels": link.encode(),
            "word/document.xml": body.encode(),
        }
    )


def _docx_with_entities(declared: str) -> bytes:
    """A document of which every part names an entity."""
    body = f'<w:document xmlns:w="{_WORD}"><w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>'
    texts = {
        "[Content_Types].xml": "<Types>&x;</Types>",
        "_rels/.rels": "<Relationships>&x;</Relationships>",
        "docProps/core.xml": "<core>&x;</core>",
        "word/_rels/document.xml.rels": "<Relationships>&x;</Relationships>",
        "word/document.xml": body,
    }
    return zipped({name: f'<?xml version="1.0"?>{declared}{text}'.encode() for name, text in texts.items()})
