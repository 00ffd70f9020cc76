"""PDF files with the text that a test puts on their pages, in Courier, whose letters are all of one width.

    python tests/pdf_made.py

writes the samples that are PDF files again.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

WIDTH, HEIGHT = 595, 842


class Line(NamedTuple):
    """A line of text: from the left, from the bottom, its size, and the text."""

    left: float
    bottom: float
    size: float
    text: str


class Picture(NamedTuple):
    """A grey picture: from the left, from the bottom, and its size."""

    left: float
    bottom: float
    width: float
    height: float


def centred(bottom: float, size: float, text: str) -> Line:
    """A line in the middle of the page."""
    return Line((WIDTH - 0.6 * size * len(text)) / 2, bottom, size, text)


def column(left: float, top: float, size: float, lines: str, gap: float = 1.2) -> list[Line]:
    """Lines below each other; an empty one leaves a gap."""
    return [Line(left, top - gap * size * at, size, line) for at, line in enumerate(lines.split("\n")) if line]


def pdf(pages: Sequence[Sequence[Line | Picture]], catalogue: str = "", trailer: str = "") -> bytes:
    """A PDF file with these pages."""
    numbers = range(4, 4 + 2 * len(pages), 2)
    kids = " ".join(f"{number} 0 R" for number in numbers)
    objects = [
        f"<</Type/Catalog/Pages 2 0 R{catalogue}>>".encode(),
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Courier/Encoding/WinAnsiEncoding>>",
    ]
    for number, lines in zip(numbers, pages, strict=True):
        text = b"\n".join(map(_drawn, lines))
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {WIDTH} {HEIGHT}]/Resources<</Font<</F 3 0 R>>>>"
            f"/Contents {number + 1} 0 R>>".encode()
        )
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(text), text))
    return _file(objects, trailer)


def _drawn(line: Line | Picture) -> bytes:
    if isinstance(line, Picture):
        place = b"%g 0 0 %g %g %g cm" % (line.width, line.height, line.left, line.bottom)
        return b"q %s BI /W 1 /H 1 /BPC 8 /CS /G ID \x80 EI Q" % place
    text = line.text.encode("cp1252").replace(b"\\", rb"\\").replace(b"(", rb"\(").replace(b")", rb"\)")
    return b"BT /F %g Tf %g %g Td (%s) Tj ET" % (line.size, line.left, line.bottom, text)


def _file(objects: Sequence[bytes], trailer: str) -> bytes:
    data, starts = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        starts.append(len(data))
        data += b"%d 0 obj%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    size = len(objects) + 1
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Root 1 0 R/Size %d%s>>\nstartxref\n%d\n%%%%EOF\n"
    return data + end % (size, table, size, trailer.encode(), len(data))


def _clippings() -> bytes:
    index = column(
        40,
        760,
        9,
        "Index\n"
        "De veerboot vaart weer (ANP)......................................................1\n"
        "Pier dicht tot maandag (De Dalbode)...............................................1\n"
        "'Niemand miste haar' (Het Kanaal).................................................2",
        gap=1.4,
    )
    first = [
        Line(40, 790, 12, "De veerboot vaart weer"),
        Line(40, 776, 9, "ANP 02-03-2026 (p.)"),
        *column(
            40,
            760,
            10,
            "De veerboot ligt weer aan de\nnoordkade. Niemand had de vaar-\nverbinding gemist, zegt de\n"
            "burgemeester. Toch komt er een\nfeest.\n\nDe kapitein zwijgt. (c) ANP 2026",
        ),
        *column(300, 790, 10, "© ANP 2026 alle rechten voor-\nbehouden"),
        Line(300, 740, 12, "Pier dicht tot maandag"),
        Line(300, 726, 9, "De Dalbode 01-03-2026 (p.007)"),
        *column(300, 710, 10, "De pier blijft dicht tot maan-\ndag, want er ligt ijs op de"),
        Line(290, 20, 10, "1"),
    ]
    second = [
        *column(40, 790, 10, "planken.\n© De Dalbode 2026 alle rechten\nvoorbehouden"),
        Line(40, 730, 12, "'Niemand miste haar'"),
        Line(40, 716, 9, "Het Kanaal 02-03-2026 (p.A3)"),
        *column(40, 700, 10, "Ook in Oost-\nVlaanderen bleef het stil.\n© Het Kanaal 2026 alle rechten\nvoorbehouden"),
        Line(290, 20, 10, "2"),
    ]
    head = Line(40, 820, 8, "Knipselkrant Knipselkrant van 02-03-2026")
    return pdf([[head, *index, Line(290, 20, 10, "0")], first, second])


def _nexis() -> bytes:
    foot = [centred(30, 8, "| About Nexis | Privacy Policy | Copyright 2026 Nexis |")]
    cover = column(
        60, 760, 10, "User Name: Duty Desk\nDate and Time: Monday, March 2, 2026 9:15:00 AM CET\nDocuments (2)"
    )
    first = [
        Line(480, 800, 8, "Page 1 of 2"),
        centred(760, 14, "Ferry: the last crossing"),
        centred(740, 10, "The Harbour Courier"),
        centred(728, 10, "March 1, 2026 Sunday, Late City Edition"),
        *column(
            60,
            700,
            10,
            "Copyright 2026 Harbour Courier Ltd\nSection: Section B; Column 2; City Desk; Pg. 7\n"
            "Length: 31 words\nByline: By MARA LINDQVIST",
            gap=1.6,
        ),
        Line(60, 630, 12, "Body"),
        *column(
            60,
            600,
            10,
            "FURT -- The ferry crossed for the last time on Sunday, and nobody who lives\n"
            "along the river waved to it.\n\nThe captain said that he would not miss the north quay, nor the long\n"
            "winters, nor the passengers, and that he had said so in every interview that\nhe ever gave",
        ),
    ]
    second = [
        Line(480, 800, 8, "Page 2 of 2"),
        Line(60, 780, 10, "to anyone."),
        Line(60, 750, 12, "Classification"),
        *column(60, 730, 10, "Language: ENGLISH\nPublication-Type: Newspaper\nLoad-Date: March 2, 2026", gap=1.6),
        Line(60, 670, 12, "End of Document"),
    ]
    third = [
        Line(480, 800, 8, "Page 1 of 1"),
        centred(760, 14, "Letters"),
        centred(740, 10, "Valley Wire"),
        centred(728, 10, "March 2, 2026 Monday"),
        *column(60, 700, 10, "Length: 9 words", gap=1.6),
        Line(60, 660, 12, "Body"),
        Line(60, 630, 10, "To the editor: the ferry was never on time."),
        Line(60, 600, 12, "End of Document"),
    ]
    return pdf([[*page, *foot] for page in (cover, first, second, third)])


def main() -> None:
    """Write the samples."""
    folder = Path(__file__).parent / "samples"
    (folder / "clippings_txt" / "three.pdf").write_bytes(_clippings())
    (folder / "nexis_uni" / "pages.pdf").write_bytes(_nexis())


if __name__ == "__main__":
    sys.exit(main())
